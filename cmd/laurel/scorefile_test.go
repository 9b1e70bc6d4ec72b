package main

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func scoresOf(t *testing.T, text string) scoreTable {
	t.Helper()
	table, err := readScores(streams{in: strings.NewReader(text)}, "-")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestReviewsAreWeightedMeansOfWhatWasAnswered(t *testing.T) {
	t.Parallel()
	got := scoresOf(t, `entry,juror,criterion,value,weight
B,1,script,8,30
A,1,script,6,30
A,1,acting,9,10
B,1,acting,,10
C,1,look,5,0
`)
	if !slices.Equal(got.entries, []string{"A", "B", "C"}) || !slices.Equal(got.jurors, []string{"1"}) || len(got.warnings) != 0 {
		t.Errorf("got %v by %v, warned %v", got.entries, got.jurors, got.warnings)
	}
	var scores []float64
	for _, r := range got.scored() {
		scores = append(scores, r.score)
	}
	if want := []float64{(6*30 + 9*10) / 40.0, 8}; !slices.Equal(scores, want) {
		t.Errorf("got %v, want %v", scores, want)
	}
	if last := got.reviews[2]; last.entry != "C" || last.scored {
		t.Errorf("a review whose criteria all weigh nothing has no score: %+v", last)
	}
}

func TestRepeatedMarksAreFurtherReviews(t *testing.T) {
	t.Parallel()
	want := scoresOf(t, "entry,juror,criterion,value\nA,1,c,6\nA,1,d,2\nA,1,c,8\nA,1,d,4\nA,2,c,5\n")
	other := scoresOf(t, "entry,juror,criterion,value\nA,1,d,4\nA,2,c,5\nA,1,c,8\nA,1,c,6\nA,1,d,2\n")
	if len(want.reviews) != 3 || want.reviews[0].score != 4 || want.reviews[1].score != 6 || want.reviews[2].score != 5 {
		t.Errorf("got %+v", want.reviews)
	}
	if len(want.warnings) != 1 || !strings.Contains(want.warnings[0], "more than once") {
		t.Errorf("warned %v", want.warnings)
	}
	for i := range want.reviews {
		if math.Abs(want.reviews[i].score-other.reviews[i].score) > 0 {
			t.Errorf("rows in another order gave %+v, not %+v", other.reviews[i], want.reviews[i])
		}
	}
}

func TestWithoutJurorsEveryRowIsAReview(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no column":    "entry,criterion,value\nA,c,1\nA,c,2\nA,d,3\nB,c,4\n",
		"empty column": "entry,juror,criterion,value\nA,,c,1\nA,,c,2\nA, ,d,3\nB,,c,4\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := scoresOf(t, text)
			if len(got.jurors) != 0 || len(got.reviews) != 4 || len(got.warnings) != 0 {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestCategoriesAndRoundsPartReviews(t *testing.T) {
	t.Parallel()
	got := scoresOf(t, "\ufeffentry,juror,criterion,value,weight,category,round,colour\nA,1,c,1,2,short,first,red\nA,1,c,2,3,short,second,red\n")
	if len(got.reviews) != 2 || got.reviews[1].round != "second" || got.reviews[0].category != "short" || len(got.warnings) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestMistakesInScores(t *testing.T) {
	t.Parallel()
	const header = "entry,juror,criterion,value,weight\n"
	for text, want := range map[string]string{
		"":                                   "-:1:1: the file is empty",
		"entry,juror,value\n":                "-:1:1: there is no column criterion",
		"entry,criterion,value,entry\n":      "-:1:23: the column entry stands here a second time",
		header + "A,1,c,7\n":                 "-:2:1: this row has more or fewer cells",
		header + "A,1,c,seven,1\n":           `-:2:7: the value "seven" is no number`,
		header + "Été,1,c,NaN,1\n":           `-:2:9: the value "NaN" is no number`,
		header + "A,1,c,Inf,1\n":             `-:2:7: the value "Inf" is no number`,
		header + "A,1,c,0x1p4,1\n":           `-:2:7: the value "0x1p4" is no number`,
		header + "A,1,c,1e999,1\n":           `-:2:7: the value "1e999" is too large`,
		header + "A,1,c,7,-1\n":              `-:2:9: the weight "-1" is below zero`,
		header + "A,1,c,7,1\nB,1,c,7,2\n":    "-:3:9: c weighs 2 here and 1 further up",
		header + "A,1,c,7,1\nB,,c,7,1\n":     "-:3:3: the juror is missing",
		header + ",1,c,7,1\n":                "-:2:1: the entry is missing",
		header + "A,1,c,\"7,1\n":             "-:",
		header + "A,1,c,7\"7,1\n":            "-:2:8: a quotation mark",
		header + "A,1,\"two\nlines\",7,no\n": `-:3:10: the weight "no" is no number`,
	} {
		_, err := readScores(streams{in: strings.NewReader(text)}, "-")
		if err == nil || !strings.HasPrefix(err.Error(), want) || !blamesInput(err) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}
