package site

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5"

	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/pages"
)

func (s *Site) shutdownRoutes() []route {
	const at = "/organize/{festival}/{edition}/shutdowns"
	return []route{
		{"GET", at, organizer, s.showShutdowns},
		{"POST", at, organizer, s.declareShutdown},
	}
}

func (s *Site) showShutdowns(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	return s.shutdownsPage(w, r, http.StatusOK, e, pages.Shutdowns{})
}

func (s *Site) shutdownsPage(w http.ResponseWriter, r *http.Request, status int, e festival.Edition, v pages.Shutdowns) error {
	ctx := r.Context()
	list, err := festival.Shutdowns(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	v.Desk, v.Action = e.Desk(), r.URL.Path
	for _, d := range list {
		v.Declared = append(v.Declared, shutdownLine(ctx, e, d))
	}
	f := s.organizerFrame(r, e, locale.T(ctx, "shutdowns.title", "Shutdowns"), "categories")
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.ShutdownsPage(f, v))
}

func shutdownLine(ctx context.Context, e festival.Edition, d festival.Shutdown) pages.Shutdown {
	v := pages.Shutdown{Words: d.Words, When: locale.DateTime(ctx, d.DeclaredAt, e.Location(), e.City),
		For: locale.T(ctx, "shutdowns.everybody", "Everybody who enters")}
	if len(d.Countries) > 0 {
		v.For = locale.T(ctx, "shutdowns.from", "Films from {{.Countries}}", "Countries", locale.CountryNames(ctx, d.Countries))
	}
	return v
}

func (s *Site) declareShutdown(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	in := newReader(r)
	v := pages.Shutdowns{Countries: text(r, "countries"), Words: text(r, "words"), Everybody: text(r, "everybody") != ""}
	d := festival.Shutdown{Words: v.Words}
	switch {
	case v.Everybody && v.Countries != "":
		in.wrong("countries", problem.Field("countries", "shutdowns.either", "Name countries or choose everybody, not both."))
	case !v.Everybody && v.Countries == "":
		in.wrong("countries", problem.Field("countries", "shutdowns.which", "Name at least one country, or choose everybody."))
	case !v.Everybody:
		d.Countries = in.codes("countries", v.Countries, locale.CountryCode)
	}
	v.Errors = in.errors
	if v.Errors.Any() {
		return s.shutdownsPage(w, r, http.StatusUnprocessableEntity, e, v)
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "shutdowns.declared", "The shutdown is declared, and the call says so.")
		return r.URL.Path, festival.DeclareShutdown(ctx, tx, actor(r).ID, e.ID, d)
	})
	errs, status, ok := s.refused(r, err)
	if !ok {
		return err
	}
	v.Errors = errs
	return s.shutdownsPage(w, r, status, e, v)
}
