package jury_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jury"
)

// draft makes a random assignment to start from.
func draft(lot *rand.Rand, conflicts, given bool) jury.Draft {
	d := jury.Draft{
		Apart: map[jury.Pair]bool{}, Fixed: map[jury.Pair]bool{}, Given: map[jury.Pair]bool{},
		Reviews: 1 + lot.IntN(5), Seed: lot.Uint64(),
	}
	for i := range 1 + lot.IntN(60) {
		d.Entries = append(d.Entries, entry.ID(100+i))
	}
	for i := range 1 + lot.IntN(9) {
		d.Jurors = append(d.Jurors, account.ID(10+i))
	}
	for _, e := range d.Entries {
		for _, j := range d.Jurors {
			p := jury.Pair{Entry: e, Juror: j}
			if conflicts && lot.IntN(5) == 0 {
				d.Apart[p] = true
			} else if given && lot.IntN(4) == 0 {
				d.Given[p] = true
			}
		}
	}
	return d
}

func loads(d jury.Draft, plan map[jury.Pair]bool) []int {
	by := map[account.ID]int{}
	for p := range plan {
		by[p.Juror]++
	}
	list := make([]int, len(d.Jurors))
	for i, j := range d.Jurors {
		list[i] = by[j]
	}
	return list
}

func reviewers(plan map[jury.Pair]bool) map[entry.ID]int {
	n := map[entry.ID]int{}
	for p := range plan {
		n[p.Entry]++
	}
	return n
}

// checkSpread looks for a conflict, and for an entry with another number of
// jurors than wanted, or than may judge it.
func checkSpread(t *testing.T, d jury.Draft, plan map[jury.Pair]bool) {
	t.Helper()
	for p := range plan {
		if d.Apart[p] {
			t.Fatalf("conflict given: %v", p)
		}
	}
	n := reviewers(plan)
	for _, e := range d.Entries {
		possible := 0
		for _, j := range d.Jurors {
			if !d.Apart[jury.Pair{Entry: e, Juror: j}] {
				possible++
			}
		}
		if want := min(possible, d.Reviews); n[e] != want {
			t.Fatalf("entry %d has %d jurors, want %d", e, n[e], want)
		}
	}
}

func TestSpreadIsEven(t *testing.T) {
	t.Parallel()
	lot := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		d := draft(lot, false, lot.IntN(2) == 0)
		plan := d.Spread()
		checkSpread(t, d, plan)
		l := loads(d, plan)
		if slices.Max(l)-slices.Min(l) > 1 {
			t.Fatalf("loads %v of %d films, %d jurors, %d reviews", l, len(d.Entries), len(d.Jurors), d.Reviews)
		}
	}
}

func TestSpreadKeepsConflictsApart(t *testing.T) {
	t.Parallel()
	lot := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		d := draft(lot, true, lot.IntN(2) == 0)
		checkSpread(t, d, d.Spread())
	}
}

// fairest is the sum of squared loads of the best assignment of all.
func fairest(d jury.Draft) int {
	best := 1 << 60
	load := make([]int, len(d.Jurors))
	var try func(e, j, left int)
	try = func(e, j, left int) {
		switch {
		case e == len(d.Entries):
			sum := 0
			for _, l := range load {
				sum += l * l
			}
			best = min(best, sum)
		case left == 0:
			try(e+1, 0, wanted(d, e+1))
		case j < len(d.Jurors):
			if !d.Apart[jury.Pair{Entry: d.Entries[e], Juror: d.Jurors[j]}] {
				load[j]++
				try(e, j+1, left-1)
				load[j]--
			}
			try(e, j+1, left)
		}
	}
	try(0, 0, wanted(d, 0))
	return best
}

func wanted(d jury.Draft, e int) int {
	if e >= len(d.Entries) {
		return 0
	}
	possible := 0
	for _, j := range d.Jurors {
		if !d.Apart[jury.Pair{Entry: d.Entries[e], Juror: j}] {
			possible++
		}
	}
	return min(possible, d.Reviews)
}

func TestSpreadIsTheFairestPossible(t *testing.T) {
	t.Parallel()
	lot := rand.New(rand.NewPCG(3, 3))
	for range 150 {
		d := draft(lot, true, lot.IntN(2) == 0)
		d.Entries = d.Entries[:min(6, len(d.Entries))]
		d.Jurors = d.Jurors[:min(4, len(d.Jurors))]
		sum := 0
		for _, l := range loads(d, d.Spread()) {
			sum += l * l
		}
		if want := fairest(d); sum != want {
			t.Fatalf("squared loads %d, want %d", sum, want)
		}
	}
}

func TestSpreadIsDeterministic(t *testing.T) {
	t.Parallel()
	d := draft(rand.New(rand.NewPCG(4, 4)), true, true)
	if a, b := d.Spread(), d.Spread(); !maps.Equal(a, b) {
		t.Error("two plans from one draft differ")
	}
}

func TestSpreadAgainChangesNothing(t *testing.T) {
	t.Parallel()
	lot := rand.New(rand.NewPCG(5, 5))
	for range 50 {
		d := draft(lot, true, false)
		d.Given = d.Spread()
		if again := d.Spread(); !maps.Equal(d.Given, again) {
			t.Fatal("a finished assignment was changed")
		}
	}
}

func TestSpreadKeepsWhatIsScored(t *testing.T) {
	t.Parallel()
	lot := rand.New(rand.NewPCG(6, 6))
	for range 100 {
		d := draft(lot, true, true)
		for p := range d.Given {
			if lot.IntN(2) == 0 {
				d.Fixed[p] = true
				delete(d.Given, p)
			}
		}
		plan := d.Spread()
		for p := range d.Fixed {
			if !plan[p] {
				t.Fatalf("scored film taken away: %v", p)
			}
		}
	}
}

func TestEveryone(t *testing.T) {
	t.Parallel()
	d := draft(rand.New(rand.NewPCG(7, 7)), true, true)
	if got, want := len(d.Everyone()), len(d.Entries)*len(d.Jurors)-len(d.Apart); got != want {
		t.Errorf("%d pairs, want %d", got, want)
	}
}

func BenchmarkSpread(b *testing.B) {
	d := jury.Draft{Apart: map[jury.Pair]bool{}, Reviews: 5, Seed: 1}
	for i := range 430 {
		d.Entries = append(d.Entries, entry.ID(i+1))
	}
	for i := range 40 {
		d.Jurors = append(d.Jurors, account.ID(i+1))
	}
	lot := rand.New(rand.NewPCG(8, 8))
	for _, e := range d.Entries {
		for _, j := range d.Jurors {
			if lot.IntN(10) == 0 {
				d.Apart[jury.Pair{Entry: e, Juror: j}] = true
			}
		}
	}
	for b.Loop() {
		d.Spread()
	}
}
