package intake

import (
	"slices"
	"time"

	"laurel/internal/entry"
	"laurel/internal/money"
	"laurel/internal/problem"
)

// A Row is one submission as it was understood.
type Row struct {
	Number      int    // of the file's line
	SourceID    string // the other system's name of the submission
	Film        entry.Film
	Contact     entry.Contact
	Categories  []string // as they are called there
	SubmittedAt time.Time
	State       entry.State
	Status      string       // in the other system's words
	Judging     string       // likewise; not taken over
	Deadline    string       // name of the rung
	Fee         money.Amount // what was paid there; not taken over
	Answers     []entry.Answer
	Problems    []Problem

	categoryColumn string
}

// skipped says whether the row cannot come in.
func (r Row) skipped() bool {
	for _, p := range r.Problems {
		if p.Skips {
			return true
		}
	}
	return false
}

func (r *Row) problem(column, key, english string, args ...any) {
	r.Problems = append(r.Problems, Problem{Row: r.Number, Column: column, Say: problem.Say{Key: key, English: english, Args: args}})
}

// skip is a problem that keeps the row out.
func (r *Row) skip(column, key, english string, args ...any) {
	r.problem(column, key, english, args...)
	r.Problems[len(r.Problems)-1].Skips = true
}

// A Sheet is a file as it was understood.
type Sheet struct {
	Rows     []Row
	Left     []string  // columns with something in them that is not taken over
	Problems []Problem // of rows that could not be read
}

// A cursor reads the cells of one row by the names of their columns.
type cursor struct {
	*Row
	columns *columns
	cells   []string
}

// columns find the cells of a table by names, which are compared folded.
type columns struct {
	header []string
	folded []string
	at     map[string]int // names that were asked for; -1: there is no such column
}

func columnsOf(header []string) *columns {
	c := &columns{header: header, at: map[string]int{}}
	for _, h := range header {
		c.folded = append(c.folded, fold(h))
	}
	return c
}

// find is the place of the first column of that name, -1 when there is none.
func (c *columns) find(name string) int {
	i, known := c.at[name]
	if !known {
		i = slices.Index(c.folded, fold(name))
		c.at[name] = i
	}
	return i
}

// get is the cell of a column, empty when there is no such column.
func (c cursor) get(column string) string {
	if i := c.columns.find(column); i >= 0 {
		return c.cells[i]
	}
	return ""
}

// countries and languages read a column of names; unknown ones are said.
func (c cursor) countries(column string, read func(string) ([]string, []string)) []string {
	found, unknown := read(c.get(column))
	for _, name := range unknown {
		c.problem(column, "intake.unknown-country", "There is no country called “{{.Name}}” in our list; it was left out.", "Name", name)
	}
	return found
}

func (c cursor) languages(column string, read func(string) ([]string, []string)) []string {
	found, unknown := read(c.get(column))
	for _, name := range unknown {
		c.problem(column, "intake.unknown-language", "There is no language called “{{.Name}}” in our list; it was left out.", "Name", name)
	}
	return found
}

// runtime reads a length.
func (c cursor) runtime(column string) int {
	cell := c.get(column)
	if cell == "" {
		return 0
	}
	seconds, ok := duration(cell)
	if !ok {
		c.problem(column, "intake.runtime", "“{{.Value}}” is not a length between 1 second and 24 hours; it was left out.", "Value", cell)
	}
	if !ok {
		return 0
	}
	return seconds
}

// submitted reads an instant that lies before now.
func (c cursor) submitted(column string, zone *time.Location, now time.Time) time.Time {
	cell := c.get(column)
	if cell == "" {
		return time.Time{}
	}
	t, ok := instant(cell, zone)
	if !ok || t.After(now.Add(24*time.Hour)) {
		c.problem(column, "intake.date", "“{{.Value}}” is not a date in the past; the entry counts as submitted now.", "Value", cell)
		return time.Time{}
	}
	if t.After(now) {
		return now
	}
	return t
}
