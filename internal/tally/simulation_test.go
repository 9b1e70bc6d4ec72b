package tally_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"laurel/internal/tally"
)

// A festival is simulated judging of which the truth is known: 600 entries in
// six categories that differ (standard deviation 0.8), 60 jurors of standard
// deviation 0.7 at home in one category, a fifth of them also in the next, three
// reviews an entry, entries of 1 and residuals of 1.1.
type festival struct {
	table    tally.Table
	category []int
	worth    []float64
}

const (
	categories   = 6
	perCategory  = 100
	homeJurors   = 10
	bridgeJurors = 2 // of a category's ten
)

func simulate(seed uint64) festival {
	random := rand.New(rand.NewPCG(seed, 2024))
	f := festival{table: tally.Table{Entries: categories * perCategory, Jurors: categories * homeJurors}}
	severity := make([]float64, f.table.Jurors)
	for j := range severity {
		severity[j] = 0.7 * random.NormFloat64()
	}
	for c := range categories {
		f.table.Pools = append(f.table.Pools, string(rune('A'+c)))
		level := 0.8 * random.NormFloat64()
		jurors := make([]int, 0, homeJurors+bridgeJurors)
		for k := range homeJurors {
			jurors = append(jurors, c*homeJurors+k)
		}
		for k := range bridgeJurors {
			jurors = append(jurors, (c+1)%categories*homeJurors+k)
		}
		for range perCategory {
			e := len(f.worth)
			f.worth, f.category = append(f.worth, 6+level+random.NormFloat64()), append(f.category, c)
			for _, k := range random.Perm(len(jurors))[:3] {
				j := jurors[k]
				f.table.Reviews = append(f.table.Reviews, tally.Review{
					Entry: e, Juror: j, Pool: c, Score: f.worth[e] + severity[j] + 1.1*random.NormFloat64(),
				})
			}
		}
	}
	return f
}

// standardised is each entry's mean of z-scores by juror.
func (f festival) standardised() []float64 {
	of := make([][]float64, f.table.Jurors)
	for _, r := range f.table.Reviews {
		of[r.Juror] = append(of[r.Juror], r.Score)
	}
	z := make([]float64, f.table.Entries)
	for _, r := range f.table.Reviews {
		s := tally.Summarise(of[r.Juror])
		z[r.Entry] += (r.Score - s.Mean) / s.Spread / 3
	}
	return z
}

// hits is the share of the true best that a list has among its best, over all or
// within each category.
func (f festival) hits(values []float64, within bool) float64 {
	lists := [][]int{nil}
	if within {
		lists = make([][]int, categories)
	}
	for e, c := range f.category {
		if !within {
			c = 0
		}
		lists[c] = append(lists[c], e)
	}
	var hit, all float64
	for _, l := range lists {
		places := len(l) / 5
		truly := best(l, f.worth)[:places]
		for _, e := range best(l, values)[:places] {
			if slices.Contains(truly, e) {
				hit++
			}
		}
		all += float64(places)
	}
	return hit / all
}

func best(entries []int, values []float64) []int {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(e, f int) int { return cmp.Compare(values[f], values[e]) })
	return entries
}

func (f festival) covered(m *tally.Model) (share float64) {
	for e, entry := range m.Entries {
		low, high := entry.Interval()
		if low <= f.worth[e] && f.worth[e] <= high {
			share += 1 / float64(len(m.Entries))
		}
	}
	return share
}

// TestWhyCategoriesAreInTheModel reproduces the two findings that the default
// rests on: calibration with a level for each category finds more of the best
// than raw means, z-scores or calibration without, and its intervals hold what
// they promise.
func TestWhyCategoriesAreInTheModel(t *testing.T) {
	t.Parallel()
	compare(t, 12)
}

// compare simulates so many festivals; BenchmarkWhyCategories has more of them.
func compare(t testing.TB, festivals int) {
	t.Helper()
	names := []string{"raw", "z", "without", "with"}
	overall, within := make([]float64, len(names)), make([]float64, len(names))
	var coverage, coverageWithout float64
	for seed := range festivals {
		f := simulate(uint64(seed))
		with := fit(t, f.table, tally.Options{})
		bare := f.table
		bare.Pools, bare.Reviews = nil, slices.Clone(bare.Reviews)
		for i := range bare.Reviews {
			bare.Reviews[i].Pool = 0
		}
		without := fit(t, bare, tally.Options{})
		lists := [][]float64{nil, f.standardised(), nil, nil}
		for e := range with.Entries {
			lists[0] = append(lists[0], with.Entries[e].Raw)
			lists[2] = append(lists[2], without.Entries[e].Calibrated)
			lists[3] = append(lists[3], with.Entries[e].Calibrated)
		}
		for k, l := range lists {
			overall[k] += f.hits(l, false) / float64(festivals)
			within[k] += f.hits(l, true) / float64(festivals)
		}
		coverage += f.covered(with) / float64(festivals)
		coverageWithout += f.covered(without) / float64(festivals)
	}
	for k, name := range names {
		t.Logf("%-8s overall %.3f, within categories %.3f", name, overall[k], within[k])
	}
	t.Logf("coverage %.3f, without categories %.3f", coverage, coverageWithout)
	for k := range names[:3] {
		if overall[3] < overall[k]+0.02 {
			t.Errorf("with categories %.3f of the best are found, by %s %.3f", overall[3], names[k], overall[k])
		}
	}
	if within[3] < within[0]+0.01 || within[3] < within[1]-0.005 {
		t.Errorf("within categories %.3f, by raw means %.3f, by z-scores %.3f", within[3], within[0], within[1])
	}
	if coverage < 0.93 || coverage > 0.97 {
		t.Errorf("intervals of 95 %% hold the truth in %.3f of cases", coverage)
	}
}

// BenchmarkWhyCategories is the same test with two hundred festivals.
func BenchmarkWhyCategories(b *testing.B) {
	for b.Loop() {
		compare(b, 200)
	}
}

// TestChancesAreWhatTheySay wants entries whose chance to be selected is said to
// be in some tenth to be selected about as often, were the truth known.
func TestChancesAreWhatTheySay(t *testing.T) {
	t.Parallel()
	const rounds, places = 10, 30
	var said, were, n [10]float64
	var inRank, entries float64
	for seed := range rounds {
		table, worth := panel(rand.New(rand.NewPCG(uint64(seed), 9)), 150, 30, 3)
		m := fit(t, table, tally.Options{})
		standings, err := m.Rank(tally.Ranking{Seed: 5, Draws: 400, Places: []int{places}})
		if err != nil {
			t.Fatal(err)
		}
		all := make([]int, len(worth))
		for e := range all {
			all[e] = e
		}
		for i, e := range best(all, worth) {
			s := standings[e]
			bin := min(9, int(s.Selected*10))
			said[bin] += s.Selected
			n[bin]++
			if i < places {
				were[bin]++
			}
			entries++
			if s.Low <= i+1 && i+1 <= s.High {
				inRank++
			}
		}
	}
	for bin := range said {
		t.Logf("%2.0f of %4.0f: said %.3f, were %.3f", were[bin], n[bin], said[bin]/n[bin], were[bin]/n[bin])
		if se := math.Sqrt(0.25 / n[bin]); math.Abs(said[bin]-were[bin])/n[bin] > 3.5*se {
			t.Errorf("said %.3f, were %.3f of %.0f", said[bin]/n[bin], were[bin]/n[bin], n[bin])
		}
	}
	if share := inRank / entries; share < 0.93 || share > 0.97 {
		t.Errorf("intervals of ranks hold %.3f", share)
	} else {
		t.Logf("rank intervals %.3f", share)
	}
}
