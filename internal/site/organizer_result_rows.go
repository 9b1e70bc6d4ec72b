package site

import (
	"context"
	"math"
	"strconv"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/report"
	"laurel/internal/result"
	"laurel/web/components"
	"laurel/web/pages"
)

func resultRow(ctx context.Context, e festival.Edition, b report.Board, row report.Row) pages.ResultRow {
	out := row.Out
	v := pages.ResultRow{
		Code: row.Code, URL: e.Desk() + "/entries/" + row.Code, Rank: row.Rank, Tied: row.Tied, Gone: row.Gone, Title: row.Title,
		Directors: locale.List(ctx, row.Directors), Scores: row.Scores(), Count: row.Summary.Count, Mean: row.Summary.Mean,
		From: row.Summary.Low, To: row.Summary.High, Moved: row.Moved(),
		Estimate: components.Estimated{From: out.Low, To: out.High, Value: out.Calibrated, Beside: out.Raw},
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
	if v.Count > 0 {
		estimateWords(ctx, &v, b, row)
	}
	return v
}

// estimateWords says what the calibrated value of a film means.
func estimateWords(ctx context.Context, v *pages.ResultRow, b report.Board, row report.Row) {
	out := row.Out
	v.Calibrated = locale.Decimal(ctx, out.Calibrated, digits(out))
	v.Why = whyMoved(ctx, b, row)
	if b.Result.Body.Parts > 1 {
		v.Part = locale.T(ctx, "results.part", "group {{.N}}", "N", locale.Number(ctx, out.Part+1))
	}
	if !out.Known {
		v.Words = locale.T(ctx, "results.words-raw", "Adjusted {{.Value}}; raw mean {{.Raw}}", "Value", v.Calibrated, "Raw", locale.Decimal(ctx, out.Raw, 2))
		return
	}
	v.Words = locale.T(ctx, "results.words", "Adjusted {{.Value}}, from {{.From}} to {{.To}}; raw mean {{.Raw}}",
		"Value", v.Calibrated, "From", locale.Decimal(ctx, out.Low, 1), "To", locale.Decimal(ctx, out.High, 1), "Raw", locale.Decimal(ctx, out.Raw, 2))
	v.Range = rankRange(ctx, out)
	if b.Result.Body.Line != nil {
		v.Suggest, v.Suggestion = suggestion(ctx, out)
	}
}

// digits is to how many places after the point a value is shown: as many as its
// uncertainty has in two significant figures, and two at most.
func digits(e result.Entry) int {
	if !e.Known || e.SE <= 0 {
		return 2
	}
	return min(2, max(0, 1-int(math.Floor(math.Log10(e.SE)))))
}

func rankRange(ctx context.Context, e result.Entry) string {
	if e.RankLow == e.RankHigh {
		return locale.Number(ctx, e.RankLow)
	}
	return locale.T(ctx, "results.rank-range", "{{.From}}–{{.To}}", "From", locale.Number(ctx, e.RankLow), "To", locale.Number(ctx, e.RankHigh))
}

// suggestion is what the numbers say of a film, with the kind of its tag. It
// decides nothing.
func suggestion(ctx context.Context, e result.Entry) (kind, words string) {
	switch {
	case e.Discuss:
		return "warn", locale.T(ctx, "results.suggest-discuss", "Discuss, {{.Chance}} in", "Chance", locale.Percent(ctx, e.Selected))
	case e.Selected >= 0.5:
		return "on", locale.T(ctx, "decision.select", "Select")
	}
	return "", locale.T(ctx, "decision.not-selected", "Not selected")
}

// whyMoved says what the correction did to a film, and why.
func whyMoved(ctx context.Context, b report.Board, row report.Row) string {
	severity := map[account.ID]report.Panelist{}
	for _, j := range b.Jurors {
		severity[j.ID] = j
	}
	harsh, kind := 0, 0
	for _, g := range row.Given {
		switch j := severity[g.JurorID]; {
		case j.Known && j.Severity < -j.SE:
			harsh++
		case j.Known && j.Severity > j.SE:
			kind++
		}
	}
	fair, drawn := row.Out.Adjusted-row.Out.Raw, row.Out.Calibrated-row.Out.Adjusted
	switch {
	case math.Abs(fair)+math.Abs(drawn) < 0.005:
		return locale.T(ctx, "results.why-nothing", "Nothing is corrected.")
	case math.Abs(fair) < noteworthy:
		return locale.N(ctx, "results.why-few", row.Out.Scores, "With one score the value is drawn towards the middle.", "With {{.Count}} scores the value is drawn a little towards the middle.")
	case fair > 0 && harsh > 0:
		return locale.N(ctx, "results.why-harsh", harsh, "Seen by one of the harsher jurors.", "Seen by {{.Count}} of the harsher jurors.")
	case fair < 0 && kind > 0:
		return locale.N(ctx, "results.why-kind", kind, "Seen by one of the kinder jurors.", "Seen by {{.Count}} of the kinder jurors.")
	case fair > 0:
		return locale.T(ctx, "results.why-harsher", "Its jurors together are a little harsher than the panel.")
	}
	return locale.T(ctx, "results.why-kinder", "Its jurors together are a little kinder than the panel.")
}

// noteworthy is from how many points on a correction for severity is the reason
// that is told.
const noteworthy = 0.05

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

// signed writes a difference with its sign: "+0.57", "−0.69". On a page written
// from right to left a mark keeps the sign before its figure.
func signed(ctx context.Context, v float64, digits int) string {
	text, mark := locale.Decimal(ctx, math.Abs(v), digits), ""
	if locale.Dir(ctx) == "rtl" {
		mark = "\u200e"
	}
	switch {
	case math.Abs(v) < math.Pow10(-digits)/2:
		return text
	case v < 0:
		return mark + "−" + text
	}
	return mark + "+" + text
}

// correction compares the lists, as far as places go.
func correction(ctx context.Context, e festival.Edition, b report.Board, binding string) *pages.Correction {
	raw, fair := b.By("raw"), b.By("calibrated")
	top := min(10, len(b.Rows))
	if b.Round.Places != nil {
		top = min(*b.Round.Places, len(b.Rows))
	}
	v := &pages.Correction{
		Binding: binding,
		Places:  locale.N(ctx, "results.top", top, "The first film", "The first {{.Count}} films"),
	}
	v.Raw = correctionLines(ctx, raw.Rows[:top], fair.Rows[:top], func(r report.Row) float64 { return r.Out.Raw })
	v.Fair = correctionLines(ctx, fair.Rows[:top], raw.Rows[:top], func(r report.Row) float64 { return r.Out.Calibrated })
	differ := 0
	for _, line := range v.Fair {
		if line.Only {
			differ++
		}
	}
	v.Lede = locale.T(ctx, "results.correction-same", "Both lists have the same films at the top. The correction changes nothing about who would be in.")
	if differ > 0 {
		v.Lede = locale.N(ctx, "results.correction-differ", differ, "One film would be in by one list and out by the other.", "{{.Count}} films would be in by one list and out by the other.")
	}
	for _, row := range fair.Rows {
		if row.Moved() == 0 || row.Rank == 0 {
			continue
		}
		v.Movers = append(v.Movers, pages.MoverLine{
			Title: row.Title, URL: e.Desk() + "/entries/" + row.Code, Moved: row.Moved(), Why: whyMoved(ctx, b, row),
			From: locale.T(ctx, "results.from-to", "{{.From}} to {{.To}}", "From", locale.Number(ctx, row.Out.RawRank), "To", locale.Number(ctx, row.Out.Rank)),
			By:   signed(ctx, row.Out.Calibrated-row.Out.Raw, 2),
		})
	}
	return v
}

func correctionLines(ctx context.Context, list, other []report.Row, value func(report.Row) float64) []pages.CorrectionLine {
	there := map[entry.ID]bool{}
	for _, r := range other {
		there[r.EntryID] = true
	}
	var lines []pages.CorrectionLine
	for _, r := range list {
		if r.Rank == 0 {
			continue
		}
		lines = append(lines, pages.CorrectionLine{
			Rank: strconv.Itoa(r.Rank), Title: r.Title, Value: locale.Decimal(ctx, value(r), 2), Only: !there[r.EntryID],
		})
	}
	return lines
}
