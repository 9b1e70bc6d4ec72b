package entry

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// Freeze shuts all works of an owner until an instant: nobody can read them or
// their entries until then.
func Freeze(ctx context.Context, tx pgx.Tx, owner account.ID, until time.Time) error {
	return setFrozen(ctx, tx, owner, &until)
}

// Unfreeze opens all works of an owner again.
func Unfreeze(ctx context.Context, tx pgx.Tx, owner account.ID) error {
	return setFrozen(ctx, tx, owner, nil)
}

func setFrozen(ctx context.Context, tx pgx.Tx, owner account.ID, until *time.Time) error {
	_, err := tx.Exec(ctx, `
		update works
		set frozen_until = @until
		where owner_id = @owner`,
		pg.Args{"owner": owner, "until": until})
	if err != nil {
		return fmt.Errorf("freeze works: %w", err)
	}
	return nil
}
