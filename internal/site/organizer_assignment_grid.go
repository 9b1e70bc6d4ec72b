package site

import (
	"context"
	"net/http"
	"strings"

	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/web/components"
	"laurel/web/pages"
)

// gridView is the part of the table that is asked for.
func gridView(ctx context.Context, r *http.Request, v *pages.AssignmentDesk, b board) {
	for _, x := range b.seen.Seats {
		given, _, _ := strings.Cut(x.Name, " ")
		v.Jurors = append(v.Jurors, pages.JurorHead{Name: given, Whole: x.Name})
	}
	v.Hidden = len(b.desk.Films) - len(b.seen.Films)
	v.From = pageFrom(r, len(b.seen.Films))
	cause := b.seen.Causes()
	viewers := map[int64]int{}
	for p := range b.plan.Pairs {
		viewers[int64(p.Entry)]++
	}
	for _, f := range b.seen.Films[v.From:min(v.From+gridPage, len(b.seen.Films))] {
		line := pages.GridLine{Title: f.Title, Viewers: viewers[int64(f.ID)], Short: viewers[int64(f.ID)] < b.how.Reviews}
		for _, x := range b.seen.Seats {
			line.Cells = append(line.Cells, gridCell(ctx, b, f, x, cause(f, x)))
		}
		v.Films = append(v.Films, line)
	}
	v.Pager = queuePager(r, v.From, gridPage, len(b.seen.Films))
}

func gridCell(ctx context.Context, b board, f jury.Film, x jury.Seat, why jury.Cause) pages.GridCell {
	p := jury.Pair{Entry: f.ID, Juror: x.AccountID}
	c := pages.GridCell{Viewing: viewing(b, p, why)}
	c.Label = cellWords(ctx, b, c.Viewing, why, p)
	if b.drafted() || b.fixed {
		return c
	}
	switch c.Viewing {
	case components.Stays:
		c.Act = "take:" + f.Code + ":" + x.Code
		c.Label = locale.T(ctx, "assign.take", "{{.Juror}} watches it. Take it back.", "Juror", x.Name)
	case components.None:
		c.Act = "give:" + f.Code + ":" + x.Code
		c.Label = locale.T(ctx, "assign.give", "Give it to {{.Juror}}", "Juror", x.Name)
	case components.Unheard:
		c.Act = "give:" + f.Code + ":" + x.Code
		c.Label = locale.T(ctx, "assign.give-unheard", "Give it to {{.Juror}}, who has no language in common with it", "Juror", x.Name)
	case components.New, components.Gone, components.Apart:
	}
	return c
}

func viewing(b board, p jury.Pair, why jury.Cause) components.Viewing {
	now, plan := b.plan.Now[p], b.plan.Pairs[p]
	switch {
	case now && plan:
		return components.Stays
	case plan:
		return components.New
	case now:
		return components.Gone
	}
	switch why {
	case jury.Conflicted, jury.Suspected, jury.Stepped:
		return components.Apart
	case jury.Unheard:
		return components.Unheard
	case jury.Possible, jury.Full, jury.Enough, jury.Dearer:
	}
	return components.None
}

// cellWords says what a cell shows, and of a juror who does not watch the film
// why not.
func cellWords(ctx context.Context, b board, v components.Viewing, why jury.Cause, p jury.Pair) string {
	switch v {
	case components.Stays:
		if !b.drafted() {
			return locale.T(ctx, "assign.watches", "watches it")
		}
		return locale.T(ctx, "assign.stays", "stays")
	case components.New:
		return locale.T(ctx, "assign.new", "new")
	case components.Gone:
		return goneWords(ctx, why)
	case components.Apart, components.Unheard:
		return causeWords(ctx, why)
	case components.None:
	}
	if len(b.hidden) > 0 {
		return causeWords(ctx, jury.Possible)
	}
	return causeWords(ctx, b.plan.Why(p))
}

func goneWords(ctx context.Context, why jury.Cause) string {
	if why == jury.Possible {
		return locale.T(ctx, "assign.gone", "taken away")
	}
	return locale.T(ctx, "assign.gone-why", "taken away: {{.Why}}", "Why", causeWords(ctx, why))
}

func causeWords(ctx context.Context, why jury.Cause) string {
	switch why {
	case jury.Conflicted:
		return locale.T(ctx, "assign.conflict", "conflict")
	case jury.Suspected:
		return locale.T(ctx, "assign.suspected", "conflict found, nobody has answered")
	case jury.Stepped:
		return locale.T(ctx, "assign.stepped", "recused")
	case jury.Unheard:
		return locale.T(ctx, "assign.unheard", "no common language")
	case jury.Full:
		return locale.T(ctx, "assign.why-full", "not given: the list is full")
	case jury.Enough:
		return locale.T(ctx, "assign.why-enough", "not given: the film has its viewers")
	case jury.Dearer:
		return locale.T(ctx, "assign.why-dearer", "not given: it would make the whole worse")
	case jury.Possible:
	}
	return locale.T(ctx, "assign.not-given", "not given")
}
