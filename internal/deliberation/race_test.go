package deliberation_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"laurel/internal/deliberation"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// TestNoBallotAfterTheOpening lets jurors cast while the ballots are opened,
// again and again: what was cast is in the count, and everybody else was told.
func TestNoBallotAfterTheOpening(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	x := seated(t, pool, 8, 2, func(p *deliberation.Plan) { p.Quorum, p.Unit = 1, deliberation.Ballots })
	cast, told := 0, 0
	for range 12 {
		x.reset()
		ok, no := x.raceOnce()
		cast, told = cast+ok, told+no
		if r := x.result(); r.Cast != ok {
			t.Fatalf("%d were told that they had cast, %d were counted", ok, r.Cast)
		}
		late, err := pg.Value[int](t.Context(), pool, `
			select count(*)::int
			from ballots b
			join deliberations d on d.id = b.deliberation_id
			where b.saved_at >= d.unsealed_at`, pg.Args{})
		must(t, err)
		if late != 0 {
			t.Fatalf("%d ballots after the opening", late)
		}
	}
	t.Logf("%d cast, %d refused", cast, told)
}

// reset seals the ballot again, which only a test can.
func (x table) reset() {
	x.t.Helper()
	must(x.t, x.do(func(tx pgx.Tx) error {
		for _, sql := range []string{
			`set local session_replication_role = replica`,
			`delete from deliberation_results`, `delete from ballots`,
			`update deliberations set unsealed_at = null, closes_at = clock_timestamp() + interval '25 milliseconds'`,
		} {
			if _, err := tx.Exec(x.t.Context(), sql); err != nil {
				return err
			}
		}
		return nil
	}))
}

// raceOnce lets all jurors but one cast, which would open the ballots by itself,
// while an organizer opens them as soon as the vote has closed.
func (x table) raceOnce() (cast, told int) {
	x.t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	for _, who := range x.Jurors[1:] {
		all.Go(func() {
			err := x.do(func(tx pgx.Tx) error {
				_, err := deliberation.Cast(x.t.Context(), tx, who, x.code, 0, true, software)
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				cast++
			case problem.Of(err).Say.Key == "ballot.closed":
				told++
			default:
				x.t.Errorf("cast: %v", err)
			}
		})
	}
	all.Go(func() {
		for {
			err := x.open()
			if err == nil {
				return
			}
			if problem.Of(err).Say.Key != "ballot.sealed" {
				x.t.Errorf("open: %v", err)
				return
			}
		}
	})
	all.Wait()
	return cast, told
}

// TestLastTwoCastersOpenOnce lets the last two jurors cast at once: one of them
// opens the ballots, and both are counted.
func TestLastTwoCastersOpenOnce(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	x := seated(t, pool, 3, 2, nil)
	x.cast(x.Jurors[0], 1, 2)
	opened := make(chan bool)
	for _, who := range x.Jurors[1:] {
		go func() {
			var now bool
			err := x.do(func(tx pgx.Tx) (err error) {
				now, err = deliberation.Cast(t.Context(), tx, who, x.code, 0, true, software)
				return err
			})
			if err != nil {
				t.Errorf("cast: %v", err)
			}
			opened <- now
		}()
	}
	if one, two := <-opened, <-opened; one == two {
		t.Errorf("opened %v and %v", one, two)
	}
	if r := x.result(); r.Cast != 3 {
		t.Errorf("%d ballots counted", r.Cast)
	}
}

// TestDatabaseRefusesWhatTheProgramForgets goes past the program: the schema
// itself keeps late ballots out and those that are in unchanged.
func TestDatabaseRefusesWhatTheProgramForgets(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 3, 2, nil)
	for _, who := range x.Jurors {
		x.cast(who, 1, 2)
	}
	for sql, want := range map[string]string{
		`insert into ballots (code, deliberation_id, account_id, version, cast_at, films, places)
		 select 'late', deliberation_id, account_id, 99, clock_timestamp(), films, places from ballots limit 1`: "ballots_in_time",
		`update ballots set films = '{}', places = '{}'`: "ballots_kept",
		`delete from ballots`:                            "ballots_kept",
		`update deliberation_results set record = '{}'`:  "deliberation_results_kept",
		`delete from deliberation_results`:               "deliberation_results_kept",
	} {
		err := x.do(func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if e, ok := errors.AsType[*pgconn.PgError](err); !ok || e.ConstraintName != want {
			t.Errorf("%.40s: %v, want %s", sql, err, want)
		}
	}
}

// TestOpeningWaitsForABallotBeingCast holds a caster's transaction open over the
// end of the vote: the opening comes after it, and counts it.
func TestOpeningWaitsForABallotBeingCast(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	x := seated(t, pool, 3, 2, func(p *deliberation.Plan) { p.Quorum, p.Unit = 1, deliberation.Ballots })
	caster, err := pool.Begin(t.Context())
	must(t, err)
	_, err = deliberation.Cast(t.Context(), caster, x.Jurors[0], x.code, 0, true, software)
	must(t, err)
	_, err = caster.Exec(t.Context(), `update deliberations set closes_at = clock_timestamp()`)
	must(t, err)
	done := make(chan error)
	go func() { done <- x.open() }()
	waitForLock(t, pool)
	must(t, caster.Commit(t.Context()))
	must(t, <-done)
	if r := x.result(); r.Cast != 1 {
		t.Errorf("%d ballots counted", r.Cast)
	}
}

// waitForLock returns once a connection of this database waits for a lock.
func waitForLock(t *testing.T, db pg.DB) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
		waiting, err := pg.Value[bool](t.Context(), db, `
			select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')`, pg.Args{})
		must(t, err)
		if waiting {
			return
		}
	}
	t.Fatal("nobody waits for a lock")
}
