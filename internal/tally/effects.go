package tally

// effects fills in what the solved equations say of pools, entries and jurors.
func (m *Model) effects() {
	d := m.found.eq.d
	noise := m.Components.Residual
	for x, level := range d.levelX {
		full, _ := m.found.eq.variance(combination{x: []share{{x, 1}}})
		m.Fixed = append(m.Fixed, Fixed{m.table.poolName(level), d.centre[x] + d.scale*m.found.solved.beta[x], root(noise * full)})
	}
	m.Jurors = make([]Juror, m.table.Jurors)
	for j := range m.Jurors {
		c, ok := m.juror(j, 1)
		if !ok {
			continue
		}
		full, known := m.found.eq.variance(c)
		m.Jurors[j] = Juror{
			Severity: d.scale * m.found.effect(c),
			PEV:      noise * full, SE: root(noise * full), Conditional: noise * known, Known: true,
		}
	}
	m.Entries = make([]Entry, m.table.Entries)
	m.means()
	for e := range m.Entries {
		if m.Entries[e].Reviews > 0 {
			m.predict(e)
		}
	}
	m.parts, _ = m.table.parts(m.Components.Juror > 0)
}

// means fills in what is counted and averaged: reviews, raw and adjusted means.
func (m *Model) means() {
	weights := make([]float64, len(m.Entries))
	for i, r := range m.table.Reviews {
		weights[r.Entry] += m.table.weight(i)
	}
	for i, r := range m.table.Reviews {
		w := m.table.weight(i)
		if w == 0 {
			continue
		}
		severity := 0.0
		if m.table.Jurors > 0 {
			m.Jurors[r.Juror].Reviews++
			severity = m.Jurors[r.Juror].Severity
		}
		e := &m.Entries[r.Entry]
		e.Reviews++
		e.Raw += r.Score * (w / weights[r.Entry])
		e.Adjusted += (r.Score - severity) * (w / weights[r.Entry])
	}
}

// predict fills in an entry's effect and its value on the list.
func (m *Model) predict(entry int) {
	noise, e := m.Components.Residual, &m.Entries[entry]
	bare := m.entry(entry, 1)
	c := bare
	c.x = m.found.eq.d.poolShares(bare)
	for _, x := range c.x {
		e.Calibrated += x.value * m.found.eq.d.centre[x.at]
	}
	e.Calibrated += m.found.eq.d.scale * m.found.effect(c)
	e.Effect = m.found.eq.d.scale * m.found.effect(bare)
	full, known := m.found.eq.variance(bare)
	e.EffectPEV, e.EffectConditional = noise*full, noise*known
	full, _ = m.found.eq.variance(c)
	e.Known, e.PEV, e.SE = true, noise*full, root(noise*full)
}

// entry is an entry's effect times a factor, without its pools. It must have
// reviews.
func (m *Model) entry(e int, factor float64) combination {
	d := m.found.eq.d
	if d.entriesStay {
		return combination{b: []share{{d.toB[e], factor}}}
	}
	return combination{a: []share{{d.toA[e], factor}}}
}

// juror is a juror's effect times a factor; false when the model has none.
func (m *Model) juror(j int, factor float64) (combination, bool) {
	d := m.found.eq.d
	to := d.toB
	if d.entriesStay {
		to = d.toA
	}
	if d.qb == 0 || to[j] < 0 {
		return combination{}, false
	}
	if d.entriesStay {
		return combination{a: []share{{to[j], factor}}}, true
	}
	return combination{b: []share{{to[j], factor}}}, true
}

// poolShares is x of an entry: how its reviews divide among pools, by weight.
func (d *design) poolShares(of combination) []share {
	if len(of.a) > 0 {
		shares := append([]share(nil), d.nx[of.a[0].at]...)
		for i := range shares {
			shares[i].value /= d.wa[of.a[0].at]
		}
		return shares
	}
	b := of.b[0].at
	var shares []share
	for x := range d.p {
		if w := d.bx[b*d.p+x]; w > 0 {
			shares = append(shares, share{x, w / d.wb[b]})
		}
	}
	return shares
}

// effect is the predicted value of a combination on the standardised scale.
func (v evaluation) effect(c combination) float64 {
	return dot(c.x, v.solved.beta) + dot(c.a, v.solved.a) + dot(c.b, v.solved.b)
}
