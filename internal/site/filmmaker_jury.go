package site

import (
	"net/http"
	"slices"

	"laurel/internal/locale"
	"laurel/internal/score"
	"laurel/web/components"
	"laurel/web/pages"
)

// showAsJury is the juror's page of the film, for its makers: made by the same
// function from the same projection, with a form that cannot be sent.
func (s *Site) showAsJury(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	manners, err := score.Manners(ctx, s.db, m.CategoryID)
	if err != nil {
		return err
	}
	blind := manners[0]
	if asked := r.URL.Query().Get("blind") != ""; slices.Contains(manners, asked) {
		blind = asked
	}
	watch, err := score.Rehearse(ctx, s.db, m.ID, blind)
	if err != nil {
		return err
	}
	v, err := s.scoreView(r, watch, score.Sheet{})
	if err != nil {
		return err
	}
	v.Action, v.Recusal = r.URL.Path, ""
	v.Locked = locale.T(ctx, "rehearsal.open", "This is the page that jurors get, with the names that you gave. Nothing can be saved here.")
	if blind {
		v.Locked = locale.T(ctx, "rehearsal.blind", "This is the page that jurors of a blind round get: look for names that remain in the texts. Nothing can be saved here.")
	}
	f := s.makerFrame(r, m, locale.T(ctx, "rehearsal.title", "As the jury sees it"))
	f.Bare, f.Theme = true, "dark"
	if chosen := chosenTheme(r); chosen != "" {
		f.Theme = chosen
	}
	f.Back = &components.Link{URL: "/my/entries/" + m.Code, Label: m.Label()}
	f.Aside = locale.T(ctx, "publication.preview", "Preview")
	if len(manners) > 1 {
		v.Instead = &components.Link{URL: r.URL.Path + "?blind=1", Label: locale.T(ctx, "rehearsal.see-blind", "See it as a blind jury does")}
		if blind {
			v.Instead = &components.Link{URL: r.URL.Path, Label: locale.T(ctx, "rehearsal.see-open", "See it as a jury does that knows the names")}
		}
	}
	return s.page(w, r, http.StatusOK, pages.JurorScorePage(withPlayer(w, f), v))
}
