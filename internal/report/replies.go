package report

import (
	"context"
	"regexp"
	"strings"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
)

// Replies are what the entries of a list answered to their categories.
type Replies struct {
	asked  map[entry.ID]entry.Questionnaire
	order  []festival.QuestionID
	header []string
}

// RepliesTo reads the answers of a list of entries, in two queries. Categories come in the order of the list, and their questions
// in their own; two that ask the same have a column each.
func RepliesTo(ctx context.Context, db pg.DB, list []Entry) (Replies, error) {
	entries := make([]entry.Entry, len(list))
	for i, x := range list {
		entries[i] = entry.Entry{ID: x.ID, CategoryID: x.CategoryID}
	}
	asked, err := entry.QuestionnairesOf(ctx, db, entries)
	if err != nil {
		return Replies{}, err
	}
	c := Replies{asked: asked}
	answered, listed := map[festival.QuestionID]bool{}, map[festival.CategoryID]bool{}
	for _, n := range asked {
		for _, a := range n.Answered() {
			answered[a.ID] = true
		}
	}
	for _, x := range list {
		if listed[x.CategoryID] {
			continue
		}
		listed[x.CategoryID] = true
		for _, q := range asked[x.ID].Questions {
			if answered[q.ID] {
				c.order, c.header = append(c.order, q.ID), append(c.header, x.Category+": "+q.Label)
			}
		}
	}
	return c, nil
}

// address is what looks like a mail address in a text.
var address = regexp.MustCompile(`[^\s<>()"',;:]+@[^\s<>()"',;:]+\.[^\s<>()"',;:]+`)

// cells are the answers of one entry, in the order of the header, without mail
// addresses.
func (c Replies) cells(x Entry) []string {
	given := map[festival.QuestionID]string{}
	for _, a := range c.asked[x.ID].Answered() {
		given[a.ID] = address.ReplaceAllString(strings.Join(a.Value, "; "), "[…@…]")
	}
	cells := make([]string, len(c.order))
	for i, id := range c.order {
		cells[i] = given[id]
	}
	return cells
}
