package assign_test

import (
	"math/bits"
	"math/rand/v2"
	"slices"

	"laurel/internal/assign"
)

// A choice is what one entry could be given: a set of jurors, with what it adds
// to every level.
type choice struct {
	jurors uint
	values []int64
}

// An oracle knows a small problem by enumeration and by dynamic programming over
// the loads of all jurors; it knows nothing of flows.
type oracle struct {
	p     assign.Problem
	order [][]assign.Aim
	best  []int64 // by level, ties included; nil if nothing is possible
}

// loads are those of up to 8 jurors.
type loads [8]int8

// dynamic finds the best values of all levels.
func dynamic(p assign.Problem, order [][]assign.Aim) oracle {
	o := oracle{p: p, order: append(slices.Clone(order), []assign.Aim{assign.Ties})}
	states := map[loads][]int64{{}: make([]int64, len(o.order))}
	for e := range p.Entries {
		next := map[loads][]int64{}
		choices := o.choices(e)
		for at, values := range states {
			for _, c := range choices {
				to, sum := at, add(values, c.values)
				for j := range p.Jurors {
					to[j] += int8(c.jurors >> j & 1)
				}
				if old, ok := next[to]; !ok || slices.Compare(sum, old) < 0 {
					next[to] = sum
				}
			}
		}
		states = next
	}
	for at, values := range states {
		if !o.bearable(at) {
			continue
		}
		if sum := add(values, o.burden(at)); o.best == nil || slices.Compare(sum, o.best) < 0 {
			o.best = sum
		}
	}
	return o
}

// enumerate finds the best values among divisions that a test accepts, by going
// through all of them.
func enumerate(p assign.Problem, order [][]assign.Aim, accept func(given [][]int) bool) oracle {
	o := oracle{p: p, order: append(slices.Clone(order), []assign.Aim{assign.Ties})}
	given := make([][]int, len(p.Entries))
	var walk func(e int, at loads, values []int64)
	walk = func(e int, at loads, values []int64) {
		if e == len(p.Entries) {
			if sum := add(values, o.burden(at)); o.bearable(at) && (o.best == nil || slices.Compare(sum, o.best) < 0) && accept(given) {
				o.best = sum
			}
			return
		}
		for _, c := range o.choices(e) {
			to := at
			given[e] = nil
			for j := range p.Jurors {
				if c.jurors>>j&1 == 1 {
					given[e] = append(given[e], j)
					to[j]++
				}
			}
			walk(e+1, to, add(values, c.values))
		}
	}
	walk(0, loads{}, make([]int64, len(o.order)))
	return o
}

// add adds lists of the same length.
func add(a, b []int64) []int64 {
	sum := slices.Clone(a)
	for i := range b {
		sum[i] += b[i]
	}
	return sum
}

// choices are all that an entry could be given.
func (o oracle) choices(e int) []choice {
	var possible, done uint
	for _, x := range o.p.Pairs {
		if x.Entry == e {
			possible |= 1 << x.Juror
		}
	}
	for _, x := range o.p.Barred {
		if x.Entry == e {
			possible &^= 1 << x.Juror
		}
	}
	for _, x := range o.p.Done {
		if x.Entry == e {
			done |= 1 << x.Juror
		}
	}
	var choices []choice
	for set := range uint(1) << len(o.p.Jurors) {
		if set&done == done && set&^(possible|done) == 0 && bits.OnesCount(set) <= max(o.p.Entries[e].Want, bits.OnesCount(done)) && o.grouped(e, set, done) {
			choices = append(choices, choice{set, o.values(e, set)})
		}
	}
	return choices
}

// kind is the jurors of a group.
func kind(g assign.Group) uint {
	var set uint
	for _, j := range g.Jurors {
		set |= 1 << j
	}
	return set
}

// grouped says whether no group of an entry has too many jurors.
func (o oracle) grouped(e int, set, done uint) bool {
	for _, g := range o.p.Groups {
		if g.Entry == e && g.Max >= 0 && bits.OnesCount(set&kind(g)) > max(g.Max, bits.OnesCount(done&kind(g))) {
			return false
		}
	}
	return true
}

// values are what a choice adds to every level.
func (o oracle) values(e int, set uint) []int64 {
	short := int64(max(0, o.p.Entries[e].Want-bits.OnesCount(set)))
	spread := func(n int64) int64 { return n * (n + 1) / 2 }
	values := make([]int64, len(o.order))
	var weak int64
	cost := make([]int64, len(o.p.Jurors))
	for _, x := range o.p.Pairs {
		if x.Entry == e && set>>x.Juror&1 == 1 {
			cost[x.Juror] = x.Cost
			if o.p.WeakFrom > 0 && x.Cost >= o.p.WeakFrom {
				weak++
			}
		}
	}
	for i, aims := range o.order {
		for _, aim := range aims {
			switch aim {
			case assign.Missing:
				values[i] += spread(short)
			case assign.Shortage:
				values[i] += spread(short) * o.p.ShortageUnit
			case assign.Weak:
				values[i] += spread(weak)
			case assign.Quotas:
				for _, g := range o.p.Groups {
					if g.Entry == e {
						values[i] += int64(max(0, g.Min-bits.OnesCount(set&kind(g))))
					}
				}
			}
			for j := range o.p.Jurors {
				if set>>j&1 == 1 {
					values[i] += o.pair(e, j, cost[j], aim)
				}
			}
		}
	}
	return values
}

// pair is what a pair adds for an aim.
func (o oracle) pair(e, j int, cost int64, aim assign.Aim) int64 {
	switch {
	case aim == assign.Preference:
		return cost
	case aim == assign.Changes && o.p.Before != nil && !slices.Contains(o.p.Before, assign.Place{Entry: e, Juror: j}):
		return 1
	case aim == assign.Ties:
		g := generator(o.p.Seed)
		g = generator(g.next() + uint64(e))
		g = generator(g.next() + uint64(j))
		return int64(g.next() >> 24)
	}
	return 0
}

// bearable says whether all loads are within their bounds.
func (o oracle) bearable(at loads) bool {
	done := loads{}
	for _, d := range o.p.Done {
		done[d.Juror]++
	}
	for j, x := range o.p.Jurors {
		if int(at[j]) < x.Min || int(at[j]) > max(x.Max, int(done[j])) {
			return false
		}
	}
	return true
}

// burden is what loads add to every level.
func (o oracle) burden(at loads) []int64 {
	values := make([]int64, len(o.order))
	for i, aims := range o.order {
		if !slices.Contains(aims, assign.Load) {
			continue
		}
		for j, x := range o.p.Jurors {
			for t := int64(1); t <= int64(at[j]) && x.Max > 0; t++ {
				values[i] += o.p.LoadLambda * (2*t - 1) / (2 * int64(x.Max))
			}
		}
	}
	return values
}

// draw makes a small problem that may have everything a problem can have.
func draw(r *rand.Rand, entries, jurors int) assign.Problem {
	p := assign.Problem{LoadLambda: int64(r.IntN(3) * r.IntN(20)), ShortageUnit: []int64{0, 3, 20, 1000}[r.IntN(4)], Seed: r.Uint64()}
	for range r.IntN(entries + 1) {
		p.Entries = append(p.Entries, assign.Entry{Want: r.IntN(4)})
	}
	for range r.IntN(jurors + 1) {
		most := r.IntN(5)
		p.Jurors = append(p.Jurors, assign.Juror{Min: min(most, max(0, r.IntN(6)-3)), Max: most})
	}
	density, costs := 1+r.IntN(10), 1+r.IntN(12)
	for e := range p.Entries {
		for j := range p.Jurors {
			if r.IntN(10) <= density {
				p.Pairs = append(p.Pairs, assign.Pair{Entry: e, Juror: j, Cost: int64(r.IntN(costs))})
			}
			if r.IntN(12) == 0 {
				p.Barred = append(p.Barred, assign.Bar{Entry: e, Juror: j, Reason: assign.Conflict})
			}
		}
	}
	r.Shuffle(len(p.Pairs), func(a, b int) { p.Pairs[a], p.Pairs[b] = p.Pairs[b], p.Pairs[a] })
	past(r, &p)
	kinds(r, &p)
	return p
}

// past adds what was given before and what is done.
func past(r *rand.Rand, p *assign.Problem) {
	some := func(of int) []assign.Place {
		var places []assign.Place
		for e := range p.Entries {
			for j := range p.Jurors {
				if r.IntN(of) == 0 {
					places = append(places, assign.Place{Entry: e, Juror: j})
				}
			}
		}
		return places
	}
	if r.IntN(2) == 0 {
		p.Before = some(2)
	}
	if r.IntN(3) == 0 {
		p.Done = some(8)
	}
}

// kinds adds a threshold for weak pairs, or groups: a larger one and one within
// it, or one apart.
func kinds(r *rand.Rand, p *assign.Problem) {
	switch r.IntN(3) {
	case 0:
		p.WeakFrom = int64(r.IntN(8))
	case 1:
		for e := range p.Entries {
			order := r.Perm(len(p.Jurors))
			cut := r.IntN(len(order) + 1)
			for _, jurors := range [][]int{order[:cut], order[:cut/2], order[cut:]} {
				least := r.IntN(3)
				p.Groups = append(p.Groups, assign.Group{Entry: e, Jurors: jurors, Min: least, Max: least - 1 + r.IntN(3)})
			}
		}
		for i := range p.Groups {
			if p.Groups[i].Max < p.Groups[i].Min {
				p.Groups[i].Max = -1
			}
		}
	}
}
