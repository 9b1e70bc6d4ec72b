package site_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"
)

// An app makes codes of a key that a person typed into it (RFC 6238).
type app struct {
	h   *house
	key []byte
}

func newApp(h *house, typed string) app {
	h.t.Helper()
	key, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(typed, " ", ""))
	if err != nil || len(key) != 20 {
		h.t.Fatalf("no app takes the key %q: %v", typed, err)
	}
	return app{h, key}
}

// code is what the app shows; each call lets the last one be an hour old, so
// that the test need not wait for the next.
func (a app) code() string {
	a.h.t.Helper()
	if _, err := a.h.DB.Exec(a.h.t.Context(), `update second_factors set last_step = last_step - 120, tries = 0`); err != nil {
		a.h.t.Fatal(err)
	}
	mac := hmac.New(sha1.New, a.key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(time.Now().Unix()/30)))
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[19]&15:])&0x7fffffff%1_000_000)
}

// secondFactor switches the second factor of a person on, in the browser.
func (v *visitor) secondFactor() (app, []string) {
	v.t.Helper()
	v.get("/account/second-factor", 403).says("Is it you?")
	v.send(v.form("/account/check").Set("secret", password), 200).says("Off: your password or code alone lets in")
	v.send(v.form("/account/second-factor"), 200).says("Not on yet")
	if d := v.Page.First("main").First("svg path[d]").Attr("d"); len(d) < 1000 || v.Page.Has("main svg [style]") {
		v.t.Errorf("no picture for the app: %.40s", d)
	}
	a := newApp(v.h, v.Page.First("main").First("code").Text())
	v.send(v.form("/account/second-factor/confirmation").Set("code", "12345"), 422).says("This code does not fit")
	v.send(v.form("/account/second-factor/confirmation").Set("code", a.code()), 200).says("Your recovery codes")
	codes := v.Page.First("main").Texts("ol code")
	if len(codes) != 10 {
		v.t.Fatalf("%d recovery codes are shown", len(codes))
	}
	return a, codes
}

func (v *visitor) signIn(email, password string, want int) *visitor {
	v.t.Helper()
	v.get("/sign-in?next=/account", 200)
	return v.send(v.form("/sign-in").Set("email", email).Set("password", password), want)
}

// inside tells whether this browser is let in.
func (v *visitor) inside() bool { return v.get("/account", 200).Path == "/account" }

func TestSecondFactor(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Noor", "noor@example.org")
	a, codes := v.secondFactor()
	v.get("/account/second-factor", 200).says("On since").says("10 recovery codes have not been used")
	if strings.Contains(v.Body, codes[0]) {
		t.Error("recovery codes are shown again")
	}

	w := h.visitor().signIn("noor@example.org", password, 200).says("One more code")
	if w.inside() {
		t.Fatal("the password alone lets in")
	}
	w.signIn("noor@example.org", password, 200)
	w.send(w.form("/sign-in/code").Set("code", "000000"), 422).says("This code does not fit")
	used := a.code()
	w.send(w.form("/sign-in/code").Set("code", used), 200)
	if w.Path != "/account" {
		t.Errorf("came to %s", w.Path)
	}
	again := h.visitor().signIn("noor@example.org", password, 200)
	again.send(again.form("/sign-in/code").Set("code", used), 422).says("This code does not fit")
	again.send(again.form("/sign-in/code").Set("code", strings.ToLower(codes[4])), 200)
	if !again.inside() {
		t.Error("a recovery code does not let in")
	}
	third := h.visitor().signIn("noor@example.org", password, 200)
	third.send(third.form("/sign-in/code").Set("code", codes[4]), 422)

	v.get("/account/second-factor", 200).says("9 recovery codes")
	v.send(v.form("/account/second-factor/removal"), 200).says("Off:")
	if !h.visitor().signIn("noor@example.org", password, 200).inside() {
		t.Error("what is switched off still asks")
	}
}

// TestTheSecondCheckAsksForTheSecondFactor: before what cannot be taken back the
// password alone is not enough where there is a second factor, a code of its
// own is taken once, and guesses are counted.
func TestTheSecondCheckAsksForTheSecondFactor(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Noor", "noor@example.org")
	a, codes := v.secondFactor()
	forget := func() { h.change(`update sessions set checked_at = null`) }
	for _, door := range []string{"/account/freeze", "/account/code", "/account/passkeys", "/account/second-factor", "/account/download"} {
		forget()
		v.get(door, 403).says("Is it you?")
		v.send(v.form("/account/check").Set("secret", password), 422).says("This code does not fit")
		v.get(door, 403)
		v.send(v.form("/account/check").Set("secret", "not my password").Set("code", a.code()), 422).says("neither your password nor your code")
		v.get(door, 403)
		v.send(v.form("/account/check").Set("secret", password).Set("code", a.code()), 200)
		if v.Path != door {
			t.Errorf("from %s the check led to %s", door, v.Path)
		}
	}
	forget()
	v.get("/account", 200)
	v.send(v.form("/account/email").Set("email", "new@example.org"), 403)
	v.send(v.form("/account/check").Set("secret", password).Set("code", strings.ToLower(codes[2])), 200)
	v.send(v.form("/account/email"), 200).says("A link is on its way")
	forget()
	v.get("/account/freeze", 403)
	v.send(v.form("/account/check").Set("secret", password).Set("code", codes[2]), 422)
	for range 5 {
		v.send(v.form("/account/check").Set("secret", password).Set("code", "000000"), 422)
	}
	v.says("There were too many attempts")
	v.get("/account/freeze", 403)
}

// A code is asked for after a new password too, also when a form waits.
func TestANewPasswordIsNoWayAroundTheSecondFactor(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Noor", "noor@example.org")
	a, _ := v.secondFactor()
	w := h.visitor().get("/forgotten", 200)
	w.send(w.form("/forgotten").Set("email", "noor@example.org"), 200)
	link := h.letterLink("noor@example.org")
	v.get("/account", 200)
	waiting := v.form("/account").Set("name", "Noor of the long evening")
	w.get(link, 200)
	w.send(w.form(link).Set("password", "quite another secret"), 200)
	if w.inside() {
		t.Fatal("a new password lets in")
	}
	w.signIn("noor@example.org", "quite another secret", 200).says("One more code")

	v.send(waiting, 403).says("What you wrote is kept")
	v.send(v.form("/sign-in").Set("email", "noor@example.org").Set("password", "quite another secret"), 200).says("One more code")
	v.send(v.form("/sign-in/code").Set("code", a.code()), 200).says("Noor of the long evening")
}

func TestGuessingTheSecondFactor(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Noor", "noor@example.org")
	a, _ := v.secondFactor()
	right := a.code()
	w := h.visitor().signIn("noor@example.org", password, 200)
	for range 5 {
		w.send(w.form("/sign-in/code").Set("code", "no code"), 422).says("This code does not fit")
	}
	w.send(w.form("/sign-in/code").Set("code", right), 422).says("too many attempts")
	if w.inside() {
		t.Error("the sixth attempt in a minute lets in")
	}
	stranger := h.visitor().get("/sign-in", 200)
	token := stranger.Page.First(`input[name="_token"]`).Attr("value")
	stranger.post("/sign-in/code", map[string][]string{"_token": {token}, "code": {right}}, 403).says("This took too long")
}
