package tally_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"laurel/internal/tally"
)

// judging is a simulated panel with marks on three criteria and the order of
// reviews.
func judging(random *rand.Rand, entries, jurors, each int) (tally.Table, tally.Evidence) {
	table, _ := panel(random, entries, jurors, each)
	e := tally.Evidence{Order: random.Perm(len(table.Reviews)), Marks: make([][]tally.Mark, len(table.Reviews))}
	for i := range table.Reviews {
		var sum float64
		for c := range 3 {
			v := math.Round(table.Reviews[i].Score + 1.2*random.NormFloat64())
			e.Marks[i] = append(e.Marks[i], tally.Mark{Criterion: c, Value: v})
			sum += v
		}
		table.Reviews[i].Score = sum / 3
	}
	return table, e
}

func finding(found []tally.Finding, juror int, trait tally.Trait) tally.Finding {
	i := slices.IndexFunc(found, func(f tally.Finding) bool { return f.Juror == juror && f.Trait == trait })
	if i < 0 {
		return tally.Finding{}
	}
	return found[i]
}

// TestOrdinaryJurorsAreLeftAlone looks at panels without any fault: few may be
// flagged, and small p-values must be as rare as they say.
func TestOrdinaryJurorsAreLeftAlone(t *testing.T) {
	t.Parallel()
	const rounds, jurors = 10, 20
	small, n := map[tally.Trait]float64{}, map[tally.Trait]float64{}
	value, expected := map[tally.Trait]float64{}, map[tally.Trait]float64{}
	flagged := 0.0
	for seed := range rounds {
		table, evidence := judging(rand.New(rand.NewPCG(uint64(seed), 4)), 160, jurors, 3)
		found := fit(t, table, tally.Options{}).Diagnose(evidence)
		finite(t, found)
		some := map[tally.Trait]bool{}
		for _, f := range found {
			n[f.Trait]++
			value[f.Trait] += f.Value
			expected[f.Trait] += f.Expected
			if f.P < 0.05 {
				small[f.Trait]++
			}
			some[f.Trait] = some[f.Trait] || f.Flagged
		}
		for _, yes := range some {
			if yes {
				flagged += 1.0 / rounds
			}
		}
	}
	for trait := tally.Severity; trait <= tally.Jump; trait++ {
		t.Logf("%2d: %4.0f findings, p < 0.05 in %.3f, mean %.3f, expected %.3f", trait, n[trait], small[trait]/n[trait], value[trait]/n[trait], expected[trait]/n[trait])
		if n[trait] < rounds*jurors*0.9 || small[trait]/n[trait] > 0.09 {
			t.Errorf("trait %d: %v findings, of which %v with p < 0.05", trait, n[trait], small[trait])
		}
	}
	for _, trait := range []tally.Trait{tally.Outfit, tally.Infit, tally.Slope, tally.Spread} {
		within(t, "mean of what is expected to be 1", value[trait]/n[trait], 1, 0.07)
	}
	t.Logf("%.2f traits flagged a panel", flagged)
	if flagged > 1.6 {
		t.Errorf("%.2f of 13 traits are flagged in a panel without fault", flagged)
	}
}

func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(11, 4))
	table, evidence := judging(random, 400, 20, 3)
	place := map[int]int{}
	order := make([]int, len(table.Reviews))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, k int) int { return evidence.Order[i] - evidence.Order[k] })
	for _, i := range order {
		r := &table.Reviews[i]
		k := place[r.Juror]
		place[r.Juror]++
		switch r.Juror {
		case 0: // marks at random
			r.Score = 6 + 3*random.NormFloat64()
		case 1: // hardly uses the scale
			r.Score = 6 + 0.15*(r.Score-6)
		case 2: // grows stricter
			r.Score -= 0.06 * float64(k)
		case 3: // always the same score, and the same on each criterion
			if k%20 != 0 {
				r.Score = 7
				for c := range evidence.Marks[i] {
					evidence.Marks[i][c].Value = 7
				}
			}
		case 4: // one impression for all criteria
			for c := range evidence.Marks[i] {
				evidence.Marks[i][c].Value = r.Score
			}
		case 5: // changes at once
			if k > 30 {
				r.Score += 2.5
			}
		case 6: // much stricter than all
			r.Score -= 4
		}
	}
	found := fit(t, table, tally.Options{}).Diagnose(evidence)
	for _, want := range []struct {
		juror int
		trait tally.Trait
	}{
		{0, tally.Outfit}, {0, tally.Infit}, {0, tally.Spread}, {1, tally.Slope}, {1, tally.Spread}, {2, tally.Drift},
		{3, tally.Favourite}, {3, tally.LongestRun}, {3, tally.FlatReviews}, {4, tally.Halo}, {5, tally.Jump}, {6, tally.Severity},
	} {
		if f := finding(found, want.juror, want.trait); !f.Flagged {
			t.Errorf("juror %d, trait %d: %+v", want.juror, want.trait, f)
		}
	}
	if f := finding(found, 1, tally.Slope); f.Value > 0.5 {
		t.Errorf("central tendency: slope %v", f.Value)
	}
}

func TestFewScoresSayNothing(t *testing.T) {
	t.Parallel()
	table, evidence := judging(rand.New(rand.NewPCG(12, 4)), 7, 3, 3)
	if found := fit(t, table, tally.Options{}).Diagnose(evidence); len(found) != 0 {
		t.Errorf("got %+v", found)
	}
}

func TestOutliersAreFound(t *testing.T) {
	t.Parallel()
	table, _ := panel(rand.New(rand.NewPCG(13, 4)), 100, 10, 3)
	table.Reviews[17].Score += 9
	var flagged []int
	for _, o := range fit(t, table, tally.Options{}).Outliers() {
		if o.Flagged {
			flagged = append(flagged, o.Review)
		}
	}
	if !slices.Contains(flagged, 17) || len(flagged) > 2 {
		t.Errorf("flagged %v", flagged)
	}
}

// TestOutliersAreStudentised compares with the dense model: internally, the
// residual over its standard error; then by the variance that leaves it out.
func TestOutliersAreStudentised(t *testing.T) {
	t.Parallel()
	table, _ := panel(rand.New(rand.NewPCG(14, 4)), 20, 5, 4)
	m := fit(t, table, tally.Options{})
	d := newDense(table, m.Components)
	free, freedom := make([]float64, len(table.Reviews)), 0.0
	for i, r := range table.Reviews {
		row := make([]float64, d.effects.Len())
		row[0], row[1+r.Entry], row[1+table.Entries+r.Juror] = 1, 1, 1
		free[i] = m.Components.Residual - d.combine(row)
		freedom += free[i] / m.Components.Residual
	}
	for _, o := range m.Outliers() {
		inner := o.Residual / math.Sqrt(free[o.Review])
		within(t, "studentised", o.Studentised, inner*math.Sqrt((freedom-1)/(freedom-inner*inner)), 1e-8)
	}
}

func TestPairsThatAgreeTooMuch(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(15, 4))
	table, _ := panel(random, 120, 6, 6)
	shared := make([]float64, table.Entries)
	for e := range shared {
		shared[e] = 1.5 * random.NormFloat64()
	}
	for i, r := range table.Reviews {
		if r.Juror == 1 || r.Juror == 4 {
			table.Reviews[i].Score += shared[r.Entry]
		}
	}
	for _, p := range fit(t, table, tally.Options{}).Pairs() {
		together := p.Jurors == [2]int{1, 4}
		if together && (!p.Flagged || p.Correlation < 0.3 || p.Common != 120) || p.Expected > -0.1 || p.Expected < -0.25 {
			t.Errorf("got %+v", p)
		}
	}
}

func TestAffinity(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(16, 4))
	table, _ := panel(random, 120, 12, 3)
	related := make([]bool, len(table.Reviews))
	for i := range related {
		related[i] = random.IntN(6) == 0
	}
	plain, ok := fit(t, table, tally.Options{}).Affinity(related, 1, 500)
	if !ok || plain.P < 0.02 {
		t.Errorf("nobody favours anyone: got %+v", plain)
	}
	for i, yes := range related {
		if yes {
			table.Reviews[i].Score += 1.5
		}
	}
	got, ok := fit(t, table, tally.Options{}).Affinity(related, 1, 500)
	if !ok || got.P > 0.01 || got.Difference < 0.5 {
		t.Errorf("got %+v", got)
	}
	if _, ok := fit(t, table, tally.Options{}).Affinity(make([]bool, len(related)), 1, 500); ok {
		t.Error("without relations there is nothing to test")
	}
}

func TestFavoursInACircle(t *testing.T) {
	t.Parallel()
	table, _ := panel(rand.New(rand.NewPCG(17, 4)), 60, 6, 3)
	entrants := make([]int, table.Entries)
	for e := range entrants {
		entrants[e] = -1
	}
	entrants[0], entrants[1], entrants[2] = 3, 4, 5
	table.Reviews = append(table.Reviews,
		tally.Review{Entry: 0, Juror: 5, Score: 14}, tally.Review{Entry: 1, Juror: 3, Score: 14}, tally.Review{Entry: 2, Juror: 4, Score: 14})
	got := fit(t, table, tally.Options{}).Favours(entrants)
	if !slices.ContainsFunc(got, func(f tally.Favour) bool { return slices.Equal(f.Jurors, []int{3, 4, 5}) && f.Mean > 1 }) {
		t.Errorf("got %+v", got)
	}
}

func TestInfluenceAndRobustness(t *testing.T) {
	t.Parallel()
	table, _ := panel(rand.New(rand.NewPCG(18, 4)), 60, 10, 3)
	m := fit(t, table, tally.Options{})
	r := tally.Ranking{Seed: 2, Draws: 1000, Places: []int{12}}
	standings := rank(t, m, r)
	calm, err := m.Robust(r, standings)
	if err != nil {
		t.Fatal(err)
	}
	var last int // the worst entry, which one review lifts
	for e, s := range standings {
		if s.Rank == 60 {
			last = e
		}
	}
	for i, review := range table.Reviews {
		if review.Entry == last {
			table.Reviews[i].Score += 12
			table.Reviews = append([]tally.Review(nil), table.Reviews...)
			m = fit(t, table, tally.Options{})
			standings = rank(t, m, r)
			shifts, err := m.Robust(r, standings)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(shifts, func(s tally.Shift) bool { return s.Entry == last && s.After < s.Before-0.2 }) || len(calm) > 3 {
				t.Errorf("got %+v, before %+v", shifts, calm)
			}
			found, err := m.Influence([]int{review.Juror, (review.Juror + 1) % 10}, r)
			if err != nil {
				t.Fatal(err)
			}
			if found[0].Entry != last || found[0].Change > -0.3 || math.Abs(found[1].Change) > math.Abs(found[0].Change) {
				t.Errorf("entry %d: got %+v", last, found)
			}
			return
		}
	}
}
