package entry_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"laurel/internal/entry"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// TestTheDeadlineIsTheSameForEveryLine sends one entry hundreds of times from
// two seconds before to two seconds after the deadline, over lines that took up
// to a minute, and never keeps it. What the request's arrival should be is read
// from the database's clock before and after; only an arrival between the two
// can be either.
func TestTheDeadlineIsTheSameForEveryLine(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, _ := drafted(t, tx, s)
	clock := func() time.Time {
		at, err := pg.Value[time.Time](t.Context(), tx, `select clock_timestamp()`, pg.Args{})
		ok(t, err)
		return at
	}
	random := rand.New(rand.NewPCG(2026, 11))
	in, out, either := 0, 0, 0
	for range 400 {
		sub, err := tx.Begin(t.Context())
		ok(t, err)
		waited := time.Duration(random.Int64N(int64(time.Minute)))
		offset := time.Duration(random.Int64N(int64(4*time.Second))) - 2*time.Second
		deadline := clock().Add(-waited).Add(-offset).Truncate(time.Microsecond)
		_, err = sub.Exec(t.Context(), `update deadlines set closes_at = @at where category_id = @id`, pg.Args{"at": deadline, "id": s.category})
		ok(t, err)
		earliest := clock().Add(-waited)
		got := key(entry.Submit(t.Context(), sub, s.maker, e.Code, waited))
		latest := clock().Add(-waited)
		ok(t, sub.Rollback(t.Context()))
		switch {
		case latest.Before(deadline):
			in++
			if got != "" {
				t.Errorf("arrived %v before the deadline, after %v on the way: %q", deadline.Sub(latest), waited, got)
			}
		case earliest.After(deadline):
			out++
			if got != "entry.closed" {
				t.Errorf("arrived %v after the deadline, after %v on the way: %q", earliest.Sub(deadline), waited, got)
			}
		default:
			either++
		}
	}
	t.Logf("%d in time, %d late, %d too close to tell", in, out, either)
	if in < 100 || out < 100 || either > 40 {
		t.Errorf("%d in time, %d late, %d too close to tell: this tells little", in, out, either)
	}
}
