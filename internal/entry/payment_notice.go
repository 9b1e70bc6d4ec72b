package entry

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/money"
	"laurel/internal/pg"
)

// A Refusal says why a notice of the payment service changed nothing; empty:
// it did, or it was known already.
type Refusal string

// The refusals.
const (
	UnknownPayment Refusal = "unknown payment"
	WrongAmount    Refusal = "wrong amount or currency"
	NothingDue     Refusal = "paid though nothing was due: give it back"
)

// TakeNotice does what the payment service tells, once for each notice however
// often it comes. What it tells of another payment than ours, or of another
// amount, is written down and changes nothing.
func TakeNotice(ctx context.Context, tx pgx.Tx, n money.Notice) (Refusal, error) {
	if n.Kind == money.NoticeOther {
		return "", nil
	}
	tag, err := tx.Exec(ctx, `
		insert into payment_notices (id, kind)
		values (@id, @kind)
		on conflict on constraint payment_notices_pkey do nothing`,
		pg.Args{"id": n.ID, "kind": string(n.Kind)})
	if err != nil {
		return "", fmt.Errorf("write notice: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return "", nil
	}
	why, err := take(ctx, tx, n)
	if err != nil || why == "" {
		return "", err
	}
	_, err = tx.Exec(ctx, `
		update payment_notices
		set refusal = @why
		where id = @id`,
		pg.Args{"id": n.ID, "why": string(why)})
	if err != nil {
		return "", fmt.Errorf("write refusal: %w", err)
	}
	return why, nil
}

// told is the payment that a notice is about.
type told struct {
	ID       int64
	EntryID  ID
	Minor    int64
	Currency string
	State    string
}

func take(ctx context.Context, tx pgx.Tx, n money.Notice) (Refusal, error) {
	entry, err := pg.Value[ID](ctx, tx, `
		select entry_id
		from payments
		where code = @reference or intent = nullif(@intent, '')`,
		pg.Args{"reference": n.Reference, "intent": n.Intent})
	if errors.Is(err, pgx.ErrNoRows) {
		return UnknownPayment, nil
	}
	if err != nil {
		return "", fmt.Errorf("find payment: %w", err)
	}
	if _, err := lockStone(ctx, tx, entry); err != nil {
		return "", err
	}
	p, err := pg.One[told](ctx, tx, `
		select id, entry_id, minor, currency, state
		from payments
		where code = @reference or intent = nullif(@intent, '')
		for update`,
		pg.Args{"reference": n.Reference, "intent": n.Intent})
	if err != nil {
		return "", fmt.Errorf("lock payment: %w", err)
	}
	if n.Kind == money.NoticeRefunded {
		return takeRefund(ctx, tx, p, n)
	}
	return takePaid(ctx, tx, p, n)
}

func takePaid(ctx context.Context, tx pgx.Tx, p told, n money.Notice) (Refusal, error) {
	switch {
	case p.Minor != n.Amount.Minor || p.Currency != n.Amount.Currency:
		return WrongAmount, nil
	case p.State != "begun":
		return "", nil
	}
	_, err := tx.Exec(ctx, `
		update payments
		set state = 'paid', intent = nullif(@intent, ''), paid_at = clock_timestamp()
		where id = @id`,
		pg.Args{"id": p.ID, "intent": n.Intent})
	if err != nil {
		return "", fmt.Errorf("note payment: %w", err)
	}
	f, err := FeeOf(ctx, tx, p.EntryID)
	if err != nil {
		return "", err
	}
	if due := f.Amount(); f.Fee != FeeDue || due.Currency != n.Amount.Currency || due.Minor > n.Amount.Minor {
		return NothingDue, nil
	}
	return "", paid(ctx, tx, p.EntryID)
}

// takeRefund: what was given back whole is due no more.
func takeRefund(ctx context.Context, tx pgx.Tx, p told, n money.Notice) (Refusal, error) {
	if p.Currency != n.Amount.Currency || n.Amount.Minor > p.Minor || p.State == "begun" {
		return WrongAmount, nil
	}
	_, err := tx.Exec(ctx, `
		update payments
		set refunded = greatest(refunded, @minor),
		    state = case when greatest(refunded, @minor) = minor then 'refunded' else state end
		where id = @id`,
		pg.Args{"id": p.ID, "minor": n.Amount.Minor})
	if err != nil {
		return "", fmt.Errorf("note refund: %w", err)
	}
	left, err := pg.Value[bool](ctx, tx, `select exists (select from payments where entry_id = @id and state = 'paid')`, pg.Args{"id": p.EntryID})
	if err != nil || left {
		return "", err
	}
	return "", settle(ctx, tx, p.EntryID)
}
