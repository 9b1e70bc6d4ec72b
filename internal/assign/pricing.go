package assign

import (
	"cmp"
	"slices"
)

// likely is how many pairs of an entry are tried first.
const likely = 20

// approach brings the flow near the optimum of all levels at once: by one cost in
// which each level outweighs a step of all later ones. The levels then find
// little left to do, where the first alone, with all pairs equal, would take
// steps without end. The cheapest pairs of every entry are tried first, then all:
// few of the others enter (column generation, Ford and Fulkerson 1958). Nothing
// rests on it but time.
func (n *network) approach(levels []Level) {
	n.blend(levels)
	all := n.free
	n.free = n.cheapest()
	n.minimise()
	n.free = all
	n.minimise()
}

// blend adds up the costs of levels, as far as their sums fit, the last first.
func (n *network) blend(levels []Level) {
	sum := make([]int64, len(n.arcs))
	weight := int64(1)
	for _, level := range slices.Backward(levels) {
		n.weigh(level.Aims)
		dearest := int64(0)
		for _, a := range n.free {
			dearest = max(dearest, n.arcs[a].cost, -n.arcs[a].cost)
		}
		if float64(weight)*float64(dearest+1)*float64(len(n.price)) > mostSum {
			break
		}
		for _, a := range n.free {
			sum[a] += weight * n.arcs[a].cost
		}
		weight *= dearest + 1
	}
	for _, a := range n.free {
		n.arcs[a].cost = sum[a]
	}
}

// cheapest are the arcs of the likely pairs, and all that are no pairs.
func (n *network) cheapest() []int32 {
	var few, of []int32
	entry := int32(-1)
	flush := func() {
		slices.SortStableFunc(of, func(a, b int32) int { return cmp.Compare(n.arcs[a].cost, n.arcs[b].cost) })
		few = append(few, of[:min(likely, len(of))]...)
		of = of[:0]
	}
	for _, a := range n.free {
		if int(a) >= len(n.linkOf) {
			flush()
			few = append(few, a)
			continue
		}
		if e := n.f.links[n.linkOf[a]].entry; e != entry {
			flush()
			entry = e
		}
		of = append(of, a)
	}
	flush()
	return few
}
