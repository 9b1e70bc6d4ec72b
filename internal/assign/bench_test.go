package assign_test

import (
	"testing"

	"laurel/internal/assign"
)

// BenchmarkSolve divides generated instances, each proved optimal: by one sum of all costs,
// and level by level.
func BenchmarkSolve(b *testing.B) {
	for _, size := range []struct {
		name               string
		entries, jurors, k int
		seed               uint64
	}{
		{"500x40x3", 500, 40, 3, 20240501},
		{"5000x200x3", 5000, 200, 3, 20240502},
		{"15000x500x4", 15000, 500, 4, 20240503},
	} {
		p := generate(size.entries, size.jurors, size.k, size.seed).problem()
		for _, c := range []struct {
			name  string
			order [][]assign.Aim
		}{{"joint", assign.Joint}, {"levels", assign.Lexicographic}} {
			b.Run(size.name+"/"+c.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					plan, err := assign.Solve(p, assign.Options{Order: c.order})
					if err != nil || !plan.Optimal {
						b.Fatal(err, plan.Levels)
					}
					b.ReportMetric(float64(plan.Objective), "objective")
				}
				b.ReportMetric(float64(len(p.Pairs)), "pairs")
			})
		}
	}
}
