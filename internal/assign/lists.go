package assign

// lists are the neighbours of nodes: those of node n are to[first[n]:first[n+1]].
type lists struct{ first, to []int32 }

// newLists sorts arcs by where they begin, otherwise in their order.
func newLists(nodes int, from, to []int32) lists {
	l := lists{make([]int32, nodes+1), make([]int32, len(to))}
	for _, n := range from {
		l.first[n+1]++
	}
	for n := range nodes {
		l.first[n+1] += l.first[n]
	}
	at := append([]int32(nil), l.first...)
	for i, n := range from {
		l.to[at[n]] = to[i]
		at[n]++
	}
	return l
}

// of is the neighbours of a node.
func (l lists) of(n int32) []int32 { return l.to[l.first[n]:l.first[n+1]] }

// turned has every arc the other way round.
func (l lists) turned() lists {
	from := make([]int32, 0, len(l.to))
	for n := range len(l.first) - 1 {
		for range l.of(int32(n)) {
			from = append(from, int32(n))
		}
	}
	return newLists(len(l.first)-1, l.to, from)
}

// sets are disjoint sets of numbers, each known by its smallest: by number, a
// smaller one of its set, or itself.
type sets []int32

// find is the smallest number of a set.
func (s sets) find(i int32) int32 {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

// join makes one set of two, and says whether they were two.
func (s sets) join(a, b int32) bool {
	a, b = s.find(a), s.find(b)
	s[max(a, b)] = min(a, b)
	return a != b
}
