package site

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	decisions "laurel/internal/decision"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/report"
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

// results reads a round's board in a transaction of its own.
func (s *Site) results(r *http.Request, x jury.Round) (report.Board, error) {
	var b report.Board
	err := pgx.BeginFunc(r.Context(), s.db, func(tx pgx.Tx) (err error) {
		b, err = report.Results(r.Context(), tx, actor(r).ID, x)
		return err
	})
	return b, err
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
		View:  r.URL.Query().Get("view"), Low: x.ScaleMin, High: x.ScaleMax, Named: r.URL.Query().Get("names") != "",
	}
	b, err := s.results(r, x)
	if p := problem.Of(err); p != nil && p.Kind == problem.Denied {
		v.Sealed = locale.Say(ctx, p.Say)
	} else if err != nil {
		return err
	}
	if v.Sealed == "" {
		fillResults(r, &v, e, b)
	}
	f := s.organizerFrame(r, e, v.Title, "results")
	return s.page(w, r, status, pages.ResultsPage(f, v))
}

func fillResults(r *http.Request, v *pages.Results, e festival.Edition, b report.Board) {
	ctx := r.Context()
	v.Lede = resultsLede(ctx, e, b)
	v.Tabs, v.CSV, v.ShowTo = resultTabs(ctx, *v)
	v.Apart = b.Apart
	for n := v.Low; n <= v.High; n++ {
		if v.High-v.Low <= 5 || (n-v.Low)%3 == 0 {
			v.Ticks = append(v.Ticks, n)
		}
	}
	for _, c := range b.Rubric {
		v.Criteria = append(v.Criteria, c.Name)
	}
	cut := -1
	if b.Round.Places != nil {
		cut = b.Above(*b.Round.Places) - 1
	}
	called := b.Called(v.Named)
	v.From = pageFrom(r, len(b.Rows))
	for i := v.From; i < min(v.From+resultPage, len(b.Rows)); i++ {
		row := resultRow(ctx, e, b, b.Rows[i])
		if i == cut && i < len(b.Rows)-1 {
			row.Cut = cutWords(ctx, *b.Round.Places, cut+1)
		}
		if v.View == "scores" {
			row.Given = givenRows(ctx, b, b.Rows[i], called)
		}
		row.Writing = row.Outcome != "" && !row.Told && r.URL.Query().Get("message") == row.Code
		v.Rows = append(v.Rows, row)
	}
	v.Pager = queuePager(r, v.From, resultPage, len(b.Rows))
	v.First = firstPlaces(b)
}

func resultsLede(ctx context.Context, e festival.Edition, b report.Board) string {
	lede := locale.T(ctx, "results.lede", "{{.Films}}, {{.Jurors}}, {{.Scores}}. Closed {{.When}}.",
		"Films", locale.N(ctx, "round.n-films", len(b.Rows), "One film", "{{.Count}} films"),
		"Jurors", locale.N(ctx, "panel.seats", b.Jurors, "one juror", "{{.Count}} jurors"),
		"Scores", locale.N(ctx, "results.n-scores", b.Scores, "one score", "{{.Count}} scores"),
		"When", locale.DateTime(ctx, b.Round.EndedAt(), e.Location(), e.City))
	if b.Round.Places == nil {
		return lede
	}
	places := *b.Round.Places
	lede += " " + locale.N(ctx, "results.places", places, "There is one place.", "There are {{.Count}} places.")
	if above := b.Above(places); above < places && above < len(b.Rows) && b.Rows[above].Rank > 0 {
		lede += " " + locale.N(ctx, "results.tie", places-above, "Films are tied for the last one: talk about them.", "Films are tied for the last {{.Count}}: talk about them.")
	}
	return lede
}

func cutWords(ctx context.Context, places, above int) string {
	if above < places {
		return locale.N(ctx, "results.cut-tied", above, "One film is clear. The next share a rank across the line.", "{{.Count}} films are clear. The next share a rank across the line.")
	}
	return locale.N(ctx, "results.cut", places, "The place ends here", "The {{.Count}} places end here")
}

// firstPlaces is the number that the form to decide on all begins with; empty
// when everybody on the board has been told.
func firstPlaces(b report.Board) string {
	open := false
	for _, row := range b.Rows {
		open = open || row.Decision == nil || row.Decision.ReleasedAt == nil
	}
	switch {
	case !open:
		return ""
	case b.Round.Places != nil:
		return strconv.Itoa(b.Above(*b.Round.Places))
	}
	return strconv.Itoa(max(1, len(b.Rows)/4))
}

func resultTabs(ctx context.Context, v pages.Results) (tabs []components.Link, csv, names string) {
	link := func(view, label string) components.Link {
		to := v.URL
		if view != "" {
			to += "?view=" + view
		}
		return components.Link{URL: to, Label: label, Current: v.View == view}
	}
	tabs = []components.Link{
		link("", locale.T(ctx, "results.means", "Means")),
		link("criteria", locale.T(ctx, "results.by-criterion", "By criterion")),
		link("scores", locale.T(ctx, "results.every-score", "Every score")),
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

func resultRow(ctx context.Context, e festival.Edition, b report.Board, row report.Row) pages.ResultRow {
	v := pages.ResultRow{
		Code: row.Code, URL: e.Desk() + "/entries/" + row.Code, Rank: row.Rank, Tied: row.Tied, Title: row.Title,
		Directors: locale.List(ctx, row.Directors), Scores: row.Scores(), Count: row.Summary.Count, Mean: row.Summary.Mean,
		From: row.Summary.Low, To: row.Summary.High,
	}
	if v.Count > 1 {
		v.Spread = locale.Decimal(ctx, row.Summary.Spread, 2)
	}
	words := make([]string, len(v.Scores))
	for i, score := range v.Scores {
		words[i] = locale.Decimal(ctx, score, 1)
	}
	v.Label = locale.T(ctx, "results.scores-label", "Scores {{.Scores}}", "Scores", locale.List(ctx, words))
	for _, c := range row.Criteria {
		mean := "–"
		if c.Count > 0 {
			mean = locale.Decimal(ctx, c.Mean, 2)
		}
		v.Means = append(v.Means, mean)
	}
	if d := row.Decision; d != nil {
		v.Outcome, v.Told, v.Message = string(d.Outcome), d.ReleasedAt != nil, d.Message
	}
	return v
}

func givenRows(ctx context.Context, b report.Board, row report.Row, called map[account.ID]string) []pages.GivenRow {
	rows := make([]pages.GivenRow, len(row.Given))
	for i, g := range row.Given {
		rows[i] = pages.GivenRow{Juror: called[g.JurorID], Score: locale.Decimal(ctx, g.Score, 2), Feedback: g.Feedback}
		for _, c := range b.Rubric {
			mark := "–"
			if n, given := g.Marks[int64(c.ID)]; given {
				mark = locale.Number(ctx, n)
			}
			rows[i].Marks = append(rows[i].Marks, mark)
		}
	}
	return rows
}

// exportResults sends the means, or every score, as a file for a spreadsheet.
func (s *Site) exportResults(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	b, err := s.results(r, x)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	file.WriteString("\ufeff")
	name := "results"
	if r.URL.Query().Get("view") == "scores" {
		name = "scores"
		err = b.WriteScores(&file, e.Prefix, r.URL.Query().Get("names") != "")
	} else {
		err = b.WriteResults(&file, e.Prefix)
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s-%s.csv"`, e.FestivalSlug, e.Slug, name))
	h.Set("Cache-Control", "no-store")
	_, err = file.WriteTo(w)
	return ignoreGone(err)
}

// saveDecisions decides on one film, or on all films of the board.
func (s *Site) saveDecisions(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	act, code := r.PostForm.Get("act"), ""
	for _, name := range []string{"select", "decline", "clear", "message-for"} {
		if c := r.PostForm.Get(name); c != "" {
			act, code = name, c
		}
	}
	back := roundURL(e, x) + "/results"
	if from := r.PostForm.Get("from"); from != "" && from != "0" {
		back += "?from=" + url.QueryEscape(from)
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		if act == "first" {
			return back, s.selectFirst(ctx, tx, w, r, e, x)
		}
		return back + "#f-" + code, decide(ctx, tx, r, e, act, code)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.resultsPage(w, r, status, errs)
	}
	return err
}

func decide(ctx context.Context, tx pgx.Tx, r *http.Request, e festival.Edition, act, code string) error {
	by := actor(r).ID
	switch act {
	case "select":
		return decisions.Set(ctx, tx, by, e.ID, code, decisions.Selected, "")
	case "decline":
		return decisions.Set(ctx, tx, by, e.ID, code, decisions.NotSelected, "")
	case "clear":
		return decisions.Clear(ctx, tx, by, e.ID, code)
	case "message-for":
		outcome := decisions.NotSelected
		if r.PostForm.Get("outcome") == string(decisions.Selected) {
			outcome = decisions.Selected
		}
		return decisions.Set(ctx, tx, by, e.ID, code, outcome, text(r, "message"))
	}
	return problem.Missing()
}

// selectFirst selects the films with the highest ranks and turns the others
// down, in one act. Films without a score are left undecided.
func (s *Site) selectFirst(ctx context.Context, tx pgx.Tx, w http.ResponseWriter, r *http.Request, e festival.Edition, x jury.Round) error {
	n, err := strconv.Atoi(locale.ASCII(text(r, "first")))
	if err != nil || n < 0 {
		return problem.Field("first", "form.number", "Write a whole number in figures.")
	}
	b, err := report.Results(ctx, tx, actor(r).ID, x)
	if err != nil {
		return err
	}
	above := b.Above(n)
	var selected, rest []entry.ID
	for i, row := range b.Rows {
		switch {
		case i < above:
			selected = append(selected, row.EntryID)
		case row.Rank > 0 && row.Rank > n:
			rest = append(rest, row.EntryID)
		}
	}
	if _, err := decisions.SetMany(ctx, tx, actor(r).ID, e.ID, selected, rest); err != nil {
		return err
	}
	if above < n && above < len(b.Rows) {
		s.flash(w, "results.decided-tied", "Decided, but for films that are tied across the line or have no score. Nobody is told before you release the decisions.")
	} else {
		s.flash(w, "results.decided", "Decided. Nobody is told before you release the decisions.")
	}
	return nil
}
