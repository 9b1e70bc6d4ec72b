package assign

import "slices"

// A swap exchanges the jurors of two viewings, by link: a and b are given up for
// crossA, the first entry by the second juror, and crossB.
type swap struct{ a, b, crossA, crossB int }

// swap joins the components of a plan by the cheapest exchanges of two viewings
// and returns how many it made. An exchange between two components, with one of
// the two viewings on a cycle, keeps all loads and makes one component of them
// (Eccleston and Hedayat 1974 for the condition; the viewing on a cycle leaves
// its component whole, and the new ones hold the other together).
func (f *frame) swap(plan Plan) (Plan, int) {
	given := slices.Clone(plan.stands.given)
	swaps := 0
	for plan.Components > 1 {
		x, ok := f.cheapest(plan, given)
		if !ok {
			break
		}
		given[x.a], given[x.b], given[x.crossA], given[x.crossB] = false, false, true, true
		plan = f.assess(given, plan.Levels)
		swaps++
	}
	return plan, swaps
}

// cheapest is the exchange that costs least, level by level; the first by entry
// and juror of those that cost the same. One of the two components is that with
// fewest viewings for which there is an exchange.
func (f *frame) cheapest(plan Plan, given []bool) (swap, bool) {
	g := newGraph(plan.Given, len(f.p.Jurors))
	byJuror := make([][]int, len(f.p.Jurors))
	bySize := make([][]int, len(g.components))
	for i, l := range f.links {
		if given[i] {
			byJuror[l.juror] = append(byJuror[l.juror], i)
			bySize[g.home[l.juror]] = append(bySize[g.home[l.juror]], i)
		}
	}
	slices.SortStableFunc(bySize, func(a, b []int) int { return len(a) - len(b) })
	for _, links := range bySize {
		best, price, found := swap{}, []int64(nil), false
		for _, a := range links {
			f.exchanges(g, given, byJuror, a, func(x swap) {
				p := f.change(plan.Levels, given, x)
				if !found || slices.Compare(p, price) < 0 {
					best, price, found = x, p, true
				}
			})
		}
		if found {
			return best, true
		}
	}
	return swap{}, false
}

// exchanges calls back with every exchange of a viewing for one of another
// component that is possible.
func (f *frame) exchanges(g graph, given []bool, byJuror [][]int, a int, found func(swap)) {
	la := f.links[a]
	if la.done {
		return
	}
	onBridge := g.holds(la)
	for crossA := int(f.first[la.entry]); crossA < int(f.first[la.entry+1]); crossA++ {
		other := f.links[crossA].juror
		if given[crossA] || !f.links[crossA].free || g.home[other] < 0 || g.home[other] == g.home[la.juror] {
			continue
		}
		for _, b := range byJuror[other] {
			lb := f.links[b]
			crossB := f.place(int(lb.entry), int(la.juror))
			if lb.done || crossB < 0 || given[crossB] || !f.links[crossB].free || onBridge && g.holds(lb) {
				continue
			}
			if x := (swap{a, b, crossA, crossB}); f.grouped(given, x) {
				found(x)
			}
		}
	}
}

// holds says whether a component hangs together by a viewing.
func (g graph) holds(l link) bool {
	return slices.Contains(g.bridges, Place{int(l.entry), int(l.juror)})
}

// grouped says whether an exchange keeps the bounds of groups.
func (f *frame) grouped(given []bool, x swap) bool {
	return f.groupFits(given, x.a, x.crossA) && f.groupFits(given, x.b, x.crossB)
}

// groupFits says whether an entry may change one juror for another by its
// groups: one that gets a juror has room, and one that loses a juror has more
// than its smallest number.
func (f *frame) groupFits(given []bool, old, new int) bool {
	for c := f.links[new].cell; c >= 0; c = f.cells[c].parent {
		if !f.in(old, c) && f.has(given, c) >= f.cells[c].most {
			return false
		}
	}
	for c := f.links[old].cell; c >= 0; c = f.cells[c].parent {
		if !f.in(new, c) && f.has(given, c) <= f.cells[c].least {
			return false
		}
	}
	return true
}

// has counts what a group is given beyond what is done.
func (f *frame) has(given []bool, group int32) int32 {
	n := int32(0)
	for _, j := range f.cells[group].jurors {
		if i := f.place(int(f.cells[group].entry), j); i >= 0 && given[i] && !f.links[i].done {
			n++
		}
	}
	return n
}

// in says whether a pair is in a group of its entry.
func (f *frame) in(link int, group int32) bool {
	for c := f.links[link].cell; c >= 0; c = f.cells[c].parent {
		if c == group {
			return true
		}
	}
	return false
}

// change is what an exchange adds to the value of every level. Loads, shortages
// and what groups lack stay as they are.
func (f *frame) change(levels []Level, given []bool, x swap) []int64 {
	change := make([]int64, len(levels))
	for i, level := range levels {
		cost := func(link int) int64 { return f.linkCost(&f.links[link], level.Aims) }
		change[i] = cost(x.crossA) + cost(x.crossB) - cost(x.a) - cost(x.b)
		if slices.Contains(level.Aims, Weak) {
			change[i] += f.weaker(given, x.a, x.crossA) + f.weaker(given, x.b, x.crossB)
		}
	}
	return change
}

// weaker is what an entry's weakness grows by when a juror is changed.
func (f *frame) weaker(given []bool, old, new int) int64 {
	n, e := 0, f.links[old].entry
	for i := f.first[e]; i < f.first[e+1]; i++ {
		if given[i] && f.weak(int(i)) {
			n++
		}
	}
	before := sum1(n)
	if f.weak(old) {
		n--
	}
	if f.weak(new) {
		n++
	}
	return sum1(n) - before
}
