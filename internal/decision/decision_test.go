package decision_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"laurel/internal/decision"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil {
		t.Fatalf("accepted, want %s", want)
	}
	if got := problem.Of(err).Say.Key; got != want {
		t.Errorf("refused with %s (%v), want %s", got, err, want)
	}
}

func code(t *testing.T, tx pgx.Tx, film entry.ID) string {
	t.Helper()
	c, err := pg.Value[string](t.Context(), tx, "select code from entries where id = @id", pg.Args{"id": film})
	must(t, err)
	return c
}

func TestDecideAndClear(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 2)
	one := code(t, tx, s.Films[0])
	must(t, decision.Set(t.Context(), tx, s.Organizer, s.Edition, one, decision.NotSelected, " Not this year. "))
	must(t, decision.Set(t.Context(), tx, s.Organizer, s.Edition, one, decision.Selected, ""))
	got, err := decision.Of(t.Context(), tx, s.Category)
	must(t, err)
	if d := got[s.Films[0]]; len(got) != 1 || d.Outcome != decision.Selected || d.ReleasedAt != nil {
		t.Errorf("got %+v", got)
	}
	must(t, decision.Clear(t.Context(), tx, s.Organizer, s.Edition, one))
	if got, err = decision.Of(t.Context(), tx, s.Category); err != nil || len(got) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	refused(t, decision.Set(t.Context(), tx, s.Organizer, s.Edition+1, one, decision.Selected, ""), "problem.not-found")
}

func TestNobodyDecidesOnAFilmWithAConflict(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 2)
	must(t, jury.Declare(t.Context(), tx, s.Organizer, s.Edition, s.Organizer, s.Films[0], jury.Knows, ""))
	refused(t, decision.Set(t.Context(), tx, s.Organizer, s.Edition, code(t, tx, s.Films[0]), decision.Selected, ""), "problem.not-found")
	n, err := decision.SetMany(t.Context(), tx, s.Organizer, s.Edition, s.Films[:1], s.Films[1:])
	must(t, err)
	if n != 1 {
		t.Errorf("%d decided, want the other one only", n)
	}
}

func edition(t *testing.T, tx pgx.Tx, s *jurytest.Stage) festival.Edition {
	t.Helper()
	e, err := festival.EditionOf(t.Context(), tx, s.Edition)
	must(t, err)
	return e
}

func TestReleaseTellsEverybodyAtOnce(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 0)
	maker := s.Account("Noor Al-Qattan", s.Email("noor"))
	in, out, nobody := s.Film("In", maker), s.Film("Out", maker), s.Film("Nobody to write to", 0)
	s.Score(s.Give(s.Jurors[0], in)[0], 8, 8)
	s.Close()
	refused(t, release(t, tx, s), "decision.nothing-pending")
	_, err := decision.SetMany(t.Context(), tx, s.Organizer, s.Edition, []entry.ID{in}, []entry.ID{out})
	must(t, err)
	refused(t, decision.MayPublish(t.Context(), tx, s.Edition), "decision.untold")
	must(t, decision.Set(t.Context(), tx, s.Organizer, s.Edition, code(t, tx, nobody), decision.NotSelected, "Thank you"))
	done, err := decision.Tell(t.Context(), tx, s.Organizer, edition(t, tx, s), []festival.CategoryID{s.Category})
	must(t, err)
	if d := cmp.Diff(decision.Release{Selected: 1, NotSelected: 2, Letters: 2}, done); d != "" {
		t.Error(d)
	}
	letters, err := mail.To(t.Context(), tx, s.Email("noor"), 10)
	must(t, err)
	kinds := map[mail.Kind][]string{}
	for _, l := range letters {
		kinds[l.Kind] = l.Args.Comments
	}
	if d := cmp.Diff(map[mail.Kind][]string{mail.Selected: {"Thank you for the silence."}, mail.NotSelected: nil}, kinds, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	must(t, decision.MayPublish(t.Context(), tx, s.Edition))
	refused(t, decision.Set(t.Context(), tx, s.Organizer, s.Edition, code(t, tx, in), decision.NotSelected, ""), "decision.told")
	refused(t, decision.Clear(t.Context(), tx, s.Organizer, s.Edition, code(t, tx, in)), "decision.told")
	refused(t, release(t, tx, s), "decision.nothing-pending")
}

// What a juror writes is sealed like the score: neither the organizer's preview
// nor the letter has it while the round is open.
func TestCommentsOfAnOpenRoundStaySealed(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 0)
	film := s.Film("In", s.Account("Noor Al-Qattan", s.Email("noor")))
	s.Score(s.Give(s.Jurors[0], film)[0], 8, 8)
	must(t, decision.Set(t.Context(), tx, s.Organizer, s.Edition, code(t, tx, film), decision.Selected, ""))
	comments := func() []string {
		notices, err := decision.Notices(t.Context(), tx, s.Organizer, s.Edition, []festival.CategoryID{s.Category})
		must(t, err)
		return notices[0].Comments
	}
	if got := comments(); len(got) != 0 {
		t.Errorf("read in an open round: %q", got)
	}
	s.Dates(-2*time.Hour, -time.Hour)
	if got := comments(); len(got) != 1 {
		t.Errorf("after the end: %q", got)
	}
}

func release(t *testing.T, tx pgx.Tx, s *jurytest.Stage) error {
	t.Helper()
	_, err := decision.Tell(t.Context(), tx, s.Organizer, edition(t, tx, s), []festival.CategoryID{s.Category})
	return err
}

func TestStandings(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 5)
	_, err := decision.SetMany(t.Context(), tx, s.Organizer, s.Edition, s.Films[:1], s.Films[1:3])
	must(t, err)
	got, err := decision.Standings(t.Context(), tx, s.Edition)
	must(t, err)
	want := []decision.Standing{{
		CategoryID: s.Category, Slug: "shorts", Name: "Short fiction", Places: new(2),
		Entries: 5, Selected: 1, NotSelected: 2, Undecided: 2, Scoring: true,
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
