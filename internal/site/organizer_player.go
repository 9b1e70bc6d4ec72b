package site

import (
	"net/http"
	"slices"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/web/pages"
)

// entryPlayer adds to the page of an entry how its film is watched, unless its
// makers asked that the office does not play it.
func (s *Site) entryPlayer(r *http.Request, x entry.Entry, v *pages.OrganizerEntry) error {
	ctx := r.Context()
	i := slices.IndexFunc(v.Files, func(f pages.EntryFile) bool { return f.Screener && f.Ready })
	if i < 0 {
		return nil
	}
	player, how, err := s.filmPlayer(r, x.ID, v.Files[i].Code)
	if err != nil {
		return err
	}
	for _, l := range how.Limits {
		name, means := entry.ScreenerLimitName(ctx, l)
		v.Limits = append(v.Limits, pages.Fact{Label: name, Value: means})
	}
	if !how.Open {
		v.Shut = locale.T(ctx, "entry.player-shut", "The makers ask that only the jury of the category plays this film. Everything else that they sent is on this page.")
		return nil
	}
	player.Label = locale.T(ctx, "entry.screener-of", "Screener of {{.Title}}", "Title", v.Title)
	v.Player = player
	return nil
}
