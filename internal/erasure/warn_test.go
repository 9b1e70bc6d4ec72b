package erasure_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/erasure"
	"laurel/internal/festival"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/seed"
)

// warnings are the letters to an account about what it began, the oldest first.
func (s *kept) warnings(to account.ID) []mail.Copy {
	s.t.Helper()
	all, err := mail.Inbox(s.t.Context(), s.pool, int64(to), "", 100)
	ok(s.t, err)
	var found []mail.Copy
	for _, l := range all {
		if l.Kind == mail.DraftIdle {
			found = append([]mail.Copy{l}, found...)
		}
	}
	return found
}

// goes says whether a letter's last day is so many days from now.
func goes(l mail.Copy, days int) bool {
	from := time.Until(l.Args.Until)
	return from > time.Duration(days)*24*time.Hour-time.Hour && from < time.Duration(days)*24*time.Hour+time.Hour
}

// TestMakersAreWarnedOnceOfADraftThatGoes: every maker a month before, with the
// day, once however often the round is made, and gone with the draft.
func TestMakersAreWarnedOnceOfADraftThatGoes(t *testing.T) {
	t.Parallel()
	s := keep(t, state(entry.Draft))
	friend := s.join("Bo")
	if s.expire(entry.WarnDrafts - 1); len(s.warnings(s.maker)) > 0 {
		t.Fatal("warned a day early")
	}
	for range 3 {
		s.expire(1)
	}
	for _, who := range []account.ID{s.maker, friend} {
		got := s.warnings(who)
		if len(got) != 1 {
			t.Fatalf("got %d letters", len(got))
		}
		l := got[0]
		if !strings.HasSuffix(l.Args.Link, "/my/entries/"+s.entry.Code) || !goes(l, entry.KeepDrafts-entry.WarnDrafts) || l.EditionID != nil || l.Args.Category == "" {
			t.Errorf("got %+v", l)
		}
	}
	s.expire(entry.KeepDrafts - entry.WarnDrafts)
	if !s.missing() || len(s.warnings(s.maker))+len(s.warnings(friend)) > 0 {
		t.Error("the draft or a letter about it is still there")
	}
}

// TestAnyChangeOfADraftKeepsIt: after each of them two idle months begin anew,
// with a warning of their own.
func TestAnyChangeOfADraftKeepsIt(t *testing.T) {
	t.Parallel()
	for name, touch := range map[string]func(*kept){
		"its film": func(s *kept) {
			s.exec(`update works set updated_at = clock_timestamp() where id = $1`, s.entry.WorkID)
		},
		"an answer": func(s *kept) {
			s.exec(`insert into questions (code, category_id, position, kind, label) select 'q', category_id, 1, 'text', 'Why?' from entries where id = $1`, s.entry.ID)
			s.exec(`insert into replies (entry_id, question_id, value) select $1, id, '{because}' from questions`, s.entry.ID)
		},
		"what may be public": func(s *kept) {
			s.exec(`insert into consent_acts (entry_id, edition_id, item, decision) select id, edition_id, 'film', 'yes' from entries where id = $1`, s.entry.ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := keep(t, state(entry.Draft))
			s.expire(entry.KeepDrafts - 1)
			touch(s)
			s.expire(2)
			if s.missing() || len(s.warnings(s.maker)) != 1 {
				t.Fatalf("missing: %v; %d letters", s.missing(), len(s.warnings(s.maker)))
			}
			s.expire(entry.WarnDrafts)
			if got := s.warnings(s.maker); len(got) != 2 || !goes(got[1], entry.KeepDrafts-entry.WarnDrafts-2) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestWhoWantsNoLettersIsWarnedInside: the channel decides what is sent, and
// the message waits in any case.
func TestWhoWantsNoLettersIsWarnedInside(t *testing.T) {
	t.Parallel()
	for channel, want := range map[mail.Channel]mail.State{mail.Letters: mail.Queued, mail.Neutral: mail.Queued, mail.None: mail.Inside} {
		t.Run(string(channel), func(t *testing.T) {
			t.Parallel()
			s := keep(t, state(entry.Draft))
			s.do(func(ctx context.Context, tx pgx.Tx) error {
				return mail.Choose(ctx, tx, int64(s.maker), channel, mail.Sentences[0])
			})
			s.expire(entry.WarnDrafts + 1)
			if got := s.warnings(s.maker); len(got) != 1 || got[0].State != want {
				t.Errorf("got %+v, want state %s", got, want)
			}
		})
	}
}

// TestAWorkThatIsEnteredNowhereIsWarnedOf and says so on its own.
func TestAWorkThatIsEnteredNowhereIsWarnedOf(t *testing.T) {
	t.Parallel()
	s := keep(t, outcome("not-selected"))
	s.expire(entry.KeepData + 1)
	s.expire(entry.WarnDrafts - 1)
	if len(s.warnings(s.maker)) > 0 {
		t.Fatal("warned a day early")
	}
	s.expire(2)
	work, err := entry.Of(t.Context(), s.pool, s.maker)
	ok(t, err)
	got := s.warnings(s.maker)
	if len(got) != 1 || got[0].Args.Link != "/my/works/"+work[0].Code || got[0].Args.Edition != "" {
		t.Fatalf("got %+v", got)
	}
	told, err := entry.KeptWork(t.Context(), s.pool, work[0])
	if err != nil || told.Data == nil || !told.Data.Equal(got[0].Args.Until) || !told.Idle {
		t.Errorf("the page says %+v (%v), the letter %v", told, err, got[0].Args.Until)
	}
}

// TestADraftThatWasSentMeanwhileStays: it was listed as a draft whose time is
// over, and its maker sent it before its turn came.
func TestADraftThatWasSentMeanwhileStays(t *testing.T) {
	t.Parallel()
	s := keep(t, state(entry.Draft))
	var second entry.Entry
	s.do(func(ctx context.Context, tx pgx.Tx) error {
		c, err := festival.CategoryOf(ctx, tx, s.entry.CategoryID)
		second = seed.Entry(t, tx, c, state(entry.Draft))
		return err
	})
	s.pass(entry.KeepDrafts + 1)
	// Somebody holds the first draft while the round waits for it, and changes the second.
	tx, err := s.pool.Begin(t.Context())
	ok(t, err)
	defer tx.Rollback(context.WithoutCancel(t.Context()))
	_, err = tx.Exec(t.Context(), `select from works where id = $1 for update`, s.entry.WorkID)
	ok(t, err)
	_, err = tx.Exec(t.Context(), `update works set updated_at = clock_timestamp() where id = $1`, second.WorkID)
	ok(t, err)
	done := make(chan error, 1)
	go func() { done <- erasure.Expire(context.WithoutCancel(t.Context()), s.pool) }()
	s.waitForALock()
	ok(t, tx.Commit(t.Context()))
	ok(t, <-done)
	if left, err := pg.Values[int64](t.Context(), s.pool, `select id from entries`, nil); err != nil || len(left) != 1 || left[0] != int64(second.ID) {
		t.Errorf("left are %v, want only %d (%v)", left, second.ID, err)
	}
}

func (s *kept) exec(sql string, args ...any) {
	s.t.Helper()
	_, err := s.pool.Exec(s.t.Context(), sql, args...)
	ok(s.t, err)
}

// join makes somebody a maker of the work.
func (s *kept) join(name string) (id account.ID) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx pgx.Tx) error {
		id = seed.Account(s.t, tx, name)
		_, err := tx.Exec(ctx, `insert into collaborators (work_id, account_id, level) values ($1, $2, 'view')`, s.entry.WorkID, id)
		return err
	})
	return id
}

// waitForALock returns once somebody in the database waits for a row.
func (s *kept) waitForALock() {
	s.t.Helper()
	for range 1000 {
		if s.count(`select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) > 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.t.Fatal("nobody waits")
}
