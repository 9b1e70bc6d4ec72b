package main

import (
	"net/url"

	"laurel/internal/money"
	"laurel/internal/pay"
)

// paying is the configuration of the payment service. Without it no fee is
// paid on the site.
type paying struct {
	StripeKey    string `env:"LAUREL_STRIPE_KEY" placeholder:"KEY" help:"Secret or restricted key of a Stripe account, with which fees are paid on the site. Empty: they are not."`
	StripeSecret string `name:"stripe-webhook" env:"LAUREL_STRIPE_WEBHOOK_SECRET" placeholder:"SECRET" help:"Signing secret of the webhook that Stripe calls at /payments/notices, for checkout.session.completed, checkout.session.async_payment_succeeded and charge.refunded. Needed with a key."`
	StripeURL    string `name:"stripe-url" env:"LAUREL_STRIPE_URL" placeholder:"URL" help:"For tests only: where Stripe is. Empty: Stripe's own address."`
}

func (p *paying) validate() error {
	if (p.StripeKey == "") != (p.StripeSecret == "") {
		return wrong("LAUREL_STRIPE_WEBHOOK_SECRET", "--stripe-webhook", "given together with LAUREL_STRIPE_KEY (--stripe-key), or neither")
	}
	if p.StripeURL == "" {
		return nil
	}
	if u, err := url.Parse(p.StripeURL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return wrong("LAUREL_STRIPE_URL", "--stripe-url", "an address such as http://localhost:12111")
	}
	return nil
}

// till is where fees are paid; nil: not here.
func (p *paying) till() (money.Till, error) {
	if p.StripeKey == "" {
		return nil, nil
	}
	return pay.NewStripe(pay.Config{Key: p.StripeKey, Secret: p.StripeSecret, URL: p.StripeURL})
}
