package assign

// required counts what jurors fall short of their smallest loads. It comes before
// all aims, and must be 0.
const required Aim = "required"

// linkCost is what a pair costs in a level.
func (f *frame) linkCost(l *link, aims []Aim) int64 {
	var c int64
	for _, aim := range aims {
		switch {
		case aim == Changes && f.p.Before != nil && !l.old:
			c++
		case aim == Preference:
			c += l.cost
		case aim == Ties:
			c += lot(f.p.Seed, l.entry, l.juror)
		}
	}
	return c
}

// missingCost is what the s-th missing viewing of an entry costs in a level.
func (f *frame) missingCost(s int, aims []Aim) int64 {
	var c int64
	for _, aim := range aims {
		switch aim {
		case Missing:
			c += int64(s)
		case Shortage:
			c += int64(s) * f.p.ShortageUnit
		}
	}
	return c
}

// unitCost is what one viewing of a unit costs in a level.
func (f *frame) unitCost(u unit, aims []Aim) int64 {
	if u.kind == missing {
		return f.missingCost(int(u.n), aims)
	}
	var c int64
	for _, aim := range aims {
		switch {
		case aim == Load && u.kind == load:
			c += f.loadCost(int(u.of), int(u.n))
		case aim == Weak && u.kind == feeble:
			c += int64(u.n)
		case aim == Quotas && u.kind == quota:
			c--
		case aim == required && u.kind == must:
			c++
		}
	}
	return c
}
