package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
	"laurel/internal/problem"
)

// checkLasts is how long a second check counts (OWASP ASVS 7.5.1 asks for one
// before what cannot be taken back).
const checkLasts = "10 minutes"

// Checked tells whether the holder of a session has proved again, in the last
// ten minutes, who they are. Having signed in is not enough: whoever finds an
// open browser has that too. What cannot be taken back asks for it first.
func Checked(ctx context.Context, db pg.DB, token Token) (bool, error) {
	return pg.Value[bool](ctx, db, `
		select exists (
			select from sessions
			where token_hash = @hash and checked_at > clock_timestamp() - @lasts::interval)`,
		pg.Args{"hash": token.hash(), "lasts": checkLasts})
}

// NoteCheck writes down that the holder of a session has just proved who they
// are. Call it after the whole proof and nowhere else.
func NoteCheck(ctx context.Context, db pg.DB, token Token) error {
	_, err := db.Exec(ctx, `
		update sessions
		set checked_at = clock_timestamp()
		where token_hash = @hash`,
		pg.Args{"hash": token.hash()})
	if err != nil {
		return fmt.Errorf("note check: %w", err)
	}
	return nil
}

// Prove checks the password or the entrance code of a person: typed is either.
// A wrong one is refused beside the field "secret".
func Prove(ctx context.Context, db pg.DB, who ID, typed string) error {
	ok, err := holds(ctx, db, who, typed)
	if err == nil && !ok {
		err = problem.Field("secret", "check.wrong", "This is neither your password nor your code.")
	}
	return err
}

// holds tells whether typed is the password or the entrance code of a person.
func holds(ctx context.Context, db pg.DB, id ID, typed string) (bool, error) {
	if code, ok := ReadReceipt(typed); ok {
		owner, err := codeOwner(ctx, db, entrance, code)
		return owner != nil && *owner == id, err
	}
	hashed, err := pg.Value[string](ctx, db, `
		select password_hash
		from accounts
		where id = @id and disabled_at is null`,
		pg.Args{"id": id})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read password: %w", err)
	}
	return len(typed) <= 4*MaxPassword && hashed != "" && matches(typed, hashed), nil
}
