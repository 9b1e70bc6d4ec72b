package assign

import (
	"cmp"
	"slices"
)

// group makes the groups of every entry a forest, with the weak pairs of each
// entry as a further group where that is sought.
func (f *frame) group(weak bool) error {
	by := make([][]int32, len(f.p.Entries))
	for i, g := range f.p.Groups {
		if g.Entry < 0 || g.Entry >= len(f.p.Entries) || g.Min < 0 || g.Max >= 0 && g.Max < g.Min {
			return badAt("Groups", i, "group %d is of no entry, or its bounds %d and %d contradict each other", i, g.Min, g.Max)
		}
		jurors := slices.Sorted(slices.Values(g.Jurors))
		if len(slices.Compact(slices.Clone(jurors))) < len(jurors) || len(jurors) > 0 && (jurors[0] < 0 || jurors[len(jurors)-1] >= len(f.p.Jurors)) {
			return badAt("Groups", i, "group %d names a juror twice, or one who is not there", i)
		}
		most := int32(len(jurors))
		if g.Max >= 0 {
			most = int32(min(g.Max, len(jurors)))
		}
		by[g.Entry] = append(by[g.Entry], int32(len(f.cells)))
		f.cells = append(f.cells, cell{entry: int32(g.Entry), parent: -1, jurors: jurors, least: int32(min(g.Min, mostCount)), most: most})
	}
	if weak {
		f.weaken(by)
	}
	for _, of := range by {
		if err := f.nest(of); err != nil {
			return err
		}
	}
	return nil
}

// weaken adds the weak pairs of every entry as a group without bounds.
func (f *frame) weaken(by [][]int32) {
	for e := range f.p.Entries {
		c := cell{entry: int32(e), parent: -1, weak: true}
		for _, l := range f.of(e) {
			if l.cost >= f.p.WeakFrom {
				c.jurors = append(c.jurors, int(l.juror))
			}
		}
		c.most = int32(len(c.jurors))
		by[e] = append(by[e], int32(len(f.cells)))
		f.cells = append(f.cells, c)
	}
}

// nest finds the next larger group of each group of an entry, and the innermost
// group of each of its links.
func (f *frame) nest(of []int32) error {
	slices.SortStableFunc(of, func(a, b int32) int {
		return cmp.Compare(len(f.cells[b].jurors), len(f.cells[a].jurors))
	})
	for i, c := range of {
		for _, larger := range of[:i] {
			inside := common(f.cells[c].jurors, f.cells[larger].jurors)
			if inside != 0 && inside != len(f.cells[c].jurors) {
				return f.overlap(larger, c)
			}
			if inside > 0 {
				f.cells[c].parent = larger
			}
		}
		for _, j := range f.cells[c].jurors {
			if l := f.find(int(f.cells[c].entry), j); l != nil {
				l.cell = c
			}
		}
	}
	return nil
}

// overlap is the mistake of two groups that are not laminar.
func (f *frame) overlap(a, b int32) error {
	first, second := int(min(a, b)), int(max(a, b))
	if second >= len(f.p.Groups) {
		return badAt("Groups", first, "group %d overlaps the weak pairs of entry %d, and neither holds the other", first, f.cells[a].entry)
	}
	return badAt("Groups", second, "groups %d and %d of entry %d overlap, and neither holds the other", first, second, f.cells[a].entry)
}

// common counts what two ascending lists share.
func common(a, b []int) int {
	n := 0
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch cmp.Compare(a[i], b[k]) {
		case -1:
			i++
		case 1:
			k++
		default:
			n, i, k = n+1, i+1, k+1
		}
	}
	return n
}
