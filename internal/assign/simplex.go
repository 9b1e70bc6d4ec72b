package assign

import "math"

// A simplex is a minimum-cost flow with its basis: a spanning tree from node 0.
// Every other arc is empty or full. The method is the primal network simplex
// (Dantzig 1951) with strongly feasible trees, which cannot cycle (Cunningham
// 1976), and with the entering arc taken as the best of a block (Grigoriadis
// 1986; the tree is kept as in Ahuja, Magnanti and Orlin 1993, chapter 11).
//
// There are far fewer jurors than entries, and most entries are leaves of the
// tree, so that a step touches little.
type simplex struct {
	arcs []arc
	// room and flow are by arc, in viewings.
	room, flow []int32
	// state is by arc: 1 empty, -1 full, 0 in the tree or fixed where it is.
	state []int8
	// free are the arcs that may enter the tree.
	free []int32
	// next is where in free the search for an entering arc goes on.
	next int
	// price is by node; the reduced cost of an arc is its cost, plus the price
	// where it begins, less the price where it ends.
	price []int64
	tree
}

// An arc goes from a node to another; its cost is that of the present level.
type arc struct {
	cost     int64
	from, to int32
}

// newSimplex is a flow network of so many nodes, without arcs.
func newSimplex(nodes int) simplex {
	return simplex{price: make([]int64, nodes), tree: newTree(nodes)}
}

// join adds an arc that carries some flow, empty or full if it is not hung into
// the tree, and returns its number.
func (s *simplex) join(from, to, room, flow int32) int32 {
	state := int8(1)
	if flow > 0 {
		state = -1
	}
	s.arcs = append(s.arcs, arc{from: from, to: to})
	s.room = append(s.room, room)
	s.flow = append(s.flow, flow)
	s.state = append(s.state, state)
	return int32(len(s.arcs) - 1)
}

// root hangs a node under another by an arc between them. The arc must have
// room towards node 0: that is what makes a tree strongly feasible.
func (s *simplex) root(node, above, by int32) {
	s.hang(node, above, by, s.arcs[by].from == node)
	s.state[by] = 0
}

// minimise brings the flow to the least cost, by what is free.
func (s *simplex) minimise() {
	s.reprice()
	block := max(16, int(math.Sqrt(float64(len(s.free))))/4) // measured: four times as much takes twice as long
	for in := s.entering(block); in >= 0; in = s.entering(block) {
		s.pivot(in)
	}
}

// reprice sets the prices by which all arcs of the tree have reduced cost 0.
func (s *simplex) reprice() {
	for n := s.child[0]; n >= 0; n = s.after(n, 0) {
		s.price[n] = s.priceUnder(n)
	}
}

// priceUnder is the price of a node that agrees with the one above it.
func (s *simplex) priceUnder(n int32) int64 {
	c := s.arcs[s.by[n]].cost
	if s.up[n] {
		c = -c
	}
	return s.price[s.above[n]] + c
}

// reduced is the reduced cost of an arc.
func (s *simplex) reduced(a int32) int64 {
	x := &s.arcs[a]
	return x.cost + s.price[x.from] - s.price[x.to]
}

// entering is the arc of the next block that gains most, -1 if none gains.
func (s *simplex) entering(block int) int32 {
	best, gain, left := int32(-1), int64(0), block
	for range s.free {
		if s.next >= len(s.free) {
			s.next = 0
		}
		a := s.free[s.next]
		s.next++
		if g := int64(s.state[a]) * s.reduced(a); g < gain {
			best, gain = a, g
		}
		if left--; left == 0 {
			if best >= 0 {
				return best
			}
			left = block
		}
	}
	return best
}

// pivot sends what it can round the cycle that an arc closes with the tree, and
// exchanges it for an arc that stops it there.
func (s *simplex) pivot(in int32) {
	first, second := s.arcs[in].from, s.arcs[in].to
	if s.state[in] < 0 {
		first, second = second, first
	}
	top := s.meet(first, second)
	out, amount := int32(-1), s.room[in]
	under, over := first, second
	for n := first; n != top; n = s.above[n] {
		if r := s.roomDown(n); r < amount {
			out, amount = n, r
		}
	}
	for n := second; n != top; n = s.above[n] {
		if r := s.roomUp(n); r <= amount {
			out, amount, under, over = n, r, second, first
		}
	}
	s.push(in, first, second, top, amount)
	if out < 0 {
		s.state[in] = -s.state[in]
		return
	}
	s.exchange(in, out, under, over)
}

// roomUp is how much more can go from a node to the one above it.
func (s *simplex) roomUp(n int32) int32 {
	if s.up[n] {
		return s.room[s.by[n]] - s.flow[s.by[n]]
	}
	return s.flow[s.by[n]]
}

// roomDown is how much more can go to a node from the one above it.
func (s *simplex) roomDown(n int32) int32 {
	return s.room[s.by[n]] - s.roomUp(n)
}

// push sends an amount along the entering arc from first to second, and back
// through the tree by way of top.
func (s *simplex) push(in, first, second, top, amount int32) {
	if amount == 0 {
		return
	}
	s.flow[in] += amount * int32(s.state[in])
	for n := first; n != top; n = s.above[n] {
		s.send(n, -amount)
	}
	for n := second; n != top; n = s.above[n] {
		s.send(n, amount)
	}
}

// send moves an amount from a node to the one above it.
func (s *simplex) send(n, amount int32) {
	if !s.up[n] {
		amount = -amount
	}
	s.flow[s.by[n]] += amount
}

// exchange takes the arc above the node out from the tree, and hangs what it
// held under the entering arc: from the node under to the node over.
func (s *simplex) exchange(in, out, under, over int32) {
	leaving := s.by[out]
	s.state[leaving] = 1
	if s.flow[leaving] > 0 {
		s.state[leaving] = -1
	}
	s.state[in] = 0
	s.turn(under, out)
	s.hang(under, over, in, s.arcs[in].from == under)
	shift := s.priceUnder(under) - s.price[under]
	for n := under; n >= 0; n = s.after(n, under) {
		s.price[n] += shift
		s.depth[n] = s.depth[s.above[n]] + 1
	}
}

// freeze keeps the flow among those that cost as little as this one: an arc with
// a reduced cost stays as it is from now on. Where all arcs in the tree have
// reduced cost 0, every flow of the same cost agrees with it there.
func (s *simplex) freeze() {
	kept := s.free[:0]
	for _, a := range s.free {
		if s.state[a] == 0 || s.reduced(a) == 0 {
			kept = append(kept, a)
			continue
		}
		s.state[a] = 0
	}
	s.free = kept
}
