package assign

import "slices"

// Verify checks a plan against its problem without the solver: that it keeps
// all rules, that its figures are right, and what its prices prove. It returns
// the bound of every level, and ok if all of that holds and every level reaches
// its bound. A plan that was repaired to be connected need not reach the bounds.
// It takes time in proportion to the pairs.
func Verify(p Problem, plan Plan) (bounds []int64, ok bool) {
	order := make([][]Aim, len(plan.Levels))
	for i, l := range plan.Levels {
		order[i] = l.Aims
	}
	if plan.Threshold >= 0 {
		p = within(p, plan.Threshold)
	}
	f, err := arrange(p, asks(order, Weak))
	if err != nil || !f.fits(plan) {
		return nil, false
	}
	given, ok := f.keeps(plan)
	if !ok {
		return nil, false
	}
	bounds = f.bounds(plan.Levels)
	ok = f.figures(given).same(plan)
	for i, l := range plan.Levels {
		v := f.value(plan, given, l.Aims)
		ok = ok && v == l.Value && bounds[i] == l.Bound && v == bounds[i]
	}
	return bounds, ok
}

// same says whether two plans have the same figures.
func (plan Plan) same(other Plan) bool {
	return plan.Objective == other.Objective && plan.PairCost == other.PairCost && plan.LoadCost == other.LoadCost &&
		plan.ShortageCost == other.ShortageCost && plan.Missing == other.Missing && plan.NewPairs == other.NewPairs &&
		plan.MaxPairCost == other.MaxPairCost && plan.WeakPairs == other.WeakPairs &&
		slices.Equal(plan.Loads, other.Loads) && slices.Equal(plan.Short, other.Short)
}

// fits says whether a plan has as many entries and prices as the problem asks.
func (f *frame) fits(plan Plan) bool {
	return len(plan.Given) == len(f.p.Entries) && !slices.ContainsFunc(plan.Levels, func(l Level) bool {
		return len(l.Prices.Entries) != len(f.p.Entries) || len(l.Prices.Jurors) != len(f.p.Jurors) || len(l.Prices.Groups) != len(f.cells)
	})
}

// keeps says whether a plan keeps all rules, and marks by link what it gives.
func (f *frame) keeps(plan Plan) (given []bool, ok bool) {
	given = make([]bool, len(f.links))
	took := make([]int32, len(f.p.Jurors))
	in := make([]int32, len(f.cells))
	for e, jurors := range plan.Given {
		fresh := int32(0)
		for _, j := range jurors {
			i := f.place(e, j)
			if i < 0 || given[i] || !f.links[i].done && !f.links[i].free {
				return nil, false
			}
			given[i] = true
			if f.links[i].done {
				continue
			}
			fresh++
			took[j]++
			for c := f.links[i].cell; c >= 0; c = f.cells[c].parent {
				in[c]++
			}
		}
		if fresh > f.wants[e] {
			return nil, false
		}
	}
	for i, l := range f.links {
		if l.done && !given[i] {
			return nil, false
		}
	}
	return given, f.bounded(took, in)
}

// bounded says whether what jurors and groups got beyond what was done keeps
// their bounds.
func (f *frame) bounded(took, in []int32) bool {
	for j, n := range took {
		if n < f.least[j] || n > f.most[j] {
			return false
		}
	}
	for c, n := range in {
		if n > f.cells[c].most {
			return false
		}
	}
	return true
}

// A bound adds up what prices prove, level by level. An arc counts in a level
// with its reduced cost if it is full there: if it gains, or had gained in an
// earlier level. One that lost in an earlier level is empty from then on.
type bound struct {
	f      *frame
	levels []Level
	sums   []int64
}

// bounds are what the levels cannot be below: weak duality for each, among the
// divisions that are best for all levels before it.
func (f *frame) bounds(levels []Level) []int64 {
	b := &bound{f, levels, make([]int64, len(levels))}
	for l, level := range levels {
		b.sums[l] = f.settled(level)
	}
	inEntry, inJuror := make([]int32, len(f.p.Entries)), make([]int32, len(f.p.Jurors))
	for i := range f.links {
		if l := &f.links[i]; l.free {
			inEntry[l.entry]++
			inJuror[l.juror]++
			b.count(1, func(k int) int64 {
				p := &levels[k].Prices
				return f.linkCost(l, levels[k].Aims) - b.head(k, l.entry, l.cell) + p.Jurors[l.juror]
			})
		}
	}
	for e, pairs := range inEntry {
		b.entry(e, pairs)
	}
	for j, pairs := range inJuror {
		b.juror(j, pairs)
	}
	for c := range f.cells {
		b.cell(int32(c))
	}
	return b.sums
}

// head is the price from which a pair or a group is reached.
func (b *bound) head(level int, entry, cell int32) int64 {
	if cell >= 0 {
		return b.levels[level].Prices.Groups[cell]
	}
	return b.levels[level].Prices.Entries[entry]
}

// count adds an arc of some room, by its reduced costs in the levels.
func (b *bound) count(room int64, reduced func(level int) int64) {
	sign := int64(0)
	for l := range b.levels {
		r := reduced(l)
		if sign == 0 {
			sign = min(1, max(-1, r))
		}
		if sign < 0 {
			b.sums[l] += room * r
		}
		if sign > 0 {
			return
		}
	}
}

// entry adds what an entry wants and may miss.
func (b *bound) entry(e int, pairs int32) {
	wants := int(b.f.wants[e])
	sure := max(0, wants-int(pairs))
	for l, level := range b.levels {
		price := level.Prices.Entries[e]
		b.sums[l] += int64(wants-sure)*price + b.f.missingCost(1, level.Aims)*sum1(sure)
	}
	for s := sure + 1; s <= wants; s++ {
		b.count(1, func(l int) int64 {
			return b.f.missingCost(s, b.levels[l].Aims) - b.levels[l].Prices.Entries[e]
		})
	}
}

// juror adds what a juror must and may take. What is mandatory counts in any
// case, whether it gains or not.
func (b *bound) juror(j int, pairs int32) {
	done, least := int(b.f.doneBy[j]), int(b.f.least[j])
	reduced := func(l, t int) int64 {
		u := unit{kind: load, of: int32(j), n: int32(t)}
		return b.f.unitCost(u, b.levels[l].Aims) - b.levels[l].Prices.Jurors[j]
	}
	for t := done + 1; t <= done+least; t++ {
		for l := range b.levels {
			b.sums[l] += reduced(l, t)
		}
	}
	for t := done + least + 1; t <= done+int(min(b.f.most[j], pairs)); t++ {
		b.count(1, func(l int) int64 { return reduced(l, t) })
	}
}

// cell adds what a group may have.
func (b *bound) cell(c int32) {
	x := b.f.cells[c]
	most := min(x.most, x.size)
	for s := int32(1); s <= most; s++ {
		u := unit{kind: extra, of: c, n: x.done + s}
		switch {
		case x.weak:
			u.kind = feeble
		case s <= x.least:
			u.kind = quota
		}
		b.count(1, func(l int) int64 {
			return b.f.unitCost(u, b.levels[l].Aims) - b.head(l, x.entry, x.parent) + b.levels[l].Prices.Groups[c]
		})
	}
}

// settled is what a level comes to before anything free is given: what is done
// costs, and what groups lack.
func (f *frame) settled(level Level) int64 {
	var v int64
	for i := range f.links {
		if f.links[i].done {
			v += f.linkCost(&f.links[i], level.Aims)
		}
	}
	for j, done := range f.doneBy {
		for t := int32(1); t <= done; t++ {
			v += f.unitCost(unit{kind: load, of: int32(j), n: t}, level.Aims)
		}
	}
	for _, c := range f.cells {
		if c.weak {
			v += f.unitCost(unit{kind: feeble, n: 1}, level.Aims) * sum1(int(c.done))
		} else {
			v -= f.unitCost(unit{kind: quota}, level.Aims) * int64(c.least)
		}
	}
	return v
}
