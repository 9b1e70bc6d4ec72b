package tally

import (
	"fmt"
	"math"
)

// Defaults are the components that stand in where nothing is known: an entry's
// standard deviation is 1, a juror's 0.7, a review's 1.1. Only their proportions
// matter.
var Defaults = Components{Entry: 1, Juror: 0.49, Residual: 1.21}

// A BadComponents says why components that were given cannot be used.
type BadComponents struct{ What string }

func (e *BadComponents) Error() string { return "components: " + e.What }

// NotConverged says that the estimation did not settle within its steps. Last
// edition's components (Options.Given) still give a result.
type NotConverged struct{ Iterations int }

func (e *NotConverged) Error() string {
	return fmt.Sprintf("the variance components did not settle in %d iterations", e.Iterations)
}

// Fit fits the model by REML: components to a relative 1e-10 within 60
// iterations, effects by best linear unbiased prediction, exact for the
// components found.
//
// Where fewer than 10 entries or 4 jurors leave the estimation without an end,
// the default proportions stand in. Degenerate tables give raw means and say so in Model.Warnings rather than an
// error. The error is a *BadReview, a *BadComponents or a *NotConverged.
func Fit(t Table, o Options) (*Model, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	s := identify(t)
	if s.nothing == NoScores || s.nothing != 0 && o.Given == nil {
		return plain(t, s.nothing), nil
	}
	d := newDesign(t, t.Jurors > 0 && (s.jurors || o.Given != nil))
	if d.scale == 0 {
		if o.Given == nil {
			return plain(t, NoInformation), nil
		}
		d.scale = 1
	}
	m := &Model{table: t}
	err := m.settle(d, s, o)
	if err != nil {
		return nil, fmt.Errorf("fit model: %w", err)
	}
	m.Criterion = m.found.criterion + 2*float64(d.n-d.p)*math.Log(d.scale)
	m.effects()
	m.caution(s)
	return m, nil
}

func (o Options) check() error {
	for _, c := range []*Components{o.Given, o.Ratios} {
		if c == nil {
			continue
		}
		for _, v := range []float64{c.Entry, c.Juror, c.Residual} {
			if !(v >= 0 && v <= largest*largest) {
				return &BadComponents{"each is a finite number, zero or more"}
			}
		}
		if c.Residual <= 1e-12*max(c.Entry, c.Juror) {
			return &BadComponents{"the residual must be above zero, and not vanish beside the others"}
		}
	}
	return nil
}

// settle finds the components, by the way that the options and the table leave.
func (m *Model) settle(d *design, s scope, o Options) (err error) {
	switch {
	case o.Given != nil:
		m.Basis = Provided
		return m.hold(d, *o.Given, d.scale*d.scale)
	case o.Ratios != nil:
		m.Basis = Provided
		return m.proportion(d, *o.Ratios)
	}
	r := &estimator{d: d, penalised: o.Penalised, free: d.roles(s.entries, d.qb > 0 && s.jurors, true)}
	for c, free := range r.free {
		if free {
			r.kappa[c] = 1.0 / 3
		}
	}
	if m.found, err = r.estimate(); err != nil {
		if s.thin {
			m.Basis, m.Iterations = Assumed, r.steps
			return m.proportion(d, Defaults)
		}
		return err
	}
	m.Iterations, m.Components = r.steps, d.components(m.found.eq.kappa, d.scale*d.scale)
	if r.exact {
		m.Warnings = append(m.Warnings, Caution{Kind: ExactFit})
	}
	if r.indistinct {
		m.Warnings = append(m.Warnings, Caution{Kind: Indistinct})
	}
	if s.single {
		return m.assume(d)
	}
	return nil
}

// hold takes components as they are.
func (m *Model) hold(d *design, c Components, unit float64) error {
	if m.table.Jurors == 0 {
		c.Juror = 0
	}
	kappa := d.kappa(c)
	for i := range kappa {
		kappa[i] /= unit
	}
	found, ok := evaluate(d, kappa)
	if !ok {
		return &BadComponents{"they lie too far from the scores"}
	}
	m.found, m.Components = found, c
	return nil
}

// proportion estimates the common size of components whose proportions are
// given: σ² = y'V⁻¹(y − Xβ̂)/(n − p) with V in units of the residual.
func (m *Model) proportion(d *design, c Components) error {
	if err := m.hold(d, c, c.Residual); err != nil {
		return err
	}
	var squares float64
	for i, e := range m.found.solved.residual {
		squares += d.w[i] * e * d.y[i]
	}
	size := squares / float64(d.n-d.p) * d.scale * d.scale / c.Residual
	return m.hold(d, Components{c.Entry * size, c.Juror * size, c.Residual * size}, d.scale*d.scale)
}

// assume splits what one review an entry cannot tell apart by the default
// proportion of entries to residual.
func (m *Model) assume(d *design) error {
	m.Basis = Assumed
	c := m.Components
	whole := c.Entry + c.Residual
	c.Entry = whole * Defaults.Entry / (Defaults.Entry + Defaults.Residual)
	c.Residual = whole - c.Entry
	return m.hold(d, c, d.scale*d.scale)
}

// roles orders what belongs to entries, jurors and residual by the design's
// factors.
func (d *design) roles(entry, juror, residual bool) [3]bool {
	if d.entriesStay {
		return [3]bool{juror, entry, residual}
	}
	return [3]bool{entry, juror, residual}
}

func (d *design) kappa(c Components) [3]float64 {
	if d.entriesStay {
		return [3]float64{c.Juror, c.Entry, c.Residual}
	}
	return [3]float64{c.Entry, c.Juror, c.Residual}
}

func (d *design) components(kappa [3]float64, unit float64) Components {
	c := Components{kappa[ofA] * unit, kappa[ofB] * unit, kappa[ofResidual] * unit}
	if d.entriesStay {
		c.Entry, c.Juror = c.Juror, c.Entry
	}
	return c
}
