package entry

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/money"
	"laurel/internal/pg"
)

// A Payment is a fee that was paid, or that somebody began to pay.
type Payment struct {
	Code     string // what we call it towards the payment service
	Minor    int64
	Currency string
	State    string  // begun, paid, refunded
	URL      *string // where it is paid; nil: marked as paid by hand, or not yet known
	Refunded int64
	Note     string
	BegunAt  time.Time
	PaidAt   *time.Time
}

// Amount is what was, or is, to be paid.
func (p Payment) Amount() money.Amount { return money.Amount{Minor: p.Minor, Currency: p.Currency} }

// Until is when the page ends on which it is paid.
func (p Payment) Until() time.Time { return p.BegunAt.Add(payFor) }

// A page for paying is used again by who asks again within reuseFor, and ends
// after payFor: nobody pays twice by going back and forth.
const (
	reuseFor = 30 * time.Minute
	payFor   = 90 * time.Minute
)

const paymentColumns = `code, minor, currency, state, url, refunded, note, begun_at, paid_at`

// Payments lists the payments of an entry, the first first.
func Payments(ctx context.Context, db pg.DB, id ID) ([]Payment, error) {
	list, err := pg.Rows[Payment](ctx, db, `
		select `+paymentColumns+`
		from payments
		where entry_id = @id
		order by id`,
		pg.Args{"id": id})
	if err != nil {
		return nil, fmt.Errorf("list payments: %w", err)
	}
	return list, nil
}

// BeginPayment begins to pay what is due for a maker's entry, or goes on with
// what was begun a moment ago.
func BeginPayment(ctx context.Context, tx pgx.Tx, maker account.ID, code string) (Payment, error) {
	e, f, err := lockFee(ctx, tx, maker, code)
	if err != nil {
		return Payment{}, err
	}
	if f.Fee != FeeDue || f.FeeMinor == nil {
		return Payment{}, notDue()
	}
	p, err := pg.One[Payment](ctx, tx, `
		select `+paymentColumns+`
		from payments
		where entry_id = @id and state = 'begun' and minor = @minor and currency = @currency
		  and begun_at > clock_timestamp() - @reuse::interval
		order by id desc
		limit 1`,
		pg.Args{"id": e.ID, "minor": *f.FeeMinor, "currency": *f.FeeCurrency, "reuse": reuseFor})
	if errors.Is(err, pgx.ErrNoRows) {
		p, err = pg.One[Payment](ctx, tx, `
			insert into payments (code, entry_id, minor, currency)
			values (@code, @id, @minor, @currency)
			returning `+paymentColumns,
			pg.Args{"code": account.Code(), "id": e.ID, "minor": *f.FeeMinor, "currency": *f.FeeCurrency})
	}
	if err != nil {
		return Payment{}, fmt.Errorf("begin payment: %w", err)
	}
	return p, nil
}

// SetPaymentURL keeps where a payment is made.
func SetPaymentURL(ctx context.Context, db pg.DB, code, url string) error {
	_, err := db.Exec(ctx, `
		update payments
		set url = @url
		where code = @code and state = 'begun'`,
		pg.Args{"code": code, "url": url})
	if err != nil {
		return fmt.Errorf("keep address of payment: %w", err)
	}
	return nil
}

// MarkPaid is the festival's word that a fee came in by another way.
func MarkPaid(ctx context.Context, tx pgx.Tx, by account.ID, id ID, note string) error {
	e, f, err := lockDue(ctx, tx, id)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into payments (code, entry_id, minor, currency, state, note, actor_id, paid_at)
		values (@code, @id, @minor, @currency, 'paid', @note, @by, clock_timestamp())`,
		pg.Args{"code": account.Code(), "id": id, "minor": *f.FeeMinor, "currency": *f.FeeCurrency, "note": strings.TrimSpace(note), "by": by})
	if err != nil {
		return fmt.Errorf("mark as paid: %w", err)
	}
	if err := paid(ctx, tx, id); err != nil {
		return err
	}
	return record(ctx, tx, by, new(int64(e.EditionID)), "entry.paid", "entry", int64(id), nil)
}

// Forgive is the festival's word that nothing is due. It is not recorded: a
// record would tell it from a waiver, and so tell who asked for one.
func Forgive(ctx context.Context, tx pgx.Tx, id ID) error {
	if _, _, err := lockDue(ctx, tx, id); err != nil {
		return err
	}
	return settle(ctx, tx, id)
}

func lockDue(ctx context.Context, tx pgx.Tx, id ID) (Entry, Fee, error) {
	e, err := lockEntry(ctx, tx, id)
	if err != nil {
		return Entry{}, Fee{}, err
	}
	f, err := FeeOf(ctx, tx, id)
	if err == nil && (f.Fee != FeeDue || f.FeeMinor == nil) {
		err = notDue()
	}
	return e, f, err
}

func paid(ctx context.Context, tx pgx.Tx, id ID) error {
	if _, err := tx.Exec(ctx, `update entries set fee = 'paid' where id = @id`, pg.Args{"id": id}); err != nil {
		return fmt.Errorf("note payment of entry %d: %w", id, err)
	}
	return nil
}
