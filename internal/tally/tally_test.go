package tally_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"laurel/internal/tally"
)

var rubric = []tally.Criterion{
	{ID: 1, Weight: 30, Counted: true},
	{ID: 2, Weight: 25, Counted: true},
	{ID: 3, Weight: 25, Counted: true},
	{ID: 4, Weight: 20, Counted: true},
	{ID: 5, Weight: 50, Counted: false},
	{ID: 6, Weight: 0, Counted: true},
}

func TestScore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		marks map[int64]int
		want  float64
		ok    bool
	}{
		{"every criterion", map[int64]int{1: 8, 2: 7, 3: 9, 4: 6}, 7.6, true},
		{"one left out renormalises", map[int64]int{1: 8, 2: 7, 3: 9}, 8, true},
		{"shown only never counts", map[int64]int{1: 8, 5: 1}, 8, true},
		{"weight zero never counts", map[int64]int{1: 8, 6: 1}, 8, true},
		{"nothing that counts", map[int64]int{5: 8, 6: 8}, 0, false},
		{"nothing at all", nil, 0, false},
		{"a criterion of another round", map[int64]int{99: 8}, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := tally.Score(rubric, c.marks)
			if !tally.Same(got, c.want) || ok != c.ok {
				t.Errorf("got %v, %v, want %v, %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func TestScoreStaysOnTheScale(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		marks := map[int64]int{}
		low, high := 10, 1
		for id := int64(1); id <= 4; id++ {
			marks[id] = 1 + random.IntN(10)
			low, high = min(low, marks[id]), max(high, marks[id])
		}
		got, _ := tally.Score(rubric, marks)
		if got < float64(low)-1e-9 || got > float64(high)+1e-9 {
			t.Fatalf("%v gave %v", marks, got)
		}
	}
}

func TestSummarise(t *testing.T) {
	t.Parallel()
	got := tally.Summarise([]float64{8, 9, 9, 9, 8})
	want := tally.Summary{Count: 5, Mean: 8.6, Spread: math.Sqrt(0.3), Low: 8, High: 9}
	if !tally.Same(got.Mean, want.Mean) || !tally.Same(got.Spread, want.Spread) || got.Count != 5 || got.Low != 8 || got.High != 9 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := tally.Summarise(nil); got != (tally.Summary{}) {
		t.Errorf("no score: got %+v", got)
	}
	if got := tally.Summarise([]float64{7}); got != (tally.Summary{Count: 1, Mean: 7, Low: 7, High: 7}) {
		t.Errorf("one score: got %+v", got)
	}
}

func TestDistribution(t *testing.T) {
	t.Parallel()
	got := tally.Distribution([]float64{1, 4.4, 4.5, 10, 11, 0}, 1, 10)
	if want := []int{2, 0, 0, 1, 1, 0, 0, 0, 0, 2}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRankSharesAndSkips(t *testing.T) {
	t.Parallel()
	third := 0.0
	for range 3 {
		third += 0.1
	}
	got := tally.Rank([]tally.Summary{
		{},
		{Count: 1, Mean: 0.3},
		{Count: 3, Mean: 9},
		{Count: 2, Mean: third},
		{Count: 1, Mean: 0.1},
	})
	want := []tally.Place{{2, 1, false}, {1, 2, true}, {3, 2, true}, {4, 4, false}, {0, 0, false}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
