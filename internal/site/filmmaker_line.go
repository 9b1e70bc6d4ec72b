package site

import (
	"net/http"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/web/pages"
)

// entryLines are the ways on from the overview of an entry, each with where
// things stand there.
func (s *Site) entryLines(r *http.Request, m entry.Mine) ([]pages.Line, error) {
	ctx, page := r.Context(), "/my/entries/"+m.Code
	list := []pages.Line{{
		Name: locale.T(ctx, "line.work", "The description of the film"), URL: workURL(m.Work),
		Words: locale.T(ctx, "entry.saved", "Saved on {{.When}}", "When", stamp(ctx, m.Work.UpdatedAt, actor(r).Zone)),
	}}
	if m.State == entry.Withdrawn {
		return list, nil
	}
	if m.Unsent() {
		list = append(list, pages.Line{Name: locale.T(ctx, "line.changes", "What differs from what you sent"), URL: page + "/changes"})
	}
	list = append(list,
		pages.Line{Name: locale.T(ctx, "part.publication", "Protection and publication"), URL: page + "/publication", Words: consentWords(ctx, m.Consents)},
		pages.Line{Name: locale.T(ctx, "line.public", "The public page, exactly as it would be"), URL: page + "/public"},
	)
	if m.Film != nil {
		list = append(list, pages.Line{Name: locale.T(ctx, "review.receipt", "Receipt"), URL: page + "/receipt", Words: locale.T(ctx, "line.receipt", "What arrived, and when; for printing.")})
	}
	return list, nil
}

// entriesLines are the other ways on from a filmmaker's first page.
func (s *Site) entriesLines(*http.Request) ([]pages.Line, error) {
	return nil, nil
}
