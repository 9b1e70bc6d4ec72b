package entry

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// Embargo says before which instant nothing of a maker's entry may be public;
// nil: as soon as the festival's line-up is out. It holds from the next request,
// also for what is public already.
func Embargo(ctx context.Context, tx pgx.Tx, maker account.ID, code string, until *time.Time) error {
	e, err := ByMaker(ctx, tx, maker, code, LevelSubmit)
	if err != nil {
		return err
	}
	if e, err = lockEntry(ctx, tx, e.ID); err != nil {
		return err
	}
	if e.State == Withdrawn {
		return problem.New(problem.Denied, "entry.withdrawn", "This entry was withdrawn. It cannot be sent again.")
	}
	_, err = tx.Exec(ctx, `
		update entries
		set embargo_until = @until
		where id = @id`,
		pg.Args{"id": e.ID, "until": until})
	if err != nil {
		return fmt.Errorf("set embargo: %w", err)
	}
	return record(ctx, tx, maker, new(int64(e.EditionID)), "entry.embargo", "entry", int64(e.ID), nil)
}

// EmbargoOf is the instant before which nothing of an entry is public; nil: its
// makers have said none.
func EmbargoOf(ctx context.Context, db pg.DB, id ID) (*time.Time, error) {
	until, err := pg.Value[*time.Time](ctx, db, `
		select embargo_until
		from entries
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return nil, fmt.Errorf("find embargo: %w", err)
	}
	return until, nil
}
