package account_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused demands that a person is told beside the field that it is wrong.
func refused(t testing.TB, err error) {
	t.Helper()
	if p := problem.Of(err); err == nil || p.Kind != problem.Invalid || p.Fields["secret"].Key == "" {
		t.Fatalf("got %v, want a refusal beside the field", err)
	}
}

// begun is an account that a code began, and the code.
func begun(t testing.TB, tx pgx.Tx, name string) (account.Account, account.Receipt) {
	t.Helper()
	code, err := account.NewEntrance(t.Context(), tx, 0)
	ok(t, err)
	a, err := account.EnterByCode(t.Context(), tx, code, name, "en")
	ok(t, err)
	return a, code
}

// set runs one statement of a test's own.
func set(t testing.TB, tx pgx.Tx, sql string, args ...any) {
	t.Helper()
	_, err := tx.Exec(t.Context(), sql, args...)
	ok(t, err)
}

func TestCodeBeginsAnAccountAndOpensItAgain(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	a, code := begun(t, tx, "Collective of the Third Reel")
	if a.Email != "" || a.Name != "Collective of the Third Reel" {
		t.Errorf("the account is %+v", a)
	}
	again, err := account.EnterByCode(t.Context(), tx, code, "Somebody else", "en")
	ok(t, err)
	if again != a {
		t.Errorf("the second use opens %+v, want %+v", again, a)
	}
}

// TestWrongCode: a code of which only the beginning is right, one that nobody
// has, and one that shuts are refused in one sentence.
func TestWrongCode(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	a, code := begun(t, tx, "Mana")
	shuts, err := account.NewFreezeCode(t.Context(), tx, a.ID)
	ok(t, err)
	near := code
	near[len(near)-1] ^= 1
	var sentence problem.Say
	for _, wrong := range []account.Receipt{near, account.NewReceipt(), shuts} {
		_, err := account.EnterByCode(t.Context(), tx, wrong, "", "en")
		refused(t, err)
		if say := problem.Of(err).Fields["secret"]; sentence.Key != "" && say.Key != sentence.Key {
			t.Errorf("one is told %q, another %q", say.English, sentence.English)
		} else {
			sentence = say
		}
	}
	_, _, err = account.Freeze(t.Context(), tx, code)
	refused(t, err)
}

// TestNewCodeEndsTheOldOneOnceTyped: who is interrupted while writing the new
// one down still has the old one.
func TestNewCodeEndsTheOldOneOnceTyped(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	a, old := begun(t, tx, "Mana")
	forgotten, err := account.NewEntrance(t.Context(), tx, a.ID)
	ok(t, err)
	_, err = account.EnterByCode(t.Context(), tx, old, "", "en")
	ok(t, err)
	next, err := account.NewEntrance(t.Context(), tx, a.ID)
	ok(t, err)
	got, err := account.EnterByCode(t.Context(), tx, next, "", "en")
	ok(t, err)
	if got != a {
		t.Errorf("the new code opens %+v, want %+v", got, a)
	}
	for _, ended := range []account.Receipt{old, forgotten} {
		_, err := account.EnterByCode(t.Context(), tx, ended, "", "en")
		refused(t, err)
	}
}

// TestFirstUseTwiceAtOnce: a button pressed twice begins one account.
func TestFirstUseTwiceAtOnce(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	var code account.Receipt
	ok(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) (err error) {
		code, err = account.NewEntrance(t.Context(), tx, 0)
		return err
	}))
	var group sync.WaitGroup
	ids := make([]account.ID, 6)
	for i := range ids {
		group.Go(func() {
			if err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
				a, err := account.EnterByCode(t.Context(), tx, code, "Mana", "en")
				ids[i] = a.ID
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	n, err := pg.Value[int](t.Context(), pool, `select count(*)::int from accounts`, pg.Args{})
	ok(t, err)
	if n != 1 {
		t.Errorf("%d accounts, want 1: %v", n, ids)
	}
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("the uses opened accounts %v, want one", ids)
		}
	}
}

func TestSweepForgetsCodesThatNobodyTook(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	_, taken := begun(t, tx, "Mana")
	left, err := account.NewEntrance(t.Context(), tx, 0)
	ok(t, err)
	set(t, tx, `update account_codes set created_at = created_at - interval '8 days'`)
	ok(t, account.Sweep(t.Context(), tx))
	_, err = account.EnterByCode(t.Context(), tx, taken, "", "en")
	ok(t, err)
	_, err = account.EnterByCode(t.Context(), tx, left, "", "en")
	refused(t, err)
}

// TestSessionEnds: 20 minutes after the last visit, and eight hours after
// signing in whatever happens.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	a, _ := begun(t, tx, "Mana")
	for _, c := range []struct {
		seen, begun string
		open        bool
	}{
		{"0 minutes", "0 minutes", true},
		{"19 minutes", "19 minutes", true},
		{"21 minutes", "21 minutes", false},
		{"1 minute", "7 hours 58 minutes", true},
		{"1 minute", "8 hours 1 minute", false},
	} {
		token, err := account.StartSession(t.Context(), tx, a.ID)
		ok(t, err)
		set(t, tx, `update sessions set seen_at = seen_at - $1::interval, expires_at = expires_at - $2::interval`, c.seen, c.begun)
		who, err := account.Who(t.Context(), tx, token)
		ok(t, err)
		if who.SignedIn() != c.open {
			t.Errorf("seen %s ago, begun %s ago: signed in is %t, want %t", c.seen, c.begun, who.SignedIn(), c.open)
		}
		if c.open && (who.Left <= 0 || who.Left > 20*60) {
			t.Errorf("seen %s ago, begun %s ago: %d seconds left", c.seen, c.begun, who.Left)
		}
		ok(t, account.EndSession(t.Context(), tx, token))
	}
}

// TestVisitProlongs: a visit counts from itself, up to the eight hours.
func TestVisitProlongs(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	a, _ := begun(t, tx, "Mana")
	token, err := account.StartSession(t.Context(), tx, a.ID)
	ok(t, err)
	set(t, tx, `update sessions set seen_at = seen_at - interval '19 minutes'`)
	ok(t, account.Seen(t.Context(), tx, token))
	set(t, tx, `update sessions set seen_at = seen_at - interval '19 minutes'`)
	if who, err := account.Who(t.Context(), tx, token); err != nil || !who.SignedIn() {
		t.Errorf("signed out 19 minutes after a visit: %v", err)
	}
}

func TestRecheck(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	ctx := t.Context()
	a, code := begun(t, tx, "Mana")
	token, err := account.StartSession(ctx, tx, a.ID)
	ok(t, err)
	checked := func(want bool, when string) {
		t.Helper()
		if got, err := account.Checked(ctx, tx, token); err != nil || got != want {
			t.Errorf("%s: checked is %t, want %t (%v)", when, got, want, err)
		}
	}
	checked(false, "after signing in")
	_, other := begun(t, tx, "Somebody else")
	for _, typed := range []string{"", "correct horse battery", other.String(), account.NewReceipt().String()} {
		refused(t, account.Prove(ctx, tx, a.ID, typed))
	}
	checked(false, "after wrong answers")
	ok(t, account.Prove(ctx, tx, a.ID, code.String()))
	checked(false, "after half of a proof")
	ok(t, account.NoteCheck(ctx, tx, token))
	checked(true, "after the code")
	set(t, tx, `update sessions set checked_at = checked_at - interval '11 minutes'`)
	checked(false, "eleven minutes later")
}

func TestRecheckByPassword(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	a, err := account.SignUp(t.Context(), tx, "Mana", "mana@example.org", "correct horse battery", "en")
	ok(t, err)
	refused(t, account.Prove(t.Context(), tx, a.ID, "correct horse batteries"))
	ok(t, account.Prove(t.Context(), tx, a.ID, "correct horse battery"))
}

// TestFreeze: the code ends all sessions and links, for 72 hours from its last
// use; only opening is left to who signs in.
func TestFreeze(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	ctx := t.Context()
	a, err := account.SignUp(ctx, tx, "Mana", "mana@example.org", "correct horse battery", "en")
	ok(t, err)
	code, err := account.NewFreezeCode(ctx, tx, a.ID)
	ok(t, err)
	before, err := account.StartSession(ctx, tx, a.ID)
	ok(t, err)
	ok(t, account.AskReset(ctx, tx, a.Email))

	frozenFor(t, tx, a.ID, code)
	if who, err := account.Who(ctx, tx, before); err != nil || who.SignedIn() {
		t.Errorf("a session from before is open: %v", err)
	}
	ok(t, account.AskReset(ctx, tx, a.Email))
	n, err := pg.Value[int](ctx, tx, `select count(*)::int from account_tokens`, pg.Args{})
	ok(t, err)
	if n != 0 {
		t.Errorf("%d links work while the account is shut", n)
	}

	set(t, tx, `update accounts set frozen_until = frozen_until - interval '71 hours'`)
	frozenFor(t, tx, a.ID, code)
	token, err := account.StartSession(ctx, tx, a.ID)
	ok(t, err)
	if who, err := account.Who(ctx, tx, token); err != nil || !who.Frozen {
		t.Errorf("who signs in is %+v, %v; want a shut account", who, err)
	}
	ok(t, account.Thaw(ctx, tx, a.ID))
	if who, err := account.Who(ctx, tx, token); err != nil || who.Frozen {
		t.Errorf("after opening it is shut still: %v", err)
	}
}

// frozenFor uses a code and demands 72 hours from now.
func frozenFor(t testing.TB, tx pgx.Tx, id account.ID, code account.Receipt) {
	t.Helper()
	whose, until, err := account.Freeze(context.WithoutCancel(t.Context()), tx, code)
	ok(t, err)
	if off := time.Until(until) - 72*time.Hour; whose != id || off.Abs() > time.Minute {
		t.Errorf("account %d is shut until %v; want %d for 72 hours", whose, until, id)
	}
}

func TestNewFreezeCodeEndsTheOldOne(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	a, _ := begun(t, tx, "Mana")
	old, err := account.NewFreezeCode(t.Context(), tx, a.ID)
	ok(t, err)
	_, err = account.NewFreezeCode(t.Context(), tx, a.ID)
	ok(t, err)
	_, _, err = account.Freeze(t.Context(), tx, old)
	refused(t, err)
}

// TestAPasswordOfAnyLengthCostsTheSame: how long an answer takes does not tell
// whether an address has an account, nor whether the account has a password.
func TestAPasswordOfAnyLengthCostsTheSame(t *testing.T) {
	tx := pgtest.Tx(t)
	has, err := account.SignUp(t.Context(), tx, "Noor", "noor-"+account.Code()+"@example.org", "four unrelated words", "en")
	ok(t, err)
	bare, err := account.SignUp(t.Context(), tx, "Sami", "sami-"+account.Code()+"@example.org", "four unrelated words", "en")
	ok(t, err)
	set(t, tx, `update accounts set password_hash = '' where id = $1`, bare.ID)
	took := func(email, password string) time.Duration {
		best := time.Hour
		for range 3 {
			began := time.Now()
			_, err := account.CheckIn(t.Context(), tx, email, password)
			best = min(best, time.Since(began))
			if problem.Of(err) == nil || problem.Of(err).Say.Key != "account.wrong" {
				t.Fatalf("got %v", err)
			}
		}
		return best
	}
	for _, password := range []string{"wrong", strings.Repeat("w", 4*account.MaxPassword+1)} {
		nobody := took("nobody-"+account.Code()+"@example.org", password)
		for _, email := range []string{has.Email, bare.Email} {
			if real := took(email, password); real < nobody/8 || real > nobody*8 {
				t.Errorf("%d letters: %v for an account, %v for none", len(password), real, nobody)
			}
		}
	}
}
