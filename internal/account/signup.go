package account

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// AskSignUp writes to an address with which somebody wants to open an account.
// The letter has the link behind which the account is made; where there is an
// account already the letter says so instead. Whoever asked is told the same
// either way. next is where they wanted to go.
func AskSignUp(ctx context.Context, tx pgx.Tx, email, next string) error {
	email, err := wholeAddress(email)
	if err != nil {
		return err
	}
	token, err := newLink(ctx, tx, verify, link{Email: &email, Next: next}, "2 days")
	if err != nil {
		return err
	}
	asker := Account{Locale: string(locale.Of(ctx))}
	return sendUnlessTaken(ctx, tx, mail.Verify, asker, email, token, "/sign-up/"+string(token))
}

// wholeAddress reads an e-mail address as accounts_email_shape wants it, before
// anything is sent there.
func wholeAddress(typed string) (string, error) {
	email, err := mail.Address(typed)
	_, host, _ := strings.Cut(email, "@")
	if err != nil || !strings.Contains(host, ".") || len(email) > 254 {
		return "", problem.Field("email", "constraint.accounts_email_shape", problem.Constraints["accounts_email_shape"].English)
	}
	return email, nil
}

// sendUnlessTaken queues the letter that proves an address. Where an account has
// the address its holder is told so, and the link is nobody's: it is made all
// the same, so that the work is.
func sendUnlessTaken(ctx context.Context, tx pgx.Tx, kind mail.Kind, a Account, email string, token Token, at string) error {
	holder, err := pg.Rows[Account](ctx, tx, `
		select `+accountColumns+`
		from accounts
		where email = @email`,
		pg.Args{"email": email})
	if err != nil {
		return fmt.Errorf("look for the address: %w", err)
	}
	if len(holder) == 0 {
		return send(ctx, tx, kind, a, email, token, at)
	}
	return send(ctx, tx, mail.AddressTaken, holder[0], "", token, "/sign-in")
}

// Proving is the address that a link of AskSignUp proves, as long as it works.
func Proving(ctx context.Context, db pg.DB, token Token) (email string, err error) {
	email, err = pg.Value[string](ctx, db, `
		select email::text
		from account_tokens
		where token_hash = @hash and kind = @kind and used_at is null and expires_at > clock_timestamp()`,
		pg.Args{"hash": token.hash(), "kind": string(verify)})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", problem.Missing()
	}
	if err != nil {
		return "", fmt.Errorf("find sign-up link: %w", err)
	}
	return email, nil
}

// SignUpProved makes the account of the address that a link proves, and says
// where its holder wanted to go.
func SignUpProved(ctx context.Context, tx pgx.Tx, token Token, name, password, locale string) (Account, string, error) {
	used, err := useLink(ctx, tx, verify, token)
	if err != nil {
		return Account{}, "", err
	}
	a, err := SignUp(ctx, tx, name, *used.Email, password, locale)
	if err != nil {
		return Account{}, "", err
	}
	_, err = tx.Exec(ctx, `
		update accounts
		set verified_at = clock_timestamp()
		where id = @id`,
		pg.Args{"id": a.ID})
	if err != nil {
		return Account{}, "", fmt.Errorf("note that the address is proved: %w", err)
	}
	return a, used.Next, nil
}
