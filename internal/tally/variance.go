package tally

import "gonum.org/v1/gonum/mat"

// A combination is a sum of effects, x'β + Σ aᵢ·uᵢ + Σ bⱼ·vⱼ with u of factor a
// and v of factor b, whose prediction error is asked for. No level repeats.
type combination struct {
	x    []share // by pool
	a, b []share // by level
}

// variance is Var(predicted − true) of a combination, divided by σ², with fixed
// effects estimated; known is the same with fixed effects known. It touches only
// the few cells of the inverse that the combination meets.
func (q *equations) variance(c combination) (full, known float64) {
	x, b, known := q.eliminate(c)
	full = known + quadratic(q.finv, x)
	if q.hasB {
		full += quadratic(q.cbb, b)
		known += quadratic(q.sinv, b)
		for _, s := range b {
			for _, t := range x {
				full -= 2 * s.value * t.value * q.gf.At(s.at, t.at)
			}
		}
	}
	return full, known
}

// eliminate writes a combination in β and v alone; rest is the variance, divided
// by σ², that u has when both are given.
func (q *equations) eliminate(c combination) (x, b []share, rest float64) {
	x = append(x, c.x...)
	for i, level := range c.a {
		inv := q.inv[level.at]
		rest += level.value * level.value * inv
		for _, s := range q.d.nx[level.at] {
			x = add(x, s.at, -level.value*inv*s.value)
		}
		if !q.hasB {
			continue
		}
		for _, s := range q.d.nb[level.at] {
			value := -level.value * inv * s.value
			if i == 0 {
				b = append(b, share{s.at, value})
			} else {
				b = add(b, s.at, value)
			}
		}
	}
	if q.hasB {
		for _, s := range c.b {
			b = add(b, s.at, s.value)
		}
	}
	return x, b, rest
}

// fitted is the variance of every observation's fitted value, divided by σ². What
// the observations of a level share is worked out once.
func (q *equations) fitted() []float64 {
	d := q.d
	of := make([]float64, d.n)
	concurrently((d.qa+chunk-1)/chunk, func(number int) {
		for a := number * chunk; a < min(d.qa, (number+1)*chunk); a++ {
			x, b, rest := q.eliminate(combination{a: []share{{a, 1}}})
			if q.hasB {
				rest += quadratic(q.cbb, b)
			}
			for i := d.start[a]; i < d.start[a+1]; i++ {
				own := add(append([]share(nil), x...), d.x[i], 1)
				of[i] = rest + quadratic(q.finv, own)
				if q.hasB {
					of[i] += q.joined(b, own, d.b[i])
				}
			}
		}
	})
	return of
}

// joined is what a level of b adds to the variance of the row b, and their
// covariance with x.
func (q *equations) joined(b, x []share, level int) float64 {
	sum := q.cbb.At(level, level)
	for _, s := range b {
		sum += 2 * s.value * q.cbb.At(s.at, level)
	}
	for _, t := range x {
		cross := q.gf.At(level, t.at)
		for _, s := range b {
			cross += s.value * q.gf.At(s.at, t.at)
		}
		sum -= 2 * t.value * cross
	}
	return sum
}

// quadratic is r'Mr of a sparse row.
func quadratic(m *mat.SymDense, r []share) (sum float64) {
	raw := m.RawSymmetric()
	for i, s := range r {
		sum += s.value * s.value * raw.Data[s.at*raw.Stride+s.at]
		for _, t := range r[:i] {
			sum += 2 * s.value * t.value * raw.Data[min(s.at, t.at)*raw.Stride+max(s.at, t.at)]
		}
	}
	return sum
}
