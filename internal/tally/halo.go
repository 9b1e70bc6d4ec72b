package tally

import "math"

// halo is the mean correlation between criteria of what remains of a juror's
// marks when each entry's and each juror's mean on a criterion is taken out, less
// the panel's: a general impression that colours every criterion.
func (v *look) halo() []Finding {
	if v.evidence.Marks == nil {
		return nil
	}
	rest, criteria := v.markResiduals()
	found := v.each(func(reviews []int) (Finding, bool) {
		var sum, pairs float64
		least := len(reviews)
		for c := range criteria {
			for d := range c {
				x, y := together(rest, reviews, c, d)
				r, ok := correlation(x, y)
				if !ok || len(x) < leastScores {
					continue
				}
				sum, pairs, least = sum+fisher(r), pairs+1, min(least, len(x))
			}
		}
		r := math.Tanh(sum / pairs)
		return Finding{Scores: least, Value: r, SE: (1 - r*r) / math.Sqrt(float64(least-3))}, pairs > 0
	})
	found = againstPanel(found)
	for i := range found {
		found[i].Value -= found[i].Expected
		found[i].Expected = 0
	}
	return found
}

// together are the residuals of two criteria in the reviews that marked both.
func together(rest []map[int]float64, reviews []int, c, d int) (x, y []float64) {
	for _, i := range reviews {
		a, has := rest[i][c]
		b, hasToo := rest[i][d]
		if has && hasToo {
			x, y = append(x, a), append(y, b)
		}
	}
	return x, y
}

// markResiduals takes entry×criterion and juror×criterion means out of the marks,
// in turns; ten are enough for residuals that are only compared.
func (v *look) markResiduals() (rest []map[int]float64, criteria int) {
	rest = make([]map[int]float64, len(v.evidence.Marks))
	for i, marks := range v.evidence.Marks {
		rest[i] = map[int]float64{}
		for _, m := range marks {
			if v.m.table.weight(i) > 0 && m.Criterion >= 0 && !math.IsNaN(m.Value) && math.Abs(m.Value) <= largest {
				rest[i][m.Criterion] = m.Value
				criteria = max(criteria, m.Criterion+1)
			}
		}
	}
	for range 10 {
		v.takeOut(rest, criteria, func(r Review) int { return r.Entry })
		v.takeOut(rest, criteria, func(r Review) int { return r.Juror })
	}
	return rest, criteria
}

func (v *look) takeOut(rest []map[int]float64, criteria int, group func(Review) int) {
	type cell struct{ group, criterion int }
	sums, counts := map[cell]float64{}, map[cell]float64{}
	for i, r := range v.m.table.Reviews {
		for c := range criteria {
			if value, ok := rest[i][c]; ok {
				sums[cell{group(r), c}] += value
				counts[cell{group(r), c}]++
			}
		}
	}
	for i, r := range v.m.table.Reviews {
		for c := range criteria {
			if _, ok := rest[i][c]; ok {
				rest[i][c] -= sums[cell{group(r), c}] / counts[cell{group(r), c}]
			}
		}
	}
}
