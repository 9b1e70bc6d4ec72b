package assign_test

import (
	"math"
	"slices"
	"testing"

	"laurel/internal/assign"
)

// TestReferenceDesigns compares with the reference designs: a textbook value for
// the balanced incomplete block design (Yates 1936), the others computed there
// by two routes.
func TestReferenceDesigns(t *testing.T) {
	t.Parallel()
	var file struct {
		Examples []struct {
			ID           string       `json:"id"`
			Entries      int          `json:"entries"`
			Jurors       int          `json:"jurors"`
			Edges        [][2]int     `json:"edges"`
			Components   int          `json:"components"`
			Rank         int          `json:"rank_of_juror_information"`
			Connectivity float64      `json:"algebraic_connectivity"`
			Bridges      [][2]int     `json:"bridges"`
			Contrast     [][]*float64 `json:"juror_contrast_variance_over_sigma2"`
			Mean         float64      `json:"mean_contrast_variance"`
		} `json:"examples"`
	}
	read(t, "connectivity.json", &file)
	if len(file.Examples) < 5 {
		t.Fatalf("only %d examples", len(file.Examples))
	}
	for _, x := range file.Examples {
		given := make([][]int, x.Entries)
		for _, e := range x.Edges {
			given[e[0]] = append(given[e[0]], e[1])
		}
		d := assign.Measure(given, x.Jurors)
		if len(d.Components) != x.Components || d.Rank != x.Rank {
			t.Errorf("%s: got components %v and rank %d, want %d and %d", x.ID, d.Components, d.Rank, x.Components, x.Rank)
		}
		near(t, x.ID+": connectivity", d.Connectivity, x.Connectivity)
		near(t, x.ID+": mean contrast", d.MeanContrast, x.Mean)
		for a := range x.Contrast {
			for b, v := range x.Contrast[a] {
				want := -1.0
				if v != nil {
					want = *v
				}
				near(t, x.ID+": contrast", d.Contrast[a][b], want)
			}
		}
		slices.SortFunc(x.Bridges, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
		if !slices.EqualFunc(d.Bridges, x.Bridges, func(a assign.Place, b [2]int) bool { return a.Entry == b[0] && a.Juror == b[1] }) {
			t.Errorf("%s: got bridges %v, want %v", x.ID, d.Bridges, x.Bridges)
		}
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// TestDegenerateDesigns measures what cannot be compared.
func TestDegenerateDesigns(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		given      [][]int
		jurors     int
		components int
		contrast   float64
	}{
		"nothing":            {nil, 0, 0, 0},
		"no viewings":        {[][]int{{}, {}}, 3, 0, -1},
		"one juror":          {[][]int{{1}, {1}}, 2, 1, -1},
		"one viewing each":   {[][]int{{0}, {1}}, 2, 2, -1},
		"two jurors, shared": {[][]int{{0, 1}}, 2, 1, 2},
		"one without any":    {[][]int{{0, 2}, {0, 2}}, 3, 1, -1},
	} {
		d := assign.Measure(c.given, c.jurors)
		if len(d.Components) != c.components || math.IsNaN(d.Connectivity) || math.IsNaN(d.MeanContrast) {
			t.Errorf("%s: got %+v", name, d)
		}
		if c.jurors > 1 {
			near(t, name, d.Contrast[0][1], c.contrast)
		}
	}
}

// TestSharedJurorsSurvive wants a viewing to be a bridge exactly if the division
// without it has one component more.
func TestSharedJurorsSurvive(t *testing.T) {
	t.Parallel()
	g := generator(9)
	for range 200 {
		given := make([][]int, 6)
		for e := range given {
			for j := range 5 {
				if g.chance(35) {
					given[e] = append(given[e], j)
				}
			}
		}
		d := assign.Measure(given, 5)
		for e, jurors := range given {
			for i, j := range jurors {
				less := slices.Clone(given)
				less[e] = slices.Delete(slices.Clone(jurors), i, i+1)
				bridge := slices.Contains(d.Bridges, assign.Place{Entry: e, Juror: j})
				// A loss that leaves an entry or a juror without viewings parts
				// nothing that counts, and is a bridge all the same.
				alone := len(jurors) == 1 || !slices.ContainsFunc(less, func(x []int) bool { return slices.Contains(x, j) })
				if parted := len(assign.Measure(less, 5).Components) > len(d.Components); bridge != (parted || alone) {
					t.Fatalf("entry %d, juror %d of %v: bridge is %v", e, j, given, bridge)
				}
			}
		}
	}
}
