package assign

// A tree hangs from node 0. All lists are by node.
type tree struct {
	// above is the node above, by the arc to it, up whether that arc goes there.
	above, by []int32
	up        []bool
	depth     []int32
	// child is the first node below, older and younger the next ones beside; -1
	// is none.
	child, older, younger []int32
}

// newTree is a tree of node 0 alone, with so many nodes to be hung.
func newTree(nodes int) tree {
	t := tree{
		above: make([]int32, nodes), by: make([]int32, nodes), up: make([]bool, nodes), depth: make([]int32, nodes),
		child: make([]int32, nodes), older: make([]int32, nodes), younger: make([]int32, nodes),
	}
	for n := range nodes {
		t.above[n], t.by[n], t.child[n], t.older[n], t.younger[n] = -1, -1, -1, -1, -1
	}
	return t
}

// hang puts a node with all below it under another.
func (t *tree) hang(node, above, by int32, up bool) {
	t.above[node], t.by[node], t.up[node] = above, by, up
	t.depth[node] = t.depth[above] + 1
	t.older[node], t.younger[node] = -1, t.child[above]
	if t.younger[node] >= 0 {
		t.older[t.younger[node]] = node
	}
	t.child[above] = node
}

// cut takes a node with all below it off.
func (t *tree) cut(node int32) {
	older, younger := t.older[node], t.younger[node]
	if older >= 0 {
		t.younger[older] = younger
	} else {
		t.child[t.above[node]] = younger
	}
	if younger >= 0 {
		t.older[younger] = older
	}
}

// turn cuts the branch at top off and turns it over, so that the node low of it
// is at its head, yet to be hung.
func (t *tree) turn(low, top int32) {
	node, above, by, up := low, t.above[low], t.by[low], t.up[low]
	t.cut(low)
	for node != top {
		next, nextBy, nextUp := t.above[above], t.by[above], t.up[above]
		t.cut(above)
		t.hang(above, node, by, !up)
		node, above, by, up = above, next, nextBy, nextUp
	}
}

// meet is the lowest node above both, or one of them.
func (t *tree) meet(a, b int32) int32 {
	for a != b {
		if t.depth[a] >= t.depth[b] {
			a = t.above[a]
		} else {
			b = t.above[b]
		}
	}
	return a
}

// after is the next node of the branch under top, each before those below it;
// -1 after the last.
func (t *tree) after(n, top int32) int32 {
	if t.child[n] >= 0 {
		return t.child[n]
	}
	for n != top {
		if t.younger[n] >= 0 {
			return t.younger[n]
		}
		n = t.above[n]
	}
	return -1
}
