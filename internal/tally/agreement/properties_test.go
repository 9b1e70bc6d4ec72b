package agreement_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"laurel/internal/tally"
	"laurel/internal/tally/agreement"
)

var levels = []agreement.Level{agreement.Nominal, agreement.Ordinal, agreement.Interval, agreement.Ratio}

// gaps makes scores of entries, some with none or one.
func gaps(rng *rand.Rand, entries int) [][]float64 {
	rows := make([][]float64, entries)
	for e := range rows {
		for range rng.IntN(5) {
			rows[e] = append(rows[e], float64(rng.IntN(6)))
		}
	}
	return rows
}

func full(rng *rand.Rand, rows, columns, values int) [][]float64 {
	table := make([][]float64, rows)
	for i := range table {
		for range columns {
			table[i] = append(table[i], float64(1+rng.IntN(values)))
		}
	}
	return table
}

// TestAlphaByCoincidences computes alpha by the definition: every pair of scores
// within an entry, and every pair at all, with δ² written out.
func TestAlphaByCoincidences(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	computed := 0
	for range 400 {
		rows := gaps(rng, 1+rng.IntN(8))
		for _, level := range levels {
			want, ok := byDefinition(rows, level)
			a, err := agreement.Krippendorff(rows, level)
			if ok != (err == nil) {
				t.Fatalf("%s of %v: %v", level, rows, err)
			}
			if ok {
				computed++
				near(t, string(level), a.Value, want)
			}
		}
	}
	if computed < 400 {
		t.Errorf("only %d could be computed", computed)
	}
}

func byDefinition(rows [][]float64, level agreement.Level) (float64, bool) {
	var all []float64
	for _, row := range rows {
		if len(row) > 1 {
			all = append(all, row...)
		}
	}
	delta := func(c, k float64) float64 {
		switch {
		case c == k:
			return 0
		case level == agreement.Nominal:
			return 1
		case level == agreement.Interval:
			return (c - k) * (c - k)
		case level == agreement.Ratio:
			return (c - k) / (c + k) * (c - k) / (c + k)
		}
		var between, ends float64
		for _, v := range all {
			if min(c, k) <= v && v <= max(c, k) {
				between++
			}
			if v == c || v == k {
				ends++
			}
		}
		return (between - ends/2) * (between - ends/2)
	}
	var observed, expected float64
	for _, row := range rows {
		for i, c := range row {
			for j, k := range row {
				if i != j {
					observed += delta(c, k) / float64(len(row)-1)
				}
			}
		}
	}
	for _, c := range all {
		for _, k := range all {
			expected += delta(c, k)
		}
	}
	return 1 - float64(len(all)-1)*observed/expected, expected > 0
}

// TestAlphaOfManyValues: a continuous scale has as many values as scores, and
// the definition still holds, far from zero too.
func TestAlphaOfManyValues(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	rows := make([][]float64, 60)
	for e := range rows {
		quality := rng.NormFloat64()
		for range 4 {
			rows[e] = append(rows[e], 1e6+quality+rng.NormFloat64())
		}
	}
	for _, level := range levels {
		want, _ := byDefinition(rows, level)
		a, err := agreement.Krippendorff(rows, level)
		if err != nil || math.Abs(a.Value-want) > 1e-8 {
			t.Errorf("%s: got %v (%v), want %v", level, a.Value, err, want)
		}
	}
}

func TestAlphaInvariances(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		rows := gaps(rng, 12)
		change := func(f func(float64) float64) [][]float64 {
			changed := make([][]float64, len(rows))
			for e, row := range rows {
				for _, v := range slices.Backward(row) {
					changed[len(rows)-1-e] = append(changed[len(rows)-1-e], f(v))
				}
			}
			return changed
		}
		for level, f := range map[agreement.Level]func(float64) float64{
			agreement.Nominal:  func(v float64) float64 { return math.Mod(v*5+3, 7) },
			agreement.Ordinal:  func(v float64) float64 { return v * v * v },
			agreement.Interval: func(v float64) float64 { return 3*v - 40 },
			agreement.Ratio:    func(v float64) float64 { return v * 9 },
		} {
			a, err := agreement.Krippendorff(rows, level)
			b, other := agreement.Krippendorff(change(f), level)
			if (err == nil) != (other == nil) {
				t.Fatalf("%s: %v and %v", level, err, other)
			}
			if err == nil && !(math.Abs(a.Value-b.Value) < 1e-9) {
				t.Errorf("%s: %v became %v", level, a.Value, b.Value)
			}
		}
	}
}

// TestFullAgreement is 1 by every figure.
func TestFullAgreement(t *testing.T) {
	t.Parallel()
	rows := [][]float64{{1, 1, 1}, {4, 4, 4}, {2, 2, 2}}
	for _, level := range levels {
		a, err := agreement.Krippendorff(rows, level)
		if err != nil {
			t.Fatal(err)
		}
		near(t, string(level), a.Value, 1)
	}
	icc, err := agreement.Intraclass(rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range icc.Forms {
		near(t, f.Name, f.Value, 1)
		near(t, f.Name+" low", f.Low, 1)
		near(t, f.Name+" high", f.High, 1)
	}
	w, err := agreement.Kendall([][]float64{{1, 4, 2}, {1, 4, 2}, {1, 4, 2}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "W", w.W, 1)
	near(t, "spearman", w.Spearman, 1)
}

// TestIntraclassIsAlwaysANumber goes through small tables with many equal
// scores, where mean squares vanish.
func TestIntraclassIsAlwaysANumber(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 8))
	for range 400 {
		rows := full(rng, 2+rng.IntN(4), 2+rng.IntN(3), 1+rng.IntN(3))
		icc, err := agreement.Intraclass(rows)
		if err != nil {
			if reason(err) != agreement.NoVariation || slices.Max(slices.Concat(rows...)) != slices.Min(slices.Concat(rows...)) {
				t.Fatalf("%v: %v", rows, err)
			}
			continue
		}
		for _, f := range icc.Forms {
			for _, v := range []float64{f.Value, f.Low, f.High} {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%+v of %v", f, rows)
				}
			}
			if f.Computable && f.Bounded && (f.Low > f.Value+1e-9 || f.High < f.Value-1e-9) {
				t.Fatalf("%+v of %v", f, rows)
			}
		}
	}
}

// TestIntraclassFromComponents: on a complete table the analysis of variance gives
// σ²u = (BMS−EMS)/k, σ²v = (JMS−EMS)/n and σ² = EMS, and the two roads meet.
func TestIntraclassFromComponents(t *testing.T) {
	t.Parallel()
	rows := [][]float64{{9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}}
	icc, err := agreement.Intraclass(rows)
	if err != nil {
		t.Fatal(err)
	}
	m := icc.Squares
	c, err := agreement.FromComponents(tally.Components{
		Entry: (m.Between - m.Error) / 4, Juror: (m.Judges - m.Error) / 6, Residual: m.Error,
	}, 4)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range map[int]float64{1: c.Single, 2: c.SingleCalibrated, 4: c.Mean, 5: c.MeanCalibrated} {
		near(t, icc.Forms[i].Name, got, icc.Forms[i].Value)
	}
}

func TestComponentsAtTheirEnds(t *testing.T) {
	t.Parallel()
	c, err := agreement.FromComponents(tally.Components{Juror: 1}, 3)
	if err != nil || c.Single != 0 || c.MeanCalibrated != 0 {
		t.Errorf("entries that do not differ: %+v, %v", c, err)
	}
	if _, err = agreement.FromComponents(tally.Components{}, 3); reason(err) != agreement.NoVariation {
		t.Errorf("nothing varies: %v", err)
	}
	for _, bad := range []tally.Components{{Entry: -1}, {Juror: math.NaN()}, {Residual: math.Inf(1)}} {
		_, err = agreement.FromComponents(bad, 3)
		if _, ok := errors.AsType[*agreement.BadComponents](err); !ok {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	_, err = agreement.FromComponents(tally.Components{Entry: 1}, 0)
	if _, ok := errors.AsType[*agreement.BadComponents](err); !ok {
		t.Errorf("no reviews: %v", err)
	}
}

// TestKendallAndSpearman: without ties W and the mean correlation of ranks are
// the same figure.
func TestKendallAndSpearman(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(9, 10))
	for range 200 {
		m, n := 2+rng.IntN(5), 2+rng.IntN(6)
		rows := make([][]float64, m)
		for j := range rows {
			for _, rank := range rng.Perm(n) {
				rows[j] = append(rows[j], float64(rank)*2.5)
			}
		}
		c, err := agreement.Kendall(rows)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "spearman", c.Spearman, (float64(m)*c.W-1)/float64(m-1))
	}
}

// TestPermutationOfTwo: two jurors with the same order of three are one of six
// orders, so p is about 1/6; with opposite orders every shuffle reaches W.
func TestPermutationOfTwo(t *testing.T) {
	t.Parallel()
	p, err := agreement.Permute([][]float64{{1, 2, 3}, {1, 2, 3}}, 0, 1)
	if err != nil || math.Abs(p.P-1.0/6) > 0.02 || p.Shuffles != 10_000 {
		t.Errorf("%+v, %v", p, err)
	}
	again, _ := agreement.Permute([][]float64{{1, 2, 3}, {1, 2, 3}}, 0, 1)
	if again != p {
		t.Errorf("the same seed gives %+v and %+v", p, again)
	}
	if p, err = agreement.Permute([][]float64{{1, 2, 3}, {3, 2, 1}}, 100, 1); err != nil || p.P != 1 {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestBootstrapOfAlpha(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(11, 12))
	rows := make([][]float64, 60)
	for e := range rows {
		quality := rng.NormFloat64()
		for range 3 {
			rows[e] = append(rows[e], quality+rng.NormFloat64())
		}
	}
	a, err := agreement.Krippendorff(rows, agreement.Interval)
	if err != nil {
		t.Fatal(err)
	}
	r, err := agreement.AlphaInterval(rows, agreement.Interval, agreement.Resampling{Seed: 5})
	if err != nil || r.Resamples != 2000 || r.Skipped != 0 || r.Seed != 5 {
		t.Fatalf("%+v, %v", r, err)
	}
	// The standard error of alpha is about 0.07 here.
	if !(r.Low < a.Value && a.Value < r.High && r.High-r.Low > 0.15 && r.High-r.Low < 0.5) {
		t.Errorf("%v within %+v", a.Value, r)
	}
	again, _ := agreement.AlphaInterval(rows, agreement.Interval, agreement.Resampling{Seed: 5})
	other, _ := agreement.AlphaInterval(rows, agreement.Interval, agreement.Resampling{Seed: 6})
	if again != r || other == r {
		t.Errorf("seeds: %+v, %+v, %+v", r, again, other)
	}
	if _, err = agreement.AlphaInterval(rows[:9], agreement.Interval, agreement.Resampling{}); !errors.Is(err, agreement.ErrTooFewEntries) {
		t.Errorf("nine entries: %v", err)
	}
}

// TestBootstrapSkips: with one entry that differs, resamples without it have no
// alpha; about (9/10)^10 of them, 35 in 100.
func TestBootstrapSkips(t *testing.T) {
	t.Parallel()
	rows := slices.Repeat([][]float64{{3, 3}}, 10)
	rows[4] = []float64{5, 4}
	r, err := agreement.AlphaInterval(rows, agreement.Interval, agreement.Resampling{Seed: 1})
	if err != nil || math.Abs(float64(r.Skipped)/2000-0.349) > 0.04 {
		t.Errorf("%+v, %v", r, err)
	}
	_, err = agreement.Bootstrap(10, agreement.Resampling{Resamples: 5}, func([]int) (float64, error) {
		return 0, &agreement.NotComputable{Reason: agreement.NoPairs}
	})
	if reason(err) != agreement.NoVariation {
		t.Errorf("all skipped: %v", err)
	}
	broken := errors.New("broken")
	if _, err = agreement.Bootstrap(10, agreement.Resampling{}, func([]int) (float64, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Errorf("another error: %v", err)
	}
}

// TestWithTheRest is by hand: of entries 1 to 4 the juror gives 1, 2, 3, 6, the
// others' means are 2, 2, 4, 8: r = 18/√(14·24).
func TestWithTheRest(t *testing.T) {
	t.Parallel()
	scores := [][]float64{{1, 1, 3}, {2, 2}, {4, 3}, {6, 7, 9}, {5}, {8, 8}}
	by := [][]int{{0, 1, 2}, {0, 1}, {1, 0}, {0, 1, 2}, {0}, {1, 2}}
	got, err := agreement.WithTheRest(scores, by, 4)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "r", got[0].R, 18/math.Sqrt(14*24))
	if got[0].Entries != 4 || !got[0].Computable || got[3] != (agreement.Rest{}) {
		t.Errorf("%+v", got)
	}
	got, _ = agreement.WithTheRest([][]float64{{3, 1}, {3, 2}, {3, 5}}, [][]int{{0, 1}, {0, 1}, {0, 1}}, 2)
	if got[0].Computable || got[1].Computable || got[0].Entries != 3 {
		t.Errorf("one who never varies: %+v", got)
	}
}

func TestWhatIsNoScore(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{math.NaN(), math.Inf(1), 2e100} {
		bad := [][]float64{{1, 2}, {1, v}}
		_, first := agreement.Krippendorff(bad, agreement.Interval)
		_, second := agreement.Intraclass(bad)
		_, third := agreement.Kendall(bad)
		_, fourth := agreement.WithTheRest(bad, [][]int{{0, 1}, {0, 1}}, 2)
		for _, err := range []error{first, second, third, fourth} {
			if e, ok := errors.AsType[*agreement.BadValue](err); !ok || e.Row != 1 || e.Column != 1 {
				t.Errorf("%v: %v", v, err)
			}
		}
	}
	_, err := agreement.Krippendorff([][]float64{{1, -2}}, agreement.Ratio)
	if e, ok := errors.AsType[*agreement.BadValue](err); !ok || e.Column != 1 {
		t.Errorf("below zero on a ratio scale: %v", err)
	}
}

func TestTablesThatAreNotWhole(t *testing.T) {
	t.Parallel()
	for want, rows := range map[agreement.Reason][][]float64{
		agreement.Incomplete: {{1, 2}, {1}},
		agreement.TooFew:     {{1, 2}},
	} {
		_, err := agreement.Intraclass(rows)
		_, other := agreement.Kendall(rows)
		_, third := agreement.Permute(rows, 10, 1)
		if reason(err) != want || reason(other) != want || reason(third) != want {
			t.Errorf("%v: %v, %v, %v", rows, err, other, third)
		}
	}
	if _, err := agreement.Intraclass(nil); reason(err) != agreement.TooFew {
		t.Errorf("nothing: %v", err)
	}
}

func TestGrades(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64]agreement.Grade{0.8: agreement.Firm, 0.79: agreement.Tentative, 0.667: agreement.Tentative, 0.5: agreement.Low, 0: agreement.NoneAtAll, -0.2: agreement.NoneAtAll} {
		if got := agreement.AlphaGrade(value); got != want {
			t.Errorf("alpha %v is %s", value, got)
		}
	}
	for value, want := range map[float64]agreement.Grade{0.9: agreement.Excellent, 0.75: agreement.Good, 0.5: agreement.Moderate, 0.49: agreement.Poor} {
		if got := agreement.ICCGrade(value); got != want {
			t.Errorf("ICC %v is %s", value, got)
		}
	}
}

// BenchmarkAlphaInterval is 2,000 resamples of 5,000 entries with three reviews.
func BenchmarkAlphaInterval(b *testing.B) {
	rng := rand.New(rand.NewPCG(13, 14))
	rows := full(rng, 5000, 3, 20)
	for b.Loop() {
		if _, err := agreement.AlphaInterval(rows, agreement.Interval, agreement.Resampling{Seed: 1}); err != nil {
			b.Fatal(err)
		}
	}
}
