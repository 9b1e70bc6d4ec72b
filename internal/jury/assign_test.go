package jury_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

func desk(t *testing.T, tx pgx.Tx, s *jurytest.Stage) jury.Desk {
	t.Helper()
	r, err := jury.RoundOf(t.Context(), tx, s.Round)
	must(t, err)
	d, err := jury.DeskOf(t.Context(), tx, r)
	must(t, err)
	return d
}

// apply makes the plan true that the desk shows now.
func apply(t *testing.T, tx pgx.Tx, s *jurytest.Stage, way jury.Way, reviews int) (added, removed int) {
	t.Helper()
	plan, err := desk(t, tx, s).Plan(jury.Ask{Way: way, Reviews: reviews, Seed: 7})
	must(t, err)
	added, removed, err = jury.Apply(t.Context(), tx, s.Organizer, s.Round, plan, plan.Fingerprint())
	must(t, err)
	return added, removed
}

func TestApplySpread(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 4, 9)
	if added, removed := apply(t, tx, s, jury.Evenly, 2); added != 18 || removed != 0 {
		t.Fatalf("added %d, removed %d", added, removed)
	}
	type load struct {
		Juror account.ID
		Films int
		Last  int
	}
	got, err := pg.Rows[load](t.Context(), tx, `
		select account_id as juror, count(*)::int as films, max(position) as last
		from assignments
		where round_id = @round
		group by account_id
		order by account_id`, pg.Args{"round": s.Round})
	must(t, err)
	for _, l := range got {
		if l.Films < 4 || l.Films > 5 || l.Last != l.Films {
			t.Errorf("loads %+v", got)
		}
	}
	if added, removed := apply(t, tx, s, jury.Evenly, 2); added != 0 || removed != 0 {
		t.Errorf("second time added %d, removed %d", added, removed)
	}
	if added, _ := apply(t, tx, s, jury.ToAll, 0); added != 18 {
		t.Errorf("all to all added %d", added)
	}
	if _, removed := apply(t, tx, s, jury.Evenly, 1); removed != 27 {
		t.Errorf("one review each removed %d", removed)
	}
}

func TestApplyRefusesAnOldDraft(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 3, 3)
	plan, err := desk(t, tx, s).Plan(jury.Ask{Way: jury.ToAll, Seed: 7})
	must(t, err)
	must(t, jury.Declare(t.Context(), tx, s.Organizer, s.Edition, s.Jurors[0], s.Films[0], jury.Knows, ""))
	_, _, err = jury.Apply(t.Context(), tx, s.Organizer, s.Round, plan, plan.Fingerprint())
	refused(t, err, "assignment.changed")
}

func TestMakersNeverJudgeTheirOwnFilm(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 1)
	own := s.Film("Own film", s.Jurors[0])
	sent := s.Film("Sent by import", 0)
	_, err := tx.Exec(t.Context(), `
		update entries
		set contact = jsonb_build_object('email', upper((select email::text from accounts where id = $2)))
		where id = $1`, sent, s.Jurors[0])
	must(t, err)
	apply(t, tx, s, jury.ToAll, 0)
	got := desk(t, tx, s).Now()
	want := map[jury.Pair]bool{
		{Entry: s.Films[0], Juror: s.Jurors[0]}: true, {Entry: s.Films[0], Juror: s.Jurors[1]}: true,
		{Entry: own, Juror: s.Jurors[1]}: true, {Entry: sent, Juror: s.Jurors[1]}: true,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	refused(t, jury.Give(t.Context(), tx, s.Organizer, s.Round, jury.Pair{Entry: own, Juror: s.Jurors[0]}), "assignment.conflict")
	r, err := jury.RoundOf(t.Context(), tx, s.Round)
	must(t, err)
	conflicts, err := jury.Conflicts(t.Context(), tx, s.Organizer, r)
	must(t, err)
	wanted := []jury.Conflict{
		{AccountID: s.Jurors[0], AccountName: "Juror 01", EntryID: own, Title: "Own film", Reason: jury.Maker},
		{AccountID: s.Jurors[0], AccountName: "Juror 01", EntryID: sent, Title: "Sent by import", Reason: jury.Maker},
	}
	if d := cmp.Diff(wanted, conflicts, cmpopts.IgnoreFields(jury.Conflict{}, "EntryCode")); d != "" {
		t.Error(d)
	}
	if hidden, err := jury.Conflicts(t.Context(), tx, s.Jurors[0], r); err != nil || len(hidden) != 0 {
		t.Errorf("a juror reads conflicts of own films: %v, %v", hidden, err)
	}
}

// TestJurorsViewAgreesWithKeptApart holds the two statements of one rule, the list
// and the view that asks by keys, against each other.
func TestJurorsViewAgreesWithKeptApart(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 3, 4)
	s.Film("Own film", s.Jurors[0])
	sent := s.Film("Sent by import", 0)
	_, err := tx.Exec(t.Context(), `
		update entries
		set contact = jsonb_build_object('email', upper((select email::text from accounts where id = $2)))
		where id = $1`, sent, s.Jurors[1])
	must(t, err)
	for _, who := range s.Jurors {
		s.Give(who, s.Films...)
	}
	must(t, jury.Declare(t.Context(), tx, s.Organizer, s.Edition, s.Jurors[2], s.Films[0], jury.Knows, ""))
	wrong, err := pg.Values[string](t.Context(), tx, `
		select a.code
		from assignments a
		where a.round_id = @round
		  and exists (select from juror_films j where j.assignment_id = a.id)
		      = exists (select from kept_apart k where k.account_id = a.account_id and k.entry_id = a.entry_id)`,
		pg.Args{"round": s.Round})
	must(t, err)
	if len(wrong) > 0 {
		t.Errorf("they disagree on %v", wrong)
	}
}

func TestGiveAndTakeBack(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 2)
	p := jury.Pair{Entry: s.Films[1], Juror: s.Jurors[1]}
	must(t, jury.Give(t.Context(), tx, s.Organizer, s.Round, p))
	must(t, jury.TakeBack(t.Context(), tx, s.Organizer, s.Round, p))
	if n := len(desk(t, tx, s).Assignments); n != 0 {
		t.Errorf("%d assignments left", n)
	}
	refused(t, jury.Give(t.Context(), tx, s.Organizer, s.Round, jury.Pair{Entry: s.Films[1], Juror: s.Organizer}), "problem.not-found")
	refused(t, jury.Give(t.Context(), tx, s.Organizer, s.Round, jury.Pair{Entry: entry.ID(1 << 40), Juror: s.Jurors[0]}), "problem.not-found")
	s.Score(s.Give(s.Jurors[0], s.Films[0])[0], 5, 5)
	refused(t, jury.TakeBack(t.Context(), tx, s.Organizer, s.Round, jury.Pair{Entry: s.Films[0], Juror: s.Jurors[0]}), "assignment.begun")
}

func TestRecuseAndWithdraw(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 2)
	codes := s.Give(s.Jurors[0], s.Films...)
	s.Score(codes[0], 9, 9)
	refused(t, jury.Recuse(t.Context(), tx, s.Jurors[1], codes[0], jury.Knows, ""), "problem.not-found")
	must(t, jury.Recuse(t.Context(), tx, s.Jurors[0], codes[0], jury.Knows, " I taught the director "))
	want := []jury.Assignment{
		{EntryID: s.Films[0], AccountID: s.Jurors[0], State: jury.Recused, Begun: true},
		{EntryID: s.Films[1], AccountID: s.Jurors[0], State: jury.ToDo},
	}
	if d := cmp.Diff(want, desk(t, tx, s).Assignments, cmpopts.SortSlices(func(a, b jury.Assignment) bool { return a.EntryID < b.EntryID })); d != "" {
		t.Error(d)
	}
	apart, err := jury.KeptApart(t.Context(), tx, s.Jurors[0], s.Films[0])
	if err != nil || !apart {
		t.Errorf("kept apart %v, %v", apart, err)
	}
	must(t, jury.Withdraw(t.Context(), tx, s.Organizer, s.Edition, s.Jurors[0], s.Films[0]))
	if got := desk(t, tx, s).Assignments[0].State; got != jury.Done {
		t.Errorf("state %s, want done again", got)
	}
	s.Close()
	refused(t, jury.Recuse(t.Context(), tx, s.Jurors[0], codes[1], jury.Other, ""), "jury.recuse-closed")
}

func TestDeskAsksEquallyOften(t *testing.T) {
	t.Parallel()
	count := func(films, jurors int) int64 {
		pool, n := pgtest.Counted(t)
		s := jurytest.New(t, pool, jurors, films)
		r, err := jury.RoundOf(t.Context(), pool, s.Round)
		must(t, err)
		n.Take()
		_, err = jury.DeskOf(t.Context(), pool, r)
		must(t, err)
		return n.Take()
	}
	if one, three := count(1, 1), count(3, 3); one != three {
		t.Errorf("%d queries for one film, %d for three", one, three)
	}
}
