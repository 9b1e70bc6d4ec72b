package site_test

import (
	"context"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/site"
)

// signUp makes an account as a person does: by the link of a letter.
func (v *visitor) signUp(name, email string) *visitor {
	v.t.Helper()
	v.get("/sign-up", 200)
	v.send(v.form("/sign-up").Set("email", email), 200).says("We sent a letter")
	link := v.h.letterLink(email)
	v.get(link, 200).says(email)
	return v.send(v.form(link).Set("name", name).Set("password", password), 200)
}

func TestSignUpSignOutSignIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor().signUp("Noor", "noor@example.org")
	if v.Path != "/my/entries" {
		t.Fatalf("came to %s", v.Path)
	}
	v.send(v.Page.Form(`form[action="/sign-out"]`), 200)
	v.get("/my/entries", 200).says("Sign in")
	v.send(v.form("/sign-in").Set("email", "NOOR@example.org").Set("password", "wrong words entirely"), 422).says("do not go together")
	if got := v.form("/sign-in").Values.Get("email"); got != "NOOR@example.org" {
		t.Errorf("typed e-mail is lost: %q", got)
	}
	v.send(v.form("/sign-in").Set("password", password), 200)
	if v.Path != "/my/entries" {
		t.Errorf("came to %s, not where the person wanted to go", v.Path)
	}
}

func TestSignUpSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor().get("/sign-up", 200)
	for _, email := range []string{"noor@", "noor", "noor@localhost", "a@b.example, c@d.example", "Noor <noor@b.example>"} {
		v.send(v.form("/sign-up").Set("email", email), 422).says("Write the whole e-mail address").marksError()
		if got := v.form("/sign-up").Values.Get("email"); got != email {
			t.Errorf("typed %q is lost: %q", email, got)
		}
	}
	v.send(v.form("/sign-up").Set("email", "new@example.org"), 200)
	link := h.letterLink("new@example.org")
	for _, c := range []struct{ name, password, want string }{
		{"", password, "Write a name"},
		{strings.Repeat("n", 201), password, "up to 200 letters"},
		{"Noor", "short", "at least 10 characters"},
		{"Noor", "aaaaaaaaaaaa", "too easy to guess"},
	} {
		v.get(link, 200)
		v.send(v.form(link).Set("name", c.name).Set("password", c.password), 422).says(c.want).marksError()
		if got := v.form(link).Values.Get("name"); got != c.name {
			t.Errorf("%s: typed text is lost: %q", c.want, got)
		}
	}
	v.get(link, 200)
	v.send(v.form(link).Set("name", " ").Set("password", "short"), 422).says("Write a name").says("at least 10 characters")
	v.send(v.form(link).Set("name", "Noor").Set("password", password), 200)
	v.get(link, 404)
}

// TestAnotherAddress: who sees on the page of the letter that the address was
// wrong finds the form again.
func TestAnotherAddress(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor().get("/sign-up?next=%2Ffarsang%2F2027", 200)
	v.send(v.form("/sign-up").Set("email", "wrong@example.org"), 200)
	v.get(v.says("Write another address").Page.One("main a").Attr("href"), 200)
	if got := v.form("/sign-up").Values.Get("next"); got != "/farsang/2027" {
		t.Errorf("the way on is lost: %q", got)
	}
	v.send(v.form("/sign-up").Set("email", "right@example.org"), 200)
	h.letterLink("right@example.org")
}

func (v *visitor) marksError() {
	v.t.Helper()
	if !v.Page.Has(`[aria-invalid="true"]`) || !strings.HasPrefix(v.Page.One("title").Text(), "Error:") {
		v.t.Errorf("%s does not mark the error", v.Path)
	}
}

func TestForgottenPassword(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Noor", "noor@example.org")
	other := h.visitor().get("/forgotten", 200)
	other.send(other.form("/forgotten").Set("email", "nobody@example.org"), 200).says("If there is an account")
	other.get("/forgotten", 200)
	other.send(other.form("/forgotten").Set("email", "noor@example.org"), 200).says("If there is an account")
	link := h.letterLink("noor@example.org")
	other.get(link, 200)
	form := other.form(link).Set("password", "quite another secret")
	other.send(form, 200).says("Your new password is set")
	other.get(link, 404)
	v.get("/account", 200)
	if !strings.HasPrefix(v.Path, "/sign-in") {
		t.Error("the old session survived a new password")
	}
	other.get("/sign-in", 200)
	other.send(other.form("/sign-in").Set("email", "noor@example.org").Set("password", "quite another secret"), 200)
}

func TestChangeEmail(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Noor", "noor@example.org")
	v.get("/account", 200)
	v.send(v.form("/account/email").Set("email", "new@example.org"), 403).says("Is it you?")
	v.send(v.form("/account/check").Set("secret", "not my password"), 422).says("neither your password nor your code")
	v.send(v.form("/account/check").Set("secret", password), 200)
	v.send(v.form("/account/email"), 200).says("A link is on its way")
	link := h.letterLink("new@example.org")
	v.get(link, 200)
	v.send(v.form(link), 200).says("Signed in as new@example.org")
}

// checkedBy says once more who is at the browser.
func (v *visitor) checkedBy(secret string) *visitor {
	v.t.Helper()
	v.get("/account/code", 403)
	return v.send(v.form("/account/check").Set("secret", secret), 200)
}

// askForAddress asks for another address, and says once more who asks.
func (v *visitor) askForAddress(email, secret string) *visitor {
	v.t.Helper()
	v.get("/account", 200)
	v.send(v.form("/account/email").Set("email", email), 403)
	v.send(v.form("/account/check").Set("secret", secret), 200)
	return v.send(v.form("/account/email"), 200).says("A link is on its way")
}

func TestSignOutEverywhere(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, id := h.person("Noor", "noor@example.org")
	phone := h.visitor()
	phone.signInAs(id)
	phone.get("/account", 200)
	v.get("/account", 200)
	if n := len(v.Page.All(`#s-sessions li`)); n != 2 {
		t.Fatalf("%d sessions are listed, want 2", n)
	}
	v.send(v.Page.Form(`#s-sessions form.mt-m`).Press("Sign out everywhere"), 200)
	for _, one := range []*visitor{v, phone} {
		if one.get("/account", 200); !strings.HasPrefix(one.Path, "/sign-in") {
			t.Error("a session is still open")
		}
	}
}

func TestPressingTwiceSendsOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor().get("/sign-up", 200)
	v.send(v.form("/sign-up").Set("email", "noor@example.org"), 200)
	link := h.letterLink("noor@example.org")
	values := v.get(link, 200).form(link).Set("name", "Noor").Set("password", password).Values
	const presses = 12
	paths := make([]string, presses)
	var wait sync.WaitGroup
	for i := range presses {
		wait.Go(func() {
			res, err := v.client.PostForm(h.URL+link, values)
			if err != nil {
				t.Error(err)
				return
			}
			res.Body.Close()
			paths[i] = res.Request.URL.Path
		})
	}
	wait.Wait()
	for _, p := range paths {
		if p != "/my/entries" && p != "/sign-in" {
			t.Errorf("a press ended at %s", p)
		}
	}
	var n int
	if err := h.DB.QueryRow(t.Context(), `select count(*) from accounts`).Scan(&n); err != nil || n != 1 {
		t.Errorf("%d accounts, %v; want 1", n, err)
	}
}

// A page that the browser brings back still has its old key. What is written
// into it anew, or sent from it to another place, is not taken for the first.
func TestWordsInAFormBroughtBackAreKept(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Noor", "noor@example.org")
	v.get("/account", 200)
	v.checkedBy(password)
	back := v.get("/account", 200).form("/account").Set("name", "Noor A.")
	v.send(back, 200)
	v.send(back.Set("name", "Noor B."), 200).says("Saved.")
	if got := v.form("/account").Values.Get("name"); got != "Noor B." {
		t.Errorf("the second words are lost: %q", got)
	}
	elsewhere := v.form("/account/email").Set("email", "new@example.org")
	elsewhere.Values.Set("_key", back.Values.Get("_key"))
	v.send(elsewhere, 200).says("A link is on its way")
}

func TestFormAfterSignOutLosesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, id := h.person("Noor", "noor@example.org")
	v.get("/account", 200)
	form := v.form("/account").Set("name", "Noor of the long evening")
	h.do(func(ctx context.Context, tx pgx.Tx) error { return account.EndAllSessions(ctx, tx, id) })
	v.send(form, 403).says("What you wrote is kept")
	v.send(v.form("/sign-in").Set("email", "noor@example.org").Set("password", password), 200).says("Noor of the long evening")
	v.send(v.form("/account"), 200).says("Saved.")
	if got := v.form("/account").Values.Get("name"); got != "Noor of the long evening" {
		t.Errorf("saved %q", got)
	}
}

func TestFormsOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Noor", "noor@example.org")
	v.get("/account", 200)
	values := v.form("/account").Values
	values.Del("_token")
	v.post("/account", values, 403).says("came from another place")
	v.post("/account", url.Values{"_token": {"aGVsbG8"}, "name": {"X"}}, 403)
}

func TestSetupHappensOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person("A stranger who was faster", "stranger@example.org")
	var token account.Token
	h.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		token, err = account.NewSetupToken(ctx, tx)
		return err
	})
	link := "/setup/" + string(token)
	v := h.visitor().get(link, 200)
	v.send(v.form(link).Set("name", "Darya").Set("email", "darya@example.org").Set("password", password), 200).says("No festival yet")
	h.visitor().get(link, 404)
	h.visitor().get("/setup/"+strings.Repeat("A", 26), 404)
}

func TestInvitationOfAnOrganizer(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, id := h.person("Darya", "darya@example.org")
	h.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update accounts set admin = true where id = $1`, id)
		return err
	})
	makeEdition(v)
	v.get("/organize/farsang/2027/team", 200)
	v.send(v.form("/organize/farsang/2027/team").Set("name", "Sam").Set("email", "sam@example.org"), 200).says("No answer yet")
	link := h.letterLink("sam@example.org")
	sam := h.visitor().get(link, 200)
	sam.send(sam.form(link).Set("password", password).Press("Accept the invitation"), 200).says("Farsang")
	v.get("/organize/farsang/2027/team", 200).says("Accepted")
	h.visitor().get(link, 404)
}

// The link of an invitation is no way to try passwords without end.
func TestPasswordsAtAnInvitationAreLimited(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, id := h.person("Darya", "darya@example.org")
	h.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update accounts set admin = true where id = $1`, id)
		return err
	})
	makeEdition(v)
	h.person("Sam", "sam@example.org")
	v.get("/organize/farsang/2027/team", 200)
	v.send(v.form("/organize/farsang/2027/team").Set("name", "Sam").Set("email", "sam@example.org"), 200)
	link := h.letterLink("sam@example.org")
	strict := site.New(site.Config{DB: h.DB, BaseURL: h.URL})
	server := httptest.NewServer(strict)
	t.Cleanup(server.Close)
	guest := (&house{t: t, DB: h.DB, URL: server.URL, Site: strict}).visitor()
	for range 10 {
		guest.get(link, 200)
		guest.send(guest.form(link).Set("password", "not the right words").Press("Accept the invitation"), 422)
	}
	guest.get(link, 200)
	guest.send(guest.form(link).Set("password", password).Press("Accept the invitation"), 403).says("too many attempts")
}

// makeEdition creates the festival Farsang with an edition, as its organizer.
func makeEdition(v *visitor) {
	v.t.Helper()
	v.get("/organize/new", 200)
	v.send(v.form("/organize/new").Set("name", "Farsang").Set("slug", "farsang"), 200)
	v.send(v.form("/organize/farsang/new").Set("name", "9th edition, 2027").Set("slug", "2027").Set("prefix", "F9").
		Set("city", "Mahabar").Set("zone", "Asia/Tehran").Set("starts_on", "2027-02-20").Set("ends_on", "2027-02-27"), 200)
}

// Somebody who has taken an account over asks for another address; the owner's
// new password must end that too.
func TestNewPasswordEndsEarlierLinks(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Noor", "noor@example.org")
	ask := func(email string) string {
		v.askForAddress(email, password)
		return h.letterLink(email)
	}
	reset := func() string {
		other := h.visitor().get("/forgotten", 200)
		other.send(other.form("/forgotten").Set("email", "noor@example.org"), 200)
		return h.letterLink("noor@example.org")
	}
	stolen, first, second := ask("thief@example.org"), reset(), reset()
	other := h.visitor().get(second, 200)
	other.send(other.form(second).Set("password", "quite another secret"), 200)
	for _, link := range []string{stolen, first} {
		other.get(link, 404)
	}
}

// Letters to an address that a person has left open nothing any more.
func TestNewEmailEndsLinksSentToTheOld(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Noor", "noor@example.org")
	other := h.visitor().get("/forgotten", 200)
	other.send(other.form("/forgotten").Set("email", "noor@example.org"), 200)
	old := h.letterLink("noor@example.org")
	v.askForAddress("new@example.org", password)
	link := h.letterLink("new@example.org")
	v.get(link, 200)
	v.send(v.form(link), 200)
	other.get(old, 404)
}

func TestInvitationDeclined(t *testing.T) {
	t.Parallel()
	h, v := anOrganizer(t)
	v.get(desk+"/team", 200)
	v.send(v.form(desk+"/team").Set("name", "Sam").Set("email", "sam@example.org"), 200).says("No answer yet")
	v.send(v.form(desk+"/team").Set("name", "Sam").Set("email", "sam@example.org"), 409).says("has an open invitation already")
	link := h.letterLink("sam@example.org")
	sam := h.visitor().get(link, 200)
	sam.send(sam.form(link).Press("Decline"), 200).says("You have declined")
	sam.get(link, 404)
	v.get(desk+"/team", 200).says("Declined")
}
