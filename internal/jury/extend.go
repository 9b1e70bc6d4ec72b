package jury

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// Extend opens a closed round again, until an instant, for more viewings and
// for nothing else: what was given before stays as it was saved, and can be
// neither changed nor recused from by jurors. Meanwhile the round is sealed as
// any open one. The jurors are told of their new films.
//
// Refusals: the round has not ended, no extra viewings were announced for it,
// somebody has been told a decision on one of its films, or the day has passed
// (Denied); a film would have more viewers than announced, or a juror already
// has it or must not have it (Conflict: something changed meanwhile); a film or
// juror of elsewhere (NotFound).
func Extend(ctx context.Context, tx pgx.Tx, by account.ID, round RoundID, until time.Time, viewings []Pair) error {
	is, err := lockRound(ctx, tx, round)
	if err != nil {
		return err
	}
	r, err := RoundOf(ctx, tx, round)
	if err != nil {
		return err
	}
	if err := r.mayExtend(ctx, tx, is, until, viewings); err != nil {
		return err
	}
	d, err := DeskOf(ctx, tx, r)
	if err != nil {
		return err
	}
	if err := d.mayAdd(viewings); err != nil {
		return err
	}
	if err := reopen(ctx, tx, by, r, until, len(viewings)); err != nil {
		return err
	}
	c := change{by: by, kind: kind(More)}
	if err := d.write(ctx, tx, &c, viewings, nil); err != nil {
		return err
	}
	if err := c.tell(ctx, tx, round); err != nil {
		return err
	}
	return record(ctx, tx, by, r.EditionID, "round.extend", "round", int64(round), map[string]any{"until": until, "viewings": len(viewings)})
}

func (r Round) mayExtend(ctx context.Context, tx pgx.Tx, is standing, until time.Time, viewings []Pair) error {
	type row struct{ Late, Told bool }
	x, err := pg.One[row](ctx, tx, `
		select @until <= clock_timestamp() as late,
		       exists (select from assignments a
		               join decisions d on d.entry_id = a.entry_id and d.released_at is not null
		               where a.round_id = @round) as told`,
		pg.Args{"until": until, "round": r.ID})
	if err != nil {
		return fmt.Errorf("read whether the round can be extended: %w", err)
	}
	switch {
	case !is.ended:
		return problem.New(problem.Denied, "round.extend-open", "The round is open: give films to jurors on the page of its assignment.")
	case r.ReviewsMost == nil:
		return problem.New(problem.Denied, "round.extend-unannounced", "No extra viewings were announced for this round, so it stays closed.")
	case x.Told:
		return problem.New(problem.Denied, "round.extend-told", "Filmmakers have been told a decision on a film of this round, so it stays closed.")
	case x.Late:
		return problem.Field("until", "round.extend-late", "This day has passed. Choose a later one.")
	case len(viewings) == 0:
		return problem.New(problem.Denied, "round.extend-nothing", "There is no viewing to ask for.")
	}
	return nil
}

// mayAdd looks at extra viewings against the desk.
func (d Desk) mayAdd(viewings []Pair) error {
	changed := problem.New(problem.Conflict, "round.extend-changed", "Something changed since this list was made. Look at the new one, then ask again.")
	held, viewers := map[Pair]bool{}, map[entry.ID]int{}
	for _, a := range d.Assignments {
		held[Pair{a.EntryID, a.AccountID}] = true
		if a.State == Done {
			viewers[a.EntryID]++
		}
	}
	for _, p := range viewings {
		if !d.knows(p) {
			return problem.Missing()
		}
		viewers[p.Entry]++
		if held[p] || d.Apart[p] || viewers[p.Entry] > *d.Round.ReviewsMost {
			return changed
		}
		held[p] = true
	}
	return nil
}

func reopen(ctx context.Context, tx pgx.Tx, by account.ID, r Round, until time.Time, viewings int) error {
	at, err := pg.Value[time.Time](ctx, tx, `
		update rounds
		set extended_at = clock_timestamp(), closed_at = null, closes_at = @until
		where id = @id
		returning extended_at`,
		pg.Args{"id": r.ID, "until": until})
	if err != nil {
		return fmt.Errorf("open round again: %w", err)
	}
	_, err = tx.Exec(ctx, `
		insert into extensions (round_id, ended_at, at, until, viewings, actor_id)
		values (@round, @ended, @at, @until, @viewings, @by)`,
		pg.Args{"round": r.ID, "ended": r.EndedAt(), "at": at, "until": until, "viewings": viewings, "by": by})
	if err != nil {
		return fmt.Errorf("note extension: %w", err)
	}
	return nil
}
