package site

import (
	"context"
	"math"
	"net/http"
	"strconv"

	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/report"
	"laurel/internal/result"
	"laurel/internal/tally"
	"laurel/web/pages"
)

// The numbers of viewers that a plan compares.
const (
	fewestViewers = 2
	mostViewers   = 6
)

// plan says what numbers of viewers would mean for a round in a category, judged
// by a panel. Figures that stand in a sent form go before those of the festival.
func (s *Site) plan(r *http.Request, category festival.CategoryID, panel jury.PanelID) (*pages.RoundPlan, error) {
	ctx := r.Context()
	figures, err := report.PlanOf(ctx, s.db, category, panel)
	if err != nil {
		return nil, err
	}
	past, err := result.Last(ctx, s.db, actor(r).ID, category)
	if err != nil {
		return nil, err
	}
	v := &pages.RoundPlan{
		Entries: typedOr(r, "plan_entries", figures.Entries), Jurors: typedOr(r, "plan_jurors", figures.Seats),
		Minutes: typedOr(r, "plan_minutes", (figures.Seconds+30)/60), Target: typedOr(r, "plan_target", 75),
	}
	components, basis := tally.Defaults, locale.T(ctx, "plan.basis-default",
		"How reliable a list is rests on what is usual: of what makes one score differ from another, a third or so is the film, the rest is taste and strictness. Once an edition has been judged here, its own figures stand in.")
	if past != nil {
		components = tally.Components{Entry: past.Entry, Juror: past.Juror, Residual: past.Residual}
		basis = locale.T(ctx, "plan.basis-past", "How reliable a list is rests on how the scores of this category came out in {{.Edition}}.", "Edition", past.Edition)
	}
	v.Basis = basis
	fillPlan(ctx, v, components)
	return v, nil
}

func typedOr(r *http.Request, name string, otherwise int) string {
	if r.Method == http.MethodPost && r.PostForm.Has(name) {
		return text(r, name)
	}
	if otherwise == 0 {
		return ""
	}
	return strconv.Itoa(otherwise)
}

// fillPlan works the table out, as far as the figures are there.
func fillPlan(ctx context.Context, v *pages.RoundPlan, c tally.Components) {
	entries, jurors, minutes, target, ok := planFigures(v)
	if !ok {
		v.Error = locale.T(ctx, "plan.figures", "Write how many films, jurors and minutes, as whole numbers from 1 (20,000 films and 500 jurors at most), and a reliability from 1 to 99.")
		return
	}
	for k := fewestViewers; k <= mostViewers; k++ {
		row := pages.PlanRow{Viewers: locale.Number(ctx, k), Films: "–", Hours: "–", Reliability: "–", Words: locale.T(ctx, "plan.more-than-jurors", "There are not so many jurors.")}
		if outlook, err := partOf(entries, jurors, k, c).Outlook(); k <= jurors && err == nil {
			load := (entries*k + jurors - 1) / jurors
			row.Films, row.Hours = locale.Number(ctx, load), hours(ctx, load*minutes*60)
			row.Reliability, row.Words = locale.Percent(ctx, outlook.Calibrated), reliabilityWords(ctx, outlook.Calibrated)
			row.Enough = outlook.Calibrated*100 >= float64(target)
		}
		v.Rows = append(v.Rows, row)
	}
	v.Needed = locale.T(ctx, "plan.never", "No number of viewers is enough for that.")
	if k, ok := c.ReviewsFor(float64(target) / 100); ok {
		v.Needed = locale.N(ctx, "plan.needed", k, "For {{.Target}}, one viewer for each film is enough.", "For {{.Target}}, each film needs {{.Count}} viewers.",
			"Target", locale.Percent(ctx, float64(target)/100))
	}
}

// planned is how many films a plan is worked out on. A larger round is looked at
// in part, with as many films for each juror: its list is as reliable.
const planned = 1000

func partOf(entries, jurors, reviews int, c tally.Components) tally.Plan {
	part := tally.Plan{Entries: entries, Jurors: jurors, Reviews: reviews, Components: &c}
	if entries > planned {
		part.Entries = planned
		part.Jurors = max(reviews, int(math.Round(float64(jurors)*planned/float64(entries))))
	}
	return part
}

func planFigures(v *pages.RoundPlan) (entries, jurors, minutes, target int, ok bool) {
	for _, f := range []struct {
		typed string
		into  *int
		most  int
	}{{v.Entries, &entries, 20_000}, {v.Jurors, &jurors, 500}, {v.Minutes, &minutes, 1440}, {v.Target, &target, 99}} {
		n, err := strconv.Atoi(locale.ASCII(f.typed))
		if err != nil || n < 1 || n > f.most {
			return 0, 0, 0, 0, false
		}
		*f.into = n
	}
	return entries, jurors, minutes, target, true
}
