package site

import (
	"context"
	"net/http"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/pages"
)

// sentPage shows an entry that can only be read, and why.
func (s *Site) sentPage(w http.ResponseWriter, r *http.Request, m entry.Mine, why error) error {
	ctx := r.Context()
	v := pages.FilmmakerSent{
		FilmmakerStanding: standing(ctx, m, actor(r).Zone), Category: m.Category.Name, Reason: reason(ctx, m, why),
		Consents: consents(ctx, m.Consents), Just: r.URL.Query().Get("saved"), Gone: m.State == entry.Withdrawn,
	}
	film, files := m.Work.Film, m.Files
	if m.Film != nil {
		film, files = *m.Film, m.Sent
	}
	for _, part := range entry.FilmParts {
		v.Parts = append(v.Parts, pages.FilmmakerAnswers{Name: entry.PartName(ctx, part), Facts: facts(ctx, part, film)})
	}
	v.Stills, v.Screener = stills(ctx, files), screener(ctx, files)
	title := v.Title
	if title == "" {
		title = locale.T(ctx, "entries.untitled", "A film without a title")
	}
	return s.page(w, r, http.StatusOK, pages.FilmmakerSentPage(s.makerFrame(r, m, title), v))
}

// reason says why the entry can only be read.
func reason(ctx context.Context, m entry.Mine, why error) string {
	switch {
	case m.State == entry.Withdrawn:
		return locale.T(ctx, "sent.withdrawn", "You withdrew this entry. The description of the film is kept for you; the festival no longer has it.")
	case m.State == entry.Draft:
		return locale.T(ctx, "sent.late", "The call for {{.Category}} closed before this entry was sent. The description of the film is kept, so that you can enter it elsewhere.", "Category", m.Category.Name)
	}
	return locale.Say(ctx, problem.Of(why).Say)
}
