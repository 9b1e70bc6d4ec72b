package tally_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"laurel/internal/tally"
)

// TestLuckOfDrawsOrdersNothing: entries whose chances are the same in whole per
// cents stand in the order of their values, however few the draws.
func TestLuckOfDrawsOrdersNothing(t *testing.T) {
	t.Parallel()
	table := randomTable(rand.New(rand.NewPCG(31, 32)), 90, 12, 1, false)
	m, err := tally.Fit(table, tally.Options{})
	if err != nil {
		t.Fatal(err)
	}
	standings, err := m.Rank(tally.Ranking{Seed: 5, Draws: 300, Places: []int{8}})
	if err != nil {
		t.Fatal(err)
	}
	order := make([]int, len(standings))
	for e := range order {
		order[e] = e
	}
	slices.SortFunc(order, func(e, f int) int { return standings[e].Rank - standings[f].Rank })
	level := 0
	for i, e := range order[1:] {
		above := order[i]
		p, q := math.Round(100*standings[above].Selected), math.Round(100*standings[e].Selected)
		switch {
		case p < q:
			t.Errorf("a chance of %v %% stands above one of %v %%", p, q)
		case p == q && m.Entries[above].Calibrated < m.Entries[e].Calibrated-1e-9:
			t.Errorf("with equal chances %v stands above %v", m.Entries[above].Calibrated, m.Entries[e].Calibrated)
		case p == q:
			level++
		}
	}
	if level < 40 {
		t.Errorf("only %d neighbours have equal chances: the table tells nothing", level)
	}
}
