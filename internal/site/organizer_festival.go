package site

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// reserved are the first words of our own addresses, which no festival can have.
var reserved = []string{
	"account", "begin", "blank", "code", "demo", "erasures", "files", "forgotten", "freeze", "healthz", "invitations", "join", "jury",
	"leave", "my", "new", "organize", "payments", "privacy", "readyz", "reset", "setup", "sign-in", "sign-out", "sign-out-everywhere", "sign-up",
	"static", "stay", "theme",
}

func (s *Site) showStart(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), actor(r)
	editions, err := festival.OfOrganizers(ctx, s.db, a.ID)
	if err != nil {
		return err
	}
	festivals, err := festival.OfOrganizer(ctx, s.db, a.ID)
	if err != nil {
		return err
	}
	v := pages.OrganizerStart{MayCreate: a.Admin}
	for _, f := range festivals {
		group := pages.OrganizerFestival{Name: f.Name, URL: "/organize/" + f.Slug}
		for _, e := range editions {
			if e.FestivalID == f.ID {
				group.Editions = append(group.Editions, pages.OrganizerEdition{
					Name: e.Name, URL: e.Desk(), Dates: locale.Dates(ctx, e.StartsOn, e.EndsOn), Phase: phaseWords(ctx, e.PhaseAt(s.now())),
				})
			}
		}
		v.Festivals = append(v.Festivals, group)
	}
	return s.page(w, r, http.StatusOK, pages.OrganizerStartPage(s.frame(r, locale.T(ctx, "organize.title", "Your festivals")), v))
}

func phaseWords(ctx context.Context, p festival.Phase) string {
	switch p {
	case festival.Draft:
		return locale.T(ctx, "phase.draft", "The call is not open yet")
	case festival.Open:
		return locale.T(ctx, "phase.open", "The call is open")
	case festival.Judging:
		return locale.T(ctx, "phase.judging", "Being judged")
	case festival.Public:
		return locale.T(ctx, "phase.public", "The line-up is out")
	case festival.Awarded:
		return locale.T(ctx, "phase.awarded", "The awards are out")
	}
	return ""
}

func (s *Site) newFestival(w http.ResponseWriter, r *http.Request) error {
	return s.festivalPage(w, r, http.StatusOK, pages.FestivalForm{New: true, Action: "/organize/new"})
}

func (s *Site) festivalPage(w http.ResponseWriter, r *http.Request, status int, v pages.FestivalForm) error {
	title := locale.T(r.Context(), "festival.new", "Create a festival")
	if !v.New {
		title = v.Name
	}
	f := s.frame(r, title)
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.FestivalFormPage(f, v))
}

func festivalForm(r *http.Request) festival.Festival {
	return festival.Festival{Slug: strings.ToLower(text(r, "slug")), Name: text(r, "name"), About: text(r, "about"), Contact: text(r, "contact")}
}

func (s *Site) createFestival(w http.ResponseWriter, r *http.Request) error {
	form := festivalForm(r)
	err := checkSlug(form.Slug)
	if err == nil {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			_, err := festival.Create(ctx, tx, actor(r).ID, form)
			return "/organize/" + form.Slug + "/new", err
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.festivalPage(w, r, status, pages.FestivalForm{
			New: true, Action: "/organize/new", Name: form.Name, Slug: form.Slug, About: form.About, Contact: form.Contact, Errors: errs,
		})
	}
	return err
}

func checkSlug(slug string) error {
	if slices.Contains(reserved, slug) {
		return problem.Field("slug", "festival.slug-reserved", "Laurel uses this address itself. Choose a different one.")
	}
	return nil
}

func (s *Site) showFestival(w http.ResponseWriter, r *http.Request) error {
	f, err := festival.BySlug(r.Context(), s.db, r.PathValue("festival"))
	if err != nil {
		return err
	}
	return s.festivalPage(w, r, http.StatusOK, pages.FestivalForm{
		Action: r.URL.Path, Name: f.Name, Slug: f.Slug, About: f.About, Contact: f.Contact,
	})
}

func (s *Site) saveFestival(w http.ResponseWriter, r *http.Request) error {
	old, err := festival.BySlug(r.Context(), s.db, r.PathValue("festival"))
	if err != nil {
		return err
	}
	form := festivalForm(r)
	form.ID = old.ID
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "festival.saved", "The festival is saved.")
		return "/organize", festival.Save(ctx, tx, actor(r).ID, form)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.festivalPage(w, r, status, pages.FestivalForm{
			Action: r.URL.Path, Name: form.Name, Slug: old.Slug, About: form.About, Contact: form.Contact, Errors: errs,
		})
	}
	return err
}

func (s *Site) newEdition(w http.ResponseWriter, r *http.Request) error {
	f, err := festival.BySlug(r.Context(), s.db, r.PathValue("festival"))
	if err != nil {
		return err
	}
	return s.newEditionPage(w, r, http.StatusOK, pages.EditionForm{Festival: f.Name, Zone: actor(r).Zone})
}

func (s *Site) newEditionPage(w http.ResponseWriter, r *http.Request, status int, v pages.EditionForm) error {
	v.New, v.Action, v.Zones, v.Countries = true, r.URL.Path, locale.Zones(), countryOptions(r.Context())
	f := s.frame(r, locale.T(r.Context(), "edition.new", "Create an edition"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.EditionFormPage(f, v))
}

func (s *Site) createEdition(w http.ResponseWriter, r *http.Request) error {
	f, err := festival.BySlug(r.Context(), s.db, r.PathValue("festival"))
	if err != nil {
		return err
	}
	e, v, errs := editionForm(r)
	v.Festival, e.FestivalID = f.Name, f.ID
	if errs.Any() {
		v.Errors = errs
		return s.newEditionPage(w, r, http.StatusUnprocessableEntity, v)
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		_, err := festival.CreateEdition(ctx, tx, actor(r).ID, e)
		return "/organize/" + f.Slug + "/" + e.Slug, err
	})
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.newEditionPage(w, r, status, v)
	}
	return err
}

// countryOptions are all countries to choose from, and none.
func countryOptions(ctx context.Context) []components.Option {
	list := []components.Option{{Label: locale.T(ctx, "choice.not-said", "Not said")}}
	for _, place := range locale.Countries(ctx) {
		list = append(list, components.Option{Value: place.Code, Label: place.Name})
	}
	return list
}

// editionForm reads the form of an edition: the values, the form as it was
// typed, and what is wrong with it.
func editionForm(r *http.Request) (festival.Edition, pages.EditionForm, components.Errors) {
	v := pages.EditionForm{
		Name: text(r, "name"), Slug: strings.ToLower(text(r, "slug")), Prefix: strings.ToUpper(text(r, "prefix")),
		Tagline: text(r, "tagline"), Intro: text(r, "intro"), Regulations: text(r, "regulations"),
		City: text(r, "city"), Zone: text(r, "zone"), Country: text(r, "country"),
		StartsOn: text(r, "starts_on"), EndsOn: text(r, "ends_on"), DecisionsOn: text(r, "decisions_on"),
	}
	e := festival.Edition{
		Slug: v.Slug, Name: v.Name, Prefix: v.Prefix, Tagline: v.Tagline, Intro: v.Intro, Regulations: v.Regulations, City: v.City, Zone: v.Zone, Country: v.Country,
	}
	in := newReader(r)
	if e.Slug == "new" {
		in.wrong("slug", checkSlug("new"))
	}
	if _, err := time.LoadLocation(v.Zone); err != nil || v.Zone == "" || v.Zone == "Local" {
		in.wrong("zone", problem.Field("zone", "account.zone-unknown", "Choose a time zone of the list."))
	}
	if code, _ := locale.CountryCode(v.Country); code != v.Country {
		in.wrong("country", entry.NoCountry("country", v.Country))
	}
	e.StartsOn, e.EndsOn = in.day("starts_on"), in.day("ends_on")
	if v.DecisionsOn != "" {
		e.DecisionsOn = new(in.day("decisions_on"))
	}
	return e, v, in.errors
}
