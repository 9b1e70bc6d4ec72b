package ballot_test

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"laurel/internal/tally/ballot"
)

// ranked is a ballot of strict places.
func ranked(weight int64, places ...int) ballot.Ballot {
	b := ballot.Ballot{Weight: weight}
	for _, c := range places {
		b.Ranking = append(b.Ranking, []int{c})
	}
	return b
}

// TestScottishStages is a count by hand after SSI 2007/42: 100 votes, 3 seats, so
// the quota is 26.
//
//	1  A 41, B 20, C 15, D 13, E 11. A's surplus is 15, each of 41 ballots worth
//	   15/41 = .36585: 27 to B (9.87795), 14 to C (5.1219); .00015 is lost.
//	2  B 29.87795. B's surplus is 3.87795 of 29.87795: the 20 of its own at .12979,
//	   the 27 from A at .36585 × .129793 = .04748, all to D: 2.5958 + 1.28196.
//	3  C 20.1219, D 16.87776, E 11, which nobody gets any more.
//	4  D has fewer than C and goes; C has the last seat, and nothing moves.
func TestScottishStages(t *testing.T) {
	t.Parallel()
	const a, b, c, d, e = 0, 1, 2, 3, 4
	r := must[ballot.Record](t)(ballot.STV(ballot.Election{
		Candidates: []string{"A", "B", "C", "D", "E"},
		Ballots: []ballot.Ballot{
			ranked(27, a, b, d), ranked(14, a, c, e), ranked(20, b, d), ranked(15, c), ranked(13, d), ranked(11, e),
		},
	}, ballot.STVRule{Seats: 3}))
	same(t, "elected", r.Elected, []int{a, b, c})
	same(t, "ranking", r.Ranking, [][]int{{a}, {b}, {c}, {d}, {e}})
	same(t, "quota", r.Quota.RatString(), "26")
	for i, want := range [][]string{
		{"41", "20", "15", "13", "11", "0"},
		{"26", "29.87795", "20.1219", "13", "11", "0.00015"},
		{"26", "26", "20.1219", "16.87776", "11", "0.00034"},
		{"26", "26", "20.1219", "16.87776", "", "11.00034"},
		{"26", "26", "20.1219", "", "", "27.8781"},
	} {
		for x, text := range want {
			got := r.Stages[i].Exhausted
			if x < 5 {
				got = r.Stages[i].Votes[x]
			}
			if text == "" && got == nil {
				continue
			}
			if v, _ := new(big.Rat).SetString(text); text == "" || got == nil || v.Cmp(got) != 0 {
				t.Errorf("stage %d, %d: got %v, want %s", i+1, x, got, text)
			}
		}
	}
	same(t, "stages", len(r.Stages), 5)
}

// TestTransfersLoseNothing adds up the votes at every stage, and fills the seats.
func TestTransfersLoseNothing(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(21, 22))
	for range 300 {
		e := random(rng, 1+rng.IntN(7), rng.IntN(12), rng.IntN(2) == 0)
		for _, quota := range []ballot.Quota{ballot.Droop, ballot.Hare, ballot.HagenbachBischoff, ballot.Imperiali} {
			seats := 1 + rng.IntN(4)
			r := must[ballot.Record](t)(ballot.STV(e, ballot.STVRule{Seats: seats, Quota: quota, Seed: "s"}))
			valid := big.NewRat(ballots(e), 1)
			for i, s := range r.Stages {
				total := new(big.Rat).Set(s.Exhausted)
				for _, votes := range s.Votes {
					if votes != nil {
						total.Add(total, votes)
					}
				}
				if total.Cmp(valid) != 0 || s.Exhausted.Sign() < 0 {
					t.Fatalf("%s, stage %d: %v of %v votes, %v exhausted", quota, i+1, total, valid, s.Exhausted)
				}
			}
			if want := min(seats, len(e.Candidates)); len(r.Elected) != want || len(r.Winners) != want {
				t.Fatalf("%s: %v elected, %v win %d seats of %v", quota, r.Elected, r.Winners, seats, e)
			}
		}
	}
}

// TestDroopProportion: a group of voters with k quotas who rank the same k
// candidates above all others elects these (Dummett's proportionality for solid
// coalitions).
func TestDroopProportion(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(23, 24))
	for range 200 {
		e := random(rng, 5, 10, false)
		for i := range e.Ballots {
			e.Ballots[i].Weight = 1
			if i < 8 { // of ten, with three seats: the quota is 3
				b := e.Ballots[i].Ranking
				slices.SortStableFunc(b, func(x, y []int) int { return min(x[0], 2) - min(y[0], 2) })
				first := b[:2:2]
				if rng.IntN(2) == 0 {
					first = [][]int{b[1], b[0]}
				}
				e.Ballots[i].Ranking = append(slices.Clone(first), b[2:]...)
			}
		}
		r := must[ballot.Record](t)(ballot.STV(e, ballot.STVRule{Seats: 3, Seed: "s"}))
		if !slices.Contains(r.Elected, 0) || !slices.Contains(r.Elected, 1) {
			t.Fatalf("%v of %v", r.Elected, e)
		}
	}
}

// TestEqualPreferencesAreShared: a ballot that ranks two as equal counts as both
// orders, half each.
func TestEqualPreferencesAreShared(t *testing.T) {
	t.Parallel()
	names := []string{"A", "B", "C"}
	equal := ballot.Election{Candidates: names, Ballots: []ballot.Ballot{
		{Weight: 2, Ranking: [][]int{{0, 1}, {2}}}, ranked(3, 2, 0), ranked(1, 1, 2),
	}}
	split := ballot.Election{Candidates: names, Ballots: []ballot.Ballot{
		ranked(1, 0, 1, 2), ranked(1, 1, 0, 2), ranked(3, 2, 0), ranked(1, 1, 2),
	}}
	for _, seats := range []int{1, 2} {
		rule := ballot.STVRule{Seats: seats, Arithmetic: ballot.Exact, Seed: "s"}
		got, want := must[ballot.Record](t)(ballot.STV(equal, rule)), must[ballot.Record](t)(ballot.STV(split, rule))
		same(t, "elected", got.Elected, want.Elected)
		for i := range want.Stages {
			same(t, "votes", got.Stages[i].Votes, want.Stages[i].Votes)
		}
	}
}

func TestEqualLast(t *testing.T) {
	t.Parallel()
	names := []string{"A", "B", "C", "D"}
	// C had fewer than B in round 1, before D's votes made them equal.
	r := must[ballot.Record](t)(ballot.IRV(ballot.Election{Candidates: names, Ballots: []ballot.Ballot{
		ranked(4, 0), ranked(3, 1), ranked(2, 2), ranked(1, 3, 2),
	}}, ""))
	same(t, "round 2", r.Stages[1].Draws, []ballot.Draw{{Why: ballot.WhyExclude, Among: []int{1, 2}, Stage: 1, Chosen: []int{2}}})
	same(t, "winner", r.Winners, []int{0})

	// C and D have one vote each, together fewer than B.
	r = must[ballot.Record](t)(ballot.IRV(ballot.Election{Candidates: names, Ballots: []ballot.Ballot{
		ranked(4, 0), ranked(4, 1), ranked(1, 2, 1), ranked(1, 3, 2, 1),
	}}, ""))
	same(t, "together", r.Stages[0].Excluded, []int{2, 3})
	same(t, "ranking", r.Ranking, [][]int{{1}, {0}, {2, 3}})

	// B and C have two each, and either could win with the other's.
	open := ballot.Election{Candidates: names[:3], Ballots: []ballot.Ballot{ranked(3, 0), ranked(2, 1, 2), ranked(2, 2, 1)}}
	r = must[ballot.Record](t)(ballot.IRV(open, ""))
	same(t, "undecided", r.Winners, []int{0, 1, 2})
	same(t, "undecided", r.Undecided(), true)
	r = must[ballot.Record](t)(ballot.IRV(open, "seed"))
	lot := ballot.DrawLot("seed", names, []int{1, 2})
	same(t, "the luckier wins", r.Winners, []int{lot[0].Candidate})
	same(t, "lot", r.Stages[0].Draws[0].Lot, lot)
}

func TestEqualSurpluses(t *testing.T) {
	t.Parallel()
	e := ballot.Election{Candidates: []string{"A", "B", "C", "D"}, Ballots: []ballot.Ballot{
		ranked(8, 0, 2), ranked(8, 1, 3), ranked(1, 2), ranked(2, 3),
	}}
	r := must[ballot.Record](t)(ballot.STV(e, ballot.STVRule{Seats: 3}))
	same(t, "together", len(r.Stages[0].Surpluses), 2)
	same(t, "winners", r.Winners, []int{0, 1, 3})
	r = must[ballot.Record](t)(ballot.STV(e, ballot.STVRule{Seats: 3, Seed: "s"}))
	same(t, "one by one", len(r.Stages[0].Surpluses), 1)
	same(t, "first by lot", r.Stages[0].Surpluses[0].Candidate, r.Stages[0].Draws[0].Lot[0].Candidate)
}

// TestMoreQuotasThanSeats: by Imperiali three can have the quota for two seats.
func TestMoreQuotasThanSeats(t *testing.T) {
	t.Parallel()
	e := ballot.Election{Candidates: []string{"A", "B", "C"}, Ballots: []ballot.Ballot{ranked(3, 0), ranked(3, 1), ranked(4, 2)}}
	rule := ballot.STVRule{Seats: 2, Quota: ballot.Imperiali}
	r := must[ballot.Record](t)(ballot.STV(e, rule))
	same(t, "elected", r.Elected, []int{2})
	same(t, "winners", r.Winners, []int{2, 0, 1})
	same(t, "ranking", r.Ranking, [][]int{{2}, {0, 1}})
	rule.Seed = "s"
	r = must[ballot.Record](t)(ballot.STV(e, rule))
	same(t, "by lot", r.Winners, []int{2, ballot.DrawLot("s", e.Candidates, []int{0, 1})[0].Candidate})
}

func TestSeats(t *testing.T) {
	t.Parallel()
	e := ballot.Election{Candidates: []string{"A", "B"}}
	if _, err := ballot.STV(e, ballot.STVRule{}); !errors.Is(err, ballot.ErrSeats) {
		t.Errorf("no seat: %v", err)
	}
	r := must[ballot.Record](t)(ballot.STV(e, ballot.STVRule{Seats: 5}))
	same(t, "more seats than candidates", r.Winners, []int{0, 1})
	for quota, want := range map[ballot.Quota]string{
		ballot.Droop: "34", ballot.Hare: "50", ballot.HagenbachBischoff: "100/3", ballot.Imperiali: "25",
	} {
		same(t, string(quota), quota.Of(100, 2).RatString(), want)
	}
}
