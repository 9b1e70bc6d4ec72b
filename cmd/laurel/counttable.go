package main

import (
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"text/tabwriter"

	"laurel/internal/tally/ballot"
)

// widestMatrix is how many candidates the table prints one against one.
const widestMatrix = 20

// print says for people what came out and why.
func (c counted) print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", c.sentence(), c.terms())
	place := 1
	b.WriteString("\nRanking\n")
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, level := range c.ranking() {
		for _, i := range level {
			fmt.Fprintf(t, "%d\t%s", place, c.Candidates[i])
			if c.record.Points != nil {
				fmt.Fprintf(t, "\t%s points", decimal(c.record.Points[i]))
			}
			fmt.Fprintln(t)
		}
		place += len(level)
	}
	t.Flush()
	c.printMatrix(&b)
	c.printRounds(&b)
	if ties := c.ties(); len(ties) > 0 {
		b.WriteString("\nTies\n")
		for _, tie := range ties {
			fmt.Fprintf(&b, "  %s\n", tie.Sentence)
		}
	}
	if len(c.others) > 0 {
		b.WriteString("\nOther methods would give\n")
		t = tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, o := range c.others {
			fmt.Fprintf(t, "%s\t%s\n", methodWords(o), c.list(o.Winners))
		}
		t.Flush()
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}

// sentence is the outcome.
func (c counted) sentence() string {
	winners := c.winners()
	switch {
	case c.record.Voters == 0 && len(c.Candidates) > 1 && c.undecided():
		return "There is no ballot: every candidate is tied."
	case c.undecided() && len(c.record.Elected) > 0:
		return fmt.Sprintf("%s elected. For the rest it is a tie between %s.", c.list(c.record.Elected), c.list(winners[len(c.record.Elected):]))
	case c.undecided():
		return fmt.Sprintf("It is a tie between %s.", c.list(winners))
	case c.record.Method == ballot.MethodSTV:
		return fmt.Sprintf("Elected: %s.", c.list(winners))
	case len(c.settled.Steps) > 0 && c.settled.Steps[0].Place == 1:
		return fmt.Sprintf("%s wins after a tie with %s.", c.Candidates[winners[0]],
			c.list(slices.DeleteFunc(slices.Clone(c.record.Winners), func(i int) bool { return i == winners[0] })))
	}
	return fmt.Sprintf("%s wins.", c.Candidates[winners[0]])
}

// terms are how it was counted.
func (c counted) terms() string {
	words := fmt.Sprintf("%s; %d %s, %d %s", methodWords(c.record), c.record.Voters, plural(c.record.Voters, "voter"),
		len(c.Candidates), plural(int64(len(c.Candidates)), "candidate"))
	if c.record.Method == ballot.MethodSTV {
		words += fmt.Sprintf("; %d %s, quota %s (%s, %s arithmetic)", c.record.Seats, plural(int64(c.record.Seats), "seat"),
			decimal(c.record.Quota), c.record.QuotaRule, c.record.Arithmetic)
	}
	if c.seed != "" {
		words += fmt.Sprintf("; lots by the seed %q", c.seed)
	}
	return words
}

func plural(n int64, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func methodWords(r ballot.Record) string {
	words := map[ballot.Method]string{
		ballot.MethodSchulze: "Schulze", ballot.MethodRankedPairs: "Ranked pairs", ballot.MethodCopeland: "Copeland",
		ballot.MethodBorda: "Borda", ballot.MethodIRV: "Instant run-off", ballot.MethodSTV: "Single transferable vote",
	}[r.Method]
	if r.Strength != "" {
		words += map[ballot.Strength]string{
			ballot.WinningVotes: " by winning votes", ballot.Margins: " by margins", ballot.Ratio: " by ratio",
		}[r.Strength]
	}
	return words
}

// printMatrix prints the pairwise counts, in the order of the ranking.
func (c counted) printMatrix(b *strings.Builder) {
	order := slices.Concat(c.ranking()...)
	if len(order) < 2 || len(order) > widestMatrix {
		return
	}
	b.WriteString("\nOne against one: voters who prefer the row to the column\n")
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for i := range order {
		fmt.Fprintf(t, "\t%d", i+1)
	}
	fmt.Fprintln(t, "\t")
	for i, x := range order {
		fmt.Fprintf(t, "%d", i+1)
		for _, y := range order {
			if x == y {
				fmt.Fprint(t, "\t·")
			} else {
				fmt.Fprintf(t, "\t%d", c.record.Pairwise[x][y])
			}
		}
		fmt.Fprintf(t, "\t  %s\n", c.Candidates[x])
	}
	t.Flush()
}

// printRounds prints the stages of a transferable vote.
func (c counted) printRounds(b *strings.Builder) {
	for i, s := range c.record.Stages {
		fmt.Fprintf(b, "\nRound %d\n", i+1)
		t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
		for _, x := range slices.Concat(c.ranking()...) {
			if s.Votes[x] != nil {
				fmt.Fprintf(t, "  %s\t%s\n", c.Candidates[x], decimal(s.Votes[x]))
			}
		}
		if s.Exhausted.Sign() > 0 {
			fmt.Fprintf(t, "  with nobody any more\t%s\n", decimal(s.Exhausted))
		}
		t.Flush()
		if len(s.Elected) > 0 {
			fmt.Fprintf(b, "  Elected: %s.\n", c.list(s.Elected))
		}
		for _, p := range s.Surpluses {
			fmt.Fprintf(b, "  %s passes on %s of %s votes.\n", c.Candidates[p.Candidate], decimal(p.Votes), decimal(p.Of))
		}
		if len(s.Excluded) > 0 {
			fmt.Fprintf(b, "  Excluded: %s.\n", c.list(s.Excluded))
		}
	}
}

// stepSentence says what a step of the ladder did, or would do.
func (c counted) stepSentence(step ballot.Step) string {
	tied := fmt.Sprintf("%s are tied for place %d.", c.list(step.Tied), step.Place)
	if step.Kind == ballot.StepLot {
		return fmt.Sprintf("%s The lot: %s.", tied, c.inOrder(step.Order))
	}
	var points []string
	for i, p := range step.Points {
		points = append(points, fmt.Sprintf("%s %s", c.Candidates[step.Tied[i]], decimal(p)))
	}
	words := fmt.Sprintf("%s Borda points over all ballots: %s", tied, strings.Join(points, ", "))
	switch {
	case len(step.Order) == 1:
		return words + ". They part nobody."
	case c.laddered():
		return words + ", so " + c.inOrder(step.Order) + "."
	}
	return words + ". The ladder would begin with " + c.inOrder(step.Order) + "."
}

func (c counted) inOrder(levels [][]int) string {
	var words []string
	for _, level := range levels {
		words = append(words, c.list(level))
	}
	return strings.Join(words, " before ")
}

// drawSentence says how equals were parted in a round.
func (c counted) drawSentence(round int, d ballot.Draw) string {
	about := map[ballot.Why]string{
		ballot.WhyExclude: "the fewest votes", ballot.WhySurplus: "the largest surplus", ballot.WhySeat: "the same votes for the last seat",
	}[d.Why]
	words := fmt.Sprintf("Round %d: %s have %s.", round+1, c.list(d.Among), about)
	switch drawStep(d) {
	case "earlier round":
		var votes []string
		for _, x := range d.Among {
			votes = append(votes, fmt.Sprintf("%s %s", c.Candidates[x], decimal(c.record.Stages[d.Stage-1].Votes[x])))
		}
		return fmt.Sprintf("%s Round %d tells: %s, so %s.", words, d.Stage, strings.Join(votes, ", "), c.list(d.Chosen))
	case "lot":
		var order [][]int
		for _, slip := range d.Lot {
			order = append(order, []int{slip.Candidate})
		}
		return fmt.Sprintf("%s The lot: %s, so %s.", words, c.inOrder(order), c.list(d.Chosen))
	case "together":
		return words + " They go together: no order among them favours one."
	}
	return words + " Nothing tells them apart, and the count ends here."
}

func (c counted) list(places []int) string {
	names := c.named(places)
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// decimal writes a fraction with up to five decimals, and ≈ when there are more.
func decimal(r *big.Rat) string {
	text := strings.TrimRight(strings.TrimRight(r.FloatString(5), "0"), ".")
	if back, ok := new(big.Rat).SetString(text); !ok || back.Cmp(r) != 0 {
		return "≈" + text
	}
	return text
}
