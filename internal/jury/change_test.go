package jury_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// A row is an assignment as it stands in the table.
type row struct {
	EntryID   entry.ID
	AccountID account.ID
	Code      string
	Position  int
	State     jury.State
}

func rows(t *testing.T, tx pgx.Tx, s *jurytest.Stage) []row {
	t.Helper()
	list, err := pg.Rows[row](t.Context(), tx, `
		select entry_id, account_id, code, position, state
		from assignments
		where round_id = @round
		order by entry_id, account_id`, pg.Args{"round": s.Round})
	must(t, err)
	return list
}

func changes(t *testing.T, tx pgx.Tx, s *jurytest.Stage) []jury.Change {
	t.Helper()
	list, err := jury.Changes(t.Context(), tx, s.Organizer, s.Round, 100)
	must(t, err)
	return list
}

func TestUndoBringsEverythingBack(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 4, 9)
	apply(t, tx, s, jury.Evenly, 2)
	first := rows(t, tx, s)
	apply(t, tx, s, jury.Evenly, 1)
	list := changes(t, tx, s)
	if len(list) != 2 || list[0].Taken < 9 || list[1].Given != 18 || !list[0].MayUndo || list[1].MayUndo || list[0].ActorName != "Darya Mirzaei" {
		t.Fatalf("%+v", list)
	}
	for _, l := range list[0].Levels {
		if l.Value != l.Bound {
			t.Errorf("not proved: %+v", l)
		}
	}
	refused(t, jury.Undo(t.Context(), tx, s.Organizer, s.Round, list[1].Code), "assignment.not-latest")
	must(t, jury.Undo(t.Context(), tx, s.Organizer, s.Round, list[0].Code))
	if d := cmp.Diff(first, rows(t, tx, s)); d != "" {
		t.Error(d)
	}
	must(t, jury.Undo(t.Context(), tx, s.Organizer, s.Round, list[1].Code))
	if left := rows(t, tx, s); len(left) != 0 {
		t.Errorf("%d left", len(left))
	}
	refused(t, jury.Undo(t.Context(), tx, s.Organizer, s.Round, list[1].Code), "problem.not-found")
}

func TestUndoKeepsWhatWasBegun(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 3, 4)
	s.Give(s.Jurors[0], s.Films[0])
	p := jury.Pair{Entry: s.Films[0], Juror: s.Jurors[0]}
	must(t, jury.TakeBack(t.Context(), tx, s.Organizer, s.Round, p))
	must(t, jury.Undo(t.Context(), tx, s.Organizer, s.Round, changes(t, tx, s)[0].Code))
	apply(t, tx, s, jury.ToAll, 0)
	var begun row
	for _, r := range rows(t, tx, s) {
		if r.EntryID == s.Films[1] && r.AccountID == s.Jurors[1] {
			begun = r
		}
	}
	s.Score(begun.Code, 7, 7)
	must(t, jury.Declare(t.Context(), tx, s.Organizer, s.Edition, s.Jurors[2], s.Films[2], jury.Knows, ""))
	must(t, jury.Undo(t.Context(), tx, s.Organizer, s.Round, changes(t, tx, s)[0].Code))
	got := rows(t, tx, s)
	begun.State = jury.Done
	if len(got) != 3 || !slices.Contains(got, begun) {
		t.Errorf("what is left: %+v", got)
	}
	if c := changes(t, tx, s)[0]; c.Stayed != 1 || c.UndoneBy != "Darya Mirzaei" || c.Absent != 0 {
		t.Errorf("%+v", c)
	}
}

func TestUndoDoesNotBringBackAConflict(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 2)
	s.Give(s.Jurors[0], s.Films...)
	apply(t, tx, s, jury.Evenly, 1)
	taken := changes(t, tx, s)[0]
	if taken.Taken != 1 {
		t.Fatalf("%+v", taken)
	}
	var gone entry.ID
	for _, film := range s.Films {
		if !desk(t, tx, s).Now()[jury.Pair{Entry: film, Juror: s.Jurors[0]}] {
			gone = film
		}
	}
	must(t, jury.Declare(t.Context(), tx, s.Organizer, s.Edition, s.Jurors[0], gone, jury.Knows, ""))
	must(t, jury.Undo(t.Context(), tx, s.Organizer, s.Round, taken.Code))
	if c := changes(t, tx, s)[0]; c.Absent != 1 || len(desk(t, tx, s).Now()) != 1 {
		t.Errorf("%+v, %v", c, desk(t, tx, s).Now())
	}
}

// TestScoresSurviveAnyHistory does what organizers and jurors do, in any order,
// and looks after each act whether something that was scored has gone.
func TestScoresSurviveAnyHistory(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			tx := pgtest.Tx(t)
			h := history{t: t, tx: tx, s: jurytest.New(t, tx, 4, 7), lot: rand.New(rand.NewPCG(seed, 9)), scored: map[string]row{}}
			for range 40 {
				h.act()
				h.check()
			}
			if len(h.scored) == 0 {
				t.Error("nothing was scored")
			}
		})
	}
}

type history struct {
	t      *testing.T
	tx     pgx.Tx
	s      *jurytest.Stage
	lot    *rand.Rand
	scored map[string]row // by code
	joined int
}

func (h *history) act() {
	ctx, s := h.t.Context(), h.s
	pair := jury.Pair{Entry: s.Films[h.lot.IntN(len(s.Films))], Juror: s.Jurors[h.lot.IntN(len(s.Jurors))]}
	var err error
	switch h.lot.IntN(10) {
	case 0, 1:
		apply(h.t, h.tx, s, jury.Evenly, 1+h.lot.IntN(3))
	case 2, 3:
		apply(h.t, h.tx, s, jury.Repair, 1+h.lot.IntN(3))
	case 4:
		if !desk(h.t, h.tx, s).Now()[pair] {
			err = h.try(func(tx pgx.Tx) error { return jury.Give(ctx, tx, s.Organizer, s.Round, pair) })
		}
	case 5:
		err = h.try(func(tx pgx.Tx) error { return jury.TakeBack(ctx, tx, s.Organizer, s.Round, pair) })
	case 6, 7:
		if open := slices.DeleteFunc(rows(h.t, h.tx, s), func(r row) bool { return r.State != jury.ToDo }); len(open) > 0 {
			r := open[h.lot.IntN(len(open))]
			s.Score(r.Code, 5, 5)
			h.scored[r.Code] = r
		}
	case 8:
		if list := changes(h.t, h.tx, s); len(list) > 0 {
			for _, c := range list {
				if c.MayUndo {
					err = h.try(func(tx pgx.Tx) error { return jury.Undo(ctx, tx, s.Organizer, s.Round, c.Code) })
				}
			}
		}
	case 9:
		h.people(pair)
	}
	must(h.t, err)
}

// people come, go and declare conflicts.
func (h *history) people(p jury.Pair) {
	ctx, s := h.t.Context(), h.s
	switch h.lot.IntN(3) {
	case 0:
		h.joined++
		s.Juror(fmt.Sprintf("Late %d", h.joined), s.Email(fmt.Sprintf("late%d", h.joined)))
	case 1:
		seats := desk(h.t, h.tx, s).Seats
		if len(seats) > 2 {
			must(h.t, jury.Leave(ctx, h.tx, s.Organizer, jury.Panel{ID: s.Panel, EditionID: s.Edition}, seats[h.lot.IntN(len(seats))].Code))
		}
	case 2:
		must(h.t, jury.Declare(ctx, h.tx, s.Organizer, s.Edition, p.Juror, p.Entry, jury.Knows, ""))
	}
}

// try acts in a savepoint; a refusal in words is none of the test's business.
func (h *history) try(act func(tx pgx.Tx) error) error {
	err := pgx.BeginFunc(h.t.Context(), h.tx, act)
	if isProblem(err) {
		return nil
	}
	return err
}

func (h *history) check() {
	h.t.Helper()
	now := map[string]row{}
	for _, r := range rows(h.t, h.tx, h.s) {
		now[r.Code] = r
	}
	for code, was := range h.scored {
		is, ok := now[code]
		if !ok || is.EntryID != was.EntryID || is.AccountID != was.AccountID || is.State == jury.ToDo {
			h.t.Fatalf("a scored film changed: %+v, %+v", was, is)
		}
	}
	n, err := pg.Value[int](h.t.Context(), h.tx, `
		select count(*)::int
		from scores s
		join assignments a on a.id = s.assignment_id
		where a.round_id = @round and s.current and s.complete`, pg.Args{"round": h.s.Round})
	must(h.t, err)
	if n != len(h.scored) {
		h.t.Fatalf("%d scores, want %d", n, len(h.scored))
	}
}

func TestLeavingIsOnRecord(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 3, 6)
	apply(t, tx, s, jury.Evenly, 2)
	d := desk(t, tx, s)
	must(t, jury.Leave(t.Context(), tx, s.Organizer, jury.Panel{ID: s.Panel, EditionID: s.Edition}, d.Seats[0].Code))
	if c := changes(t, tx, s)[0]; c.Kind != "leave" || c.Taken != 4 {
		t.Errorf("%+v", c)
	}
	if added, removed := apply(t, tx, s, jury.Repair, 2); added != 4 || removed != 0 {
		t.Errorf("repair adds %d, takes %d", added, removed)
	}
}

// TestLeavingAnEndedRoundTakesNothing: a round that ended by its date is closed as
// one that was closed by hand.
func TestLeavingAnEndedRoundTakesNothing(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 3, 6)
	apply(t, tx, s, jury.Evenly, 2)
	before, d := rows(t, tx, s), desk(t, tx, s)
	_, err := tx.Exec(t.Context(), `
		update rounds
		set opened_at = clock_timestamp() - interval '2 hours', opens_at = clock_timestamp() - interval '2 hours', closes_at = clock_timestamp()
		where id = @round`, pg.Args{"round": s.Round})
	must(t, err)
	must(t, jury.Leave(t.Context(), tx, s.Organizer, jury.Panel{ID: s.Panel, EditionID: s.Edition}, d.Seats[0].Code))
	if diff := cmp.Diff(before, rows(t, tx, s)); diff != "" {
		t.Error(diff)
	}
}

// TestApplyLooksAgain: what happens between looking at a draft and applying it.
func TestApplyLooksAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		meanwhile func(t *testing.T, tx pgx.Tx, s *jurytest.Stage, p jury.Plan)
		refused   bool
	}{
		"a film that stays is scored": {func(t *testing.T, tx pgx.Tx, s *jurytest.Stage, p jury.Plan) { score(t, tx, s, p, true) }, false},
		"a film that goes is scored":  {func(t *testing.T, tx pgx.Tx, s *jurytest.Stage, p jury.Plan) { score(t, tx, s, p, false) }, true},
		"a juror comes":               {func(_ *testing.T, _ pgx.Tx, s *jurytest.Stage, _ jury.Plan) { s.Juror("Late", s.Email("late")) }, true},
		"a limit is set": {func(t *testing.T, tx pgx.Tx, s *jurytest.Stage, _ jury.Plan) {
			must(t, jury.SetLoad(t.Context(), tx, s.Organizer, s.Round, desk(t, tx, s).Seats[0].Code, jury.Load{Least: 1}))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tx := pgtest.Tx(t)
			s := jurytest.New(t, tx, 3, 6)
			apply(t, tx, s, jury.ToAll, 0)
			p := plan(t, desk(t, tx, s), jury.Ask{Way: jury.Evenly, Reviews: 2, Seed: 3})
			c.meanwhile(t, tx, s, p)
			_, _, err := jury.Apply(t.Context(), tx, s.Organizer, s.Round, p, p.Fingerprint())
			if c.refused {
				refused(t, err, "assignment.changed")
			} else {
				must(t, err)
			}
		})
	}
}

// score scores a film that a plan leaves where it is, or takes away.
func score(t *testing.T, tx pgx.Tx, s *jurytest.Stage, p jury.Plan, stays bool) {
	t.Helper()
	for _, r := range rows(t, tx, s) {
		if p.Pairs[jury.Pair{Entry: r.EntryID, Juror: r.AccountID}] == stays {
			s.Score(r.Code, 5, 5)
			return
		}
	}
	t.Fatal("the plan has no such film")
}

func TestWhoIsToldOfAChange(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 3, 3)
	s.Give(s.Jurors[0], s.Films...)
	apply(t, tx, s, jury.Evenly, 1)
	type letter struct {
		AccountID account.ID
		Count     int
		Fewer     int
	}
	letters := func() []letter {
		list, err := pg.Rows[letter](t.Context(), tx, `
			select account_id, coalesce((args ->> 'count')::int, 0) as count, coalesce((args ->> 'fewer')::int, 0) as fewer
			from letters
			where kind = 'assignments'
			order by id`, pg.Args{})
		must(t, err)
		return list
	}
	want := []letter{{s.Jurors[0], 0, 2}, {s.Jurors[1], 1, 0}, {s.Jurors[2], 1, 0}}
	if d := cmp.Diff(want, letters()); d != "" {
		t.Error(d)
	}
	must(t, jury.Undo(t.Context(), tx, s.Organizer, s.Round, changes(t, tx, s)[0].Code))
	want = append(want, letter{s.Jurors[0], 2, 0}, letter{s.Jurors[1], 0, 1}, letter{s.Jurors[2], 0, 1})
	if d := cmp.Diff(want, letters()); d != "" {
		t.Error(d)
	}
}

func TestChangesHideFilmsOfAConflict(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 2)
	must(t, jury.Give(t.Context(), tx, s.Organizer, s.Round, jury.Pair{Entry: s.Films[0], Juror: s.Jurors[0]}))
	apply(t, tx, s, jury.Repair, 2)
	must(t, jury.Declare(t.Context(), tx, s.Organizer, s.Edition, s.Organizer, s.Films[0], jury.Knows, ""))
	list := changes(t, tx, s)
	if len(list) != 1 || list[0].Given != 2 {
		t.Errorf("%+v", list)
	}
}
