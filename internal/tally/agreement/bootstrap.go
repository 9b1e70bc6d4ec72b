package agreement

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
)

// LeastEntries is how many entries an interval by resampling takes: with fewer,
// the resamples are too much alike.
const LeastEntries = 10

// ErrTooFewEntries is the error of an interval from fewer than LeastEntries.
var ErrTooFewEntries = errors.New("an interval takes at least 10 entries")

// Resampling is how an interval is drawn; with the same seed it is the same
// interval.
type Resampling struct {
	Resamples int // 0: 2,000
	Seed      uint64
}

// A Range is a central 95 % interval.
type Range struct {
	Low, High float64
	Resamples int // drawn
	Skipped   int // of them, since the figure could not be computed in them
	Seed      uint64
}

// Bootstrap draws entries with replacement, as many as there are, and takes the
// 2.5th and 97.5th percentile of the statistic over the resamples (Efron and
// Tibshirani 1993, chapter 13; between two values as far as the rank is).
// Resamples in which it is *NotComputable are skipped and counted. The statistic
// is given places of entries, from 0.
//
// Errors: ErrTooFewEntries; *NotComputable with NoVariation when every resample
// was skipped; any other of the statistic's.
func Bootstrap(entries int, o Resampling, statistic func(sample []int) (float64, error)) (Range, error) {
	if entries < LeastEntries {
		return Range{}, ErrTooFewEntries
	}
	r := Range{Resamples: o.Resamples, Seed: o.Seed}
	if r.Resamples <= 0 {
		r.Resamples = 2000
	}
	rng := rand.New(rand.NewPCG(o.Seed, 0))
	sample := make([]int, entries)
	values := make([]float64, 0, r.Resamples)
	for range r.Resamples {
		for i := range sample {
			sample[i] = rng.IntN(entries)
		}
		v, err := statistic(sample)
		if _, skip := errors.AsType[*NotComputable](err); skip {
			r.Skipped++
			continue
		}
		if err != nil {
			return Range{}, err
		}
		values = append(values, v)
	}
	if len(values) == 0 {
		return Range{}, &NotComputable{NoVariation}
	}
	slices.Sort(values)
	r.Low, r.High = percentile(values, 0.025), percentile(values, 0.975)
	return r, nil
}

// percentile of ascending values, linear between them (type 7 of Hyndman and Fan
// 1996).
func percentile(values []float64, p float64) float64 {
	at := p * float64(len(values)-1)
	below := int(math.Floor(at))
	above := min(below+1, len(values)-1)
	return values[below] + (at-float64(below))*(values[above]-values[below])
}
