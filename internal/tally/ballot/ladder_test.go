package ballot_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"reflect"
	"slices"
	"testing"

	"laurel/internal/tally/ballot"
)

// evenJury are four jurors who part nobody of A, B and C: two for A>B>C and two
// for C>B>A, with D last.
var evenJury = ballot.Election{
	Candidates: []string{"A", "B", "C", "D"},
	Ballots:    []ballot.Ballot{ranked(2, 0, 1, 2, 3), ranked(2, 2, 1, 0, 3)},
}

func TestLadderBordaOverFullBallots(t *testing.T) {
	t.Parallel()
	// One for A>B>C>D, one for B>A and the rest equal last: by the full ballots A
	// has 3+2 and B 2+3; C and D 1½ and ½.
	e := ballot.Election{Candidates: []string{"A", "B", "C", "D"}, Ballots: []ballot.Ballot{ranked(1, 0, 1, 2, 3), ranked(1, 1, 0)}}
	s := must[ballot.Settled](t)(ballot.Ladder{}.Settle(e, [][]int{{2, 3}, {0, 1}}))
	same(t, "ranking", s.Ranking, [][]int{{2}, {3}, {0, 1}})
	same(t, "open", s.Open, [][]int{{0, 1}})
	same(t, "points", s.Steps[0].Points, []*big.Rat{big.NewRat(3, 2), big.NewRat(1, 2)})
	same(t, "place", s.Steps[1].Place, 3)
	s = must[ballot.Settled](t)(ballot.Ladder{Places: 1}.Settle(e, [][]int{{2, 3}, {0, 1}}))
	same(t, "only the first place", len(s.Steps), 1)
	same(t, "nothing open there", len(s.Open), 0)
}

func TestLadderStepByStep(t *testing.T) {
	t.Parallel()
	tied := [][]int{{0, 1, 2}, {3}}
	second := ballot.Election{Candidates: []string{"C", "B", "A"}, Ballots: []ballot.Ballot{ranked(2, 0, 1), ranked(2, 2, 1)}}
	decisive := ballot.Election{Candidates: []string{"C", "B", "A"}, Ballots: []ballot.Ballot{ranked(3, 0, 1), ranked(1, 2)}}
	for name, c := range map[string]struct {
		ladder ballot.Ladder
		kinds  []ballot.StepKind
		want   [][]int
		open   int
	}{
		"two ballots part nobody":       {ballot.Ladder{Second: &second}, []ballot.StepKind{"borda", "second"}, tied, 1},
		"the second ballot":             {ballot.Ladder{Second: &decisive, Seed: "s"}, []ballot.StepKind{"borda", "second"}, [][]int{{2}, {1}, {0}, {3}}, 0},
		"the president":                 {ballot.Ladder{Rule: ballot.RuleCasting, Casting: [][]int{{1}, {0}}}, []ballot.StepKind{"borda", "casting"}, [][]int{{1}, {0}, {2}, {3}}, 0},
		"the president leaves two":      {ballot.Ladder{Places: 1, Rule: ballot.RuleCasting, Casting: [][]int{{1, 0}}}, []ballot.StepKind{"borda", "casting"}, [][]int{{0, 1}, {2}, {3}}, 1},
		"calibrated scores":             {ballot.Ladder{Rule: ballot.RuleCalibrated, Scores: []float64{6.1, 7.2, 6.1 + 1e-12, 9}}, []ballot.StepKind{"borda", "calibrated"}, [][]int{{1}, {0, 2}, {3}}, 1},
		"ex aequo":                      {ballot.Ladder{Rule: ballot.RuleShared, Seed: "s"}, []ballot.StepKind{"borda", "shared"}, tied, 0},
		"the lot after equal scores":    {ballot.Ladder{Rule: ballot.RuleCalibrated, Scores: make([]float64, 4), Seed: "s"}, []ballot.StepKind{"borda", "calibrated", "lot"}, lots("s"), 0},
		"the lot among the last equals": {ballot.Ladder{Places: 3, Rule: ballot.RuleCasting, Casting: [][]int{{0}}, Seed: "s"}, []ballot.StepKind{"borda", "casting", "lot"}, slices.Concat([][]int{{0}}, without(lots("s"), 0)), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := must[ballot.Settled](t)(c.ladder.Settle(evenJury, tied))
			var kinds []ballot.StepKind
			for _, step := range s.Steps {
				kinds = append(kinds, step.Kind)
			}
			same(t, "steps", kinds, c.kinds)
			same(t, "ranking", s.Ranking, c.want)
			same(t, "winners", s.Winners, c.want[0])
			same(t, "open", len(s.Open), c.open)
		})
	}
}

// lots puts A, B and C into the order of their hashes, apart from the package.
func lots(seed string) [][]int {
	hash := func(c int) string {
		sum := sha256.Sum256([]byte(seed + evenJury.Candidates[c]))
		return hex.EncodeToString(sum[:])
	}
	order := []int{0, 1, 2}
	slices.SortFunc(order, func(a, b int) int {
		if hash(a) < hash(b) {
			return -1
		}
		return 1
	})
	return [][]int{{order[0]}, {order[1]}, {order[2]}, {3}}
}

func without(levels [][]int, c int) [][]int {
	return slices.DeleteFunc(levels, func(l []int) bool { return l[0] == c })
}

func TestLadderRefuses(t *testing.T) {
	t.Parallel()
	few := ballot.Election{Candidates: []string{"A", "B"}}
	for name, l := range map[string]ballot.Ladder{
		"a tied film is not in the second ballot": {Second: &few},
		"scores are missing":                      {Rule: ballot.RuleCalibrated, Scores: []float64{1}},
		"a score is no number":                    {Rule: ballot.RuleCalibrated, Scores: []float64{1, 2, math.NaN(), 4}},
	} {
		_, err := l.Settle(evenJury, [][]int{{0, 1, 2}, {3}})
		if _, ok := errors.AsType[*ballot.LadderError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad := ballot.Election{Candidates: []string{"A", "A"}}
	if _, err := (ballot.Ladder{Second: &bad}).Settle(evenJury, [][]int{{0, 1}}); err == nil {
		t.Error("a second ballot with a candidate twice is counted")
	}
}

// TestRecordsSurviveJSON: a record is kept as JSON and shown from there.
func TestRecordsSurviveJSON(t *testing.T) {
	t.Parallel()
	for _, o := range everyMethod() {
		r := must[ballot.Record](t)(ballot.Count(evenJury, o))
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back ballot.Record
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(data) {
			t.Errorf("%+v: %s became %s", o, data, again)
		}
	}
	s := must[ballot.Settled](t)(ballot.Ladder{Seed: "s"}.Settle(evenJury, [][]int{{0, 1, 2}, {3}}))
	data, _ := json.Marshal(s)
	var back ballot.Settled
	if err := json.Unmarshal(data, &back); err != nil || !reflect.DeepEqual(back.Ranking, s.Ranking) {
		t.Errorf("%v: %s", err, data)
	}
}
