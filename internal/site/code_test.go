package site_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
	"laurel/internal/site"
)

// A ledger is everything that a house logs, kept in memory.
type ledger struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *ledger) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *ledger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// logged starts a site that writes down all that it can, as c says otherwise.
func logged(t *testing.T, c site.Config) (*house, *ledger) {
	t.Helper()
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	parts, err := blob.OpenParts(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { parts.Close() })
	log := &ledger{}
	h := &house{t: t, DB: pgtest.Pool(t)}
	server := httptest.NewUnstartedServer(nil)
	h.URL = "http://" + server.Listener.Addr().String()
	c.DB, c.Store, c.Parts, c.BaseURL = h.DB, store, parts, h.URL
	c.Room.Screener = 20e9
	c.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.Site = site.New(c)
	server.Config.Handler = h.Site
	server.Start()
	t.Cleanup(server.Close)
	return h, log
}

// kept is the text of every row of every table of the house.
func (h *house) kept() string {
	h.t.Helper()
	ctx := h.t.Context()
	rows, err := h.DB.Query(ctx, `select quote_ident(relname) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`)
	if err != nil {
		h.t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			h.t.Fatal(err)
		}
		tables = append(tables, name)
	}
	var all strings.Builder
	for _, name := range tables {
		var text string
		if err := h.DB.QueryRow(ctx, `select coalesce(string_agg(t::text, E'\n'), '') from `+name+` t`).Scan(&text); err != nil {
			h.t.Fatalf("%s: %v", name, err)
		}
		fmt.Fprintf(&all, "%s\n%s\n", name, text)
	}
	return all.String()
}

// newCode begins without e-mail and reads the code that the page shows: as
// characters and as words.
func (v *visitor) newCode() (written, words string) {
	v.t.Helper()
	v.get("/begin", 200).send(v.form("/begin"), 200)
	return v.shownCode()
}

func (v *visitor) shownCode() (written, words string) {
	v.t.Helper()
	return v.Page.First("main section p.h2").Text(), v.Page.First("main section b").Text()
}

func (v *visitor) byCode(code string, want int) *visitor {
	v.t.Helper()
	v.get("/code", 200)
	return v.send(v.form("/code").Set("secret", code), want)
}

// TestBeginWithoutEmail: a code is shown once, typed again, and is the way back.
func TestBeginWithoutEmail(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor()
	written, words := v.newCode()
	v.send(v.form("/code").Set("name", "The Third Reel").Set("secret", "something else"), 422).says("slip in this code")
	if strings.Contains(v.Body, written) {
		t.Error("the code is shown a second time")
	}
	v.send(v.form("/code").Set("secret", strings.ToLower(strings.ReplaceAll(written, " ", ""))), 200)
	if v.Path != "/my/entries/new" {
		t.Errorf("after the code one stands at %s", v.Path)
	}
	v.get("/account", 200)
	if name := v.Page.First(`input[name="name"]`).Attr("value"); name != "The Third Reel" {
		t.Errorf("the name is %q", name)
	}
	for _, typed := range []string{written, words, strings.ToUpper(words)} {
		other := h.visitor().byCode(typed, 200).get("/account", 200)
		if name := other.Page.First(`input[name="name"]`).Attr("value"); name != "The Third Reel" {
			t.Errorf("%q opens the account of %q", typed, name)
		}
	}
}

func TestBeginWithoutName(t *testing.T) {
	t.Parallel()
	v := open(t).visitor()
	written, _ := v.newCode()
	v.send(v.form("/code").Set("secret", written), 200).get("/account", 200).says("You gave no e-mail address")
	profile := v.form("/account")
	if name := profile.Values.Get("name"); name != "" {
		t.Errorf("the name is %q", name)
	}
	v.send(profile.Set("zone", "Asia/Tehran"), 200).says("Saved.")
	if text := v.Page.First("header").Text(); strings.Contains(text, "Name not given") {
		t.Errorf("the bar says %q", text)
	}
}

// TestNamesHideNothing: a name that could turn the words around it is refused
// beside its field, wherever it is given; the code waits.
func TestNamesHideNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor()
	written, _ := v.newCode()
	v.send(v.form("/code").Set("name", "Sara\u202eelpoep lla").Set("secret", written), 422)
	if got := v.Page.First("#name-e").Text(); !strings.Contains(got, "U+202E") {
		t.Errorf("beside the name stands %q", got)
	}
	v.send(v.form("/code").Set("name", "\u0633\u0627\u0631\u0627\u200c\u06cc A.").Set("secret", written), 200).get("/account", 200)
	v.send(v.form("/account").Set("name", "Sara\u2067"), 422)
	v.send(v.form("/account").Set("name", "Sara\u0007"), 422)
	if got := v.Page.First("#name-e").Text(); !strings.Contains(got, "U+0007") {
		t.Errorf("beside the name stands %q", got)
	}
	h.do(func(ctx context.Context, tx pgx.Tx) error {
		if _, err := account.SignUp(ctx, tx, "Mana\u202d", "other@example.org", password, "en"); problem.Of(err).Fields["name"].Key != "text.direction" {
			t.Errorf("an account with a password: %v", err)
		}
		return nil
	})
}

// TestWrongCodeSaysNothing: a code of which the beginning is right and one that
// nobody has are answered alike, to the byte but for the page's keys.
func TestWrongCodeSaysNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor()
	written, _ := v.newCode()
	v.send(v.form("/code").Set("secret", written), 200)
	near := sound(strings.ReplaceAll(written, " ", "")[:5] + "0123456789ABCDE")
	unknown := sound("0000000000ZZZZZZZZZZ")
	var pages []string
	for _, code := range []string{near, unknown} {
		other := h.visitor().byCode(code, 422).says("We know no such code")
		pages = append(pages, other.mainText())
		if other.get("/account", 200); !strings.HasPrefix(other.Path, "/sign-in") {
			t.Errorf("%s opens %s", code, other.Path)
		}
	}
	if pages[0] != pages[1] {
		t.Errorf("the answers differ:\n%s\n%s", pages[0], pages[1])
	}
}

// sound adds to twenty characters the one that checks them, found by trying.
func sound(twenty string) string {
	for _, check := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
		if _, ok := account.ReadReceipt(twenty + string(check)); ok {
			return twenty + string(check)
		}
	}
	return ""
}

// TestCodeIsTriedFiveTimesAMinute: whatever the rest of it, and from anywhere.
func TestCodeIsTriedFiveTimesAMinute(t *testing.T) {
	t.Parallel()
	h, _ := logged(t, site.Config{})
	v := h.visitor()
	for i := range 5 {
		v.byCode(sound("ABCDE00000000000000"+fmt.Sprint(i)), 422)
	}
	h.visitor().byCode(sound("ABCDE000000000000009"), 403).says("Wait a minute")
	v.byCode(sound("ABCDF000000000000009"), 422)
}

// TestCodeIsWrittenNowhere: not in a log, an address, a title, a letter or a
// table; nor is a part of it that would help to guess the rest.
func TestCodeIsWrittenNowhere(t *testing.T) {
	t.Parallel()
	h, log := logged(t, site.Config{NoLimits: true})
	v := h.visitor()
	var codes []string
	note := func(written, words string) { codes = append(codes, written, words) }
	note(v.newCode())
	for _, page := range []string{v.Path, v.Page.First("title").Text()} {
		if strings.Contains(page, codes[0]) {
			t.Errorf("%q holds the code", page)
		}
	}
	v.send(v.form("/code").Set("secret", codes[0]), 200)
	v.get("/account/code", 403)
	v.send(v.form("/account/check").Set("secret", codes[1]), 200)
	v.send(v.form("/account/code"), 200)
	note(v.shownCode())
	v.send(v.form("/code").Set("secret", codes[2]), 200)
	v.get("/account/freeze", 403).send(v.form("/account/check").Set("secret", codes[2]), 200)
	v.send(v.form("/account/freeze"), 200)
	note(v.shownCode())
	v.get("/sign-out-everywhere", 200).send(v.form("/sign-out-everywhere").Set("secret", codes[3]), 200).says("signed out")
	h.visitor().byCode(codes[0], 422)
	v.get("/freeze", 200).send(v.form("/freeze").Set("secret", codes[4]), 200).says("shut until")
	everything := strings.ToUpper(log.String() + h.kept())
	if !strings.Contains(everything, "ROUTE=/ACCOUNT/CODE") || !strings.Contains(everything, "ARGON2ID") {
		t.Fatal("the log and the tables were not read")
	}
	for _, code := range codes {
		for _, part := range partsOf(code) {
			if strings.Contains(everything, part) {
				t.Errorf("%q of %q is written down", part, code)
			}
		}
	}
}

// partsOf are a code without its spaces and every stretch of six characters of
// it, or of three words.
func partsOf(code string) []string {
	code = strings.ToUpper(code)
	plain := strings.ReplaceAll(code, " ", "")
	parts := []string{code, plain}
	if len(plain) == 21 {
		for i := range len(plain) - 5 {
			parts = append(parts, plain[i:i+6])
		}
		return parts
	}
	words := strings.Fields(code)
	for i := range len(words) - 2 {
		parts = append(parts, strings.Join(words[i:i+3], " "), strings.Join(words[i:i+3], ""))
	}
	return parts
}

// TestCodeOfAnAccountWithPassword: who has an e-mail address may have a code as
// well; a new one ends the old.
func TestCodeOfAnAccountWithPassword(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Mana", "mana@example.org")
	v.get("/account/code", 403).send(v.form("/account/check").Set("secret", "not the password"), 422).says("neither your password")
	v.send(v.form("/account/check").Set("secret", password), 200).says("You have none yet")
	v.send(v.form("/account/code"), 200)
	first, _ := v.shownCode()
	v.send(v.form("/code").Set("secret", first), 200)
	if v.Path != "/account" {
		t.Errorf("after the code one stands at %s", v.Path)
	}
	h.visitor().byCode(first, 200).get("/account", 200).says("Signed in as mana@example.org")
}

// TestFormWaitsForTheCode: what was sent after the session had ended is kept
// while its sender signs in by code.
func TestFormWaitsForTheCode(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor()
	written, _ := v.newCode()
	v.send(v.form("/code").Set("secret", written), 200).get("/account", 200)
	form := v.form("/account").Set("name", "A name that took long to find").Set("zone", "Asia/Tehran")
	if _, err := h.DB.Exec(t.Context(), `update sessions set seen_at = seen_at - interval '21 minutes'`); err != nil {
		t.Fatal(err)
	}
	v.send(form, 403).says("What you wrote is kept")
	v.send(v.form("/code").Set("secret", "no code"), 422)
	v.send(v.form("/code").Set("secret", written), 200).says("A name that took long to find")
	v.send(v.form("/account"), 200)
	if name := v.Page.First(`input[name="name"]`).Attr("value"); name != "A name that took long to find" {
		t.Errorf("the name is %q", name)
	}
}

// TestPlainWordsComeFirst: who starts an entry and is not signed in reads them
// before the first field, and goes on from there whichever way they come in.
func TestPlainWordsComeFirst(t *testing.T) {
	t.Parallel()
	h := open(t)
	const wanted = "/my/entries/new?category=" + documentary
	v := h.visitor().get(wanted, 200).says("Before you begin")
	links := v.Page.First("main form").All("a")
	ways := []string{links[0].Attr("href"), links[1].Attr("href")}
	for i, door := range []string{"/sign-up", "/sign-in"} {
		if want := door + "?next=" + url.QueryEscape(wanted); ways[i] != want {
			t.Errorf("a way in leads to %s, want %s", ways[i], want)
		}
	}
	if next := v.form("/begin").Values.Get("next"); next != wanted {
		t.Errorf("the code leads on to %s, want %s", next, wanted)
	}
}

// TestAnAddressAfterwards: who began with a code can be reached by letter later,
// and only after proving the address.
func TestAnAddressAfterwards(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.visitor()
	written, _ := v.newCode()
	v.send(v.form("/code").Set("secret", written), 200)
	v.askForAddress("late@example.org", written)
	if strings.Contains(v.get("/account", 200).mainText(), "late@example.org") {
		t.Error("an address that nobody has proved is shown as theirs")
	}
	v.get(h.letterLink("late@example.org"), 200)
	v.send(v.Page.First("main").Form("form"), 200)
	v.get("/account", 200).says("late@example.org")
}
