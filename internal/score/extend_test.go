package score_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/score"
)

// closedRound has two films of which one juror each has scored the first, and
// extra viewings up to three announced.
func closedRound(t *testing.T, db pg.DB) (s *jurytest.Stage, before string) {
	t.Helper()
	s = jurytest.New(t, db, 4, 2)
	before = s.Give(s.Jurors[0], s.Films[0])[0]
	s.Score(before, 8, 8)
	announce(t, db, 3)
	s.Close()
	return s, before
}

func announce(t *testing.T, db pg.DB, most int) {
	t.Helper()
	_, err := db.Exec(t.Context(), `update rounds set reviews_most = @most`, pg.Args{"most": most})
	must(t, err)
}

func given(t *testing.T, db pg.DB, who account.ID, film entry.ID) string {
	t.Helper()
	code, err := pg.Value[string](t.Context(), db, `select code from assignments where account_id = @who and entry_id = @film`,
		pg.Args{"who": who, "film": film})
	must(t, err)
	return code
}

func TestExtendTakesNewViewingsOnly(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s, before := closedRound(t, tx)
	until := time.Now().Add(time.Hour).Truncate(time.Second)
	must(t, jury.Extend(t.Context(), tx, s.Organizer, s.Round, until, []jury.Pair{{Entry: s.Films[0], Juror: s.Jurors[1]}}))
	refused(t, jury.Unseal(t.Context(), tx, s.Round), "round.sealed")
	_, err := score.Save(t.Context(), tx, s.Jurors[0], before, score.Sheet{Base: 1, Marks: marks(s, 1, 1), Complete: true})
	refused(t, err, "score.round-closed")
	refused(t, jury.Recuse(t.Context(), tx, s.Jurors[0], before, jury.Knows, ""), "jury.recuse-closed")
	refused(t, jury.Give(t.Context(), tx, s.Organizer, s.Round, jury.Pair{Entry: s.Films[1], Juror: s.Jurors[1]}), "assignment.extended")
	w, err := score.Open(t.Context(), tx, s.Jurors[0], before)
	must(t, err)
	if w.Phase != jury.Closed || !w.EndsAt.Before(time.Now()) {
		t.Errorf("what was given before is %s until %s", w.Phase, w.EndsAt)
	}
	if next, err := score.Next(t.Context(), tx, s.Jurors[0], ""); err != nil || next != "" {
		t.Errorf("a film of before comes next: %q, %v", next, err)
	}
	code := given(t, tx, s.Jurors[1], s.Films[0])
	queue, err := score.Queue(t.Context(), tx, s.Jurors[1], score.Search{})
	must(t, err)
	if len(queue) != 1 || queue[0].Phase != jury.Open || !queue[0].EndsAt.Equal(until) {
		t.Errorf("queue of the new viewer: %+v", queue)
	}
	_, err = score.Save(t.Context(), tx, s.Jurors[1], code, score.Sheet{Marks: marks(s, 4, 4), Complete: true})
	must(t, err)
	letters, err := mail.To(t.Context(), tx, s.Email("juror2"), 10)
	must(t, err)
	if len(letters) != 1 || !letters[0].Args.Until.Equal(until) {
		t.Errorf("letters %+v", letters)
	}
	must(t, jury.CloseRound(t.Context(), tx, s.Organizer, s.Round))
	must(t, jury.Unseal(t.Context(), tx, s.Round))
}

func TestExtendOnlyAsAnnounced(t *testing.T) {
	t.Parallel()
	soon := time.Now().Add(time.Hour)
	for want, change := range map[string]string{
		"round.extend-open":        `update rounds set closed_at = null`,
		"round.extend-unannounced": `update rounds set reviews_most = null`,
		"round.extend-changed":     `insert into conflicts (account_id, entry_id, reason, actor_id) select s.account_id, e.id, 'knows', s.account_id from seats s, entries e`,
		"problem.not-found":        `update seats set left_at = now()`,
		"round.extend-told": `insert into decisions (entry_id, outcome, actor_id, released_at)
			select entry_id, 'selected', account_id, now() from assignments`,
	} {
		tx := pgtest.Tx(t)
		s, _ := closedRound(t, tx)
		_, err := tx.Exec(t.Context(), change)
		must(t, err)
		refused(t, jury.Extend(t.Context(), tx, s.Organizer, s.Round, soon, []jury.Pair{{Entry: s.Films[0], Juror: s.Jurors[1]}}), want)
	}
	tx := pgtest.Tx(t)
	s, _ := closedRound(t, tx)
	all := []jury.Pair{{Entry: s.Films[0], Juror: s.Jurors[1]}, {Entry: s.Films[0], Juror: s.Jurors[2]}, {Entry: s.Films[0], Juror: s.Jurors[3]}}
	refused(t, jury.Extend(t.Context(), tx, s.Organizer, s.Round, soon, all), "round.extend-changed")
	refused(t, jury.Extend(t.Context(), tx, s.Organizer, s.Round, soon, all[:0]), "round.extend-nothing")
	refused(t, jury.Extend(t.Context(), tx, s.Organizer, s.Round, soon, []jury.Pair{all[0], all[0]}), "round.extend-changed")
	refused(t, jury.Extend(t.Context(), tx, s.Organizer, s.Round, soon, []jury.Pair{{Entry: s.Films[0], Juror: s.Jurors[0]}}), "round.extend-changed")
	p := refused(t, jury.Extend(t.Context(), tx, s.Organizer, s.Round, time.Now().Add(-time.Minute), all[:2]), "round.extend-late")
	if p.Fields["until"].Key != "round.extend-late" {
		t.Errorf("a day that has passed: %v", p.Fields)
	}
	must(t, jury.Extend(t.Context(), tx, s.Organizer, s.Round, soon, all[:2]))
}

// TestExtendRacesWithSavers lets jurors save what they were given before while
// the round is opened again and closed, over and over: no such score changes.
func TestExtendRacesWithSavers(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	s := jurytest.New(t, pool, 6, 30)
	codes := make([]string, 3)
	for i := range codes {
		codes[i] = s.Give(s.Jurors[i], s.Films[0])[0]
		s.Score(codes[i], 8, 8)
	}
	announce(t, pool, 6)
	s.Close()
	for n := range 8 {
		raceExtension(t, pool, s, codes, s.Films[1+n])
	}
	changed, err := pg.Value[int](t.Context(), pool, `
		select count(*)::int
		from scores s
		join assignments a on a.id = s.assignment_id
		join extensions x on x.round_id = a.round_id
		where s.saved_at > x.ended_at and a.created_at < x.at`, pg.Args{})
	must(t, err)
	fresh, err := pg.Value[int](t.Context(), pool, `select count(*)::int from scores`, pg.Args{})
	must(t, err)
	if changed != 0 || fresh <= len(codes) {
		t.Errorf("%d scores of before were changed; %d scores", changed, fresh)
	}
}

func raceExtension(t *testing.T, pool *pgxpool.Pool, s *jurytest.Stage, codes []string, film entry.ID) {
	t.Helper()
	atomic := func(act func(ctx context.Context, tx pgx.Tx) error) error {
		return pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { return act(t.Context(), tx) })
	}
	var all sync.WaitGroup
	for i, code := range codes {
		all.Go(func() {
			for range 4 {
				_ = atomic(func(ctx context.Context, tx pgx.Tx) error {
					_, err := score.Save(ctx, tx, s.Jurors[i], code, score.Sheet{Base: 1, Marks: marks(s, 1, 1), Complete: true})
					return err
				})
			}
		})
	}
	must(t, atomic(func(ctx context.Context, tx pgx.Tx) error {
		return jury.Extend(ctx, tx, s.Organizer, s.Round, time.Now().Add(time.Hour), []jury.Pair{{Entry: film, Juror: s.Jurors[3]}})
	}))
	fresh := given(t, pool, s.Jurors[3], film)
	must(t, atomic(func(ctx context.Context, tx pgx.Tx) error {
		_, err := score.Save(ctx, tx, s.Jurors[3], fresh, score.Sheet{Marks: marks(s, 5, 5), Complete: true})
		return err
	}))
	must(t, atomic(func(ctx context.Context, tx pgx.Tx) error { return jury.CloseRound(ctx, tx, s.Organizer, s.Round) }))
	all.Wait()
}
