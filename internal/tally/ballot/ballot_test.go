package ballot_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"laurel/internal/tally/ballot"
)

func TestElectionsThatCannotBeCounted(t *testing.T) {
	t.Parallel()
	two := []string{"A", "B"}
	for name, e := range map[string]ballot.Election{
		"a candidate twice":  {Candidates: []string{"A", "A"}},
		"ranked twice":       {Candidates: two, Ballots: []ballot.Ballot{ranked(1, 0, 0)}},
		"a stranger":         {Candidates: two, Ballots: []ballot.Ballot{ranked(1, 2)}},
		"below the first":    {Candidates: two, Ballots: []ballot.Ballot{ranked(1, -1)}},
		"recused stranger":   {Candidates: two, Ballots: []ballot.Ballot{{Weight: 1, Recused: []int{2}}}},
		"weight below zero":  {Candidates: two, Ballots: []ballot.Ballot{ranked(-1, 0)}},
		"weight too large":   {Candidates: two, Ballots: []ballot.Ballot{ranked(ballot.MaxWeight+1, 0)}},
		"too large together": {Candidates: two, Ballots: []ballot.Ballot{ranked(ballot.MaxWeight, 0), ranked(1, 1)}},
	} {
		for _, o := range everyMethod() {
			_, err := ballot.Count(e, o)
			if _, ok := errors.AsType[*ballot.BallotError](err); !ok {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, o := range everyMethod() {
		if _, err := ballot.Count(ballot.Election{}, o); !errors.Is(err, ballot.ErrNoCandidates) {
			t.Errorf("no candidates: %v", err)
		}
	}
	_, err := ballot.Count(ballot.Election{Candidates: two}, ballot.Options{Method: "plurality"})
	if _, ok := errors.AsType[*ballot.MethodError](err); !ok {
		t.Errorf("no such method: %v", err)
	}
}

// TestNothingToCount: without a ballot that says anything, everybody is tied.
func TestNothingToCount(t *testing.T) {
	t.Parallel()
	three := []string{"A", "B", "C"}
	for name, given := range map[string][]ballot.Ballot{
		"no ballots":    nil,
		"empty ballots": {{Weight: 4}, {Weight: 1, Ranking: [][]int{{}}}},
		"weight zero":   {ranked(0, 0, 1, 2)},
		"all recused":   {{Weight: 2, Ranking: [][]int{{0}, {1}}, Recused: []int{0, 1, 2}}},
	} {
		for _, o := range everyMethod() {
			o.Seed = ""
			r := must[ballot.Record](t)(ballot.Count(ballot.Election{Candidates: three, Ballots: given}, o))
			same(t, name+" "+string(o.Method), r.Ranking, [][]int{{0, 1, 2}})
			same(t, name+" "+string(o.Method), r.Winners, []int{0, 1, 2})
			same(t, name, r.Undecided(), true)
			r = must[ballot.Record](t)(ballot.Count(ballot.Election{Candidates: three[:1], Ballots: nil}, o))
			same(t, "one candidate", r.Winners, []int{0})
			same(t, "one candidate", r.Undecided(), false)
		}
	}
}

func TestMajorityRefuses(t *testing.T) {
	t.Parallel()
	half := ballot.Share{Num: 1, Den: 2}
	yes := []ballot.Vote{ballot.Yes}
	for name, c := range map[string]struct {
		rule  ballot.MajorityRule
		votes []ballot.Vote
	}{
		"more votes than jurors": {ballot.MajorityRule{Quorum: half, Threshold: half}, yes},
		"fewer than no jurors":   {ballot.MajorityRule{Eligible: -1, Quorum: half, Threshold: half}, nil},
		"no quorum":              {ballot.MajorityRule{Eligible: 1, Threshold: half}, yes},
		"no threshold":           {ballot.MajorityRule{Eligible: 1, Quorum: half, Threshold: ballot.Share{Den: 1}}, yes},
		"above all":              {ballot.MajorityRule{Eligible: 1, Quorum: half, Threshold: ballot.Share{Num: 3, Den: 2}}, yes},
		"vetoes":                 {ballot.MajorityRule{Eligible: 1, Quorum: half, Threshold: half, Vetoes: -1}, yes},
		"casting":                {ballot.MajorityRule{Eligible: 1, Quorum: half, Threshold: half, Casting: ballot.Abstain}, yes},
		"base":                   {ballot.MajorityRule{Eligible: 1, Quorum: half, Threshold: half, Base: "all"}, yes},
		"vote":                   {ballot.MajorityRule{Eligible: 1, Quorum: half, Threshold: half}, []ballot.Vote{"maybe"}},
	} {
		_, err := ballot.Majority(c.rule, c.votes)
		if _, ok := errors.AsType[*ballot.MajorityError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMajorityTurns(t *testing.T) {
	t.Parallel()
	third, half, all := ballot.Share{Num: 2, Den: 3}, ballot.Share{Num: 1, Den: 2}, ballot.Share{Num: 1, Den: 1}
	y, n, a, v := ballot.Yes, ballot.No, ballot.Abstain, ballot.Veto
	for name, c := range map[string]struct {
		rule  ballot.MajorityRule
		votes []ballot.Vote
		want  ballot.Decision
	}{
		"quorum before veto":     {ballot.MajorityRule{Eligible: 4, Quorum: half, Threshold: half, Vetoes: 1}, []ballot.Vote{v}, ballot.Decision{Outcome: ballot.NoQuorum, Cast: 1, Quorum: 2, Of: 1, Vetoes: 1}},
		"one veto of two":        {ballot.MajorityRule{Eligible: 3, Quorum: half, Threshold: half, Vetoes: 2}, []ballot.Vote{y, y, v}, ballot.Decision{Outcome: ballot.Approved, Cast: 3, Quorum: 2, Yes: 2, Of: 3, Vetoes: 1}},
		"casting no":             {ballot.MajorityRule{Eligible: 2, Quorum: half, Threshold: half, Casting: n}, []ballot.Vote{y, n}, ballot.Decision{Outcome: ballot.NotApproved, Cast: 2, Quorum: 1, Yes: 1, Of: 2, By: ballot.ByCasting}},
		"no casting at 2/3":      {ballot.MajorityRule{Eligible: 3, Quorum: half, Threshold: third, Casting: n}, []ballot.Vote{y, y, n}, ballot.Decision{Outcome: ballot.Approved, Cast: 3, Quorum: 2, Yes: 2, Of: 3}},
		"of all cast":            {ballot.MajorityRule{Eligible: 3, Quorum: half, Threshold: half, Base: ballot.BaseCast}, []ballot.Vote{y, a, a}, ballot.Decision{Outcome: ballot.NotApproved, Cast: 3, Quorum: 2, Yes: 1, Of: 3}},
		"unanimous":              {ballot.MajorityRule{Eligible: 3, Quorum: all, Threshold: all}, []ballot.Vote{y, y, y}, ballot.Decision{Outcome: ballot.Approved, Cast: 3, Quorum: 3, Yes: 3, Of: 3}},
		"everybody recused":      {ballot.MajorityRule{Quorum: half, Threshold: half}, nil, ballot.Decision{Outcome: ballot.NotApproved, Reason: ballot.NoValidVotes}},
		"half of all who may":    {ballot.MajorityRule{Eligible: 4, Quorum: half, Threshold: half, Base: ballot.BaseEligible}, []ballot.Vote{y, y, a}, ballot.Decision{Outcome: ballot.Tie, Cast: 3, Quorum: 2, Yes: 2, Of: 4}},
		"half, in other numbers": {ballot.MajorityRule{Eligible: 2, Quorum: half, Threshold: ballot.Share{Num: 2, Den: 4}}, []ballot.Vote{y, n}, ballot.Decision{Outcome: ballot.Tie, Cast: 2, Quorum: 1, Yes: 1, Of: 2}},
	} {
		same(t, name, must[ballot.Decision](t)(ballot.Majority(c.rule, c.votes)), c.want)
	}
}

// FuzzCount counts what any bytes make: an error of Check, or a whole ranking
// and at least one winner by every method.
func FuzzCount(f *testing.F) {
	f.Add([]byte{3, 1, 0, 1, 2, 255, 2, 2, 101, 0})
	f.Add([]byte{5, 200, 4, 3, 255, 1, 250, 0, 1, 2, 3, 4})
	f.Fuzz(func(t *testing.T, data []byte) {
		e := fromBytes(data)
		if e.Check() != nil {
			return
		}
		for _, o := range everyMethod() {
			r, err := ballot.Count(e, o)
			if err != nil {
				t.Fatal(err)
			}
			placed := make([]int, len(e.Candidates))
			for _, level := range r.Ranking {
				for _, c := range level {
					placed[c]++
				}
			}
			for c, times := range placed {
				if times != 1 {
					t.Fatalf("%+v: candidate %d stands in the ranking %d times", o, c, times)
				}
			}
			if len(r.Winners) == 0 || o.Seed != "" && r.Undecided() {
				t.Fatalf("%+v: the winners are %v", o, r.Winners)
			}
		}
		s, err := ballot.Ladder{Seed: "s"}.Settle(e, must[ballot.Record](t)(ballot.Schulze(e, "")).Ranking)
		if err != nil || len(s.Ranking) != len(e.Candidates) {
			t.Fatalf("the ladder leaves %v: %v", s.Ranking, err)
		}
	})
}

// fromBytes reads a number of candidates, then ballots: a weight, then candidates,
// from 100 up on the level of the one before and from 200 up recused; 255 ends.
func fromBytes(data []byte) ballot.Election {
	var e ballot.Election
	if len(data) == 0 {
		return e
	}
	for c := range int(data[0] % 9) {
		e.Candidates = append(e.Candidates, string(rune('A'+c)))
	}
	var b *ballot.Ballot
	for _, x := range data[1:] {
		last := 0
		if b != nil {
			last = len(b.Ranking) - 1
		}
		switch {
		case x == 255:
			b = nil
		case b == nil:
			e.Ballots = append(e.Ballots, ballot.Ballot{Weight: int64(x)})
			b = &e.Ballots[len(e.Ballots)-1]
		case x >= 200:
			b.Recused = append(b.Recused, int(x-200))
		case x >= 100 && last >= 0:
			b.Ranking[last] = append(b.Ranking[last], int(x-100))
		default:
			b.Ranking = append(b.Ranking, []int{int(x % 100)})
		}
	}
	return e
}

// BenchmarkCount is the target of 200 candidates and 1,000 ballots: Schulze in
// less than 0.2 s.
func BenchmarkCount(b *testing.B) {
	e := random(rand.New(rand.NewPCG(25, 26)), 200, 1000, false)
	for _, o := range []ballot.Options{
		{Method: ballot.MethodSchulze}, {Method: ballot.MethodSchulze, Strength: ballot.Ratio}, {Method: ballot.MethodRankedPairs}, {Method: ballot.MethodBorda},
		{Method: ballot.MethodIRV, Seed: "s"}, {Method: ballot.MethodSTV, Seats: 10, Seed: "s"},
	} {
		b.Run(string(o.Method)+string(o.Strength), func(b *testing.B) {
			for b.Loop() {
				if _, err := ballot.Count(e, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
