package site

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/report"
	"laurel/web/components"
	"laurel/web/pages"
)

// round finds the round of the path in its edition.
func (s *Site) round(r *http.Request) (festival.Edition, jury.Round, error) {
	e, err := s.edition(r)
	if err != nil {
		return e, jury.Round{}, err
	}
	x, err := jury.RoundAt(r.Context(), s.db, e.ID, r.PathValue("round"))
	return e, x, err
}

func roundURL(e festival.Edition, x jury.Round) string { return e.Desk() + "/rounds/" + x.Code }

func (s *Site) showRound(w http.ResponseWriter, r *http.Request) error {
	return s.roundPage(w, r, http.StatusOK, nil)
}

// fewest is how many films are listed on a round's page.
const fewest = 12

func (s *Site) roundPage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	ctx := r.Context()
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	rubric, err := jury.Rubric(ctx, s.db, x.ID)
	if err != nil {
		return err
	}
	p, err := report.ProgressOf(ctx, s.db, actor(r).ID, x)
	if err != nil {
		return err
	}
	v := s.roundDesk(ctx, e, x, rubric, p)
	v.Errors = errs
	for _, j := range p.Jurors {
		v.Jurors = append(v.Jurors, pages.JurorLine{Name: j.Name, Done: j.Done, Given: j.Given, Recused: j.Recused, Left: !j.Seated})
	}
	if !v.Closed {
		for _, film := range p.Films[:min(fewest, len(p.Films))] {
			v.Films = append(v.Films, pages.FilmLine{URL: e.Desk() + "/entries/" + film.Code, Title: film.Title, Done: film.Done, Given: film.Given})
		}
		v.MoreFilms = len(p.Films) - len(v.Films)
	}
	f := s.organizerFrame(r, e, v.Title, "juries")
	return s.page(w, r, status, pages.RoundPage(f, v))
}

func (s *Site) roundDesk(ctx context.Context, e festival.Edition, x jury.Round, rubric []jury.Criterion, p report.Progress) pages.RoundDesk {
	phase := x.PhaseAt(s.now())
	v := pages.RoundDesk{
		Desk: e.Desk(), URL: roundURL(e, x), Title: x.CategoryName + ": " + x.Name,
		Done: p.Done, Given: p.Given, Assigned: p.Given > 0, Panel: x.PanelName, PanelURL: e.Desk() + "/juries/" + x.PanelCode,
		MayOpen: phase == jury.Setup, MayClose: phase == jury.Open, Closed: phase == jury.Closed, Editable: phase != jury.Closed,
		Facts: roundFacts(ctx, x, rubric),
	}
	kind, words, when := phaseOfRound(ctx, x, e, s.now())
	v.Kind, v.Phase = kind, words
	v.Lede = locale.T(ctx, "round.lede", "{{.Films}}, {{.Jurors}}, {{.Done}} of {{.Given}} scores in. {{.When}}.",
		"Films", locale.N(ctx, "round.n-films", len(p.Films), "One film", "{{.Count}} films"),
		"Jurors", locale.N(ctx, "panel.seats", len(p.Jurors), "one juror", "{{.Count}} jurors"),
		"Done", locale.Number(ctx, p.Done), "Given", locale.Number(ctx, p.Given), "When", when)
	if err := x.MayOpen(rubric, p.Given); err != nil && v.MayOpen {
		v.WhyNot = locale.Say(ctx, problem.Of(err).Say)
	}
	v.CloseText = locale.T(ctx, "round.close-text", "After that no score is taken and the results can be read. It cannot be opened again.")
	if x.ReviewsMost != nil {
		v.CloseText = locale.T(ctx, "round.close-more", "After that no score is taken and the results can be read. It can be opened again only for more viewings; what was scored stays as it is.")
	}
	if x.ExtendedAt != nil && phase == jury.Open {
		v.Lede += " " + locale.T(ctx, "round.extended", "It was opened again for more viewings: only those are scored, and the results are sealed until it closes.")
	}
	if missing := p.Given - p.Done; missing > 0 {
		v.CloseText = locale.N(ctx, "round.close-missing", missing, "One score is still missing.", "{{.Count}} scores are still missing.") + " " + v.CloseText
	}
	return v
}

func roundFacts(ctx context.Context, x jury.Round, rubric []jury.Criterion) []pages.Fact {
	yes, no := locale.T(ctx, "fact.yes", "Yes"), locale.T(ctx, "fact.no", "No")
	said := map[bool]string{true: yes, false: no}
	list := []pages.Fact{
		{Label: locale.T(ctx, "juries.jury", "Jury"), Value: x.PanelName},
		{Label: locale.T(ctx, "round.reviews", "Jurors for each film"), Value: locale.Number(ctx, x.ReviewsPerEntry)},
		{Label: locale.T(ctx, "round.fact-binding", "What counts"), Value: bindingFact(ctx, x)},
		{Label: locale.T(ctx, "round.fact-blind", "Blind"), Value: said[x.Blind]},
		{Label: locale.T(ctx, "round.fact-feedback", "Comments to filmmakers"), Value: said[x.Feedback]},
		{Label: locale.T(ctx, "round.scale", "Scale"), Value: locale.T(ctx, "round.fact-scale", "{{.Low}}–{{.High}}", "Low", locale.Number(ctx, x.ScaleMin), "High", locale.Number(ctx, x.ScaleMax))},
	}
	for _, c := range rubric {
		list = append(list, pages.Fact{Label: c.Name, Value: shareWords(ctx, rubric, c)})
	}
	return list
}

// bindingFact says in short how a round is decided.
func bindingFact(ctx context.Context, x jury.Round) string {
	words := locale.T(ctx, "results.raw-means", "Raw means")
	if x.Binding == jury.Calibrated {
		words = locale.T(ctx, "results.top-adjusted", "Adjusted for juror severity")
	}
	if x.ReviewsMost != nil {
		words += ", " + locale.N(ctx, "round.fact-most", *x.ReviewsMost, "up to one viewer", "up to {{.Count}} viewers")
	}
	return words
}

func (s *Site) openRound(w http.ResponseWriter, r *http.Request) error {
	return s.onRound(w, r, func(ctx context.Context, tx pgx.Tx, x jury.Round) error {
		s.flash(w, "round.opened", "The round is open. The jurors have been told.")
		return jury.OpenRound(ctx, tx, actor(r).ID, x.ID)
	})
}

func (s *Site) closeRound(w http.ResponseWriter, r *http.Request) error {
	return s.onRound(w, r, func(ctx context.Context, tx pgx.Tx, x jury.Round) error {
		s.flash(w, "round.closed-now", "The round is closed. Its results can be read now.")
		return jury.CloseRound(ctx, tx, actor(r).ID, x.ID)
	})
}

// onRound acts on the round of the path and comes back to its page; a refusal is
// shown there.
func (s *Site) onRound(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, tx pgx.Tx, x jury.Round) error) error {
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		return roundURL(e, x), act(ctx, tx, x)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.roundPage(w, r, status, errs)
	}
	return err
}

func (s *Site) newRound(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	now := s.now().In(e.Location())
	start := time.Date(now.Year(), now.Month(), now.Day(), now.Hour(), 0, 0, 0, e.Location())
	end := time.Date(now.Year(), now.Month(), now.Day()+21, 23, 59, 0, 0, e.Location())
	v := pages.RoundForm{
		New: true, Name: locale.T(r.Context(), "round.first", "First round"), Feedback: true, Reviews: "3", Scale: "1-10", Binding: string(jury.Calibrated),
		OpensAt: forInput(start, e.Location()), ClosesAt: forInput(end, e.Location()),
		Rubric: firstRubric(r.Context()),
	}
	categories, err := festival.Categories(r.Context(), s.db, e.ID)
	if err != nil {
		return err
	}
	for _, c := range categories {
		if c.Slug == r.URL.Query().Get("category") {
			v.Category = strconv.FormatInt(int64(c.ID), 10)
		}
	}
	return s.roundFormPage(w, r, http.StatusOK, e, v)
}

// firstRubric is a rubric to begin with.
func firstRubric(ctx context.Context) []pages.CriterionRow {
	low, high := locale.T(ctx, "rubric.low", "not at all"), locale.T(ctx, "rubric.high", "outstanding")
	return []pages.CriterionRow{
		{Name: locale.T(ctx, "rubric.direction", "Direction"), Hint: locale.T(ctx, "rubric.direction-hint", "A hand you can feel, and a reason for every shot"), Weight: "30", Counts: "required", Low: low, High: high},
		{Name: locale.T(ctx, "rubric.structure", "Structure"), Hint: locale.T(ctx, "rubric.structure-hint", "How it holds together from first to last minute"), Weight: "25", Counts: "required", Low: low, High: high},
		{Name: locale.T(ctx, "rubric.craft", "Image and sound"), Hint: locale.T(ctx, "rubric.craft-hint", "Craft in the service of the film"), Weight: "25", Counts: "required", Low: low, High: high},
		{Name: locale.T(ctx, "rubric.need", "Necessity"), Hint: locale.T(ctx, "rubric.need-hint", "Did this have to be made?"), Weight: "20", Counts: "required", Low: low, High: high},
	}
}

func (s *Site) roundFormPage(w http.ResponseWriter, r *http.Request, status int, e festival.Edition, v pages.RoundForm) error {
	ctx := r.Context()
	categories, err := festival.Categories(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	panels, err := jury.Panels(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	for _, c := range categories {
		v.Categories = append(v.Categories, components.Option{Value: strconv.FormatInt(int64(c.ID), 10), Label: c.Name})
	}
	for _, p := range panels {
		v.Panels = append(v.Panels, components.Option{Value: p.Code, Label: p.Name})
	}
	if v.Title = v.Name; v.New {
		v.Title = locale.T(ctx, "category.new-round", "Add a round")
	}
	if v.Plan, err = s.planOf(r, v, categories, panels); err != nil {
		return err
	}
	v.Desk, v.City, v.Action = e.Desk(), e.City, r.URL.Path
	f := s.organizerFrame(r, e, v.Title, "juries")
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.RoundFormPage(f, v))
}

// planOf is the plan for the category and the jury that stand in the form, or
// that stand first in it. A round that is open needs none.
func (s *Site) planOf(r *http.Request, v pages.RoundForm, categories []festival.Category, panels []jury.Panel) (*pages.RoundPlan, error) {
	if v.Opened || len(categories) == 0 || len(panels) == 0 {
		return nil, nil
	}
	category, panel := categories[0].ID, panels[0].ID
	for _, c := range categories {
		if strconv.FormatInt(int64(c.ID), 10) == v.Category {
			category = c.ID
		}
	}
	for _, p := range panels {
		if p.Code == v.Panel {
			panel = p.ID
		}
	}
	return s.plan(r, category, panel)
}

func (s *Site) createRound(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	return s.storeRound(w, r, e, jury.Round{EditionID: e.ID})
}

func (s *Site) showRoundSettings(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	rubric, err := jury.Rubric(r.Context(), s.db, x.ID)
	if err != nil {
		return err
	}
	return s.roundFormPage(w, r, http.StatusOK, e, roundWords(e, x, rubric))
}

// roundWords puts a round into its form.
func roundWords(e festival.Edition, x jury.Round, rubric []jury.Criterion) pages.RoundForm {
	v := pages.RoundForm{
		Back: roundURL(e, x), Category: strconv.FormatInt(int64(x.CategoryID), 10), Panel: x.PanelCode, Binding: string(x.Binding), Name: x.Name, Blind: x.Blind, Feedback: x.Feedback,
		Reviews: strconv.Itoa(x.ReviewsPerEntry), Scale: fmt.Sprintf("%d-%d", x.ScaleMin, x.ScaleMax),
		OpensAt: forInput(x.OpensAt, e.Location()), ClosesAt: forInput(x.ClosesAt, e.Location()),
		Opened: x.OpenedAt != nil, Scored: x.Scored,
	}
	if x.ReviewsMost != nil {
		v.Most = strconv.Itoa(*x.ReviewsMost)
	}
	for _, c := range rubric {
		row := pages.CriterionRow{Name: c.Name, Hint: c.Hint, Weight: strconv.FormatFloat(c.Weight, 'f', -1, 64), Counts: "required", Low: c.LowLabel, High: c.HighLabel}
		if !c.Required {
			row.Counts = "optional"
		}
		if !c.Counted {
			row.Counts = "shown"
		}
		v.Rubric = append(v.Rubric, row)
	}
	return v
}

func (s *Site) saveRoundSettings(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	return s.storeRound(w, r, e, x)
}

// storeRound takes the form of a round: a new one when old has no id.
func (s *Site) storeRound(w http.ResponseWriter, r *http.Request, e festival.Edition, old jury.Round) error {
	in := newReader(r)
	x, rubric, v := in.round(e, old)
	if v.New = old.ID == 0; !v.New {
		v.Back, v.Opened, v.Scored = roundURL(e, old), old.OpenedAt != nil, old.Scored
		v.Category = strconv.FormatInt(int64(old.CategoryID), 10)
	}
	if row, ok := changedRows(r, v.Rubric); ok || r.PostForm.Get("plan") != "" {
		v.Rubric = row
		return s.roundFormPage(w, r, http.StatusOK, e, v)
	}
	panel, err := jury.PanelAt(r.Context(), s.db, e.ID, v.Panel)
	if err != nil {
		in.wrong("panel", problem.Field("panel", "round.panel", "Choose a jury."))
	}
	x.PanelID = panel.ID
	errs, status := in.errors, http.StatusUnprocessableEntity
	if !errs.Any() {
		err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			s.flash(w, "round.saved", "The round is saved.")
			if v.New {
				code, err := jury.CreateRound(ctx, tx, actor(r).ID, x, rubric)
				return e.Desk() + "/rounds/" + code, err
			}
			return roundURL(e, old), jury.SaveRound(ctx, tx, actor(r).ID, x, rubric)
		})
		refusal, code, ok := s.refused(r, err)
		if !ok {
			return err
		}
		errs, status = refusal, code
	}
	v.Errors = errs
	return s.roundFormPage(w, r, status, e, v)
}

// changedRows adds or removes a line of the rubric when one of those buttons was
// pressed; nothing is saved by that.
func changedRows(r *http.Request, rows []pages.CriterionRow) ([]pages.CriterionRow, bool) {
	if r.PostForm.Get("add") != "" {
		return append(rows, pages.CriterionRow{Weight: "10", Counts: "required"}), true
	}
	if which := r.PostForm.Get("remove"); which != "" {
		if i, err := strconv.Atoi(which); err == nil && i >= 0 && i < len(rows) {
			return slices.Delete(rows, i, i+1), true
		}
	}
	return rows, false
}

// round reads the form of a round.
func (in *reader) round(e festival.Edition, old jury.Round) (jury.Round, []jury.Criterion, pages.RoundForm) {
	r := in.r
	v := pages.RoundForm{
		Category: text(r, "category"), Panel: text(r, "panel"), Name: text(r, "name"),
		Blind: text(r, "blind") != "", Feedback: text(r, "feedback") != "", Reviews: text(r, "reviews_per_entry"),
		Scale: text(r, "scale"), OpensAt: text(r, "opens_at"), ClosesAt: text(r, "closes_at"),
		Binding: text(r, "binding"), Most: text(r, "reviews_most"),
	}
	x := old
	x.Name, x.Blind, x.Feedback = v.Name, v.Blind, v.Feedback
	x.ReviewsPerEntry = in.number("reviews_per_entry")
	x.Binding, x.ReviewsMost = jury.Binding(v.Binding), nil
	if x.Binding != jury.Calibrated && x.Binding != jury.Raw {
		in.wrong("binding", problem.Field("binding", "round.binding-choose", "Choose which list counts."))
	}
	if v.Most != "" {
		x.ReviewsMost = new(in.number("reviews_most"))
	}
	x.OpensAt, x.ClosesAt = in.instant("opens_at", e.Location()), in.instant("closes_at", e.Location())
	if _, err := fmt.Sscanf(v.Scale, "%d-%d", &x.ScaleMin, &x.ScaleMax); err != nil {
		in.wrong("scale_max", problem.Field("scale_max", "round.scale-choose", "Choose a scale."))
	}
	if old.ID == 0 {
		id, err := strconv.ParseInt(v.Category, 10, 64)
		if err != nil {
			in.wrong("category", problem.Field("category", "round.category", "Choose a category."))
		}
		x.CategoryID = festival.CategoryID(id)
	}
	var rubric []jury.Criterion
	rubric, v.Rubric = in.rubric()
	if len(rubric) == 0 && !old.Scored {
		in.wrong("criteria", problem.Field("criteria", "round.no-criterion", "Give the rubric a criterion that counts."))
	}
	return x, rubric, v
}

// rubric reads the lines of the rubric; a line without a name is left out.
func (in *reader) rubric() ([]jury.Criterion, []pages.CriterionRow) {
	var list []jury.Criterion
	var rows []pages.CriterionRow
	for i, name := range in.r.PostForm["criterion"] {
		row := pages.CriterionRow{
			Name: strings.TrimSpace(name), Hint: at(in.r, "hint", i), Weight: at(in.r, "weight", i),
			Counts: at(in.r, "counts", i), Low: at(in.r, "low", i), High: at(in.r, "high", i),
		}
		rows = append(rows, row)
		if row.Name == "" {
			continue
		}
		weight, err := strconv.ParseFloat(locale.ASCII(row.Weight), 64)
		if err != nil || math.IsNaN(weight) || weight < 0 || weight > 1000 {
			in.wrong("criteria", problem.Field("criteria", "round.weight-wrong", "Write a weight from 0 to 1,000 for {{.Criterion}}.", "Criterion", row.Name))
		}
		list = append(list, jury.Criterion{
			Name: row.Name, Hint: row.Hint, Weight: weight, LowLabel: row.Low, HighLabel: row.High,
			Required: row.Counts == "required", Counted: row.Counts != "shown",
		})
	}
	return list, rows
}
