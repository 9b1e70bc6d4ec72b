package pg_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

type row struct {
	N  int
	At *time.Time
}

func TestRowsByName(t *testing.T) {
	t.Parallel()
	got, err := pg.Rows[row](t.Context(), pgtest.Tx(t), `
		select timestamptz '2027-03-01 12:00+03:30' as at, n
		from unnest(@ns::int[]) as n
		where n > @least`,
		pg.Args{"ns": []int{1, 2, 3}, "least": 1})
	at := time.Date(2027, 3, 1, 8, 30, 0, 0, time.UTC)
	if d := cmp.Diff([]row{{2, &at}, {3, &at}}, got); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
}

func TestInstantsAreUTC(t *testing.T) {
	t.Parallel()
	got, err := pg.Value[time.Time](t.Context(), pgtest.Tx(t), `select now()`, nil)
	if err != nil || got.Location() != time.UTC {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestOneNeedsExactlyOne(t *testing.T) {
	t.Parallel()
	for n, want := range []error{pgx.ErrNoRows, nil, pgx.ErrTooManyRows} {
		_, err := pg.One[row](t.Context(), pgtest.Tx(t), `
			select n, null::timestamptz as at
			from generate_series(1, @n::int) as n`,
			pg.Args{"n": n})
		if !errors.Is(err, want) {
			t.Errorf("%d rows: got %v, want %v", n, err, want)
		}
	}
}

func TestUnknownNamesAreErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sql  string
		args pg.Args
	}{
		"surplus column":    {`select 1 as n, null::timestamptz as at, 2 as more`, nil},
		"missing column":    {`select 1 as n`, nil},
		"missing parameter": {`select @n::int as n, null::timestamptz as at`, pg.Args{}},
		"surplus parameter": {`select 1 as n, null::timestamptz as at`, pg.Args{"n": 1}},
	} {
		if _, err := pg.Rows[row](t.Context(), pgtest.Tx(t), c.sql, c.args); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSessionSettings(t *testing.T) {
	t.Parallel()
	pool, err := pg.Open(t.Context(), pgtest.Empty(t)+"&statement_timeout=7s")
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for name, want := range map[string]string{
		"statement_timeout": "7s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "15s", "TimeZone": "UTC",
	} {
		got, err := pg.Value[string](t.Context(), pool, `select current_setting(@name)`, pg.Args{"name": name})
		if err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", name, got, want, err)
		}
	}
}
