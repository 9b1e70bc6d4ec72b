package assign

import (
	"cmp"
	"slices"
)

// A standing is what Why reads: the problem in order, and what is given by link.
type standing struct {
	f     *frame
	given []bool
}

// Why says how a pair stands in the plan: given, done, or why it is not given.
func (plan Plan) Why(entry, juror int) Reason {
	if plan.stands == nil {
		return Unlisted
	}
	f := plan.stands.f
	i := f.place(entry, juror)
	switch {
	case i >= 0 && f.links[i].done:
		return Done
	case i < 0 || !f.links[i].listed:
		return f.barred(entry, juror)
	case plan.stands.given[i]:
		return Given
	case plan.Loads[juror] >= f.p.Jurors[juror].Max:
		return Full
	case plan.Short[entry] == 0:
		return Enough
	}
	return Dearer
}

// barred is the reason that was given for a pair, the first one if there are
// more.
func (f *frame) barred(entry, juror int) Reason {
	i, ok := slices.BinarySearchFunc(f.bars, Place{entry, juror}, func(b Bar, at Place) int {
		return cmp.Or(cmp.Compare(b.Entry, at.Entry), cmp.Compare(b.Juror, at.Juror))
	})
	if !ok {
		return Unlisted
	}
	return f.bars[i].Reason
}
