package tally

import (
	"cmp"
	"math"
	"slices"
)

// A share is a number that stands at an index: a cell of a sparse row.
type share struct {
	at    int
	value float64
}

// A design is a table made ready for the mixed-model equations. Of its two
// factors, a is eliminated from them and b stays, so b is the one with fewer
// levels: usually the jurors.
type design struct {
	entriesStay bool // b are the entries, a the jurors
	qa, qb      int  // levels that have reviews; qb 0: there is no factor b
	p           int  // pools that have reviews
	n           int  // reviews of weight above zero

	// One an observation, sorted by a, then b, then pool, then score.
	a, b, x []int
	y, w    []float64
	review  []int // into the table

	start []int     // of level a's observations; qa+1 long
	nb    [][]share // N: Σω of each level a by b
	nx    [][]share // x̃: Σω of each level a by pool
	wa    []float64 // Σω by level a
	wb    []float64 // Σω by level b
	bx    []float64 // Zb'ΩX, qb × p
	xx    []float64 // X'ΩX is diagonal: Σω by pool

	levelA, levelB, levelX []int // the table's numbers of the levels
	toA, toB, toX          []int // and back; −1 for those without reviews

	centre []float64 // by pool: what was subtracted from the scores
	scale  float64   // what they were divided by; 0: all equal within pools
	logW   float64   // Σ log ω
}

// newDesign sorts a table that was checked. Entries without reviews have no
// level: nothing is known of them.
func newDesign(t Table, withJurors bool) *design {
	d := &design{}
	entries, jurors, pools := used(t)
	d.levelX, d.toX = pools.present()
	d.levelA, d.toA = entries.present()
	if withJurors {
		d.levelB, d.toB = jurors.present()
	}
	if withJurors && len(d.levelA) < len(d.levelB) {
		d.entriesStay = true
		d.levelA, d.levelB, d.toA, d.toB = d.levelB, d.levelA, d.toB, d.toA
	}
	d.qa, d.qb, d.p = len(d.levelA), len(d.levelB), len(d.levelX)
	d.observe(t, withJurors)
	d.standardise()
	d.count()
	return d
}

// A presence counts how often each number occurs.
type presence []int

func used(t Table) (entries, jurors, pools presence) {
	entries, jurors, pools = make(presence, t.Entries), make(presence, t.Jurors), make(presence, t.pools())
	for i, r := range t.Reviews {
		if t.weight(i) == 0 {
			continue
		}
		entries[r.Entry]++
		pools[r.Pool]++
		if t.Jurors > 0 {
			jurors[r.Juror]++
		}
	}
	return entries, jurors, pools
}

// present are the numbers that occur and the way back to their places.
func (p presence) present() (levels, to []int) {
	to = make([]int, len(p))
	for i, n := range p {
		to[i] = -1
		if n > 0 {
			to[i] = len(levels)
			levels = append(levels, i)
		}
	}
	return levels, to
}

// observe takes the reviews over in an order that depends on what they say, not
// on how they were listed.
func (d *design) observe(t Table, withJurors bool) {
	level := func(i int) (a, b int) {
		r := t.Reviews[i]
		switch {
		case !withJurors:
			return d.toA[r.Entry], 0
		case d.entriesStay:
			return d.toA[r.Juror], d.toB[r.Entry]
		}
		return d.toA[r.Entry], d.toB[r.Juror]
	}
	for i := range t.Reviews {
		if t.weight(i) > 0 {
			d.review = append(d.review, i)
		}
	}
	slices.SortFunc(d.review, func(i, j int) int {
		ai, bi := level(i)
		aj, bj := level(j)
		r, s := t.Reviews[i], t.Reviews[j]
		return cmp.Or(ai-aj, bi-bj, r.Pool-s.Pool, cmp.Compare(r.Score, s.Score),
			cmp.Compare(t.weight(i), t.weight(j)), i-j)
	})
	d.n = len(d.review)
	for _, i := range d.review {
		a, b := level(i)
		d.a, d.b, d.x = append(d.a, a), append(d.b, b), append(d.x, d.toX[t.Reviews[i].Pool])
		d.y, d.w = append(d.y, t.Reviews[i].Score), append(d.w, t.weight(i))
		d.logW += math.Log(t.weight(i))
	}
}

// standardise centres the scores by pool and divides them by their spread, so
// that no size of scale comes near the limits of a number.
func (d *design) standardise() {
	d.xx, d.centre = make([]float64, d.p), make([]float64, d.p)
	for i, x := range d.x {
		d.xx[x] += d.w[i]
	}
	for i, x := range d.x {
		d.centre[x] += d.y[i] * (d.w[i] / d.xx[x])
	}
	var largest, residual float64
	for i, x := range d.x {
		largest = max(largest, math.Abs(d.y[i]))
		d.y[i] -= d.centre[x]
		residual = max(residual, math.Abs(d.y[i]))
	}
	if residual <= 1e-12*largest || d.n <= d.p {
		return
	}
	var squares float64
	for _, y := range d.y {
		squares += (y / residual) * (y / residual)
	}
	d.scale = residual * math.Sqrt(squares/float64(d.n-d.p))
	for i := range d.y {
		d.y[i] /= d.scale
	}
}

// count sums the weights that the equations are made of.
func (d *design) count() {
	d.start, d.wa, d.wb = make([]int, d.qa+1), make([]float64, d.qa), make([]float64, d.qb)
	d.bx = make([]float64, d.qb*d.p)
	d.nb, d.nx = make([][]share, d.qa), make([][]share, d.qa)
	for i, a := range d.a {
		d.start[a+1]++
		d.wa[a] += d.w[i]
		d.nx[a] = add(d.nx[a], d.x[i], d.w[i])
		if d.qb > 0 {
			d.wb[d.b[i]] += d.w[i]
			d.bx[d.b[i]*d.p+d.x[i]] += d.w[i]
			d.nb[a] = add(d.nb[a], d.b[i], d.w[i])
		}
	}
	for a := range d.qa {
		d.start[a+1] += d.start[a]
	}
}

// add adds to a cell of a short sparse row.
func add(row []share, at int, value float64) []share {
	for i := len(row) - 1; i >= 0; i-- {
		if row[i].at == at {
			row[i].value += value
			return row
		}
	}
	return append(row, share{at, value})
}
