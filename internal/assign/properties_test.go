package assign_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"laurel/internal/assign"
)

// orders are the orders of aims that properties are tried with.
var orders = [][][]assign.Aim{
	assign.Lexicographic, assign.Joint, assign.LeastChange,
	{{assign.Missing}, {assign.Load}, {assign.Weak, assign.Changes}, {assign.Preference}},
}

// rounds is how many problems a property is tried with.
func rounds(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

// saying leaves out the levels that have nothing to say in a problem, as a plan
// does.
func saying(p assign.Problem, order [][]assign.Aim, best []int64) []int64 {
	var values []int64
	for i, aims := range order {
		silent := !slices.ContainsFunc(aims, func(aim assign.Aim) bool {
			switch aim {
			case assign.Quotas:
				return slices.ContainsFunc(p.Groups, func(g assign.Group) bool { return g.Min > 0 })
			case assign.Changes:
				return p.Before != nil
			case assign.Weak:
				return p.WeakFrom > 0
			case assign.Load:
				return p.LoadLambda > 0
			}
			return true
		})
		if !silent {
			values = append(values, best[i])
		}
	}
	return append(values, best[len(order)])
}

// TestAgainstDynamicProgramming solves thousands of small problems as the
// oracle does, and wants every level proved.
func TestAgainstDynamicProgramming(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 1))
	impossible := 0
	for i := range rounds(2500) {
		p, order := draw(r, 7, 5), orders[i%len(orders)]
		if i%len(orders) == 3 {
			p.Groups = nil
		}
		want := dynamic(p, order)
		plan, err := assign.Solve(p, assign.Options{Order: order})
		if want.best == nil {
			var infeasible *assign.Infeasible
			if !errors.As(err, &infeasible) || infeasible.Supply >= infeasible.Demand || len(infeasible.Jurors) == 0 {
				t.Fatalf("%d: nothing is possible, got %v for %+v", i, err, p)
			}
			impossible++
			continue
		}
		if err != nil {
			t.Fatalf("%d: %v for %+v", i, err, p)
		}
		var got []int64
		for _, l := range plan.Levels {
			got = append(got, l.Value)
		}
		if best := saying(p, order, want.best); !slices.Equal(got, best) || !plan.Optimal {
			t.Fatalf("%d: got %v (proved: %v), want %v for %+v\n%+v", i, got, plan.Optimal, best, p, plan)
		}
		if _, ok := assign.Verify(p, plan); !ok {
			t.Fatalf("%d: not verified: %+v for %+v", i, plan, p)
		}
		explained(t, p, plan)
		if order[0][0] == assign.Missing {
			hall(t, p, plan)
		}
	}
	if impossible < rounds(2500)/100 {
		t.Errorf("only %d problems were impossible", impossible)
	}
}

// explained wants the shortages of a plan to account for what is missing.
func explained(t *testing.T, p assign.Problem, plan assign.Plan) {
	t.Helper()
	missing, seen := 0, map[int]bool{}
	for _, g := range plan.Shortages {
		missing += g.Demand - g.Supply
		for _, e := range g.Entries {
			if seen[e] {
				t.Errorf("entry %d is in two shortages", e)
			}
			seen[e] = true
		}
	}
	if missing != plan.Missing {
		t.Errorf("%d missing, %d explained: %+v for %+v", plan.Missing, missing, plan.Shortages, p)
	}
}

// hall wants the entries of every shortage to lack as much if all others
// ask for nothing.
func hall(t *testing.T, p assign.Problem, plan assign.Plan) {
	t.Helper()
	for _, g := range plan.Shortages {
		alone := p
		alone.Entries, alone.Jurors, alone.Done, alone.Groups = slices.Clone(p.Entries), slices.Clone(p.Jurors), slices.Clone(p.Done), slices.Clone(p.Groups)
		for e := range alone.Entries {
			if !slices.Contains(g.Entries, e) {
				alone.Entries[e].Want = 0
			}
		}
		for j := range alone.Jurors {
			alone.Jurors[j].Min = 0
		}
		order := [][]assign.Aim{{assign.Missing}}
		lacks := 0
		if plan, err := assign.Solve(alone, assign.Options{Order: order}); err == nil {
			lacks = plan.Missing
		}
		if lacks != g.Demand-g.Supply {
			t.Errorf("%+v, but alone they lack %d: %+v", g, lacks, p)
		}
	}
}

// together says whether the viewings of a division hang together, by growing the
// set of jurors who can be compared with the first.
func together(given [][]int) bool {
	reached := map[int]bool{}
	for grown := true; grown; {
		grown = false
		for _, jurors := range given {
			if len(jurors) > 0 && (len(reached) == 0 || slices.ContainsFunc(jurors, func(j int) bool { return reached[j] })) {
				for _, j := range jurors {
					grown = grown || !reached[j]
					reached[j] = true
				}
			}
		}
	}
	for _, jurors := range given {
		for _, j := range jurors {
			if !reached[j] {
				return false
			}
		}
	}
	return true
}

// lacking counts what is missing.
func lacking(p assign.Problem, given [][]int) int {
	n := 0
	for e, jurors := range given {
		n += max(0, p.Entries[e].Want-len(jurors))
	}
	return n
}

// TestConnectedAgainstEnumeration wants the best of all connected divisions, and
// the best of all where none is connected.
func TestConnectedAgainstEnumeration(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 2))
	repaired, divided := 0, 0
	for i := range rounds(900) {
		p, order := draw(r, 4, 4), orders[i%3]
		if len(p.Done) > 0 && i%2 == 0 {
			p.Done = nil
		}
		plan, err := assign.Solve(p, assign.Options{Order: order, Connected: true})
		if err != nil || plan.Repair == nil {
			continue
		}
		repaired++
		root, err := assign.Solve(p, assign.Options{Order: order})
		if err != nil {
			t.Fatal(err)
		}
		want := enumerate(p, order, func(given [][]int) bool { return together(given) && lacking(p, given) <= root.Missing })
		if want.best == nil {
			divided++
			want = dynamic(p, order)
		}
		var got []int64
		for _, l := range plan.Levels {
			got = append(got, l.Value)
		}
		if i%3 == 1 && p.ShortageUnit < 1000 && !plan.Repair.Searched {
			continue // it can pay to miss more than need be
		}
		if best := saying(p, order, want.best); !slices.Equal(got, best) || !plan.Optimal || !plan.Repair.Searched {
			t.Fatalf("%d: got %v (%+v), want %v for %+v", i, got, plan.Repair, best, p)
		}
		if _, ok := assign.Verify(p, plan); ok != (plan.Components > 1) {
			t.Fatalf("%d: verified: %v, for %+v", i, ok, plan)
		}
	}
	if repaired < rounds(900)/20 || divided == 0 {
		t.Errorf("only %d were repaired, %d could not be", repaired, divided)
	}
}

// TestBottleneckAgainstEnumeration wants the smallest dearest pair among
// divisions in which as little as possible is missing.
func TestBottleneckAgainstEnumeration(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	for i := range rounds(600) {
		p := draw(r, 4, 3)
		p.Done, p.Groups, p.Barred = nil, nil, nil
		costs := map[assign.Place]int64{}
		for _, x := range p.Pairs {
			costs[assign.Place{Entry: x.Entry, Juror: x.Juror}] = x.Cost
		}
		most, smallest := -1, int64(0)
		enumerate(p, assign.Joint, func(given [][]int) bool {
			count, dearest := 0, int64(0)
			for e, jurors := range given {
				count += len(jurors)
				for _, j := range jurors {
					dearest = max(dearest, costs[assign.Place{Entry: e, Juror: j}])
				}
			}
			if count > most || count == most && dearest < smallest {
				most, smallest = count, dearest
			}
			return false
		})
		plan, err := assign.Solve(p, assign.Options{Order: assign.Lexicographic, Bottleneck: true})
		if most < 0 {
			continue
		}
		if err != nil || plan.MaxPairCost != smallest || plan.Threshold < smallest || !plan.Optimal {
			t.Fatalf("%d: got %d (%d, %v), want %d for %+v", i, plan.MaxPairCost, plan.Threshold, err, smallest, p)
		}
		if _, ok := assign.Verify(p, plan); !ok {
			t.Fatalf("%d: not verified: %+v for %+v", i, plan, p)
		}
	}
}

// TestPricesByThePublishedFormula works the bound out from the prices alone, as
// the method states it for one sum of all costs without smallest loads: the sum
// of k*a, less what pairs, loads and missing viewings gain.
func TestPricesByThePublishedFormula(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 5))
	for i := range rounds(1000) {
		p := draw(r, 8, 6)
		p.Barred, p.Done, p.Groups = nil, nil, nil
		for j := range p.Jurors {
			p.Jurors[j].Min = 0
		}
		plan := solved(t, p, assign.Options{Order: assign.Joint})
		a, b := plan.Levels[0].Prices.Entries, plan.Levels[0].Prices.Jurors
		var bound int64
		for e, x := range p.Entries {
			bound += int64(x.Want) * a[e]
			for s := 1; s <= x.Want; s++ {
				bound -= max(0, a[e]-p.ShortageUnit*int64(s))
			}
		}
		for j, x := range p.Jurors {
			for t := 1; t <= x.Max; t++ {
				bound -= max(0, b[j]-p.LoadLambda*int64(2*t-1)/int64(2*x.Max))
			}
		}
		for _, x := range p.Pairs {
			bound -= max(0, a[x.Entry]-b[x.Juror]-x.Cost)
		}
		if bound != plan.Objective {
			t.Fatalf("%d: the prices prove %d of %d for %+v: %v, %v", i, bound, plan.Objective, p, a, b)
		}
	}
}

// TestSameAnswer wants the same plan on any number of processors and for any
// order of pairs, conflicts and what was before.
func TestSameAnswer(t *testing.T) {
	p := generate(120, 12, 3, 7).problem()
	for e := range p.Entries {
		p.Before = append(p.Before, assign.Place{Entry: e, Juror: e % 12})
	}
	o := assign.Options{Order: assign.LeastChange, Connected: true}
	want, err := assign.Solve(p, o)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for _, processors := range []int{1, 2, 7} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		r.Shuffle(len(p.Pairs), func(a, b int) { p.Pairs[a], p.Pairs[b] = p.Pairs[b], p.Pairs[a] })
		r.Shuffle(len(p.Before), func(a, b int) { p.Before[a], p.Before[b] = p.Before[b], p.Before[a] })
		got, err := assign.Solve(p, o)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Given, want.Given) || !reflect.DeepEqual(got.Levels, want.Levels) || !reflect.DeepEqual(got.Shortages, want.Shortages) {
			t.Errorf("on %d processors another plan came out", processors)
		}
	}
}

// TestSeedSettlesTies wants another seed to change who watches what among equal
// divisions, and nothing that counts.
func TestSeedSettlesTies(t *testing.T) {
	t.Parallel()
	p := assign.Problem{Entries: slices.Repeat([]assign.Entry{{Want: 3}}, 20), Jurors: slices.Repeat([]assign.Juror{{Max: 10}}, 8), LoadLambda: 100}
	for e := range p.Entries {
		for j := range p.Jurors {
			p.Pairs = append(p.Pairs, assign.Pair{Entry: e, Juror: j})
		}
	}
	first := solved(t, p, assign.Options{})
	p.Seed = 1
	second := solved(t, p, assign.Options{})
	if reflect.DeepEqual(first.Given, second.Given) || first.Objective != second.Objective {
		t.Errorf("got %v for %d, then %v for %d", first.Given, first.Objective, second.Given, second.Objective)
	}
}

// TestMoreIsNoWorse adds a possible pair, and wants no level to be worse than
// before as long as all earlier ones are the same.
func TestMoreIsNoWorse(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for i := range rounds(600) {
		p := draw(r, 6, 5)
		if len(p.Pairs) == 0 {
			continue
		}
		last := len(p.Pairs) - 1
		all := p
		p.Pairs = p.Pairs[:last]
		less, err := assign.Solve(p, assign.Options{})
		if err != nil || slices.Contains(p.Done, assign.Place{Entry: all.Pairs[last].Entry, Juror: all.Pairs[last].Juror}) {
			continue
		}
		more, err := assign.Solve(all, assign.Options{})
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		for l := range less.Levels {
			if more.Levels[l].Value > less.Levels[l].Value {
				t.Fatalf("%d: %v got worse, from %d to %d", i, more.Levels[l].Aims, less.Levels[l].Value, more.Levels[l].Value)
			}
			if more.Levels[l].Value < less.Levels[l].Value {
				break
			}
		}
	}
}

// TestVerifyRefuses changes a good plan in one way at a time.
func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	p := generate(60, 8, 3, 5).problem()
	for name, change := range map[string]func(*assign.Plan){
		"one viewing less":     func(x *assign.Plan) { x.Given[0] = x.Given[0][1:] },
		"a viewing twice":      func(x *assign.Plan) { x.Given[0] = append(x.Given[0], x.Given[0][0]) },
		"somebody else":        func(x *assign.Plan) { x.Given[0] = []int{99} },
		"an entry less":        func(x *assign.Plan) { x.Given = x.Given[1:] },
		"another objective":    func(x *assign.Plan) { x.Objective-- },
		"another value":        func(x *assign.Plan) { x.Levels[0].Value-- },
		"another bound":        func(x *assign.Plan) { x.Levels[0].Bound-- },
		"prices of entries":    func(x *assign.Plan) { x.Levels[0].Prices.Entries[3] += 50 },
		"prices of jurors":     func(x *assign.Plan) { x.Levels[0].Prices.Jurors[3] += 50 },
		"a juror's price less": func(x *assign.Plan) { x.Levels[0].Prices.Jurors = nil },
		"other loads":          func(x *assign.Plan) { x.Loads[0]++ },
	} {
		plan, err := assign.Solve(p, assign.Options{Order: assign.Joint})
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := assign.Verify(p, plan); !ok {
			t.Fatal("the plan is not verified to begin with")
		}
		change(&plan)
		if _, ok := assign.Verify(p, plan); ok {
			t.Errorf("%s: still verified", name)
		}
	}
}
