//go:build browser

package main

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// device gives the window a device that keeps passkeys and makes sure of its
// owner; the one that it had before is lost.
func (p *tab) device(lost webauthn.AuthenticatorID) (id webauthn.AuthenticatorID) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		if lost != "" {
			_, err := chromedp.Call(ctx, webauthn.RemoveVirtualAuthenticator, webauthn.RemoveVirtualAuthenticatorParams{AuthenticatorID: lost})
			if err != nil {
				return err
			}
		} else if _, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		made, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}})
		if err == nil {
			id = made.AuthenticatorID
		}
		return err
	}))
	return id
}

func (p *tab) leave() *tab {
	p.t.Helper()
	return p.click(`document.querySelector('form[action="/sign-out"] button')`, "Sign out")
}

// TestPasskeysInTheBrowser: an account is made by a passkey alone, opened with
// it, gets a second one from another device, and loses the first.
func TestPasskeysInTheBrowser(t *testing.T) {
	t.Parallel()
	laurel := serveReal(t, newPostOffice(t))
	b := newBrowser(t, laurel.base)
	plain := b.tab(false).open("/sign-in")
	if strings.Contains(plain.text(), "passkey") {
		t.Errorf("without script the page offers what it cannot do:\n%s", plain.text())
	}

	noor := b.tab(true)
	phone := noor.device("")
	noor.open("/sign-up").fillNth("name", 0, "Noor")
	noor.press("Make an account with a passkey").at("/my/entries")
	noor.leave().open("/sign-in").press("Sign in with a passkey").at("/my/entries")

	if strings.Contains(noor.text(), "gave no passkey") {
		t.Error("the page says that something failed before anything was tried")
	}
	noor.open("/account/passkeys").sees("Is it you?").press("Go on with a passkey").at("/account/passkeys").sees("You have one passkey", "First passkey")
	noor.pressIn("/removal", "Remove this passkey").sees("only way into your account", "First passkey")
	noor.device(phone)
	noor.open("/account/passkeys").fillNth("name", 1, "My key").press("Make a passkey on this device").sees("You have 2 passkeys", "My key")
	noor.pressIn("/removal", "Remove this passkey").sees("The passkey is removed", "You have one passkey", "My key")
	noor.leave().open("/sign-in").press("Sign in with a passkey").at("/my/entries")
}

// at demands that the window shows a page.
func (p *tab) at(path string) *tab {
	p.t.Helper()
	if got := p.path(); got != path {
		p.t.Fatalf("came to %s, not %s:\n%.2000s", got, path, p.text())
	}
	return p
}
