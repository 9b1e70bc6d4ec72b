package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A codeKind says what a code opens.
type codeKind string

const (
	entrance codeKind = "entrance" // the account, for its holder
	freeze   codeKind = "freeze"   // nothing: it shuts the account
)

// NewEntrance makes a code with which a person comes in: one who has an account,
// or with 0 one whose account begins when the code is first used. It counts from
// that first use on; until then the code that the person had before still does.
func NewEntrance(ctx context.Context, tx pgx.Tx, id ID) (Receipt, error) {
	_, err := tx.Exec(ctx, `
		delete from account_codes
		where account_id = @id and kind = 'entrance' and begun_at is null`,
		pg.Args{"id": id})
	if err != nil {
		return Receipt{}, fmt.Errorf("forget codes that nobody used: %w", err)
	}
	return newCode(ctx, tx, entrance, id)
}

// newCode writes a code that no other shares its first characters with.
func newCode(ctx context.Context, tx pgx.Tx, kind codeKind, id ID) (Receipt, error) {
	for {
		code := NewReceipt()
		hashed, err := hash(code.secret())
		if err != nil {
			return Receipt{}, fmt.Errorf("hash code: %w", err)
		}
		tag, err := tx.Exec(ctx, `
			insert into account_codes (kind, lookup, account_id, hash, begun_at)
			values (@kind, @lookup, nullif(@id::bigint, 0), @hash, case when @kind = 'freeze' then clock_timestamp() end)
			on conflict on constraint account_codes_pkey do nothing`,
			pg.Args{"kind": string(kind), "lookup": code.Lookup(), "id": id, "hash": hashed})
		if err != nil {
			return Receipt{}, fmt.Errorf("write code: %w", err)
		}
		if tag.RowsAffected() == 1 {
			return code, nil
		}
	}
}

// wrongCode is one sentence for an unknown code and for a wrong one.
func wrongCode() error {
	return problem.Field("secret", "account.code-wrong", "We know no such code. Check each character or word.")
}

// Malformed is what is said of something that cannot be a code: its last
// character or word does not go with the others.
func Malformed() error {
	return problem.Field("secret", "account.code-malformed", "There is a slip in this code: a character or word is wrong, or one is missing. Check it.")
}

// EnterByCode finds the account of a code. The first use of a new one ends the
// one before, or begins an account without e-mail: name is its name then. The
// same time is spent on a code that nobody has.
func EnterByCode(ctx context.Context, tx pgx.Tx, code Receipt, name, locale string) (Account, error) {
	owner, err := codeOwner(ctx, tx, entrance, code)
	if err != nil {
		return Account{}, err
	}
	if owner == nil {
		return Account{}, wrongCode()
	}
	id := *owner
	if id == 0 {
		a, err := Begin(ctx, tx, name, locale)
		if err != nil {
			return Account{}, err
		}
		id = a.ID
	}
	if err := beginCode(ctx, tx, code, id); err != nil {
		return Account{}, err
	}
	a, err := ByID(ctx, tx, id)
	if err != nil {
		return Account{}, fmt.Errorf("find account of code: %w", err)
	}
	return a, nil
}

// beginCode makes a code count that its holder has typed for the first time.
func beginCode(ctx context.Context, tx pgx.Tx, code Receipt, id ID) error {
	fresh, err := pg.Value[bool](ctx, tx, `
		select begun_at is null
		from account_codes
		where kind = 'entrance' and lookup = @lookup`,
		pg.Args{"lookup": code.Lookup()})
	if err != nil {
		return fmt.Errorf("read code: %w", err)
	}
	if !fresh {
		return nil
	}
	_, err = tx.Exec(ctx, `
		delete from account_codes
		where account_id = @id and kind = 'entrance' and begun_at is not null`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("end the code before: %w", err)
	}
	_, err = tx.Exec(ctx, `
		update account_codes
		set begun_at = clock_timestamp(), account_id = @id
		where kind = 'entrance' and lookup = @lookup`,
		pg.Args{"lookup": code.Lookup(), "id": id})
	if err != nil {
		return fmt.Errorf("begin code: %w", err)
	}
	return record(ctx, tx, id, "took a code for", "account", int64(id))
}

// codeOwner is whose code it is: nil for nobody's, 0 for one whose account has
// not begun. One slow hash is computed in every case. In a transaction the code
// is locked, so that two first uses at once begin one account.
func codeOwner(ctx context.Context, db pg.DB, kind codeKind, code Receipt) (*ID, error) {
	type row struct {
		Owner ID
		Hash  string
	}
	r, err := pg.One[row](ctx, db, `
		select coalesce(c.account_id, 0) as owner, c.hash
		from account_codes c
		left join accounts a on a.id = c.account_id
		where c.kind = @kind and c.lookup = @lookup and a.disabled_at is null
		for update of c`,
		pg.Args{"kind": string(kind), "lookup": code.Lookup()})
	if errors.Is(err, pgx.ErrNoRows) {
		r.Hash, err = absent, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find code: %w", err)
	}
	if !matches(code.secret(), r.Hash) {
		return nil, nil
	}
	return &r.Owner, nil
}

// Begin makes an account without e-mail and without password: its holder comes
// back by a code, or by what else is added to it in the same transaction.
func Begin(ctx context.Context, tx pgx.Tx, name, locale string) (Account, error) {
	if p := problem.Hidden("name", name, false); p != nil {
		return Account{}, p
	}
	a, err := pg.One[Account](ctx, tx, `
		insert into accounts (code, name, locale)
		values (@code, @name, @locale)
		returning `+accountColumns,
		pg.Args{"code": Code(), "name": name, "locale": locale})
	if err != nil {
		return Account{}, fmt.Errorf("begin account: %w", err)
	}
	return a, record(ctx, tx, a.ID, "signed up", "account", int64(a.ID))
}

// Ways tells by what a person can come in.
type Ways struct {
	Password bool
	Code     bool
	Freeze   bool // somebody can shut the account for them
}

// WaysOf reads by what a person can come in.
func WaysOf(ctx context.Context, db pg.DB, id ID) (Ways, error) {
	w, err := pg.One[Ways](ctx, db, `
		select password_hash <> '' as password,
		       exists (select from account_codes c where c.account_id = a.id and c.kind = 'entrance' and c.begun_at is not null) as code,
		       exists (select from account_codes c where c.account_id = a.id and c.kind = 'freeze') as freeze
		from accounts a
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return Ways{}, fmt.Errorf("read ways in: %w", err)
	}
	return w, nil
}
