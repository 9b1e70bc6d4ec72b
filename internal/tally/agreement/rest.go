package agreement

import (
	"math"
	"slices"
)

// LeastShared is how many entries a juror must share with others for a
// correlation.
const LeastShared = 3

// A Rest is a juror's agreement with the rest of the jury.
type Rest struct {
	Entries    int     // that the juror and somebody else scored
	Computable bool    // false: fewer than LeastShared of them, or one side never varies
	R          float64 // -1 to 1; 0 when not computable
}

// WithTheRest correlates (Pearson) each juror's scores with the mean of the
// others' scores of the same entries, whatever these are: the corrected
// item–total correlation of test theory. Scores[e] are of one entry, by[e][i] is
// the number of the juror who gave scores[e][i]; a juror's several scores of an
// entry count as their mean. The result has one Rest a juror, from 0 to jurors−1.
//
// Severity does not matter for it. It rests on few entries, so it is a hint to
// what to talk about, not a mark for a juror. Error: *BadValue.
func WithTheRest(scores [][]float64, by [][]int, jurors int) ([]Rest, error) {
	if err := check(scores); err != nil {
		return nil, err
	}
	own, others := make([][]float64, jurors), make([][]float64, jurors)
	for e, row := range scores {
		for i, j := range by[e] {
			if slices.Contains(by[e][:i], j) {
				continue
			}
			mine, rest := split(row, by[e], j)
			if len(rest) > 0 {
				own[j], others[j] = append(own[j], mean(mine)), append(others[j], mean(rest))
			}
		}
	}
	result := make([]Rest, jurors)
	for j := range result {
		result[j].Entries = len(own[j])
		if len(own[j]) >= LeastShared {
			result[j].R, result[j].Computable = correlation(own[j], others[j])
		}
	}
	return result, nil
}

// split parts the scores of an entry into one juror's and the others'.
func split(row []float64, by []int, juror int) (own, rest []float64) {
	for i, v := range row {
		if by[i] == juror {
			own = append(own, v)
		} else {
			rest = append(rest, v)
		}
	}
	return own, rest
}

// correlation is Pearson's; false when one side does not vary.
func correlation(a, b []float64) (float64, bool) {
	ma, mb := mean(a), mean(b)
	var product float64
	for i := range a {
		product += (a[i] - ma) * (b[i] - mb)
	}
	below := math.Sqrt(squares(a, ma)) * math.Sqrt(squares(b, mb))
	if !(below > 0) || constant(a) || constant(b) {
		return 0, false
	}
	return max(-1, min(1, product/below)), true
}

// constant says whether nothing varies but for what adding up leaves.
func constant(values []float64) bool {
	low, high := slices.Min(values), slices.Max(values)
	return high-low <= 1e-12*max(math.Abs(low), math.Abs(high))
}
