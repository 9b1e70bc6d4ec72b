package ballot

import "slices"

// grouped sorts the candidates 0 to n−1 by compare and puts equal ones on one
// level, in their own order.
func grouped(n int, compare func(a, b int) int) [][]int {
	all := make([]int, n)
	for c := range all {
		all[c] = c
	}
	return regrouped(all, compare)
}

// regrouped does so with some of the candidates.
func regrouped(some []int, compare func(a, b int) int) [][]int {
	some = slices.Clone(some)
	slices.SortStableFunc(some, compare)
	var levels [][]int
	for i, c := range some {
		if i == 0 || compare(some[i-1], c) != 0 {
			levels = append(levels, nil)
		}
		levels[len(levels)-1] = append(levels[len(levels)-1], c)
	}
	return levels
}

// rankedBy makes levels of a strict relation without cycles: the first level is
// of those above whom nobody stands, the next of those above whom nobody stands
// then, and so on.
func rankedBy(n int, above func(a, b int) bool) [][]int {
	over := make([]int, n) // how many of the unplaced stand above
	for a := range n {
		for b := range n {
			if a != b && above(a, b) {
				over[b]++
			}
		}
	}
	var levels [][]int
	for placed := 0; placed < n; {
		var level []int
		for c, count := range over {
			if count == 0 {
				level = append(level, c)
				over[c] = -1
			}
		}
		for _, a := range level {
			for b := range n {
				if a != b && over[b] > 0 && above(a, b) {
					over[b]--
				}
			}
		}
		placed += len(level)
		levels = append(levels, level)
	}
	return levels
}

// inOrder are the members of all levels, in the order of the candidates.
func inOrder(levels [][]int) []int {
	all := slices.Concat(levels...)
	slices.Sort(all)
	return all
}
