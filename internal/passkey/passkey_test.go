package passkey_test

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/passkey"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

const (
	host   = "entries.example.org"
	origin = "https://entries.example.org"
	window = passkey.Browser("the cookie of one browser")
)

// A stage is a site with one account that has a passkey.
type stage struct {
	t     *testing.T
	db    *pgxpool.Pool
	party *passkey.Party
	who   account.Account
}

func newStage(t *testing.T) *stage {
	t.Helper()
	base, _ := url.Parse(origin)
	party, err := passkey.NewParty(base)
	if err != nil {
		t.Fatal(err)
	}
	return &stage{t: t, db: pgtest.Pool(t), party: party}
}

func (s *stage) do(act func(ctx context.Context, tx pgx.Tx) error) error {
	return pgx.BeginFunc(s.t.Context(), s.db, func(tx pgx.Tx) error { return act(s.t.Context(), tx) })
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// signUp begins the account with a device.
func (s *stage) signUp(d *device) error {
	options, err := s.party.AskSignUp(s.t.Context(), s.db, "Noor", window)
	s.must(err)
	answer := d.make(options)
	return s.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		s.who, err = s.party.SignUp(ctx, tx, window, "Phone", answer, func() (account.Account, error) { return account.Begin(ctx, tx, "Noor", "en") })
		return err
	})
}

func (s *stage) ask() passkey.Options {
	s.t.Helper()
	options, err := s.party.AskSignIn(s.t.Context(), s.db, window)
	s.must(err)
	return options
}

func (s *stage) enter(b passkey.Browser, answer string) (id account.ID, err error) {
	taken, err := s.party.Take(s.t.Context(), s.db, b, answer)
	if err != nil {
		return 0, err
	}
	err = s.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		id, err = s.party.SignIn(ctx, tx, taken)
		return err
	})
	return id, err
}

// refused demands a sentence for the person, with this key.
func (s *stage) refused(err error, key string) {
	s.t.Helper()
	if p := problem.Of(err); p == nil || p.Kind == problem.Internal || p.Say.Key != key {
		s.t.Errorf("got %v, want the refusal %s", err, key)
	}
}

func TestAPasskeyAloneMakesAnAccountAndOpensIt(t *testing.T) {
	t.Parallel()
	s, d := newStage(t), newDevice(t, host, origin)
	s.must(s.signUp(d))
	if len(d.handle) != 32 {
		t.Errorf("the handle has %d bytes", len(d.handle))
	}
	for range 3 {
		id, err := s.enter(window, d.use(s.ask()))
		if err != nil || id != s.who.ID {
			t.Fatalf("came in as %d, %v; want %d", id, err, s.who.ID)
		}
	}
	list, err := passkey.Of(t.Context(), s.db, s.who.ID)
	if err != nil || len(list) != 1 || list[0].Name != "Phone" || list[0].UsedAt == nil {
		t.Errorf("listed %+v, %v", list, err)
	}
}

// Each wrong answer is wrong in one thing alone.
func TestWrongAnswersOpenNothing(t *testing.T) {
	t.Parallel()
	s, d := newStage(t), newDevice(t, host, origin)
	s.must(s.signUp(d))
	for name, c := range map[string]struct {
		wrong func(d *device)
		key   string
	}{
		"another site":         {func(d *device) { d.origin = "https://entries.example.net" }, "passkey.refused"},
		"another host":         {func(d *device) { d.host = "example.net" }, "passkey.refused"},
		"person not verified":  {func(d *device) { d.flags = 1 }, "passkey.refused"},
		"nobody at the device": {func(d *device) { d.flags = 4 }, "passkey.refused"},
		"another key":          {func(d *device) { d.key = newDevice(d.t, host, origin).key }, "passkey.refused"},
		"another account":      {func(d *device) { d.handle = []byte(strings.Repeat("x", 32)) }, "passkey.refused"},
		"unknown passkey":      {func(d *device) { d.id = []byte("never seen before") }, "passkey.unknown"},
		"counter stands still": {func(d *device) { d.count = 0 }, "passkey.copied"},
	} {
		if _, err := s.enter(window, d.use(s.ask())); err != nil {
			t.Fatalf("before %s: %v", name, err)
		}
		other := *d
		c.wrong(&other)
		_, err := s.enter(window, other.use(s.ask()))
		t.Log(name)
		s.refused(err, c.key)
	}
	_, err := s.enter(window, "{}")
	s.refused(err, "passkey.refused")
}

func TestAChallengeCountsOnceForItsBrowserAndItsAct(t *testing.T) {
	t.Parallel()
	s, d := newStage(t), newDevice(t, host, origin)
	s.must(s.signUp(d))
	answer := d.use(s.ask())
	_, err := s.enter("another browser's cookie", answer)
	s.refused(err, "passkey.late")
	_, err = s.enter(window, answer)
	s.must(err)
	_, err = s.enter(window, answer)
	s.refused(err, "passkey.late")

	options := s.ask()
	_, err = s.db.Exec(t.Context(), `update passkey_challenges set expires_at = clock_timestamp()`)
	s.must(err)
	_, err = s.enter(window, d.use(options))
	s.refused(err, "passkey.late")

	forSignUp, err := s.party.AskSignUp(t.Context(), s.db, "Noor", window)
	s.must(err)
	_, err = s.enter(window, d.use(json.RawMessage(forSignUp)))
	s.refused(err, "passkey.late")
}

func TestAddedPasskeysBelongToTheirAccount(t *testing.T) {
	t.Parallel()
	s, d := newStage(t), newDevice(t, host, origin)
	s.must(s.signUp(d))
	second := newDevice(t, host, origin)
	add := func(b passkey.Browser, who account.Account, d *device) error {
		var options passkey.Options
		s.must(s.do(func(ctx context.Context, tx pgx.Tx) (err error) {
			options, err = s.party.AskAdd(ctx, tx, s.who, window)
			return err
		}))
		return s.do(func(ctx context.Context, tx pgx.Tx) error {
			return s.party.Add(ctx, tx, who.ID, b, "Key", d.make(options))
		})
	}
	var other account.Account
	s.must(s.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		other, err = account.Begin(ctx, tx, "Sam", "en")
		return err
	}))
	s.refused(add(window, other, second), "passkey.refused")
	s.refused(add("another browser's cookie", s.who, second), "passkey.late")
	s.must(add(window, s.who, second))
	s.refused(add(window, s.who, second), "constraint.passkeys_credential_once")
	id, err := s.enter(window, second.use(s.ask()))
	if err != nil || id != s.who.ID {
		t.Errorf("the second device came in as %d, %v", id, err)
	}
	if string(second.handle) != string(d.handle) {
		t.Error("one account has two handles")
	}
}

func TestTheLastWayInIsNotRemoved(t *testing.T) {
	t.Parallel()
	s, d := newStage(t), newDevice(t, host, origin)
	s.must(s.signUp(d))
	list, err := passkey.Of(t.Context(), s.db, s.who.ID)
	s.must(err)
	remove := func(who account.ID) error {
		return s.do(func(ctx context.Context, tx pgx.Tx) error { return passkey.Remove(ctx, tx, who, list[0].Code) })
	}
	s.refused(remove(s.who.ID), "passkey.last")
	s.refused(remove(s.who.ID+1), "problem.not-found")
	if _, err := s.enter(window, d.use(s.ask())); err != nil {
		t.Errorf("the passkey that was not removed opens nothing: %v", err)
	}
	_, err = s.db.Exec(t.Context(), `update accounts set email = 'noor@example.org' where id = $1`, s.who.ID)
	s.must(err)
	s.must(remove(s.who.ID))
	_, err = s.enter(window, d.use(s.ask()))
	s.refused(err, "passkey.unknown")
}

func TestNoPasskeysForABareNumber(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]bool{
		"http://127.0.0.1:8080": false, "http://[::1]:8080": false, "http://localhost:8080": true, "https://entries.example.org": true,
	} {
		u, _ := url.Parse(base)
		if _, err := passkey.NewParty(u); (err == nil) != want {
			t.Errorf("%s: %v", base, err)
		}
	}
}
