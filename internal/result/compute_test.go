package result_test

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/result"
)

// TestComputeIsRepeatable: whoever has the inputs can repeat the result, and
// another input has another seed.
func TestComputeIsRepeatable(t *testing.T) {
	t.Parallel()
	in := judged(16, 5, 3, 5, 7)
	one, two := compute(t, in), compute(t, in)
	if d := cmp.Diff(one, two); d != "" {
		t.Error(d)
	}
	var back result.Inputs
	doc, err := json.Marshal(one.Inputs)
	must(t, err)
	must(t, json.Unmarshal(doc, &back))
	if d := cmp.Diff(one, compute(t, back)); d != "" {
		t.Errorf("from the stored inputs comes another result: %s", d)
	}
	other := judged(16, 5, 3, 5, 7)
	other.Scores[0].Marks[0].Value = 11 - other.Scores[0].Marks[0].Value
	a, err := in.Hash()
	must(t, err)
	b, err := other.Hash()
	must(t, err)
	if a[:13] == b[:13] {
		t.Error("another score has the same seed")
	}
	if _, err := strconv.ParseUint(a[:13], 16, 53); err != nil {
		t.Error(err)
	}
}

// TestComputeFindsWhatWasPutIn: jurors who are three points apart by design, and
// films whose raw means mislead, since the best third met the harsh juror.
func TestComputeFindsWhatWasPutIn(t *testing.T) {
	t.Parallel()
	in := judged(1, 1, 1, 4, 1)
	in.Entries, in.Entrants, in.Scores = nil, nil, nil
	severity := []int{-2, 0, 1}
	for e := range 12 {
		in.Entries, in.Entrants = append(in.Entries, entry.ID(e+1)), append(in.Entrants, 0)
		for j := range 3 {
			if j == e%3 {
				continue
			}
			value := 3 + e/3 + severity[j] + (e+j)%2
			in.Scores = append(in.Scores, result.Score{Entry: entry.ID(e + 1), Juror: account.ID(j + 1), Order: e + 1, Marks: []result.Mark{{Criterion: 1, Value: value}}})
		}
	}
	body := compute(t, in)
	order := slices.Clone(body.Jurors)
	slices.SortFunc(order, func(a, b result.Juror) int { return int(math.Copysign(1, a.Severity-b.Severity)) })
	if order[0].ID != 1 || order[1].ID != 2 || order[2].ID != 3 || order[0].Severity > -0.8 || order[2].Severity < 0.4 {
		t.Errorf("severities %+v", order)
	}
	for i, e := range body.Entries {
		var sum, n float64
		for _, s := range in.Scores {
			if s.Entry == e.ID {
				sum, n = sum+float64(s.Marks[0].Value), n+1
			}
		}
		if e.ID != in.Entries[i] || e.Raw != sum/n || e.Scores != 2 || !(e.Low < e.Calibrated && e.Calibrated < e.High) || e.RankLow > e.RankHigh {
			t.Errorf("entry %+v, raw mean %v", e, sum/n)
		}
	}
	in4 := 0.0
	for _, e := range body.Entries {
		in4 += e.Selected
	}
	if math.Abs(in4-4) > 1e-9 {
		t.Errorf("the chances to be in come to %v, and there are 4 places", in4)
	}
	if body.Line == nil || len(body.Cautions) == 0 || body.Cautions[0].Kind != "provisional" {
		t.Errorf("line %v, cautions %v: three jurors are few", body.Line, body.Cautions)
	}
}

// scores makes inputs from a table of films by jurors; 0 is no score.
func scores(places *int, table ...[]int) result.Inputs {
	in := judged(1, 1, 1, 1, 1)
	in.Places, in.Entries, in.Entrants, in.Scores = places, nil, nil, nil
	for e, row := range table {
		in.Entries, in.Entrants = append(in.Entries, entry.ID(e+1)), append(in.Entrants, 0)
		for j, v := range row {
			if v > 0 {
				in.Scores = append(in.Scores, result.Score{Entry: entry.ID(e + 1), Juror: account.ID(j + 1), Order: e + 1, Marks: []result.Mark{{Criterion: 1, Value: v}}})
			}
		}
	}
	return in
}

func TestComputeFallsBackInWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in    result.Inputs
		basis result.Basis
		says  string
		line  bool
	}{
		"no scores":      {scores(new(1), []int{0}, []int{0}), result.RawOnly, "no-scores", false},
		"one juror":      {scores(new(1), []int{7}, []int{4}, []int{9}), result.RawOnly, "one-juror", false},
		"all equal":      {scores(new(1), []int{7, 7}, []int{7, 7}, []int{7, 7}), result.RawOnly, "all-equal", false},
		"one score":      {scores(new(1), []int{7}), result.RawOnly, "", false},
		"single scores":  {scores(new(1), []int{7, 0}, []int{0, 4}, []int{9, 0}, []int{0, 5}), result.Assumed, "single-scores", false},
		"parts":          {scores(new(2), []int{7, 6, 0, 0}, []int{5, 5, 0, 0}, []int{0, 0, 9, 7}, []int{0, 0, 3, 4}), result.Estimated, "disconnected", false},
		"no places":      {scores(nil, []int{7, 6, 5}, []int{5, 5, 3}, []int{9, 7, 8}), result.Estimated, "provisional", false},
		"place for all":  {scores(new(9), []int{7, 6, 5}, []int{5, 5, 3}, []int{9, 7, 8}), result.Estimated, "provisional", false},
		"without scores": {scores(new(1), []int{7, 6, 5}, []int{0, 0, 0}, []int{9, 7, 8}, []int{3, 4, 2}), result.Estimated, "without-scores", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := compute(t, c.in)
			_, err := json.Marshal(body)
			must(t, err) // no figure is NaN
			said := slices.ContainsFunc(body.Cautions, func(x result.Caution) bool { return x.Kind == c.says })
			if body.Basis != c.basis || c.says != "" && !said || (body.Line != nil) != c.line {
				t.Errorf("basis %s, cautions %v, line %v", body.Basis, body.Cautions, body.Line)
			}
			for _, e := range body.Entries {
				if (e.Rank > 0) != (e.Scores > 0) || (e.RawRank > 0) != (e.Scores > 0) || !c.line && e.Selected != 0 {
					t.Errorf("entry %+v", e)
				}
			}
		})
	}
}

func TestNothingIsInferredFromFewScores(t *testing.T) {
	t.Parallel()
	for _, j := range compute(t, judged(14, 6, 3, 5, 3)).Jurors {
		if j.Scores < 8 && (len(j.Signs) > 0 || j.Without != nil) {
			t.Errorf("a juror with %d scores: %+v", j.Scores, j)
		}
	}
	signs := 0
	for _, j := range compute(t, judged(30, 5, 3, 5, 3)).Jurors {
		signs += len(j.Signs)
	}
	if signs == 0 {
		t.Error("the control: nobody has a sign with eighteen scores")
	}
}

func TestViewingsStandBestFirstAndStop(t *testing.T) {
	t.Parallel()
	body := compute(t, judged(60, 12, 3, 12, 5))
	x := body.Extra
	if x.Stop != result.Go || len(x.Viewings) == 0 || x.Errors <= 0 {
		t.Fatalf("extra %+v", x)
	}
	if !slices.IsSortedFunc(x.Viewings, func(a, b result.Viewing) int { return int(math.Copysign(1, b.Value-a.Value)) }) {
		t.Error("the best viewing does not stand first")
	}
	near := map[entry.ID]bool{}
	for _, e := range body.Entries {
		near[e.ID] = e.Discuss
	}
	if !near[x.Viewings[0].Entry] || x.Viewings[0].Turns > 0.5 {
		t.Errorf("the best viewing %+v is of a film that is clear", x.Viewings[0])
	}
	apart := scores(new(2), []int{10, 10, 10, 10}, []int{10, 9, 10, 10}, []int{1, 1, 2, 1}, []int{1, 2, 1, 1}, []int{2, 1, 1, 1})
	if got := compute(t, apart).Extra; got.Stop != result.SureEnough {
		t.Errorf("a list that is certain: %+v", got)
	}
}
