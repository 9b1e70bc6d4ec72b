package site

import (
	"cmp"
	"context"
	"math"
	"slices"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/report"
	"laurel/internal/result"
	"laurel/web/pages"
)

// jurorsOf says what a result says about the jury.
func jurorsOf(ctx context.Context, b report.Board) *pages.ResultJurors {
	v := &pages.ResultJurors{Span: 0.5}
	for _, j := range b.Jurors {
		if j.Known {
			v.Span = max(v.Span, math.Abs(j.Low), math.Abs(j.High))
		}
	}
	severest := slices.Clone(b.Jurors)
	slices.SortStableFunc(severest, func(x, y report.Panelist) int { return cmp.Compare(x.Severity, y.Severity) })
	for _, j := range severest {
		if j.Known {
			v.Severity = append(v.Severity, severityRow(ctx, j))
		}
	}
	closest := slices.Clone(b.Jurors)
	slices.SortStableFunc(closest, func(x, y report.Panelist) int { return cmp.Compare(y.Rest, x.Rest) })
	for _, j := range closest {
		if j.RestOf > 0 {
			figure := signedLess(ctx, j.Rest)
			v.Rest = append(v.Rest, pages.RestRow{Name: j.Name, Value: j.Rest, Figure: figure,
				Words: locale.N(ctx, "results.rest-words", j.RestOf, "{{.Juror}}: {{.R}}, on one film", "{{.Juror}}: {{.R}}, on {{.Count}} films", "Juror", j.Name, "R", figure)})
		}
	}
	v.Alpha, v.AlphaText = alphaWords(ctx, b.Result.Body.Agreement)
	v.Lines = reliabilityLines(ctx, b.Result.Body.Agreement)
	v.Signs, v.Without = signRows(ctx, b), withoutLines(ctx, b)
	return v
}

// signedLess writes a correlation: a plain figure unless it is below zero.
func signedLess(ctx context.Context, v float64) string {
	if v < 0 {
		return signed(ctx, v, 2)
	}
	return locale.Decimal(ctx, v, 2)
}

func severityRow(ctx context.Context, j report.Panelist) pages.SeverityRow {
	return pages.SeverityRow{
		Name: j.Name, Value: j.Severity, From: j.Low, To: j.High, Figure: signed(ctx, j.Severity, 2),
		Words: locale.T(ctx, "results.severity-words", "{{.Juror}}: {{.Points}}, from {{.From}} to {{.To}}",
			"Juror", j.Name, "Points", signed(ctx, j.Severity, 2), "From", signed(ctx, j.Low, 2), "To", signed(ctx, j.High, 2)),
	}
}

// alphaWords is Krippendorff's alpha with its meaning.
func alphaWords(ctx context.Context, a result.Agreement) (figure, words string) {
	if a.Alpha == nil {
		return "", locale.T(ctx, "results.alpha-none", "Agreement cannot be measured here: no film has scores by two jurors, or all scores are equal.")
	}
	words = locale.T(ctx, "results.alpha-text", "Krippendorff’s alpha, where 1 is full agreement and 0 is chance. Film juries usually lie between 0.2 and 0.6: taste differs, and should.")
	if a.AlphaLow != nil {
		words += " " + locale.T(ctx, "results.alpha-range", "Drawing the films again would give {{.From}} to {{.To}} nineteen times in twenty.",
			"From", signedLess(ctx, *a.AlphaLow), "To", signedLess(ctx, *a.AlphaHigh))
	}
	if a.AlphaAdjusted != nil {
		words += " " + locale.T(ctx, "results.alpha-adjusted", "With strictness taken out it is {{.Alpha}}.", "Alpha", signedLess(ctx, *a.AlphaAdjusted))
	}
	return signedLess(ctx, *a.Alpha), words
}

// reliabilityLines say how far the list would come out the same again.
func reliabilityLines(ctx context.Context, a result.Agreement) []string {
	if a.List == nil || a.Single == nil || a.SingleFair == nil {
		return []string{locale.T(ctx, "results.reliable-none", "These scores do not tell how far the list can be trusted.")}
	}
	lines := []string{
		locale.T(ctx, "results.reliable-list", "Reliability of this list: {{.Share}}. {{.Words}}", "Share", locale.Percent(ctx, *a.List), "Words", reliabilityWords(ctx, *a.List)),
		locale.T(ctx, "results.reliable-single", "Of what makes one score differ from another, {{.Single}} is the film; with strictness taken out {{.Fair}}. The rest is taste and chance, which several viewers even out.",
			"Single", locale.Percent(ctx, *a.Single), "Fair", locale.Percent(ctx, *a.SingleFair)),
	}
	if a.Enough > 0 {
		lines = append(lines, locale.N(ctx, "results.reliable-enough", a.Enough, "For 80 % next year, one viewer for each film would do.", "For 80 % next year, give each film {{.Count}} viewers."))
	}
	return lines
}

// reliabilityWords puts a reliability between 0 and 1 into words.
func reliabilityWords(ctx context.Context, share float64) string {
	switch {
	case share >= 0.9:
		return locale.T(ctx, "reliable.firm", "Another jury would draw up nearly the same list.")
	case share >= 0.75:
		return locale.T(ctx, "reliable.good", "Another jury would draw up much the same list, with changes near the line.")
	case share >= 0.5:
		return locale.T(ctx, "reliable.moderate", "Another jury would agree on the best and the weakest, and differ in the middle.")
	}
	return locale.T(ctx, "reliable.poor", "Another jury would draw up a clearly different list.")
}

// titles are the names of films on a board.
func titles(b report.Board) map[entry.ID]string {
	names := map[entry.ID]string{}
	for _, r := range b.Rows {
		names[r.EntryID] = r.Title
	}
	return names
}
