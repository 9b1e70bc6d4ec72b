package tally

import (
	"cmp"
	"math"
	"slices"
)

// Ranking is how a list is drawn up.
type Ranking struct {
	Seed  uint64 // of the draws; store it with the result
	Draws int    // 0 is 2,000
	// Groups parts the entries into lists of their own, a number from 0 for each
	// entry, −1 for entries that stand in none; nil is one list of all. Where no
	// juror links parts of a list, ranks stay within each part.
	Groups []int
	// Places are how many of each group (of each unlinked part of it) will be
	// selected, by group; nil: the chance to be selected is not asked for.
	Places []int
}

// defaultDraws are enough for a probability to within about one in a hundred.
const defaultDraws = 2000

// A Standing is where an entry stands in its list.
type Standing struct {
	Group    int     // as asked for; −1 unranked
	Part     int     // of the reviews that jurors link, from 0; −1 without reviews
	Rank     int     // from 1; entries that tie share it and the next are skipped; 0 unranked
	Tied     bool    // another entry has the same rank
	Known    bool    // false: nothing tells how certain the rank is; what follows is then 0
	Low      int     // 95 % interval of the rank, the better end
	High     int     // the worse end
	Expected float64 // the mean rank over the draws (Laird and Louis 1989)
	Selected float64 // P(among the first places), 0 to 1; 0 when Places is nil
	Discuss  bool    // the tie band: P(selected) strictly between 5 and 95 %, to be discussed and not ordered by decimals
}

// A BadRanking says what is wrong with the way a list was asked for.
type BadRanking struct{ What string }

func (e *BadRanking) Error() string { return "ranking: " + e.What }

// Rank draws up lists: by the chance to be selected, in whole per cents, where
// places are given, then by the calibrated value. (Draws know a chance to about
// one in a hundred: finer than that their luck would order the list, far from
// the line most of all.) Values that agree to 1e-9 share a rank. Intervals of
// ranks (Goldstein and Spiegelhalter 1996) and chances (Lin, Louis, Paddock and
// Ridgeway 2006) come from joint draws; the same seed gives the same figures
// whatever the machine does besides. Standings are in the order of the entries.
// The error is a *BadRanking.
func (m *Model) Rank(r Ranking) ([]Standing, error) {
	if r.Draws == 0 {
		r.Draws = defaultDraws
	}
	if err := r.check(len(m.Entries)); err != nil {
		return nil, err
	}
	standings := make([]Standing, len(m.Entries))
	lists := m.lists(r, standings)
	if m.Basis != Nothing {
		m.simulate(r, lists, standings)
	}
	for _, l := range lists {
		m.place(l.entries, standings)
	}
	return standings, nil
}

func (r Ranking) check(entries int) error {
	if r.Draws < 1 || r.Draws > 1_000_000 {
		return &BadRanking{"draws are from 1 to 1,000,000"}
	}
	if r.Groups != nil && len(r.Groups) != entries {
		return &BadRanking{"groups and entries differ in number"}
	}
	if r.Groups == nil && r.Places != nil && len(r.Places) != 1 {
		return &BadRanking{"one list has one number of places"}
	}
	for _, g := range r.Groups {
		if g < -1 || r.Places != nil && g >= len(r.Places) {
			return &BadRanking{"an entry's group has no number of places"}
		}
	}
	for _, n := range r.Places {
		if n < 0 {
			return &BadRanking{"places are zero or more"}
		}
	}
	return nil
}

// A list is entries that are ranked together.
type list struct {
	entries []int // in the order of the table's numbers
	places  int   // −1: not asked for
}

// lists parts the reviewed entries by group and by what jurors link.
func (m *Model) lists(r Ranking, standings []Standing) (lists []list) {
	at := map[[2]int]int{}
	for e := range m.Entries {
		group := 0
		if r.Groups != nil {
			group = r.Groups[e]
		}
		standings[e] = Standing{Group: group, Part: m.parts[e]}
		if group < 0 || m.parts[e] < 0 {
			standings[e].Group = -1
			continue
		}
		key := [2]int{group, m.parts[e]}
		i, ok := at[key]
		if !ok {
			i = len(lists)
			at[key] = i
			lists = append(lists, list{places: -1})
			if r.Places != nil {
				lists[i].places = r.Places[group]
			}
		}
		lists[i].entries = append(lists[i].entries, e)
	}
	return lists
}

// simulate fills in what the draws tell.
func (m *Model) simulate(r Ranking, lists []list, standings []Standing) {
	var entries []int
	for _, l := range lists {
		entries = append(entries, l.entries...)
	}
	n := len(entries)
	ranks := make([]int32, n*r.Draws) // by draw, then in the order of entries
	s := m.sampler(entries)
	concurrently((r.Draws+drawsAtOnce-1)/drawsAtOnce, func(number int) {
		first := number * drawsAtOnce
		o := newOrderer(n, m.Components.Entry > 0)
		s.stream(r.Seed, number, min(drawsAtOnce, r.Draws-first), func(draw int, worth, lot []float64) {
			o.rank(lists, worth, lot, ranks[(first+draw)*n:][:n])
		})
	})
	places := make([]int, 0, n)
	for _, l := range lists {
		for range l.entries {
			places = append(places, l.places)
		}
	}
	concurrently((n+chunk-1)/chunk, func(number int) {
		own, counts := make([]int32, r.Draws), make([]int32, n+1)
		for i := number * chunk; i < min(n, (number+1)*chunk); i++ {
			for draw := range own {
				own[draw] = ranks[draw*n+i]
			}
			standings[entries[i]].tell(own, counts, places[i])
		}
	})
}

// place orders a list. Entries whose value and uncertainty agree are told apart
// by nothing but chance, so they share their chances too.
func (m *Model) place(entries []int, standings []Standing) {
	order := slices.Clone(entries)
	slices.SortFunc(order, func(e, f int) int {
		return cmp.Or(cmp.Compare(m.Entries[f].Calibrated, m.Entries[e].Calibrated), cmp.Compare(m.Entries[f].SE, m.Entries[e].SE))
	})
	var blocks [][]int
	for i, e := range order {
		if i > 0 && sameWorth(m.Entries[order[i-1]].Calibrated, m.Entries[e].Calibrated) {
			blocks[len(blocks)-1] = append(blocks[len(blocks)-1], e)
			continue
		}
		blocks = append(blocks, []int{e})
	}
	for _, b := range blocks {
		m.level(b, standings)
	}
	slices.SortStableFunc(blocks, func(a, b []int) int {
		return cmp.Compare(perCent(selected(b, standings)), perCent(selected(a, standings)))
	})
	rank := 1
	for _, b := range blocks {
		for _, e := range b {
			standings[e].Rank, standings[e].Tied = rank, len(b) > 1
			standings[e].Discuss = standings[e].Selected > 0.05 && standings[e].Selected < 0.95
		}
		rank += len(b)
	}
}

// sameWorth says whether values agree to 1e-9, or to what their size allows.
func sameWorth(a, b float64) bool {
	return Same(a, b) || math.Abs(a-b) <= 1e-13*math.Abs(a)
}

func selected(block []int, standings []Standing) (mean float64) {
	for _, e := range block {
		mean += standings[e].Selected / float64(len(block))
	}
	return mean
}

// perCent is a chance as people read it.
func perCent(p float64) int { return int(math.Round(100 * p)) }

// level gives those of a block that are equally uncertain the same chances.
func (m *Model) level(block []int, standings []Standing) {
	slices.SortFunc(block, func(e, f int) int { return cmp.Compare(m.Entries[e].SE, m.Entries[f].SE) })
	for len(block) > 1 {
		n := 1
		for n < len(block) && sameWorth(m.Entries[block[0]].SE, m.Entries[block[n]].SE) {
			n++
		}
		mean := selected(block[:n], standings)
		var low, high, expected float64
		for _, e := range block[:n] {
			low += float64(standings[e].Low) / float64(n)
			high += float64(standings[e].High) / float64(n)
			expected += standings[e].Expected / float64(n)
		}
		for _, e := range block[:n] {
			s := &standings[e]
			s.Selected, s.Expected, s.Low, s.High = mean, expected, int(math.Round(low)), int(math.Round(high))
		}
		block = block[n:]
	}
}
