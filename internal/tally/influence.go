package tally

import (
	"fmt"
	"math"
)

// An Influence is what the list owes to one juror.
type Influence struct {
	Juror  int
	Entry  int     // whose chance changes most; −1 when none does
	Change float64 // of its P(selected) when the juror's reviews are left out
}

// Influence draws the list up without each of some jurors, components held, and
// says whose chance to be selected changes most. The same random numbers serve
// both lists; with 2,000 draws, changes below about 0.03 are chance. An entry that
// would be left without a review is passed over. The error is a *BadRanking, also
// for a ranking without places.
func (m *Model) Influence(jurors []int, r Ranking) ([]Influence, error) {
	if r.Places == nil {
		return nil, &BadRanking{"influence needs places"}
	}
	if m.Basis == Nothing {
		return nil, nil
	}
	with, err := m.reweighed(r, func(int) float64 { return 1 }, Options{Given: &m.Components})
	if err != nil {
		return nil, err
	}
	found := make([]Influence, len(jurors))
	for k, j := range jurors {
		without, err := m.reweighed(r, func(i int) float64 {
			if m.table.Jurors > 0 && m.table.Reviews[i].Juror == j {
				return 0
			}
			return 1
		}, Options{Given: &m.Components})
		if err != nil {
			return nil, err
		}
		found[k] = Influence{Juror: j, Entry: -1}
		for e, s := range without {
			change := s.Selected - with[e].Selected
			if s.Known && with[e].Known && math.Abs(change) > math.Abs(found[k].Change) {
				found[k].Entry, found[k].Change = e, change
			}
		}
	}
	return found, nil
}

// reweighed fits the table with its weights multiplied and ranks it.
func (m *Model) reweighed(r Ranking, factor func(review int) float64, o Options) ([]Standing, error) {
	t := m.table
	t.Weights = make([]float64, len(t.Reviews))
	for i := range t.Weights {
		t.Weights[i] = m.table.weight(i) * factor(i)
	}
	other, err := Fit(t, o)
	if err != nil {
		return nil, fmt.Errorf("fit again: %w", err)
	}
	return other.Rank(r)
}
