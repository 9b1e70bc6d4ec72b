package tally

import "math"

// An Outlier is a score that lies far from what entry and juror make one expect.
// It is to be confirmed by the juror, never deleted.
type Outlier struct {
	Review      int // into Table.Reviews
	Residual    float64
	Studentised float64 // externally: the residual over a standard error that leaves it out
	P           float64
	Flagged     bool // beyond 3, and after control of the false discovery rate at one in ten
}

// Outliers are the studentised residuals of every review by a juror of eight
// scores or more, in the order of the table.
func (m *Model) Outliers() []Outlier {
	if m.Basis == Nothing || m.Components.Residual <= 0 {
		return nil
	}
	_, residual, free := m.residuals()
	var freedom float64
	for i, f := range free {
		freedom += f * m.table.weight(i)
	}
	if freedom < leastScores {
		return nil
	}
	var found []Outlier
	var p []float64
	for i, r := range m.table.Reviews {
		if m.table.weight(i) == 0 || m.table.Jurors > 0 && m.Jurors[r.Juror].Reviews < leastScores {
			continue
		}
		inner := residual[i] / math.Sqrt(m.Components.Residual*free[i])
		outer := inner * math.Sqrt((freedom-1)/max(1e-6, freedom-inner*inner))
		found = append(found, Outlier{Review: i, Residual: residual[i], Studentised: outer, P: twoSidedT(outer, freedom-1)})
		p = append(p, found[len(found)-1].P)
	}
	for i, flagged := range discoveries(p) {
		found[i].Flagged = flagged && math.Abs(found[i].Studentised) > 3
	}
	return found
}
