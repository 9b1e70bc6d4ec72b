package tally_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"laurel/internal/tally"
)

func TestDecisionStudy(t *testing.T) {
	t.Parallel()
	c := tally.Components{Entry: 1, Juror: 0.5, Residual: 1.5}
	for target, want := range map[float64]int{0.5: 2, 0.6: 3, 0.75: 5, 0.8: 6, 0.9: 14, 0.01: 1} {
		if got, ok := c.ReviewsFor(target); got != want || !ok {
			t.Errorf("for %v: got %v, %v, want %v", target, got, ok, want)
		}
	}
	within(t, "single", c.Single(), 1.0/3, 1e-15)
	within(t, "single, calibrated", c.SingleCalibrated(), 0.4, 1e-15)
	within(t, "three", c.Mean(3), 0.6, 1e-15)
	within(t, "three, calibrated", c.MeanCalibrated(3), 1/1.5, 1e-15)
	for _, target := range []float64{0, 1, math.NaN(), -1, 0.9999999999} {
		if k, ok := c.ReviewsFor(target); ok {
			t.Errorf("for %v: got %v", target, k)
		}
	}
	if k, ok := (tally.Components{Residual: 1}).ReviewsFor(0.8); ok {
		t.Errorf("entries that do not differ: got %v", k)
	}
}

// TestReliabilityOfCompleteTables compares with the closed form for designs in
// which everyone sees everything: the error of û is that of a mean of k reviews,
// about the mean of E entries.
func TestReliabilityOfCompleteTables(t *testing.T) {
	t.Parallel()
	c := tally.Components{Entry: 1, Juror: 0.5, Residual: 1.5}
	o, err := tally.Plan{Entries: 50, Jurors: 4, Reviews: 4, Minutes: 15, Components: &c}.Outlook()
	if err != nil {
		t.Fatal(err)
	}
	rho := c.MeanCalibrated(4)
	within(t, "reliability", o.Calibrated, rho*(1-1.0/50), 1e-12)
	within(t, "raw", o.Raw, rho, 1e-15)
	if o.Least != 50 || o.Most != 50 || o.Hours != 12.5 || o.Total != 50 {
		t.Errorf("got %+v", o)
	}
}

func TestPlanner(t *testing.T) {
	t.Parallel()
	o, err := tally.Plan{Entries: 500, Jurors: 40, Reviews: 3, Minutes: 20}.Outlook()
	if err != nil {
		t.Fatal(err)
	}
	if o.Least != 37 || o.Most != 38 || o.Total != 500 || o.Needed != 5 {
		t.Errorf("got %+v", o)
	}
	within(t, "raw", o.Raw, 1/(1+1.7/3), 1e-12)
	if o.Calibrated <= o.Raw || o.Calibrated >= tally.Defaults.MeanCalibrated(3) {
		t.Errorf("calibrated %.3f should lie between raw %.3f and severities known %.3f", o.Calibrated, o.Raw, tally.Defaults.MeanCalibrated(3))
	}
	for name, p := range map[string]tally.Plan{
		"no entries":    {Jurors: 1, Reviews: 1},
		"too few":       {Entries: 5, Jurors: 2, Reviews: 3},
		"minutes":       {Entries: 5, Jurors: 3, Reviews: 3, Minutes: math.NaN()},
		"no residual":   {Entries: 5, Jurors: 3, Reviews: 3, Components: &tally.Components{Entry: 1}},
		"out of bounds": {Entries: 1e7, Jurors: 30, Reviews: 3},
	} {
		if got, err := p.Outlook(); err == nil {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// TestGainIsTheExpectedImprovement works the gain out by numerical integration:
// E max(0, μ+sZ) − max(0, μ) at the distance μ from the threshold.
func TestGainIsTheExpectedImprovement(t *testing.T) {
	t.Parallel()
	table, _ := panel(rand.New(rand.NewPCG(6, 1)), 60, 12, 3)
	m := fit(t, table, tally.Options{})
	r := tally.Ranking{Seed: 1, Places: []int{12}}
	standings := rank(t, m, r)
	viewings := m.Viewings(r, standings)
	if len(viewings) != 60 {
		t.Fatalf("got %d", len(viewings))
	}
	for _, v := range viewings[:20] {
		var sum float64
		const step = 1e-3
		for z := -9.0; z < 9; z += step {
			sum += max(0, -v.Distance+v.Learned*z) * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * step
		}
		within(t, "gain", v.Gain, sum, 1e-6)
	}
	by := m.ViewingBy(viewings[0].Entry, 2, m.Entries[viewings[0].Entry].Calibrated)
	pev := m.Entries[by.Entry].PEV
	within(t, "learned", by.Learned, math.Sqrt(pev-1/(1/pev+1/(m.Components.Residual+m.Jurors[2].PEV))), 1e-12)
	for i := range viewings[1:] {
		if viewings[i+1].Gain > viewings[i].Gain {
			t.Error("not in order of gain")
		}
	}
	if batch := m.Batch(viewings, 5, 0, 0); len(batch) != 5 || batch[0] != viewings[0] {
		t.Errorf("got %v", batch)
	}
	if batch := m.Batch(viewings, 5, 3, 0); len(batch) != 0 {
		t.Errorf("entries with their most reviews: got %v", batch)
	}
}

func TestWhenToStop(t *testing.T) {
	t.Parallel()
	table, _ := panel(rand.New(rand.NewPCG(6, 2)), 60, 12, 3)
	m := fit(t, table, tally.Options{})
	r := tally.Ranking{Seed: 1, Places: []int{12}}
	standings := rank(t, m, r)
	viewings := m.Viewings(r, standings)
	for name, c := range map[string]struct {
		rule tally.Rule
		want tally.Reason
	}{
		"go on":      {tally.Rule{Tolerated: 0.36, MostReviews: 5}, tally.GoOn},
		"certain":    {tally.Rule{Tolerated: tally.ExpectedErrors(standings) + 1e-9}, tally.Certain},
		"not worth":  {tally.Rule{Cost: viewings[0].Gain}, tally.NotWorth},
		"all viewed": {tally.Rule{MostReviews: 3}, tally.AllViewed},
	} {
		if got := m.Stop(c.rule, standings, viewings); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	if got := m.Stop(tally.Rule{}, standings, m.Viewings(tally.Ranking{}, standings)); got != tally.NothingAsk {
		t.Errorf("without places: got %v", got)
	}
}

// TestViewingsGoWhereTheyHelp adds a fourth review to three tenths of the entries,
// by gain or at random, and counts how many of the true best are found.
func TestViewingsGoWhereTheyHelp(t *testing.T) {
	t.Parallel()
	const rounds, entries, places, extra = 25, 200, 20, 60
	hit := map[string]float64{}
	for seed := range rounds {
		random := rand.New(rand.NewPCG(uint64(seed), 77))
		full, worth := panel(random, entries, 25, 4)
		m := fit(t, fourth(full, nil), tally.Options{})
		r := tally.Ranking{Draws: 1, Places: []int{places}}
		var gain []int
		for _, v := range m.Batch(m.Viewings(r, rank(t, m, r)), extra, 0, 0) {
			gain = append(gain, v.Entry)
		}
		for name, again := range map[string][]int{"none": nil, "gain": gain, "random": random.Perm(entries)[:extra]} {
			hit[name] += found(fit(t, fourth(full, again), tally.Options{}), worth, places) / rounds
		}
	}
	t.Logf("%v", hit)
	if hit["gain"] < hit["random"]+0.02 || hit["gain"] < hit["none"]+0.03 {
		t.Errorf("got %v", hit)
	}
}

// fourth keeps the first three of each entry's four reviews, and all of some.
func fourth(full tally.Table, all []int) tally.Table {
	t := full
	t.Reviews = nil
	for i, r := range full.Reviews {
		if i%4 < 3 || slices.Contains(all, r.Entry) {
			t.Reviews = append(t.Reviews, r)
		}
	}
	return t
}

// found is the share of the true best among the calibrated best.
func found(m *tally.Model, worth []float64, places int) (share float64) {
	values, all := make([]float64, len(worth)), make([]int, len(worth))
	for e := range values {
		values[e], all[e] = m.Entries[e].Calibrated, e
	}
	truly := best(all, worth)[:places]
	for _, e := range best(all, values)[:places] {
		if slices.Contains(truly, e) {
			share += 1 / float64(places)
		}
	}
	return share
}

func TestCorrectionsSayWhoMovesAndWhy(t *testing.T) {
	t.Parallel()
	// Two kind jurors and two strict ones; entries 0 and 1 differ only in whom they met.
	var rows [][3]float64
	for e := range 20 {
		for j := range 4 {
			if e < 2 && j/2 != e {
				continue
			}
			severity := 2 - 4*float64(j/2)
			rows = append(rows, [3]float64{float64(e), float64(j), 6 + severity + 0.3*float64(e%7) + 0.2*float64((e*3+j*5)%4)})
		}
	}
	m := fit(t, reviews(rows...), tally.Options{})
	r := tally.Ranking{Seed: 1, Places: []int{3}}
	for _, c := range m.Corrections(r, rank(t, m, r)) {
		e := m.Entries[c.Entry]
		within(t, "the whole", c.Total, c.Shrinkage-c.Severity, 1e-12)
		within(t, "the whole", c.Total, e.Calibrated-e.Raw, 1e-12)
		switch c.Entry {
		case 0:
			if c.RawRank != 1 || !c.RawIn || c.In || !c.Moves() || c.Severity < 1.5 {
				t.Errorf("kind jurors: got %+v", c)
			}
		case 1:
			if c.RawRank != 20 || c.Rank >= 20 || c.Severity > -1.5 {
				t.Errorf("strict jurors: got %+v", c)
			}
		}
	}
}
