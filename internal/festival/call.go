package festival

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// A Stage is a dated part of an edition.
type Stage struct {
	Name     string
	Body     string
	StartsOn time.Time
	EndsOn   time.Time
}

// A NoteKind says where on the call a note stands.
type NoteKind string

// The kinds of note.
const (
	Before   NoteKind = "before"   // what to have ready before starting
	Question NoteKind = "question" // a question with its answer
)

// A Note is a text of the call.
type Note struct {
	Kind  NoteKind
	Title string
	Body  string // the answer; empty for Before
}

// A Call is the call for entries as everybody reads it.
type Call struct {
	Stages     []Stage
	Notes      []Note
	Categories []Category
	Shutdowns  []Shutdown
}

// Of returns the notes of one kind, in order.
func (c Call) Of(kind NoteKind) []Note {
	var list []Note
	for _, n := range c.Notes {
		if n.Kind == kind {
			list = append(list, n)
		}
	}
	return list
}

// CallOf gathers an edition's call.
func CallOf(ctx context.Context, db pg.DB, edition EditionID) (Call, error) {
	var call Call
	var err error
	args := pg.Args{"edition": edition}
	if call.Stages, err = pg.Rows[Stage](ctx, db, `
		select name, body, starts_on, ends_on
		from stages
		where edition_id = @edition
		order by position`, args); err != nil {
		return Call{}, fmt.Errorf("list stages: %w", err)
	}
	if call.Notes, err = pg.Rows[Note](ctx, db, `
		select kind, title, body
		from call_notes
		where edition_id = @edition
		order by kind, position`, args); err != nil {
		return Call{}, fmt.Errorf("list notes: %w", err)
	}
	if call.Shutdowns, err = Shutdowns(ctx, db, edition); err != nil {
		return Call{}, err
	}
	call.Categories, err = Categories(ctx, db, edition)
	return call, err
}

// SaveCall replaces the stages and notes of an edition's call.
func SaveCall(ctx context.Context, tx pgx.Tx, by account.ID, edition EditionID, stages []Stage, notes []Note) error {
	if _, err := lock(ctx, tx, edition); err != nil {
		return err
	}
	args := pg.Args{"edition": edition}
	if _, err := tx.Exec(ctx, `delete from stages where edition_id = @edition`, args); err != nil {
		return fmt.Errorf("clear stages: %w", err)
	}
	if _, err := tx.Exec(ctx, `delete from call_notes where edition_id = @edition`, args); err != nil {
		return fmt.Errorf("clear notes: %w", err)
	}
	for i, s := range stages {
		_, err := tx.Exec(ctx, `
			insert into stages (edition_id, position, name, body, starts_on, ends_on)
			values (@edition, @position, @name, @body, @starts, @ends)`,
			pg.Args{"edition": edition, "position": i + 1, "name": s.Name, "body": s.Body, "starts": s.StartsOn, "ends": s.EndsOn})
		if err != nil {
			return fmt.Errorf("write stage: %w", err)
		}
	}
	for i, n := range notes {
		_, err := tx.Exec(ctx, `
			insert into call_notes (edition_id, kind, position, title, body)
			values (@edition, @kind, @position, @title, @body)`,
			pg.Args{"edition": edition, "kind": n.Kind, "position": i + 1, "title": n.Title, "body": n.Body})
		if err != nil {
			return fmt.Errorf("write note: %w", err)
		}
	}
	return record(ctx, tx, by, edition, "changed", "call", int64(edition), nil)
}
