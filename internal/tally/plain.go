package tally

import "math"

// plain is the result of a table that no model can be fitted to: raw means, and
// why.
func plain(t Table, why CautionKind) *Model {
	m := &Model{table: t, Basis: Nothing, Entries: make([]Entry, t.Entries), Jurors: make([]Juror, t.Jurors)}
	m.means()
	for e := range m.Entries {
		m.Entries[e].Calibrated = m.Entries[e].Raw
	}
	m.Fixed = poolMeans(t)
	m.parts, _ = t.parts(false)
	m.caution(scope{nothing: why})
	return m
}

// poolMeans are the weighted means of the pools' scores.
func poolMeans(t Table) (fixed []Fixed) {
	weights, means := make([]float64, t.pools()), make([]float64, t.pools())
	for i, r := range t.Reviews {
		weights[r.Pool] += t.weight(i)
	}
	for i, r := range t.Reviews {
		if w := t.weight(i); w > 0 {
			means[r.Pool] += r.Score * (w / weights[r.Pool])
		}
	}
	for x, w := range weights {
		if w > 0 {
			fixed = append(fixed, Fixed{Name: t.poolName(x), Estimate: means[x]})
		}
	}
	return fixed
}

// root is the square root of a variance that rounding may have taken below zero.
func root(variance float64) float64 { return math.Sqrt(max(0, variance)) }
