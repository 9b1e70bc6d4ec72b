package assign

import "slices"

// searchable is how many pairs all problems together may have that a search for
// the best connected division solves, and searches how many problems.
const (
	searchable = 2_000_000
	searches   = 2_000
)

// connect finds a division in which the jury hangs together: first by exchanges
// of two viewings, then, as far as that can be afforded, by a search that rules
// out everything else. Where there is none, the plan stays as it is.
func connect(p Problem, order [][]Aim, plan Plan) Plan {
	f := plan.stands.f
	repaired, swaps := f.swap(plan)
	s := search{p: p, order: order, f: f, missing: plan.Missing, left: min(searches, searchable/max(1, len(f.links)))}
	if repaired.Components == 1 {
		s.best = &repaired
	}
	proved := s.run(plan)
	repair := &Repair{Before: plan.Components, Searched: proved}
	if s.best == nil {
		plan.Repair = repair
		return plan
	}
	best := *s.best
	if s.best == &repaired {
		repair.Swaps = swaps
	}
	levels := slices.Clone(plan.Levels)
	for i := range levels {
		if proved {
			levels[i].Bound = best.Levels[i].Value
		}
	}
	given, _ := f.keeps(best)
	connected := f.assess(given, levels)
	connected.Shortages, connected.Repair = plan.Shortages, repair
	return connected
}

// A search goes through the connected divisions by branch and bound: a part of
// the jury that shares nothing with the rest must get one of the pairs between
// them, or be left without viewings. What no plan of a branch can reach, by its
// own prices, is ruled out.
type search struct {
	p     Problem
	order [][]Aim
	f     *frame
	// missing is how many viewings may be missing, left how many problems may
	// still be solved.
	missing, left int
	open          []branch
	best          *Plan
}

// A branch is the problem with some pairs given and some ruled out, and its plan
// without regard to connection.
type branch struct {
	forced, ruledOut []Place
	plan             Plan
}

// run searches from the plan of the problem itself, and says whether it went
// through everything.
func (s *search) run(root Plan) bool {
	s.open = []branch{{plan: root}}
	for len(s.open) > 0 {
		b := s.take()
		if s.best != nil && !b.plan.better(*s.best) {
			return true
		}
		if b.plan.Components <= 1 {
			return false // by costs that prefer to miss more than need be
		}
		if !s.split(b) {
			return false
		}
	}
	return true
}

// take is the branch with the best plan.
func (s *search) take() branch {
	at := 0
	for i := range s.open {
		if s.open[i].plan.better(s.open[at].plan) {
			at = i
		}
	}
	b := s.open[at]
	s.open = slices.Delete(s.open, at, at+1)
	return b
}

// better compares two plans level by level.
func (plan Plan) better(other Plan) bool {
	for i, l := range plan.Levels {
		if l.Value != other.Levels[i].Value {
			return l.Value < other.Levels[i].Value
		}
	}
	return false
}

// split opens the branches of one, and says whether that could be afforded: one
// of the pairs between a part and the rest is given, or one of the two has no
// viewing at all.
func (s *search) split(b branch) bool {
	cut := s.f.cutOff(b)
	ruledOut := slices.Clip(b.ruledOut)
	for i, x := range cut.between {
		if !s.try(append(slices.Clip(b.forced), x), append(ruledOut, cut.between[:i]...)) {
			return false
		}
	}
	ruledOut = slices.Clip(append(ruledOut, cut.between...))
	return (cut.insideFixed || s.try(b.forced, append(ruledOut, cut.inside...))) &&
		(cut.outsideFixed || s.try(b.forced, append(ruledOut, cut.outside...)))
}

// try solves a branch and keeps it open if it may hold something better, and
// says whether that could be afforded. One that nothing can satisfy is closed.
func (s *search) try(forced, ruledOut []Place) bool {
	if !s.f.allows(forced, ruledOut) {
		return true
	}
	if s.left--; s.left < 0 {
		return false
	}
	p := s.p
	p.Done = append(slices.Clone(p.Done), forced...)
	p.Pairs = slices.DeleteFunc(slices.Clone(p.Pairs), func(x Pair) bool {
		return slices.Contains(ruledOut, Place{x.Entry, x.Juror})
	})
	plan, err := solve(p, s.order)
	if err == nil && plan.Missing > s.missing {
		if fewest, err := reachable(p); err == nil && fewest > s.missing {
			return true
		}
	}
	if err == nil && (s.best == nil || plan.better(*s.best)) {
		s.open = append(s.open, branch{forced, ruledOut, plan})
		if plan.Components <= 1 && plan.Missing <= s.missing {
			s.best = &plan
		}
	}
	return err != nil || plan.Optimal
}

// A cut parts the pairs that are open by a part of the jury: inside it, outside
// it and between. Fixed says that some viewing there is done or forced.
type cut struct {
	between, inside, outside  []Place
	insideFixed, outsideFixed bool
}

// cutOff is the cut of the component that has fewest pairs with the rest.
func (f *frame) cutOff(b branch) cut {
	graph := newGraph(b.plan.Given, len(f.p.Jurors))
	least := f.cut(b, graph, 0)
	for c := 1; c < len(graph.components); c++ {
		if x := f.cut(b, graph, int32(c)); len(x.between) < len(least.between) {
			least = x
		}
	}
	return least
}

// cut is the cut of a component.
func (f *frame) cut(b branch, g graph, component int32) cut {
	var x cut
	for _, l := range f.links {
		at := Place{int(l.entry), int(l.juror)}
		juror, entry := g.home[l.juror] == component, g.home[len(f.p.Jurors)+int(l.entry)] == component
		switch {
		case l.done || slices.Contains(b.forced, at):
			x.insideFixed, x.outsideFixed = x.insideFixed || juror, x.outsideFixed || !juror
		case !l.free || slices.Contains(b.ruledOut, at):
		case juror && entry:
			x.inside = append(x.inside, at)
		case juror || entry:
			x.between = append(x.between, at)
		default:
			x.outside = append(x.outside, at)
		}
	}
	return x
}

// allows says whether pairs can be given in addition to what is done, none of
// them ruled out.
func (f *frame) allows(forced, ruledOut []Place) bool {
	inEntry, inJuror, inCell := map[int]int32{}, map[int]int32{}, map[int32]int32{}
	for _, x := range forced {
		inEntry[x.Entry]++
		inJuror[x.Juror]++
		if inEntry[x.Entry] > f.wants[x.Entry] || inJuror[x.Juror] > f.most[x.Juror] || slices.Contains(ruledOut, x) {
			return false
		}
		for c := f.find(x.Entry, x.Juror).cell; c >= 0; c = f.cells[c].parent {
			if inCell[c]++; inCell[c] > f.cells[c].most {
				return false
			}
		}
	}
	return true
}
