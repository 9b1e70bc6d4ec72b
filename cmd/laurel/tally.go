package main

import (
	"errors"
	"fmt"
	"slices"

	"laurel/internal/tally"
)

// tallyCmd calibrates scores.
type tallyCmd struct {
	File       string    `arg:"" help:"Marks as CSV (laurel help scores), or - for standard input."`
	Seed       uint64    `default:"1" help:"Seed of the draws; the same seed gives the same figures."`
	Places     int       `placeholder:"M" help:"How many entries will be selected; gives each its chance and ranks by it."`
	Draws      int       `default:"2000" help:"How often to draw what the entries may be worth."`
	Components []float64 `placeholder:"E,J,R" help:"Hold the variances of entries, jurors and residual at these, such as last edition's, instead of estimating them."`
	Format     string    `enum:"table,json" default:"table" help:"${enum}."`
}

// Run reads the marks, fits the model and prints the list.
func (c *tallyCmd) Run(s streams) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	marks, err := readScores(s, c.File)
	if err != nil {
		return err
	}
	model, err := tally.Fit(marks.table(), options)
	if bad, ok := errors.AsType[*tally.BadComponents](err); ok {
		return &usageError{fmt.Sprintf("--components: %s", bad.What)}
	}
	if err != nil {
		return err
	}
	ranking := tally.Ranking{Seed: c.Seed, Draws: c.Draws}
	if c.Places > 0 {
		ranking.Places = []int{c.Places}
	}
	standings, err := model.Rank(ranking)
	if err != nil {
		return fmt.Errorf("rank entries: %w", err)
	}
	t := tallied{marks: marks, model: model, standings: standings, seed: c.Seed, draws: c.Draws, places: c.Places}
	if c.Format == "json" {
		return printJSON(s.out, t.answer())
	}
	return t.print(plain{s.out})
}

// options are how the model is to be fitted; the error is a *usageError.
func (c *tallyCmd) options() (o tally.Options, err error) {
	switch {
	case c.Places < 0:
		return o, &usageError{fmt.Sprintf("--places %d: there cannot be fewer than none", c.Places)}
	case c.Draws < 1 || c.Draws > 1_000_000:
		return o, &usageError{fmt.Sprintf("--draws %d: from 1 to 1000000", c.Draws)}
	case len(c.Components) != 0 && len(c.Components) != 3:
		return o, &usageError{"--components takes three variances: entries, jurors, residual"}
	}
	if v := c.Components; len(v) == 3 {
		o.Given = &tally.Components{Entry: v[0], Juror: v[1], Residual: v[2]}
	}
	return o, nil
}

// table is what the model is fitted to: names become their places in the sorted
// lists, so that the order of the file's lines cannot matter.
func (t scoreTable) table() tally.Table {
	scored := t.scored()
	categories, rounds := map[string]bool{}, map[string]bool{}
	for _, r := range scored {
		categories[r.category], rounds[r.round] = true, true
	}
	name := func(r review) string {
		switch {
		case len(rounds) < 2:
			return orNone(r.category, "category")
		case len(categories) < 2:
			return orNone(r.round, "round")
		}
		return orNone(r.category, "category") + " / " + orNone(r.round, "round")
	}
	table := tally.Table{Entries: len(t.entries), Jurors: len(t.jurors)}
	for _, r := range scored {
		table.Pools = append(table.Pools, name(r))
	}
	table.Pools = distinct(table.Pools)
	for _, r := range scored {
		entry, _ := slices.BinarySearch(t.entries, r.entry)
		juror, _ := slices.BinarySearch(t.jurors, r.juror)
		pool, _ := slices.BinarySearch(table.Pools, name(r))
		table.Reviews = append(table.Reviews, tally.Review{Entry: entry, Juror: juror, Pool: pool, Score: r.score})
	}
	return table
}

func orNone(name, kind string) string {
	if name == "" {
		return "no " + kind
	}
	return name
}

// scoresFormat is what `laurel help scores` prints.
const scoresFormat = tallyFormat + "\n" + agreeFormat

// tallyFormat is its part about the marks and laurel tally.
const tallyFormat = `Tables of marks, for laurel tally and laurel agree: CSV in UTF-8, parted by commas.

The first line names the columns, in any order; others are passed over.
  entry      what was judged
  juror      who judged it. Without the column, or when it is empty throughout,
             each line is a review of its own and jurors are left out
  criterion  what was marked; any name when there is only one
  value      the mark, a number such as 7 or 6.5; empty when not answered
  weight     of the criterion, zero or more; 1 when empty. A criterion has one
             weight within a category and round
  category   what the entry was judged among
  round      likewise
A review is what one juror made of one entry in one category and round. Its score
is the weighted mean of the marks that were given: sum of w*value / sum of w. The
same criterion again makes a further review, with a warning.

The model of laurel tally
  score = level of category and round + entry + juror + residual
with entries, jurors and residuals normal about zero. Their variances are
estimated by restricted maximum likelihood, the rest by best linear unbiased
prediction. An entry in several categories or rounds stands at the mean level of
its reviews. With fewer than 15 jurors, draws let the variances vary too.

JSON that laurel tally answers; null is what cannot be known
  entries     by rank, ties by raw mean and then by name:
    entry, rank, reviews
                  rank from 1, shared by values that agree to 1e-9
    raw           mean of its scores
    adjusted      mean of its scores less the severity of who gave them
    calibrated    what the list goes by: its level and its entry effect, shrunk
                  as far as its reviews leave in doubt
    se, interval  standard error of calibrated, and calibrated +- 1.96 se
    rank_interval where it ends in 95 of 100 draws
    p_selected    with --places: the share of draws in which it is among the
                  first M (in each part, when no juror links the parts); ranks
                  go by it in whole per cents, then by calibrated
    expected_rank, tied, discuss, part
                  discuss: p_selected between 0.05 and 0.95; part: see parts
  jurors      by name: juror, severity (what the juror adds: above zero kinder,
              below zero harsher), se, reviews
  components  variances: entry, juror (0 without jurors), residual
  basis       where they come from: estimated, given (--components), assumed
              (the default proportions 1 : 0.49 : 1.21), or none (raw means only)
  fixed       level of each category and round; intercept when there is one
  fixed_se    their standard errors
  criterion   -2 log restricted likelihood
  iterations  of the estimation
  seed, draws, places
              of the draws; places is null without --places
  tie_band    names of the entries to discuss
  parts       1, or how many parts no juror links: ranks hold within a part
  reliability single (one review), single_calibrated (severities known), mean and
              mean_calibrated (of as many reviews as the entries have, harmonic
              mean in reviews), list (of calibrated), needed_for_080 (reviews an
              entry for a reliability of 0.80)
  juror_test  do jurors differ: statistic (likelihood ratio), p
  warnings    sentences
`
