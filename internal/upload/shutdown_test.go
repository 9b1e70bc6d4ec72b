package upload_test

import (
	"errors"
	"testing"
	"time"

	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/upload"
)

// enter makes the quay's work one of an edition's entries, from Iran and France.
func (q *quay) enter(st *jurytest.Stage, state string) {
	q.t.Helper()
	_, err := q.pool.Exec(q.t.Context(), `
		with w as (
			update works
			set film = film || '{"countries": ["IR", "FR"]}'
			where code = @work
			returning id, film)
		insert into entries (code, edition_id, category_id, work_id, number, state, film, film_version, submitted_at)
		select @work, @edition, @category, w.id, 77, @state, w.film, 1, case when @state <> 'draft' then now() end
		from w`, pg.Args{"work": q.work, "edition": st.Edition, "category": st.Category, "state": state})
	must(q.t, err)
}

// TestShutdownKeepsWhatArrived: 90 days instead of 30 for those for whom a
// shutdown is declared, whether their film was on its way by then or not.
func TestShutdownKeepsWhatArrived(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		state     string // of the entry; empty: the film is entered nowhere
		countries []string
		elsewhere bool // declared by another festival
		long      bool
	}{
		"for everybody":             {"draft", nil, false, true},
		"for one of its countries":  {"submitted", []string{"SY", "IR"}, false, true},
		"for another country":       {"draft", []string{"SY"}, false, false},
		"of another festival":       {"draft", nil, true, false},
		"of one that it has left":   {"withdrawn", nil, false, false},
		"not entered anywhere yet":  {"", nil, false, true},
		"not entered, from another": {"", []string{"SY"}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQuay(t)
			st := jurytest.New(t, q.pool, 0, 0)
			if c.state != "" {
				q.enter(st, c.state)
			}
			film := footage(10_000)
			running, err := q.write(q.parts, q.begin(film), film[:4000])
			must(t, err)
			q.later(20)
			edition := st.Edition
			if c.elsewhere {
				edition = jurytest.New(t, q.pool, 0, 0).Edition
			}
			_, err = q.pool.Exec(t.Context(), `
				insert into shutdowns (code, edition_id, countries, words)
				values ('s', @edition, coalesce(@countries::text[], '{}'), 'The net is down.')`, pg.Args{"edition": edition, "countries": c.countries})
			must(t, err)
			later, err := q.write(q.parts, q.begin(film), film[:4000])
			must(t, err)
			days := 30.0
			if c.long {
				days = 90
			}
			for _, u := range []upload.Upload{q.now(running), later} {
				if got := u.ExpiresAt.Sub(u.LastByteAt).Hours() / 24; got < days-0.01 || got > days+0.01 {
					t.Errorf("after its last byte it is kept for %.2f days, want %.0f", got, days)
				}
			}
			q.later(15) // 35 days after the last byte of the first
			if _, err := q.write(q.parts, q.now(running), film[4000:]); errors.Is(err, upload.ErrMoved) == c.long || err != nil && !errors.Is(err, upload.ErrMoved) {
				t.Errorf("a byte after 35 days: %v", err)
			}
		})
	}
}

// TestShutdownEndsToo: after 90 days without a byte it is over, and the sentence
// says so many; a declaration that comes after the end revives nothing.
func TestShutdownEndsToo(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	st := jurytest.New(t, q.pool, 0, 0)
	q.enter(st, "draft")
	declare := func() {
		_, err := q.pool.Exec(t.Context(), `insert into shutdowns (code, edition_id, words) values (gen_random_uuid()::text, @edition, 'The net is down.')`, pg.Args{"edition": st.Edition})
		must(t, err)
	}
	lost := q.begin(footage(1000))
	q.later(31)
	declare()
	if why, gone := q.now(lost).Gone(); !gone || why.Key != "upload.expired" {
		t.Errorf("what was over before: %v %v", why, gone)
	}
	kept := q.begin(footage(1000))
	q.later(89)
	must(t, upload.Sweep(t.Context(), q.pool, q.parts))
	if got := q.now(kept); got.State != upload.Open || got.Over {
		t.Errorf("after 89 days it is %s", got.State)
	}
	q.later(2)
	for _, swept := range []bool{false, true} {
		if why, gone := q.now(kept).Gone(); !gone || why.Key != "upload.expired-long" {
			t.Errorf("after 91 days, swept %v: %v %v", swept, why, gone)
		}
		must(t, upload.Sweep(t.Context(), q.pool, q.parts))
	}
	if _, err := q.parts.Size(t.Context(), kept.Part); err == nil {
		t.Error("its bytes stay")
	}
}

// TestAFormThatDiedLeavesNothing: what a form brought and nobody can go on with
// is over within the hour.
func TestAFormThatDiedLeavesNothing(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	u, err := q.create(upload.Wish{Role: "screener", AtOnce: true})
	must(t, err)
	u, err = q.write(q.parts, u, footage(5000))
	must(t, err)
	if left := u.ExpiresAt.Sub(u.LastByteAt); left != time.Hour {
		t.Errorf("it is kept for %v", left)
	}
	q.later(1)
	must(t, upload.Sweep(t.Context(), q.pool, q.parts))
	if _, err := q.parts.Size(t.Context(), u.Part); err == nil || q.now(u).State != upload.Stopped {
		t.Errorf("it is %s, and its bytes stay", q.now(u).State)
	}
}
