package result_test

import (
	"math/rand/v2"
	"testing"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/result"
)

// judged are inputs as a jury makes them: films and jurors that differ, so many
// scores a film, four marks each.
func judged(entries, jurors, reviews, places int, seed uint64) result.Inputs {
	r := rand.New(rand.NewPCG(seed, seed))
	in := result.Inputs{Round: 1, Places: &places, Low: 1, High: 10, Apart: []entry.ID{}}
	for c := range 4 {
		in.Rubric = append(in.Rubric, result.Criterion{ID: jury.CriterionID(c + 1), Weight: 25, Counted: true})
	}
	severity := make([]float64, jurors)
	for j := range severity {
		severity[j] = 0.7 * r.NormFloat64()
	}
	order := make([]int, jurors)
	for e := range entries {
		in.Entries, in.Entrants = append(in.Entries, entry.ID(e+1)), append(in.Entrants, 0)
		quality := 6 + r.NormFloat64()
		for k := range reviews {
			j := (e*reviews + k + e/jurors) % jurors
			order[j]++
			s := result.Score{Entry: entry.ID(e + 1), Juror: account.ID(j + 1), Order: order[j]}
			taste := 0.9 * r.NormFloat64()
			for c := range 4 {
				v := int(quality + severity[j] + taste + 0.7*r.NormFloat64() + 0.5)
				s.Marks = append(s.Marks, result.Mark{Criterion: jury.CriterionID(c + 1), Value: max(1, min(10, v))})
			}
			in.Scores = append(in.Scores, s)
		}
	}
	return in
}

// BenchmarkCompute is what the first reader of a result waits for.
func BenchmarkCompute(b *testing.B) {
	for _, size := range []struct {
		name                    string
		entries, jurors, review int
	}{{"14x7x5", 14, 7, 5}, {"500x40x3", 500, 40, 3}, {"15000x500x4", 15_000, 500, 4}} {
		b.Run(size.name, func(b *testing.B) {
			in := judged(size.entries, size.jurors, size.review, size.entries/10+1, 1)
			for b.Loop() {
				if _, err := result.Compute(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
