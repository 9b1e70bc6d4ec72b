package site

import (
	"context"
	"net/http"
	"slices"

	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/report"
	"laurel/internal/score"
	"laurel/web/pages"
)

// jurorPlayer is how a juror watches a film: here, on the makers' page, or not,
// and then why.
func (s *Site) jurorPlayer(r *http.Request, watch score.Watch) (pages.JurorPlayer, error) {
	ctx, film := r.Context(), watch.Film
	p := pages.JurorPlayer{Preparing: watch.Preparing}
	if watch.StillCode != nil {
		p.Still = filesAt + *watch.StillCode + "/w960"
	}
	if watch.Phase != jury.Closed && entry.WatchableLink(film.ScreenerLink) {
		p.Link, p.Password = film.ScreenerLink, film.ScreenerPassword
	}
	if watch.VideoCode == nil {
		return p, nil
	}
	player, how, err := s.filmPlayer(r, watch.EntryID, *watch.VideoCode)
	if err != nil {
		return p, err
	}
	if p.Shut = shutWords(ctx, watch, how); p.Shut != "" {
		return p, nil
	}
	player.Label = locale.T(ctx, "score.screener-of", "Screener of {{.Film}}", "Film", film.MainTitle())
	player.Mark = actor(r).Name + " · " + entry.Label(watch.Prefix, watch.Number) + " · " + watch.CategoryName
	if p.Still != "" {
		player.Poster = p.Still
	}
	if slices.Contains(how.Limits, entry.StreamOnly) {
		player.Video = "" // also for its makers, who look at the jury's page
	}
	p.Film = player
	return p, nil
}

// shutWords say why a film that is there is not played; empty: it is.
func shutWords(ctx context.Context, watch score.Watch, how report.Watching) string {
	if watch.Phase == jury.Closed {
		return locale.T(ctx, "player.closed", "The round is closed. Its films are not played any more.")
	}
	return closedWords(ctx, how)
}
