package assign_test

import (
	"testing"

	"laurel/internal/assign"
)

// BenchmarkSolve divides generated instances, each proved optimal.
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
		b.Run(size.name, func(b *testing.B) {
			p := generate(size.entries, size.jurors, size.k, size.seed).problem()
			b.ReportAllocs()
			for b.Loop() {
				plan, err := assign.Solve(p, assign.Options{Order: assign.Joint})
				if err != nil || !plan.Optimal {
					b.Fatal(err, plan.Levels)
				}
				b.ReportMetric(float64(plan.Objective), "objective")
			}
			b.ReportMetric(float64(len(p.Pairs)), "pairs")
		})
	}
}
