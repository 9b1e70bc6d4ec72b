package assign

import (
	"cmp"
	"slices"
)

// A frame is a problem put in order: pairs by entry and juror, groups as a
// forest, and what is fixed set apart from what is free.
type frame struct {
	p     Problem
	links []link
	// bars are the reasons, in the order of links.
	bars []Bar
	// first is by entry: where its links begin; one more at the end.
	first []int32
	cells []cell
	// wants is by entry what is wanted beyond what is done; most and least are by
	// juror what may and must be taken beyond it.
	wants, most, least []int32
	// doneBy is by juror how many entries are done.
	doneBy []int32
}

// A link is a pair that is possible or done.
type link struct {
	entry, juror int32
	// cell is the innermost group of the entry that holds the juror, -1: none.
	cell int32
	cost int64
	// old: given before. done: stays. free: may be given or not.
	listed, old, done, free bool
}

// A cell is a group, or the weak pairs of an entry, within the forest.
type cell struct {
	entry  int32
	parent int32 // the next larger cell, -1: none
	weak   bool
	jurors []int
	// least and most are the bounds beyond done, which counts what is done.
	least, most, done int32
	// size counts free links.
	size int32
}

// arrange checks a problem and puts it in order. With weak, weak pairs are a
// group of every entry.
func arrange(p Problem, weak bool) (*frame, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	f := &frame{p: p}
	if err := f.link(); err != nil {
		return nil, err
	}
	if err := f.group(weak && p.WeakFrom > 0); err != nil {
		return nil, err
	}
	f.bound()
	f.release()
	return f, nil
}

// link lists the pairs with what is known of each.
func (f *frame) link() error {
	f.links = make([]link, len(f.p.Pairs), len(f.p.Pairs)+len(f.p.Done))
	for i, p := range f.p.Pairs {
		f.links[i] = link{entry: int32(p.Entry), juror: int32(p.Juror), cell: -1, cost: p.Cost, listed: true}
	}
	if err := f.sort(); err != nil {
		return err
	}
	f.bars = slices.Clone(f.p.Barred)
	slices.SortStableFunc(f.bars, func(a, b Bar) int {
		return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Juror, b.Juror))
	})
	for _, b := range f.bars {
		if l := f.find(b.Entry, b.Juror); l != nil {
			l.listed = false
		}
	}
	if err := f.finish(); err != nil {
		return err
	}
	for _, b := range f.p.Before {
		if l := f.find(b.Entry, b.Juror); l != nil {
			l.old = true
		}
	}
	return nil
}

// finish marks what is done, possible or not.
func (f *frame) finish() error {
	var more []link
	seen := make(map[Place]bool, len(f.p.Done))
	for i, d := range f.p.Done {
		if seen[d] {
			return badAt("Done", i, "entry %d was done twice by juror %d", d.Entry, d.Juror)
		}
		seen[d] = true
		if l := f.find(d.Entry, d.Juror); l != nil {
			l.done = true
		} else {
			more = append(more, link{entry: int32(d.Entry), juror: int32(d.Juror), cell: -1, done: true})
		}
	}
	f.links = append(f.links, more...)
	return f.sort()
}

// sort puts the links in order, and finds out where each entry's begin.
func (f *frame) sort() error {
	order := func(a, b link) int {
		return cmp.Or(cmp.Compare(a.entry, b.entry), cmp.Compare(a.juror, b.juror))
	}
	if !slices.IsSortedFunc(f.links, order) {
		slices.SortFunc(f.links, order)
	}
	f.first = make([]int32, len(f.p.Entries)+1)
	for i, l := range f.links {
		if i > 0 && order(f.links[i-1], l) == 0 {
			return badAt("Pairs", -1, "entry %d and juror %d are a pair twice", l.entry, l.juror)
		}
		f.first[l.entry+1] = int32(i + 1)
	}
	for e := range f.p.Entries {
		f.first[e+1] = max(f.first[e+1], f.first[e])
	}
	return nil
}

// of is the links of an entry.
func (f *frame) of(entry int) []link { return f.links[f.first[entry]:f.first[entry+1]] }

// place is where the link of a pair stands, -1 if there is none.
func (f *frame) place(entry, juror int) int {
	if !f.p.has(entry, juror) {
		return -1
	}
	i, ok := slices.BinarySearchFunc(f.of(entry), juror, func(l link, j int) int { return cmp.Compare(int(l.juror), j) })
	if !ok {
		return -1
	}
	return int(f.first[entry]) + i
}

// find is the link of a pair, nil if there is none.
func (f *frame) find(entry, juror int) *link {
	if i := f.place(entry, juror); i >= 0 {
		return &f.links[i]
	}
	return nil
}

// bound works out what is left to want, to take and to fill beyond what is done.
func (f *frame) bound() {
	f.wants = make([]int32, len(f.p.Entries))
	f.most, f.least, f.doneBy = make([]int32, len(f.p.Jurors)), make([]int32, len(f.p.Jurors)), make([]int32, len(f.p.Jurors))
	for e, x := range f.p.Entries {
		f.wants[e] = int32(x.Want)
	}
	for i := range f.links {
		l := &f.links[i]
		if !l.done {
			continue
		}
		f.doneBy[l.juror]++
		f.wants[l.entry] = max(0, f.wants[l.entry]-1)
		for c := l.cell; c >= 0; c = f.cells[c].parent {
			f.cells[c].done++
		}
	}
	for j, x := range f.p.Jurors {
		f.most[j], f.least[j] = max(0, int32(x.Max)-f.doneBy[j]), max(0, int32(x.Min)-f.doneBy[j])
	}
	for i := range f.cells {
		c := &f.cells[i]
		c.least, c.most = max(0, c.least-c.done), max(0, c.most-c.done)
	}
}

// release frees the links that may be given.
func (f *frame) release() {
	for i := range f.links {
		l := &f.links[i]
		l.free = l.listed && !l.done && f.wants[l.entry] > 0 && f.most[l.juror] > 0
		for c := l.cell; c >= 0; c = f.cells[c].parent {
			l.free = l.free && f.cells[c].most > 0
		}
		if !l.free {
			continue
		}
		for c := l.cell; c >= 0; c = f.cells[c].parent {
			f.cells[c].size++
		}
	}
}

// loadCost is what the t-th entry of a juror costs, t from 1.
func (f *frame) loadCost(juror, t int) int64 {
	most := int64(f.p.Jurors[juror].Max)
	if most == 0 {
		return 0
	}
	return f.p.LoadLambda * (2*int64(t) - 1) / (2 * most)
}

// lot is the seeded lot of a pair: the finaliser of splitmix64 (Steele, Lea and
// Flood 2014) over seed, entry and juror, in 40 bits. With so wide a range two
// divisions have the same sum once in many thousand problems at most (isolation
// lemma, Mulmuley, Vazirani and Vazirani 1987).
func lot(seed uint64, entry, juror int32) int64 {
	h := mix(mix(mix(seed)+uint64(entry)) + uint64(juror))
	return int64(h >> 24)
}

// mix is one step of splitmix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
