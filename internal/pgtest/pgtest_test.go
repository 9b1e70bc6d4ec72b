package pgtest_test

import (
	"testing"

	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

func TestPoolIsMigratedAndEmpty(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	n, err := pg.Value[int64](t.Context(), pool, `select count(*) from accounts`, nil)
	if err != nil || n != 0 {
		t.Errorf("got %d accounts, %v", n, err)
	}
}

func TestTx(t *testing.T) {
	t.Parallel()
	n, err := pg.Value[int64](t.Context(), pgtest.Tx(t), `select count(*) from river_job`, nil)
	if err != nil || n != 0 {
		t.Errorf("got %d jobs, %v", n, err)
	}
}

func TestCounter(t *testing.T) {
	t.Parallel()
	pool, n := pgtest.Counted(t)
	for range 3 {
		if _, err := pg.Value[int](t.Context(), pool, `select 1`, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := n.Take(); got != 3 {
		t.Errorf("got %d statements, want 3", got)
	}
}

func BenchmarkPool(b *testing.B) {
	for b.Loop() {
		pgtest.Pool(b)
	}
}

func BenchmarkTx(b *testing.B) {
	for b.Loop() {
		pgtest.Tx(b).Rollback(b.Context())
	}
}
