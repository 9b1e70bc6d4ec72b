package assign

import (
	"cmp"
	"slices"
)

// A graph is jurors and entries, joined by viewings. Jurors are nodes from 0,
// entries follow.
type graph struct {
	// home is by node its component, from 0 in the order of their smallest
	// jurors; -1 for a node without a viewing.
	home []int32
	// components has the jurors of each.
	components [][]int
	// bridges are the viewings whose loss would part a component.
	bridges []Place
}

// newGraph examines a division by depth-first search (Tarjan 1974).
func newGraph(given [][]int, jurors int) graph {
	var from, to []int32
	for e, watched := range given {
		for _, j := range watched {
			from = append(from, int32(jurors+e), int32(j))
			to = append(to, int32(j), int32(jurors+e))
		}
	}
	nodes := jurors + len(given)
	w := walk{next: newLists(nodes, from, to), jurors: int32(jurors), order: make([]int32, nodes), low: make([]int32, nodes)}
	w.home = make([]int32, nodes)
	for n := range w.home {
		w.home[n] = -1
	}
	for j := range int32(jurors) {
		if w.home[j] < 0 && len(w.next.of(j)) > 0 {
			w.components = append(w.components, nil)
			w.visit(j, -1)
		}
	}
	for j := range jurors {
		if c := w.home[j]; c >= 0 {
			w.components[c] = append(w.components[c], j)
		}
	}
	slices.SortFunc(w.bridges, func(a, b Place) int {
		return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Juror, b.Juror))
	})
	return w.graph
}

// A walk visits a graph depth first.
type walk struct {
	graph
	next   lists
	jurors int32
	// order counts the visits from 1; low is the earliest node that can be
	// reached from below a node other than by the way it was visited.
	order, low []int32
	visits     int32
}

// visit goes through what can be reached from a node that was reached from
// another.
func (w *walk) visit(n, from int32) {
	w.visits++
	w.order[n], w.low[n] = w.visits, w.visits
	w.home[n] = int32(len(w.components) - 1)
	for _, v := range w.next.of(n) {
		switch {
		case v == from:
		case w.order[v] > 0:
			w.low[n] = min(w.low[n], w.order[v])
		default:
			w.visit(v, n)
			w.low[n] = min(w.low[n], w.low[v])
			if w.low[v] > w.order[n] {
				w.bridges = append(w.bridges, Place{Entry: int(max(n, v) - w.jurors), Juror: int(min(n, v))})
			}
		}
	}
}
