package site

import (
	"context"
	"net/http"
	"strconv"

	"github.com/jackc/pgx/v5"

	"laurel/internal/award"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) listAwards(w http.ResponseWriter, r *http.Request) error {
	return s.awardsPage(w, r, http.StatusOK, pages.AwardForm{}, nil)
}

func (s *Site) awardsPage(w http.ResponseWriter, r *http.Request, status int, form pages.AwardForm, errs components.Errors) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	list, err := award.List(ctx, s.db, actor(r).ID, e.ID)
	if err != nil {
		return err
	}
	form.Action = e.Desk() + "/awards"
	if form.Categories, err = s.awardCategories(ctx, e); err != nil {
		return err
	}
	v := pages.AwardDesk{Desk: e.Desk(), Form: form, Page: e.Path() + "/awards", Errors: errs}
	for i, a := range list {
		line := pages.AwardLine{
			URL: e.Desk() + "/awards/" + a.Code, Name: a.Name, Prize: a.Prize, Winner: a.Title,
			By: locale.List(ctx, a.Directors), First: i == 0, Last: i == len(list)-1,
		}
		line.Category = factLine(a.CategoryName, a.Prize)
		if a.EntryID != nil {
			v.Given++
		}
		v.List = append(v.List, line)
	}
	v.Lede = locale.T(ctx, "prizes.lede", "{{.Prizes}}, {{.Given}} given. A prize can be given once its film is selected; nobody outside sees it before you publish.",
		"Prizes", locale.N(ctx, "prizes.n", len(list), "One prize", "{{.Count}} prizes"), "Given", locale.Number(ctx, v.Given))
	switch {
	case e.AwardsAt != nil:
		v.Published = locale.DateTime(ctx, *e.AwardsAt, e.Location(), e.City)
	case e.LineupAt == nil:
		v.WhyNot = locale.T(ctx, "prizes.after-lineup", "The awards can be published once the line-up is public.")
	case v.Given == 0:
		v.WhyNot = locale.T(ctx, "prizes.none-given", "Give a prize first.")
	}
	f := s.organizerFrame(r, e, locale.T(ctx, "rail.awards", "Awards"), "awards")
	f.Bad = form.Errors.Any()
	return s.page(w, r, status, pages.AwardDeskPage(f, v))
}

func (s *Site) awardCategories(ctx context.Context, e festival.Edition) ([]components.Option, error) {
	options := []components.Option{{Label: locale.T(ctx, "prizes.whole", "The whole edition")}}
	list, err := festival.Categories(ctx, s.db, e.ID)
	for _, c := range list {
		options = append(options, components.Option{Value: strconv.FormatInt(int64(c.ID), 10), Label: c.Name})
	}
	return options, err
}

// awardForm reads the form of a prize.
func awardForm(r *http.Request) (award.Award, pages.AwardForm, error) {
	v := pages.AwardForm{
		Name: text(r, "name"), Prize: text(r, "prize"), Category: text(r, "category"), Winner: text(r, "winner"), Citation: text(r, "citation"),
	}
	a := award.Award{Code: r.PathValue("award"), Name: v.Name, Prize: v.Prize, EntryCode: v.Winner, Citation: v.Citation}
	if v.Category == "" {
		return a, v, nil
	}
	id, err := strconv.ParseInt(v.Category, 10, 64)
	if err != nil {
		return a, v, problem.Field("category", "round.category", "Choose a category.")
	}
	a.CategoryID = new(festival.CategoryID(id))
	return a, v, nil
}

func (s *Site) createAward(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	a, v, err := awardForm(r)
	if err == nil {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			s.flash(w, "prizes.saved", "The prize is saved.")
			_, err := award.Create(ctx, tx, actor(r).ID, e.ID, a)
			return e.Desk() + "/awards", err
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.awardsPage(w, r, status, v, nil)
	}
	return err
}

func (s *Site) showAward(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	a, err := award.At(r.Context(), s.db, actor(r).ID, e.ID, r.PathValue("award"))
	if err != nil {
		return err
	}
	v := pages.AwardForm{Name: a.Name, Prize: a.Prize, Winner: a.EntryCode, Citation: a.Citation}
	if a.CategoryID != nil {
		v.Category = strconv.FormatInt(int64(*a.CategoryID), 10)
	}
	return s.awardPage(w, r, http.StatusOK, e, a, v)
}

func (s *Site) awardPage(w http.ResponseWriter, r *http.Request, status int, e festival.Edition, a award.Award, v pages.AwardForm) error {
	ctx := r.Context()
	var err error
	if v.Categories, err = s.awardCategories(ctx, e); err != nil {
		return err
	}
	films, err := award.Candidates(ctx, s.db, actor(r).ID, e.ID)
	if err != nil {
		return err
	}
	v.Films = []components.Option{{Label: locale.T(ctx, "prizes.nobody", "Not given yet")}}
	for _, c := range films {
		if a.CategoryID == nil || c.CategoryID == *a.CategoryID || c.Code == v.Winner {
			v.Films = append(v.Films, components.Option{Value: c.Code, Label: factLine(c.Title, locale.List(ctx, c.Directors), c.CategoryName)})
		}
	}
	v.Action, v.Remove, v.Desk, v.Title = r.URL.Path, r.URL.Path+"/removal", e.Desk(), a.Name
	f := s.organizerFrame(r, e, a.Name, "awards")
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.AwardFormPage(f, v))
}

func (s *Site) saveAward(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	old, err := award.At(r.Context(), s.db, actor(r).ID, e.ID, r.PathValue("award"))
	if err != nil {
		return err
	}
	a, v, err := awardForm(r)
	if err == nil {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			s.flash(w, "prizes.saved", "The prize is saved.")
			return e.Desk() + "/awards", award.Save(ctx, tx, actor(r).ID, e.ID, a)
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.awardPage(w, r, status, e, old, v)
	}
	return err
}

// onAward acts on the prize of the path and comes back to the list.
func (s *Site) onAward(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, tx pgx.Tx, e festival.Edition, code string) error) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		return e.Desk() + "/awards", act(ctx, tx, e, r.PathValue("award"))
	})
}

func (s *Site) removeAward(w http.ResponseWriter, r *http.Request) error {
	return s.onAward(w, r, func(ctx context.Context, tx pgx.Tx, e festival.Edition, code string) error {
		s.flash(w, "prizes.removed", "The prize is removed.")
		return award.Remove(ctx, tx, actor(r).ID, e.ID, code)
	})
}

func (s *Site) moveAward(w http.ResponseWriter, r *http.Request) error {
	return s.onAward(w, r, func(ctx context.Context, tx pgx.Tx, e festival.Edition, code string) error {
		step := 1
		if r.PostForm.Get("step") == "-1" {
			step = -1
		}
		return award.Move(ctx, tx, actor(r).ID, e.ID, code, step)
	})
}

func (s *Site) publishAwards(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "prizes.out", "The awards are public.")
		return e.Desk() + "/awards", festival.PublishAwards(ctx, tx, actor(r).ID, e.ID)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.awardsPage(w, r, status, pages.AwardForm{}, errs)
	}
	return err
}
