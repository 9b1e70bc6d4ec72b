package jury

import (
	"math/rand/v2"
	"slices"

	"laurel/internal/account"
	"laurel/internal/entry"
)

// A Pair is one entry given to one juror.
type Pair struct {
	Entry entry.ID
	Juror account.ID
}

// A Draft is what an assignment is made from.
type Draft struct {
	Entries []entry.ID
	Jurors  []account.ID
	Apart   map[Pair]bool // conflicts: never given
	Fixed   map[Pair]bool // scored already: never taken away
	Given   map[Pair]bool // given and not scored: stays where it can
	Reviews int           // jurors wanted for each entry
	Seed    uint64        // decides between equals
}

// Everyone gives every entry to every juror without a conflict.
func (d Draft) Everyone() map[Pair]bool {
	plan := make(map[Pair]bool, len(d.Entries)*len(d.Jurors))
	for _, e := range d.Entries {
		for _, j := range d.Jurors {
			if p := (Pair{e, j}); !d.Apart[p] {
				plan[p] = true
			}
		}
	}
	d.keepFixed(plan)
	return plan
}

// Spread gives every entry to as many jurors as wanted, or to all that may judge
// it when they are fewer, and loads as even as the conflicts and what is fixed
// allow. The same draft gives the same plan.
//
// Each entry is filled with the jurors who have least; then films move from
// longer to shorter lists, along chains of jurors where they cannot move
// directly. As the cost of a load is convex, no such chain left means that no
// fairer plan exists.
func (d Draft) Spread() map[Pair]bool {
	s := newSpreader(d)
	for _, e := range s.order() {
		s.trim(e)
		s.fill(e)
	}
	for s.level() {
	}
	plan := make(map[Pair]bool)
	for e := range d.Entries {
		for j := range d.Jurors {
			if s.has[e][j] {
				plan[Pair{d.Entries[e], d.Jurors[j]}] = true
			}
		}
	}
	d.keepFixed(plan)
	return plan
}

// keepFixed adds what was scored by jurors or on entries that are not in the
// draft any more.
func (d Draft) keepFixed(plan map[Pair]bool) {
	for p := range d.Fixed {
		plan[p] = true
	}
}

// A spreader works on places in the draft's lists instead of ids.
type spreader struct {
	d     Draft
	has   [][]bool // entry, juror: in the plan
	may   [][]bool // entry, juror: no conflict
	fixed [][]bool // entry, juror: scored already
	load  []int    // films by juror
	tie   []int    // jurors in an order of chance
	lot   *rand.Rand
}

func newSpreader(d Draft) *spreader {
	s := &spreader{d: d, load: make([]int, len(d.Jurors)), lot: rand.New(rand.NewPCG(d.Seed, uint64(len(d.Entries))))}
	s.has, s.may, s.fixed = grid(d), grid(d), grid(d)
	s.tie = s.lot.Perm(len(d.Jurors))
	for e, film := range d.Entries {
		for j, juror := range d.Jurors {
			p := Pair{film, juror}
			s.fixed[e][j] = d.Fixed[p]
			s.may[e][j] = !d.Apart[p]
			if s.fixed[e][j] || d.Given[p] && s.may[e][j] {
				s.put(e, j)
			}
		}
	}
	return s
}

func grid(d Draft) [][]bool {
	g := make([][]bool, len(d.Entries))
	for e := range g {
		g[e] = make([]bool, len(d.Jurors))
	}
	return g
}

func (s *spreader) put(e, j int)  { s.has[e][j] = true; s.load[j]++ }
func (s *spreader) take(e, j int) { s.has[e][j] = false; s.load[j]-- }

// order lists the entries with the fewest possible jurors first, equals by
// chance: who has little choice chooses first.
func (s *spreader) order() []int {
	order := s.lot.Perm(len(s.d.Entries))
	choices := make([]int, len(order))
	for e := range choices {
		for j := range s.may[e] {
			if s.may[e][j] {
				choices[e]++
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return choices[a] - choices[b] })
	return order
}

// trim takes the entry from the jurors with the longest lists while it has more
// than wanted and is not scored by them.
func (s *spreader) trim(e int) {
	for s.count(e) > s.d.Reviews {
		worst := -1
		for _, j := range s.tie {
			if s.has[e][j] && !s.fixed[e][j] && (worst < 0 || s.load[j] > s.load[worst]) {
				worst = j
			}
		}
		if worst < 0 {
			return
		}
		s.take(e, worst)
	}
}

// fill gives the entry to the jurors with the shortest lists until it has as
// many as wanted.
func (s *spreader) fill(e int) {
	for s.count(e) < s.d.Reviews {
		best := -1
		for _, j := range s.tie {
			if !s.has[e][j] && s.may[e][j] && (best < 0 || s.load[j] < s.load[best]) {
				best = j
			}
		}
		if best < 0 {
			return
		}
		s.put(e, best)
	}
}

func (s *spreader) count(e int) int {
	n := 0
	for _, has := range s.has[e] {
		if has {
			n++
		}
	}
	return n
}

// level makes one list shorter by one and a list that is shorter by two or more
// longer by one. It is false when that is not possible.
func (s *spreader) level() bool {
	from := slices.Clone(s.tie)
	slices.SortStableFunc(from, func(a, b int) int { return s.load[b] - s.load[a] })
	least := slices.Min(append([]int{1 << 30}, s.load...))
	for _, j := range from {
		if s.load[j] < least+2 {
			return false
		}
		if s.moveFrom(j) {
			return true
		}
	}
	return false
}

// A step is how a search came to a juror: by giving them an entry of another.
type step struct{ entry, from int }

// moveFrom looks, breadth first, for the shortest chain of moves from a juror to
// one whose list is shorter by two or more, and makes the moves.
func (s *spreader) moveFrom(start int) bool {
	came := map[int]step{start: {-1, -1}}
	for queue := []int{start}; len(queue) > 0; queue = queue[1:] {
		here := queue[0]
		if s.load[here] <= s.load[start]-2 {
			s.follow(came, here)
			return true
		}
		for _, next := range s.tie {
			if _, seen := came[next]; seen {
				continue
			}
			if e := s.movable(here, next); e >= 0 {
				came[next] = step{e, here}
				queue = append(queue, next)
			}
		}
	}
	return false
}

// movable is an entry that one juror can hand to another, or -1.
func (s *spreader) movable(from, to int) int {
	for e := range s.has {
		if s.has[e][from] && !s.fixed[e][from] && !s.has[e][to] && s.may[e][to] {
			return e
		}
	}
	return -1
}

// follow makes the moves that led to a juror. Two moves of a chain never take
// the same entry from the same juror, as no juror stands in it twice; when they
// take the same entry from two jurors, the moves are made from the end.
func (s *spreader) follow(came map[int]step, end int) {
	for to := end; came[to].from >= 0; to = came[to].from {
		s.take(came[to].entry, came[to].from)
		s.put(came[to].entry, to)
	}
}

// shuffled is the entries in an order of a juror's own, so that no film comes
// last for everybody.
func shuffled(films []entry.ID, who account.ID, seed uint64) []entry.ID {
	films = slices.Clone(films)
	slices.Sort(films)
	lot := rand.New(rand.NewPCG(seed, uint64(who)))
	lot.Shuffle(len(films), func(i, k int) { films[i], films[k] = films[k], films[i] })
	return films
}
