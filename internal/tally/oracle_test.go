package tally_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"laurel/internal/tally"
)

// A dense model is the same model by the textbook: V formed and inverted whole,
// and the mixed-model equations with every effect in them.
type dense struct {
	x, z, g, vinv, p *mat.Dense
	y                *mat.VecDense
	criterion        float64
	score            [3]float64 // by entry, juror and residual variance
	inverse          *mat.Dense // of the mixed-model equations: errors of β, u and v
	effects          *mat.VecDense
	pools            int
}

func newDense(table tally.Table, c tally.Components) dense {
	n, pools := len(table.Reviews), max(1, len(table.Pools))
	levels := table.Entries + table.Jurors
	d := dense{x: mat.NewDense(n, pools, nil), z: mat.NewDense(n, levels, nil), y: mat.NewVecDense(n, nil), pools: pools}
	ginv, rinv, v := mat.NewDense(levels, levels, nil), mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
	d.g = mat.NewDense(levels, levels, nil)
	for i, r := range table.Reviews {
		d.x.Set(i, r.Pool, 1)
		d.z.Set(i, r.Entry, 1)
		if table.Jurors > 0 {
			d.z.Set(i, table.Entries+r.Juror, 1)
		}
		d.y.SetVec(i, r.Score)
		w := 1.0
		if table.Weights != nil {
			w = table.Weights[i]
		}
		rinv.Set(i, i, w/c.Residual)
	}
	for i := range levels {
		k := c.Entry
		if i >= table.Entries {
			k = c.Juror
		}
		d.g.Set(i, i, k)
		ginv.Set(i, i, 1/k)
	}
	var zg mat.Dense
	zg.Mul(d.z, d.g)
	v.Mul(&zg, d.z.T())
	for i := range n {
		v.Set(i, i, v.At(i, i)+1/rinv.At(i, i))
	}
	d.likelihood(v, rinv, c, table.Entries)
	d.equations(rinv, ginv)
	return d
}

func (d *dense) likelihood(v, rinv *mat.Dense, c tally.Components, entries int) {
	n, _ := v.Dims()
	d.vinv, d.p = new(mat.Dense), new(mat.Dense)
	_ = d.vinv.Inverse(v)
	var vx, xvx, inv, half, drop mat.Dense
	vx.Mul(d.vinv, d.x)
	xvx.Mul(d.x.T(), &vx)
	_ = inv.Inverse(&xvx)
	half.Mul(&vx, &inv)
	drop.Mul(&half, vx.T())
	d.p.Sub(d.vinv, &drop)
	var py mat.VecDense
	py.MulVec(d.p, d.y)
	logV, _ := mat.LogDet(v)
	logX, _ := mat.LogDet(&xvx)
	d.criterion = logV + logX + mat.Dot(d.y, &py) + float64(n-d.pools)*math.Log(2*math.Pi)
	for k := range d.score {
		dv := mat.NewDense(n, n, nil)
		_, levels := d.z.Dims()
		switch k {
		case 0:
			dv.Mul(d.z.Slice(0, n, 0, entries), d.z.Slice(0, n, 0, entries).T())
		case 1:
			if entries < levels {
				dv.Mul(d.z.Slice(0, n, entries, levels), d.z.Slice(0, n, entries, levels).T())
			}
		case 2:
			for i := range n {
				dv.Set(i, i, 1/rinv.At(i, i)/c.Residual)
			}
		}
		var pd mat.Dense
		var dpy mat.VecDense
		pd.Mul(d.p, dv)
		dpy.MulVec(dv, &py)
		d.score[k] = -0.5 * (mat.Trace(&pd) - mat.Dot(&py, &dpy))
	}
}

func (d *dense) equations(rinv, ginv *mat.Dense) {
	n, levels := d.z.Dims()
	w := mat.NewDense(n, d.pools+levels, nil)
	w.Augment(d.x, d.z)
	var rw, c mat.Dense
	rw.Mul(rinv, w)
	c.Mul(w.T(), &rw)
	for i := range levels {
		c.Set(d.pools+i, d.pools+i, c.At(d.pools+i, d.pools+i)+ginv.At(i, i))
	}
	d.inverse, d.effects = new(mat.Dense), new(mat.VecDense)
	_ = d.inverse.Inverse(&c)
	var right mat.VecDense
	right.MulVec(rw.T(), d.y)
	d.effects.MulVec(d.inverse, &right)
}

// combine is the error variance of a combination of β, u and v.
func (d *dense) combine(row []float64) float64 {
	v := mat.NewVecDense(len(row), row)
	var cv mat.VecDense
	cv.MulVec(d.inverse, v)
	return mat.Dot(v, &cv)
}

// randomTable is small, unbalanced and linked, with pools that differ.
func randomTable(random *rand.Rand, entries, jurors, pools int, weighted bool) tally.Table {
	t := tally.Table{Entries: entries, Jurors: jurors}
	for i := range pools {
		t.Pools = append(t.Pools, string(rune('A'+i)))
	}
	severity := make([]float64, max(1, jurors))
	for j := range severity {
		severity[j] = random.NormFloat64()
	}
	for e := range entries {
		worth := 6 + 1.5*random.NormFloat64()
		for range 2 + random.IntN(4) {
			j, pool := random.IntN(max(1, jurors)), (e+random.IntN(2))%max(1, pools)
			t.Reviews = append(t.Reviews, tally.Review{
				Entry: e, Juror: j, Pool: pool,
				Score: worth + severity[j] + float64(pool) + random.NormFloat64(),
			})
			if weighted {
				t.Weights = append(t.Weights, 0.5+random.Float64())
			}
		}
	}
	return t
}

// TestAgainstTheDenseModel compares with matrices formed whole: the criterion,
// its derivative (zero at the estimate), effects and their errors.
func TestAgainstTheDenseModel(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 1))
	for i := range 40 {
		table := randomTable(random, 5+random.IntN(12), []int{0, 4, 7, 25}[i%4], 1+i%3, i%5 == 0)
		m := fit(t, table, tally.Options{})
		c := m.Components
		if c.Entry == 0 || c.Juror == 0 && table.Jurors > 0 {
			checkBoundary(t, table, c)
			continue
		}
		d := newDense(table, c)
		within(t, "criterion", m.Criterion, d.criterion, 1e-8)
		for k, component := range []float64{c.Entry, c.Juror, c.Residual} {
			if table.Jurors > 0 || k != 1 {
				within(t, "derivative", d.score[k]*component, 0, 1e-6)
			}
		}
		checkEffects(t, table, m, d)
	}
}

// checkBoundary wants the likelihood to fall when a component that was put at
// zero leaves it.
func checkBoundary(t *testing.T, table tally.Table, c tally.Components) {
	t.Helper()
	const near = 1e-5
	d := newDense(table, tally.Components{Entry: max(c.Entry, near), Juror: max(c.Juror, near), Residual: c.Residual})
	if c.Entry == 0 && d.score[0] > 1e-3 || table.Jurors > 0 && c.Juror == 0 && d.score[1] > 1e-3 {
		t.Errorf("the likelihood rises from the boundary: %+v, derivative %v", c, d.score)
	}
}

func checkEffects(t *testing.T, table tally.Table, m *tally.Model, d dense) {
	t.Helper()
	for x, f := range m.Fixed {
		within(t, "pool", f.Estimate, d.effects.AtVec(x), 1e-8)
		within(t, "pool's error", f.SE, math.Sqrt(d.inverse.At(x, x)), 1e-8)
	}
	rows := make([][]float64, table.Entries)
	for e, got := range m.Entries {
		rows[e] = make([]float64, d.effects.Len())
		rows[e][d.pools+e] = 1
		within(t, "effect", got.Effect, d.effects.AtVec(d.pools+e), 1e-8)
		within(t, "effect's error", got.EffectPEV, d.combine(rows[e]), 1e-8)
		var weights float64
		for i, r := range table.Reviews {
			if r.Entry != e {
				continue
			}
			w := 1.0
			if table.Weights != nil {
				w = table.Weights[i]
			}
			rows[e][r.Pool] += w
			weights += w
		}
		for x := range d.pools {
			rows[e][x] /= weights
		}
		within(t, "value", got.Calibrated, mat.Dot(mat.NewVecDense(len(rows[e]), rows[e]), d.effects), 1e-8)
		within(t, "value's error", got.PEV, d.combine(rows[e]), 1e-8)
	}
	for e := range rows {
		row := slices.Clone(rows[e])
		for i, v := range rows[0] {
			row[i] -= v
		}
		within(t, "difference", m.Difference(e, 0), d.combine(row), 1e-8)
	}
	for j, got := range m.Jurors {
		row := make([]float64, d.effects.Len())
		at := d.pools + table.Entries + j
		row[at] = 1
		if got.Known {
			within(t, "severity", got.Severity, d.effects.AtVec(at), 1e-8)
			within(t, "severity's error", got.PEV, d.combine(row), 1e-8)
		}
	}
}
