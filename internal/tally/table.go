package tally

import (
	"fmt"
	"math"
)

// A Review is one juror's score of one entry.
type Review struct {
	Entry int     // 0 ≤ Entry < Table.Entries
	Juror int     // 0 ≤ Juror < Table.Jurors; passed over when Table.Jurors is 0
	Pool  int     // index into Table.Pools: what it was judged among, category and round
	Score float64 // finite, at most 1e100 in size, on the rubric's scale
}

// A Table is every review that counts. Entries, jurors and pools are numbers
// from 0; the caller keeps their names. The order of reviews never changes a
// result beyond the last digits.
type Table struct {
	Entries int      // may be more than have a review
	Jurors  int      // 0: nobody knows who reviewed; a one-way model
	Pools   []string // names, for Model.Fixed; nil is one pool called "intercept"
	Reviews []Review

	// Weights are the confidences ω ≥ 0 of the reviews, one each; nil is 1 for
	// all. A review with weight 0 counts nowhere.
	Weights []float64
}

// A BadReview says which review cannot be calculated with.
type BadReview struct {
	Index int // into Table.Reviews
	What  string
}

func (e *BadReview) Error() string { return fmt.Sprintf("review %d: %s", e.Index, e.What) }

// largest is more than any score or weight; what lies beyond would overflow
// when it is squared.
const largest = 1e100

// check refuses a table with numbers that no arithmetic can carry.
func (t Table) check() error {
	if t.Weights != nil && len(t.Weights) != len(t.Reviews) {
		return &BadReview{len(t.Weights), "weights and reviews differ in number"}
	}
	for i, r := range t.Reviews {
		switch {
		case r.Entry < 0 || r.Entry >= t.Entries:
			return &BadReview{i, "no such entry"}
		case t.Jurors > 0 && (r.Juror < 0 || r.Juror >= t.Jurors):
			return &BadReview{i, "no such juror"}
		case r.Pool < 0 || r.Pool >= t.pools():
			return &BadReview{i, "no such pool"}
		case !(math.Abs(r.Score) <= largest):
			return &BadReview{i, "the score is not finite or too large"}
		case !(t.weight(i) >= 0 && t.weight(i) <= largest):
			return &BadReview{i, "the weight is negative, not finite or too large"}
		case t.weight(i) > 0 && t.weight(i) < 1/largest:
			return &BadReview{i, "the weight is too small"}
		}
	}
	return nil
}

func (t Table) weight(i int) float64 {
	if t.Weights == nil {
		return 1
	}
	return t.Weights[i]
}

func (t Table) pools() int { return max(1, len(t.Pools)) }

// poolName is a pool's name in results.
func (t Table) poolName(pool int) string {
	if len(t.Pools) < 2 {
		return "intercept"
	}
	return t.Pools[pool]
}
