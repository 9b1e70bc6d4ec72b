// Package passkey owns passkeys: what a device keeps for a person instead of a
// password, the challenges that it answers, and the random handle under which
// devices know an account. It speaks W3C WebAuthn through go-webauthn.
package passkey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Passkey is one of a person's, as the person sees it.
type Passkey struct {
	Code      string
	Name      string
	CreatedAt time.Time
	UsedAt    *time.Time // nil: never since it was made
}

// Most is how many passkeys one account may have.
const Most = 20

// Of lists the passkeys of an account, the oldest first.
func Of(ctx context.Context, db pg.DB, who account.ID) ([]Passkey, error) {
	list, err := pg.Rows[Passkey](ctx, db, `
		select code, name, created_at, used_at
		from passkeys
		where account_id = @who
		order by id`,
		pg.Args{"who": who})
	if err != nil {
		return nil, fmt.Errorf("list passkeys: %w", err)
	}
	return list, nil
}

// Rename gives a passkey of the person's another name; anybody else's does not
// exist.
func Rename(ctx context.Context, tx pgx.Tx, who account.ID, code, name string) error {
	tag, err := tx.Exec(ctx, `
		update passkeys
		set name = @name
		where account_id = @who and code = @code`,
		pg.Args{"who": who, "code": code, "name": strings.TrimSpace(name)})
	if err != nil {
		return fmt.Errorf("rename passkey: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.Missing()
	}
	return nil
}

// Remove forgets a passkey of the person's. The last way into an account is
// not removed: that is Denied.
func Remove(ctx context.Context, tx pgx.Tx, who account.ID, code string) error {
	if _, err := tx.Exec(ctx, `select from accounts where id = @who for update`, pg.Args{"who": who}); err != nil {
		return fmt.Errorf("lock account: %w", err)
	}
	tag, err := tx.Exec(ctx, `
		delete from passkeys
		where account_id = @who and code = @code`,
		pg.Args{"who": who, "code": code})
	if err != nil {
		return fmt.Errorf("remove passkey: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return problem.Missing()
	}
	open, err := pg.Value[bool](ctx, tx, `
		select a.email is not null
		    or exists (select from account_codes c where c.account_id = a.id and c.kind = 'entrance' and c.begun_at is not null)
		    or exists (select from passkeys p where p.account_id = a.id)
		from accounts a
		where a.id = @who`,
		pg.Args{"who": who})
	if err != nil {
		return fmt.Errorf("look for another way in: %w", err)
	}
	if !open {
		return problem.New(problem.Denied, "passkey.last",
			"This passkey is the only way into your account. Add another passkey, a code or an e-mail address first.")
	}
	return record(ctx, tx, who, "removed a passkey of")
}

// Sweep forgets challenges that nobody answered.
func Sweep(ctx context.Context, db pg.DB) error {
	if _, err := db.Exec(ctx, `delete from passkey_challenges where expires_at < clock_timestamp()`, pg.Args{}); err != nil {
		return fmt.Errorf("sweep challenges: %w", err)
	}
	return nil
}

func record(ctx context.Context, tx pgx.Tx, who account.ID, verb string) error {
	return audit.Record(ctx, tx, audit.Event{Actor: new(int64(who)), Verb: verb, Kind: "account", Subject: int64(who)})
}
