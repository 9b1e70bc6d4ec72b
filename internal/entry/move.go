package entry

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// edges are the ways from state to state. A draft is submitted only by Submit,
// which takes the snapshot; what was sent again is checked again.
var edges = map[State][]State{
	Draft:      {Submitted},
	Submitted:  {Submitted, Accepted, Ineligible, Withdrawn},
	Accepted:   {Submitted, Ineligible, Withdrawn},
	Ineligible: {Submitted, Accepted, Withdrawn},
}

// Move gives an entry another state, with a reason for its makers. Withdrawing
// writes them a letter. A state that cannot follow is a Conflict; a refusal
// without a reason is Invalid.
func Move(ctx context.Context, tx pgx.Tx, id ID, to State, reason string, actor account.ID) error {
	e, err := lockEntry(ctx, tx, id)
	if err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if to == Ineligible && reason == "" {
		return problem.Field("reason", "entry.reason-missing", "Say why, in a sentence that the filmmakers will read.")
	}
	if e.State == Draft || e.State == to {
		return noEdge()
	}
	if err := setState(ctx, tx, e, to); err != nil {
		return err
	}
	if to == Withdrawn {
		if err := unchase(ctx, tx, id); err != nil {
			return err
		}
		if err := writeWithdrawn(ctx, tx, e); err != nil {
			return err
		}
	}
	return note(ctx, tx, step{e.ID, string(to), reason, actor, e.EditionID})
}

func noEdge() error {
	return problem.New(problem.Conflict, "entry.no-such-move",
		"The entry has changed meanwhile, and cannot go there from where it is now. Look at it again.")
}

// setState is the only statement that changes an entry's state.
func setState(ctx context.Context, tx pgx.Tx, e Entry, to State) error {
	if !slices.Contains(edges[e.State], to) {
		return noEdge()
	}
	_, err := tx.Exec(ctx, `
		update entries
		set state = @to
		where id = @id`,
		pg.Args{"id": e.ID, "to": to})
	if err != nil {
		return fmt.Errorf("move entry %s to %s: %w", e.Code, to, err)
	}
	return nil
}

// lockEntry reads an entry and holds it until the transaction ends.
func lockEntry(ctx context.Context, tx pgx.Tx, id ID) (Entry, error) {
	e, err := lockStone(ctx, tx, id)
	if err == nil && e.State == Erased {
		err = problem.Missing()
	}
	return e, err
}

// lockStone is lockEntry, also for an entry of which only the number is left.
func lockStone(ctx context.Context, tx pgx.Tx, id ID) (Entry, error) {
	e, err := pg.One[Entry](ctx, tx, `
		select `+entryColumns+`
		where e.id = @id
		for update of e`,
		pg.Args{"id": id})
	if err != nil {
		return Entry{}, fmt.Errorf("lock entry %d: %w", id, err)
	}
	return e, nil
}

// A step is one move of an entry, as it goes into its timeline.
type step struct {
	entry   ID
	state   string // a State, or "resubmitted"
	reason  string
	actor   account.ID // 0: Laurel itself
	edition festival.EditionID
}

// note writes a step into the entry's timeline and the record of acts.
func note(ctx context.Context, tx pgx.Tx, s step) error {
	_, err := tx.Exec(ctx, `
		insert into entry_states (entry_id, state, reason, actor_id)
		values (@entry, @state, @reason, nullif(@actor::bigint, 0))`,
		pg.Args{"entry": s.entry, "state": s.state, "reason": s.reason, "actor": s.actor})
	if err != nil {
		return fmt.Errorf("note state %s: %w", s.state, err)
	}
	return record(ctx, tx, s.actor, new(int64(s.edition)), "entry."+s.state, "entry", int64(s.entry), map[string]string{"state": s.state})
}

// Resubmitted is the step of a timeline at which changes were sent; the state
// is Submitted again.
const Resubmitted State = "resubmitted"

// A Moment is one step of an entry's timeline.
type Moment struct {
	EntryID ID
	State   State // or Resubmitted
	Reason  string
	ActorID *account.ID
	At      time.Time
}

// Timeline lists every state that an entry has been in, the first first.
func Timeline(ctx context.Context, db pg.DB, id ID) ([]Moment, error) {
	all, err := timelines(ctx, db, []ID{id})
	return all[id], err
}

func timelines(ctx context.Context, db pg.DB, ids []ID) (map[ID][]Moment, error) {
	moments, err := pg.Rows[Moment](ctx, db, `
		select entry_id, state, reason, actor_id, at
		from entry_states
		where entry_id = any(@ids)
		order by id`,
		pg.Args{"ids": numbers(ids)})
	if err != nil {
		return nil, fmt.Errorf("list states: %w", err)
	}
	by := map[ID][]Moment{}
	for _, m := range moments {
		by[m.EntryID] = append(by[m.EntryID], m)
	}
	return by, nil
}
