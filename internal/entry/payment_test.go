package entry_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/entry"
	"laurel/internal/money"
	"laurel/internal/pgtest"
)

// A cashier is a sent entry with 18 euros due, in a database of its own.
type cashier struct {
	t testing.TB
	*pgxpool.Pool
	stage
	entry entry.Entry
}

func newCashier(t testing.TB) *cashier {
	t.Helper()
	c := &cashier{t: t, Pool: pgtest.Pool(t)}
	ok(t, c.do(func(tx pgx.Tx) error {
		c.stage = set(t, tx, time.Hour)
		priced(t, tx, c.stage)
		c.entry, _ = drafted(t, tx, c.stage)
		return entry.Submit(t.Context(), tx, c.maker, c.entry.Code, 0)
	}))
	return c
}

func (c *cashier) do(act func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(c.t.Context(), c.Pool, act)
}

func (c *cashier) begin() entry.Payment {
	c.t.Helper()
	var p entry.Payment
	ok(c.t, c.do(func(tx pgx.Tx) (err error) {
		p, err = entry.BeginPayment(c.t.Context(), tx, c.maker, c.entry.Code)
		return err
	}))
	return p
}

func (c *cashier) told(n money.Notice) entry.Refusal {
	c.t.Helper()
	var why entry.Refusal
	ok(c.t, c.do(func(tx pgx.Tx) (err error) {
		why, err = entry.TakeNotice(c.t.Context(), tx, n)
		return err
	}))
	return why
}

func (c *cashier) stands(want string) {
	c.t.Helper()
	if got := stands(feeOf(c.t, c.Pool, c.entry.ID)); got != want {
		c.t.Errorf("the fee is %s, want %s", got, want)
	}
}

func TestFiftyNoticesAreOnePayment(t *testing.T) {
	t.Parallel()
	c := newCashier(t)
	p := c.begin()
	var wait sync.WaitGroup
	for i := range 50 {
		wait.Go(func() {
			id := "evt_1" // half of them the same notice, half others about the same payment
			if i%2 == 1 {
				id = fmt.Sprint("evt_", i)
			}
			if why := c.told(paid(id, p)); why != "" {
				t.Errorf("refused: %s", why)
			}
		})
	}
	wait.Wait()
	c.stands("paid 1800 EUR")
	list, err := entry.Payments(t.Context(), c.Pool, c.entry.ID)
	if err != nil || len(list) != 1 || list[0].State != "paid" || list[0].PaidAt == nil {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestNoticesThatChangeNothing(t *testing.T) {
	t.Parallel()
	c := newCashier(t)
	p := c.begin()
	for name, x := range map[string]struct {
		change func(*money.Notice)
		want   entry.Refusal
	}{
		"less":     {func(n *money.Notice) { n.Amount.Minor-- }, entry.WrongAmount},
		"more":     {func(n *money.Notice) { n.Amount.Minor++ }, entry.WrongAmount},
		"currency": {func(n *money.Notice) { n.Amount.Currency = "USD" }, entry.WrongAmount},
		"unknown":  {func(n *money.Notice) { n.Reference = "another" }, entry.UnknownPayment},
		"no name":  {func(n *money.Notice) { n.Reference, n.Intent = "", "" }, entry.UnknownPayment},
		"refund":   {func(n *money.Notice) { n.Kind = money.NoticeRefunded }, entry.WrongAmount},
		"other":    {func(n *money.Notice) { n.Kind = money.NoticeOther }, ""},
	} {
		n := paid("evt_"+name, p)
		x.change(&n)
		if why := c.told(n); why != x.want {
			t.Errorf("%s: %q, want %q", name, why, x.want)
		}
		c.stands("due 1800 EUR")
	}
	var written int
	ok(t, c.QueryRow(t.Context(), `select count(*) from payment_notices where refusal <> ''`).Scan(&written))
	if written != 6 {
		t.Errorf("%d refusals are written down, want 6", written)
	}
}

func TestAPaymentIsGoneOnWith(t *testing.T) {
	t.Parallel()
	c := newCashier(t)
	first := c.begin()
	if again := c.begin(); again.Code != first.Code {
		t.Error("asking again a moment later begins a second payment")
	}
	_, err := c.Exec(t.Context(), `update payments set begun_at = begun_at - interval '40 minutes'`)
	ok(t, err)
	second := c.begin()
	if second.Code == first.Code {
		t.Fatal("a page that is about to end is handed out")
	}
	if why := c.told(paid("evt_1", first)); why != "" {
		t.Errorf("the first page was paid: %s", why)
	}
	if why := c.told(paid("evt_2", second)); why != entry.NothingDue {
		t.Errorf("paid twice: %q", why)
	}
	c.stands("paid 1800 EUR")
	err = c.do(func(tx pgx.Tx) error {
		_, err := entry.BeginPayment(t.Context(), tx, c.maker, c.entry.Code)
		return err
	})
	if key(err) != "fee.not-due" {
		t.Errorf("what is paid is paid again: %v", err)
	}
}

func TestRefunds(t *testing.T) {
	t.Parallel()
	c := newCashier(t)
	p := c.begin()
	refund := func(id string, minor int64) money.Notice {
		return money.Notice{ID: id, Kind: money.NoticeRefunded, Intent: "pi_" + p.Code, Amount: money.Amount{Minor: minor, Currency: "EUR"}}
	}
	c.told(paid("evt_1", p))
	if why := c.told(refund("evt_2", 800)); why != "" {
		t.Error(why)
	}
	c.stands("paid 1800 EUR")
	if why := c.told(refund("evt_3", 1800)); why != "" {
		t.Error(why)
	}
	c.stands("not_due")
	c.told(refund("evt_4", 800)) // late, and told of before
	list, err := entry.Payments(t.Context(), c.Pool, c.entry.ID)
	if err != nil || list[0].State != "refunded" || list[0].Refunded != 1800 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestTheFestivalsWord(t *testing.T) {
	t.Parallel()
	c := newCashier(t)
	mark := func() error {
		return c.do(func(tx pgx.Tx) error {
			return entry.MarkPaid(t.Context(), tx, c.other, c.entry.ID, "bank, 3 March")
		})
	}
	sums, err := entry.FeeSums(t.Context(), c.Pool, c.edition, c.other)
	if err != nil || len(sums) != 1 || sums[0].Fee != entry.FeeDue || sums[0].Minor != 1800 || sums[0].Entries != 1 {
		t.Errorf("%+v, %v", sums, err)
	}
	ok(t, mark())
	c.stands("paid 1800 EUR")
	if key(mark()) != "fee.not-due" {
		t.Error("paid by hand twice")
	}
	forgiven := newCashier(t)
	ok(t, forgiven.do(func(tx pgx.Tx) error { return entry.Forgive(t.Context(), tx, forgiven.entry.ID) }))
	forgiven.stands("not_due")
}
