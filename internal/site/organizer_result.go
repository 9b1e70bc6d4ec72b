package site

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
	"laurel/internal/report"
	"laurel/internal/result"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) listResults(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	v := pages.ResultList{Desk: e.Desk()}
	for _, list := range []struct {
		into   *[]pages.RoundLine
		closed bool
	}{{&v.Closed, true}, {&v.Sealed, false}} {
		*list.into, err = s.roundLines(r, e, func(x jury.Round) bool { return (x.PhaseAt(s.now()) == jury.Closed) == list.closed })
		if err != nil {
			return err
		}
	}
	f := s.organizerFrame(r, e, locale.T(r.Context(), "rail.results", "Results"), "results")
	return s.page(w, r, http.StatusOK, pages.ResultListPage(f, v))
}

// A resultRead is a stored result with what it would be computed from now.
type resultRead struct {
	now    result.Inputs
	stored result.Result
	old    bool // an earlier one was asked for
}

// changes is what has changed since the result was computed.
func (x resultRead) changes() []result.Change { return x.stored.Body.Inputs.Changes(x.now) }

// read gives the result of a round as its reader may know it. The first of its
// readers waits until it is computed; that happens between two transactions, so
// that nobody else waits for it. code asks for an earlier one; empty is the one
// that counts.
func (s *Site) read(r *http.Request, x jury.Round, code string) (resultRead, error) {
	ctx, who := r.Context(), actor(r).ID
	got := resultRead{old: code != ""}
	err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) (err error) {
		if got.now, err = result.Read(ctx, tx, who, x); err != nil {
			return err
		}
		got.stored, err = storedAt(ctx, tx, got.now, code)
		return err
	})
	if !errors.Is(err, pgx.ErrNoRows) || got.old {
		return got, err
	}
	got.stored, err = s.compute(r, x, got.now)
	return got, err
}

// resultBoard is the result of a round that counts, with its names.
func (s *Site) resultBoard(r *http.Request, x jury.Round) (report.Board, error) {
	got, err := s.read(r, x, "")
	if err != nil {
		return report.Board{}, err
	}
	return report.Results(r.Context(), s.db, actor(r).ID, x, got.stored)
}

func storedAt(ctx context.Context, db pg.DB, in result.Inputs, code string) (result.Result, error) {
	if code != "" {
		return result.At(ctx, db, in, code)
	}
	return result.Shown(ctx, db, in)
}

// compute works a result out and keeps it, if the round is still closed by then.
func (s *Site) compute(r *http.Request, x jury.Round, in result.Inputs) (result.Result, error) {
	ctx := r.Context()
	body, err := result.Compute(in)
	if err != nil {
		return result.Result{}, err
	}
	var kept result.Result
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) (err error) {
		if err = jury.Unseal(ctx, tx, x.ID); err != nil {
			return err
		}
		kept, err = result.Keep(ctx, tx, actor(r).ID, x, in, body, s.version)
		return err
	})
	return kept, err
}

// computeAgain makes the result of what counts now the one that is shown. The
// one before stays on record.
func (s *Site) computeAgain(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	got, err := s.read(r, x, "")
	if err != nil {
		return err
	}
	back := roundURL(e, x) + "/results"
	if len(got.changes()) == 0 {
		return to(w, r, back)
	}
	body, err := result.Compute(got.now)
	if err != nil {
		return err
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "results.computed", "Computed again. The result before stays on record.")
		if err := jury.Unseal(ctx, tx, x.ID); err != nil {
			return "", err
		}
		_, err := result.Keep(ctx, tx, actor(r).ID, x, got.now, body, s.version)
		return back, err
	})
}

func (s *Site) showResults(w http.ResponseWriter, r *http.Request) error {
	return s.resultsPage(w, r, http.StatusOK, nil)
}

// resultPage is how many films stand on one page of the results.
const resultPage = 100

func (s *Site) resultsPage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	ctx := r.Context()
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	v := pages.Results{
		Desk: e.Desk(), Round: roundURL(e, x), URL: roundURL(e, x) + "/results", Panel: x.PanelName, Errors: errs,
		Title: locale.T(ctx, "results.title", "{{.Category}}: {{.Round}}, results", "Category", x.CategoryName, "Round", x.Name),
		View:  viewOf(r, x), Low: x.ScaleMin, High: x.ScaleMax, Named: r.URL.Query().Get("names") != "",
		Binding: pages.BindingWords(ctx, string(x.Binding)),
	}
	got, err := s.read(r, x, r.URL.Query().Get("computed"))
	switch p := problem.Of(err); {
	case p != nil && p.Kind == problem.Denied:
		v.Sealed = sealedWords(ctx, e, x, p)
	case err != nil:
		return err
	default:
		if err := s.fillResults(r, &v, e, x, got); err != nil {
			return err
		}
	}
	if errs["first"] != "" {
		v.First = text(r, "first")
	}
	f := s.organizerFrame(r, e, v.Title, "results")
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.ResultsPage(f, v))
}

// sealedWords says why nothing can be read, and in a round that was opened again
// until when.
func sealedWords(ctx context.Context, e festival.Edition, x jury.Round, p *problem.Problem) string {
	if x.ExtendedAt == nil {
		return locale.Say(ctx, p.Say)
	}
	return locale.T(ctx, "results.sealed-again", "More viewings are under way until {{.When}}. Until then the results are sealed again, and what was scored before stays as it was given.",
		"When", locale.DateTime(ctx, x.ClosesAt, e.Location(), e.City))
}

// resultViews are the views of a result; the list that counts comes first.
var resultViews = []string{"calibrated", "raw", "criteria", "scores", "discussion", "correction", "viewings"}

func viewOf(r *http.Request, x jury.Round) string {
	if asked := r.URL.Query().Get("view"); slices.Contains(resultViews, asked) {
		return asked
	}
	return string(x.Binding)
}

func (s *Site) fillResults(r *http.Request, v *pages.Results, e festival.Edition, x jury.Round, got resultRead) error {
	ctx := r.Context()
	b, err := report.Results(ctx, s.db, actor(r).ID, x, got.stored)
	if err != nil {
		return err
	}
	v.Binds = v.View == string(x.Binding)
	if v.View == string(jury.Raw) {
		b = b.By(jury.Raw)
	} else if v.View != string(x.Binding) {
		b = b.By(jury.Calibrated)
	}
	v.Lede, v.Notes, v.Old = resultsLede(ctx, e, b), resultNotes(ctx, b), got.old
	if !got.old {
		v.Changed = inputChanges(ctx, got.changes())
	}
	v.Stamp = stampWords(ctx, e, got.stored)
	v.Tabs, v.CSV, v.ShowTo = resultTabs(ctx, *v, x)
	if got.old {
		keepAsked(v, got.stored.Code)
	}
	v.Apart, v.Places = b.Apart, b.Result.Body.Line != nil
	v.From10, v.To10 = span(b)
	v.Line = math.NaN()
	if line := b.Result.Body.Line; line != nil {
		v.Line = *line
	}
	for _, c := range b.Rubric {
		v.Criteria = append(v.Criteria, c.Name)
	}
	if near := len(b.Close()); near > 0 {
		v.Discuss = v.URL + "?view=discussion"
		v.Close = locale.N(ctx, "results.discuss", near, "Open the discussion of one", "Open the discussion of {{.Count}}")
	}
	if v.Earlier, err = earlierResults(ctx, s.db, e, *v, got); err != nil {
		return err
	}
	return s.fillView(r, v, e, b)
}

// fillView fills what only the asked view shows.
func (s *Site) fillView(r *http.Request, v *pages.Results, e festival.Edition, b report.Board) error {
	ctx := r.Context()
	switch v.View {
	case "discussion":
		v.Discuss = ""
		fillRows(r, v, e, b, b.Close())
		return nil
	case "correction":
		v.Moves = correction(ctx, e, b, v.Binding)
		return nil
	case "viewings":
		return s.fillViewings(r, v, e, b)
	case "calibrated", "raw":
		v.First = firstPlaces(b)
		if v.View == "calibrated" {
			v.Jurors = jurorsOf(ctx, b)
		}
	}
	v.From = pageFrom(r, len(b.Rows))
	fillRows(r, v, e, b, b.Rows[v.From:min(v.From+resultPage, len(b.Rows))])
	v.Pager = queuePager(r, v.From, resultPage, len(b.Rows))
	return nil
}

// fillRows puts films into the page: those of a list with the line between them.
func fillRows(r *http.Request, v *pages.Results, e festival.Edition, b report.Board, rows []report.Row) {
	ctx, called, cut := r.Context(), b.Called(v.Named), -1
	if b.Round.Places != nil && b.Result.Body.Parts == 1 && v.View != "discussion" {
		cut = b.Above(*b.Round.Places) - 1
	}
	for i, film := range rows {
		row := resultRow(ctx, e, b, film)
		row.Estimate.Line = v.Line
		if at := v.From + i; at == cut && at < len(b.Rows)-1 {
			row.Cut = cutWords(ctx, *b.Round.Places, cut+1)
		}
		if v.View == "scores" || v.View == "discussion" {
			row.Given = givenRows(ctx, b, film, called)
		}
		row.Writing = row.Outcome != "" && !row.Told && r.URL.Query().Get("message") == row.Code
		v.Rows = append(v.Rows, row)
	}
}

// span is the part of the scale that the charts of a board need.
func span(b report.Board) (from, to float64) {
	from, to = float64(b.Round.ScaleMax), float64(b.Round.ScaleMin)
	for _, r := range b.Rows {
		if r.Out.Scores > 0 {
			from = min(from, r.Out.Raw, r.Out.Calibrated)
			to = max(to, r.Out.Raw, r.Out.Calibrated)
		}
		if r.Out.Known {
			from, to = min(from, r.Out.Low), max(to, r.Out.High)
		}
	}
	from, to = math.Floor(from*2)/2, math.Ceil(to*2)/2
	if to <= from {
		return float64(b.Round.ScaleMin), float64(b.Round.ScaleMax)
	}
	return from, to
}

// earlierResults links the results that are on record, when there are several.
func earlierResults(ctx context.Context, db pg.DB, e festival.Edition, v pages.Results, got resultRead) ([]components.Link, error) {
	lines, err := result.Stored(ctx, db, got.now)
	if err != nil || len(lines) < 2 {
		return nil, err
	}
	links := make([]components.Link, len(lines))
	for i, l := range lines {
		links[i] = components.Link{
			URL: v.URL + "?computed=" + url.QueryEscape(l.Code), Current: l.Code == got.stored.Code,
			Label: locale.DateTime(ctx, l.ComputedAt, e.Location(), e.City),
		}
	}
	return links, nil
}

// keepAsked lets the views of an earlier result lead to that result.
func keepAsked(v *pages.Results, code string) {
	add := func(to string) string {
		if strings.Contains(to, "?") {
			return to + "&computed=" + url.QueryEscape(code)
		}
		return to + "?computed=" + url.QueryEscape(code)
	}
	for i := range v.Tabs {
		v.Tabs[i].URL = add(v.Tabs[i].URL)
	}
	v.CSV, v.ShowTo = add(v.CSV), add(v.ShowTo)
}

func resultTabs(ctx context.Context, v pages.Results, x jury.Round) (tabs []components.Link, csv, names string) {
	link := func(view, label string) components.Link {
		to := v.URL
		if view != string(x.Binding) {
			to += "?view=" + view
		}
		return components.Link{URL: to, Label: label, Current: v.View == view}
	}
	tabs = []components.Link{
		link("calibrated", locale.T(ctx, "results.top-adjusted", "Adjusted for juror severity")),
		link("raw", locale.T(ctx, "results.raw-means", "Raw means")),
		link("criteria", locale.T(ctx, "results.by-criterion", "By criterion")),
		link("scores", locale.T(ctx, "results.every-score", "Every score")),
		link("correction", locale.T(ctx, "results.correction", "What the correction changes")),
	}
	if x.Places != nil {
		tabs = append(tabs, link("viewings", locale.T(ctx, "results.viewings", "Where one more viewing would help")))
	}
	csv, names = v.URL+".csv", v.URL+"?view=scores&names=1"
	if v.View == "scores" {
		csv += "?view=scores"
		if v.Named {
			csv, names = csv+"&names=1", v.URL+"?view=scores"
		}
	}
	return tabs, csv, names
}

// firstPlaces is the number that the form to decide on all begins with; empty
// when everybody on the board has been told, or when its parts cannot be
// compared.
func firstPlaces(b report.Board) string {
	open := false
	for _, row := range b.Rows {
		open = open || !row.Gone && (row.Decision == nil || row.Decision.ReleasedAt == nil)
	}
	switch {
	case !open || b.Round.Binding == jury.Calibrated && b.Result.Body.Parts > 1:
		return ""
	case b.Round.Places != nil:
		return strconv.Itoa(b.Above(*b.Round.Places))
	}
	return strconv.Itoa(max(1, len(b.Rows)/4))
}
