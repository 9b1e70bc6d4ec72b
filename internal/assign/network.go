package assign

// A network is a frame as a flow: from every entry what it wants, through its
// groups and its pairs to jurors, and through their loads to node 0; what is
// missing goes there directly. Entries are nodes from 1, then jurors, then
// groups.
type network struct {
	simplex
	f *frame
	// linkOf is by arc for the first arcs, which are the pairs.
	linkOf []int32
	// units are the other arcs, in order after the pairs.
	units []unit
}

// A unit is an arc that stands for the n-th viewing of its kind. An arc of more
// than one viewing has the same cost for all.
type unit struct {
	kind unitKind
	of   int32 // the entry, juror or group
	n    int32
}

type unitKind uint8

const (
	missing unitKind = iota // the n-th viewing that an entry misses
	load                    // the n-th entry of a juror
	must                    // what a juror falls short of the smallest load
	quota                   // a juror of a group, up to its smallest number
	extra                   // a juror of a group, beyond it
	feeble                  // the n-th weak pair
)

// newNetwork makes the flow in which everything free is missing.
func newNetwork(f *frame) *network {
	n := &network{f: f, simplex: newSimplex(1 + len(f.p.Entries) + len(f.p.Jurors) + len(f.cells))}
	inEntry, inJuror := make([]int32, len(f.p.Entries)), make([]int32, len(f.p.Jurors))
	leaf := make([]int32, len(f.cells))
	for i, l := range f.links {
		if !l.free {
			continue
		}
		from := n.entry(l.entry)
		if l.cell >= 0 {
			from = n.cell(l.cell)
			leaf[l.cell] = int32(len(n.arcs)) + 1
		}
		n.join(from, n.juror(l.juror), 1, 0)
		n.linkOf = append(n.linkOf, int32(i))
		inEntry[l.entry]++
		inJuror[l.juror]++
	}
	for e, pairs := range inEntry {
		n.addEntry(int32(e), pairs)
	}
	for j, pairs := range inJuror {
		n.addJuror(int32(j), pairs)
	}
	n.addCells(leaf)
	for a := range n.arcs {
		n.free = append(n.free, int32(a))
	}
	return n
}

func (n *network) entry(e int32) int32 { return 1 + e }
func (n *network) juror(j int32) int32 { return 1 + int32(len(n.f.p.Entries)) + j }
func (n *network) cell(c int32) int32 {
	return 1 + int32(len(n.f.p.Entries)) + int32(len(n.f.p.Jurors)) + c
}

// add joins an arc that is no pair.
func (n *network) add(u unit, from, to, room, flow int32) int32 {
	n.units = append(n.units, u)
	return n.join(from, to, room, flow)
}

// addEntry adds what an entry may miss. What it wants beyond its pairs is
// missing in any case; one such viewing is in the network, for its price.
func (n *network) addEntry(e, pairs int32) {
	wants := n.f.wants[e]
	if wants == 0 {
		return
	}
	sure := max(0, wants-pairs-1)
	last := int32(-1)
	for s := sure + 1; s <= wants; s++ {
		room := int32(1)
		if s == wants {
			room = 2 // never used up, so that the tree may hang by it
		}
		last = n.add(unit{kind: missing, of: e, n: s}, n.entry(e), 0, room, 1)
	}
	n.root(n.entry(e), 0, last)
}

// addJuror adds what a juror must and may take.
func (n *network) addJuror(j, pairs int32) {
	least := n.f.least[j]
	if least > 0 {
		n.root(n.juror(j), 0, n.add(unit{kind: must, of: j}, 0, n.juror(j), least, least))
	}
	from, to := n.f.doneBy[j]+least, n.f.doneBy[j]+min(n.f.most[j], pairs+1)
	for t := from + 1; t <= to; {
		end := t
		for end < to && n.f.loadCost(int(j), int(end)+1) == n.f.loadCost(int(j), int(t)) {
			end++
		}
		a := n.add(unit{kind: load, of: j, n: t}, n.juror(j), 0, end-t+1, 0)
		if least == 0 && t == from+1 {
			n.root(n.juror(j), 0, a)
		}
		t = end + 1
	}
}

// addCells adds the groups, and hangs each under one of its jurors or under a
// smaller group. leaf is, by group, one more than an arc to a juror of its own.
func (n *network) addCells(leaf []int32) {
	below := make([]int32, len(n.f.cells))
	for c, x := range n.f.cells {
		if x.size == 0 {
			continue
		}
		from := n.entry(x.entry)
		if x.parent >= 0 {
			from = n.cell(x.parent)
		}
		first := int32(len(n.arcs))
		n.addCell(int32(c), from)
		if x.parent >= 0 {
			below[x.parent] = first + 1
		}
	}
	for c := range n.f.cells {
		if a := leaf[c]; a > 0 {
			n.hangCell(int32(c), a-1)
		}
	}
	for more := true; more; {
		more = false
		for c, a := range below {
			if a > 0 && n.above[n.cell(int32(c))] < 0 && n.above[n.arcs[a-1].to] >= 0 {
				n.hangCell(int32(c), a-1)
				more = true
			}
		}
	}
}

// hangCell hangs a group by an empty arc of its own.
func (n *network) hangCell(c, by int32) {
	n.root(n.cell(c), n.arcs[by].to, by)
}

// addCell adds the arcs into a group.
func (n *network) addCell(c, from int32) {
	x := n.f.cells[c]
	most := min(x.most, x.size)
	if x.weak {
		for s := x.done + 1; s <= x.done+most; s++ {
			n.add(unit{kind: feeble, of: c, n: s}, from, n.cell(c), 1, 0)
		}
		return
	}
	least := min(x.least, most)
	if least > 0 {
		n.add(unit{kind: quota, of: c}, from, n.cell(c), least, 0)
	}
	if most > least {
		n.add(unit{kind: extra, of: c}, from, n.cell(c), most-least, 0)
	}
}

// weigh sets the costs of all arcs to those of a level.
func (n *network) weigh(aims []Aim) {
	for _, a := range n.free {
		if int(a) < len(n.linkOf) {
			n.arcs[a].cost = n.f.linkCost(&n.f.links[n.linkOf[a]], aims)
		} else {
			n.arcs[a].cost = n.f.unitCost(n.units[int(a)-len(n.linkOf)], aims)
		}
	}
}

// given marks by link what the flow gives.
func (n *network) given() []bool {
	given := make([]bool, len(n.f.links))
	for i := range n.f.links {
		given[i] = n.f.links[i].done
	}
	for a, l := range n.linkOf {
		given[l] = given[l] || n.flow[a] > 0
	}
	return given
}
