package site

import (
	"context"
	"net/http"

	"laurel/internal/locale"
	"laurel/internal/report"
	"laurel/web/pages"
)

// showLooked tells the makers of an entry who of the festival saw it, by role
// and day.
func (s *Site) showLooked(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	looks, err := report.Looked(ctx, s.db, m.ID)
	if err != nil {
		return err
	}
	v := pages.Looked{URL: "/my/entries/" + m.Code, Label: m.Label(), Category: m.Category.Name, Lede: lookedLede(ctx, looks)}
	for _, x := range looks {
		v.Lines = append(v.Lines, pages.Fact{Label: locale.Date(ctx, x.Day), Value: lookWords(ctx, x)})
	}
	return s.page(w, r, http.StatusOK, pages.LookedPage(s.makerFrame(r, m, locale.T(ctx, "looked.title", "Who looked")), v))
}

func lookedLede(ctx context.Context, looks []report.Look) string {
	if len(looks) == 0 {
		return locale.T(ctx, "looked.nobody", "Nobody of the festival has opened it yet.")
	}
	return locale.T(ctx, "looked.last", "Last on {{.Day}}.", "Day", locale.Date(ctx, looks[0].Day))
}

func lookWords(ctx context.Context, x report.Look) string {
	switch {
	case x.Role == "juror":
		return locale.N(ctx, "looked.juror", x.N, "A juror opened the film", "{{.Count}} jurors opened the film")
	case x.What == "exported":
		return locale.N(ctx, "looked.exported", x.N, "The festival took a list that holds it", "The festival took {{.Count}} lists that hold it")
	case x.What == "eligible":
		return locale.T(ctx, "looked.eligible", "The festival found that it meets the rules")
	case x.What == "ineligible":
		return locale.T(ctx, "looked.ineligible", "The festival found that it does not meet the rules")
	case x.What == "original":
		return locale.N(ctx, "looked.original", x.N, "The festival downloaded the film as you sent it, to show it", "The festival downloaded the film as you sent it {{.Count}} times, to show it")
	case x.What == "imported":
		return locale.T(ctx, "looked.imported", "The festival brought it in, or wrote over it, from a list of its own")
	}
	return locale.T(ctx, "looked.opened", "The festival opened it for the first time")
}
