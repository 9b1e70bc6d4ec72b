package assign

import (
	"cmp"
	"fmt"
	"slices"
)

// A region is what one entry could still be served through, and what others
// could give up for it: the side of a minimum cut that it stands on.
type region struct {
	entries []int
	// full says that jurors without room are in it; open that one with room is,
	// so that nothing but cost stands against a viewing.
	full, open bool
}

// gaps explains the missing viewings.
func (n *network) gaps(short []int) []Gap {
	regions := n.regions(short)
	gaps := []Gap{}
	for _, r := range regions {
		g := Gap{Entries: r.entries, Jurors: n.f.eligible(r.entries)}
		for _, e := range r.entries {
			g.Demand += n.f.p.Entries[e].Want
			g.Supply += n.f.p.Entries[e].Want - short[e]
		}
		g.Sentence = g.sentence(r)
		gaps = append(gaps, g)
	}
	return gaps
}

// regions are those of all entries that miss a viewing, joined where they
// overlap, and where entries lack the same jurors.
func (n *network) regions(short []int) []region {
	next := n.residual()
	seen := make([]int32, len(n.price)) // by node: one more than its region
	var found []region
	joined := sets{}
	for e, missing := range short {
		if missing > 0 && seen[n.entry(int32(e))] == 0 {
			joined = append(joined, int32(len(found)))
			found = append(found, n.reach(next, n.entry(int32(e)), seen, joined))
		}
	}
	for e := range short {
		if at := seen[n.entry(int32(e))]; at > 0 {
			r := &found[joined.find(at-1)]
			r.entries = append(r.entries, e)
		}
	}
	for i, r := range found {
		home := &found[joined.find(int32(i))]
		home.full, home.open = home.full || r.full, home.open || r.open
	}
	return n.f.alike(slices.DeleteFunc(found, func(r region) bool { return len(r.entries) == 0 }))
}

// reach marks all nodes to which one more unit could go from a node, as the last
// of the regions, and joins those it meets.
func (n *network) reach(next lists, from int32, seen []int32, joined sets) region {
	id := int32(len(joined) - 1)
	r := region{}
	seen[from] = id + 1
	for stack := []int32{from}; len(stack) > 0; {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		r.full = r.full || n.isJuror(at)
		for _, v := range next.of(at) {
			switch {
			case v == 0:
				r.open = true
			case seen[v] == 0:
				seen[v] = id + 1
				stack = append(stack, v)
			default:
				joined.join(seen[v]-1, id)
			}
		}
	}
	return r
}

// isJuror says whether a node is a juror.
func (n *network) isJuror(v int32) bool { return v >= n.juror(0) && v < n.cell(0) }

// residual lists by node where one more unit could go from it, but for what an
// entry may miss and what a juror may fall short of.
func (n *network) residual() lists {
	var from, to []int32
	for a, x := range n.arcs {
		if a >= len(n.linkOf) {
			if kind := n.units[a-len(n.linkOf)].kind; kind == missing || kind == must {
				continue
			}
		}
		if n.flow[a] < n.room[a] {
			from, to = append(from, x.from), append(to, x.to)
		}
		if n.flow[a] > 0 && x.to != 0 {
			from, to = append(from, x.to), append(to, x.from)
		}
	}
	return newLists(len(n.price), from, to)
}

// eligible are the jurors who could watch some of the entries, or have.
func (f *frame) eligible(entries []int) []int {
	jurors := []int{}
	for _, e := range entries {
		for _, l := range f.of(e) {
			if l.listed || l.done {
				jurors = append(jurors, int(l.juror))
			}
		}
	}
	slices.Sort(jurors)
	return slices.Compact(jurors)
}

// alike joins regions that lack jurors, not room, where their jurors are the
// same. Such a region is one entry.
func (f *frame) alike(regions []region) []region {
	slices.SortStableFunc(regions, func(a, b region) int {
		return slices.Compare(f.eligible(a.entries), f.eligible(b.entries))
	})
	var joined []region
	for _, r := range regions {
		if last := len(joined) - 1; last >= 0 && !r.full && !joined[last].full && !r.open && !joined[last].open &&
			slices.Equal(f.eligible(joined[last].entries), f.eligible(r.entries)) {
			joined[last].entries = append(joined[last].entries, r.entries...)
			continue
		}
		joined = append(joined, r)
	}
	slices.SortFunc(joined, func(a, b region) int { return cmp.Compare(a.entries[0], b.entries[0]) })
	return joined
}

// sentence says a gap in words.
func (g Gap) sentence(r region) string {
	who, has, wants := "This entry", "has", "it wants"
	if len(g.Entries) > 1 {
		who, has, wants = fmt.Sprintf("These %d entries", len(g.Entries)), "have", "they want"
	}
	jurors := number(len(g.Jurors), "eligible juror", "eligible jurors")
	possible := fmt.Sprintf("%d are possible", g.Supply)
	switch {
	case g.Supply == 0:
		possible = "none is possible"
	case g.Supply == 1:
		possible = "1 is possible"
	}
	want := number(g.Demand, "viewing", "viewings")
	switch {
	case r.open:
		return fmt.Sprintf("%s %s %s; %s %s, and what is missing would cost more than to do without.", who, has, jurors, wants, want)
	case r.full:
		return fmt.Sprintf("%s %s %s, who have too little room; %s %s, %s.", who, has, jurors, wants, want, possible)
	case len(g.Jurors) == 0:
		return fmt.Sprintf("%s %s no eligible juror; %s %s, none is possible.", who, has, wants, want)
	}
	return fmt.Sprintf("%s %s only %s; %s %s, %s.", who, has, jurors, wants, want, possible)
}

// number is a count with its noun.
func number(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// infeasible explains smallest loads that cannot be met: the jurors from whom
// nothing comes to those that fall short, because all of them have no more than
// they must.
func (n *network) infeasible() error {
	seen := make([]bool, len(n.price))
	back := n.residual().turned()
	e := &Infeasible{}
	var stack []int32
	for a, u := range n.units {
		if arc := len(n.linkOf) + a; u.kind == must && n.flow[arc] > 0 {
			stack = append(stack, n.juror(u.of))
			seen[n.juror(u.of)] = true
			e.Supply -= int(n.flow[arc])
		}
	}
	for len(stack) > 0 {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, v := range back.of(at) {
			if !seen[v] {
				seen[v] = true
				stack = append(stack, v)
			}
		}
	}
	for j, x := range n.f.p.Jurors {
		if seen[n.juror(int32(j))] {
			e.Jurors = append(e.Jurors, j)
			e.Demand += x.Min
		}
	}
	e.Supply += e.Demand
	for i, l := range n.f.links {
		if (l.listed || l.done) && seen[n.juror(l.juror)] && (i == 0 || len(e.Entries) == 0 || e.Entries[len(e.Entries)-1] != int(l.entry)) {
			e.Entries = append(e.Entries, int(l.entry))
		}
	}
	who, them := "This juror is", "them"
	if len(e.Jurors) > 1 {
		who = fmt.Sprintf("These %d jurors are", len(e.Jurors))
	}
	e.Sentence = fmt.Sprintf("%s to watch at least %s in all, but only %d can be given to %s.", who, number(e.Demand, "entry", "entries"), e.Supply, them)
	return e
}
