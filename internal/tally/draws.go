package tally

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Below fewForPlugIn jurors, a draw begins with the components themselves: their
// uncertainty is then too large to leave out.
const fewForPlugIn = 15

// drawsAtOnce is how many draws one stream of random numbers gives. It is fixed,
// so that a seed means the same draws on every machine.
const drawsAtOnce = 64

// A sampler draws what the entries may truly be worth, jointly, given the scores:
// β and v through the Cholesky factors of their equations, then each u given
// them. The draws are exact for the components that they are given.
type sampler struct {
	m       *Model
	entries []int         // those that are drawn
	effects []combination // one each, with its pools
	spread  *mat.TriDense // Cholesky factor of the log components' covariance; nil: held
	free    []int         // the components that it is of
}

func (m *Model) sampler(entries []int) sampler {
	s := sampler{m: m, entries: entries}
	for _, e := range entries {
		c := m.entry(e, 1)
		c.x = m.found.eq.d.poolShares(c)
		s.effects = append(s.effects, c)
	}
	_, jurors, _ := used(m.table)
	if n := jurors.distinct(); m.Basis == Estimated && n > 0 && n < fewForPlugIn {
		s.loosen()
	}
	return s
}

// loosen lets the components vary: their logarithms as a normal distribution
// with the inverse of the average information.
func (s *sampler) loosen() {
	kappa := s.m.found.eq.kappa
	for c, k := range kappa {
		if k > 0 && s.m.found.info[c][c] > 0 {
			s.free = append(s.free, c)
		}
	}
	info := mat.NewSymDense(len(s.free), nil)
	for i, c := range s.free {
		for j, e := range s.free[:i+1] {
			info.SetSym(i, j, s.m.found.info[c][e]*kappa[c]*kappa[e])
		}
		info.SetSym(i, i, info.At(i, i)*(1+1e-10)+1e-10)
	}
	var of, back mat.Cholesky
	var covariance mat.SymDense
	if !of.Factorize(info) || of.InverseTo(&covariance) != nil || !back.Factorize(&covariance) {
		return
	}
	s.spread = new(mat.TriDense)
	back.LTo(s.spread)
}

// A position is what a stream of draws stands on.
type position struct {
	eq     *equations
	solved solution
	us, uf blas64.Triangular // Cholesky factors of S and F
}

func stand(eq *equations, solved solution) position {
	p := position{eq: eq, solved: solved, uf: triangle(&eq.cholF)}
	if eq.hasB {
		p.us = triangle(&eq.chol)
	}
	return p
}

func triangle(c *mat.Cholesky) blas64.Triangular {
	var u mat.TriDense
	c.UTo(&u)
	return u.RawTriangular()
}

// stream draws a number of times, from its own random numbers, and hands each
// draw over: what each entry is worth on the scale of the scores, and for each a
// random number that breaks ties.
func (s sampler) stream(seed uint64, number, draws int, take func(draw int, worth, lot []float64)) {
	random := rand.New(rand.NewPCG(seed, uint64(number)))
	here := stand(s.m.found.eq, s.m.found.solved)
	worth, lot := make([]float64, len(s.entries)), make([]float64, len(s.entries))
	luck := make([]float64, s.m.table.Entries)
	for i := range draws {
		if s.spread != nil {
			here = s.elsewhere(random, here)
		}
		for e := range luck {
			luck[e] = random.NormFloat64()
		}
		for i, e := range s.entries {
			lot[i] = luck[e]
		}
		s.draw(random, here, worth, lot)
		take(i, worth, lot)
	}
}

// elsewhere draws components and solves the equations there. A component never
// moves by more than a factor of e³, beyond which the normal approximation means
// nothing.
func (s sampler) elsewhere(random *rand.Rand, here position) position {
	z := make([]float64, len(s.free))
	for i := range z {
		z[i] = random.NormFloat64()
	}
	kappa := s.m.found.eq.kappa
	for i, c := range s.free {
		var log float64
		for j := range i + 1 {
			log += s.spread.At(i, j) * z[j]
		}
		kappa[c] *= math.Exp(max(-3, min(3, log)))
	}
	eq := newEquations(s.m.found.eq.d, kappa)
	if eq.singular {
		return here
	}
	return stand(eq, eq.solve(eq.d.y))
}

// draw is one draw; the lots are also the luck of the effects that are drawn
// given the others.
func (s sampler) draw(random *rand.Rand, p position, worth, lot []float64) {
	eq, d := p.eq, p.eq.d
	sigma := math.Sqrt(eq.kappa[ofResidual])
	beta, b := p.deviate(random, sigma)
	for i, c := range s.effects {
		value := dot(c.x, beta) + dot(c.b, b)
		var centre float64
		for _, x := range c.x {
			centre += x.value * d.centre[x.at]
			value += x.value * p.solved.beta[x.at]
		}
		for _, a := range c.a {
			inv := eq.inv[a.at]
			value += p.solved.a[a.at] - inv*(dot(d.nx[a.at], beta)+eq.dotB(a.at, b)) + sigma*math.Sqrt(inv)*lot[i]
		}
		for _, level := range c.b {
			value += p.solved.b[level.at]
		}
		worth[i] = centre + d.scale*value
	}
}

// scatter draws a number for each of the table's levels and keeps those that the
// model has, so that the same level has the same luck when another is left out.
func scatter(random *rand.Rand, sigma float64, into []float64, to []int) {
	for _, level := range to {
		z := random.NormFloat64()
		if level >= 0 {
			into[level] = sigma * z
		}
	}
}

// deviate draws by how much β and b differ from what was predicted.
func (p position) deviate(random *rand.Rand, sigma float64) (beta, b []float64) {
	d := p.eq.d
	beta, b = make([]float64, d.p), make([]float64, d.qb)
	scatter(random, sigma, beta, d.toX)
	blas64.Trsv(blas.NoTrans, p.uf, blas64.Vector{N: d.p, Data: beta, Inc: 1})
	if !p.eq.hasB {
		return beta, b
	}
	scatter(random, sigma, b, d.toB)
	blas64.Trsv(blas.NoTrans, p.us, blas64.Vector{N: d.qb, Data: b, Inc: 1})
	for i := range b {
		for x, v := range beta {
			b[i] -= p.eq.g[i*d.p+x] * v
		}
	}
	return beta, b
}
