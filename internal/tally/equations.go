package tally

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// equations are the mixed-model equations (Henderson 1950) at given variances,
// with factor a eliminated level by level (methods of sparse absorption):
//
//	S = diag(Σω + σ²/σ²b) − Σₐ NₐNₐ'/dₐ,  dₐ = Σω + σ²/σ²a
//
// so that only a matrix of b's levels is ever dense. A factor whose variance is
// zero is left out of them: 1/dₐ is 0, or S is not formed.
type equations struct {
	d        *design
	kappa    [3]float64 // σ²a, σ²b, σ² on the standardised scale
	inv      []float64  // 1/dₐ
	hasB     bool
	chol     mat.Cholesky // of S
	sinv     *mat.SymDense
	sx       []float64 // Sx, qb × p
	g        []float64 // S⁻¹Sx, qb × p
	cholF    mat.Cholesky
	finv     *mat.SymDense
	gf       *mat.Dense    // S⁻¹SxF⁻¹, qb × p
	cbb      *mat.SymDense // S⁻¹ + S⁻¹SxF⁻¹Sx'S⁻¹: b's block of the whole inverse
	logDet   float64       // of the coefficient matrix, scaled by σ²
	singular bool
}

// A solution is what the equations say of one right-hand side.
type solution struct {
	beta, a, b []float64
	residual   []float64 // one an observation
}

// newEquations forms and factorises them; singular is set when the numbers do
// not allow it.
func newEquations(d *design, kappa [3]float64) *equations {
	q := &equations{d: d, kappa: kappa, inv: make([]float64, d.qa), hasB: d.qb > 0 && kappa[1] > 0}
	if kappa[0] > 0 {
		for a := range q.inv {
			full := d.wa[a] + kappa[2]/kappa[0]
			q.inv[a] = 1 / full
			q.logDet += math.Log(full)
		}
	}
	if q.hasB {
		q.absorb()
	}
	if !q.singular {
		q.fixed()
	}
	if q.hasB && !q.singular {
		q.complete()
	}
	return q
}

// absorb forms S and Sx and solves one for the other.
func (q *equations) absorb() {
	d := q.d
	s := mat.NewSymDense(d.qb, nil)
	raw := s.RawSymmetric()
	q.sx = append([]float64(nil), d.bx...)
	for a, inv := range q.inv {
		if inv == 0 {
			continue
		}
		for _, i := range d.nb[a] {
			scaled := i.value * inv
			for _, j := range d.nb[a] {
				if j.at >= i.at {
					raw.Data[i.at*raw.Stride+j.at] -= scaled * j.value
				}
			}
			for _, x := range d.nx[a] {
				q.sx[i.at*d.p+x.at] -= scaled * x.value
			}
		}
	}
	for b, w := range d.wb {
		raw.Data[b*raw.Stride+b] += w + q.kappa[2]/q.kappa[1]
	}
	if q.singular = !q.chol.Factorize(s); q.singular {
		return
	}
	q.logDet += q.chol.LogDet()
	var g mat.Dense
	if q.chol.SolveTo(&g, mat.NewDense(d.qb, d.p, q.sx)) != nil {
		q.singular = true
		return
	}
	q.g = g.RawMatrix().Data
	q.sinv = s
	q.singular = q.chol.InverseTo(s) != nil
}

// fixed forms and factorises the equations of the pools: F = Sxx − Sx'S⁻¹Sx.
func (q *equations) fixed() {
	d := q.d
	f := mat.NewSymDense(d.p, nil)
	raw := f.RawSymmetric().Data
	for x, w := range d.xx {
		raw[x*d.p+x] = w
	}
	for a, inv := range q.inv {
		for _, i := range d.nx[a] {
			for _, j := range d.nx[a] {
				if j.at >= i.at {
					raw[i.at*d.p+j.at] -= i.value * j.value * inv
				}
			}
		}
	}
	for b := range len(q.g) / d.p {
		for i := range d.p {
			for j := i; j < d.p; j++ {
				raw[i*d.p+j] -= q.sx[b*d.p+i] * q.g[b*d.p+j]
			}
		}
	}
	if q.singular = !q.cholF.Factorize(f); q.singular {
		return
	}
	q.logDet += q.cholF.LogDet()
	q.finv = f
	q.singular = q.cholF.InverseTo(f) != nil
}

// complete forms the blocks of the whole inverse that belong to b.
func (q *equations) complete() {
	g := mat.NewDense(q.d.qb, q.d.p, q.g)
	q.gf = new(mat.Dense)
	q.gf.Mul(g, q.finv)
	q.cbb = mat.NewSymDense(q.d.qb, nil)
	q.cbb.CopySym(q.sinv)
	raw, gf := q.cbb.RawSymmetric(), q.gf.RawMatrix().Data
	for i := range q.d.qb {
		for j := i; j < q.d.qb; j++ {
			for x := range q.d.p {
				raw.Data[i*raw.Stride+j] += gf[i*q.d.p+x] * q.g[j*q.d.p+x]
			}
		}
	}
}

// solve takes a right-hand side made of the data z, one an observation.
func (q *equations) solve(z []float64) solution {
	d := q.d
	sa, sb, sx := make([]float64, d.qa), make([]float64, d.qb), make([]float64, d.p)
	for i, v := range z {
		sa[d.a[i]] += d.w[i] * v
		sx[d.x[i]] += d.w[i] * v
		if q.hasB {
			sb[d.b[i]] += d.w[i] * v
		}
	}
	for a, inv := range q.inv {
		scaled := sa[a] * inv
		for _, x := range d.nx[a] {
			sx[x.at] -= x.value * scaled
		}
		if q.hasB {
			for _, b := range d.nb[a] {
				sb[b.at] -= b.value * scaled
			}
		}
	}
	var s solution
	s.beta, s.b = q.solveDense(sb, sx)
	s.a = make([]float64, d.qa)
	for a, inv := range q.inv {
		s.a[a] = inv * (sa[a] - dot(d.nx[a], s.beta) - q.dotB(a, s.b))
	}
	s.residual = q.residuals(z, s)
	return s
}

// solveDense solves for β and b once a is absorbed into the right-hand sides.
func (q *equations) solveDense(sb, sx []float64) (beta, b []float64) {
	d := q.d
	for i := range len(q.g) / d.p {
		for x := range d.p {
			sx[x] -= q.g[i*d.p+x] * sb[i]
		}
	}
	var solved mat.VecDense
	_ = q.cholF.SolveVecTo(&solved, mat.NewVecDense(d.p, sx)) // its error is a condition number, checked by the inverse
	beta, b = solved.RawVector().Data, make([]float64, d.qb)
	if !q.hasB {
		return beta, b
	}
	var first mat.VecDense
	_ = q.chol.SolveVecTo(&first, mat.NewVecDense(d.qb, sb)) // likewise
	for i := range b {
		b[i] = first.AtVec(i)
		for x := range d.p {
			b[i] -= q.g[i*d.p+x] * beta[x]
		}
	}
	return beta, b
}

func (q *equations) residuals(z []float64, s solution) []float64 {
	d := q.d
	e := make([]float64, len(z))
	for i, v := range z {
		e[i] = v - s.beta[d.x[i]] - s.a[d.a[i]]
		if q.hasB {
			e[i] -= s.b[d.b[i]]
		}
	}
	return e
}

func (q *equations) dotB(a int, b []float64) float64 {
	if !q.hasB {
		return 0
	}
	return dot(q.d.nb[a], b)
}

func dot(row []share, dense []float64) (sum float64) {
	for _, s := range row {
		sum += s.value * dense[s.at]
	}
	return sum
}
