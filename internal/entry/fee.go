package entry

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/money"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A FeeState says what becomes of an entry's fee. It does not say why nothing
// is due: a free category, a code, a waiver or the festival's word look alike,
// so that there is no list of those who asked for one.
type FeeState string

// The states of a fee.
const (
	FeeNotDue FeeState = "not_due"
	FeeDue    FeeState = "due" // of a draft: as its category will ask when it is sent
	FeePaid   FeeState = "paid"
)

// FeeStates in the order of a filter.
var FeeStates = []FeeState{FeeDue, FeePaid, FeeNotDue}

// FeeName says the state of a fee in a word.
func FeeName(ctx context.Context, state FeeState) string {
	switch state {
	case FeeDue:
		return locale.T(ctx, "fee.due", "Due")
	case FeePaid:
		return locale.T(ctx, "fee.paid", "Paid")
	case FeeNotDue:
	}
	return locale.T(ctx, "fee.state-not-due", "Not due")
}

// A Fee is how the fee of an entry stands.
type Fee struct {
	Fee         FeeState
	FeeBase     *int64 // of the rung at which the entry was sent; nil before, and when nothing is due
	FeeMinor    *int64 // what of it is to be paid, or was
	FeeCurrency *string
	LateUntil   *time.Time // the entry may be sent until then, deadlines or not
	Reduction
}

// A Reduction is what a code takes off a fee; its zero value takes nothing.
type Reduction struct {
	Word     *string // the code; nil: there is none
	Percent  *int
	Minor    *int64
	Currency *string
}

// Off is what is left of a fee. A part of the smallest unit is given away.
func (r Reduction) Off(fee money.Amount) money.Amount {
	switch {
	case r.Percent != nil:
		fee.Minor = fee.Minor * int64(100-*r.Percent) / 100
	case r.Minor != nil && *r.Currency == fee.Currency:
		fee.Minor = max(0, fee.Minor-*r.Minor)
	}
	return fee
}

// Amount is what is to be paid, or was; the zero Amount when nothing is due,
// and before the entry is sent.
func (f Fee) Amount() money.Amount {
	if f.FeeMinor == nil {
		return money.Amount{}
	}
	return money.Amount{Minor: *f.FeeMinor, Currency: *f.FeeCurrency}
}

// FeeOf reads how the fee of an entry stands. Whoever calls it knows that the
// reader may see it.
func FeeOf(ctx context.Context, db pg.DB, id ID) (Fee, error) {
	f, err := pg.One[Fee](ctx, db, `
		select e.fee, e.fee_base, e.fee_minor, e.fee_currency, e.late_until,
		       c.word, c.percent, c.minor, c.currency
		from entries e
		left join fee_codes c on c.id = e.fee_code_id
		where e.id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return Fee{}, fmt.Errorf("read fee of entry %d: %w", id, err)
	}
	return f, nil
}

// RungAt is the rung at which the entry is sent at now: its category's, or the
// last one while a code lets it in late, or because somebody told the festival
// of its film in time. Nil: it is too late.
func (e Entry) RungAt(c festival.Category, now time.Time) *festival.Deadline {
	if rung := c.RungAt(now); rung != nil {
		return rung
	}
	if e.late(now) || e.told(c, now) {
		return c.Last()
	}
	return nil
}

// late says whether a code lets the entry in at now.
func (e Entry) late(now time.Time) bool { return e.LateUntil != nil && now.Before(*e.LateUntil) }

// fixFee settles what an entry costs that is sent for the first time: the fee
// of its rung with its code, which no later rung changes. It keeps nobody from
// sending: what is to be paid is due from then on.
func fixFee(ctx context.Context, tx pgx.Tx, id ID, rung festival.Deadline) error {
	f, err := FeeOf(ctx, tx, id)
	if err != nil || f.Fee != FeeDue {
		return err
	}
	return setFee(ctx, tx, id, rung.Fee(), f.Off(rung.Fee()))
}

// setFee writes what is to be paid. When nothing is, nothing is kept but that.
func setFee(ctx context.Context, tx pgx.Tx, id ID, base, left money.Amount) error {
	if left.IsZero() {
		return settle(ctx, tx, id)
	}
	_, err := tx.Exec(ctx, `
		update entries
		set fee = 'due', fee_base = @base, fee_minor = @minor, fee_currency = @currency
		where id = @id`,
		pg.Args{"id": id, "base": base.Minor, "minor": left.Minor, "currency": left.Currency})
	if err != nil {
		return fmt.Errorf("set fee of entry %d: %w", id, err)
	}
	return nil
}

// settle says that nothing is due, and forgets what was.
func settle(ctx context.Context, tx pgx.Tx, id ID) error {
	_, err := tx.Exec(ctx, `
		update entries
		set fee = 'not_due', fee_base = null, fee_minor = null, fee_currency = null, fee_code_id = null
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("settle fee of entry %d: %w", id, err)
	}
	return nil
}

// unchase drops what is still due for an entry that is withdrawn.
func unchase(ctx context.Context, tx pgx.Tx, id ID) error {
	f, err := FeeOf(ctx, tx, id)
	if err != nil || f.Fee != FeeDue {
		return err
	}
	return settle(ctx, tx, id)
}

// Waive asks for no fee for a maker's entry, and gives no reason; a draft may
// take that back. Nothing is recorded of it anywhere: what is left is what a
// free category leaves.
func Waive(ctx context.Context, tx pgx.Tx, maker account.ID, code string, waive bool) error {
	e, f, err := lockFee(ctx, tx, maker, code)
	switch {
	case err != nil:
		return err
	case waive == (f.Fee == FeeNotDue):
		return nil
	case waive && f.Fee == FeeDue:
		if err := release(ctx, tx, e.ID); err != nil {
			return err
		}
		return settle(ctx, tx, e.ID)
	case e.State == Draft && f.Fee == FeeNotDue:
		_, err := tx.Exec(ctx, `update entries set fee = 'due' where id = @id`, pg.Args{"id": e.ID})
		return err
	}
	return notDue()
}

func notDue() error {
	return problem.New(problem.Conflict, "fee.not-due", "Nothing is due for this entry any more. Open the page again to see how it stands.")
}

// lockFee finds a maker's entry whose fee the maker may settle, and holds it.
func lockFee(ctx context.Context, tx pgx.Tx, maker account.ID, code string) (Entry, Fee, error) {
	found, err := ByMaker(ctx, tx, maker, code, LevelSubmit)
	if err != nil {
		return Entry{}, Fee{}, err
	}
	e, err := lockEntry(ctx, tx, found.ID)
	if err != nil {
		return Entry{}, Fee{}, err
	}
	if e.State == Withdrawn {
		return Entry{}, Fee{}, notDue()
	}
	f, err := FeeOf(ctx, tx, e.ID)
	return e, f, err
}
