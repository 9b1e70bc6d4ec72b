package site

import (
	"context"
	"mime"
	"net/http"
	"slices"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/internal/problem"
	"laurel/web/pages"
)

func (s *Site) originalRoutes() []route {
	return []route{{"GET", "/organize/{festival}/{edition}/entries/{entry}/original/{file}", organizer, s.downloadOriginal}}
}

// downloadOriginal gives a film as it was sent to the festival that shows it:
// selected, and with the makers' consent, both asked anew for every part. Each
// download is written down before its first byte.
func (s *Site) downloadOriginal(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, x, err := s.atEntry(r)
	if err != nil {
		return err
	}
	list, err := entry.OriginalsOf(ctx, s.db, x.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(o entry.Original) bool { return o.Code == r.PathValue("file") && o.Free() })
	if i < 0 {
		return problem.Missing()
	}
	original, err := media.OpenOriginal(ctx, s.db, s.vault(), list[i].FileID)
	if err != nil {
		return err
	}
	defer original.Close()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error { return entry.Taken(ctx, tx, actor(r).ID, x, list[i].Code) })
	if err != nil {
		return err
	}
	name := mime.FormatMediaType("attachment", map[string]string{"filename": x.Label() + extension(original.MediaType)})
	serveContent(w, r, "original "+original.Code, original.MediaType, name, original)
	return nil
}

// entryOriginals adds to the page of an entry which films can be downloaded to
// be shown, and otherwise why not.
func (s *Site) entryOriginals(ctx context.Context, e festival.Edition, x entry.Entry, v *pages.OrganizerEntry) error {
	list, err := entry.OriginalsOf(ctx, s.db, x.ID)
	for _, o := range list {
		line := pages.OriginalLine{Words: locale.Size(ctx, o.Size), Why: originalWords(ctx, o)}
		if o.Free() {
			line.URL = e.Desk() + "/entries/" + x.Code + "/original/" + o.Code
		}
		v.Originals = append(v.Originals, line)
	}
	return err
}

// originalWords say why an original cannot be had; empty: it can.
func originalWords(ctx context.Context, o entry.Original) string {
	switch {
	case !o.In:
		return locale.T(ctx, "original.out", "The entry is withdrawn or not eligible.")
	case !o.Selected:
		return locale.T(ctx, "original.not-selected", "It can be had once the film is selected and its makers know.")
	case !o.Agreed:
		return locale.T(ctx, "original.not-agreed", "The makers have not agreed to it. You can ask them in a message; they answer on their page of what may be public.")
	}
	return ""
}
