// Package pay is where fees are paid: Stripe Checkout. Nothing else in the
// house knows Stripe; its library takes long to compile.
package pay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v85"

	"laurel/internal/money"
)

// Stripe takes fees through pages of Stripe Checkout.
type Stripe struct {
	client *stripe.Client
	secret string // of the webhook
}

// A Config is what a Stripe account gives.
type Config struct {
	Key    string // secret or restricted key: sk_…, rk_…
	Secret string // of the webhook: whsec_…
	URL    string // of the service; empty: Stripe's own
}

// patience bounds one request to Stripe: somebody waits for the page.
const patience = 15 * time.Second

// NewStripe makes a till of an account.
func NewStripe(c Config) (*Stripe, error) {
	backend := &stripe.BackendConfig{
		HTTPClient: &http.Client{Timeout: patience}, EnableTelemetry: new(false),
		LeveledLogger: silent{}, MaxNetworkRetries: stripe.Int64(1),
	}
	if c.URL != "" {
		u, err := url.Parse(c.URL)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("no address of a payment service")
		}
		backend.URL = stripe.String(strings.TrimRight(c.URL, "/"))
	}
	return &Stripe{stripe.NewClient(c.Key, stripe.WithBackends(stripe.NewBackendsWithConfig(backend))), c.Secret}, nil
}

// silent keeps the library from writing requests into the log.
type silent struct{}

func (silent) Debugf(string, ...any) {}
func (silent) Infof(string, ...any)  {}
func (silent) Warnf(string, ...any)  {}
func (silent) Errorf(string, ...any) {}

// Open makes a page on which the order is paid. Stripe learns the amount, the
// label and a number; neither a name nor an address nor a title goes there. The
// order's reference makes asking twice the same as asking once.
func (s *Stripe) Open(ctx context.Context, o money.Order) (string, error) {
	p := &stripe.CheckoutSessionCreateParams{
		Mode:              stripe.String(string(stripe.CheckoutSessionModePayment)),
		ClientReferenceID: stripe.String(o.Reference),
		SuccessURL:        stripe.String(o.Back),
		CancelURL:         stripe.String(o.Back),
		ExpiresAt:         new(o.Until.Unix()),
		Locale:            stripe.String("auto"),
		LineItems: []*stripe.CheckoutSessionCreateLineItemParams{{
			Quantity: stripe.Int64(1),
			PriceData: &stripe.CheckoutSessionCreateLineItemPriceDataParams{
				Currency:    stripe.String(strings.ToLower(o.Amount.Currency)),
				UnitAmount:  new(units(o.Amount)),
				ProductData: &stripe.CheckoutSessionCreateLineItemPriceDataProductDataParams{Name: stripe.String(o.Label)},
			},
		}},
	}
	p.SetIdempotencyKey("laurel-" + o.Reference)
	session, err := s.client.V1CheckoutSessions.Create(ctx, p)
	if err != nil {
		return "", fmt.Errorf("open a page for paying: %w", told(err))
	}
	return session.URL, nil
}

// told keeps of Stripe's error what helps, and nothing that was sent.
func told(err error) error {
	if e, ok := errors.AsType[*stripe.Error](err); ok {
		return fmt.Errorf("stripe answers %d, %s %s %s, request %s", e.HTTPStatusCode, e.Type, e.Code, e.Param, e.RequestID)
	}
	return err
}

// hundredfold are the currencies without cents that Stripe counts in hundredths
// all the same (docs.stripe.com/currencies, special cases).
var hundredfold = map[string]bool{"ISK": true, "UGX": true}

func units(a money.Amount) int64 {
	if hundredfold[a.Currency] {
		return a.Minor * 100
	}
	return a.Minor
}

func amount(units int64, currency stripe.Currency) money.Amount {
	code := strings.ToUpper(string(currency))
	if hundredfold[code] && units%100 == 0 {
		units /= 100
	}
	return money.Amount{Minor: units, Currency: code}
}
