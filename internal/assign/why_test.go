package assign_test

import (
	"errors"
	"math"
	"testing"

	"laurel/internal/assign"
)

// TestWhy asks of every pair of a small problem how it stands.
func TestWhy(t *testing.T) {
	t.Parallel()
	p := assign.Problem{
		Entries: []assign.Entry{{Want: 1}, {Want: 2}, {Want: 1}},
		Jurors:  []assign.Juror{{Max: 1}, {Max: 3}, {Max: 2}},
		Pairs: []assign.Pair{
			{Entry: 0, Juror: 0, Cost: 1}, {Entry: 0, Juror: 1, Cost: 9}, {Entry: 0, Juror: 2, Cost: 0},
			{Entry: 1, Juror: 0, Cost: 0}, {Entry: 1, Juror: 1, Cost: 0},
			{Entry: 2, Juror: 0, Cost: 3}, {Entry: 2, Juror: 2, Cost: 0},
		},
		Barred: []assign.Bar{{Entry: 1, Juror: 2, Reason: assign.Language}, {Entry: 2, Juror: 2, Reason: assign.Recused}},
		Done:   []assign.Place{{Entry: 2, Juror: 2}},
	}
	plan := solved(t, p, assign.Options{})
	want := [][]assign.Reason{
		{assign.Full, assign.Enough, assign.Given},
		{assign.Given, assign.Given, assign.Language},
		{assign.Full, assign.Unlisted, assign.Done},
	}
	for e := range want {
		for j, reason := range want[e] {
			if got := plan.Why(e, j); got != reason {
				t.Errorf("entry %d, juror %d: got %q, want %q", e, j, got, reason)
			}
		}
	}
	if got := plan.Why(7, 7); got != assign.Unlisted {
		t.Errorf("of nobody: got %q", got)
	}
	if got := (assign.Plan{}).Why(0, 0); got != assign.Unlisted {
		t.Errorf("of no plan: got %q", got)
	}
	p = assign.Problem{
		Entries: []assign.Entry{{Want: 1}}, Jurors: []assign.Juror{{Max: 1}}, ShortageUnit: 3,
		Pairs: []assign.Pair{{Entry: 0, Juror: 0, Cost: 9}},
	}
	dear := solved(t, p, assign.Options{Order: assign.Joint})
	if got := dear.Why(0, 0); got != assign.Dearer || len(dear.Shortages) != 1 {
		t.Errorf("got %q, %+v", got, dear.Shortages)
	}
}

// TestBadProblems wants a sentence with its place for each contradiction.
func TestBadProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(p *assign.Problem)
		field  string
		index  int
	}{
		"wants less than nothing": {func(p *assign.Problem) { p.Entries[1].Want = -1 }, "Entries", 1},
		"wants too much":          {func(p *assign.Problem) { p.Entries[1].Want = math.MaxInt }, "Entries", 1},
		"smallest load negative":  {func(p *assign.Problem) { p.Jurors[1].Min = -1 }, "Jurors", 1},
		"smallest above largest":  {func(p *assign.Problem) { p.Jurors[1].Min = 9 }, "Jurors", 1},
		"no such entry":           {func(p *assign.Problem) { p.Pairs[2].Entry = 9 }, "Pairs", 2},
		"no such juror":           {func(p *assign.Problem) { p.Pairs[2].Juror = -1 }, "Pairs", 2},
		"a negative cost":         {func(p *assign.Problem) { p.Pairs[2].Cost = -1 }, "Pairs", 2},
		"an enormous cost":        {func(p *assign.Problem) { p.Pairs[2].Cost = math.MaxInt64 }, "Pairs", 2},
		"a pair twice":            {func(p *assign.Problem) { p.Pairs[2] = p.Pairs[1] }, "Pairs", -1},
		"done by nobody":          {func(p *assign.Problem) { p.Done = []assign.Place{{Entry: 0, Juror: 9}} }, "Done", 0},
		"done twice":              {func(p *assign.Problem) { p.Done = []assign.Place{{}, {}} }, "Done", 1},
		"done twice, unlisted": {func(p *assign.Problem) {
			p.Pairs = p.Pairs[:1]
			p.Done = []assign.Place{{Entry: 1, Juror: 1}, {Entry: 1, Juror: 1}}
		}, "Done", 1},
		"before by nobody":       {func(p *assign.Problem) { p.Before = []assign.Place{{Entry: 9}} }, "Before", 0},
		"negative load scale":    {func(p *assign.Problem) { p.LoadLambda = -1 }, "LoadLambda", -1},
		"negative shortage unit": {func(p *assign.Problem) { p.ShortageUnit = -1 }, "ShortageUnit", -1},
		"sums that overflow": {func(p *assign.Problem) {
			p.ShortageUnit = 1 << 40
			p.Entries[0].Want = math.MaxInt32
		}, "ShortageUnit", -1},
		"a group of no entry":    {func(p *assign.Problem) { p.Groups = []assign.Group{{Entry: 5}} }, "Groups", 0},
		"a group of nobody":      {func(p *assign.Problem) { p.Groups = []assign.Group{{Jurors: []int{9}}} }, "Groups", 0},
		"a juror twice":          {func(p *assign.Problem) { p.Groups = []assign.Group{{Jurors: []int{1, 1}}} }, "Groups", 0},
		"bounds that contradict": {func(p *assign.Problem) { p.Groups = []assign.Group{{Min: 2, Max: 1}} }, "Groups", 0},
		"groups that overlap": {func(p *assign.Problem) {
			p.Groups = []assign.Group{{Jurors: []int{0, 1}, Max: -1}, {Jurors: []int{1, 2}, Max: -1}}
		}, "Groups", 1},
		"a group that overlaps weak pairs": {func(p *assign.Problem) {
			p.WeakFrom = 3
			p.Pairs[0].Cost = 2
			p.Groups = []assign.Group{{Entry: 1, Jurors: []int{0}}, {Jurors: []int{0, 1}, Max: -1}}
		}, "Groups", 1},
	} {
		p := assign.Problem{Entries: []assign.Entry{{Want: 2}, {Want: 1}}, Jurors: []assign.Juror{{Max: 2}, {Max: 2}, {Max: 2}}}
		for e := range p.Entries {
			for j := range p.Jurors {
				p.Pairs = append(p.Pairs, assign.Pair{Entry: e, Juror: j, Cost: 3})
			}
		}
		c.change(&p)
		_, err := assign.Solve(p, assign.Options{})
		var bad *assign.BadProblem
		if !errors.As(err, &bad) || bad.Field != c.field || bad.Index != c.index || bad.Sentence == "" {
			t.Errorf("%s: got %#v", name, err)
		}
		if _, ok := assign.Verify(p, assign.Plan{}); ok {
			t.Errorf("%s: verified", name)
		}
	}
}

// TestInfeasible wants the jurors who must watch more than there is.
func TestInfeasible(t *testing.T) {
	t.Parallel()
	p := assign.Problem{
		Entries: []assign.Entry{{Want: 1}, {Want: 1}, {Want: 5}},
		Jurors:  []assign.Juror{{Min: 2, Max: 3}, {Min: 1, Max: 1}, {Min: 1, Max: 5}},
		Pairs:   []assign.Pair{{Entry: 0, Juror: 0}, {Entry: 1, Juror: 0}, {Entry: 1, Juror: 1}, {Entry: 2, Juror: 2}},
	}
	for _, o := range []assign.Options{{}, {Bottleneck: true}, {Connected: true}} {
		_, err := assign.Solve(p, o)
		var e *assign.Infeasible
		if !errors.As(err, &e) {
			t.Fatalf("got %v", err)
		}
		if want := "These 2 jurors are to watch at least 3 entries in all, but only 2 can be given to them."; e.Sentence != want || e.Demand != 3 || e.Supply != 2 {
			t.Errorf("got %+v", e)
		}
		if len(e.Jurors) != 2 || e.Jurors[0] != 0 || e.Jurors[1] != 1 || len(e.Entries) != 2 {
			t.Errorf("got %+v", e)
		}
	}
}

// TestShortageSentences wants a sentence for every kind of shortage.
func TestShortageSentences(t *testing.T) {
	t.Parallel()
	pairs := func(entries, jurors int) []assign.Pair {
		var list []assign.Pair
		for e := range entries {
			for j := range jurors {
				list = append(list, assign.Pair{Entry: e, Juror: j, Cost: 9})
			}
		}
		return list
	}
	for want, p := range map[string]assign.Problem{
		"This entry has no eligible juror; it wants 3 viewings, none is possible.": {
			Entries: []assign.Entry{{Want: 3}}, Jurors: []assign.Juror{{Max: 4}},
		},
		"This entry has only 1 eligible juror; it wants 2 viewings, 1 is possible.": {
			Entries: []assign.Entry{{Want: 2}}, Jurors: []assign.Juror{{Max: 4}}, Pairs: pairs(1, 1),
		},
		"These 4 entries have 2 eligible jurors, who have too little room; they want 8 viewings, 5 are possible.": {
			Entries: []assign.Entry{{Want: 2}, {Want: 2}, {Want: 2}, {Want: 2}}, Jurors: []assign.Juror{{Max: 2}, {Max: 3}}, Pairs: pairs(4, 2),
		},
		"This entry has 2 eligible jurors; it wants 1 viewing, and what is missing would cost more than to do without.": {
			Entries: []assign.Entry{{Want: 1}}, Jurors: []assign.Juror{{Max: 2}, {Max: 3}}, Pairs: pairs(1, 2), ShortageUnit: 8,
		},
	} {
		order := assign.Lexicographic
		if p.ShortageUnit > 0 {
			order = assign.Joint
		}
		plan := solved(t, p, assign.Options{Order: order})
		if len(plan.Shortages) != 1 || plan.Shortages[0].Sentence != want {
			t.Errorf("got %+v, want %q", plan.Shortages, want)
		}
	}
}
