package ballot

import (
	"cmp"
	"errors"
	"math/big"
	"slices"
)

// ErrSeats is the error of an election without a seat.
var ErrSeats = errors.New("there must be at least one seat")

// An STVRule is how a single transferable vote is counted.
type STVRule struct {
	Seats      int // 1 or more
	Quota      Quota
	Arithmetic Arithmetic // empty: Scottish with the Droop quota, Exact with any other
	Seed       string     // for lots; empty: none is drawn
}

// STV elects several in proportion, by the weighted inclusive Gregory method in
// the form of the Scottish Local Government Elections Order 2007 (SSI 2007/42,
// rules 45 to 52): who has the quota is elected; the largest surplus is passed
// on first, every ballot of the candidate at the same fraction of its value;
// when there is none, the candidate with the fewest votes is excluded; when
// those left fill the seats, they are elected. Each transfer is a Stage.
//
// Equal surpluses and equal last candidates are parted by the most recent stage
// in which they differ, then by lot if there is a seed. Without one, equal
// surpluses are passed on together, and equal last candidates go together when
// no order among them could change what follows: when all their votes are fewer
// than those of the next, and could lift nobody to the quota. Otherwise the count
// ends undecided: winners are then those elected and all to whom a seat is still
// open, more than there are seats.
//
// The order in the law knows no equal preferences: here a ballot that ranks
// several as equal is shared equally by those of them who are still in, as if it
// were all the strict orders that it allows. Unranked candidates, and those the
// voter is recused from, never get it; a ballot that ranks nobody is not valid
// and not part of the quota. Errors: ErrSeats and those of Check.
func STV(e Election, rule STVRule) (Record, error) {
	if err := e.Check(); err != nil {
		return Record{}, err
	}
	if rule.Seats < 1 {
		return Record{}, ErrSeats
	}
	rule.Quota = cmp.Or(rule.Quota, Droop)
	if rule.Arithmetic == "" {
		rule.Arithmetic = Exact
		if rule.Quota == Droop {
			rule.Arithmetic = Scottish
		}
	}
	s := newSeating(e, rule)
	for s.step() {
	}
	r := Record{
		Method: MethodSTV, Voters: e.Voters(), Pairwise: e.Pairwise(), Seats: rule.Seats, QuotaRule: rule.Quota,
		Arithmetic: rule.Arithmetic, Quota: s.quota, Stages: s.stages, Elected: slices.Concat(s.elected...),
	}
	rest := s.standing()
	if len(s.open) > 0 {
		rest = slices.Concat([][]int{s.open}, without(rest, s.open))
	}
	r.Ranking = s.ranking(s.elected, rest)
	r.Winners = slices.Concat(r.Elected, s.open)
	return r, nil
}

// A seating is a transferable vote for seats.
type seating struct {
	*transfer
	rule    STVRule
	quota   *big.Rat
	elected [][]int // in order; those with equal votes at one stage on one level
	waiting []int   // elected, with a surplus to pass on
	open    []int   // to whom a seat is open at an undecided end
}

func newSeating(e Election, rule STVRule) *seating {
	s := &seating{rule: rule}
	var cut func(*big.Rat) *big.Rat
	if rule.Arithmetic == Scottish {
		cut = cutFifth
	}
	var valid int64
	s.transfer, valid = newTransfer(e, rule.Seed, cut)
	s.quota = rule.Quota.Of(valid, rule.Seats)
	return s
}

func (s *seating) vacancies() int { return s.rule.Seats - len(slices.Concat(s.elected...)) }

// step is one stage: the votes, who is elected, and what moves next. It is false
// at the end.
func (s *seating) step() bool {
	s.stage()
	if !s.reach() || s.vacancies() == 0 {
		return false
	}
	standing := s.standing()
	if len(slices.Concat(standing...)) <= s.vacancies() {
		for _, level := range standing {
			s.elect(level)
		}
		return false
	}
	if len(s.waiting) > 0 {
		s.passOn()
		return true
	}
	return s.drop(standing)
}

// reach elects those who have the quota, and is false when more have it than
// there are seats and nothing decides between equals.
func (s *seating) reach() bool {
	for _, level := range s.standing() {
		votes := s.votes[level[0]]
		if votes.Cmp(s.quota) < 0 || votes.Sign() == 0 {
			break
		}
		for len(level) > 0 && s.vacancies() > 0 {
			some := level
			if len(some) > s.vacancies() {
				some = s.choose(WhySeat, level)
			}
			if len(some) > s.vacancies() {
				s.concede(WhySeat, some, nil)
				s.open = some
				return false
			}
			s.elect(some)
			level = slices.DeleteFunc(slices.Clone(level), func(c int) bool { return slices.Contains(some, c) })
		}
	}
	return true
}

func (s *seating) elect(some []int) {
	now := &s.stages[len(s.stages)-1]
	now.Elected = append(now.Elected, some...)
	s.elected = append(s.elected, some)
	for _, c := range some {
		s.hopeful[c] = false
		if s.votes[c].Cmp(s.quota) > 0 {
			s.waiting = append(s.waiting, c)
		}
	}
}

// passOn moves the largest surplus, or equal ones that nothing parts.
func (s *seating) passOn() {
	largest := regrouped(s.waiting, func(a, b int) int { return s.votes[b].Cmp(s.votes[a]) })[0]
	next := s.choose(WhySurplus, largest)
	if len(next) > 1 {
		s.concede(WhySurplus, next, next)
	}
	now := &s.stages[len(s.stages)-1]
	for _, c := range next {
		surplus := Surplus{c, new(big.Rat).Sub(s.votes[c], s.quota), new(big.Rat).Set(s.votes[c])}
		now.Surpluses = append(now.Surpluses, surplus)
		s.pass(surplus)
	}
	s.waiting = slices.DeleteFunc(s.waiting, func(c int) bool { return slices.Contains(next, c) })
}

// pass moves one surplus; what rounding loses is exhausted.
func (s *seating) pass(surplus Surplus) {
	moved := new(big.Rat)
	c := surplus.Candidate
	for _, p := range s.piles[c] {
		value := new(big.Rat).Mul(p.value, surplus.Votes)
		p.value = s.rounded(value.Quo(value, surplus.Of))
		s.give(p)
		moved.Add(moved, new(big.Rat).Mul(p.value, big.NewRat(p.papers, 1)))
	}
	s.exhausted.Add(s.exhausted, moved.Sub(surplus.Votes, moved))
	s.votes[c] = new(big.Rat).Set(s.quota)
	s.piles[c] = nil
}

// drop excludes the last, and is false when it is undecided who that is.
func (s *seating) drop(standing [][]int) bool {
	in := len(slices.Concat(standing...))
	out := s.lowest(standing, func(together *big.Rat, others [][]int) bool {
		stay := slices.Concat(others...)
		if len(stay) < s.vacancies() {
			return false
		}
		lifted := new(big.Rat).Add(together, s.votes[stay[0]])
		return together.Cmp(s.votes[stay[len(stay)-1]]) < 0 && (together.Sign() == 0 || lifted.Cmp(s.quota) < 0)
	})
	if out == nil {
		s.open = inOrder(standing)
		return false
	}
	s.stages[len(s.stages)-1].Excluded = out
	if s.rule.Arithmetic == Scottish && in-len(out) == s.vacancies() {
		for _, c := range out {
			s.exhausted.Add(s.exhausted, s.votes[c])
		}
		s.retire(out)
		return true
	}
	s.exclude(out)
	return true
}

// without leaves some candidates out of levels.
func without(levels [][]int, some []int) [][]int {
	var kept [][]int
	for _, level := range levels {
		level = slices.DeleteFunc(slices.Clone(level), func(c int) bool { return slices.Contains(some, c) })
		if len(level) > 0 {
			kept = append(kept, level)
		}
	}
	return kept
}
