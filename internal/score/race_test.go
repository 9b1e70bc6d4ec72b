package score_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
	"laurel/internal/score"
)

// late counts scores that were saved after their round had been closed.
func late(t *testing.T, pool *pgxpool.Pool) int {
	t.Helper()
	n, err := pg.Value[int](t.Context(), pool, `
		select count(*)::int
		from scores s
		join assignments a on a.id = s.assignment_id
		join rounds r on r.id = a.round_id
		where s.saved_at >= r.closed_at`, pg.Args{})
	must(t, err)
	return n
}

// TestNoScoreAfterTheClose lets twenty jurors save while the round is closed,
// again and again: what was saved was saved before the closing instant, and
// everybody else was told.
func TestNoScoreAfterTheClose(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	s := jurytest.New(t, pool, 10, 1)
	codes := make([]string, len(s.Jurors))
	for i, who := range s.Jurors {
		codes[i] = s.Give(who, s.Films[0])[0]
	}
	saved, told := 0, 0
	for range 20 {
		_, err := pool.Exec(t.Context(), `update rounds set closed_at = null`)
		must(t, err)
		_, err = pool.Exec(t.Context(), `with m as (delete from marks) delete from scores`)
		must(t, err)
		ok, no := raceOnce(t, pool, s, codes)
		saved, told = saved+ok, told+no
		if n := late(t, pool); n != 0 {
			t.Fatalf("%d scores after the close", n)
		}
	}
	t.Logf("%d saved, %d refused", saved, told)
}

func raceOnce(t *testing.T, pool *pgxpool.Pool, s *jurytest.Stage, codes []string) (saved, told int) {
	t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	for i, who := range s.Jurors {
		all.Go(func() {
			err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
				_, err := score.Save(t.Context(), tx, who, codes[i], score.Sheet{Marks: marks(s, 8, 8), Complete: true})
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				saved++
			case problem.Of(err).Say.Key == "score.round-closed":
				told++
			default:
				t.Errorf("save: %v", err)
			}
		})
	}
	all.Go(func() {
		err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			return jury.CloseRound(t.Context(), tx, s.Organizer, s.Round)
		})
		if err != nil {
			t.Errorf("close: %v", err)
		}
	})
	all.Wait()
	return saved, told
}

// TestCloseWaitsForAScoreBeingSaved holds a saver's transaction open over the
// close: the round closes after it, never before.
func TestCloseWaitsForAScoreBeingSaved(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	s := jurytest.New(t, pool, 1, 1)
	code := s.Give(s.Jurors[0], s.Films[0])[0]
	saver, err := pool.Begin(t.Context())
	must(t, err)
	_, err = score.Save(t.Context(), saver, s.Jurors[0], code, score.Sheet{Marks: marks(s, 8, 8), Complete: true})
	must(t, err)
	closed := make(chan error)
	go func() {
		closed <- pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			return jury.CloseRound(t.Context(), tx, s.Organizer, s.Round)
		})
	}()
	waitForLock(t, pool)
	must(t, saver.Commit(t.Context()))
	must(t, <-closed)
	if n := late(t, pool); n != 0 {
		t.Errorf("%d scores after the close", n)
	}
}

// TestWithoutTheLockTheRaceIsReal is the control: the same order of steps, with
// the clock read and the row written but nothing locked, lets a score in after
// the close.
func TestWithoutTheLockTheRaceIsReal(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	s := jurytest.New(t, pool, 1, 1)
	code := s.Give(s.Jurors[0], s.Films[0])[0]
	saver, err := pool.Begin(t.Context())
	must(t, err)
	open, err := pg.Value[bool](t.Context(), saver, `select closed_at is null and closes_at > clock_timestamp() from rounds`, pg.Args{})
	must(t, err)
	if !open {
		t.Fatal("the round is not open")
	}
	must(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		return jury.CloseRound(t.Context(), tx, s.Organizer, s.Round)
	}))
	_, err = saver.Exec(t.Context(), `
		insert into scores (assignment_id, version, complete)
		select id, 1, true from assignments where code = $1`, code)
	must(t, err)
	must(t, saver.Commit(t.Context()))
	if n := late(t, pool); n != 1 {
		t.Errorf("%d late scores, want 1: the control no longer shows the race", n)
	}
}

// TestTwoTabsSaveOnce lets two windows of one juror save the same version.
func TestTwoTabsSaveOnce(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	s := jurytest.New(t, pool, 1, 1)
	code := s.Give(s.Jurors[0], s.Films[0])[0]
	results := make(chan error)
	for range 2 {
		go func() {
			results <- pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
				_, err := score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Marks: marks(s, 8, 8)})
				return err
			})
		}()
	}
	var stale int
	for range 2 {
		if _, ok := errors.AsType[*score.StaleError](<-results); ok {
			stale++
		}
	}
	if stale != 1 {
		t.Errorf("%d of two windows were told, want one", stale)
	}
}

// waitForLock returns once a connection of this database waits for a lock.
func waitForLock(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
		waiting, err := pg.Value[bool](t.Context(), pool, `
			select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`, pg.Args{})
		must(t, err)
		if waiting {
			return
		}
	}
	t.Fatal("nobody waits for a lock")
}
