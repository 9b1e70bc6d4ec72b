package agreement

import (
	"math"
	"slices"
)

// A Level is what the numbers on a scale mean, and so how far apart two of them
// are.
type Level string

// The levels: names without order, places in an order, distances, and distances
// from a true zero.
const (
	Nominal  Level = "nominal"
	Ordinal  Level = "ordinal"
	Interval Level = "interval"
	Ratio    Level = "ratio"
)

// An Alpha is Krippendorff's alpha with what it is made of.
type Alpha struct {
	Value    float64 // at most 1; 0 is what chance gives
	Observed float64 // the mean difference δ² within entries, D_o
	Expected float64 // the mean difference δ² between any two scores, D_e
	Entries  int     // with two scores or more
	Scores   int     // of these entries
}

// Krippendorff is alpha = 1 − D_o/D_e for the scores of each entry; scores that
// are missing are left out, and entries with fewer than two scores count for
// nothing. (Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; Hayes
// and Krippendorff 2007.)
//
// δ² of two scores c and k is 1 unless they are equal (nominal), the square of
// the places between them in all scores, each at its midrank (ordinal), (c−k)²
// (interval; any other level is taken as this) or ((c−k)/(c+k))² (ratio, scores
// of zero or more). The time is that of sorting n scores, but for ratio n·V for
// V different ones.
//
// Errors: *NotComputable with NoPairs or NoVariation; *BadValue.
func Krippendorff(entries [][]float64, level Level) (Alpha, error) {
	c, err := code(entries, level)
	if err != nil {
		return Alpha{}, err
	}
	return c.alpha(c.every())
}

// AlphaInterval is a cluster bootstrap of alpha over entries, see Bootstrap. It
// differs a little from the algorithm of Hayes and Krippendorff, which resamples
// differences of pairs as if they were independent.
func AlphaInterval(entries [][]float64, level Level, o Resampling) (Range, error) {
	c, err := code(entries, level)
	if err != nil {
		return Range{}, err
	}
	return Bootstrap(len(c.entries), o, func(sample []int) (float64, error) {
		a, err := c.alpha(sample)
		return a.Value, err
	})
}

// A coding is scores as places in a list of the different ones.
type coding struct {
	level   Level
	values  []float64 // the different scores, ascending
	entries [][]int   // the scores of each entry that has two or more
}

func code(entries [][]float64, level Level) (coding, error) {
	if err := check(entries); err != nil {
		return coding{}, err
	}
	c := coding{level: level}
	var all [][]float64
	for i, scores := range entries {
		for j, v := range scores {
			if level == Ratio && v < 0 {
				return c, &BadValue{i, j, v, "is below zero, which a ratio scale does not have"}
			}
		}
		if len(scores) > 1 {
			all = append(all, scores)
		}
	}
	c.values = slices.Concat(all...)
	slices.Sort(c.values)
	c.values = slices.Compact(c.values)
	for _, scores := range all {
		codes := make([]int, len(scores))
		for j, v := range scores {
			codes[j], _ = slices.BinarySearch(c.values, v)
		}
		c.entries = append(c.entries, codes)
	}
	return c, nil
}

func (c coding) every() []int {
	all := make([]int, len(c.entries))
	for i := range all {
		all[i] = i
	}
	return all
}

// alpha is of a sample of the entries, in which one may stand several times.
func (c coding) alpha(sample []int) (Alpha, error) {
	a := Alpha{Entries: len(sample)}
	counts := make([]int, len(c.values))
	for _, e := range sample {
		a.Scores += len(c.entries[e])
		for _, code := range c.entries[e] {
			counts[code]++
		}
	}
	if a.Scores == 0 {
		return Alpha{}, &NotComputable{NoPairs}
	}
	n := float64(a.Scores)
	if slices.Max(counts) == a.Scores {
		return Alpha{}, &NotComputable{NoVariation}
	}
	within, among := c.differences(counts)
	for _, e := range sample {
		codes := c.entries[e]
		a.Observed += within(codes) / float64(len(codes)-1)
	}
	a.Observed /= n
	a.Expected = among() / (n * (n - 1))
	a.Value = 1 - a.Observed/a.Expected
	return a, nil
}

// differences are two sums of δ² over ordered pairs: of the scores of one entry,
// and of all scores.
func (c coding) differences(counts []int) (within func(codes []int) float64, among func() float64) {
	switch c.level {
	case Nominal:
		return unequal, func() float64 { return unequalAmong(counts) }
	case Ratio:
		return c.ratios, func() float64 { return c.ratiosAmong(counts) }
	case Ordinal:
		return spread(midranks(counts), counts)
	default:
		return spread(c.values, counts)
	}
}

// spread is for (c−k)²: over all ordered pairs of m numbers it sums to 2m times
// their sum of squares about the mean.
func spread(scale []float64, counts []int) (within func(codes []int) float64, among func() float64) {
	within = func(codes []int) float64 {
		var sum, squared float64
		for _, code := range codes {
			sum += scale[code]
		}
		centre := sum / float64(len(codes))
		for _, code := range codes {
			squared += (scale[code] - centre) * (scale[code] - centre)
		}
		return 2 * float64(len(codes)) * squared
	}
	among = func() float64 {
		var n, sum, squared float64
		for code, count := range counts {
			n += float64(count)
			sum += float64(count) * scale[code]
		}
		for code, count := range counts {
			squared += float64(count) * (scale[code] - sum/n) * (scale[code] - sum/n)
		}
		return 2 * n * squared
	}
	return within, among
}

// midranks are the mean ranks of the different values. The places between two
// of them, Σ n_g from c to k less (n_c+n_k)/2, are the difference of these.
func midranks(counts []int) []float64 {
	ranks := make([]float64, len(counts))
	below := 0
	for code, count := range counts {
		ranks[code] = float64(below) + float64(count+1)/2
		below += count
	}
	return ranks
}

func unequal(codes []int) float64 {
	pairs := 0
	for _, a := range codes {
		for _, b := range codes {
			if a != b {
				pairs++
			}
		}
	}
	return float64(pairs)
}

func unequalAmong(counts []int) float64 {
	var n, equal float64
	for _, count := range counts {
		n += float64(count)
		equal += float64(count) * float64(count)
	}
	return n*n - equal
}

func (c coding) ratios(codes []int) float64 {
	var sum float64
	for i, a := range codes {
		for _, b := range codes[:i] {
			sum += 2 * ratio(c.values[a], c.values[b])
		}
	}
	return sum
}

func (c coding) ratiosAmong(counts []int) float64 {
	var sum float64
	for a, count := range counts {
		for b, other := range counts[:a] {
			if count > 0 && other > 0 {
				sum += 2 * float64(count) * float64(other) * ratio(c.values[a], c.values[b])
			}
		}
	}
	return sum
}

func ratio(a, b float64) float64 {
	if a == b {
		return 0
	}
	return math.Pow((a-b)/(a+b), 2)
}
