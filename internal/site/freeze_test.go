package site_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/jurytest"
	"laurel/internal/pgtest"
)

// freezeCode makes a freeze code of a person and reads it.
func (v *visitor) freezeCode() string {
	v.t.Helper()
	v.get("/account/freeze", 403).send(v.form("/account/check").Set("secret", password), 200)
	v.send(v.form("/account/freeze"), 200)
	written, _ := v.shownCode()
	return written
}

// TestFreeze: somebody else, from another browser, shuts an account: at once
// everything of it is gone for everybody, its holder included, until they come
// back and prove twice who they are.
func TestFreeze(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	st := jurytest.New(t, pool, 1, 0)
	h := openOn(t, pool)
	v, id := h.person("Mana", "mana@example.org")
	film := st.Film("Ours", id)
	given := st.Give(st.Jurors[0], film)
	juror := h.visitor()
	juror.signInAs(st.Jurors[0])
	juror.get("/jury/"+given[0], 200)
	code := v.freezeCode()

	friend := h.visitor().get("/freeze", 200)
	friend.send(friend.form("/freeze").Set("secret", code), 200).says("It is shut until ")
	if text := friend.mainText(); strings.Contains(text, "Mana") || strings.Contains(text, "Ours") {
		t.Errorf("the friend reads %s", text)
	}
	if v.get("/my/entries", 200); !strings.HasPrefix(v.Path, "/sign-in") {
		t.Errorf("the other browser stands at %s", v.Path)
	}
	juror.get("/jury/"+given[0], 404)
	h.thaws(v)
	juror.get("/jury/"+given[0], 200)
}

// thaws signs a person in to a shut account, who finds one page, and opens it.
func (h *house) thaws(v *visitor) {
	h.t.Helper()
	v.get("/sign-in", 200).send(v.form("/sign-in").Set("email", "mana@example.org").Set("password", password), 403)
	for _, path := range []string{"/my/entries", "/account", "/account/code", "/jury", "/organize"} {
		if v.get(path, 403); v.Path != "/account/freeze" {
			h.t.Errorf("%s leads to %s", path, v.Path)
		}
	}
	if v.Page.Has("header nav") || v.Page.Has("header .menu a") {
		h.t.Errorf("a shut account is offered %q", v.Page.Texts("header a"))
	}
	v.says("Is it you?").says("Your account is shut").send(v.form("/account/check").Set("secret", password), 200)
	v.says("until " + h.shutUntil("mana@example.org"))
	v.send(v.form("/account/freeze/end"), 200).get("/my/entries", 200)
	if v.Path != "/my/entries" {
		h.t.Errorf("after opening one stands at %s", v.Path)
	}
}

// shutUntil is the instant at which an account opens by itself, in words.
func (h *house) shutUntil(email string) string {
	h.t.Helper()
	var words string
	err := h.DB.QueryRow(h.t.Context(), `
		select to_char(frozen_until at time zone 'UTC', 'FMDD FMMonth YYYY, HH24:MI')
		from accounts
		where email = $1`, email).Scan(&words)
	if err != nil {
		h.t.Fatal(err)
	}
	return words
}

// TestFreezeCodeOpensNothing: it signs nobody in, proves nothing, and a wrong
// one is answered as an unknown one.
func TestFreezeCodeOpensNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, id := h.person("Mana", "mana@example.org")
	code := v.freezeCode()
	h.visitor().byCode(code, 422).says("We know no such code")
	out := h.visitor().get("/sign-out-everywhere", 200)
	out.send(out.form("/sign-out-everywhere").Set("secret", code), 422)
	h.pass("11 minutes")
	v.get("/account/code", 403).send(v.form("/account/check").Set("secret", code), 422)

	var own account.Receipt
	h.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		own, err = account.NewEntrance(ctx, tx, id)
		return err
	})
	for _, wrong := range []string{own.String(), account.NewReceipt().String(), sound(strings.ReplaceAll(code, " ", "")[:5] + "000000000000000")} {
		friend := h.visitor().get("/freeze", 200)
		friend.send(friend.form("/freeze").Set("secret", wrong), 422).says("We know no such code")
	}
}

// TestSignOutFromAnotherDevice: with password or code, from a browser that stays
// signed out.
func TestSignOutFromAnotherDevice(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Mana", "mana@example.org")
	other := h.visitor().get("/sign-out-everywhere", 200)
	other.send(other.form("/sign-out-everywhere").Set("email", "mana@example.org").Set("password", "another password"), 422)
	v.get("/account", 200).says("Account and sessions")
	other.send(other.form("/sign-out-everywhere").Set("password", password), 200).says("Done")
	for who, browser := range map[string]*visitor{"the old browser": v, "the new browser": other} {
		if browser.get("/account", 200); !strings.HasPrefix(browser.Path, "/sign-in") {
			t.Errorf("%s stands at %s", who, browser.Path)
		}
	}
}
