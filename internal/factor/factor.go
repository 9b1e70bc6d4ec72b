// Package factor owns the second factor: a secret that an app shares with us
// and makes codes of (RFC 6238), recovery codes for when the app is lost, and
// the step between the first factor and the second.
package factor

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/pg"
	"laurel/internal/problem"
	"laurel/internal/seal"
)

// A Keeper seals the secrets, so that a copy of the database alone opens none.
type Keeper struct{ seal *seal.Keeper }

// NewKeeper makes a keeper of a key of seal.KeySize bytes, which is kept
// elsewhere than the database.
func NewKeeper(key []byte) (*Keeper, error) {
	k, err := seal.NewKeeper(key)
	if err != nil {
		return nil, fmt.Errorf("key of second factors: %w", err)
	}
	return &Keeper{k}, nil
}

// of binds a sealed secret to its account: it opens in no other row.
func of(who account.ID) string {
	return string(binary.BigEndian.AppendUint64([]byte("second factor "), uint64(who)))
}

func (k *Keeper) close(who account.ID, secret []byte) []byte {
	return k.seal.Close(of(who), secret)
}

func (k *Keeper) open(who account.ID, sealed []byte) ([]byte, error) {
	secret, err := k.seal.Open(of(who), sealed)
	if err != nil {
		return nil, fmt.Errorf("open second factor of account %d: %w", who, err)
	}
	return secret, nil
}

// A Status is what a person's page says of the second factor.
type Status struct {
	Since *time.Time // nil: codes are not asked for
	Left  int        // recovery codes that have not been used
	Begun bool       // there is a secret, confirmed or not
}

// Of tells how the second factor of an account stands.
func Of(ctx context.Context, db pg.DB, who account.ID) (Status, error) {
	s, err := pg.One[Status](ctx, db, `
		select max(f.confirmed_at) as since,
		       count(f.account_id) > 0 as begun,
		       (select count(*)::int from recovery_codes c where c.account_id = @who and c.used_at is null) as left
		from second_factors f
		where f.account_id = @who`,
		pg.Args{"who": who})
	if err != nil {
		return Status{}, fmt.Errorf("find second factor: %w", err)
	}
	return s, nil
}

// Active tells whether an account is asked for codes.
func Active(ctx context.Context, db pg.DB, who account.ID) (bool, error) {
	s, err := Of(ctx, db, who)
	return s.Since != nil, err
}

// secretSize is that of the hash that makes the codes (RFC 4226, section 4, R6).
const secretSize = 20

var plain = base32.StdEncoding.WithPadding(base32.NoPadding)

// Begin makes a secret for an account. One that was begun before and never
// confirmed is replaced; one that is in use is not.
func (k *Keeper) Begin(ctx context.Context, tx pgx.Tx, who account.ID) error {
	secret := make([]byte, secretSize)
	rand.Read(secret)
	tag, err := tx.Exec(ctx, `
		insert into second_factors (account_id, sealed)
		values (@who, @sealed)
		on conflict on constraint second_factors_pkey
		do update set sealed = excluded.sealed, created_at = excluded.created_at
		where second_factors.confirmed_at is null`,
		pg.Args{"who": who, "sealed": k.close(who, secret)})
	if err != nil {
		return fmt.Errorf("begin second factor: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return inUse()
	}
	return nil
}

func inUse() error {
	return problem.New(problem.Conflict, "factor.in-use", "The second factor is in use already. Switch it off first to begin with another app.")
}

// An Offer is a secret on its way into an app.
type Offer struct {
	Secret string // in groups of four, to be typed
	URL    string // otpauth://…, to be scanned
}

// Offered is the secret that was begun and waits for a first code; issuer is
// what the app lists it under.
func (k *Keeper) Offered(ctx context.Context, db pg.DB, who account.Account, issuer string) (Offer, error) {
	sealed, err := pg.Value[[]byte](ctx, db, `
		select sealed
		from second_factors
		where account_id = @who and confirmed_at is null`,
		pg.Args{"who": who.ID})
	if err != nil {
		return Offer{}, fmt.Errorf("find second factor: %w", err)
	}
	secret, err := k.open(who.ID, sealed)
	if err != nil {
		return Offer{}, err
	}
	text := plain.EncodeToString(secret)
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + who.Name}
	u.RawQuery = url.Values{"secret": {text}, "issuer": {issuer}}.Encode()
	return Offer{grouped(text), strings.ReplaceAll(u.String(), "+", "%20")}, nil
}

func grouped(text string) string {
	var groups []string
	for len(text) > 4 {
		groups, text = append(groups, text[:4]), text[4:]
	}
	return strings.Join(append(groups, text), " ")
}

// Confirm takes the first code of the app: from now on codes are asked for. It
// returns the recovery codes, which nobody can read again.
func (k *Keeper) Confirm(ctx context.Context, tx pgx.Tx, who account.ID, code string) ([]string, error) {
	if err := k.takeCode(ctx, tx, who, code); err != nil {
		return nil, err
	}
	tag, err := tx.Exec(ctx, `
		update second_factors
		set confirmed_at = clock_timestamp()
		where account_id = @who and confirmed_at is null`,
		pg.Args{"who": who})
	if err != nil {
		return nil, fmt.Errorf("confirm second factor: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil, inUse()
	}
	if err := record(ctx, tx, who, "switched on the second factor of"); err != nil {
		return nil, err
	}
	return NewCodes(ctx, tx, who)
}

// Remove switches the second factor off and forgets its recovery codes.
func Remove(ctx context.Context, tx pgx.Tx, who account.ID) error {
	if _, err := tx.Exec(ctx, `delete from second_factors where account_id = @who`, pg.Args{"who": who}); err != nil {
		return fmt.Errorf("remove second factor: %w", err)
	}
	return record(ctx, tx, who, "switched off the second factor of")
}

func record(ctx context.Context, tx pgx.Tx, who account.ID, verb string) error {
	return audit.Record(ctx, tx, audit.Event{Actor: new(int64(who)), Verb: verb, Kind: "account", Subject: int64(who)})
}
