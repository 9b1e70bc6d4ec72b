package ballot

import "math/big"

// IRV is the instant run-off (the alternative vote): as long as nobody has more
// than half of the votes still in the count, the candidate with the fewest is
// excluded and its votes go to those next on their ballots. Of equals, the one
// is excluded who had fewer in the last earlier round in which they differ.
// If there is none, the last in the order of lots is, when there is a seed.
// Without a seed they go together when all their votes are fewer than those of
// the next: they would all go, whatever the order. Otherwise the count ends
// undecided, and all who are still in it are winners.
//
// A ballot that ranks several as equal is shared equally by those of them who
// are still in. Unranked candidates, and those the voter is recused from, never
// get it.
//
// The ranking is the winner, those still in by their last votes, and the
// excluded, the last first. Rounds are the record's Stages.
func IRV(e Election, seed string) (Record, error) {
	if err := e.Check(); err != nil {
		return Record{}, err
	}
	r := Record{Method: MethodIRV, Voters: e.Voters(), Pairwise: e.Pairwise(), Seats: 1}
	t, _ := newTransfer(e, seed, nil)
	for {
		standing := t.standing()
		now := t.stage()
		if first := standing[0]; t.wins(standing) {
			now.Elected, r.Elected, r.Winners = first, first, first
			r.Ranking = t.ranking(standing, nil)
			break
		}
		out := t.lowest(standing, func(together *big.Rat, others [][]int) bool {
			return len(others) > 0 && together.Cmp(t.votes[others[len(others)-1][0]]) < 0
		})
		if out == nil {
			r.Winners = inOrder(standing)
			r.Ranking = t.ranking(nil, [][]int{r.Winners})
			break
		}
		now.Excluded = out
		t.exclude(out)
	}
	r.Stages = t.stages
	return r, nil
}

// wins says whether the first of those standing is alone or has more than half
// of their votes.
func (t *transfer) wins(standing [][]int) bool {
	if len(standing[0]) > 1 {
		return false
	}
	rest := new(big.Rat)
	for _, level := range standing[1:] {
		for _, c := range level {
			rest.Add(rest, t.votes[c])
		}
	}
	return len(standing) == 1 || t.votes[standing[0][0]].Cmp(rest) > 0
}
