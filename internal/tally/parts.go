package tally

// parts numbers the entries by the parts that no juror links, from 0 in the
// order of their first entry; −1 for an entry without reviews. Without known
// jurors, or when jurors do not differ, nothing parts entries of one table
// (Weeks and Williams 1964).
func (t Table) parts(jurorsDiffer bool) (of []int, n int) {
	root := make([]int, t.Entries+t.Jurors)
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	reviewed := make([]bool, t.Entries)
	for i, r := range t.Reviews {
		if t.weight(i) == 0 {
			continue
		}
		reviewed[r.Entry] = true
		if t.Jurors > 0 {
			root[find(r.Entry)] = find(t.Entries + r.Juror)
		}
	}
	of = make([]int, t.Entries)
	number := map[int]int{}
	for e := range of {
		of[e] = -1
		if !reviewed[e] {
			continue
		}
		top := 0
		if t.Jurors > 0 && jurorsDiffer {
			top = find(e)
		}
		if _, ok := number[top]; !ok {
			number[top] = len(number)
		}
		of[e] = number[top]
	}
	return of, len(number)
}
