package site_test

import (
	"strconv"
	"strings"
	"testing"
)

// pass lets time pass for all sessions of the house.
func (h *house) pass(time string) {
	h.t.Helper()
	if _, err := h.DB.Exec(h.t.Context(), `
		update sessions
		set seen_at = seen_at - $1::interval, expires_at = expires_at - $1::interval, checked_at = checked_at - $1::interval`, time); err != nil {
		h.t.Fatal(err)
	}
}

// signedIn tells whether a visitor is, without being a visit of its own.
func (v *visitor) signedIn() bool {
	v.t.Helper()
	var open bool
	err := v.h.DB.QueryRow(v.t.Context(), `select exists (select from sessions where seen_at > clock_timestamp() - interval '20 minutes' and expires_at > clock_timestamp())`).Scan(&open)
	if err != nil {
		v.t.Fatal(err)
	}
	return open
}

// TestSessionIsShort: 20 minutes of nothing end it. The page says until when,
// and holds what a script asks two minutes before.
func TestSessionIsShort(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Mana", "mana@example.org")
	v.get("/account", 200)
	dialog := v.Page.Scripted("stay").One("dialog")
	if left, err := strconv.Atoi(dialog.Attr("data-left")); err != nil || left < 18*60 || left > 20*60 {
		t.Errorf("the page says %q seconds are left", dialog.Attr("data-left"))
	}
	if dialog.HasAttr("open") || !strings.Contains(v.Page.First("footer").Text(), "You stay signed in until ") {
		t.Errorf("the page's foot says %q", v.Page.First("footer").Text())
	}
	h.pass("21 minutes")
	if v.get("/account", 200); !strings.HasPrefix(v.Path, "/sign-in") {
		t.Errorf("after 21 minutes one stands at %s", v.Path)
	}
}

// TestStay: what the page's script sends keeps the session, and is told for how
// long; eight hours are the most.
func TestStay(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Mana", "mana@example.org")
	v.get("/account", 200)
	stay := v.Page.Scripted("stay").Form(`form[action="/stay"]`)
	for range 25 {
		h.pass("18 minutes")
		if v.send(stay, 200); v.seconds() < 18*60 {
			t.Fatalf("after a sign of life %d seconds are left", v.seconds())
		}
	}
	h.pass("18 minutes")
	if v.send(stay, 200); v.seconds() > 13*60 {
		t.Errorf("%d seconds are left after 7 hours 48 minutes", v.seconds())
	}
	h.pass("13 minutes")
	if v.send(stay, 403); v.signedIn() {
		t.Error("signed in after eight hours")
	}
}

func (v *visitor) seconds() int {
	v.t.Helper()
	n, err := strconv.Atoi(strings.TrimSpace(v.Body))
	if err != nil {
		v.t.Fatal(err)
	}
	return n
}

// TestAskingForAFileIsAVisit: whoever watches asks for nothing but the film.
func TestAskingForAFileIsAVisit(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Mana", "mana@example.org")
	for range 5 {
		h.pass("18 minutes")
		v.get("/files/"+strings.Repeat("f", 26)+"/original", 404)
	}
	v.get("/account", 200).says("Account and sessions")
}
