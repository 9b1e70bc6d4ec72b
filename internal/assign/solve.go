package assign

import "slices"

// Solve divides the entries of a problem as well as can be, and has Verify check
// what it found, unless that was repaired to be connected.
//
// The error is a *BadProblem if the problem contradicts itself, and an
// *Infeasible if the smallest loads cannot be met. Without entries, jurors or
// pairs the plan is what it must be: nothing given, everything missing.
func Solve(p Problem, o Options) (Plan, error) {
	whole, threshold := p, int64(-1)
	if o.Bottleneck {
		var err error
		if p, threshold, err = narrow(p); err != nil {
			return Plan{}, err
		}
	}
	order := o.Order
	if order == nil {
		order = Lexicographic
	}
	plan, err := solve(p, order)
	if err != nil {
		return Plan{}, err
	}
	if o.Connected && plan.Components > 1 {
		plan = connect(p, order, plan)
	}
	plan.Threshold = threshold
	if plan.Repair == nil {
		_, proved := Verify(whole, plan)
		plan.Optimal = plan.Optimal && proved
	}
	return plan, nil
}

// solve minimises the aims in their order, then the lots.
func solve(p Problem, order [][]Aim) (Plan, error) {
	f, err := arrange(p, asks(order, Weak))
	if err != nil {
		return Plan{}, err
	}
	n := newNetwork(f)
	var levels []Level
	for _, aims := range order {
		if f.says(aims) {
			levels = append(levels, Level{Aims: aims})
		}
	}
	if err := n.fill(levels); err != nil {
		return Plan{}, err
	}
	levels = append(levels, Level{Aims: []Aim{Ties}})
	for i := range levels {
		n.weigh(levels[i].Aims)
		n.minimise()
		levels[i].Prices = n.prices(levels[i].Aims)
		n.freeze()
	}
	return f.plan(n, levels), nil
}

// asks says whether an order contains an aim.
func asks(order [][]Aim, aim Aim) bool {
	return slices.ContainsFunc(order, func(level []Aim) bool { return slices.Contains(level, aim) })
}

// says tells whether some aim of a level can differ between divisions.
func (f *frame) says(aims []Aim) bool {
	return slices.ContainsFunc(aims, func(aim Aim) bool {
		switch aim {
		case Quotas:
			return slices.ContainsFunc(f.p.Groups, func(g Group) bool { return g.Min > 0 })
		case Changes:
			return f.p.Before != nil
		case Weak:
			return f.p.WeakFrom > 0
		case Load:
			return f.p.LoadLambda > 0
		default:
			return true
		}
	})
}

// fill meets the smallest loads, with the levels in view, and then takes away the
// arcs that stood in for them. In a strongly feasible tree none of these is left
// once all are empty.
func (n *network) fill(levels []Level) error {
	n.approach(append([]Level{{Aims: []Aim{required}}}, levels...))
	stand := func(a int32) bool { return int(a) >= len(n.linkOf) && n.units[int(a)-len(n.linkOf)].kind == must }
	if !slices.ContainsFunc(n.free, stand) {
		return nil
	}
	n.weigh([]Aim{required})
	n.minimise()
	for _, a := range n.free {
		if stand(a) && n.flow[a] > 0 {
			return n.infeasible()
		}
	}
	n.free = slices.DeleteFunc(n.free, stand)
	return nil
}

// prices are those of the present level. Who is in no flow gets a price by which
// none of their pairs gains: an entry that wants nothing more, a juror who can
// take nothing more.
func (n *network) prices(aims []Aim) Prices {
	at := func(count int, node func(int32) int32) []int64 {
		prices := make([]int64, count)
		for i := range prices {
			if n.above[node(int32(i))] >= 0 {
				prices[i] = -n.price[node(int32(i))]
			}
		}
		return prices
	}
	p := Prices{at(len(n.f.p.Entries), n.entry), at(len(n.f.p.Jurors), n.juror), at(len(n.f.cells), n.cell)}
	for i := range n.f.links {
		if l := &n.f.links[i]; n.above[n.juror(l.juror)] < 0 {
			p.Jurors[l.juror] = max(p.Jurors[l.juror], p.Entries[l.entry]-n.f.linkCost(l, aims))
		}
	}
	for i := range n.f.links {
		if l := &n.f.links[i]; n.above[n.entry(l.entry)] < 0 {
			p.Entries[l.entry] = min(p.Entries[l.entry], p.Jurors[l.juror]+n.f.linkCost(l, aims))
		}
	}
	return p
}
