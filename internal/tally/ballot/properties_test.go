package ballot_test

import (
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"laurel/internal/tally/ballot"
)

var strengths = []ballot.Strength{ballot.WinningVotes, ballot.Margins, ballot.Ratio}

// condorcet are the counts that follow the majority where there is a clear one.
func condorcet(t *testing.T, e ballot.Election) []ballot.Record {
	t.Helper()
	all := []ballot.Record{must[ballot.Record](t)(ballot.Copeland(e))}
	for _, s := range strengths {
		all = append(all, must[ballot.Record](t)(ballot.Schulze(e, s)), must[ballot.Record](t)(ballot.RankedPairs(e, s)))
	}
	return all
}

// TestWinnersAreInTheSmithSet covers the Condorcet winner: a Smith set of one.
func TestWinnersAreInTheSmithSet(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	single := 0
	for range 500 {
		e := random(rng, 2+rng.IntN(6), 1+rng.IntN(9), rng.IntN(2) == 0)
		set := smith(e.Pairwise())
		if len(set) == 1 {
			single++
		}
		for _, r := range condorcet(t, e) {
			for _, w := range r.Winners {
				if !slices.Contains(set, w) {
					t.Fatalf("%s %s elects %d, outside %v of %v", r.Method, r.Strength, w, set, e)
				}
			}
		}
	}
	if single < 50 {
		t.Errorf("only %d elections had a Condorcet winner", single)
	}
}

func TestSchulzeReversal(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		e := random(rng, 2+rng.IntN(5), 1+rng.IntN(9), rng.IntN(2) == 0)
		for _, s := range strengths {
			r := must[ballot.Record](t)(ballot.Schulze(e, s))
			back := must[ballot.Record](t)(ballot.Schulze(reversed(e), s))
			for a := range r.Paths {
				for b := range r.Paths {
					if r.Paths[a][b] != back.Paths[b][a] {
						t.Fatalf("%s: the path from %d to %d is %v, backwards %v", s, a, b, r.Paths[a][b], back.Paths[b][a])
					}
				}
			}
			if len(r.Winners) == 1 && slices.Contains(back.Winners, r.Winners[0]) {
				t.Fatalf("%s: %d wins %v forwards and backwards", s, r.Winners[0], e)
			}
		}
	}
}

// reversed turns every ballot upside down; those it left out come first.
func reversed(e ballot.Election) ballot.Election {
	turned := ballot.Election{Candidates: e.Candidates}
	for _, b := range e.Ballots {
		seen := slices.Concat(slices.Concat(b.Ranking...), b.Recused)
		var out []int
		for c := range e.Candidates {
			if !slices.Contains(seen, c) {
				out = append(out, c)
			}
		}
		ranking := slices.Clone(b.Ranking)
		slices.Reverse(ranking)
		turned.Ballots = append(turned.Ballots, ballot.Ballot{Weight: b.Weight, Ranking: append([][]int{out}, ranking...), Recused: b.Recused})
	}
	return turned
}

// TestMonotonicity raises a winner on a ballot. Ranked pairs has it where no two
// defeats are equally strong.
func TestMonotonicity(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		e := random(rng, 3+rng.IntN(3), 1+rng.IntN(9), false)
		schulze := must[ballot.Record](t)(ballot.Schulze(e, ballot.WinningVotes))
		w := schulze.Winners[0]
		higher := must[ballot.Record](t)(ballot.Schulze(raised(rng, e, w), ballot.WinningVotes))
		if !slices.Contains(higher.Winners, w) {
			t.Fatalf("schulze: %d, raised, no longer wins %v", w, e)
		}
		pairs := must[ballot.Record](t)(ballot.RankedPairs(e, ballot.WinningVotes))
		w = pairs.Winners[0]
		higher = must[ballot.Record](t)(ballot.RankedPairs(raised(rng, e, w), ballot.WinningVotes))
		if decisive(pairs) && decisive(higher) && higher.Winners[0] != w {
			t.Fatalf("ranked pairs: %d, raised, no longer wins %v", w, e)
		}
	}
}

// raised moves a candidate up by one place on one ballot of strict levels, if it
// is not the first there.
func raised(rng *rand.Rand, e ballot.Election, w int) ballot.Election {
	e.Ballots = slices.Clone(e.Ballots)
	b := &e.Ballots[rng.IntN(len(e.Ballots))]
	at := slices.IndexFunc(b.Ranking, func(l []int) bool { return l[0] == w })
	if at > 0 {
		b.Ranking = slices.Clone(b.Ranking)
		b.Ranking[at], b.Ranking[at-1] = b.Ranking[at-1], b.Ranking[at]
	}
	return e
}

// decisive says whether every two candidates defeat one another, all by
// different strengths.
func decisive(r ballot.Record) bool {
	n := len(r.Pairwise)
	if len(r.Locks) != n*(n-1)/2 {
		return false
	}
	for i := range r.Locks[1:] {
		if r.Locks[i].Power == r.Locks[i+1].Power {
			return false
		}
	}
	return true
}

// TestClones puts a second candidate beside one on every ballot: whether a
// clone or somebody else wins stays as it was.
func TestClones(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 8))
	compared := 0
	for range 2000 {
		e := random(rng, 3+rng.IntN(3), 3+rng.IntN(20), false)
		c := rng.IntN(len(e.Candidates))
		twice := cloned(rng, e, c)
		before := must[ballot.Record](t)(ballot.Schulze(e, ballot.WinningVotes))
		after := must[ballot.Record](t)(ballot.Schulze(twice, ballot.WinningVotes))
		if got, want := merged(after.Winners, len(e.Candidates), c), before.Winners; !slices.Equal(got, want) {
			t.Fatalf("schulze: cloning %d turns %v into %v: %v", c, want, got, e)
		}
		before = must[ballot.Record](t)(ballot.RankedPairs(e, ballot.WinningVotes))
		after = must[ballot.Record](t)(ballot.RankedPairs(twice, ballot.WinningVotes))
		if !decisive(before) || len(after.Winners) > 1 {
			continue
		}
		compared++
		if got, want := merged(after.Winners, len(e.Candidates), c), before.Winners; !slices.Equal(got, want) {
			t.Fatalf("ranked pairs: cloning %d turns %v into %v: %v", c, want, got, e)
		}
	}
	if compared < 50 {
		t.Errorf("only %d elections could be compared for ranked pairs", compared)
	}
}

func cloned(rng *rand.Rand, e ballot.Election, c int) ballot.Election {
	twice := ballot.Election{Candidates: append(slices.Clone(e.Candidates), "clone")}
	clone := len(e.Candidates)
	for _, b := range e.Ballots {
		at := slices.IndexFunc(b.Ranking, func(l []int) bool { return l[0] == c })
		ranking := slices.Insert(slices.Clone(b.Ranking), at+rng.IntN(2), []int{clone})
		twice.Ballots = append(twice.Ballots, ballot.Ballot{Weight: b.Weight, Ranking: ranking})
	}
	return twice
}

// merged takes a clone for its original.
func merged(winners []int, clone, c int) []int {
	var all []int
	for _, w := range winners {
		if w == clone {
			w = c
		}
		all = append(all, w)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// TestRelabelling counts with the candidates in another order, and the ballots
// too: everybody stays where they were.
func TestRelabelling(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(9, 10))
	for range 300 {
		e := random(rng, 1+rng.IntN(6), rng.IntN(9), rng.IntN(2) == 0)
		to := rng.Perm(len(e.Candidates))
		moved := relabelled(e, to)
		for _, o := range everyMethod() {
			r := must[ballot.Record](t)(ballot.Count(e, o))
			got := must[ballot.Record](t)(ballot.Count(moved, o))
			if want := levels(r.Ranking, to); !reflect.DeepEqual(levels(got.Ranking, sameOrder(to)), want) {
				t.Fatalf("%+v: %v becomes %v, want %v for %v", o, r.Ranking, got.Ranking, want, e)
			}
			if want := level(r.Winners, to); !slices.Equal(level(got.Winners, sameOrder(to)), want) {
				t.Fatalf("%+v: the winners %v become %v", o, want, got.Winners)
			}
		}
	}
}

func sameOrder(to []int) []int {
	same := make([]int, len(to))
	for c := range same {
		same[c] = c
	}
	return same
}

func everyMethod() []ballot.Options {
	all := []ballot.Options{{Method: ballot.MethodCopeland}, {Method: ballot.MethodBorda}, {Method: ballot.MethodIRV}, {Method: ballot.MethodIRV, Seed: "s"}}
	for _, s := range strengths {
		all = append(all, ballot.Options{Strength: s}, ballot.Options{Method: ballot.MethodRankedPairs, Strength: s})
	}
	for _, q := range []ballot.Quota{ballot.Droop, ballot.Hare, ballot.HagenbachBischoff, ballot.Imperiali} {
		for _, a := range []ballot.Arithmetic{ballot.Scottish, ballot.Exact} {
			for _, seed := range []string{"", "s"} {
				all = append(all, ballot.Options{Method: ballot.MethodSTV, Seats: 2, Quota: q, Arithmetic: a, Seed: seed})
			}
		}
	}
	return all
}

// TestWeightIsRepetition counts a ballot of weight three as three ballots.
func TestWeightIsRepetition(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(11, 12))
	for range 100 {
		e := random(rng, 1+rng.IntN(5), rng.IntN(6), true)
		single := ballot.Election{Candidates: e.Candidates}
		for _, b := range e.Ballots {
			for range b.Weight {
				single.Ballots = append(single.Ballots, ballot.Ballot{Weight: 1, Ranking: b.Ranking, Recused: b.Recused})
			}
			single.Ballots = append(single.Ballots, ballot.Ballot{Ranking: b.Ranking})
		}
		for _, o := range everyMethod() {
			want, got := must[ballot.Record](t)(ballot.Count(e, o)), must[ballot.Record](t)(ballot.Count(single, o))
			if !reflect.DeepEqual(got.Ranking, want.Ranking) || !reflect.DeepEqual(got.Pairwise, want.Pairwise) {
				t.Fatalf("%+v: %v, by single ballots %v", o, want.Ranking, got.Ranking)
			}
		}
	}
}

// TestRecusalIsNotLast leaves out just the pairs with the recused candidate.
func TestRecusalIsNotLast(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(13, 14))
	for range 200 {
		e := random(rng, 2+rng.IntN(5), 1+rng.IntN(6), true)
		with := e.Pairwise()
		b, c := rng.IntN(len(e.Ballots)), rng.IntN(len(e.Candidates))
		alone := ballot.Election{Candidates: e.Candidates, Ballots: []ballot.Ballot{e.Ballots[b]}}
		own := alone.Pairwise()
		e.Ballots[b].Recused = append(e.Ballots[b].Recused, c)
		for x, row := range e.Pairwise() {
			for y, got := range row {
				want := with[x][y]
				if x == c || y == c {
					want -= own[x][y]
				}
				if got != want {
					t.Fatalf("%d over %d: %d, want %d", x, y, got, want)
				}
			}
		}
		sum := new(big.Rat)
		r := must[ballot.Record](t)(ballot.Borda(e))
		for _, p := range r.Points {
			sum.Add(sum, p)
		}
		n := int64(len(e.Candidates))
		if want := big.NewRat(e.Voters()*n*(n-1), 2); sum.Cmp(want) != 0 {
			t.Fatalf("borda points add up to %v, want %v", sum, want)
		}
	}
}
