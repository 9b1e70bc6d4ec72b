package ballot_test

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"laurel/internal/tally/ballot"
)

// random makes an election of so many candidates and ballots. When loose,
// candidates are left out, ranked equal and recused.
func random(rng *rand.Rand, candidates, ballots int, loose bool) ballot.Election {
	e := ballot.Election{}
	for c := range candidates {
		e.Candidates = append(e.Candidates, fmt.Sprintf("film %c", 'A'+c))
	}
	for range ballots {
		b := ballot.Ballot{Weight: 1 + rng.Int64N(3)}
		for _, c := range rng.Perm(candidates) {
			switch kind := rng.IntN(10); {
			case loose && kind == 0:
				b.Recused = append(b.Recused, c)
			case loose && kind < 3:
			case loose && kind < 6 && len(b.Ranking) > 0:
				last := len(b.Ranking) - 1
				b.Ranking[last] = append(b.Ranking[last], c)
			default:
				b.Ranking = append(b.Ranking, []int{c})
			}
		}
		e.Ballots = append(e.Ballots, b)
	}
	return e
}

// relabelled moves candidate c to the place to[c], its name with it.
func relabelled(e ballot.Election, to []int) ballot.Election {
	moved := ballot.Election{Candidates: make([]string, len(to)), Unranked: e.Unranked}
	for c, name := range e.Candidates {
		moved.Candidates[to[c]] = name
	}
	for _, b := range slices.Backward(e.Ballots) {
		moved.Ballots = append(moved.Ballots, ballot.Ballot{Weight: b.Weight, Ranking: levels(b.Ranking, to), Recused: level(b.Recused, to)})
	}
	return moved
}

func levels(ranking [][]int, to []int) [][]int {
	var moved [][]int
	for _, equal := range ranking {
		moved = append(moved, level(equal, to))
	}
	return moved
}

// level is sorted, as a record's are.
func level(some, to []int) []int {
	var moved []int
	for _, c := range some {
		moved = append(moved, to[c])
	}
	slices.Sort(moved)
	return moved
}

// beats is the majority relation.
func beats(d [][]int64) func(a, b int) bool {
	return func(a, b int) bool { return d[a][b] > d[b][a] }
}

// smith is the least set whose members all beat everyone outside, found from
// the top of the Copeland order downwards.
func smith(d [][]int64) []int {
	n := len(d)
	wins := beats(d)
	inside := make([]bool, n)
	var best, most int
	for a := range n {
		score := 0
		for b := range n {
			if wins(a, b) {
				score += 2
			} else if a != b && !wins(b, a) {
				score++
			}
		}
		if score > most {
			best, most = a, score
		}
	}
	inside[best] = true
	for grown := true; grown; {
		grown = false
		for a := range n {
			for b := range n {
				if inside[a] && !inside[b] && !wins(a, b) {
					inside[b], grown = true, true
				}
			}
		}
	}
	var set []int
	for c, in := range inside {
		if in {
			set = append(set, c)
		}
	}
	return set
}
