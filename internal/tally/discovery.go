package tally

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// falseDiscoveries is the share of flags that may be false on average.
const falseDiscoveries = 0.1

// discoveries says which of many p-values stand out when a tenth of those
// flagged may be false (Benjamini and Hochberg 1995).
func discoveries(p []float64) []bool {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	last := -1
	for place, i := range order {
		if p[i] <= falseDiscoveries*float64(place+1)/float64(len(p)) {
			last = place
		}
	}
	flagged := make([]bool, len(p))
	for _, i := range order[:last+1] {
		flagged[i] = true
	}
	return flagged
}

// percentiles are the shares of values below each, half of its equals included,
// from 0 to 100.
func percentiles(values []float64) []float64 {
	sorted := slices.Sorted(slices.Values(values))
	of := make([]float64, len(values))
	for i, v := range values {
		below, _ := slices.BinarySearch(sorted, v)
		upTo, _ := slices.BinarySearchFunc(sorted, v, func(s, v float64) int {
			if s <= v {
				return -1
			}
			return 1
		})
		of[i] = 100 * float64(below+upTo) / 2 / float64(len(values))
	}
	return of
}

// twoSided is the probability of lying as far from zero in a normal distribution.
func twoSided(z float64) float64 { return min(1, 2*distuv.UnitNormal.Survival(math.Abs(z))) }

// twoSidedT is the same in Student's distribution.
func twoSidedT(t, freedom float64) float64 {
	return min(1, 2*distuv.StudentsT{Sigma: 1, Nu: freedom}.Survival(math.Abs(t)))
}

// twoSidedChi is for a mean square that is expected to be 1.
func twoSidedChi(value, freedom float64) float64 {
	cdf := distuv.ChiSquared{K: freedom}.CDF(value * freedom)
	return min(1, 2*min(cdf, 1-cdf))
}

// atLeast is the probability of k or more of n when each has chance p.
func atLeast(k, n int, p float64) float64 {
	switch {
	case k <= 0 || p >= 1:
		return 1
	case p <= 0:
		return 0
	}
	return max(0, 1-distuv.Binomial{N: float64(n), P: p}.CDF(float64(k-1)))
}
