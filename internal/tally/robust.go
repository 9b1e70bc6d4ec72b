package tally

import (
	"fmt"
	"math"
)

// studentFreedom is that of the residuals' distribution in the robust check.
const studentFreedom = 5

// A Shift is an entry whose chance depends on a few unusual scores.
type Shift struct {
	Entry  int
	Before float64 // P(selected) by the model
	After  float64 // P(selected) when unusual scores count less
}

// Robust refits the model as if residuals had Student's distribution with five
// degrees of freedom, by weights that fall with the size of the residual (Lange,
// Little and Taylor 1989), and reports the entries whose P(selected) changes by
// more than 0.2. The weights settle to a thousandth or after 30 rounds. Standings
// are those of the ranking. The error is a *BadRanking or a *NotConverged.
func (m *Model) Robust(r Ranking, standings []Standing) ([]Shift, error) {
	if m.Basis == Nothing || r.Places == nil {
		return nil, nil
	}
	weights := make([]float64, len(m.table.Reviews))
	for i := range weights {
		weights[i] = 1
	}
	now := m
	for range 30 {
		next, change := now.discount(m.table, weights)
		weights = next
		if change < 1e-3 {
			break
		}
		t := m.table
		t.Weights = make([]float64, len(weights))
		for i, w := range weights {
			t.Weights[i] = w * m.table.weight(i)
		}
		var err error
		if now, err = Fit(t, m.again()); err != nil {
			return nil, fmt.Errorf("fit robustly: %w", err)
		}
		if now.Basis == Nothing {
			return nil, nil
		}
	}
	after, err := now.Rank(r)
	if err != nil {
		return nil, err
	}
	var shifts []Shift
	for e, s := range standings {
		if s.Known && after[e].Known && math.Abs(after[e].Selected-s.Selected) > 0.2 {
			shifts = append(shifts, Shift{e, s.Selected, after[e].Selected})
		}
	}
	return shifts, nil
}

// again are the options to refit by: components that were given stay.
func (m *Model) again() Options {
	if m.Basis == Provided {
		return Options{Given: &m.Components}
	}
	return Options{}
}

// discount gives each review the weight that its residual, with the uncertainty
// of what was fitted, leaves it: (ν+1)/(ν + E(e²)ω/σ²).
func (m *Model) discount(of Table, weights []float64) (next []float64, change float64) {
	_, residual, free := m.residuals()
	next = make([]float64, len(weights))
	for i, w := range weights {
		own := of.weight(i)
		if own == 0 {
			continue
		}
		fitted := max(0, 1/m.table.weight(i)-free[i]) // the fitted value's variance over σ²
		square := own * (residual[i]*residual[i]/m.Components.Residual + fitted)
		next[i] = (studentFreedom + 1) / (studentFreedom + square)
		change = max(change, math.Abs(next[i]-w))
	}
	return next, change
}
