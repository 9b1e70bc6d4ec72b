package jury_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

func refused(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil {
		t.Fatalf("accepted, want %s", want)
	}
	if got := problem.Of(err).Say.Key; got != want {
		t.Errorf("refused with %s (%v), want %s", got, err, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newRound(s *jurytest.Stage) jury.Round {
	return jury.Round{
		EditionID: s.Edition, CategoryID: s.Category, PanelID: s.Panel, Name: "Final", Blind: true, ReviewsPerEntry: 3,
		ScaleMin: 1, ScaleMax: 10, OpensAt: time.Now().Add(-time.Hour), ClosesAt: time.Now().Add(time.Hour),
	}
}

var rubric = []jury.Criterion{
	{Name: "Direction", Hint: "A hand you can feel", Weight: 30, Required: true, Counted: true, LowLabel: "not at all", HighLabel: "outstanding"},
	{Name: "Fit", Weight: 0, Required: false, Counted: false},
}

func TestRoundFromSetupToClosed(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	code, err := jury.CreateRound(t.Context(), tx, s.Organizer, newRound(s), rubric)
	must(t, err)
	r, err := jury.RoundAt(t.Context(), tx, s.Edition, code)
	must(t, err)
	got, err := jury.Rubric(t.Context(), tx, r.ID)
	must(t, err)
	for i := range got {
		got[i].ID = 0
	}
	if d := cmp.Diff(rubric, got); d != "" {
		t.Errorf("rubric: %s", d)
	}
	refused(t, jury.OpenRound(t.Context(), tx, s.Organizer, r.ID), "round.no-assignment")
	refused(t, jury.CloseRound(t.Context(), tx, s.Organizer, r.ID), "round.not-open")
	must(t, jury.Give(t.Context(), tx, s.Organizer, r.ID, jury.Pair{Entry: s.Films[0], Juror: s.Jurors[0]}))
	must(t, jury.OpenRound(t.Context(), tx, s.Organizer, r.ID))
	refused(t, jury.OpenRound(t.Context(), tx, s.Organizer, r.ID), "round.open-already")
	refused(t, jury.Unseal(t.Context(), tx, r.ID), "round.sealed")
	must(t, jury.CloseRound(t.Context(), tx, s.Organizer, r.ID))
	must(t, jury.CloseRound(t.Context(), tx, s.Organizer, r.ID))
	must(t, jury.Unseal(t.Context(), tx, r.ID))
	r, err = jury.RoundOf(t.Context(), tx, r.ID)
	must(t, err)
	if got := r.PhaseAt(time.Now()); got != jury.Closed {
		t.Errorf("phase %s", got)
	}
	refused(t, jury.SaveRound(t.Context(), tx, s.Organizer, r, rubric), "round.closed-fixed")
	refused(t, jury.TakeBack(t.Context(), tx, s.Organizer, r.ID, jury.Pair{Entry: s.Films[0], Juror: s.Jurors[0]}), "assignment.closed")
}

func TestRoundClosesItself(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	s.Dates(-2*time.Hour, -time.Second)
	must(t, jury.Unseal(t.Context(), tx, s.Round))
}

func TestRoundThatIsOverCannotBeOpened(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	r := newRound(s)
	r.OpensAt, r.ClosesAt = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
	code, err := jury.CreateRound(t.Context(), tx, s.Organizer, r, rubric)
	must(t, err)
	r, err = jury.RoundAt(t.Context(), tx, s.Edition, code)
	must(t, err)
	refused(t, jury.OpenRound(t.Context(), tx, s.Organizer, r.ID), "round.ended-before")
	refused(t, jury.Unseal(t.Context(), tx, r.ID), "round.sealed")
}

func TestOpenedRoundKeepsWhatJurorsWereTold(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	before, err := jury.RoundOf(t.Context(), tx, s.Round)
	must(t, err)
	change := before
	change.Blind, change.ScaleMax, change.OpensAt = true, 5, before.OpensAt.Add(-time.Hour)
	change.Name, change.ReviewsPerEntry = "Renamed", 4
	must(t, jury.SaveRound(t.Context(), tx, s.Organizer, change, rubric))
	got, err := jury.RoundOf(t.Context(), tx, s.Round)
	must(t, err)
	before.Name, before.ReviewsPerEntry = "Renamed", 4
	if d := cmp.Diff(before, got); d != "" {
		t.Error(d)
	}
}

func TestRubricIsFixedOnceScored(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	s.Score(s.Give(s.Jurors[0], s.Films[0])[0], 8, 7)
	r, err := jury.RoundOf(t.Context(), tx, s.Round)
	must(t, err)
	if !r.Scored {
		t.Fatal("round does not know that it was scored")
	}
	must(t, jury.SaveRound(t.Context(), tx, s.Organizer, r, rubric))
	got, err := jury.Rubric(t.Context(), tx, s.Round)
	must(t, err)
	if len(got) != 3 {
		t.Errorf("rubric changed to %v", got)
	}
}

func TestRoundOfAnotherEdition(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 0)
	r := newRound(s)
	r.EditionID++
	_, err := jury.CreateRound(t.Context(), tx, s.Organizer, r, rubric)
	refused(t, err, "problem.not-found")
}

func TestRoundRefusesWrongInput(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 0)
	for name, c := range map[string]struct {
		change func(*jury.Round)
		want   string
	}{
		"closes first":  {func(r *jury.Round) { r.ClosesAt = r.OpensAt }, "constraint.rounds_dates_order"},
		"no name":       {func(r *jury.Round) { r.Name = "  " }, "constraint.rounds_name_length"},
		"no reviews":    {func(r *jury.Round) { r.ReviewsPerEntry = 0 }, "constraint.rounds_reviews_range"},
		"long scale":    {func(r *jury.Round) { r.ScaleMax = 11 }, "constraint.rounds_scale_range"},
		"name is taken": {func(r *jury.Round) { r.Name = "First round" }, "constraint.rounds_name_once"},
	} {
		err := pgx.BeginFunc(t.Context(), tx, func(tx pgx.Tx) error {
			r := newRound(s)
			c.change(&r)
			_, err := jury.CreateRound(t.Context(), tx, s.Organizer, r, rubric)
			return err
		})
		t.Log(name)
		refused(t, err, c.want)
	}
}

func TestPanelAndSeats(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 2)
	p, err := jury.CreatePanel(t.Context(), tx, s.Organizer, s.Edition, " Features jury ")
	must(t, err)
	who := s.Account("Roya Kamravan", s.Email("roya"))
	must(t, jury.Join(t.Context(), tx, p.ID, who))
	must(t, jury.Join(t.Context(), tx, p.ID, who))
	seats, err := jury.Seats(t.Context(), tx, p.ID)
	must(t, err)
	if len(seats) != 1 || seats[0].Name != "Roya Kamravan" || seats[0].President {
		t.Fatalf("seats %+v", seats)
	}
	must(t, jury.Preside(t.Context(), tx, s.Organizer, p, seats[0].Code))
	if seats, err = jury.Seats(t.Context(), tx, p.ID); err != nil || !seats[0].President {
		t.Fatalf("seats %+v, %v", seats, err)
	}
	sits, err := jury.SitsSomewhere(t.Context(), tx, who)
	if err != nil || !sits {
		t.Errorf("sits %v, %v", sits, err)
	}
	must(t, jury.Leave(t.Context(), tx, s.Organizer, p, seats[0].Code))
	if sits, err = jury.SitsSomewhere(t.Context(), tx, who); err != nil || sits {
		t.Errorf("sits %v, %v", sits, err)
	}
	got, err := jury.PanelAt(t.Context(), tx, s.Edition, p.Code)
	must(t, err)
	if got.Name != "Features jury" || got.Seats != 0 {
		t.Errorf("panel %+v", got)
	}
}

// The counts of a jury tell an organizer nothing of a film that they must not
// judge: not who was given it, nor who has scored it.
func TestSeatsCountNoFilmOfAConflict(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 3)
	s.Score(s.Give(s.Jurors[0], s.Films...)[0], 8, 7)
	must(t, jury.Declare(t.Context(), tx, s.Organizer, s.Edition, s.Organizer, s.Films[0], jury.Knows, ""))
	for reader, want := range map[account.ID][2]int{s.Organizer: {2, 0}, 0: {3, 1}} {
		seats, err := jury.SeatsFor(t.Context(), tx, reader, s.Panel)
		must(t, err)
		if got := [2]int{seats[0].Films, seats[0].Done}; got != want {
			t.Errorf("reader %d: %v films and scores, want %v", reader, got, want)
		}
	}
}

func TestLeavingReturnsFilmsNotBegun(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 2)
	s.Score(s.Give(s.Jurors[0], s.Films...)[0], 8, 7)
	p, err := jury.PanelAt(t.Context(), tx, s.Edition, s.PanelCode)
	must(t, err)
	seats, err := jury.Seats(t.Context(), tx, p.ID)
	must(t, err)
	must(t, jury.Leave(t.Context(), tx, s.Organizer, p, seats[0].Code))
	got, err := pg.Values[string](t.Context(), tx, "select state from assignments", pg.Args{})
	must(t, err)
	if d := cmp.Diff([]string{"done"}, got); d != "" {
		t.Error(d)
	}
}
