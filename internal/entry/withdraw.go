package entry

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// Withdraw takes a maker's entry back, at any stage and for good, and writes
// a letter that says so. A draft, which nobody else has seen, is removed
// instead, and the number stays free; its work is kept. Withdrawing twice is
// withdrawing once.
func Withdraw(ctx context.Context, tx pgx.Tx, maker account.ID, code string) error {
	found, err := ByMaker(ctx, tx, maker, code, LevelSubmit)
	if err != nil {
		return err
	}
	e, err := lockEntry(ctx, tx, found.ID)
	if err != nil {
		return err
	}
	switch e.State {
	case Withdrawn:
		return nil
	case Draft:
		return discard(ctx, tx, e, maker)
	}
	return Move(ctx, tx, e.ID, Withdrawn, "", maker)
}

func discard(ctx context.Context, tx pgx.Tx, e Entry, maker account.ID) error {
	if err := release(ctx, tx, e.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `delete from entries where id = @id and state = 'draft'`, pg.Args{"id": e.ID}); err != nil {
		return fmt.Errorf("discard entry %s: %w", e.Code, err)
	}
	return record(ctx, tx, maker, new(int64(e.EditionID)), "entry.discard", "entry", int64(e.ID), nil)
}
