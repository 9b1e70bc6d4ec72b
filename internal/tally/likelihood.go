package tally

import "math"

// Roles of variances in a design.
const (
	ofA = iota
	ofB
	ofResidual
)

// An evaluation is the restricted likelihood at given variances, with what leads
// to better ones.
type evaluation struct {
	eq        *equations
	solved    solution
	criterion float64       // −2 log restricted likelihood of the standardised scores
	score     [3]float64    // derivative of the log-likelihood
	info      [3][3]float64 // average information
	em        [3]float64    // the variances after an EM step
}

// evaluate works out the likelihood (Patterson and Thompson 1971) and, for each
// factor with a variance above zero and the residual, its derivative and average
// information (Gilmour, Thompson and Cullis 1995; Johnson and Thompson 1995). It
// is false when the equations cannot be solved.
func evaluate(d *design, kappa [3]float64) (evaluation, bool) {
	v := evaluation{eq: newEquations(d, kappa)}
	if v.eq.singular {
		return v, false
	}
	v.solved = v.eq.solve(d.y)
	squares := [3]float64{ofA: sumSquares(v.solved.a), ofB: sumSquares(v.solved.b)}
	for i, e := range v.solved.residual {
		squares[ofResidual] += d.w[i] * e * e
	}
	levels := [3]float64{ofA: float64(d.qa), ofB: float64(d.qb)}
	traceA, traceB := v.eq.traces()
	traces := [3]float64{ofA: traceA, ofB: traceB}
	free, noise := float64(d.n-d.p), kappa[ofResidual]
	rest := free // n − p less what the factors take up
	v.criterion = free*math.Log(2*math.Pi) + free*math.Log(noise) - d.logW + v.eq.logDet + squares[ofResidual]/noise
	for c := ofA; c <= ofB; c++ {
		if kappa[c] == 0 || levels[c] == 0 {
			continue
		}
		k := kappa[c]
		v.criterion += levels[c]*math.Log(k/noise) + squares[c]/k
		v.score[c] = -(levels[c] - noise*traces[c]/k - squares[c]/k) / (2 * k)
		v.em[c] = (squares[c] + noise*traces[c]) / levels[c]
		rest -= levels[c] - noise*traces[c]/k
	}
	v.score[ofResidual] = -(rest - squares[ofResidual]/noise) / (2 * noise)
	v.em[ofResidual] = (squares[ofResidual] + noise*(float64(d.n)-rest)) / float64(d.n)
	v.information()
	return v, !math.IsNaN(v.criterion) && !math.IsInf(v.criterion, 0)
}

// information fills the average information ½w'Pw of the working variates
// Zû/σ²u, Zv̂/σ²v and ê/σ².
func (v *evaluation) information() {
	d, kappa := v.eq.d, v.eq.kappa
	var working, projected [3][]float64
	for c := range working {
		if kappa[c] == 0 || c == ofB && !v.eq.hasB {
			continue
		}
		w := make([]float64, d.n)
		for i := range w {
			switch c {
			case ofA:
				w[i] = v.solved.a[d.a[i]]
			case ofB:
				w[i] = v.solved.b[d.b[i]]
			case ofResidual:
				w[i] = v.solved.residual[i]
			}
			w[i] /= kappa[c]
		}
		working[c], projected[c] = w, v.eq.solve(w).residual
	}
	for c := range working {
		for e := range working {
			for i := range min(len(working[c]), len(projected[e])) {
				v.info[c][e] += working[c][i] * d.w[i] * projected[e][i]
			}
			v.info[c][e] /= 2 * kappa[ofResidual]
		}
	}
}

// traces are those of the factors' blocks of the inverse, σ² taken out: of the
// errors of prediction.
func (q *equations) traces() (a, b float64) {
	if q.kappa[ofA] > 0 {
		a = inChunks(q.d.qa, func(from, to int) (sum float64) {
			for level := from; level < to; level++ {
				full, _ := q.variance(combination{a: []share{{level, 1}}})
				sum += full
			}
			return sum
		})
	}
	if q.hasB {
		for level := range q.d.qb {
			b += q.cbb.At(level, level)
		}
	}
	return a, b
}

func sumSquares(values []float64) (sum float64) {
	for _, v := range values {
		sum += v * v
	}
	return sum
}
