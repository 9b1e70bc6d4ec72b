package entry_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/money"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// priced gives the stage's category a ladder: 18 euros for an hour, then 25.
func priced(t testing.TB, tx pgx.Tx, s stage) {
	t.Helper()
	_, err := tx.Exec(t.Context(), `update deadlines set fee_minor = 1800 where category_id = @c`, pg.Args{"c": s.category})
	ok(t, err)
	_, err = tx.Exec(t.Context(), `
		insert into deadlines (category_id, name, closes_at, fee_minor, fee_currency)
		select category_id, 'Late', closes_at + interval '1 hour', 2500, 'EUR'
		from deadlines
		where category_id = @c`, pg.Args{"c": s.category})
	ok(t, err)
}

func feeOf(t testing.TB, db pg.DB, id entry.ID) entry.Fee {
	t.Helper()
	f, err := entry.FeeOf(t.Context(), db, id)
	ok(t, err)
	return f
}

// stands says a fee in short: "due 1800", "not_due".
func stands(f entry.Fee) string {
	if f.FeeMinor == nil {
		return string(f.Fee)
	}
	return fmt.Sprintf("%s %d %s", f.Fee, *f.FeeMinor, *f.FeeCurrency)
}

func addCode(t testing.TB, tx pgx.Tx, s stage, word string, change func(*entry.FeeCode)) {
	t.Helper()
	c := entry.FeeCode{Reduction: entry.Reduction{Word: &word}}
	change(&c)
	ok(t, entry.AddFeeCode(t.Context(), tx, s.other, s.edition, c))
}

func percent(n int) func(*entry.FeeCode) { return func(c *entry.FeeCode) { c.Percent = &n } }

func TestTheFeeIsFixedByTheRungOfTheFirstSending(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	priced(t, tx, s)
	e, w := drafted(t, tx, s)
	if got := stands(feeOf(t, tx, e.ID)); got != "due" {
		t.Errorf("a draft is %q: nothing is fixed yet", got)
	}
	ok(t, entry.Submit(t.Context(), tx, s.maker, e.Code, 0))
	if got := stands(feeOf(t, tx, e.ID)); got != "due 1800 EUR" {
		t.Fatalf("sent at the first rung: %q", got)
	}
	_, err := tx.Exec(t.Context(), `update deadlines set closes_at = closes_at - interval '70 minutes' where category_id = @c`, pg.Args{"c": s.category})
	ok(t, err)
	changed := complete()
	changed.Synopsis = "A clerk counts salt, again."
	_, err = entry.Save(t.Context(), tx, s.maker, w.Code, entry.TheFilm, entry.TheFilm.Mark(complete()), changed)
	ok(t, err)
	ok(t, entry.Submit(t.Context(), tx, s.maker, e.Code, 0))
	if got := stands(feeOf(t, tx, e.ID)); got != "due 1800 EUR" {
		t.Errorf("sent again at the second rung: %q", got)
	}
	late, _ := drafted(t, tx, s)
	ok(t, entry.Submit(t.Context(), tx, s.maker, late.Code, 0))
	if got := stands(feeOf(t, tx, late.ID)); got != "due 2500 EUR" {
		t.Errorf("first sent at the second rung: %q", got)
	}
	ok(t, entry.Withdraw(t.Context(), tx, s.maker, late.Code))
	if got := stands(feeOf(t, tx, late.ID)); got != "not_due" {
		t.Errorf("withdrawn: %q", got)
	}
}

func TestCodesLowerTheFee(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	priced(t, tx, s)
	addCode(t, tx, s, "half-27", percent(50))
	addCode(t, tx, s, "third", percent(33))
	addCode(t, tx, s, "free", percent(100))
	addCode(t, tx, s, "five", func(c *entry.FeeCode) { c.Minor, c.Currency = new(int64(500)), new("EUR") })
	addCode(t, tx, s, "more-than-all", func(c *entry.FeeCode) { c.Minor, c.Currency = new(int64(9900)), new("EUR") })
	for word, want := range map[string]string{
		" Half-27 ": "due 900 EUR", "third": "due 1206 EUR", "FREE": "not_due", "five": "due 1300 EUR", "more-than-all": "not_due", "": "due 1800 EUR",
	} {
		before, _ := drafted(t, tx, s)
		ok(t, entry.UseFeeCode(t.Context(), tx, s.maker, before.Code, word))
		ok(t, entry.Submit(t.Context(), tx, s.maker, before.Code, 0))
		after, _ := drafted(t, tx, s)
		ok(t, entry.Submit(t.Context(), tx, s.maker, after.Code, 0))
		ok(t, entry.UseFeeCode(t.Context(), tx, s.maker, after.Code, word))
		if b, a := stands(feeOf(t, tx, before.ID)), stands(feeOf(t, tx, after.ID)); b != want || a != want {
			t.Errorf("%q: %s before sending, %s after; want %s", word, b, a, want)
		}
	}
}

func TestCodesThatAreNoneOrOver(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s, elsewhere := set(t, tx, time.Hour), set(t, tx, time.Hour)
	priced(t, tx, s)
	addCode(t, tx, elsewhere, "elsewhere", percent(50))
	addCode(t, tx, s, "expired", func(c *entry.FeeCode) { c.Percent, c.ExpiresAt = new(50), new(time.Now().Add(-time.Second)) })
	addCode(t, tx, s, "dollars", func(c *entry.FeeCode) { c.Minor, c.Currency = new(int64(500)), new("USD") })
	addCode(t, tx, s, "ended", percent(50))
	other, err := festival.CreateCategory(t.Context(), tx, s.other, festival.Category{EditionID: s.edition, Slug: "short", Name: "Short"})
	ok(t, err)
	addCode(t, tx, s, "short-only", func(c *entry.FeeCode) { c.Percent, c.CategoryID = new(50), &other })
	codes, err := entry.FeeCodes(t.Context(), tx, s.edition)
	ok(t, err)
	for _, c := range codes {
		if *c.Word == "ENDED" {
			ok(t, entry.EndFeeCode(t.Context(), tx, s.other, s.edition, c.Code))
		}
	}
	e, _ := drafted(t, tx, s)
	for _, word := range []string{"elsewhere", "expired", "dollars", "ended", "short-only", "never-made"} {
		err := within(t, tx, func(tx pgx.Tx) error { return entry.UseFeeCode(t.Context(), tx, s.maker, e.Code, word) })
		if key(err) != "fee.no-code" {
			t.Errorf("%s: %v", word, err)
		}
	}
	for _, word := range []string{"ab", "ünder"} {
		err := within(t, tx, func(tx pgx.Tx) error {
			return entry.AddFeeCode(t.Context(), tx, s.other, s.edition, entry.FeeCode{Reduction: entry.Reduction{Word: &word, Percent: new(5)}})
		})
		if key(err) != "constraint.fee_codes_word_shape" {
			t.Errorf("a code %q is made: %v", word, err)
		}
	}
}

// One use is one use, at whatever doors it is taken at once; what is given
// back can be taken again.
func TestUsesOfACode(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	var s stage
	const doors = 20
	drafts := make([]entry.Entry, doors)
	do := func(act func(tx pgx.Tx) error) error { return pgx.BeginFunc(t.Context(), pool, act) }
	ok(t, do(func(tx pgx.Tx) error {
		s = set(t, tx, time.Hour)
		priced(t, tx, s)
		addCode(t, tx, s, "three", func(c *entry.FeeCode) { c.Percent, c.UsesMost = new(50), new(3) })
		for i := range drafts {
			drafts[i], _ = drafted(t, tx, s)
		}
		return nil
	}))
	use := func(e entry.Entry, word string) error {
		return do(func(tx pgx.Tx) error { return entry.UseFeeCode(t.Context(), tx, s.maker, e.Code, word) })
	}
	var taken atomic.Int32
	var wait sync.WaitGroup
	for _, e := range drafts {
		wait.Go(func() {
			switch err := use(e, "three"); key(err) {
			case "":
				taken.Add(1)
			case "constraint.fee_codes_uses_left":
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if taken.Load() != 3 {
		t.Fatalf("taken %d times", taken.Load())
	}
	uses := func() (n int) {
		ok(t, pool.QueryRow(t.Context(), `select uses from fee_codes`).Scan(&n))
		return n
	}
	holders := slices.DeleteFunc(slices.Clone(drafts), func(e entry.Entry) bool { return feeOf(t, pool, e.ID).Word == nil })
	ok(t, use(holders[0], ""))
	ok(t, do(func(tx pgx.Tx) error { return entry.Waive(t.Context(), tx, s.maker, holders[1].Code, true) }))
	ok(t, do(func(tx pgx.Tx) error { return entry.Withdraw(t.Context(), tx, s.maker, holders[2].Code) }))
	if n := uses(); n != 0 {
		t.Errorf("%d uses are left behind by a code put back, a waiver and a draft thrown away", n)
	}
}

func TestACodeLetsInLate(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	priced(t, tx, s)
	e, _ := drafted(t, tx, s)
	waived, _ := drafted(t, tx, s)
	_, err := tx.Exec(t.Context(), `update deadlines set closes_at = closes_at - interval '3 hours' where category_id = @c`, pg.Args{"c": s.category})
	ok(t, err)
	submit := func(e entry.Entry) error {
		return within(t, tx, func(tx pgx.Tx) error { return entry.Submit(t.Context(), tx, s.maker, e.Code, 0) })
	}
	if err := submit(e); key(err) != "entry.closed" {
		t.Fatalf("late without a code: %v", err)
	}
	addCode(t, tx, s, "come-late", func(c *entry.FeeCode) { c.LateUntil = new(time.Now().Add(time.Hour)) })
	addCode(t, tx, s, "too-late", func(c *entry.FeeCode) { c.LateUntil = new(time.Now().Add(-time.Hour)) })
	err = within(t, tx, func(tx pgx.Tx) error { return entry.UseFeeCode(t.Context(), tx, s.maker, e.Code, "too-late") })
	if key(err) != "fee.no-code" {
		t.Errorf("a code whose time is over: %v", err)
	}
	w, err := entry.Create(t.Context(), tx, s.maker, complete())
	ok(t, err)
	for word, want := range map[string]string{"": "entry.closed", "too-late": "fee.no-code"} {
		err := within(t, tx, func(tx pgx.Tx) error {
			_, err := entry.StartWith(t.Context(), tx, s.maker, w.Code, s.category, word)
			return err
		})
		if key(err) != want {
			t.Errorf("begun late with %q: %v", word, err)
		}
	}
	begun, err := entry.StartWith(t.Context(), tx, s.maker, w.Code, s.category, "come-late")
	if err != nil || begun.LateUntil == nil {
		t.Errorf("begun late with a code: %v", err)
	}
	for _, x := range []entry.Entry{e, waived} {
		ok(t, entry.UseFeeCode(t.Context(), tx, s.maker, x.Code, "come-late"))
	}
	ok(t, entry.Waive(t.Context(), tx, s.maker, waived.Code, true))
	ok(t, submit(e))
	ok(t, submit(waived))
	if a, b := stands(feeOf(t, tx, e.ID)), stands(feeOf(t, tx, waived.ID)); a != "due 2500 EUR" || b != "not_due" {
		t.Errorf("late: %s, and waived: %s", a, b)
	}
}

var accidents = regexp.MustCompile(`\d{4}-\d\d-\d\d[ T][\d:.]+(?:[+-]\d\d(?::?\d\d)?|Z)?|[a-z2-7]{26}|(?:f|maker|other)[a-z2-7]{12}|\\\\?x[0-9a-f]{16,}|[0-9a-f]{32,}|""id"": ""[a-z0-9]+`)

// dumped is the whole database as text, its sequences with it, without what
// chance and the clock wrote.
func dumped(t testing.TB, db pg.DB) []string {
	t.Helper()
	tables, err := pg.Values[string](t.Context(), db, `
		select relname::text
		from pg_class
		where relnamespace = 'public'::regnamespace and relkind = 'r'
		order by relname`, pg.Args{})
	ok(t, err)
	var lines []string
	for _, table := range append(tables, "pg_sequences") {
		rows, err := pg.Values[string](t.Context(), db, `select x::text from `+table+` x`, pg.Args{})
		ok(t, err)
		for _, row := range rows {
			lines = append(lines, table+" "+accidents.ReplaceAllString(row, "…"))
		}
	}
	slices.Sort(lines)
	return lines
}

// AR28: after an entry whose fee was waived and after one in a free category
// the whole databases are the same.
func TestAWaiverLeavesNoTrace(t *testing.T) {
	t.Parallel()
	world := func(act func(ctx context.Context, tx pgx.Tx, s stage, e entry.Entry)) (lines []string) {
		pool := pgtest.Pool(t)
		ok(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			s := set(t, tx, time.Hour)
			e, _ := drafted(t, tx, s)
			act(t.Context(), tx, s, e)
			if err := entry.Submit(t.Context(), tx, s.maker, e.Code, 0); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), `update deadlines set fee_minor = 0`)
			return err
		}))
		return dumped(t, pool)
	}
	cost := func(ctx context.Context, tx pgx.Tx, _ stage, _ entry.Entry) {
		_, err := tx.Exec(ctx, `update deadlines set fee_minor = 1800`)
		ok(t, err)
	}
	free := world(func(context.Context, pgx.Tx, stage, entry.Entry) {})
	waived := world(func(ctx context.Context, tx pgx.Tx, s stage, e entry.Entry) {
		cost(ctx, tx, s, e)
		ok(t, entry.Waive(ctx, tx, s.maker, e.Code, true))
	})
	due := world(cost)
	if d := cmp.Diff(free, waived); d != "" {
		t.Errorf("a waiver differs from a free category (-free +waived):\n%s", d)
	}
	if len(free) < 20 || cmp.Diff(free, due) == "" {
		t.Error("the dump would not show a fee that is due: it proves nothing")
	}
}

func TestAWaiverOfADraftCanBeTakenBack(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	priced(t, tx, s)
	e, _ := drafted(t, tx, s)
	waive := func(who account.ID, waive bool) error {
		return within(t, tx, func(tx pgx.Tx) error { return entry.Waive(t.Context(), tx, who, e.Code, waive) })
	}
	for range 2 {
		ok(t, waive(s.maker, true))
		ok(t, waive(s.maker, false))
	}
	if key(waive(s.other, true)) != "problem.not-found" {
		t.Error("somebody else waives the fee")
	}
	ok(t, entry.Submit(t.Context(), tx, s.maker, e.Code, 0))
	if got := stands(feeOf(t, tx, e.ID)); got != "due 1800 EUR" {
		t.Fatalf("taken back, then sent: %s", got)
	}
	ok(t, waive(s.maker, true))
	if got := stands(feeOf(t, tx, e.ID)); got != "not_due" {
		t.Errorf("waived after sending: %s", got)
	}
	if key(waive(s.maker, false)) != "fee.not-due" {
		t.Error("a fee comes back")
	}
}

// paid is a notice that the whole amount of a payment was paid.
func paid(id string, p entry.Payment) money.Notice {
	return money.Notice{ID: id, Kind: money.NoticePaid, Reference: p.Code, Intent: "pi_" + p.Code, Amount: p.Amount()}
}
