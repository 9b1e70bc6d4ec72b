package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"laurel/internal/tally"
)

// print says for people how the entries stand and how sure that is.
func (t tallied) print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n\n", t.sentence())
	t.printEntries(&b)
	t.printJurors(&b)
	t.printFigures(&b)
	for i, warning := range t.warnings() {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n", warning)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}

func (t tallied) sentence() string {
	reviews := 0
	for _, e := range t.model.Entries {
		reviews += e.Reviews
	}
	text := fmt.Sprintf("%s, %s", amount(len(t.marks.entries), "entry", "entries"), amount(reviews, "review", "reviews"))
	if n := len(t.marks.jurors); n > 0 {
		text += fmt.Sprintf(" by %s", amount(n, "juror", "jurors"))
	}
	if t.places > 0 {
		text += fmt.Sprintf(", %s", amount(t.places, "place", "places"))
	}
	return text
}

func amount(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

func (t tallied) printEntries(b *strings.Builder) {
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	head := "Rank\tEntry\tReviews\tRaw\tAdjusted\tCalibrated\t±\t95 %\tRanks"
	if t.places > 0 {
		head += "\tSelected"
	}
	fmt.Fprintln(table, head)
	for _, e := range t.order() {
		fmt.Fprintln(table, strings.Join(t.line(e), "\t"))
	}
	table.Flush()
}

// line is an entry's row; a dash is what is not known.
func (t tallied) line(e int) []string {
	of, s := t.model.Entries[e], t.standings[e]
	if s.Rank == 0 {
		return []string{"–", t.marks.entries[e], "0", "–", "–", "–", "–", "–", "–"}
	}
	rank := fmt.Sprint(s.Rank)
	if s.Tied {
		rank += "="
	}
	digits := decimals(of.SE)
	line := []string{
		rank, t.marks.entries[e], fmt.Sprint(of.Reviews),
		fixed(of.Raw, digits), fixed(of.Adjusted, digits), fixed(of.Calibrated, digits), "–", "–", "–",
	}
	if of.Known {
		low, high := of.Interval()
		line[6], line[7] = fixed(of.SE, digits), fixed(low, digits)+" to "+fixed(high, digits)
	}
	if s.Known {
		line[8] = fmt.Sprintf("%d to %d", s.Low, s.High)
	}
	if t.places > 0 && s.Known {
		line = append(line, percent(s))
	}
	return line
}

func percent(s tally.Standing) string {
	text := fmt.Sprintf("%.0f %%", 100*s.Selected)
	if s.Discuss {
		text += " discuss"
	}
	return text
}

// decimals are as many as leave a standard error two significant digits; what
// goes with it is shown to the same place.
func decimals(se float64) int {
	if !(se > 0) {
		return 2
	}
	return max(0, min(12, 1-int(math.Floor(math.Log10(se)))))
}

func fixed(value float64, digits int) string { return fmt.Sprintf("%.*f", digits, value) }

func (t tallied) printJurors(b *strings.Builder) {
	if len(t.marks.jurors) == 0 {
		return
	}
	b.WriteString("\nAbove zero a juror is kinder than the panel, below zero harsher.\n\n")
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "Juror\tReviews\tSeverity\t±")
	for j, name := range t.marks.jurors {
		of := t.model.Jurors[j]
		if !of.Known {
			fmt.Fprintf(table, "%s\t%d\t–\t–\n", name, of.Reviews)
			continue
		}
		digits := decimals(of.SE)
		fmt.Fprintf(table, "%s\t%d\t%+.*f\t%s\n", name, of.Reviews, digits, of.Severity, fixed(of.SE, digits))
	}
	table.Flush()
}

func (t tallied) printFigures(b *strings.Builder) {
	c := t.model.Components
	if t.model.Basis == tally.Nothing {
		return
	}
	fmt.Fprintf(b, "\nVariances (%s): entries %.4g, jurors %.4g, residual %.4g; criterion %.4f, %s\n",
		basisWords[t.model.Basis], c.Entry, c.Juror, c.Residual, t.model.Criterion, amount(t.model.Iterations, "iteration", "iterations"))
	for _, f := range t.model.Fixed {
		digits, of := decimals(f.SE), " of "+f.Name
		if len(t.model.Fixed) == 1 {
			of = ""
		}
		fmt.Fprintf(b, "Level%s: %s ± %s\n", of, fixed(f.Estimate, digits), fixed(f.SE, digits))
	}
	if list, ok := t.model.Reliability(); ok {
		fmt.Fprintf(b, "Reliability: %.2f of the list, %.2f of a single review", list, c.Single())
		if k, ok := c.ReviewsFor(0.8); ok {
			fmt.Fprintf(b, "; %s an entry would give 0.80", amount(k, "review", "reviews"))
		}
		b.WriteString("\n")
	}
	if test, ok := t.model.JurorTest(); ok {
		fmt.Fprintf(b, "Do jurors differ? Likelihood ratio %.2f, p = %.2g\n", test.Statistic, test.P)
	}
	fmt.Fprintf(b, "%s with seed %d\n", amount(t.draws, "draw", "draws"), t.seed)
}

// warnings are what to be careful about, in sentences.
func (t tallied) warnings() []string {
	sentences := append([]string{}, t.marks.warnings...)
	for _, c := range t.model.Warnings {
		sentences = append(sentences, cautionSentence(c))
	}
	return sentences
}

func cautionSentence(c tally.Caution) string {
	switch c.Kind {
	case tally.NoScores:
		return "There is no score that counts."
	case tally.OneJuror:
		return "One juror gave all scores, so severity cannot be told from quality: these are raw means."
	case tally.NoInformation:
		return "All scores are equal within their category and round: no information to rank by; these are raw means."
	case tally.TooFew:
		return "There are no more reviews than categories and rounds: these are raw means."
	case tally.SingleReviews:
		return "No entry has two reviews, so differences between entries cannot be told from chance: the default proportion of 1 to 1.21 was assumed."
	case tally.NoSeverity:
		return "Severity cannot be told: each juror gave one score, judged alone, or always stands with the same entry. Jurors are left out."
	case tally.NoDifference:
		return "No detectable difference between entries."
	case tally.NoJurorEffect:
		return "No detectable difference in severity between jurors."
	case tally.ExactFit:
		return "The scores fit without any residual; the uncertainty is understated."
	case tally.Indistinct:
		return "Several sets of variances fit the scores equally well; one of them was taken."
	case tally.Unsettled:
		return "The scores are too few to estimate variances: the default proportions 1 to 0.49 to 1.21 were assumed."
	case tally.Provisional:
		return "Provisional: fewer than 10 entries or 4 jurors, or a variance of zero. Last edition's variances would be a better basis (--components)."
	case tally.Disconnected:
		return fmt.Sprintf("The reviews fall into %d parts that no juror links; ranks hold within each part only.", c.N)
	case tally.WithoutReviews:
		return fmt.Sprintf("%s without a score that counts.", amount(c.N, "entry", "entries"))
	}
	return ""
}
