package site

import (
	"context"
	"slices"
	"strings"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/web/pages"
)

// balance is the length of each juror's list, now and in the draft.
func balance(ctx context.Context, b board) (lines []pages.BalanceLine, most int) {
	most = 1
	for _, x := range b.seen.Seats {
		before, after := b.before.Lists[x.AccountID], b.after.Lists[x.AccountID]
		line := pages.BalanceLine{
			Name: x.Name, Before: before.Films, After: after.Films, Time: hours(ctx, after.Seconds),
			Languages: strings.Join(x.Languages, ", "), Belongs: strings.Join(x.Affiliations, ", "), Limits: limitWords(ctx, b.seen.Loads[x.AccountID]),
		}
		if load := b.seen.Loads[x.AccountID]; line.After < load.Least || load.Most != nil && line.After > *load.Most {
			line.Over = true
		}
		if line.Languages != "" {
			line.Spoken = locale.LanguageNames(ctx, x.Languages)
		}
		line.Label = locale.T(ctx, "assign.balance-label", "{{.Juror}}: now {{.Before}}, draft {{.After}}", "Juror", x.Name, "Before", locale.Number(ctx, line.Before), "After", locale.Number(ctx, line.After))
		if !b.drafted() {
			line.Label = locale.T(ctx, "assign.balance-now", "{{.Juror}}: {{.Films}}", "Juror", x.Name, "Films", locale.Number(ctx, line.After))
		}
		most = max(most, line.Before, line.After)
		lines = append(lines, line)
	}
	return lines, most
}

func limitWords(ctx context.Context, l jury.Load) string {
	least := locale.T(ctx, "assign.limit-least", "{{.Least}} at least", "Least", locale.Number(ctx, l.Least))
	if l.Most == nil {
		if l.Least == 0 {
			return ""
		}
		return least
	}
	most := locale.T(ctx, "assign.limit-most", "{{.Most}} at most", "Most", locale.Number(ctx, *l.Most))
	if l.Least == 0 {
		return most
	}
	return locale.T(ctx, "assign.limit-both", "{{.Least}} to {{.Most}}", "Least", locale.Number(ctx, l.Least), "Most", locale.Number(ctx, *l.Most))
}

// silentJurors says how many have not said what they understand.
func silentJurors(ctx context.Context, b board) string {
	silent := len(b.seen.Seats) - telling(b)
	if silent == 0 {
		return ""
	}
	return locale.N(ctx, "assign.silent", silent,
		"One juror has not said which languages they understand: no rule about languages is applied to them.",
		"{{.Count}} jurors have not said which languages they understand: no rule about languages is applied to them.")
}

// How much of a difference is listed.
const (
	jurorsShown = 60
	titlesShown = 20 // of each juror
)

// jurorChanges is what the draft changes for whom; more is how many jurors are
// left out.
func jurorChanges(ctx context.Context, b board, add, remove []jury.Pair) (lines []pages.JurorChange, more int) {
	titles := map[entry.ID]string{}
	for _, f := range b.seen.Films {
		titles[f.ID] = f.Title
	}
	sort := func(pairs []jury.Pair) map[account.ID][]string {
		by := map[account.ID][]string{}
		for _, p := range pairs {
			if title := titles[p.Entry]; title != "" {
				by[p.Juror] = append(by[p.Juror], title)
			}
		}
		return by
	}
	comes, goes := sort(add), sort(remove)
	for _, s := range b.seen.Seats {
		in, out := comes[s.AccountID], goes[s.AccountID]
		if len(in)+len(out) == 0 {
			continue
		}
		if len(lines) == jurorsShown {
			more++
			continue
		}
		lines = append(lines, jurorChange(ctx, s.Name, in, out))
	}
	return lines, more
}

func jurorChange(ctx context.Context, name string, in, out []string) pages.JurorChange {
	slices.Sort(in)
	slices.Sort(out)
	c := pages.JurorChange{Name: name, Words: comesGoes(ctx, len(in), len(out)), Comes: in[:min(len(in), titlesShown)], Goes: out[:min(len(out), titlesShown)]}
	if beyond := len(in) + len(out) - len(c.Comes) - len(c.Goes); beyond > 0 {
		c.Beyond = locale.N(ctx, "assign.titles-more", beyond, "and one more", "and {{.Count}} more")
	}
	return c
}

func comesGoes(ctx context.Context, in, out int) string {
	var words []string
	if in > 0 {
		words = append(words, locale.T(ctx, "assign.n-new", "{{.Number}} new", "Number", locale.Number(ctx, in)))
	}
	if out > 0 {
		words = append(words, locale.T(ctx, "assign.n-gone", "{{.Number}} taken away", "Number", locale.Number(ctx, out)))
	}
	return strings.Join(words, ", ")
}

// changeLines are the changes on record.
func changeLines(ctx context.Context, b board) []pages.ChangeLine {
	zone := zoneOf(b.edition.Zone)
	var lines []pages.ChangeLine
	for _, c := range b.changes {
		line := pages.ChangeLine{
			Code: c.Code, When: locale.DateTime(ctx, c.At, zone, b.edition.City), Who: c.ActorName,
			What: changeWords(ctx, c), Films: comesGoes(ctx, c.Given, c.Taken), May: c.MayUndo,
		}
		if proved(c.Levels) {
			line.Proved = locale.T(ctx, "assign.was-proved", "Nobody could do better")
		}
		if c.UndoneAt != nil {
			line.Undone = undoneWords(ctx, c, locale.DateTime(ctx, *c.UndoneAt, zone, b.edition.City))
		}
		lines = append(lines, line)
	}
	return lines
}

func proved(levels []jury.Level) bool {
	return len(levels) > 0 && !slices.ContainsFunc(levels, func(l jury.Level) bool { return l.Value != l.Bound })
}

func changeWords(ctx context.Context, c jury.Change) string {
	reviews := 0
	if c.Reviews != nil {
		reviews = *c.Reviews
	}
	switch c.Kind {
	case string(jury.Evenly):
		return locale.N(ctx, "change.spread", reviews, "New draft, one viewer each", "New draft, {{.Count}} viewers each")
	case string(jury.Repair):
		return locale.N(ctx, "change.repair", reviews, "Repair, one viewer each", "Repair, {{.Count}} viewers each")
	case string(jury.ToAll):
		return locale.T(ctx, "change.all", "All films to all jurors")
	case string(jury.More):
		return locale.T(ctx, "change.more", "More viewings where they help")
	case "give":
		return locale.T(ctx, "change.give", "Given by hand")
	case "take":
		return locale.T(ctx, "change.take", "Taken back by hand")
	}
	return locale.T(ctx, "change.leave", "A juror left the jury")
}

func undoneWords(ctx context.Context, c jury.Change, when string) string {
	words := []string{locale.T(ctx, "assign.undone-by", "Undone by {{.Who}}, {{.When}}.", "Who", c.UndoneBy, "When", when)}
	if c.Stayed > 0 {
		words = append(words, locale.N(ctx, "assign.stayed", c.Stayed, "One film stayed: it had been begun.", "{{.Count}} films stayed: they had been begun."))
	}
	if c.Absent > 0 {
		words = append(words, locale.N(ctx, "assign.absent", c.Absent, "One film could not come back.", "{{.Count}} films could not come back."))
	}
	return strings.Join(words, " ")
}
