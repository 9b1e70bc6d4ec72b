// Package agreement measures how far jurors agree: Krippendorff's alpha,
// intraclass correlations, Kendall's W and each juror's correlation with the
// rest, with intervals. It is pure, and whatever is drawn comes from a stated
// seed.
//
// A figure that the scores do not determine, because nothing varies or nobody
// judged the same entry, is a *NotComputable error, never 0, 1 or NaN. Scores
// are finite and at most Largest in size; anything else is a *BadValue.
//
// The figures agree with published ones to 1e-9, the bounds by F distributions and
// the chi-squared p (gonum) among them.
package agreement

import (
	"fmt"
	"math"
)

// Largest is the size beyond which scores could overflow when squared.
const Largest = 1e100

// A Reason is why a figure cannot be computed.
type Reason int

// The reasons.
const (
	NoPairs     Reason = iota + 1 // no entry has scores by two jurors
	NoVariation                   // all scores that could be compared are equal
	TooFew                        // fewer than two entries or two jurors
	Incomplete                    // not every juror scored every entry
)

func (r Reason) String() string {
	switch r {
	case NoPairs:
		return "no entry has scores by two jurors"
	case NoVariation:
		return "all scores are equal"
	case TooFew:
		return "it takes two entries and two jurors"
	case Incomplete:
		return "not every juror scored every entry"
	}
	return fmt.Sprintf("reason %d", int(r))
}

// NotComputable is the error of a figure that the scores do not determine.
type NotComputable struct{ Reason Reason }

func (e *NotComputable) Error() string { return "not computable: " + e.Reason.String() }

// A BadValue is a score that the statistic cannot take.
type BadValue struct {
	Row, Column int // in what was given, from 0
	Value       float64
	What        string
}

func (e *BadValue) Error() string {
	return fmt.Sprintf("row %d, column %d: %v %s", e.Row+1, e.Column+1, e.Value, e.What)
}

// check refuses what cannot be calculated with.
func check(rows [][]float64) error {
	for i, row := range rows {
		for j, v := range row {
			if math.IsNaN(v) || math.Abs(v) > Largest {
				return &BadValue{i, j, v, "is no score"}
			}
		}
	}
	return nil
}

// complete checks a table that must be full: at least two rows of the same
// length, at least two.
func complete(rows [][]float64) error {
	if err := check(rows); err != nil {
		return err
	}
	if len(rows) == 0 {
		return &NotComputable{TooFew}
	}
	for _, row := range rows {
		if len(row) != len(rows[0]) {
			return &NotComputable{Incomplete}
		}
	}
	if len(rows) < 2 || len(rows[0]) < 2 {
		return &NotComputable{TooFew}
	}
	return nil
}

func mean(values []float64) float64 {
	var sum float64
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// squares is the sum of squared distances from a centre.
func squares(values []float64, centre float64) float64 {
	var sum float64
	for _, v := range values {
		sum += (v - centre) * (v - centre)
	}
	return sum
}
