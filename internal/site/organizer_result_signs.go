package site

import (
	"context"
	"math"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/report"
	"laurel/internal/result"
	"laurel/web/pages"
)

// signRows are what stands out in jurors' scores, in words.
func signRows(ctx context.Context, b report.Board) []pages.SignRow {
	var rows []pages.SignRow
	films := titles(b)
	for _, j := range b.Jurors {
		row := pages.SignRow{Name: j.Name}
		for _, s := range j.Signs {
			if s.Flagged {
				row.Text = append(row.Text, signWords(ctx, s, films))
			}
		}
		if len(row.Text) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// signWords says what stands out, with how sure that is.
func signWords(ctx context.Context, s result.Sign, films map[entry.ID]string) string {
	value, give := locale.Decimal(ctx, math.Abs(s.Value), 2), locale.Decimal(ctx, s.SE, 2)
	switch s.Kind {
	case result.Severity:
		if s.Value < 0 {
			return locale.T(ctx, "sign.harsh", "Scores {{.Points}} points below the panel, give or take {{.SE}}. That is taken out of the adjusted list.", "Points", value, "SE", give)
		}
		return locale.T(ctx, "sign.kind", "Scores {{.Points}} points above the panel, give or take {{.SE}}. That is taken out of the adjusted list.", "Points", value, "SE", give)
	case result.Favourite:
		return locale.T(ctx, "sign.favourite", "Gave the same score to {{.Share}} of the films; for the others that is {{.Usual}}.", "Share", locale.Percent(ctx, s.Value), "Usual", locale.Percent(ctx, s.Expected))
	case result.LongestRun:
		return locale.N(ctx, "sign.run", int(s.Value), "Gave one score in a row.", "Gave {{.Count}} equal scores in a row; about {{.Usual}} would be usual.", "Usual", locale.Decimal(ctx, s.Expected, 0))
	case result.FlatReviews:
		return locale.T(ctx, "sign.flat", "Gave {{.Share}} of the films the same mark on every criterion; for the others that is {{.Usual}}.", "Share", locale.Percent(ctx, s.Value), "Usual", locale.Percent(ctx, s.Expected))
	case result.Outlying:
		if s.Value < 0 {
			return locale.T(ctx, "sign.outlying-low", "Gave {{.Film}} {{.Points}} points less than everything else makes one expect. Ask whether it was meant so.", "Film", films[s.Entry], "Points", value)
		}
		return locale.T(ctx, "sign.outlying-high", "Gave {{.Film}} {{.Points}} points more than everything else makes one expect. Ask whether it was meant so.", "Film", films[s.Entry], "Points", value)
	case result.Drift, result.Contrast, result.Jump:
		return sequenceWords(ctx, s)
	case result.Outfit, result.Infit, result.Accord, result.Slope, result.Spread:
	}
	return consistencyWords(ctx, s)
}

// sequenceWords are about the order in which films were scored.
func sequenceWords(ctx context.Context, s result.Sign) string {
	value, give := locale.Decimal(ctx, math.Abs(s.Value), 2), locale.Decimal(ctx, s.SE, 2)
	switch {
	case s.Kind == result.Jump:
		return locale.T(ctx, "sign.jump", "The level of the scores changes once in the course of judging.")
	case s.Kind == result.Drift && s.Value < 0:
		return locale.T(ctx, "sign.drift-down", "Scores fall in the course of judging: by {{.Points}} points a film, give or take {{.SE}}.", "Points", value, "SE", give)
	case s.Kind == result.Drift:
		return locale.T(ctx, "sign.drift-up", "Scores rise in the course of judging: by {{.Points}} points a film, give or take {{.SE}}.", "Points", value, "SE", give)
	case s.Value < 0:
		return locale.T(ctx, "sign.contrast", "After a good film the next one is scored lower: by {{.Points}} points for each point, give or take {{.SE}}.", "Points", value, "SE", give)
	}
	return locale.T(ctx, "sign.carry", "After a good film the next one is scored higher: by {{.Points}} points for each point, give or take {{.SE}}.", "Points", value, "SE", give)
}

// consistencyWords are about how scores follow the others' view of the films.
func consistencyWords(ctx context.Context, s result.Sign) string {
	value, give, usual := signedLess(ctx, s.Value), locale.Decimal(ctx, s.SE, 2), signedLess(ctx, s.Expected)
	above := s.Value > s.Expected
	switch {
	case s.Kind == result.Accord && above:
		return locale.T(ctx, "sign.accord-high", "Goes with the others’ view more than usual: {{.Value}}, give or take {{.SE}}, where the panel has {{.Usual}}.", "Value", value, "SE", give, "Usual", usual)
	case s.Kind == result.Accord:
		return locale.T(ctx, "sign.accord-low", "Goes with the others’ view less than usual: {{.Value}}, give or take {{.SE}}, where the panel has {{.Usual}}.", "Value", value, "SE", give, "Usual", usual)
	case s.Kind == result.Slope && above:
		return locale.T(ctx, "sign.slope-high", "Sees larger differences between films than the others do: {{.Value}} times, give or take {{.SE}}.", "Value", value, "SE", give)
	case s.Kind == result.Slope:
		return locale.T(ctx, "sign.slope-low", "Sees smaller differences between films than the others do: {{.Value}} times, give or take {{.SE}}.", "Value", value, "SE", give)
	case s.Kind == result.Spread && above:
		return locale.T(ctx, "sign.spread-wide", "Uses more of the scale than one expects: {{.Value}} times as much, give or take {{.SE}}.", "Value", value, "SE", give)
	case s.Kind == result.Spread:
		return locale.T(ctx, "sign.spread-narrow", "Uses less of the scale than one expects: {{.Value}} times as much, give or take {{.SE}}.", "Value", value, "SE", give)
	case above:
		return locale.T(ctx, "sign.fit-far", "Scores lie further from the others’ than one expects: {{.Value}} where 1 is usual, give or take {{.SE}}.", "Value", value, "SE", give)
	}
	return locale.T(ctx, "sign.fit-near", "Scores lie nearer to the others’ than one expects: {{.Value}} where 1 is usual, give or take {{.SE}}.", "Value", value, "SE", give)
}

// leastInfluence is below what a change of a chance is no more than the draws'
// own noise.
const leastInfluence = 0.1

// withoutLines say what the list owes to single jurors.
func withoutLines(ctx context.Context, b report.Board) []string {
	chances, films := map[entry.ID]float64{}, titles(b)
	for _, e := range b.Result.Body.Entries {
		chances[e.ID] = e.Selected
	}
	var lines []string
	some := false
	for _, j := range b.Jurors {
		if j.Without == nil {
			continue
		}
		some = true
		if math.Abs(j.Without.Change) < leastInfluence || films[j.Without.Entry] == "" {
			continue
		}
		now := chances[j.Without.Entry]
		lines = append(lines, locale.T(ctx, "results.without-line", "Without the scores of {{.Juror}} the chance of {{.Film}} to be in would go from {{.From}} to about {{.To}}.",
			"Juror", j.Name, "Film", films[j.Without.Entry], "From", locale.Percent(ctx, now), "To", locale.Percent(ctx, max(0, min(1, now+j.Without.Change)))))
	}
	if some && len(lines) == 0 {
		lines = []string{locale.T(ctx, "results.without-nobody", "The list hangs on nobody: without any one juror no film’s chance would change by more than a tenth.")}
	}
	return lines
}

// shakyNote names the films whose chance rests on a few unusual scores; empty:
// none does.
func shakyNote(ctx context.Context, b report.Board) string {
	var list []string
	for _, r := range b.Rows {
		if r.Out.Shaky {
			list = append(list, r.Title)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return locale.T(ctx, "results.shaky", "What one or two unusual scores say weighs heavily for: {{.Films}}. Counting those scores less would change the chance to be in by more than a fifth.", "Films", locale.List(ctx, list))
}
