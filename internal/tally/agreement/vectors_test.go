package agreement_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"testing"

	"laurel/internal/tally/agreement"
)

// near is the tolerance of the vectors in testdata, whose files name the
// publications that they come from.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9) {
		t.Errorf("%s: got %.15g, want %.15g", what, got, want)
	}
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func reason(err error) agreement.Reason {
	if e, ok := errors.AsType[*agreement.NotComputable](err); ok {
		return e.Reason
	}
	return 0
}

// byEntry turns rows of raters with gaps into the scores of each entry.
func byEntry(raters [][]*float64) [][]float64 {
	entries := make([][]float64, len(raters[0]))
	for _, row := range raters {
		for e, v := range row {
			if v != nil {
				entries[e] = append(entries[e], *v)
			}
		}
	}
	return entries
}

func TestKrippendorffPublished(t *testing.T) {
	t.Parallel()
	var file struct {
		Examples []struct {
			ID        string          `json:"id"`
			Metric    agreement.Level `json:"metric"`
			Raters    [][]*float64    `json:"raters"`
			Published *float64        `json:"expected_published"`
			Full      *float64        `json:"expected_full"`
		} `json:"examples"`
	}
	read(t, "krippendorff_alpha.json", &file)
	for _, x := range file.Examples {
		a, err := agreement.Krippendorff(byEntry(x.Raters), x.Metric)
		switch {
		case x.Full == nil:
			want := map[string]agreement.Reason{"edge-all-equal": agreement.NoVariation, "edge-no-pair": agreement.NoPairs}[x.ID]
			if reason(err) != want || want == 0 {
				t.Errorf("%s: got %v", x.ID, err)
			}
		case err != nil:
			t.Errorf("%s: %v", x.ID, err)
		default:
			near(t, x.ID, a.Value, *x.Full)
			if math.Abs(a.Value-*x.Published) > 0.0005 {
				t.Errorf("%s: got %v, published %v", x.ID, a.Value, *x.Published)
			}
		}
	}
}

func TestIntraclassPublished(t *testing.T) {
	t.Parallel()
	var file struct {
		Examples []struct {
			Rows    [][]float64           `json:"ratings_rows_are_targets"`
			Full    map[string]float64    `json:"expected_full"`
			Bounds  map[string][2]float64 `json:"ci95_full"`
			Squares map[string]float64    `json:"mean_squares"`
		} `json:"examples"`
	}
	read(t, "icc.json", &file)
	for _, x := range file.Examples {
		got, err := agreement.Intraclass(x.Rows)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range got.Forms {
			near(t, f.Name, f.Value, x.Full[f.Name])
			near(t, f.Name+" low", f.Low, x.Bounds[f.Name][0])
			near(t, f.Name+" high", f.High, x.Bounds[f.Name][1])
		}
		near(t, "BMS", got.Squares.Between, x.Squares["BMS"])
		near(t, "WMS", got.Squares.Within, x.Squares["WMS"])
		near(t, "JMS", got.Squares.Judges, x.Squares["JMS"])
		near(t, "EMS", got.Squares.Error, x.Squares["EMS"])
	}
}

func TestKendallPublished(t *testing.T) {
	t.Parallel()
	var file struct {
		Examples []struct {
			ID     string      `json:"id"`
			Raters [][]float64 `json:"raters"`
			Full   *struct {
				W, Chi2, P, S, T float64
				DF               int
				RankSums         []float64 `json:"rank_sums"`
			} `json:"expected_full"`
		} `json:"examples"`
	}
	read(t, "kendall_w.json", &file)
	for _, x := range file.Examples {
		c, err := agreement.Kendall(x.Raters)
		if x.Full == nil {
			if reason(err) != agreement.NoVariation {
				t.Errorf("%s: got %v", x.ID, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		near(t, x.ID+" W", c.W, x.Full.W)
		near(t, x.ID+" chi2", c.ChiSquared, x.Full.Chi2)
		near(t, x.ID+" p", c.P, x.Full.P)
		near(t, x.ID+" S", c.S, x.Full.S)
		near(t, x.ID+" T", c.Ties, x.Full.T)
		for i, want := range x.Full.RankSums {
			near(t, x.ID+" rank sum", c.RankSums[i], want)
		}
		if c.DF != x.Full.DF {
			t.Errorf("%s: df is %d", x.ID, c.DF)
		}
	}
}
