package tally

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Single is the reliability of one uncorrected review, 0 to 1: the correlation
// of two reviews of an entry by different jurors, σ²u/(σ²u + σ²v + σ²). It is 0
// when all components are zero.
func (c Components) Single() float64 { return c.Mean(1) }

// SingleCalibrated is that of one review once severities are corrected and known:
// σ²u/(σ²u + σ²).
func (c Components) SingleCalibrated() float64 { return c.MeanCalibrated(1) }

// Mean is the reliability of the raw mean of k reviews by jurors who differ from
// entry to entry: σ²u/(σ²u + (σ²v + σ²)/k), the Φ of generalizability theory
// (Brennan 2001).
func (c Components) Mean(k float64) float64 { return portion(c.Entry, (c.Juror+c.Residual)/k) }

// MeanCalibrated is that of the mean of k reviews with severities known, or of
// jurors who see every entry: σ²u/(σ²u + σ²/k), the Eρ² of generalizability
// theory (Brennan 2001).
func (c Components) MeanCalibrated(k float64) float64 { return portion(c.Entry, c.Residual/k) }

// portion is a part of a whole, 0 of nothing.
func portion(part, rest float64) float64 {
	if !(part > 0) {
		return 0
	}
	return part / (part + rest)
}

// ReviewsFor is the decision study: how many reviews an entry needs for a target
// reliability ρ of the calibrated list, ⌈ρ/(1−ρ)·σ²/σ²u⌉, at least 1. It is
// false when no number is enough, the target does not lie between 0 and 1, or
// more than a million would be needed.
func (c Components) ReviewsFor(target float64) (k int, ok bool) {
	if !(target > 0 && target < 1) || c.Entry <= 0 {
		return 0, false
	}
	need := math.Ceil(target/(1-target)*c.Residual/c.Entry - 1e-9)
	if !(need <= 1e6) {
		return 0, false
	}
	return max(1, int(need)), true
}

// Reliability is the share of the differences on the calibrated list that is of
// the entries themselves: 1 − mean(PEV of û)/σ²u, 0 to 1. It is false when the
// components are not known or entries do not differ.
func (m *Model) Reliability() (float64, bool) {
	if m.Basis == Nothing || m.Components.Entry <= 0 {
		return 0, false
	}
	var sum, n float64
	for _, e := range m.Entries {
		if e.Reviews > 0 {
			sum += e.EffectPEV
			n++
		}
	}
	return max(0, 1-sum/n/m.Components.Entry), true
}

// A Test is that of a component.
type Test struct {
	Statistic float64 // the likelihood ratio, by how much the criterion falls
	P         float64 // half of that of χ² with 1 degree of freedom
}

// JurorTest is the likelihood-ratio test of whether jurors differ at all, against
// the mixture ½χ²₀ + ½χ²₁ that holds at the boundary (Self and Liang 1987; Stram
// and Lee 1994). It is to be shown, not to switch the correction off. It is false
// when components were not estimated or the table cannot tell.
func (m *Model) JurorTest() (Test, bool) {
	s := identify(m.table)
	if m.Basis == Nothing || m.Basis == Provided || !s.jurors {
		return Test{}, false
	}
	d := m.found.eq.d
	r := &estimator{d: d, free: d.roles(s.entries, false, true), kappa: d.kappa(Components{Entry: 0.5, Residual: 0.5})}
	if !s.entries {
		r.kappa = d.kappa(Components{Residual: 1})
	}
	without, err := r.estimate()
	if err != nil || r.exact {
		return Test{}, false
	}
	ratio := max(0, without.criterion-m.found.criterion)
	if ratio < 1e-9 {
		return Test{0, 1}, true
	}
	return Test{ratio, distuv.ChiSquared{K: 1}.Survival(ratio) / 2}, true
}
