package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A mark is one criterion's value in a review.
type mark struct {
	criterion     string
	value, weight float64
}

// A review is what one juror made of one entry in one round.
type review struct {
	entry, juror, category, round string

	repeat int // 0, or how many reviews by this juror of this entry stand before it
	marks  []mark
	score  float64 // the weighted mean of the marks; 0 when not scored
	scored bool    // false: nothing was answered that weighs
}

// A scoreTable is a file of marks, put together into reviews.
type scoreTable struct {
	entries  []string // every name in the file, scored or not, sorted
	jurors   []string // likewise; empty when the file knows no jurors
	reviews  []review // sorted by entry, juror, category, round and repeat
	warnings []string // never nil
}

// scored are the reviews with a score.
func (t scoreTable) scored() []review {
	return slices.DeleteFunc(slices.Clone(t.reviews), func(r review) bool { return !r.scored })
}

// readScores reads a table of marks from a file, or from standard input for
// "-". A mistake in it is a *badInput.
//
// Rows with the same entry, juror, category and round are one review, and its
// score is Σ w·value / Σ w over the criteria that were answered. Without a juror
// column, or with an empty one, each row is a review of its own.
func readScores(s streams, name string) (scoreTable, error) {
	in, err := readInput(s, name)
	if err != nil {
		return scoreTable{}, err
	}
	rows, err := scoreRows(in)
	if err != nil {
		return scoreTable{}, err
	}
	return tabulate(in, rows)
}

// scoreColumns are the columns that a table of marks may have; others are
// passed over.
var scoreColumns = []string{"entry", "juror", "criterion", "value", "weight", "category", "round"}

// A scoreRow is one line of the file with the bytes at which its cells begin.
type scoreRow struct {
	cells    map[string]string
	at       map[string]int64
	value    float64
	answered bool
	weight   float64
}

// scoreRows reads the file as far as each row can be understood alone.
func scoreRows(in input) ([]scoreRow, error) {
	r := csv.NewReader(bytes.NewReader(in.data))
	lines := lineStarts(in.data)
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, in.bad(0, "the file is empty; its first line names the columns: entry,juror,criterion,value")
	}
	if err != nil {
		return nil, notCSV(in, lines, err)
	}
	places, err := columnPlaces(in, header, func(i int) int64 { return cellOffset(r, lines, i) })
	if err != nil {
		return nil, err
	}
	var rows []scoreRow
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, notCSV(in, lines, err)
		}
		row := scoreRow{cells: map[string]string{}, at: map[string]int64{}}
		for column, i := range places {
			row.cells[column], row.at[column] = strings.TrimSpace(cells[i]), cellOffset(r, lines, i)
		}
		if err := row.understand(in); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
}

// columnPlaces finds the columns by the header.
func columnPlaces(in input, header []string, offset func(int) int64) (map[string]int, error) {
	places := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(scoreColumns, name) {
			continue
		}
		if _, twice := places[name]; twice {
			return nil, in.bad(offset(i), "the column %s stands here a second time", name)
		}
		places[name] = i
	}
	for _, name := range []string{"entry", "criterion", "value"} {
		if _, ok := places[name]; !ok {
			return nil, in.bad(0, "there is no column %s; the first line names the columns: entry,juror,criterion,value", name)
		}
	}
	return places, nil
}

// understand reads the row's numbers and refuses what no table could make good.
func (r *scoreRow) understand(in input) (err error) {
	for _, column := range []string{"entry", "criterion"} {
		if r.cells[column] == "" {
			return in.bad(r.at[column], "the %s is missing", column)
		}
	}
	r.weight = 1
	if text := r.cells["value"]; text != "" {
		r.answered = true
		if r.value, err = number(text); err != nil {
			return in.bad(r.at["value"], "the value %q %s", text, err)
		}
	}
	if text := r.cells["weight"]; text != "" {
		if r.weight, err = number(text); err != nil {
			return in.bad(r.at["weight"], "the weight %q %s", text, err)
		}
		if r.weight < 0 {
			return in.bad(r.at["weight"], "the weight %q is below zero", text)
		}
	}
	return nil
}

// largest is more than any score or weight; what lies beyond would overflow
// when it is squared.
const largest = 1e100

// number reads a decimal number such as 7, -0.5 or 1e3.
func number(text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case strings.ContainsAny(text, "xXnN_"), errors.Is(err, strconv.ErrSyntax): // hexadecimal, nan and inf too
		return 0, errors.New("is no number")
	case err != nil, math.Abs(v) > largest:
		return 0, errors.New("is too large")
	}
	return v, nil
}

// tabulate puts rows together into reviews.
func tabulate(in input, rows []scoreRow) (scoreTable, error) {
	t := scoreTable{warnings: []string{}}
	known := slices.ContainsFunc(rows, func(r scoreRow) bool { return r.cells["juror"] != "" })
	weights := map[[3]string]float64{} // by category, round and criterion
	for _, r := range rows {
		if known && r.cells["juror"] == "" {
			return t, in.bad(r.at["juror"], "the juror is missing, though other rows name one")
		}
		key := [3]string{r.cells["category"], r.cells["round"], r.cells["criterion"]}
		if w, ok := weights[key]; ok && w != r.weight {
			return t, in.bad(r.at["weight"], "%s weighs %v here and %v further up", r.cells["criterion"], r.weight, w)
		}
		weights[key] = r.weight
		t.entries = append(t.entries, r.cells["entry"])
		if known {
			t.jurors = append(t.jurors, r.cells["juror"])
		}
	}
	t.entries, t.jurors = distinct(t.entries), distinct(t.jurors)
	t.reviews = gather(rows, known)
	repeated := 0
	for i := range t.reviews {
		t.reviews[i].weigh()
		repeated += min(1, t.reviews[i].repeat)
	}
	if known && repeated > 0 {
		t.warnings = append(t.warnings, fmt.Sprintf(
			"An entry was scored more than once by the same juror, %d times in all; each counts as a further review.", repeated))
	}
	return t, nil
}

// gather makes reviews of rows. A criterion that stands again in a review begins
// a further one; so that the order of rows never matters, repeated marks are
// dealt out by value, the lowest to the first review.
func gather(rows []scoreRow, known bool) []review {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b scoreRow) int {
		return cmp.Or(byCells(a, b, "entry", "juror", "category", "round", "criterion"), cmp.Compare(a.value, b.value))
	})
	type place struct {
		entry, juror, category, round string
		repeat                        int
	}
	at := map[place]int{}
	var reviews []review
	repeat := 0
	for i, r := range rows {
		if i > 0 && (!known && sameCells(rows[i-1], r, "entry", "category", "round") ||
			sameCells(rows[i-1], r, "entry", "juror", "category", "round", "criterion")) {
			repeat++
		} else {
			repeat = 0
		}
		p := place{r.cells["entry"], r.cells["juror"], r.cells["category"], r.cells["round"], repeat}
		if _, ok := at[p]; !ok {
			at[p] = len(reviews)
			reviews = append(reviews, review{entry: p.entry, juror: p.juror, category: p.category, round: p.round, repeat: repeat})
		}
		if r.answered {
			of := &reviews[at[p]]
			of.marks = append(of.marks, mark{r.cells["criterion"], r.value, r.weight})
		}
	}
	slices.SortStableFunc(reviews, func(a, b review) int {
		return cmp.Or(cmp.Compare(a.entry, b.entry), cmp.Compare(a.juror, b.juror),
			cmp.Compare(a.category, b.category), cmp.Compare(a.round, b.round), cmp.Compare(a.repeat, b.repeat))
	})
	return reviews
}

func byCells(a, b scoreRow, columns ...string) int {
	for _, c := range columns {
		if order := cmp.Compare(a.cells[c], b.cells[c]); order != 0 {
			return order
		}
	}
	return 0
}

func sameCells(a, b scoreRow, columns ...string) bool { return byCells(a, b, columns...) == 0 }

// weigh takes the weighted mean of the marks, if any of them weighs.
func (r *review) weigh() {
	var sum, weights float64
	for _, m := range r.marks {
		sum += m.weight * m.value
		weights += m.weight
	}
	if weights > 0 {
		r.score, r.scored = sum/weights, true
	}
}

func distinct(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}

// lineStarts are the bytes at which lines begin.
func lineStarts(data []byte) []int64 {
	starts := []int64{0}
	for i, c := range data {
		if c == '\n' {
			starts = append(starts, int64(i)+1)
		}
	}
	return starts
}

// cellOffset is the byte at which a cell of the row just read begins.
func cellOffset(r *csv.Reader, lines []int64, cell int) int64 {
	line, column := r.FieldPos(cell)
	return lines[line-1] + int64(column) - 1
}

// notCSV words what the reader of the file could not make sense of.
func notCSV(in input, lines []int64, err error) error {
	e, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return fmt.Errorf("read %s: %w", in.name, err)
	}
	at := lines[min(e.Line, len(lines))-1] + int64(max(e.Column, 1)) - 1
	switch {
	case errors.Is(e.Err, csv.ErrFieldCount):
		return in.bad(at, "this row has more or fewer cells than the first line")
	case errors.Is(e.Err, csv.ErrQuote), errors.Is(e.Err, csv.ErrBareQuote):
		return in.bad(at, `a quotation mark stands where none can; one inside a cell is written "" in a quoted cell`)
	}
	return in.bad(at, "this is not CSV: %v", e.Err)
}
