// Package audit keeps the record of acts: who did what to what, and when. It
// only grows.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
)

// An Event is one act. Before and After are what changed, as JSON documents;
// they hold codes and states, not names, texts or addresses.
type Event struct {
	Actor   *int64 // account; nil: Laurel itself, or nobody signed in
	Verb    string // "entry.submit": the noun's package and the verb
	Kind    string // of the subject: "entry"
	Subject int64
	Edition *int64 // nil: of the installation
	Before  any    // nil: nothing was there
	After   any    // nil: nothing is left
}

// Record writes e in the transaction of the act itself, at the instant of the
// database's clock.
func Record(ctx context.Context, tx pgx.Tx, e Event) error {
	return RecordAll(ctx, tx, []Event{e})
}

// RecordAll is Record for many acts at once, in their order.
func RecordAll(ctx context.Context, tx pgx.Tx, events []Event) error {
	rows := make([][]any, len(events))
	for i, e := range events {
		before, err := document(e.Before)
		if err != nil {
			return fmt.Errorf("record %s: %w", e.Verb, err)
		}
		after, err := document(e.After)
		if err != nil {
			return fmt.Errorf("record %s: %w", e.Verb, err)
		}
		rows[i] = []any{e.Actor, e.Verb, e.Kind, e.Subject, e.Edition, before, after}
	}
	columns := []string{"actor_id", "verb", "kind", "subject_id", "edition_id", "before", "after"}
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"events"}, columns, pgx.CopyFromRows(rows)); err != nil {
		return fmt.Errorf("record events: %w", err)
	}
	return nil
}

// document is v as JSON, nil for nil.
func document(v any) ([]byte, error) {
	if v == nil {
		return nil, nil
	}
	return json.Marshal(v)
}

// A Line is a recorded event as it is read again.
type Line struct {
	ID      int64
	At      time.Time
	ActorID *int64
	Verb    string
	Before  json.RawMessage // null: nothing
	After   json.RawMessage // null: nothing
}

// Of lists what happened to one subject, the earliest first.
func Of(ctx context.Context, db pg.DB, kind string, subject int64) ([]Line, error) {
	lines, err := pg.Rows[Line](ctx, db, `
		select id, at, actor_id, verb, before, after
		from events
		where kind = @kind and subject_id = @subject
		order by id`,
		pg.Args{"kind": kind, "subject": subject})
	if err != nil {
		return nil, fmt.Errorf("list events of %s %d: %w", kind, subject, err)
	}
	return lines, nil
}
