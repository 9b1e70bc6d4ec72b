package assign

import "slices"

// narrow leaves only pairs up to the smallest cost with which as few viewings
// are missing as with all pairs, and the smallest loads are met. It returns that
// cost, 0 if no pair is needed.
func narrow(p Problem) (Problem, int64, error) {
	all, err := reachable(p)
	if err != nil {
		return Problem{}, 0, err
	}
	costs := []int64{0}
	for _, x := range p.Pairs {
		costs = append(costs, x.Cost)
	}
	slices.Sort(costs)
	costs = slices.Compact(costs)
	low, high := 0, len(costs)-1
	for low < high {
		middle := (low + high) / 2
		if missing, err := reachable(within(p, costs[middle])); err == nil && missing == all {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return within(p, costs[low]), costs[low], nil
}

// within keeps the pairs that cost no more than a threshold, and what is done.
func within(p Problem, threshold int64) Problem {
	done := make(map[Place]bool, len(p.Done))
	for _, d := range p.Done {
		done[d] = true
	}
	p.Pairs = slices.DeleteFunc(slices.Clone(p.Pairs), func(x Pair) bool {
		return x.Cost > threshold && !done[Place{x.Entry, x.Juror}]
	})
	return p
}

// reachable is how few viewings can be missing.
func reachable(p Problem) (int, error) {
	f, err := arrange(p, false)
	if err != nil {
		return 0, err
	}
	n := newNetwork(f)
	if err := n.fill([]Level{{Aims: []Aim{Missing}}, {Aims: []Aim{Preference}}}); err != nil {
		return 0, err
	}
	n.weigh([]Aim{Missing})
	n.minimise()
	missing := 0
	for _, s := range f.figures(n.given()).Short {
		missing += s
	}
	return missing, nil
}
