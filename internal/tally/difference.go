package tally

// Difference is Var(t̂e − t̂f − (te − tf)), the prediction error variance of how
// much better one entry is than another; 0 when either has no reviews or nothing
// is known.
func (m *Model) Difference(e, f int) float64 {
	if e == f || m.Basis == Nothing || m.Entries[e].Reviews == 0 || m.Entries[f].Reviews == 0 {
		return 0
	}
	d := m.found.eq.d
	c, other := m.entry(e, 1), m.entry(f, -1)
	c.x = d.poolShares(c)
	for _, s := range d.poolShares(other) {
		c.x = add(c.x, s.at, -s.value)
	}
	c.a, c.b = append(c.a, other.a...), append(c.b, other.b...)
	full, _ := m.found.eq.variance(c)
	return m.Components.Residual * full
}

// Parts are the parts of the reviews that no juror links, a number from 0 for
// each entry and −1 for those without reviews. Where jurors do not differ or are
// not known, there is one part.
func (m *Model) Parts() []int { return append([]int(nil), m.parts...) }
