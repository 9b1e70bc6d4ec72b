// Package tally is the arithmetic from marks to results. It is pure: it reads
// no database and rounds nothing, so that the same figures come out wherever it
// runs. Rounding happens once, where a figure is shown.
//
// The raw result of an entry is the mean of its scores, and a score is the
// weighted mean of its marks:
//
//	score = Σ wᵢ·vᵢ / Σ wᵢ   over the counted criteria i that were answered
//	entry = Σ score / n       over the n scores that count
//
// The weights are renormalised over what was answered, so an optional criterion
// that a juror left out neither raises nor lowers the score.
//
// Fit corrects for harsh and lenient jurors by a mixed model of the scores and
// says how certain each result is; Model.Rank draws up a list with the chance of
// each entry to be selected. What follows from a model (corrections, viewings
// worth their while, diagnostics of jurors, the planner) only reads it. Where a
// table is too poor for a model, results are raw means, and say so.
package tally

import (
	"cmp"
	"math"
	"slices"
)

// A Criterion is what the arithmetic needs to know of a line of the rubric.
type Criterion struct {
	ID      int64
	Weight  float64 // zero or more; only proportions matter
	Counted bool    // false: shown to the jury, never in the score
}

// Score is the weighted mean of marks, by criterion, on the rubric's scale. It
// is false when no counted criterion with a weight above zero was answered.
func Score(rubric []Criterion, marks map[int64]int) (float64, bool) {
	var sum, weights float64
	for _, c := range rubric {
		value, answered := marks[c.ID]
		if !answered || !c.Counted || c.Weight <= 0 {
			continue
		}
		sum += c.Weight * float64(value)
		weights += c.Weight
	}
	if weights == 0 {
		return 0, false
	}
	return sum / weights, true
}

// A Summary is what the scores of one entry come to.
type Summary struct {
	Count  int     // scores that count
	Mean   float64 // 0 when Count is 0
	Spread float64 // sample standard deviation (n−1); 0 when Count is below 2
	Low    float64 // the lowest score
	High   float64 // the highest score
}

// Summarise takes the scores of one entry, in any order.
func Summarise(scores []float64) Summary {
	if len(scores) == 0 {
		return Summary{}
	}
	s := Summary{Count: len(scores), Low: slices.Min(scores), High: slices.Max(scores)}
	for _, v := range scores {
		s.Mean += v
	}
	s.Mean /= float64(s.Count)
	if s.Count > 1 {
		s.Spread = deviation(scores, s.Mean)
	}
	return s
}

// deviation is the sample standard deviation about a known mean, in two passes
// because the difference of squares loses digits.
func deviation(scores []float64, mean float64) float64 {
	var squares float64
	for _, v := range scores {
		squares += (v - mean) * (v - mean)
	}
	return math.Sqrt(squares / float64(len(scores)-1))
}

// Distribution counts scores by the nearest whole value from low to high, halves
// upwards; the first count belongs to low. What lies outside counts at the end.
func Distribution(scores []float64, low, high int) []int {
	counts := make([]int, high-low+1)
	for _, v := range scores {
		i := int(math.Floor(v+0.5)) - low
		counts[max(0, min(i, high-low))]++
	}
	return counts
}

// Same says whether two results are equal but for the last digits that adding
// in another order can change.
func Same(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// A Place is an entry's place in a ranking.
type Place struct {
	Index int  // into the summaries that were ranked
	Rank  int  // from 1; 0 for an entry without scores
	Tied  bool // another entry has the same rank
}

// Rank orders summaries by mean, the highest first. Equal means share a rank and
// the ranks after them are skipped (1, 2, 2, 4). Entries without scores come
// last, unranked. The order within a tie is the order given.
func Rank(summaries []Summary) []Place {
	places := make([]Place, len(summaries))
	for i := range summaries {
		places[i].Index = i
	}
	slices.SortStableFunc(places, func(a, b Place) int {
		return byMean(summaries[a.Index], summaries[b.Index])
	})
	for i := range places {
		if summaries[places[i].Index].Count == 0 {
			break
		}
		places[i].Rank = i + 1
		if i > 0 && byMean(summaries[places[i-1].Index], summaries[places[i].Index]) == 0 {
			places[i].Rank = places[i-1].Rank
			places[i].Tied, places[i-1].Tied = true, true
		}
	}
	return places
}

func byMean(a, b Summary) int {
	switch {
	case a.Count == 0 || b.Count == 0:
		return cmp.Compare(min(1, b.Count), min(1, a.Count))
	case Same(a.Mean, b.Mean):
		return 0
	}
	return cmp.Compare(b.Mean, a.Mean)
}
