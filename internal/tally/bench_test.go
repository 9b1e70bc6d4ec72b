package tally_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"laurel/internal/tally"
)

// panel simulates reviews: entries with a standard deviation of 1, jurors of
// 0.7, residuals of 1.1, each entry seen by so many jurors drawn evenly.
func panel(random *rand.Rand, entries, jurors, each int) (tally.Table, []float64) {
	t := tally.Table{Entries: entries, Jurors: jurors}
	severity, worth := make([]float64, jurors), make([]float64, entries)
	for j := range severity {
		severity[j] = 0.7 * random.NormFloat64()
	}
	var deck []int
	for e := range entries {
		worth[e] = random.NormFloat64()
		for range each {
			if len(deck) == 0 {
				deck = random.Perm(jurors)
			}
			j := deck[0]
			deck = deck[1:]
			t.Reviews = append(t.Reviews, tally.Review{Entry: e, Juror: j, Score: 6 + worth[e] + severity[j] + 1.1*random.NormFloat64()})
		}
	}
	return t, worth
}

// BenchmarkFitAndDraw is the whole way from scores to ranks: the model with its
// standard errors and 1,000 joint draws.
func BenchmarkFitAndDraw(b *testing.B) {
	for _, size := range []struct{ entries, jurors, each int }{{500, 40, 3}, {5000, 200, 4}, {15000, 500, 4}} {
		table, _ := panel(rand.New(rand.NewPCG(1, 2)), size.entries, size.jurors, size.each)
		b.Run(fmt.Sprintf("%dx%dx%d", size.entries, size.jurors, len(table.Reviews)), func(b *testing.B) {
			for b.Loop() {
				m := fit(b, table, tally.Options{})
				if _, err := m.Rank(tally.Ranking{Seed: 1, Draws: 1000, Places: []int{size.entries / 20}}); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(m.Iterations), "iterations")
			}
		})
		b.Run(fmt.Sprintf("fit-%dx%dx%d", size.entries, size.jurors, len(table.Reviews)), func(b *testing.B) {
			for b.Loop() {
				fit(b, table, tally.Options{})
			}
		})
	}
}
