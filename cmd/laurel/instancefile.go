package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"laurel/internal/assign"
)

// An ident is what an instance calls an entry or a juror: a number or a text, as
// it stands in the file.
type ident = json.RawMessage

// An instanceFile is an instance that has been read, with the problem that it
// states.
type instanceFile struct {
	input
	entries, jurors []ident
	problem         assign.Problem
	warnings        []string

	entryAt, jurorAt map[string]int
}

// instanceJSON is an instance as it is written. Fields of both kinds stand
// together.
type instanceJSON struct {
	Kind      string              `json:"kind"`
	K         *int                `json:"k"`
	Entries   []instanceEntry     `json:"entries"`
	Jurors    []instanceJuror     `json:"jurors"`
	Pairs     [][]json.RawMessage `json:"pairs"`
	Conflicts [][]json.RawMessage `json:"conflicts"`
	Bids      [][]json.RawMessage `json:"bids"`
	Rules     map[string]string   `json:"rules"`
	Lambda    int64               `json:"load_lambda"`
	Unit      *int64              `json:"shortage_unit"`
	Previous  *[][]ident          `json:"previous_assignment"`
	Dropped   json.RawMessage     `json:"dropped_juror"`
	Completed [][]json.RawMessage `json:"completed_reviews"`
}

type instanceEntry struct {
	ID      ident             `json:"id"`
	K       *int              `json:"k"`
	Lang    json.RawMessage   `json:"lang"`
	Subs    []json.RawMessage `json:"subs"`
	Cat     json.RawMessage   `json:"cat"`
	Company json.RawMessage   `json:"company"`
}

type instanceJuror struct {
	ID        ident             `json:"id"`
	Min       int               `json:"min"`
	Max       *int              `json:"max"`
	Native    json.RawMessage   `json:"native"`
	Fluent    []json.RawMessage `json:"fluent"`
	Primary   json.RawMessage   `json:"primary"`
	Cats      []json.RawMessage `json:"cats"`
	Companies []json.RawMessage `json:"companies"`
}

// usualShortage is the unit of shortages where an instance names none.
const usualShortage = 1_000_000

// readInstance reads an instance from a file, or from standard input for "-". A
// mistake in it is a *badInput.
func readInstance(s streams, name string) (instanceFile, error) {
	in, err := readInput(s, name)
	if err != nil {
		return instanceFile{}, err
	}
	var j instanceJSON
	if err := in.decode(&j); err != nil {
		return instanceFile{}, err
	}
	f := instanceFile{input: in, entryAt: map[string]int{}, jurorAt: map[string]int{}}
	f.problem.LoadLambda, f.problem.ShortageUnit = j.Lambda, usualShortage
	if j.Unit != nil {
		f.problem.ShortageUnit = *j.Unit
	}
	for _, read := range []func(instanceJSON) error{f.scales, f.readEntries, f.readJurors, f.readPairs, f.readPast} {
		if err := read(j); err != nil {
			return instanceFile{}, err
		}
	}
	return f, nil
}

// scales checks the scales of costs.
func (f *instanceFile) scales(j instanceJSON) error {
	switch {
	case j.Entries == nil:
		return f.badAt([]any{"entries"}, "entries are missing: a list is wanted")
	case j.Jurors == nil:
		return f.badAt([]any{"jurors"}, "jurors are missing: a list is wanted")
	case j.Lambda < 0:
		return f.badAt([]any{"load_lambda"}, "load_lambda is %d; it cannot be negative", j.Lambda)
	case j.Unit != nil && *j.Unit < 0:
		return f.badAt([]any{"shortage_unit"}, "shortage_unit is %d; it cannot be negative", *j.Unit)
	}
	return nil
}

// readEntries takes the entries and what they want.
func (f *instanceFile) readEntries(j instanceJSON) error {
	for i, e := range j.Entries {
		id, err := f.name(f.entryAt, e.ID, "entries", i)
		if err != nil {
			return err
		}
		path, k := []any{"entries", i, "k"}, e.K
		if k == nil {
			path, k = []any{"k"}, j.K
		}
		switch {
		case k == nil:
			return f.badAt([]any{"entries", i}, "entry %s: k is missing: how many viewings it is to have", id)
		case *k < 0 || *k > math.MaxInt32:
			return f.badAt(path, "k is %d; it can be 0 to %d", *k, math.MaxInt32)
		}
		f.entries = append(f.entries, id)
		f.problem.Entries = append(f.problem.Entries, assign.Entry{Want: *k})
	}
	return nil
}

// readJurors takes the jurors and their loads.
func (f *instanceFile) readJurors(j instanceJSON) error {
	for i, x := range j.Jurors {
		id, err := f.name(f.jurorAt, x.ID, "jurors", i)
		switch {
		case err != nil:
			return err
		case x.Max == nil:
			return f.badAt([]any{"jurors", i}, "juror %s: max is missing: how many entries they take at most", id)
		case x.Min < 0:
			return f.badAt([]any{"jurors", i, "min"}, "juror %s: min is %d; it cannot be negative", id, x.Min)
		case *x.Max < x.Min || *x.Max > math.MaxInt32:
			return f.badAt([]any{"jurors", i, "max"}, "juror %s: max is %d; it can be min, which is %d, to %d", id, *x.Max, x.Min, math.MaxInt32)
		}
		f.jurors = append(f.jurors, id)
		f.problem.Jurors = append(f.problem.Jurors, assign.Juror{Min: x.Min, Max: *x.Max})
	}
	return nil
}

// name takes the name of an entry or a juror: its place where there is none.
func (f *instanceFile) name(known map[string]int, id ident, list string, i int) (ident, error) {
	if id == nil {
		id = ident(strconv.Itoa(i))
	}
	path := []any{list, i, "id"}
	if !isName(id) {
		return nil, f.badAt(path, "an id is a number or a text")
	}
	if _, twice := known[string(id)]; twice {
		return nil, f.badAt(path, "there are two %s with the id %s", list, id)
	}
	known[string(id)] = i
	return id, nil
}

// isName says whether a value is a number or a text.
func isName(value json.RawMessage) bool {
	return len(value) > 0 && (value[0] == '"' || value[0] == '-' || value[0] >= '0' && value[0] <= '9')
}

// readPairs takes the pairs that are possible, listed or by what entries and
// jurors are.
func (f *instanceFile) readPairs(j instanceJSON) error {
	switch {
	case j.Kind == "explicit" || j.Kind == "" && j.Pairs != nil:
		return f.listed(j.Pairs)
	case j.Kind == "attributes":
		return f.attributed(j)
	}
	return f.badAt([]any{"kind"}, "kind is %q; it can be explicit or attributes", j.Kind)
}

// listed takes pairs of an entry, a juror and a cost.
func (f *instanceFile) listed(pairs [][]json.RawMessage) error {
	known := make(map[assign.Place]bool, len(pairs))
	f.problem.Pairs = make([]assign.Pair, len(pairs))
	for i, row := range pairs {
		at, err := f.place(row, 3, "pairs", i)
		if err != nil {
			return err
		}
		cost, err := strconv.ParseInt(string(row[2]), 10, 64)
		switch {
		case err != nil:
			return f.badAt([]any{"pairs", i, 2}, "the cost is %s; a whole number is wanted", row[2])
		case cost < 0:
			return f.badAt([]any{"pairs", i, 2}, "the cost is %d; it cannot be negative", cost)
		case known[at]:
			return f.badAt([]any{"pairs", i}, "entry %s and juror %s are a pair twice", row[0], row[1])
		}
		known[at] = true
		f.problem.Pairs[i] = assign.Pair{Entry: at.Entry, Juror: at.Juror, Cost: cost}
	}
	return nil
}

// place reads a row of so many values that begins with an entry and a juror.
func (f *instanceFile) place(row []json.RawMessage, length int, list string, i int) (assign.Place, error) {
	if len(row) != length {
		return assign.Place{}, f.badAt([]any{list, i}, "%d values are wanted here, not %d: %s", length, len(row),
			strings.Join([]string{"entry", "juror", "and a number"}[:length], ", "))
	}
	e, ok := f.entryAt[string(row[0])]
	if !ok {
		return assign.Place{}, f.badAt([]any{list, i, 0}, "there is no entry %s", short(row[0]))
	}
	j, ok := f.jurorAt[string(row[1])]
	if !ok {
		return assign.Place{}, f.badAt([]any{list, i, 1}, "there is no juror %s", short(row[1]))
	}
	return assign.Place{Entry: e, Juror: j}, nil
}

// short is the beginning of a value, on one line.
func short(value json.RawMessage) string {
	var b bytes.Buffer
	if json.Compact(&b, value) != nil || b.Len() > 40 {
		return "like this"
	}
	return b.String()
}

// readPast takes what was given before, what is done and who has left.
func (f *instanceFile) readPast(j instanceJSON) error {
	if j.Previous != nil {
		if err := f.readPrevious(*j.Previous); err != nil {
			return err
		}
	}
	done := map[assign.Place]bool{}
	for i, row := range j.Completed {
		at, err := f.place(row, 2, "completed_reviews", i)
		if err != nil {
			return err
		}
		if done[at] {
			return f.badAt([]any{"completed_reviews", i}, "entry %s was completed twice by juror %s", row[0], row[1])
		}
		done[at] = true
		f.problem.Done = append(f.problem.Done, at)
	}
	return f.drop(j.Dropped)
}

// readPrevious takes what was given before, by entry.
func (f *instanceFile) readPrevious(previous [][]ident) error {
	f.problem.Before = []assign.Place{}
	for e, jurors := range previous {
		if e >= len(f.entries) {
			return f.badAt([]any{"previous_assignment", e}, "there are only %d entries", len(f.entries))
		}
		seen := map[int]bool{}
		for i, id := range jurors {
			j, ok := f.jurorAt[string(id)]
			switch {
			case !ok:
				return f.badAt([]any{"previous_assignment", e, i}, "there is no juror %s", short(id))
			case seen[j]:
				return f.badAt([]any{"previous_assignment", e, i}, "juror %s had this entry twice", id)
			}
			seen[j] = true
			f.problem.Before = append(f.problem.Before, assign.Place{Entry: e, Juror: j})
		}
	}
	return nil
}

// drop takes all entries from a juror, or from several, but for what they have
// completed. Their loads cost nothing any more.
func (f *instanceFile) drop(dropped json.RawMessage) error {
	var gone []ident
	switch {
	case dropped == nil || string(dropped) == "null":
		return nil
	case dropped[0] != '[':
		gone = []ident{dropped}
	default:
		if err := json.Unmarshal(dropped, &gone); err != nil {
			return fmt.Errorf("read dropped_juror: %w", err)
		}
	}
	for i, id := range gone {
		j, ok := f.jurorAt[string(id)]
		if !ok {
			return f.badAt([]any{"dropped_juror", i}, "there is no juror %s", short(id))
		}
		f.problem.Jurors[j] = assign.Juror{}
	}
	return nil
}
