package account

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
)

// freezeLasts is how long an account stays shut, unless the code is used again.
const freezeLasts = "72 hours"

// NewFreezeCode makes the code with which somebody whom a person trusts shuts
// the person's account. It reads nothing. The one before ends.
func NewFreezeCode(ctx context.Context, tx pgx.Tx, id ID) (Receipt, error) {
	_, err := tx.Exec(ctx, `
		delete from account_codes
		where account_id = @id and kind = 'freeze'`,
		pg.Args{"id": id})
	if err != nil {
		return Receipt{}, fmt.Errorf("end the freeze code before: %w", err)
	}
	code, err := newCode(ctx, tx, freeze, id)
	if err != nil {
		return Receipt{}, err
	}
	return code, record(ctx, tx, id, "made a freeze code for", "account", int64(id))
}

// Freeze shuts the account that a freeze code belongs to, ends its sessions and
// links, and says whose it is and until when. Used again it counts from anew.
// What the account owns is the caller's to shut in the same transaction. The
// same time is spent on a code that nobody has.
func Freeze(ctx context.Context, tx pgx.Tx, code Receipt) (ID, time.Time, error) {
	owner, err := codeOwner(ctx, tx, freeze, code)
	if err != nil {
		return 0, time.Time{}, err
	}
	if owner == nil {
		return 0, time.Time{}, wrongCode()
	}
	until, err := pg.Value[time.Time](ctx, tx, `
		update accounts
		set frozen_until = clock_timestamp() + @lasts::interval
		where id = @id
		returning frozen_until`,
		pg.Args{"id": *owner, "lasts": freezeLasts})
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("freeze account: %w", err)
	}
	if err := EndAllSessions(ctx, tx, *owner); err != nil {
		return 0, time.Time{}, fmt.Errorf("end sessions: %w", err)
	}
	if err := endLinks(ctx, tx, *owner); err != nil {
		return 0, time.Time{}, err
	}
	return *owner, until, record(ctx, tx, 0, "froze", "account", int64(*owner))
}

// FrozenUntil is when an account that is shut opens by itself.
func FrozenUntil(ctx context.Context, db pg.DB, id ID) (time.Time, error) {
	until, err := pg.Value[time.Time](ctx, db, `
		select coalesce(frozen_until, clock_timestamp())
		from accounts
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return time.Time{}, fmt.Errorf("look until when an account is shut: %w", err)
	}
	return until, nil
}

// Thaw opens an account again. Its holder must have been checked (Checked).
func Thaw(ctx context.Context, tx pgx.Tx, id ID) error {
	_, err := tx.Exec(ctx, `
		update accounts
		set frozen_until = null
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("thaw account: %w", err)
	}
	return record(ctx, tx, id, "opened again", "account", int64(id))
}
