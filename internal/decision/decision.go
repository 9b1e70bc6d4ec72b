// Package decision owns what the festival decides for its entries. A decision is
// pending, known to organizers only, until it is released together with the
// letter that tells it.
package decision

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// An Outcome is what was decided.
type Outcome string

// The outcomes.
const (
	Selected    Outcome = "selected"
	NotSelected Outcome = "not-selected"
)

// A Decision is what was decided for an entry.
type Decision struct {
	EntryID    entry.ID
	Outcome    Outcome
	Message    string // the festival's own words to the filmmakers; may be empty
	DecidedAt  time.Time
	ReleasedAt *time.Time // nil: pending
}

// Of maps the entries of a category to their decisions.
func Of(ctx context.Context, db pg.DB, category festival.CategoryID) (map[entry.ID]Decision, error) {
	list, err := pg.Rows[Decision](ctx, db, `
		select d.entry_id, d.outcome, d.message, d.decided_at, d.released_at
		from decisions d
		join present_entries e on e.id = d.entry_id
		where e.category_id = @category`,
		pg.Args{"category": category})
	if err != nil {
		return nil, fmt.Errorf("list decisions: %w", err)
	}
	byEntry := make(map[entry.ID]Decision, len(list))
	for _, d := range list {
		byEntry[d.EntryID] = d
	}
	return byEntry, nil
}

// errTold refuses to change what filmmakers have been told.
func errTold() error {
	return problem.New(problem.Denied, "decision.told", "The filmmakers of this film have been told already. Write to them if the decision must change.")
}

// Set decides for an entry under consideration, or decides anew while nobody has
// been told. An entry of another edition, or one whose judging the organizer
// must not see, is Missing.
func Set(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, code string, outcome Outcome, message string) error {
	id, err := find(ctx, tx, by, edition, code)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `
		insert into decisions (entry_id, outcome, message, actor_id)
		values (@entry, @outcome, @message, @by)
		on conflict (entry_id)
		do update set outcome = excluded.outcome, message = excluded.message, actor_id = excluded.actor_id, decided_at = clock_timestamp()
		where decisions.released_at is null`,
		pg.Args{"entry": id, "outcome": outcome, "message": strings.TrimSpace(message), "by": by})
	if err != nil {
		return fmt.Errorf("decide: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return errTold()
	}
	return record(ctx, tx, by, edition, "decision.set", id, map[string]any{"outcome": outcome})
}

// Clear takes a pending decision back.
func Clear(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, code string) error {
	id, err := find(ctx, tx, by, edition, code)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `
		delete from decisions
		where entry_id = @entry and released_at is null`,
		pg.Args{"entry": id})
	if err != nil {
		return fmt.Errorf("clear decision: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return errTold()
	}
	return record(ctx, tx, by, edition, "decision.clear", id, nil)
}

func find(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, code string) (entry.ID, error) {
	id, err := pg.Value[entry.ID](ctx, tx, `
		select e.id
		from entries e
		where e.code = @code and e.edition_id = @edition and e.state in ('submitted', 'eligible')
		  and not exists (select from kept_apart k where k.account_id = @by and k.entry_id = e.id)
		for update of e`,
		pg.Args{"code": code, "edition": edition, "by": by})
	if err != nil {
		return 0, fmt.Errorf("find entry to decide on: %w", err)
	}
	return id, nil
}

// SetMany decides for many entries of an edition at once: the selected ones, and
// the rest as not selected. Those that have been told, or whose judging the
// organizer must not see, stay as they are. It says how many were decided.
func SetMany(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, selected, rest []entry.ID) (int, error) {
	ids := make([]int64, 0, len(selected)+len(rest))
	outcomes := make([]string, 0, cap(ids))
	for _, id := range selected {
		ids, outcomes = append(ids, int64(id)), append(outcomes, string(Selected))
	}
	for _, id := range rest {
		ids, outcomes = append(ids, int64(id)), append(outcomes, string(NotSelected))
	}
	tag, err := tx.Exec(ctx, `
		insert into decisions (entry_id, outcome, actor_id)
		select e.id, w.outcome, @by
		from unnest(@ids::bigint[], @outcomes::text[]) as w (id, outcome)
		join present_entries e on e.id = w.id and e.edition_id = @edition and e.state in ('submitted', 'eligible')
		where not exists (select from kept_apart k where k.account_id = @by and k.entry_id = e.id)
		on conflict (entry_id)
		do update set outcome = excluded.outcome, actor_id = excluded.actor_id, decided_at = clock_timestamp()
		where decisions.released_at is null and decisions.outcome <> excluded.outcome`,
		pg.Args{"ids": ids, "outcomes": outcomes, "edition": edition, "by": by})
	if err != nil {
		return 0, fmt.Errorf("decide on many: %w", err)
	}
	n := int(tag.RowsAffected())
	return n, audit.Record(ctx, tx, audit.Event{Actor: new(int64(by)), Edition: new(int64(edition)),
		Verb: "decision.set-many", Kind: "edition", Subject: int64(edition), After: map[string]int{"selected": len(selected), "not-selected": len(rest)}})
}

func record(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, verb string, subject entry.ID, after any) error {
	return audit.Record(ctx, tx, audit.Event{Actor: new(int64(by)), Edition: new(int64(edition)), Verb: verb, Kind: "entry", Subject: int64(subject), After: after})
}
