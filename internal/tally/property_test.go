package tally_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"laurel/internal/tally"
)

func TestRelabellingPermutesResults(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(8, 8))
	table := randomTable(random, 30, 8, 2, true)
	want := fit(t, table, tally.Options{})
	entries, jurors := random.Perm(table.Entries), random.Perm(table.Jurors)
	other := table
	other.Reviews, other.Weights = nil, nil
	for _, i := range random.Perm(len(table.Reviews)) {
		r := table.Reviews[i]
		r.Entry, r.Juror = entries[r.Entry], jurors[r.Juror]
		other.Reviews, other.Weights = append(other.Reviews, r), append(other.Weights, table.Weights[i])
	}
	got := fit(t, other, tally.Options{})
	within(t, "criterion", got.Criterion, want.Criterion, 1e-9)
	for e := range want.Entries {
		within(t, "value", got.Entries[entries[e]].Calibrated, want.Entries[e].Calibrated, 1e-7)
		within(t, "error", got.Entries[entries[e]].SE, want.Entries[e].SE, 1e-7)
	}
	for j := range want.Jurors {
		within(t, "severity", got.Jurors[jurors[j]].Severity, want.Jurors[j].Severity, 1e-7)
	}
}

func TestTheOrderOfReviewsDoesNotMatter(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(8, 9))
	table := randomTable(random, 30, 8, 2, false)
	want := fit(t, table, tally.Options{})
	random.Shuffle(len(table.Reviews), func(i, k int) {
		table.Reviews[i], table.Reviews[k] = table.Reviews[k], table.Reviews[i]
	})
	got := fit(t, table, tally.Options{})
	if got.Components != want.Components || !reflect.DeepEqual(got.Jurors, want.Jurors) {
		t.Errorf("got %+v, want %+v to the last digit", got.Components, want.Components)
	}
}

func TestAConstantShiftsEverythingAlike(t *testing.T) {
	t.Parallel()
	table := randomTable(rand.New(rand.NewPCG(8, 10)), 25, 9, 3, true)
	want := fit(t, table, tally.Options{})
	table.Reviews = slices.Clone(table.Reviews)
	for i := range table.Reviews {
		table.Reviews[i].Score = 3*table.Reviews[i].Score + 100
	}
	got := fit(t, table, tally.Options{})
	relative(t, "entries' variance", got.Components.Entry, 9*want.Components.Entry, 1e-7)
	relative(t, "residual", got.Components.Residual, 9*want.Components.Residual, 1e-7)
	for e := range want.Entries {
		within(t, "value", got.Entries[e].Calibrated, 3*want.Entries[e].Calibrated+100, 1e-6)
		within(t, "raw", got.Entries[e].Raw, 3*want.Entries[e].Raw+100, 1e-9)
		within(t, "error", got.Entries[e].SE, 3*want.Entries[e].SE, 1e-6)
	}
}

// TestAHarsherJurorChangesSeverityOnly adds a constant to one juror. Where
// severities are all but fixed effects, the constant is found in that juror's
// severity, and nothing else moves but by a common shift.
func TestAHarsherJurorChangesSeverityOnly(t *testing.T) {
	t.Parallel()
	table, _ := panel(rand.New(rand.NewPCG(8, 11)), 60, 8, 3)
	given := tally.Options{Given: &tally.Components{Entry: 1, Juror: 1e6, Residual: 1}}
	want := fit(t, table, given)
	table.Reviews = slices.Clone(table.Reviews)
	for i := range table.Reviews {
		if table.Reviews[i].Juror == 3 {
			table.Reviews[i].Score -= 5
		}
	}
	got := fit(t, table, given)
	shift := got.Entries[0].Calibrated - want.Entries[0].Calibrated
	for e := range want.Entries {
		within(t, "value", got.Entries[e].Calibrated-want.Entries[e].Calibrated, shift, 1e-4)
	}
	for j := range want.Jurors {
		moved := got.Jurors[j].Severity - want.Jurors[j].Severity + shift
		if j == 3 {
			moved += 5
		}
		within(t, "severity", moved, 0, 1e-4)
	}
}

// TestTwinsStandTogether gives an entry a twin with the same reviews.
func TestTwinsStandTogether(t *testing.T) {
	t.Parallel()
	table, _ := panel(rand.New(rand.NewPCG(8, 12)), 40, 10, 3)
	for _, r := range slices.Clone(table.Reviews) {
		if r.Entry == 7 {
			r.Entry = table.Entries
			table.Reviews = append(table.Reviews, r)
		}
	}
	table.Entries++
	m := fit(t, table, tally.Options{})
	standings := rank(t, m, tally.Ranking{Seed: 3, Places: []int{10}})
	if a, b := standings[7], standings[40]; a != b || !a.Tied || m.Entries[7].SE != m.Entries[40].SE {
		t.Errorf("got %+v and %+v", a, b)
	}
}

func rank(t *testing.T, m *tally.Model, r tally.Ranking) []tally.Standing {
	t.Helper()
	standings, err := m.Rank(r)
	if err != nil {
		t.Fatal(err)
	}
	return standings
}

// TestTheSameOnAnyMachine is not parallel: it changes how many processors there
// are.
func TestTheSameOnAnyMachine(t *testing.T) {
	table, _ := panel(rand.New(rand.NewPCG(8, 13)), 1100, 70, 3)
	few, _ := panel(rand.New(rand.NewPCG(8, 14)), 60, 6, 3)
	type result struct {
		components     tally.Components
		entries        []tally.Entry
		standings, few []tally.Standing
	}
	var first result
	for i, processors := range []int{1, 2, 4, 1} {
		old := runtime.GOMAXPROCS(processors)
		m := fit(t, table, tally.Options{})
		got := result{
			m.Components, m.Entries, rank(t, m, tally.Ranking{Seed: 4, Draws: 100, Places: []int{100}}),
			rank(t, fit(t, few, tally.Options{}), tally.Ranking{Seed: 4, Draws: 100, Places: []int{10}}),
		}
		runtime.GOMAXPROCS(old)
		if i == 0 {
			first = got
		} else if !reflect.DeepEqual(got, first) {
			t.Errorf("%d processors give another result than one", processors)
		}
	}
}

// TestDrawsHaveTheErrorsOfPrediction compares how often one entry beats another
// in the draws with what the difference's error says.
func TestDrawsHaveTheErrorsOfPrediction(t *testing.T) {
	t.Parallel()
	for name, jurors := range map[string]int{"jurors stay": 20, "entries stay": 90} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table, _ := panel(rand.New(rand.NewPCG(8, 15)), 40, jurors, 4)
			m := fit(t, table, tally.Options{Given: &tally.Components{Entry: 1, Juror: 0.5, Residual: 1.2}})
			const draws = 4000
			for e := 1; e < 12; e++ {
				groups := make([]int, table.Entries)
				for i := range groups {
					groups[i] = -1
				}
				groups[0], groups[e] = 0, 0
				s := rank(t, m, tally.Ranking{Seed: uint64(e), Draws: draws, Groups: groups, Places: []int{1}})
				z := (m.Entries[0].Calibrated - m.Entries[e].Calibrated) / math.Sqrt(m.Difference(0, e))
				p := 0.5 * math.Erfc(-z/math.Sqrt2)
				within(t, "chance to be ahead", s[0].Selected, p, 4*math.Sqrt(p*(1-p)/draws)+1e-3)
				within(t, "both chances", s[0].Selected+s[e].Selected, 1, 1e-12)
			}
		})
	}
}

func TestRanksStayWithinWhatJurorsLink(t *testing.T) {
	t.Parallel()
	table, _ := panel(rand.New(rand.NewPCG(8, 16)), 24, 6, 3)
	for i, r := range table.Reviews {
		table.Reviews[i].Juror = r.Juror%3 + r.Entry%2*3
	}
	m := fit(t, table, tally.Options{})
	standings := rank(t, m, tally.Ranking{Seed: 1, Places: []int{3}})
	if !warned(m, tally.Disconnected) {
		t.Fatalf("warned %v", m.Warnings)
	}
	var firsts int
	for e, s := range standings {
		if s.Part != e%2 || s.Rank > 12 || s.High > 12 {
			t.Errorf("entry %d stands at %+v", e, s)
		}
		if s.Rank == 1 {
			firsts++
		}
	}
	if firsts != 2 {
		t.Errorf("%d entries stand first", firsts)
	}
}

func TestRefusedRankings(t *testing.T) {
	t.Parallel()
	table, _ := panel(rand.New(rand.NewPCG(8, 17)), 4, 4, 3)
	m := fit(t, table, tally.Options{})
	for name, r := range map[string]tally.Ranking{
		"negative draws":  {Draws: -1},
		"groups missing":  {Groups: []int{0}},
		"places missing":  {Groups: []int{0, 0, 1, 1}, Places: []int{1}},
		"places too many": {Places: []int{1, 2}},
		"negative places": {Places: []int{-1}},
	} {
		if got, err := m.Rank(r); err == nil {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
