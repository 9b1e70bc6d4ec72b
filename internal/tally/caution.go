package tally

import (
	"cmp"
	"slices"
)

// Thin data: below them a result is provisional.
const (
	fewEntries = 10
	fewJurors  = 4
)

// caution lists what a reader has to know, in the order of the kinds.
func (m *Model) caution(s scope) {
	warn := func(kind CautionKind, n int) { m.Warnings = append(m.Warnings, Caution{kind, n}) }
	if s.nothing != 0 {
		warn(s.nothing, 0)
	}
	entries, _, _ := used(m.table)
	if missing := m.table.Entries - entries.distinct(); missing > 0 && s.nothing != NoScores {
		warn(WithoutReviews, missing)
	}
	if m.Basis != Nothing {
		m.cautionModel(s, warn)
	}
	slices.SortFunc(m.Warnings, func(a, b Caution) int { return cmp.Compare(a.Kind, b.Kind) })
}

func (m *Model) cautionModel(s scope, warn func(CautionKind, int)) {
	c := m.Components
	switch {
	case m.Basis == Assumed && s.single:
		warn(SingleReviews, 0)
	case m.Basis == Assumed:
		warn(Unsettled, 0)
	}
	if m.Basis != Provided && s.jurorsLie {
		warn(NoSeverity, 0)
	}
	if c.Entry == 0 {
		warn(NoDifference, 0)
	}
	zeroJurors := c.Juror == 0 && m.table.Jurors > 0 && (m.Basis == Provided || s.jurors)
	if zeroJurors {
		warn(NoJurorEffect, 0)
	}
	if m.Basis != Provided && (s.thin || c.Entry == 0 || zeroJurors) {
		warn(Provisional, 0)
	}
	if _, parts := m.table.parts(c.Juror > 0); parts > 1 {
		warn(Disconnected, parts)
	}
}
