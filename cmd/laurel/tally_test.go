package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

// published is a data set of internal/tally/testdata/lmm.json as a table of
// marks, with what is known of it.
type published struct {
	Data struct {
		Y                []float64
		Factor1, Factor2 []string
		XColumns         []string    `json:"X_columns"`
		X                [][]float64 `json:"X"`
	}
	REML struct {
		Var1, Var2, Residual, Criterion float64
		Beta                            []float64
		Blup1, Blup2                    map[string]float64
	}
	Expected struct {
		Beta []float64
		U    map[string]float64
	} `json:"expected_full"`
}

func publishedScores(t *testing.T, id string) (published, string) {
	t.Helper()
	data, err := os.ReadFile("../../internal/tally/testdata/lmm.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Examples []struct {
			ID string
			published
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	for _, e := range file.Examples {
		if e.ID == id {
			return e.published, e.csv()
		}
	}
	t.Fatalf("there is no %s", id)
	return published{}, ""
}

func (p published) csv() string {
	var b strings.Builder
	b.WriteString("entry,juror,criterion,value,category\n")
	for i, y := range p.Data.Y {
		juror, category := "", ""
		if p.Data.Factor2 != nil {
			juror = p.Data.Factor2[i]
		}
		if p.Data.X != nil {
			category = p.Data.XColumns[slices.Index(p.Data.X[i], 1)]
		}
		fmt.Fprintf(&b, "%s,%s,score,%v,%s\n", p.Data.Factor1[i], juror, y, category)
	}
	return b.String()
}

func tallyJSON(t *testing.T, csv string, args ...string) tallyAnswer {
	t.Helper()
	code, out, errors := laurelReading(t, csv, append([]string{"tally", "-", "--format", "json"}, args...)...)
	if code != exitOK || errors != "" {
		t.Fatalf("ended with %d: %s", code, errors)
	}
	var a tallyAnswer
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-6*math.Abs(want)) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestTallyOfPublishedData(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"dyestuff", "dyestuff2-boundary", "penicillin"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			want, csv := publishedScores(t, id)
			a := tallyJSON(t, csv, "--draws", "100")
			near(t, "entries", *a.Components.Entry, want.REML.Var1)
			near(t, "jurors", *a.Components.Juror, want.REML.Var2)
			near(t, "residual", *a.Components.Residual, want.REML.Residual)
			near(t, "criterion", *a.Criterion, want.REML.Criterion)
			near(t, "level", a.Fixed["intercept"], want.REML.Beta[0])
			for _, e := range a.Entries {
				near(t, e.Entry, *e.Calibrated, want.REML.Beta[0]+want.REML.Blup1[e.Entry])
			}
			for _, j := range a.Jurors {
				near(t, j.Juror, *j.Severity, want.REML.Blup2[j.Juror])
			}
		})
	}
}

func TestTallyWithGivenComponents(t *testing.T) {
	t.Parallel()
	want, csv := publishedScores(t, "robinson-1991-blup")
	a := tallyJSON(t, csv, "--components", "0.1,0,1", "--draws", "100")
	for i, name := range want.Data.XColumns {
		near(t, name, a.Fixed[name], want.Expected.Beta[i])
	}
	if a.Basis != "given" || a.Iterations != 0 {
		t.Errorf("got %s after %d iterations", a.Basis, a.Iterations)
	}
}

const panelScores = `entry,juror,criterion,value,weight
B,x,script,6,2
B,x,look,9,1
A,x,script,8,2
A,x,look,8,1
A,y,script,5,2
A,y,look,7,1
C,y,script,3,2
C,y,look,4,1
C,z,script,6,2
B,z,script,7,2
D,z,script,,2
`

func TestTallyOrdersByRank(t *testing.T) {
	t.Parallel()
	a := tallyJSON(t, panelScores, "--places", "1", "--seed", "7", "--draws", "500")
	var names []string
	for i, e := range a.Entries {
		names = append(names, e.Entry)
		if i < 3 && (*e.Rank < 1 || *e.PSelected < 0 || e.Interval[0] >= *e.Calibrated || e.RankInterval[1] > 3) {
			t.Errorf("got %+v", e)
		}
	}
	last := a.Entries[3]
	if !slices.Contains(names[:2], "A") || names[3] != "D" || last.Rank != nil || last.Raw != nil || last.SE != nil || last.PSelected != nil {
		t.Errorf("got %v, %+v", names, last)
	}
	if a.Seed != 7 || a.Draws != 500 || *a.Places != 1 || len(a.Warnings) == 0 {
		t.Errorf("got seed %d, %d draws, warnings %v", a.Seed, a.Draws, a.Warnings)
	}
	near(t, "raw mean", *a.Entries[slices.Index(names, "A")].Raw, (8+17.0/3)/2)
}

func TestTallyIsTheSameForLinesInAnyOrder(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(panelScores), "\n")
	slices.Reverse(lines[1:])
	for _, format := range []string{"json", "table"} {
		_, want, _ := laurelReading(t, panelScores, "tally", "-", "--format", format)
		_, got, _ := laurelReading(t, strings.Join(lines, "\n"), "tally", "-", "--format", format)
		if got != want || want == "" {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestTallyOfDegenerateScores(t *testing.T) {
	t.Parallel()
	const header = "entry,juror,criterion,value,weight\n"
	for name, c := range map[string]struct{ csv, warning string }{
		"no lines":       {header, "no score"},
		"weights zero":   {header + "A,x,c,1,0\nB,y,c,2,0\n", "no score"},
		"a single score": {header + "A,x,c,1,1\n", "One juror"},
		"one juror":      {header + "A,x,c,1,1\nB,x,c,3,1\nC,x,c,2,1\n", "One juror"},
		"all equal":      {header + "A,x,c,2,1\nB,x,c,2,1\nA,y,c,2,1\nB,y,c,2,1\n", "no information"},
		"two parts":      {header + "A,x,c,1,1\nB,x,c,3,1\nA,y,c,3,1\nB,y,c,4,1\nC,v,c,1,1\nD,v,c,3,1\nC,w,c,2,1\nD,w,c,6,1\n", "2 parts"},
		"twice":          {header + "A,x,c,1,1\nA,x,c,2,1\nB,x,c,3,1\nB,y,c,3,1\nA,y,c,0,1\n", "more than once"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := tallyJSON(t, c.csv, "--places", "1", "--draws", "50")
			if a.Warnings == nil || !strings.Contains(strings.Join(a.Warnings, "\n"), c.warning) {
				t.Errorf("warned %q, want %q", a.Warnings, c.warning)
			}
			for _, e := range a.Entries {
				if a.Basis == "none" && e.Raw != nil && *e.Calibrated != *e.Raw {
					t.Errorf("got %v, want the raw mean %v", *e.Calibrated, *e.Raw)
				}
			}
			if code, out, _ := laurelReading(t, c.csv, "tally", "-"); code != exitOK || strings.Contains(out, "NaN") || strings.Contains(out, "Inf") {
				t.Errorf("ended with %d: %s", code, out)
			}
		})
	}
}

func TestTallyRounds(t *testing.T) {
	t.Parallel()
	_, csv := publishedScores(t, "penicillin")
	code, out, _ := laurelReading(t, csv, "tally", "-", "--places", "3")
	for _, want := range []string{
		"24 entries, 144 reviews by 6 jurors, 3 places.", "1     m      6        24.50  24.50     24.40       0.82  22.80 to 26.00",
		"2=    k", "A      24       +2.19     0.80", "Variances (estimated): entries 0.7169, jurors 3.731, residual 0.3024; criterion 330.8606",
	} {
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("want %q in\n%s", want, out)
		}
	}
	for se, want := range map[float64]int{0.82: 2, 0.082: 3, 8.2: 1, 82: 0, 820: 0, 0: 2, 1: 1, 0.1: 2} {
		if got := decimals(se); got != want {
			t.Errorf("a standard error of %v is shown with %d decimals, want %d", se, got, want)
		}
	}
}

func TestTallyRefuses(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"--places -1: ":                   {"--places=-1"},
		"--draws 0: ":                     {"--draws=0"},
		"--components takes three":        {"--components=1,2"},
		"--components: the residual must": {"--components=1,2,0"},
	} {
		code, out, err := laurelReading(t, panelScores, append([]string{"tally", "-"}, args...)...)
		if code != exitUsage || out != "" || !strings.Contains(err, want) {
			t.Errorf("%v ended with %d: %s%s", args, code, out, err)
		}
	}
	if code, _, err := laurelReading(t, "entry,criterion,value\nA,c,x\n", "tally", "-"); code != exitUsage || !strings.Contains(err, "-:2:5: ") {
		t.Errorf("ended with %d: %s", code, err)
	}
}

// TestScoresFormatNamesEveryField looks for each JSON field in laurel help
// scores.
func TestScoresFormatNamesEveryField(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(tallyAnswer{
		Entries: []entryAnswer{{}}, Jurors: []jurorAnswer{{}}, Reliability: &reliabilityAnswer{}, JurorTest: &jurorTestAnswer{},
	})
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	for token, err := d.Token(); err == nil; token, err = d.Token() {
		if name, ok := token.(string); ok && name != "" && !strings.Contains(tallyFormat, name) {
			t.Errorf("laurel help scores does not name %s", name)
		}
	}
}
