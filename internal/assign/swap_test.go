package assign

import (
	"slices"
	"testing"
)

// TestSwapsConnect gives two halves of a jury their own films, with everything
// else possible but dear, and wants exchanges alone to join them without any
// change of loads.
func TestSwapsConnect(t *testing.T) {
	t.Parallel()
	for _, parts := range []int{2, 3, 5} {
		p := Problem{LoadLambda: 10, ShortageUnit: 1000}
		for e := range 6 * parts {
			p.Entries = append(p.Entries, Entry{Want: 2})
			for j := range 3 * parts {
				cost := int64(1 + (e*7+j*3)%4)
				if e/6 != j/3 {
					cost += 40 + int64((e*5+j*11)%9)
				}
				p.Pairs = append(p.Pairs, Pair{e, j, cost})
			}
		}
		p.Jurors = slices.Repeat([]Juror{{Min: 4, Max: 5}}, 3*parts)
		plan, err := solve(p, Joint)
		if err != nil {
			t.Fatal(err)
		}
		f := plan.stands.f
		joined, swaps := f.swap(plan)
		if plan.Components != parts || joined.Components != 1 || swaps != parts-1 {
			t.Errorf("%d parts: got %d, and %d after %d exchanges", parts, plan.Components, joined.Components, swaps)
		}
		if !slices.Equal(plan.Loads, joined.Loads) || plan.Missing != joined.Missing || plan.LoadCost != joined.LoadCost {
			t.Errorf("%d parts: loads went from %v to %v", parts, plan.Loads, joined.Loads)
		}
		if _, ok := f.keeps(joined); !ok {
			t.Errorf("%d parts: a rule was broken", parts)
		}
		if sum := joined.PairCost - plan.PairCost; sum <= 0 {
			t.Errorf("%d parts: %d less than the optimum", parts, -sum)
		}
	}
}

// TestUnprovedRepair connects a jury by an exchange, without a search, and wants a
// bound that is that of the optimum without connection, and no claim.
func TestUnprovedRepair(t *testing.T) {
	t.Parallel()
	p := Problem{ShortageUnit: 1000, LoadLambda: 10, Jurors: slices.Repeat([]Juror{{Max: 60}}, 12)}
	for e := range 240 {
		p.Entries = append(p.Entries, Entry{Want: 2})
		for j := range 12 {
			cost := int64((e*7 + j*3) % 4)
			if e/120 != j/6 {
				cost += 40
			}
			p.Pairs = append(p.Pairs, Pair{e, j, cost})
		}
	}
	free, err := Solve(p, Options{Order: Joint})
	if err != nil {
		t.Fatal(err)
	}
	f := free.stands.f
	plan, swaps := f.swap(free)
	if free.Components != 2 || plan.Components != 1 || swaps != 1 || plan.Optimal || plan.DualBound != free.Objective || plan.Objective <= free.Objective {
		t.Errorf("got %d components, then %d after %d exchanges; %d of %d, bound %d, proved: %v",
			free.Components, plan.Components, swaps, plan.Objective, free.Objective, plan.DualBound, plan.Optimal)
	}
}

// TestCheapestSwap compares the exchange that is chosen with all there are.
func TestCheapestSwap(t *testing.T) {
	t.Parallel()
	p := Problem{WeakFrom: 60, Groups: []Group{{Entry: 0, Jurors: []int{0, 1, 2}, Min: 2, Max: -1}, {Entry: 7, Jurors: []int{0, 1, 2}, Max: 0}, {Entry: 8, Jurors: []int{0, 1, 2, 3}, Max: 1}}}
	for e := range 12 {
		p.Entries = append(p.Entries, Entry{Want: 2})
		for j := range 6 {
			cost := int64((e*7 + j*3) % 4)
			if e/6 != j/3 {
				cost += 40 + int64((e*13+j*11)%31)
			}
			p.Pairs = append(p.Pairs, Pair{e, j, cost})
		}
	}
	p.Jurors = slices.Repeat([]Juror{{Max: 5}}, 6)
	plan, err := solve(p, Lexicographic)
	if err != nil || plan.Components != 2 {
		t.Fatal(plan.Components, err)
	}
	f := plan.stands.f
	var best []int64
	for a := range f.links {
		for b := range f.links {
			la, lb := f.links[a], f.links[b]
			given := slices.Clone(plan.stands.given)
			x, y := f.place(int(la.entry), int(lb.juror)), f.place(int(lb.entry), int(la.juror))
			if !given[a] || !given[b] || given[x] || given[y] || la.entry/6 == lb.entry/6 {
				continue
			}
			given[a], given[b], given[x], given[y] = false, false, true, true
			other := f.assess(given, plan.Levels)
			if _, ok := f.keeps(other); !ok || other.Components != 1 || other.Levels[1].Value > plan.Levels[1].Value {
				continue
			}
			var values []int64
			for _, l := range other.Levels {
				values = append(values, l.Value)
			}
			if best == nil || slices.Compare(values, best) < 0 {
				best = values
			}
		}
	}
	joined, _ := f.swap(plan)
	var values []int64
	for _, l := range joined.Levels {
		values = append(values, l.Value)
	}
	if !slices.Equal(values, best) {
		t.Errorf("got %v, the best is %v", values, best)
	}
}
