package erasure_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/erasure"
	"laurel/internal/thread"
)

// corresponded is a selected film whose results are out, about which was written:
// before, and ten days after.
func corresponded(t *testing.T, published string) *kept {
	t.Helper()
	s := keep(t, outcome("selected"))
	s.run(
		published,
		`insert into messages (code, entry_id, side, body, at) select v.code, e.id, 'makers', 'canary', now() + v.later from entries e, (values ('before', interval '-40 days'), ('after', '10 days')) as v (code, later)`,
		`insert into tasks (code, entry_id, body, due_on, created_at, done_at) select v.code, e.id, 'canary', now(), now() - interval '5 days', v.done from entries e, (values ('open', null), ('done', now())) as v (code, done)`)
	return s
}

func (s *kept) run(all ...string) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx pgx.Tx) error {
		for _, sql := range all {
			if _, err := tx.Exec(ctx, sql); err != nil {
				s.t.Fatalf("%s: %v", sql, err)
			}
		}
		return nil
	})
}

// later lets days pass for what was written and what was published too.
func (s *kept) later(days int) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx pgx.Tx) error {
		for _, sql := range []string{
			`update messages set at = at - make_interval(days => $1)`,
			`update tasks set created_at = created_at - make_interval(days => $1), due_on = due_on - $1::integer`,
			`update editions set awards_at = awards_at - make_interval(days => $1), lineup_at = lineup_at - make_interval(days => $1), ends_on = ends_on - $1::integer, starts_on = starts_on - $1::integer`,
			`update cleared_threads set at = at - make_interval(days => $1)`,
		} {
			if _, err := tx.Exec(ctx, sql, days); err != nil {
				return err
			}
		}
		return nil
	})
	s.expire(days)
}

func (s *kept) words() (messages, tasks int) {
	return s.count(`select count(*)::int from messages`), s.count(`select count(*)::int from tasks`)
}

// TestWordsGoAfterTheResults: what was written before goes when its days are over
// and not a day earlier, what was written later has days of its own, what the
// festival still needs stays, and the thread knows that something is gone.
func TestWordsGoAfterTheResults(t *testing.T) {
	t.Parallel()
	for name, published := range map[string]string{
		"awards":             `update editions set lineup_at = now() - interval '20 days', awards_at = now()`,
		"a line-up, no more": `update editions set lineup_at = now() - interval '20 days', starts_on = now() - interval '5 days', ends_on = (now() at time zone zone)::date - 1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := corresponded(t, published)
			s.later(entry.KeepWords - 2)
			if m, n := s.words(); m != 2 || n != 2 {
				t.Fatalf("%d messages and %d tasks are left early", m, n)
			}
			told, err := thread.Kept(t.Context(), s.pool, s.entry.ID)
			ok(t, err)
			if told.Cleared != nil || told.Until == nil || math.Abs(time.Until(*told.Until).Hours()-36) > 13 {
				t.Errorf("the thread tells %+v", told)
			}
			s.later(3)
			if m, n := s.words(); m != 1 || n != 1 || s.count(`select count(*)::int from tasks where code = 'open'`) != 1 {
				t.Fatalf("%d messages and %d tasks are left", m, n)
			}
			told, err = thread.Kept(t.Context(), s.pool, s.entry.ID)
			ok(t, err)
			if told.Cleared == nil || time.Since(*told.Cleared) > time.Hour {
				t.Errorf("the thread tells %+v", told)
			}
			s.later(8)
			if m, _ := s.words(); m != 1 {
				t.Fatal("a later message has no days of its own")
			}
			s.later(2)
			if m, n := s.words(); m != 0 || n != 1 {
				t.Errorf("%d messages and %d tasks are left at the end", m, n)
			}
			if s.noFilm() || s.empty() {
				t.Error("the film went with the words")
			}
		})
	}
}

// TestWordsStayUntilTheResults: an edition that has published nothing keeps them.
func TestWordsStayUntilTheResults(t *testing.T) {
	t.Parallel()
	s := corresponded(t, `update editions set lineup_at = null, awards_at = null`)
	s.later(400)
	if m, n := s.words(); m != 2 || n != 2 {
		t.Errorf("%d messages and %d tasks are left", m, n)
	}
}

// TestTheOldestIsTold: each class tells how long its oldest thing has waited,
// also when nobody does the round, and nothing once it is done.
func TestTheOldestIsTold(t *testing.T) {
	t.Parallel()
	s := keep(t, outcome("not-selected"))
	s.run(`update editions set lineup_at = now() - interval '2 days', awards_at = now() - interval '2 days'`,
		`insert into messages (code, entry_id, side, body, at) select 'm', id, 'makers', 'canary', now() - interval '9 days' from entries`)
	told := func(want map[string]float64) {
		t.Helper()
		list, err := erasure.Oldest(t.Context(), s.pool)
		ok(t, err)
		seen := map[string]bool{}
		for _, c := range list {
			if c.Keep < 1 || seen[c.Name] {
				t.Errorf("%s is kept for %d days", c.Name, c.Keep)
			}
			seen[c.Name] = true
			if math.Abs(c.Oldest-want[c.Name]) > 0.01 {
				t.Errorf("the oldest of %s has waited %v days, want %v", c.Name, c.Oldest, want[c.Name])
			}
		}
		if len(list) != 8 {
			t.Errorf("%d classes, want 8: %v", len(list), list)
		}
	}
	told(map[string]float64{"messages": 2})
	s.pass(95)
	told(map[string]float64{"films": 95, "entries": 95, "notes": 95, "messages": 2})
	s.later(0)
	told(map[string]float64{})
}
