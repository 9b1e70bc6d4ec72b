package jury

import (
	"slices"
	"testing"

	"laurel/internal/account"
	"laurel/internal/assign"
	"laurel/internal/entry"
)

// TestThinKeepsWhatIsHeld: of a large desk each film keeps its part of the pairs
// and those that it has, the same ones every time.
func TestThinKeepsWhatIsHeld(t *testing.T) {
	t.Parallel()
	d := Desk{}
	for i := range 30 {
		d.Films = append(d.Films, Film{ID: entry.ID(100 + i)})
	}
	for i := range 40 {
		d.Seats = append(d.Seats, Seat{AccountID: account.ID(10 + i)})
	}
	for i := range 30 {
		d.Assignments = append(d.Assignments, Assignment{EntryID: entry.ID(100 + i), AccountID: account.ID(10 + i), State: ToDo})
	}
	thinned := func(most int) *task {
		x := d.task(Ask{Way: Repair, Reviews: 2, Seed: 5})
		x.thin(most)
		return x
	}
	if all := thinned(1200); all.thinned || len(all.problem.Pairs) != 1200 {
		t.Errorf("%d pairs of a small desk", len(all.problem.Pairs))
	}
	few := thinned(300)
	if !slices.Equal(few.problem.Pairs, thinned(300).problem.Pairs) || !few.thinned {
		t.Error("thinned by chance")
	}
	counts := make([]int, 30)
	for _, p := range few.problem.Pairs {
		counts[p.Entry]++
	}
	if slices.Min(counts) < 10 || slices.Max(counts) > 11 {
		t.Errorf("pairs by film: %v", counts)
	}
	for place := range few.held {
		if !slices.Contains(few.problem.Pairs, assign.Pair{Entry: place.Entry, Juror: place.Juror}) {
			t.Errorf("%v is held and gone", place)
		}
	}
}
