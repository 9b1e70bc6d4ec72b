package tally_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"laurel/internal/tally"
)

// reviews are entry, juror, score.
func reviews(rows ...[3]float64) tally.Table {
	var t tally.Table
	for _, r := range rows {
		t.Reviews = append(t.Reviews, tally.Review{Entry: int(r[0]), Juror: int(r[1]), Score: r[2]})
		t.Entries, t.Jurors = max(t.Entries, int(r[0])+1), max(t.Jurors, int(r[1])+1)
	}
	return t
}

// finite wants every number of a result to be one.
func finite(t *testing.T, of any) {
	t.Helper()
	walk(t, reflect.ValueOf(of), "")
}

func walk(t *testing.T, v reflect.Value, path string) {
	t.Helper()
	switch v.Kind() {
	case reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			t.Errorf("%s is %v", path, f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(t, v.Field(i), path+"."+v.Type().Field(i).Name)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			walk(t, v.Index(i), path+"[]")
		}
	case reflect.Pointer:
		if !v.IsNil() {
			walk(t, v.Elem(), path)
		}
	default:
	}
}

func TestDegenerateTables(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		table tally.Table
		basis tally.Basis
		warn  tally.CautionKind
	}{
		"nothing":                {tally.Table{}, tally.Nothing, tally.NoScores},
		"entries only":           {tally.Table{Entries: 3, Jurors: 2}, tally.Nothing, tally.NoScores},
		"weights all zero":       {weighted(reviews([3]float64{0, 0, 1}, [3]float64{1, 1, 2}), 0, 0), tally.Nothing, tally.NoScores},
		"a single review":        {reviews([3]float64{0, 0, 7}), tally.Nothing, tally.OneJuror},
		"one juror":              {reviews([3]float64{0, 0, 7}, [3]float64{1, 0, 8}, [3]float64{2, 0, 3}), tally.Nothing, tally.OneJuror},
		"one score, no jurors":   {tally.Table{Entries: 1, Reviews: []tally.Review{{Score: 4}}}, tally.Nothing, tally.TooFew},
		"all equal":              {reviews([3]float64{0, 0, 7}, [3]float64{0, 1, 7}, [3]float64{1, 0, 7}, [3]float64{1, 1, 7}), tally.Nothing, tally.NoInformation},
		"all equal, not exactly": {reviews([3]float64{0, 0, .1 + .2}, [3]float64{0, 1, .3}, [3]float64{1, 0, .3}, [3]float64{1, 1, .3}), tally.Nothing, tally.NoInformation},
		"a juror an entry":       {reviews([3]float64{0, 0, 7}, [3]float64{1, 1, 5}, [3]float64{2, 2, 6}), tally.Assumed, tally.NoSeverity},
		"one review an entry":    {reviews([3]float64{0, 0, 7}, [3]float64{1, 0, 5}, [3]float64{2, 1, 6}, [3]float64{3, 1, 9}), tally.Assumed, tally.SingleReviews},
		"one entry":              {reviews([3]float64{0, 0, 7}, [3]float64{0, 1, 5}, [3]float64{0, 2, 6}), tally.Estimated, tally.NoDifference},
		"exactly additive":       {reviews([3]float64{0, 0, 1}, [3]float64{0, 1, 2}, [3]float64{1, 0, 4}, [3]float64{1, 1, 5}, [3]float64{2, 0, 8}, [3]float64{2, 1, 9}), tally.Estimated, tally.ExactFit},
		"perfect agreement":      {reviews([3]float64{0, 0, 1}, [3]float64{0, 1, 1}, [3]float64{1, 0, 4}, [3]float64{1, 1, 4}), tally.Estimated, tally.ExactFit},
		"severity only":          {reviews([3]float64{0, 0, 1}, [3]float64{0, 1, 2}, [3]float64{1, 0, 1}, [3]float64{1, 1, 2}), tally.Estimated, tally.NoDifference},
		"an entry not reviewed":  {with(reviews([3]float64{0, 0, 1}, [3]float64{0, 1, 2}, [3]float64{1, 0, 4}, [3]float64{1, 1, 6}), 5), tally.Estimated, tally.WithoutReviews},
		"two parts":              {reviews([3]float64{0, 0, 1}, [3]float64{0, 1, 4}, [3]float64{1, 0, 2}, [3]float64{1, 1, 6}, [3]float64{2, 2, 5}, [3]float64{2, 3, 9}, [3]float64{3, 2, 4}, [3]float64{3, 3, 7}), tally.Estimated, tally.Disconnected},
		"huge":                   {reviews([3]float64{0, 0, 1e99}, [3]float64{0, 1, 2e99}, [3]float64{1, 0, 4e99}, [3]float64{1, 1, 6e99}), tally.Estimated, tally.Provisional},
		"tiny":                   {reviews([3]float64{0, 0, 1e-99}, [3]float64{0, 1, 2e-99}, [3]float64{1, 0, 4e-99}, [3]float64{1, 1, 6e-99}), tally.Estimated, tally.Provisional},
		"one far off":            {reviews([3]float64{0, 0, 1e99}, [3]float64{0, 1, 2}, [3]float64{1, 0, 4}, [3]float64{1, 1, 6}), tally.Estimated, tally.Provisional},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := fit(t, c.table, tally.Options{})
			if m.Basis != c.basis || !warned(m, c.warn) {
				t.Errorf("basis %v, warnings %v, components %+v; want basis %v and warning %v", m.Basis, m.Warnings, m.Components, c.basis, c.warn)
			}
			finite(t, m)
			standings, err := m.Rank(tally.Ranking{Seed: 1, Draws: 200, Places: []int{1}})
			if err != nil {
				t.Fatal(err)
			}
			finite(t, standings)
			for e, s := range standings {
				if (s.Rank > 0) != (m.Entries[e].Reviews > 0) {
					t.Errorf("entry %d with %d reviews has rank %d", e, m.Entries[e].Reviews, s.Rank)
				}
				if m.Basis == tally.Nothing && m.Entries[e].Calibrated != m.Entries[e].Raw {
					t.Errorf("got %v, want the raw mean %v", m.Entries[e].Calibrated, m.Entries[e].Raw)
				}
			}
		})
	}
}

func weighted(t tally.Table, weights ...float64) tally.Table {
	t.Weights = weights
	return t
}

func with(t tally.Table, entries int) tally.Table {
	t.Entries = entries
	return t
}

func TestRefusedTables(t *testing.T) {
	t.Parallel()
	for name, table := range map[string]tally.Table{
		"NaN":             reviews([3]float64{0, 0, math.NaN()}),
		"infinite":        reviews([3]float64{0, 0, math.Inf(-1)}),
		"too large":       reviews([3]float64{0, 0, 1e101}),
		"negative weight": weighted(reviews([3]float64{0, 0, 1}), -1),
		"weight missing":  weighted(reviews([3]float64{0, 0, 1}, [3]float64{0, 0, 1}), 1),
		"no such entry":   {Entries: 1, Reviews: []tally.Review{{Entry: 1}}},
		"no such juror":   {Entries: 1, Jurors: 1, Reviews: []tally.Review{{Juror: -1}}},
		"no such pool":    {Entries: 1, Reviews: []tally.Review{{Pool: 1}}},
	} {
		if m, err := tally.Fit(table, tally.Options{}); err == nil {
			t.Errorf("%s: got %+v", name, m)
		}
	}
}

// FuzzFit wants numbers from whatever table: small, unbalanced, tied, far off.
func FuzzFit(f *testing.F) {
	f.Add(uint64(1), []byte{0, 0, 7, 1, 1, 5, 0, 1, 9})
	f.Add(uint64(2), []byte{0, 0, 7, 0, 0, 7, 1, 0, 7, 1, 2, 255})
	f.Fuzz(func(t *testing.T, seed uint64, data []byte) {
		random := rand.New(rand.NewPCG(seed, 0))
		table := tally.Table{Entries: 8, Jurors: 6 * random.IntN(2), Pools: []string{"a", "b", "c"}}
		scale := math.Pow(10, float64(random.IntN(60)-30))
		for i := 0; i+2 < min(len(data), 120); i += 3 {
			table.Reviews = append(table.Reviews, tally.Review{
				Entry: int(data[i] % 8), Juror: int(data[i+1] % 6), Pool: int(data[i+1]/6) % 3, Score: float64(data[i+2]) * scale,
			})
			if seed%3 == 0 {
				table.Weights = append(table.Weights, float64(data[i]/8))
			}
		}
		m, err := tally.Fit(table, tally.Options{Penalised: seed%5 == 0})
		if err != nil {
			t.Fatalf("%v: %+v", err, table)
		}
		finite(t, m)
		standings, err := m.Rank(tally.Ranking{Seed: seed, Draws: 20, Places: []int{2}})
		if err != nil {
			t.Fatal(err)
		}
		finite(t, standings)
	})
}
