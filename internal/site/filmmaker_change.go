package site

import (
	"context"
	"net/http"
	"slices"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/pages"
)

// showChanges shows what differs between a work and what was sent of it.
func (s *Site) showChanges(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	at := lastSent(m)
	if m.Film == nil || at == nil {
		return problem.Missing()
	}
	ctx := r.Context()
	v := pages.FilmmakerChanges{
		Code: m.Code, Label: m.Label(), Title: m.Film.MainTitle(), SentAt: stamp(ctx, *at, actor(r).Zone),
		Changes: append(changes(ctx, *m.Film, m.Work.Film), fileChanges(ctx, m)...), Ready: len(m.Check(ctx)) == 0, Submit: submitForm(ctx, m),
	}
	if err := m.MayChange(); err != nil {
		v.Reason = reason(ctx, m, err)
	}
	title := locale.T(ctx, "review.changes", "Changes")
	return s.page(w, r, http.StatusOK, pages.FilmmakerChangesPage(s.makerFrame(r, m, title), v))
}

// fileChanges says how the files differ from those that were sent.
func fileChanges(ctx context.Context, m entry.Mine) []pages.FilmmakerChange {
	codes := func(files []entry.File) (list []string) {
		for _, f := range files {
			list = append(list, f.Code)
		}
		return list
	}
	if slices.Equal(codes(m.Sent), codes(m.Files)) {
		return nil
	}
	words := func(files []entry.File) string {
		film := ""
		if s := screener(ctx, files); s != nil {
			film = s.Words
		}
		return joined(ctx, film, countWords(ctx, len(stills(ctx, files))))
	}
	return []pages.FilmmakerChange{{Label: locale.T(ctx, "sent.files", "Screener and stills"), Sent: words(m.Sent), Now: words(m.Files)}}
}
