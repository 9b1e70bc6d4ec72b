package main

import (
	"errors"
	"fmt"
	"slices"

	"laurel/internal/tally"
	"laurel/internal/tally/agreement"
)

// agreeCmd measures how far jurors agree.
type agreeCmd struct {
	File      string          `arg:"" help:"Marks as CSV (laurel help scores), or - for standard input."`
	Statistic string          `enum:"krippendorff,icc,kendall" default:"krippendorff" help:"What to compute: ${enum}."`
	Level     agreement.Level `enum:"nominal,ordinal,interval,ratio" default:"interval" help:"What the scores mean, for krippendorff: ${enum}."`
	Bootstrap int             `placeholder:"N" help:"Draw an interval from N resamples of the entries."`
	Seed      uint64          `default:"1" help:"Seed of what is drawn."`
	Format    string          `enum:"table,json" default:"table" help:"${enum}."`
}

// Run reads the marks and says how far the jurors agree.
func (c *agreeCmd) Run(s streams) error {
	if c.Bootstrap < 0 {
		return &usageError{fmt.Sprintf("--bootstrap %d: there cannot be fewer than no resamples", c.Bootstrap)}
	}
	t, err := readScores(s, c.File)
	if err != nil {
		return err
	}
	j := judgedBy(t)
	a := agreeAnswer{
		Statistic: c.Statistic, Units: len(j.units), Jurors: len(j.jurors), Scores: len(j.table.Reviews), Warnings: t.warnings,
	}
	var answer any
	switch c.Statistic {
	case "icc":
		answer, err = c.icc(a, j)
	case "kendall":
		answer, err = c.kendall(a, j)
	default:
		answer, err = c.krippendorff(a, j)
	}
	if bad, ok := errors.AsType[*agreement.BadValue](err); ok {
		return &usageError{fmt.Sprintf("%s: the score %v of %s %s", c.File, bad.Value, j.units[bad.Row].entry, bad.What)}
	}
	if err != nil {
		return fmt.Errorf("measure agreement: %w", err)
	}
	if c.Format == "json" {
		return printJSON(s.out, answer)
	}
	return printAgreement(plain{s.out}, answer)
}

// A judged table is the scores of each entry, with who gave them. An entry that
// was judged in several categories or rounds is as many units, but one entry of
// the model.
type judged struct {
	jurors []string // empty: nobody knows
	units  []judgedUnit
	table  tally.Table // its reviews are those of scoreTable.scored
}

type judgedUnit struct {
	entry, category, round string

	scores []float64
	by     []int // places in jurors
}

func judgedBy(t scoreTable) judged {
	j := judged{jurors: t.jurors, table: t.table()}
	at := map[[3]string]int{}
	for i, r := range t.scored() {
		key := [3]string{r.entry, r.category, r.round}
		if _, ok := at[key]; !ok {
			at[key] = len(j.units)
			j.units = append(j.units, judgedUnit{entry: r.entry, category: r.category, round: r.round})
		}
		u := &j.units[at[key]]
		u.scores, u.by = append(u.scores, r.score), append(u.by, j.table.Reviews[i].Juror)
	}
	return j
}

// scores are those of each unit.
func (j judged) scores() [][]float64 {
	rows := make([][]float64, len(j.units))
	for i, u := range j.units {
		rows[i] = u.scores
	}
	return rows
}

// complete is a table of units by jurors; false when a juror did not score a
// unit exactly once.
func (j judged) complete() ([][]float64, bool) {
	if len(j.jurors) == 0 {
		return nil, false
	}
	rows := make([][]float64, len(j.units))
	for i, u := range j.units {
		if len(u.scores) != len(j.jurors) {
			return nil, false
		}
		rows[i] = make([]float64, len(j.jurors))
		for k, juror := range u.by {
			if slices.Contains(u.by[:k], juror) {
				return nil, false
			}
			rows[i][juror] = u.scores[k]
		}
	}
	return rows, true
}

// model fits the additive model; nil when the scores allow none.
func (j judged) model() *tally.Model {
	m, err := tally.Fit(j.table, tally.Options{})
	if err != nil || m.Basis == tally.Nothing {
		return nil
	}
	return m
}

// agreeFormat is what laurel help scores prints about the answers of laurel agree.
const agreeFormat = `What laurel agree answers with --format json

All statistics
  statistic        krippendorff, icc or kendall
  units            entries with a score; one that was judged in several categories
                   or rounds counts in each
  jurors, scores   how many; jurors is 0 when the file does not name them
  warnings         sentences
A figure that the scores do not determine is null, with a warning that says why.

krippendorff
  value            Krippendorff's alpha: 1 is full agreement, 0 is chance
  grade            firm from 0.8, tentative from 0.667, low, or none from 0 down
  level            nominal, ordinal, interval or ratio
  observed, expected
                   the mean squared difference within units and between any two
                   scores: value is 1 - observed/expected
  compared         units, scores: with two scores or more
  calibrated       the value for scores with each juror's severity taken out, by
                   the model of laurel tally; only for the level interval
  interval         with --bootstrap: [low, high], 95 in 100, from resampled units
  bootstrap        resamples, skipped (in which there was no value), seed
  with_the_rest    of each juror: juror, units, r (correlation of the juror's
                   scores with the mean of the others')

icc
  values           ICC(1,1), ICC(2,1), ICC(3,1), ICC(1,k), ICC(2,k), ICC(3,k) of
                   Shrout and Fleiss, where every juror scored every unit once;
                   and from the variances of the model, for any table:
                   model(single), model(single,calibrated), model(mean),
                   model(mean,calibrated): of one review or of the mean of as many
                   as reviews says, as given or with severity taken out
  grades           of each value: excellent from 0.9, good from 0.75, moderate
                   from 0.5, or poor
  intervals        of the six forms, 95 in 100, by F distributions
  interval         with --bootstrap: of the six forms, from resampled units
  bootstrap        of each form: resamples, skipped, seed
  mean_squares     between, within, judges, error: of the complete table
  components       entry, juror, residual: variances by REML
  reviews          reviews of an entry: the harmonic mean

kendall
  value            Kendall's W: 1 when all jurors have the same order, with ties
                   at their middle rank; every juror scored every unit once
  chi2, df, p      m(n-1)W, n-1, and how often a random order reaches it
  p_permutation    for seven units or fewer, where p is rough: by shuffling
  permutation      shuffles, seed
  spearman         the mean correlation of ranks between two jurors
  rank_sums        {entry: sum of its ranks, the lowest score 1}
`
