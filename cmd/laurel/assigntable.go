package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// print says for people what came out: figures first, then who watches what.
func (a assigned) print(w io.Writer) error {
	var b strings.Builder
	for _, warning := range a.warnings {
		fmt.Fprintf(&b, "Note: %s\n", warning)
	}
	fmt.Fprintf(&b, "%s %s\n\n", a.outcome(), a.proof())
	a.printFigures(&b)
	if len(a.Shortages) > 0 {
		b.WriteString("\nMissing\n")
		for _, g := range a.Shortages {
			fmt.Fprintf(&b, "  %s\n    %s", g.Sentence, those("entry", "entries", a.entries, g.Entries))
			if len(g.Jurors) > 0 {
				fmt.Fprintf(&b, "; %s", those("juror", "jurors", a.jurors, g.Jurors))
			}
			b.WriteString("\n")
		}
	}
	a.printLists(&b)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}

// outcome says whether everything wanted is given.
func (a assigned) outcome() string {
	wanted := 0
	for _, e := range a.problem.Entries {
		wanted += e.Want
	}
	if a.Missing == 0 {
		return fmt.Sprintf("All %d viewings are given.", wanted)
	}
	return fmt.Sprintf("%d of %d viewings are missing.", a.Missing, wanted)
}

// proof says what is known of better assignments.
func (a assigned) proof() string {
	switch {
	case !a.Optimal:
		return "A better assignment was not ruled out."
	case a.problem.Before != nil:
		return "Nobody can change less, and no assignment that changes as little costs less: its prices prove it."
	case a.Repair != nil && a.Components <= 1:
		return "No other assignment that keeps the jury together costs less: a search with prices proves it."
	}
	return "No other assignment costs less: its prices prove it."
}

// printFigures prints what the assignment comes to.
func (a assigned) printFigures(b *strings.Builder) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "Cost\t%d: pairs %d, loads %d, missing viewings %d\n", a.Objective, a.PairCost, a.LoadCost, a.ShortageCost)
	fmt.Fprintf(t, "Lower bound\t%d\n", a.DualBound)
	if len(a.Loads) > 0 {
		fmt.Fprintf(t, "Loads\t%d to %d\n", slices.Min(a.Loads), slices.Max(a.Loads))
	}
	fmt.Fprintf(t, "Dearest pair\t%d", a.MaxPairCost)
	if a.Threshold >= 0 {
		fmt.Fprintf(t, "; pairs above %d were left out", a.Threshold)
	}
	fmt.Fprintln(t)
	if a.problem.Before != nil {
		fmt.Fprintf(t, "New pairs\t%d\n", a.NewPairs)
	}
	fmt.Fprintf(t, "Parts of the jury\t%d; %s\n", a.Components, a.comparison())
	fmt.Fprintf(t, "Seed\t%d\n", a.seed)
	t.Flush()
}

// comparison says whether jurors can be compared.
func (a assigned) comparison() string {
	said := "all jurors can be compared"
	if a.Components > 1 {
		said = "jurors of different parts cannot be compared"
	}
	if n := len(a.Bridges); n == 1 {
		said += "; one viewing alone holds a part together"
	} else if n > 1 {
		said += fmt.Sprintf("; %d viewings each hold a part together", n)
	}
	if a.Repair != nil && a.Components > 1 {
		said += "; no exchange can change that"
	}
	return said
}

// printLists prints who watches what.
func (a assigned) printLists(b *strings.Builder) {
	b.WriteString("\n")
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "Entry\tMissing\tJurors")
	for e, jurors := range a.Given {
		fmt.Fprintf(t, "%s\t%d\t%s\n", name(a.entries[e]), a.Short[e], names(a.jurors, jurors))
	}
	t.Flush()
	b.WriteString("\n")
	fmt.Fprintln(t, "Juror\tEntries\tAt most")
	for j, load := range a.Loads {
		fmt.Fprintf(t, "%s\t%d\t%d\n", name(a.jurors[j]), load, a.problem.Jurors[j].Max)
	}
	t.Flush()
}

// those are some entries or jurors by name, behind what they are.
func those(one, more string, all []ident, some []int) string {
	if len(some) == 1 {
		more = one
	}
	return more + " " + names(all, some)
}

// name is what an instance calls an entry or a juror, without quotes.
func name(id ident) string {
	var text string
	if json.Unmarshal(id, &text) == nil {
		return text
	}
	return string(id)
}

// names are those of some entries or jurors, parted by commas.
func names(all []ident, some []int) string {
	list := make([]string, len(some))
	for i, n := range some {
		list[i] = name(all[n])
	}
	return strings.Join(list, ", ")
}
