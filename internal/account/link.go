package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A linkKind says what a one-time link is for.
type linkKind string

const (
	setup  linkKind = "setup"
	reset  linkKind = "reset"
	change linkKind = "email"
	verify linkKind = "verify"
)

// NewSetupToken makes the link with which the first organizer starts the
// installation. Earlier ones stop working. It is refused once somebody runs the
// installation; people who merely signed up do not count, or a stranger could
// lock its owner out.
func NewSetupToken(ctx context.Context, tx pgx.Tx) (Token, error) {
	begun, err := Begun(ctx, tx)
	if err != nil || begun {
		return "", errors.Join(err, problem.Missing())
	}
	if _, err := tx.Exec(ctx, `delete from account_tokens where kind = 'setup'`, pg.Args{}); err != nil {
		return "", fmt.Errorf("forget earlier set-up links: %w", err)
	}
	return newLink(ctx, tx, setup, link{}, "7 days")
}

// Begun tells whether somebody runs the installation.
func Begun(ctx context.Context, db pg.DB) (bool, error) {
	return pg.Value[bool](ctx, db, `select exists (select from accounts where admin)`, pg.Args{})
}

// Any tells whether there is an account at all.
func Any(ctx context.Context, db pg.DB) (bool, error) {
	return pg.Value[bool](ctx, db, `select exists (select from accounts)`, pg.Args{})
}

// SetUp uses the set-up link: its holder becomes the installation's first
// person, who may create festivals.
func SetUp(ctx context.Context, tx pgx.Tx, token Token, name, email, password, locale string) (Account, error) {
	if _, err := useLink(ctx, tx, setup, token); err != nil {
		return Account{}, err
	}
	a, err := SignUp(ctx, tx, name, email, password, locale)
	if err != nil {
		return Account{}, err
	}
	_, err = tx.Exec(ctx, `
		update accounts
		set admin = true, verified_at = clock_timestamp()
		where id = @id`,
		pg.Args{"id": a.ID})
	if err != nil {
		return Account{}, fmt.Errorf("make first person: %w", err)
	}
	a.Admin = true
	return a, nil
}

// MaySetUp tells whether a set-up link works.
func MaySetUp(ctx context.Context, db pg.DB, token Token) (bool, error) {
	return linkWorks(ctx, db, setup, token)
}

// errNobody undoes the letter of somebody who gets none.
var errNobody = errors.New("nobody is written to")

// AskReset sends a link for a new password, if there is such an account and it
// is not frozen. The answer is the same either way, and so is the work: for an
// address that nobody has it is done and undone, so that its time tells nothing.
func AskReset(ctx context.Context, tx pgx.Tx, email string) error {
	found, err := pg.Rows[Account](ctx, tx, `
		select `+accountColumns+`
		from accounts
		where email = @email and disabled_at is null and coalesce(frozen_until <= clock_timestamp(), true)`,
		pg.Args{"email": strings.TrimSpace(email)})
	if err != nil {
		return fmt.Errorf("find account: %w", err)
	}
	err = pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		if len(found) == 1 {
			return sendReset(ctx, tx, found[0], &found[0].ID, found[0].Email)
		}
		if err := sendReset(ctx, tx, Account{Locale: string(locale.English)}, nil, email); err != nil {
			return err
		}
		return errNobody
	})
	if errors.Is(err, errNobody) {
		return nil
	}
	return err
}

func sendReset(ctx context.Context, tx pgx.Tx, to Account, owner *ID, email string) error {
	token, err := newLink(ctx, tx, reset, link{AccountID: owner}, "2 hours")
	if err != nil {
		return err
	}
	return send(ctx, tx, mail.Reset, to, email, token, "/reset/"+string(token))
}

// MayReset tells whether a link for a new password works.
func MayReset(ctx context.Context, db pg.DB, token Token) (bool, error) {
	return linkWorks(ctx, db, reset, token)
}

// Reset sets a new password by link, signs the person out everywhere and ends
// their other links.
func Reset(ctx context.Context, tx pgx.Tx, token Token, password string) (Account, error) {
	link, err := useLink(ctx, tx, reset, token)
	if err != nil {
		return Account{}, err
	}
	a, err := ByID(ctx, tx, *link.AccountID)
	if err != nil {
		return Account{}, fmt.Errorf("find account: %w", err)
	}
	if err := setPassword(ctx, tx, a, password); err != nil {
		return Account{}, err
	}
	return a, EndAllSessions(ctx, tx, a.ID)
}

// AskEmail sends a link to a new address; the old one, if there is one, stays
// until it is used. Its holder must have been checked (Checked).
func AskEmail(ctx context.Context, tx pgx.Tx, a Account, email string) error {
	email, err := wholeAddress(email)
	if err != nil {
		return err
	}
	contact, err := mail.ContactOf(ctx, tx, int64(a.ID))
	switch {
	case err != nil:
		return err
	case contact.Email != "" && contact.Channel != mail.Letters:
		return problem.Field("email", "account.email-needs-letters",
			"You chose that no letters are sent. The link that proves an address comes by letter: choose letters first, and nothing again afterwards.")
	}
	token, err := newLink(ctx, tx, change, link{AccountID: &a.ID, Email: &email}, "2 days")
	if err != nil {
		return err
	}
	return sendUnlessTaken(ctx, tx, mail.ChangeEmail, a, email, token, "/account/email/"+string(token))
}

// MayChangeEmail tells whether a link to a new address works.
func MayChangeEmail(ctx context.Context, db pg.DB, token Token) (bool, error) {
	return linkWorks(ctx, db, change, token)
}

// ChangeEmail uses the link that was sent to the new address. Links that were
// sent to the old one end.
func ChangeEmail(ctx context.Context, tx pgx.Tx, token Token) error {
	link, err := useLink(ctx, tx, change, token)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update accounts
		set email = @email, verified_at = clock_timestamp()
		where id = @id`,
		pg.Args{"id": *link.AccountID, "email": *link.Email})
	if err != nil {
		return fmt.Errorf("change e-mail: %w", err)
	}
	if err := mail.AddressChanged(ctx, tx, int64(*link.AccountID)); err != nil {
		return err
	}
	if err := endLinks(ctx, tx, *link.AccountID); err != nil {
		return err
	}
	return record(ctx, tx, *link.AccountID, "changed the e-mail of", "account", int64(*link.AccountID))
}

// send queues the letter about a link; at is the page that it leads to.
func send(ctx context.Context, tx pgx.Tx, kind mail.Kind, a Account, to string, token Token, at string) error {
	until, err := pg.Value[time.Time](ctx, tx, `
		select expires_at
		from account_tokens
		where token_hash = @hash`,
		pg.Args{"hash": token.hash()})
	if err != nil {
		return fmt.Errorf("read link: %w", err)
	}
	var account *int64
	if a.ID != 0 {
		account = new(int64(a.ID))
	}
	_, err = mail.Queue(ctx, tx, mail.Letter{
		Kind: kind, To: to, Account: account, Locale: locale.Locale(a.Locale),
		EventKey: fmt.Sprintf("%s:%x", kind, token.hash()[:12]),
		Args:     mail.Args{Link: at, Until: until, Zone: a.Zone},
	})
	return err
}

// A link is what a one-time link is about.
type link struct {
	AccountID *ID
	Email     *string
	Next      string // where its holder wanted to go
}

func newLink(ctx context.Context, tx pgx.Tx, kind linkKind, l link, lasts string) (Token, error) {
	token := newToken()
	_, err := tx.Exec(ctx, `
		insert into account_tokens (token_hash, kind, account_id, email, next, expires_at)
		values (@hash, @kind, @account, @email, @next, clock_timestamp() + @lasts::interval)`,
		pg.Args{"hash": token.hash(), "kind": string(kind), "account": l.AccountID, "email": l.Email, "next": l.Next, "lasts": lasts})
	if err != nil {
		return "", fmt.Errorf("make %s link: %w", kind, err)
	}
	return token, nil
}

func useLink(ctx context.Context, tx pgx.Tx, kind linkKind, token Token) (link, error) {
	l, err := pg.One[link](ctx, tx, `
		update account_tokens
		set used_at = clock_timestamp()
		where token_hash = @hash and kind = @kind and used_at is null and expires_at > clock_timestamp()
		returning account_id, email::text as email, next`,
		pg.Args{"hash": token.hash(), "kind": string(kind)})
	if errors.Is(err, pgx.ErrNoRows) {
		return link{}, problem.Missing()
	}
	if err != nil {
		return link{}, fmt.Errorf("use %s link: %w", kind, err)
	}
	return l, nil
}

func linkWorks(ctx context.Context, db pg.DB, kind linkKind, token Token) (bool, error) {
	return pg.Value[bool](ctx, db, `
		select exists (
			select from account_tokens
			where token_hash = @hash and kind = @kind and used_at is null and expires_at > clock_timestamp())`,
		pg.Args{"hash": token.hash(), "kind": string(kind)})
}

// endLinks takes back the links of a person that have not been used: whoever
// asked for them may not be who holds the account now.
func endLinks(ctx context.Context, tx pgx.Tx, id ID) error {
	_, err := tx.Exec(ctx, `
		delete from account_tokens
		where account_id = @id and used_at is null`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("end links: %w", err)
	}
	return nil
}
