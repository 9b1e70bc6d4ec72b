package assign_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"laurel/internal/assign"
)

// An instance is one of the reference instances that list their pairs, with the
// optimum that enumeration or dynamic programming proved.
type instance struct {
	Entries []struct {
		K int `json:"k"`
	} `json:"entries"`
	Jurors []struct {
		Min int `json:"min"`
		Max int `json:"max"`
	} `json:"jurors"`
	Pairs        [][3]int64 `json:"pairs"`
	LoadLambda   int64      `json:"load_lambda"`
	ShortageUnit int64      `json:"shortage_unit"`
	Previous     [][]int    `json:"previous_assignment"`
	Dropped      int        `json:"dropped_juror"`
	Completed    [][2]int   `json:"completed_reviews"`
}

// small reads a reference instance.
func small(t *testing.T, name string) (instance, assign.Problem) {
	t.Helper()
	var in instance
	read(t, "small-"+name+".json", &in)
	p := assign.Problem{LoadLambda: in.LoadLambda, ShortageUnit: in.ShortageUnit}
	for _, e := range in.Entries {
		p.Entries = append(p.Entries, assign.Entry{Want: e.K})
	}
	for _, j := range in.Jurors {
		p.Jurors = append(p.Jurors, assign.Juror{Min: j.Min, Max: j.Max})
	}
	for _, x := range in.Pairs {
		p.Pairs = append(p.Pairs, assign.Pair{Entry: int(x[0]), Juror: int(x[1]), Cost: x[2]})
	}
	return in, p
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// solved solves a problem, and wants the plan to be verified and optimal.
func solved(t *testing.T, p assign.Problem, o assign.Options) assign.Plan {
	t.Helper()
	plan, err := assign.Solve(p, o)
	if err != nil {
		t.Fatal(err)
	}
	if !plan.Optimal || plan.DualBound != plan.Objective {
		t.Errorf("not proved: objective %d, bound %d, levels %+v", plan.Objective, plan.DualBound, plan.Levels)
	}
	if _, ok := assign.Verify(p, plan); !ok && plan.Repair == nil {
		t.Error("the plan does not pass its own verification")
	}
	return plan
}

func TestReferenceOptima(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int64{"tiny-6x4-k2": 111, "shortage-7x4-k3": 3000192, "connect-8x4-k2": 110} {
		_, p := small(t, name)
		if plan := solved(t, p, assign.Options{Order: assign.Joint}); plan.Objective != want {
			t.Errorf("%s: got %d, want %d", name, plan.Objective, want)
		}
	}
	_, p := small(t, "tiny-6x4-k2")
	plan := solved(t, p, assign.Options{Order: assign.Joint})
	if want := [][]int{{1, 3}, {0, 1}, {1, 2}, {2, 3}, {0, 3}, {0, 3}}; !slices.EqualFunc(plan.Given, want, slices.Equal) {
		t.Errorf("the only optimum is %v, got %v", want, plan.Given)
	}
}

func TestReferenceBottleneck(t *testing.T) {
	t.Parallel()
	_, p := small(t, "tiny-6x4-k2")
	plan := solved(t, p, assign.Options{Order: assign.Joint, Bottleneck: true})
	if plan.Threshold != 17 || plan.MaxPairCost != 17 || plan.Objective != 114 {
		t.Errorf("got %d at %d for %d, want 17 for 114", plan.MaxPairCost, plan.Threshold, plan.Objective)
	}
	large := generate(500, 40, 3, 20240501).problem()
	if plan := solved(t, large, assign.Options{Order: assign.Joint, Bottleneck: true}); plan.Threshold != 85 || plan.MaxPairCost != 85 {
		t.Errorf("got %d at %d, want 85", plan.MaxPairCost, plan.Threshold)
	}
}

func TestReferenceConnected(t *testing.T) {
	t.Parallel()
	_, p := small(t, "connect-8x4-k2")
	before := solved(t, p, assign.Options{Order: assign.Joint})
	plan := solved(t, p, assign.Options{Order: assign.Joint, Connected: true})
	if before.Components != 2 || plan.Components != 1 || plan.Objective != 119 {
		t.Errorf("got %d components and %d, want 2, then 1 and 119", before.Components, plan.Objective)
	}
	if plan.Repair == nil || !plan.Repair.Searched || plan.Repair.Before != 2 {
		t.Errorf("got the repair %+v", plan.Repair)
	}
}

func TestReferenceShortage(t *testing.T) {
	t.Parallel()
	_, p := small(t, "shortage-7x4-k3")
	plan := solved(t, p, assign.Options{Order: assign.Joint})
	if plan.Missing != 3 || len(plan.Shortages) != 1 {
		t.Fatalf("got %d missing, explained by %+v", plan.Missing, plan.Shortages)
	}
	gap := plan.Shortages[0]
	if !slices.Equal(gap.Entries, []int{0, 1, 2}) || !slices.Equal(gap.Jurors, []int{0, 1}) || gap.Demand != 9 || gap.Supply != 6 {
		t.Errorf("got %+v", gap)
	}
	if want := "These 3 entries have only 2 eligible jurors; they want 9 viewings, 6 are possible."; gap.Sentence != want {
		t.Errorf("got %q", gap.Sentence)
	}
}

func TestReferenceDropOut(t *testing.T) {
	t.Parallel()
	in, p := small(t, "dropout-9x5-k2")
	if plan := solved(t, p, assign.Options{Order: assign.Joint}); plan.Objective != 209 {
		t.Errorf("at first: got %d, want 209", plan.Objective)
	}
	p.Jurors[in.Dropped] = assign.Juror{}
	if plan := solved(t, p, assign.Options{Order: assign.Joint}); plan.Objective != 265 {
		t.Errorf("without regard to before: got %d, want 265", plan.Objective)
	}
	for e, jurors := range in.Previous {
		for _, j := range jurors {
			p.Before = append(p.Before, assign.Place{Entry: e, Juror: j})
		}
	}
	for _, x := range in.Completed {
		p.Done = append(p.Done, assign.Place{Entry: x[0], Juror: x[1]})
	}
	plan := solved(t, p, assign.Options{Order: assign.LeastChange})
	if plan.NewPairs != 5 || plan.Objective != 272 {
		t.Errorf("got %d new pairs and %d, want 5 and 272", plan.NewPairs, plan.Objective)
	}
	for _, x := range in.Completed {
		if !slices.Contains(plan.Given[x[0]], x[1]) {
			t.Errorf("%v was done and is not given", x)
		}
	}
}

// TestGeneratorIsTheReference keeps the generator to the reference file.
func TestGeneratorIsTheReference(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(generate(500, 40, 3, 20240501))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	if got := hex.EncodeToString(sum[:]); got != "eadda5fbb17b7d77efc99f8695123df11d0684316b826352801b191e4d6a0593" {
		t.Errorf("got %s", got)
	}
}

func TestReferenceLarge(t *testing.T) {
	t.Parallel()
	p := generate(500, 40, 3, 20240501).problem()
	if len(p.Pairs) != 8234 {
		t.Fatalf("got %d pairs, want 8234", len(p.Pairs))
	}
	plan := solved(t, p, assign.Options{Order: assign.Joint})
	short := 0
	for _, n := range plan.Short {
		short += min(n, 1)
	}
	if plan.Objective != 18142533 || plan.Missing != 12 || short != 7 || plan.Components != 1 {
		t.Errorf("got %d, %d missing of %d entries, %d components", plan.Objective, plan.Missing, short, plan.Components)
	}
	if plan.PairCost+plan.LoadCost != 86735+55798 || plan.ShortageCost != 18000000 {
		t.Errorf("got %d for pairs, %d for loads and %d for shortages", plan.PairCost, plan.LoadCost, plan.ShortageCost)
	}
	explained := 0
	for _, g := range plan.Shortages {
		explained += g.Demand - g.Supply
	}
	if explained != 12 {
		t.Errorf("%d of 12 missing viewings are explained: %+v", explained, plan.Shortages)
	}
}

// TestLargeCertificate wants the proof of a large instance to hold by the
// prices, and prints it. Larger ones are in the benchmark.
func TestLargeCertificate(t *testing.T) {
	t.Parallel()
	p := generate(1000, 60, 3, 20240504).problem()
	for _, l := range solved(t, p, assign.Options{Order: assign.Joint}).Levels {
		t.Logf("%v: value %d, bound %d", l.Aims, l.Value, l.Bound)
	}
}
