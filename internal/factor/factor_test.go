package factor_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/factor"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
	"laurel/internal/seal"
)

// codeAt makes a code as RFC 4226 (section 5.3) and RFC 6238 write it, without
// the library under test.
func codeAt(secret []byte, at time.Time) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix()/30)))
	sum := mac.Sum(nil)
	from := sum[19] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[from:from+4])&0x7fffffff%1_000_000)
}

// RFC 6238, appendix B, cut to six digits.
func TestTheOracleIsTheStandard(t *testing.T) {
	t.Parallel()
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"} {
		if got := codeAt([]byte("12345678901234567890"), time.Unix(at, 0)); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

type stage struct {
	t      *testing.T
	db     *pgxpool.Pool
	keeper *factor.Keeper
	who    account.Account
	secret []byte
}

func newStage(t *testing.T) *stage {
	t.Helper()
	keeper, err := factor.NewKeeper(bytes.Repeat([]byte{7}, seal.KeySize))
	s := &stage{t: t, db: pgtest.Pool(t), keeper: keeper}
	s.must(err)
	s.must(s.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		s.who, err = account.Begin(ctx, tx, "Noor Ö.", "en")
		return err
	}))
	return s
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

func (s *stage) refused(err error, key string) {
	s.t.Helper()
	if p := problem.Of(err); p == nil || p.Kind == problem.Internal || p.Say.Key != key {
		s.t.Errorf("got %v, want the refusal %s", err, key)
	}
}

func (s *stage) now() time.Time {
	s.t.Helper()
	var now time.Time
	s.must(s.db.QueryRow(s.t.Context(), `select clock_timestamp()`).Scan(&now))
	return now
}

// begin offers a secret and reads it as an app would: out of the address.
func (s *stage) begin() {
	s.t.Helper()
	s.must(s.do(func(ctx context.Context, tx pgx.Tx) error { return s.keeper.Begin(ctx, tx, s.who.ID) }))
	offer, err := s.keeper.Offered(s.t.Context(), s.db, s.who, "entries.example.org")
	s.must(err)
	u, err := url.Parse(offer.URL)
	s.must(err)
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/entries.example.org:"+s.who.Name || strings.Contains(offer.URL, "+") {
		s.t.Errorf("an app cannot read %s", offer.URL)
	}
	if strings.ReplaceAll(offer.Secret, " ", "") != u.Query().Get("secret") {
		s.t.Errorf("typed and scanned keys differ: %s, %s", offer.Secret, u.Query().Get("secret"))
	}
	s.secret, err = base32.StdEncoding.DecodeString(u.Query().Get("secret"))
	s.must(err)
}

func (s *stage) confirm(code string) (codes []string, err error) {
	err = s.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		codes, err = s.keeper.Confirm(ctx, tx, s.who.ID, code)
		return err
	})
	return codes, err
}

func (s *stage) check(code string) error {
	return s.do(func(ctx context.Context, tx pgx.Tx) error { return s.keeper.Check(ctx, tx, s.who.ID, code) })
}

// earlier lets an hour of steps be taken again.
func (s *stage) earlier() {
	_, err := s.db.Exec(s.t.Context(), `update second_factors set last_step = last_step - 120`)
	s.must(err)
}

func TestACodeOfTheAppCountsOnceAndForItsTime(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.begin()
	if on, err := factor.Active(t.Context(), s.db, s.who.ID); err != nil || on {
		t.Fatalf("active before a code proved it: %v", err)
	}
	_, err := s.confirm("000000" + "0")
	s.refused(err, "factor.wrong")
	now := s.now()
	codes, err := s.confirm(codeAt(s.secret, now))
	s.must(err)
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes", len(codes))
	}
	s.refused(s.check(codeAt(s.secret, now)), "factor.wrong")
	s.refused(s.check(codeAt(s.secret, now.Add(-30*time.Second))), "factor.wrong")
	s.earlier()
	s.must(s.check(strings.NewReplacer("0", "۰", "1", "۱", "2", "۲").Replace(codeAt(s.secret, s.now()))))
	s.earlier()
	s.refused(s.check(codeAt(s.secret, s.now().Add(-90*time.Second))), "factor.wrong")
	s.refused(s.check(codeAt(s.secret, s.now().Add(90*time.Second))), "factor.wrong")
	s.refused(s.do(func(ctx context.Context, tx pgx.Tx) error { return s.keeper.Begin(ctx, tx, s.who.ID) }), "factor.in-use")
}

func TestOneCodeAtManyDoorsOpensOne(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.begin()
	codes, err := s.confirm(codeAt(s.secret, s.now()))
	s.must(err)
	s.earlier()
	for _, code := range []string{codeAt(s.secret, s.now()), codes[3]} {
		var passed atomic.Int32
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				if s.check(code) == nil {
					passed.Add(1)
				}
			})
		}
		wait.Wait()
		if passed.Load() != 1 {
			t.Errorf("%s passed %d times", code, passed.Load())
		}
	}
}

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.begin()
	codes, err := s.confirm(codeAt(s.secret, s.now()))
	s.must(err)
	s.must(s.check(" " + strings.ToLower(codes[0]) + " "))
	s.refused(s.check(codes[0]), "factor.wrong")
	state, err := factor.Of(t.Context(), s.db, s.who.ID)
	if err != nil || state.Left != 9 || state.Since == nil {
		t.Errorf("%+v, %v", state, err)
	}
	var fresh []string
	s.must(s.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		fresh, err = factor.NewCodes(ctx, tx, s.who.ID)
		return err
	}))
	s.refused(s.check(codes[1]), "factor.wrong")
	s.must(s.check(fresh[1]))
	seen := map[string]bool{}
	for _, c := range append(codes, fresh...) {
		seen[c] = true
	}
	if len(seen) != 20 {
		t.Errorf("%d different codes of 20", len(seen))
	}
}

func TestFiveTriesAMinute(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.begin()
	for range factor.TriesAMinute {
		s.must(factor.Try(t.Context(), s.db, s.who.ID))
	}
	s.refused(factor.Try(t.Context(), s.db, s.who.ID), "factor.slow")
	_, err := s.db.Exec(t.Context(), `update second_factors set tries_since = tries_since - interval '61 seconds'`)
	s.must(err)
	s.must(factor.Try(t.Context(), s.db, s.who.ID))
}

func TestTheStepBetween(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.begin()
	codes, err := s.confirm(codeAt(s.secret, s.now()))
	s.must(err)
	step, err := factor.Ask(t.Context(), s.db, s.who.ID)
	s.must(err)
	asked := func(step factor.Step, want account.ID) {
		t.Helper()
		if who, err := factor.Asked(t.Context(), s.db, step); err != nil || who != want {
			t.Errorf("at the step stands %d, %v; want %d", who, err, want)
		}
	}
	asked(step, s.who.ID)
	asked("", 0)
	asked("another", 0)
	pass := func(code string) error {
		return s.do(func(ctx context.Context, tx pgx.Tx) error { return s.keeper.Pass(ctx, tx, step, s.who.ID, code) })
	}
	s.refused(pass("123"), "factor.wrong")
	asked(step, s.who.ID)
	s.must(pass(codes[0]))
	asked(step, 0)
	late, err := factor.Ask(t.Context(), s.db, s.who.ID)
	s.must(err)
	_, err = s.db.Exec(t.Context(), `update second_steps set expires_at = clock_timestamp()`)
	s.must(err)
	asked(late, 0)
}

// What the database holds opens nothing without the key of the data folder,
// nor in another account's row.
func TestTheDatabaseAloneHoldsNoSecret(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.begin()
	codes, err := s.confirm(codeAt(s.secret, s.now()))
	s.must(err)
	var dump string
	s.must(s.db.QueryRow(t.Context(), `
		select (select string_agg(f::text, '') from second_factors f) || (select string_agg(c::text, '') from recovery_codes c)`).Scan(&dump))
	for _, secret := range []string{fmt.Sprintf("%x", s.secret), string(s.secret), base32.StdEncoding.EncodeToString(s.secret), codes[0], strings.ReplaceAll(codes[0], "-", "")} {
		if strings.Contains(strings.ToLower(dump), strings.ToLower(secret)) {
			t.Errorf("the database holds %q", secret)
		}
	}
	thief, err := factor.NewKeeper(bytes.Repeat([]byte{8}, seal.KeySize))
	s.must(err)
	code := codeAt(s.secret, s.now().Add(30*time.Second))
	err = s.do(func(ctx context.Context, tx pgx.Tx) error { return thief.Check(ctx, tx, s.who.ID, code) })
	if p := problem.Of(err); p == nil || p.Kind != problem.Internal {
		t.Errorf("another key: %v", err)
	}
	own := *s
	own.must(own.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		own.who, err = account.Begin(ctx, tx, "Sam", "en")
		return err
	}))
	own.begin()
	_, err = s.db.Exec(t.Context(), `update second_factors set sealed = (select sealed from second_factors where account_id = $1) where account_id = $2`, s.who.ID, own.who.ID)
	s.must(err)
	if _, err := s.keeper.Offered(t.Context(), s.db, own.who, "x"); err == nil {
		t.Error("a sealed secret opens in another account's row")
	}
	if _, err := factor.NewKeeper([]byte("short")); err == nil {
		t.Error("a short key is taken")
	}
}
