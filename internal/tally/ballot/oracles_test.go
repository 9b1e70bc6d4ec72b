package ballot_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"laurel/internal/tally/ballot"
)

// worth is the strength of a defeat as a number, NaN for none; written apart from
// the package.
func worth(s ballot.Strength, over, under int64) float64 {
	switch {
	case over <= under:
		return math.NaN()
	case s == ballot.Margins:
		return float64(over - under)
	case s == ballot.WinningVotes:
		return float64(over)
	case under == 0:
		return 1e6 + float64(over)
	}
	return float64(over) / float64(under)
}

// TestStrongestPathsByAddingDefeats finds every path by another algorithm: defeats
// are added from the strongest down, and the strength at which one candidate
// first reaches another is that of the strongest path.
func TestStrongestPathsByAddingDefeats(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(15, 16))
	for range 300 {
		e := random(rng, 2+rng.IntN(6), 1+rng.IntN(12), rng.IntN(2) == 0)
		for _, s := range strengths {
			r := must[ballot.Record](t)(ballot.Schulze(e, s))
			want := added(e.Pairwise(), s)
			for a, row := range r.Paths {
				for b, p := range row {
					got, finite := p.Float()
					if !finite {
						got = 1e6 + float64(p.Over)
					}
					if a != b && math.Abs(got-want[a][b]) > 1e-12*got {
						t.Fatalf("%s: from %d to %d %v, want %v: %v", s, a, b, p, want[a][b], e)
					}
				}
			}
		}
	}
}

func added(d [][]int64, s ballot.Strength) [][]float64 {
	n := len(d)
	var steps []float64
	best := make([][]float64, n)
	for a := range d {
		best[a] = make([]float64, n)
		for b := range d {
			if w := worth(s, d[a][b], d[b][a]); w > 0 {
				steps = append(steps, w)
			}
		}
	}
	slices.Sort(steps)
	for _, least := range slices.Backward(slices.Compact(steps)) {
		for a := range d {
			for _, b := range reached(a, func(x, y int) bool { return worth(s, d[x][y], d[y][x]) >= least }, n) {
				if best[a][b] == 0 {
					best[a][b] = least
				}
			}
		}
	}
	return best
}

// reached are all whom one candidate reaches.
func reached(from int, step func(x, y int) bool, n int) []int {
	seen := make([]bool, n)
	open := []int{from}
	var all []int
	for len(open) > 0 {
		x := open[0]
		open = open[1:]
		for y := range n {
			if step(x, y) && !seen[y] {
				seen[y] = true
				open, all = append(open, y), append(all, y)
			}
		}
	}
	return all
}

// TestRankedPairsInEveryOrder locks defeats one by one, equal ones in every order:
// what the package locks of them is locked in all orders; where none are equal,
// it locks the same.
func TestRankedPairsInEveryOrder(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(17, 18))
	skippedTogether := 0
	for range 400 {
		e := random(rng, 3+rng.IntN(2), 1+rng.IntN(9), rng.IntN(2) == 0)
		n := len(e.Candidates)
		for _, s := range strengths {
			locks := must[ballot.Record](t)(ballot.RankedPairs(e, s)).Locks
			for from := 0; from < len(locks); {
				to := from
				for to < len(locks) && locks[to].Power == locks[from].Power {
					to++
				}
				equal := locks[from:to]
				always := inEveryOrder(n, locks[:from], equal)
				for i, l := range equal {
					if l.Locked && !always[i] {
						t.Fatalf("%s: %+v is locked, but not in every order of %+v", s, l, locks)
					}
					if len(equal) == 1 && l.Locked != always[i] {
						t.Fatalf("%s: %+v is wrong in %+v", s, l, locks)
					}
					if l.Together {
						skippedTogether++
					}
				}
				from = to
			}
		}
	}
	if skippedTogether == 0 {
		t.Error("no election had equal defeats that close a cycle")
	}
}

// inEveryOrder says of equal defeats which are locked whatever their order, after
// what was locked before.
func inEveryOrder(n int, before, equal []ballot.Lock) []bool {
	always := slices.Repeat([]bool{true}, len(equal))
	order := make([]int, len(equal))
	for i := range order {
		order[i] = i
	}
	permuted(order, 0, func(order []int) {
		edges := map[[2]int]bool{}
		for _, l := range before {
			if l.Locked {
				edges[[2]int{l.Winner, l.Loser}] = true
			}
		}
		for _, i := range order {
			l := equal[i]
			back := reached(l.Loser, func(x, y int) bool { return edges[[2]int{x, y}] }, n)
			if slices.Contains(back, l.Winner) {
				always[i] = false
			} else {
				edges[[2]int{l.Winner, l.Loser}] = true
			}
		}
	})
	return always
}

func permuted(order []int, from int, visit func([]int)) {
	if from == len(order) {
		visit(order)
		return
	}
	for i := from; i < len(order); i++ {
		order[from], order[i] = order[i], order[from]
		permuted(order, from+1, visit)
		order[from], order[i] = order[i], order[from]
	}
}

// TestRunOffFromScratch recounts every round from the ballots alone.
func TestRunOffFromScratch(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(19, 20))
	for range 300 {
		e := random(rng, 2+rng.IntN(5), 1+rng.IntN(12), rng.IntN(2) == 0)
		r := must[ballot.Record](t)(ballot.IRV(e, "seed"))
		in := slices.Repeat([]bool{true}, len(e.Candidates))
		for round, s := range r.Stages {
			want := tops(e, in)
			total := new(big.Rat).Set(s.Exhausted)
			for c, votes := range s.Votes {
				if in[c] != (votes != nil) || in[c] && votes.Cmp(want[c]) != 0 {
					t.Fatalf("round %d: %d has %v, want %v", round+1, c, votes, want[c])
				}
				if votes != nil {
					total.Add(total, votes)
				}
			}
			valid := ballots(e)
			if total.Cmp(big.NewRat(valid, 1)) != 0 {
				t.Fatalf("round %d: %v votes of %d", round+1, total, valid)
			}
			for _, c := range s.Excluded {
				for other, is := range in {
					if is && want[other].Cmp(want[c]) < 0 {
						t.Fatalf("round %d: %d is excluded before %d", round+1, c, other)
					}
				}
				in[c] = false
			}
		}
		if len(r.Winners) != 1 {
			t.Fatalf("with a seed %v win", r.Winners)
		}
	}
}

// tops shares every ballot among its best that are still in.
func tops(e ballot.Election, in []bool) []*big.Rat {
	votes := make([]*big.Rat, len(in))
	for c := range votes {
		votes[c] = new(big.Rat)
	}
	for _, b := range e.Ballots {
		for _, equal := range b.Ranking {
			var best []int
			for _, c := range equal {
				if in[c] && !slices.Contains(b.Recused, c) {
					best = append(best, c)
				}
			}
			for _, c := range best {
				votes[c].Add(votes[c], big.NewRat(b.Weight, int64(len(best))))
			}
			if len(best) > 0 {
				break
			}
		}
	}
	return votes
}

// ballots are those that rank anybody.
func ballots(e ballot.Election) int64 {
	var valid int64
	for _, b := range e.Ballots {
		if slices.ContainsFunc(b.Ranking, func(equal []int) bool {
			return slices.ContainsFunc(equal, func(c int) bool { return !slices.Contains(b.Recused, c) })
		}) {
			valid += b.Weight
		}
	}
	return valid
}
