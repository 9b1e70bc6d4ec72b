package pay

import (
	"encoding/json"
	"fmt"

	"github.com/stripe/stripe-go/v85"
	"github.com/stripe/stripe-go/v85/webhook"

	"laurel/internal/money"
)

// Read checks the signature of a webhook's message, which is good for five
// minutes, and says what it tells.
func (s *Stripe) Read(message []byte, signature string) (money.Notice, error) {
	event, err := webhook.ConstructEventWithOptions(message, signature, s.secret, webhook.ConstructEventOptions{
		Tolerance: webhook.DefaultTolerance, IgnoreAPIVersionMismatch: true,
	})
	if err != nil {
		return money.Notice{}, fmt.Errorf("read notice: %w", err)
	}
	n := money.Notice{ID: event.ID, Kind: money.NoticeOther}
	if event.Data == nil || event.ID == "" {
		return n, nil
	}
	switch event.Type {
	case stripe.EventTypeCheckoutSessionCompleted, stripe.EventTypeCheckoutSessionAsyncPaymentSucceeded:
		err = readSession(&n, event.Data.Raw)
	case stripe.EventTypeChargeRefunded:
		err = readRefund(&n, event.Data.Raw)
	}
	return n, err
}

// readSession: a session that is complete and not yet paid, as with a slow
// bank, tells nothing; another notice follows.
func readSession(n *money.Notice, raw json.RawMessage) error {
	var session stripe.CheckoutSession
	if err := json.Unmarshal(raw, &session); err != nil {
		return fmt.Errorf("read session: %w", err)
	}
	if session.PaymentStatus != stripe.CheckoutSessionPaymentStatusPaid {
		return nil
	}
	n.Kind, n.Reference, n.Amount = money.NoticePaid, session.ClientReferenceID, amount(session.AmountTotal, session.Currency)
	if session.PaymentIntent != nil {
		n.Intent = session.PaymentIntent.ID
	}
	return nil
}

func readRefund(n *money.Notice, raw json.RawMessage) error {
	var charge stripe.Charge
	if err := json.Unmarshal(raw, &charge); err != nil {
		return fmt.Errorf("read charge: %w", err)
	}
	if charge.PaymentIntent == nil {
		return nil
	}
	n.Kind, n.Intent, n.Amount = money.NoticeRefunded, charge.PaymentIntent.ID, amount(charge.AmountRefunded, charge.Currency)
	return nil
}
