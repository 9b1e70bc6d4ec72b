package ballot

import (
	"math/big"
	"slices"
)

// A pile is equal ballots that lie with one candidate.
type pile struct {
	papers int64
	value  *big.Rat // of each paper
	levels [][]int  // of the ranking, from the one where the candidate stands
}

// A transfer is the state of a count in which votes move from candidate to
// candidate. Equal candidates on a ballot share it equally: it counts as all the
// strict orders that it allows, in equal parts.
type transfer struct {
	names     []string
	seed      string
	cut       func(*big.Rat) *big.Rat // rounds the value of a paper; nil: not at all
	hopeful   []bool                  // neither elected nor excluded
	piles     [][]pile
	votes     []*big.Rat // nil: excluded
	exhausted *big.Rat
	stages    []Stage
	gone      [][]int // the excluded, the first first; several: together
}

// newTransfer deals the ballots to their first candidates and says how many
// are valid: those that rank somebody.
func newTransfer(e Election, seed string, cut func(*big.Rat) *big.Rat) (*transfer, int64) {
	n := len(e.Candidates)
	t := &transfer{
		names: e.Candidates, seed: seed, cut: cut, exhausted: new(big.Rat),
		hopeful: slices.Repeat([]bool{true}, n), piles: make([][]pile, n), votes: make([]*big.Rat, n),
	}
	for c := range t.votes {
		t.votes[c] = new(big.Rat)
	}
	var valid int64
	for _, b := range e.Ballots {
		if levels := b.levels(); len(levels) > 0 && b.Weight > 0 {
			valid += b.Weight
			t.give(pile{b.Weight, big.NewRat(1, 1), levels})
		}
	}
	return t, valid
}

// give lays a pile to its next hopeful candidates; what nobody gets is exhausted.
func (t *transfer) give(p pile) {
	all := new(big.Rat).Mul(p.value, big.NewRat(p.papers, 1))
	t.exhausted.Add(t.exhausted, all)
	for i, equal := range p.levels {
		next := slices.DeleteFunc(slices.Clone(equal), func(c int) bool { return !t.hopeful[c] })
		if len(next) == 0 {
			continue
		}
		share := t.rounded(new(big.Rat).Quo(p.value, big.NewRat(int64(len(next)), 1)))
		all.Mul(share, big.NewRat(p.papers, 1))
		for _, c := range next {
			t.piles[c] = append(t.piles[c], pile{p.papers, share, p.levels[i:]})
			t.votes[c].Add(t.votes[c], all)
			t.exhausted.Sub(t.exhausted, all)
		}
		return
	}
}

func (t *transfer) rounded(value *big.Rat) *big.Rat {
	if t.cut == nil {
		return value
	}
	return t.cut(value)
}

// exclude takes candidates out and moves their votes, at the value that they
// have.
func (t *transfer) exclude(some []int) {
	t.retire(some)
	for _, c := range some {
		for _, p := range t.piles[c] {
			t.give(p)
		}
		t.piles[c] = nil
	}
}

// retire takes candidates out without moving anything.
func (t *transfer) retire(some []int) {
	t.gone = append(t.gone, some)
	for _, c := range some {
		t.hopeful[c] = false
		t.votes[c] = nil
	}
}

// stage writes down the votes as they stand.
func (t *transfer) stage() *Stage {
	s := Stage{Votes: make([]*big.Rat, len(t.votes)), Exhausted: new(big.Rat).Set(t.exhausted)}
	for c, v := range t.votes {
		if v != nil {
			s.Votes[c] = new(big.Rat).Set(v)
		}
	}
	t.stages = append(t.stages, s)
	return &t.stages[len(t.stages)-1]
}

// standing are the hopeful candidates by votes, the most first, equal ones on
// one level.
func (t *transfer) standing() [][]int {
	var in []int
	for c, is := range t.hopeful {
		if is {
			in = append(in, c)
		}
	}
	return regrouped(in, func(a, b int) int { return t.votes[b].Cmp(t.votes[a]) })
}

// choose parts equals: by the last earlier stage in which their votes differ,
// then the one before it, then by lot if there is a seed. It is to find who has
// the most, or the fewest when the question is who is excluded. What it does
// goes on the record; several remain when nothing decides.
func (t *transfer) choose(why Why, among []int) []int {
	now := &t.stages[len(t.stages)-1]
	for s := len(t.stages) - 2; s >= 0 && len(among) > 1; s-- {
		levels := regrouped(among, func(a, b int) int { return t.stages[s].Votes[b].Cmp(t.stages[s].Votes[a]) })
		chosen := levels[0]
		if why == WhyExclude {
			chosen = levels[len(levels)-1]
		}
		if len(chosen) < len(among) {
			now.Draws = append(now.Draws, Draw{Why: why, Among: among, Stage: s + 1, Chosen: chosen})
			among = chosen
		}
	}
	if len(among) > 1 && t.seed != "" {
		lot := DrawLot(t.seed, t.names, among)
		chosen := lot[0].Candidate
		if why == WhyExclude {
			chosen = lot[len(lot)-1].Candidate
		}
		now.Draws = append(now.Draws, Draw{Why: why, Among: among, Lot: lot, Chosen: []int{chosen}})
		among = []int{chosen}
	}
	return among
}

// concede writes down a draw that nothing decides: either all of them are chosen
// together or nobody is.
func (t *transfer) concede(why Why, among, chosen []int) {
	now := &t.stages[len(t.stages)-1]
	now.Draws = append(now.Draws, Draw{Why: why, Among: among, Chosen: chosen})
}

// lowest is who is excluded next: one, or several with the fewest votes whom
// nothing parts, when no order among them could change what follows. It is nil
// when that is undecided. Beside them there are others.
func (t *transfer) lowest(standing [][]int, harmless func(together *big.Rat, others [][]int) bool) []int {
	last := len(standing) - 1
	if len(standing[last]) == 1 {
		return standing[last]
	}
	out := t.choose(WhyExclude, standing[last])
	if len(out) == 1 {
		return out
	}
	together := new(big.Rat).Mul(t.votes[out[0]], big.NewRat(int64(len(out)), 1))
	if len(out) < len(standing[last]) || !harmless(together, standing[:last]) {
		t.concede(WhyExclude, out, nil)
		return nil
	}
	t.concede(WhyExclude, out, out)
	return out
}

// ranking is the levels of a finished count: those elected, those who are still
// in by votes, and the excluded, the last first.
func (t *transfer) ranking(elected, standing [][]int) [][]int {
	ranking := slices.Concat(elected, standing)
	for _, level := range slices.Backward(t.gone) {
		ranking = append(ranking, level)
	}
	return ranking
}
