package assign

import "slices"

// plan reads the flow as a division, with its figures and what its prices prove.
func (f *frame) plan(n *network, levels []Level) Plan {
	bounds := f.bounds(levels)
	for i := range levels {
		levels[i].Bound = bounds[i]
	}
	plan := f.assess(n.given(), levels)
	plan.Shortages = n.gaps(plan.Short)
	return plan
}

// assess is the plan of a division, with its figures, by the bounds of levels.
// given is by link.
func (f *frame) assess(given []bool, levels []Level) Plan {
	plan := f.figures(given)
	plan.Levels = slices.Clone(levels)
	plan.stands = &standing{f, given}
	plan.Threshold = -1
	plan.DualBound, plan.Optimal = plan.Objective, true
	for i := range plan.Levels {
		l := &plan.Levels[i]
		l.Value = f.value(plan, given, l.Aims)
		if slices.ContainsFunc(l.Aims, costs) {
			plan.DualBound -= max(0, l.Value-l.Bound)
		}
		plan.Optimal = plan.Optimal && l.Value == l.Bound
	}
	graph := newGraph(plan.Given, len(f.p.Jurors))
	plan.Components, plan.Bridges = len(graph.components), graph.bridges
	return plan
}

// costs says whether an aim is part of the objective.
func costs(aim Aim) bool { return aim == Shortage || aim == Preference || aim == Load }

// figures counts what a division comes to. given is by link.
func (f *frame) figures(given []bool) Plan {
	plan := Plan{
		Given: make([][]int, len(f.p.Entries)), Short: make([]int, len(f.p.Entries)), Loads: make([]int, len(f.p.Jurors)),
	}
	for e, x := range f.p.Entries {
		plan.Given[e] = []int{}
		for i := f.first[e]; i < f.first[e+1]; i++ {
			if given[i] {
				f.count(&plan, f.links[i])
			}
		}
		plan.Short[e] = max(0, x.Want-len(plan.Given[e]))
		plan.Missing += plan.Short[e]
		plan.ShortageCost += f.p.ShortageUnit * sum1(plan.Short[e])
	}
	for j, n := range plan.Loads {
		for t := 1; t <= n; t++ {
			plan.LoadCost += f.loadCost(j, t)
		}
	}
	plan.Objective = plan.PairCost + plan.LoadCost + plan.ShortageCost
	return plan
}

// count adds a pair that is given.
func (f *frame) count(plan *Plan, l link) {
	plan.Given[l.entry] = append(plan.Given[l.entry], int(l.juror))
	plan.Loads[l.juror]++
	plan.PairCost += l.cost
	plan.MaxPairCost = max(plan.MaxPairCost, l.cost)
	if f.p.Before != nil && !l.old {
		plan.NewPairs++
	}
	if f.p.feeble(l.cost) {
		plan.WeakPairs++
	}
}

// sum1 is 1 + 2 + ... + n.
func sum1(n int) int64 { return int64(n) * int64(n+1) / 2 }

// value is what a division comes to in a level.
func (f *frame) value(plan Plan, given []bool, aims []Aim) int64 {
	var v int64
	for _, aim := range aims {
		switch aim {
		case Missing:
			for _, s := range plan.Short {
				v += sum1(s)
			}
		case Quotas:
			v += f.unmet(given)
		case Changes:
			v += int64(plan.NewPairs)
		case Weak:
			v += f.weakness(given)
		case Preference:
			v += plan.PairCost
		case Load:
			v += plan.LoadCost
		case Shortage:
			v += plan.ShortageCost
		case Ties:
			v += f.lots(given)
		}
	}
	return v
}

// unmet counts jurors missing from groups below their smallest number.
func (f *frame) unmet(given []bool) int64 {
	var v int64
	for _, g := range f.p.Groups {
		has := 0
		for _, j := range g.Jurors {
			if l := f.place(g.Entry, j); l >= 0 && given[l] {
				has++
			}
		}
		v += int64(max(0, g.Min-has))
	}
	return v
}

// weak says whether a pair is weak.
func (f *frame) weak(link int) bool { return f.p.feeble(f.links[link].cost) }

// feeble says whether a pair of a cost is weak.
func (p Problem) feeble(cost int64) bool { return p.WeakFrom > 0 && cost >= p.WeakFrom }

// weakness adds 1, 2, ... for the weak pairs of every entry.
func (f *frame) weakness(given []bool) int64 {
	var v int64
	for e := range f.p.Entries {
		weak := 0
		for i := f.first[e]; i < f.first[e+1]; i++ {
			if given[i] && f.weak(int(i)) {
				weak++
			}
		}
		v += sum1(weak)
	}
	return v
}

// lots adds the lots of what is given.
func (f *frame) lots(given []bool) int64 {
	var v int64
	for i, l := range f.links {
		if given[i] {
			v += lot(f.p.Seed, l.entry, l.juror)
		}
	}
	return v
}
