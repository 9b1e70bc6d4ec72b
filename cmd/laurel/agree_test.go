package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
)

// The statistics are tested beside internal/tally/agreement, with published
// tables; here it is what goes in and comes out.

// shroutFleiss is the table of Shrout and Fleiss (1979): six targets, four judges.
var shroutFleiss = [][]float64{{9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}}

// scoresCSV writes a table of entries by jurors; what is below zero is missing.
func scoresCSV(rows [][]float64) string {
	var b strings.Builder
	b.WriteString("entry,juror,criterion,value\n")
	for e, row := range rows {
		for j, v := range row {
			if v >= 0 {
				fmt.Fprintf(&b, "E%02d,J%d,overall,%v\n", e+1, j+1, v)
			}
		}
	}
	return b.String()
}

// agreeJSON measures what stands on standard input.
func agreeJSON(t *testing.T, into any, in string, flags ...string) {
	t.Helper()
	code, out, err := laurelReading(t, in, append([]string{"agree", "-", "--format", "json"}, flags...)...)
	if code != exitOK || err != "" {
		t.Fatalf("%v: exit %d: %s", flags, code, err)
	}
	if err := json.Unmarshal([]byte(out), into); err != nil {
		t.Fatalf("%v: %v in %s", flags, err, out)
	}
}

func close9(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 1e-9 {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// TestAgreeKrippendorff takes example C of Krippendorff (2011).
func TestAgreeKrippendorff(t *testing.T) {
	t.Parallel()
	x := -1.0
	in := scoresCSV([][]float64{
		{1, 1, x, 1}, {2, 2, 3, 2}, {3, 3, 3, 3}, {3, 3, 3, 3}, {2, 2, 2, 2}, {1, 2, 3, 4},
		{4, 4, 4, 4}, {1, 1, 2, 1}, {2, 2, 2, 2}, {x, 5, 5, 5}, {x, x, 1, 1}, {x, 3, x, x},
	})
	for level, want := range map[string]float64{
		"nominal": 0.743421052631579, "ordinal": 0.8153875037548813, "interval": 0.8491071428571428, "ratio": 0.7974027747116121,
	} {
		var a alphaAnswer
		agreeJSON(t, &a, in, "--statistic", "krippendorff", "--level", level)
		close9(t, level, a.Value, want)
		alike(t, "units", a.Units, 12)
		alike(t, "compared", *a.Compared, comparedAnswer{11, 40})
		alike(t, "calibrated only for intervals", a.Calibrated != nil, level == "interval")
	}
	var a, again alphaAnswer
	agreeJSON(t, &a, in, "--bootstrap", "500", "--seed", "7")
	agreeJSON(t, &again, in, "--bootstrap", "500", "--seed", "7")
	alike(t, "the same seed", *a.Interval, *again.Interval)
	alike(t, "bootstrap", *a.Bootstrap, bootstrapAnswer{500, 0, 7})
	if !(a.Interval[0] < *a.Value && *a.Value < a.Interval[1] && a.Interval[1] <= 1) {
		t.Errorf("%v lies outside %v", *a.Value, *a.Interval)
	}
}

func TestAgreeIntraclass(t *testing.T) {
	t.Parallel()
	var a iccAnswer
	agreeJSON(t, &a, scoresCSV(shroutFleiss), "--statistic", "icc")
	for name, want := range map[string]float64{
		"ICC(1,1)": 0.16574176840547541, "ICC(2,1)": 0.289763779527559, "ICC(3,1)": 0.7148407148407147,
		"ICC(1,k)": 0.4427971336792686, "ICC(2,k)": 0.620050547598989, "ICC(3,k)": 0.9093155423770694,
		// On a complete table REML is the analysis of variance.
		"model(single)": 0.289763779527559, "model(single,calibrated)": 0.7148407148407147,
		"model(mean)": 0.620050547598989, "model(mean,calibrated)": 0.9093155423770694,
	} {
		close9(t, name, a.Values[name], want)
	}
	alike(t, "values", len(a.Values), 10)
	gaps := scoresCSV([][]float64{{9, 2, 5, -1}, {6, -1, 3, 2}, {8, 4, 6, 8}, {7, 1, -1, 6}})
	a = iccAnswer{}
	agreeJSON(t, &a, gaps, "--statistic", "icc")
	alike(t, "values of a table with gaps", len(a.Values), 4)
	alike(t, "warnings", len(a.Warnings), 1)
}

func TestAgreeKendall(t *testing.T) {
	t.Parallel()
	// Siegel and Castellan (1988): three rankings of eight.
	var a kendallAnswer
	agreeJSON(t, &a, scoresCSV([][]float64{
		{5, 1, 4}, {6, 7, 5}, {7, 6, 1}, {1, 2, 3}, {2, 3, 2}, {4, 5, 7}, {3, 4, 6}, {8, 8, 8},
	}), "--statistic", "kendall")
	close9(t, "W", a.Value, 0.656084656084656)
	close9(t, "chi2", a.ChiSquared, 13.777777777777777)
	close9(t, "p", a.P, 0.055277929891574505)
	alike(t, "df", *a.DF, 7)
	alike(t, "no permutation", a.PPermutation == nil, true)
	agreeJSON(t, &a, scoresCSV(shroutFleiss), "--statistic", "kendall")
	alike(t, "permutation", a.Permutation.Shuffles, 10_000)
}

func TestAgreeNotComputable(t *testing.T) {
	t.Parallel()
	equal := scoresCSV([][]float64{{3, 3}, {3, 3}, {3, 3}})
	alone := scoresCSV([][]float64{{1, -1}, {-1, 2}})
	for name, c := range map[string]struct{ in, statistic string }{
		"alpha, all equal":    {equal, "krippendorff"},
		"alpha, no pairs":     {alone, "krippendorff"},
		"kendall, all equal":  {equal, "kendall"},
		"kendall, incomplete": {alone, "kendall"},
		"nothing at all":      {"entry,juror,criterion,value\n", "krippendorff"},
	} {
		var a struct {
			Value    *float64 `json:"value"`
			Warnings []string `json:"warnings"`
		}
		agreeJSON(t, &a, c.in, "--statistic", c.statistic, "--bootstrap", "10")
		if a.Value != nil || len(a.Warnings) == 0 {
			t.Errorf("%s: %v, %v", name, a.Value, a.Warnings)
		}
		if code, out, _ := laurelReading(t, c.in, "agree", "-", "--statistic", c.statistic); code != exitOK || !strings.Contains(out, "cannot be computed") {
			t.Errorf("%s: exit %d: %s", name, code, out)
		}
	}
	for _, in := range []string{equal, alone, "entry,juror,criterion,value\n", "entry,criterion,value\nA,x,1\nA,x,2\nB,x,5\n"} {
		var a iccAnswer
		agreeJSON(t, &a, in, "--statistic", "icc", "--bootstrap", "10")
		if a.Values["ICC(1,1)"] != nil || len(a.Warnings) == 0 {
			t.Errorf("%q: %v, %v", in, a.Values, a.Warnings)
		}
	}
}

func TestAgreeTable(t *testing.T) {
	t.Parallel()
	for statistic, want := range map[string]string{
		"krippendorff": "Krippendorff's alpha (interval) is 0.147: less than",
		"icc":          "ICC(2,k)                  0.620  moderate",
		"kendall":      "Kendall's W is 0.887, where 1 is the same order by all",
	} {
		if code, out, err := laurelReading(t, scoresCSV(shroutFleiss), "agree", "-", "--statistic", statistic); code != exitOK || !strings.Contains(out, want) {
			t.Errorf("%s: exit %d: %s%s", statistic, code, err, out)
		}
	}
}

func TestAgreeRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, flag, value, want string }{
		{"entry,juror,criterion,value\nA,x,c,-1\nA,y,c,2\n", "--level", "ratio", "-: the score -1 of A is below zero"},
		{"entry,juror,criterion,value\nA,x,c,one\n", "--level", "interval", "-:2:7: "},
		{"", "--bootstrap", "-1", "--bootstrap -1"},
		{"", "--statistic", "cohen", "cohen"},
	} {
		if code, _, err := laurelReading(t, c.in, "agree", "-", c.flag+"="+c.value); code != exitUsage || !strings.Contains(err, c.want) {
			t.Errorf("%s %s: exit %d: %s", c.flag, c.value, code, err)
		}
	}
}

// TestAgreeFieldsAreExplained finds every field of the answers in the help.
func TestAgreeFieldsAreExplained(t *testing.T) {
	t.Parallel()
	words := map[string]bool{}
	for word := range strings.FieldsFuncSeq(agreeFormat, func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz_2", r) }) {
		words[word] = true
	}
	for _, of := range []any{
		agreeAnswer{}, alphaAnswer{}, comparedAnswer{}, bootstrapAnswer{}, restAnswer{}, iccAnswer{}, squaresAnswer{},
		componentsAnswer{}, kendallAnswer{}, permutationAnswer{},
	} {
		for _, f := range fieldsOf(of) {
			if f != "" && !words[f] {
				t.Errorf("%T has %s, which laurel help scores does not explain", of, f)
			}
		}
	}
}
