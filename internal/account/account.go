// Package account owns people: accounts, their sessions, one-time links, roles
// in festivals, invitations, and the record that makes a form count once.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/jackc/pgx/v5"

	"laurel/internal/audit"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// ID names an account inside the house.
type ID int64

// An Account is a person who signs in.
type Account struct {
	ID         ID
	Code       string
	Email      string // empty: the person gave none
	Name       string
	Locale     string
	Zone       string // IANA name; in which the person reads times
	Admin      bool   // may create festivals
	VerifiedAt *time.Time
}

// MinPassword is the shortest password, in characters; MaxPassword keeps the
// hashing of one bounded.
const (
	MinPassword = 10
	MaxPassword = 200
)

// hashing costs 19 MiB and two passes (OWASP, Password Storage Cheat Sheet,
// 2023); slots lets two run at once, so that a crowd at the door cannot take
// all memory.
var (
	hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	slots   = make(chan struct{}, 2)
)

const accountColumns = `id, code, coalesce(email::text, '') as email, name, locale, zone, admin, verified_at`

// Code makes a short unguessable name for addresses: 26 letters and figures.
func Code() string { return strings.ToLower(rand.Text()) }

func hash(password string) (string, error) {
	slots <- struct{}{}
	defer func() { <-slots }()
	return argon2id.CreateHash(password, hashing)
}

func matches(password, hashed string) bool {
	slots <- struct{}{}
	defer func() { <-slots }()
	ok, err := argon2id.ComparePasswordAndHash(password, hashed)
	return err == nil && ok
}

// CheckPassword says what is wrong with a new password, or nil.
func CheckPassword(password, email string) error {
	length := len([]rune(password))
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	switch {
	case length < MinPassword:
		return problem.Field("password", "account.password-short",
			"Use at least {{.Count}} characters. Four unrelated words are a good password.", "Count", MinPassword)
	case length > MaxPassword:
		return problem.Field("password", "account.password-long", "Use {{.Count}} characters or fewer.", "Count", MaxPassword)
	case local != "" && strings.EqualFold(password, email), strings.Count(password, string([]rune(password)[0])) == length:
		return problem.Field("password", "account.password-guessable", "This is too easy to guess. Use several unrelated words.")
	}
	return nil
}

// checkName says what is wrong with a name as accounts_name_length would, but
// together with what else is wrong.
func checkName(name string) error {
	if length := len([]rune(name)); length == 0 || length > 200 {
		return problem.Field("name", "constraint.accounts_name_length", problem.Constraints["accounts_name_length"].English)
	}
	if p := problem.Hidden("name", name, false); p != nil {
		return p
	}
	return nil
}

// SignUp makes an account, or says of each field what is wrong with it. An
// address that is taken breaks accounts_email_once.
func SignUp(ctx context.Context, tx pgx.Tx, name, email, password, locale string) (Account, error) {
	name, email = strings.TrimSpace(name), strings.TrimSpace(email)
	_, wrongAddress := wholeAddress(email)
	if err := problem.Together(checkName(name), wrongAddress, CheckPassword(password, email)); err != nil {
		return Account{}, err
	}
	hashed, err := hash(password)
	if err != nil {
		return Account{}, fmt.Errorf("hash password: %w", err)
	}
	a, err := pg.One[Account](ctx, tx, `
		insert into accounts (code, email, name, password_hash, locale)
		values (@code, @email, @name, @hash, @locale)
		returning `+accountColumns,
		pg.Args{"code": Code(), "email": email, "name": name, "hash": hashed, "locale": locale})
	if err != nil {
		return Account{}, fmt.Errorf("sign up: %w", err)
	}
	return a, record(ctx, tx, a.ID, "signed up", "account", int64(a.ID))
}

// absent is a hash that no password matches; comparing with it keeps the time
// of an answer the same whether or not an account exists.
var absent, _ = hash(rand.Text())

// wrong is one sentence for an unknown address and for a wrong password.
func wrong() error {
	return problem.New(problem.Invalid, "account.wrong", "This e-mail address and password do not go together. Check both, or ask for a new password.")
}

// CheckIn finds the account of an e-mail address and password.
func CheckIn(ctx context.Context, db pg.DB, email, password string) (Account, error) {
	type row struct {
		Account
		PasswordHash string
	}
	r, err := pg.One[row](ctx, db, `
		select `+accountColumns+`, password_hash
		from accounts
		where email = @email and disabled_at is null`,
		pg.Args{"email": strings.TrimSpace(email)})
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Account{}, fmt.Errorf("find account: %w", err)
	}
	if len(password) > 4*MaxPassword { // of nobody; hashed all the same, as any other wrong one
		password, r.PasswordHash = "", absent
	}
	if err != nil || r.PasswordHash == "" {
		r.PasswordHash = absent
	}
	if !matches(password, r.PasswordHash) {
		return Account{}, wrong()
	}
	return r.Account, nil
}

// ByID finds an account; none is pgx.ErrNoRows.
func ByID(ctx context.Context, db pg.DB, id ID) (Account, error) {
	return pg.One[Account](ctx, db, `
		select `+accountColumns+`
		from accounts
		where id = @id`,
		pg.Args{"id": id})
}

// ByEmail finds an account; none is pgx.ErrNoRows.
func ByEmail(ctx context.Context, db pg.DB, email string) (Account, error) {
	return pg.One[Account](ctx, db, `
		select `+accountColumns+`
		from accounts
		where email = @email and disabled_at is null`,
		pg.Args{"email": strings.TrimSpace(email)})
}

// SaveProfile changes a person's name and the zone in which they read times.
func SaveProfile(ctx context.Context, tx pgx.Tx, id ID, name, zone string) error {
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		return problem.Field("zone", "account.zone-unknown", "Choose a time zone of the list.")
	}
	name = strings.TrimSpace(name)
	if p := problem.Hidden("name", name, false); p != nil {
		return p
	}
	_, err := tx.Exec(ctx, `
		update accounts
		set name = @name, zone = @zone
		where id = @id`,
		pg.Args{"id": id, "name": name, "zone": zone})
	if err != nil {
		return fmt.Errorf("save profile: %w", err)
	}
	return record(ctx, tx, id, "changed", "account", int64(id))
}

// ChangePassword sets a new password when the current one is right, and ends
// all other sessions and all one-time links of the person.
func ChangePassword(ctx context.Context, tx pgx.Tx, a Account, current, next string, keep Token) error {
	if _, err := CheckIn(ctx, tx, a.Email, current); err != nil {
		return problem.Field("current", "account.password-wrong", "This is not your current password.")
	}
	if err := setPassword(ctx, tx, a, next); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		delete from sessions
		where account_id = @id and token_hash <> @keep`,
		pg.Args{"id": a.ID, "keep": keep.hash()})
	if err != nil {
		return fmt.Errorf("end other sessions: %w", err)
	}
	return nil
}

func setPassword(ctx context.Context, tx pgx.Tx, a Account, next string) error {
	if err := CheckPassword(next, a.Email); err != nil {
		return err
	}
	hashed, err := hash(next)
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	_, err = tx.Exec(ctx, `
		update accounts
		set password_hash = @hash
		where id = @id`,
		pg.Args{"id": a.ID, "hash": hashed})
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	if err := endLinks(ctx, tx, a.ID); err != nil {
		return err
	}
	return record(ctx, tx, a.ID, "changed the password of", "account", int64(a.ID))
}

// A Token is a secret that a person holds: a session cookie or a one-time
// link. Only its hash is stored.
type Token string

func newToken() Token { return Token(rand.Text()) }

func (t Token) hash() []byte {
	sum := sha256.Sum256([]byte(t))
	return sum[:]
}

func record(ctx context.Context, tx pgx.Tx, by ID, verb, kind string, subject int64) error {
	event := audit.Event{Verb: verb, Kind: kind, Subject: subject}
	if by != 0 {
		event.Actor = new(int64(by))
	}
	return audit.Record(ctx, tx, event)
}
