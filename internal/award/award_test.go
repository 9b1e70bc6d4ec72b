package award_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"laurel/internal/award"
	"laurel/internal/decision"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
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

func TestAwardFromNameToWinner(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 2)
	code, err := award.Create(t.Context(), tx, s.Organizer, s.Edition, award.Award{Name: " Golden Farsang ", CategoryID: &s.Category, Prize: "€3,000"})
	must(t, err)
	none, err := award.Candidates(t.Context(), tx, s.Organizer, s.Edition)
	must(t, err)
	if len(none) != 0 {
		t.Errorf("candidates before selecting: %v", none)
	}
	_, err = decision.SetMany(t.Context(), tx, s.Organizer, s.Edition, s.Films[:1], s.Films[1:])
	must(t, err)
	candidates, err := award.Candidates(t.Context(), tx, s.Organizer, s.Edition)
	must(t, err)
	if len(candidates) != 1 {
		t.Fatalf("candidates %+v", candidates)
	}
	must(t, award.Save(t.Context(), tx, s.Organizer, s.Edition, award.Award{
		Code: code, Name: "Golden Farsang", CategoryID: &s.Category, Citation: "For a silence", EntryCode: candidates[0].Code,
	}))
	got, err := award.List(t.Context(), tx, s.Organizer, s.Edition)
	must(t, err)
	want := []award.Award{{
		Code: code, CategoryID: &s.Category, CategoryName: "Short fiction", Name: "Golden Farsang", Citation: "For a silence",
		EntryID: &s.Films[0], EntryCode: candidates[0].Code, Title: "Film 001", Directors: []string{"Ada Canary"},
	}}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(award.Award{}, "ID")); d != "" {
		t.Error(d)
	}
}

func TestAwardRefusals(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 1)
	other := festival.CategoryID(1 << 40)
	_, err := award.Create(t.Context(), tx, s.Organizer, s.Edition, award.Award{Name: "A", CategoryID: &other})
	refused(t, err, "problem.not-found")
	_, err = award.Create(t.Context(), tx, s.Organizer, s.Edition, award.Award{Name: "A", EntryCode: "nothing"})
	refused(t, err, "problem.not-found")
	refused(t, award.Remove(t.Context(), tx, s.Organizer, s.Edition, "nothing"), "problem.not-found")
}

func TestAwardsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 0)
	var codes []string
	for _, name := range []string{"One", "Two", "Three"} {
		code, err := award.Create(t.Context(), tx, s.Organizer, s.Edition, award.Award{Name: name})
		must(t, err)
		codes = append(codes, code)
	}
	must(t, award.Move(t.Context(), tx, s.Organizer, s.Edition, codes[2], -1))
	must(t, award.Move(t.Context(), tx, s.Organizer, s.Edition, codes[0], -1))
	must(t, award.Remove(t.Context(), tx, s.Organizer, s.Edition, codes[1]))
	list, err := award.List(t.Context(), tx, s.Organizer, s.Edition)
	must(t, err)
	var names []string
	for _, a := range list {
		names = append(names, a.Name)
	}
	if d := cmp.Diff([]string{"One", "Three"}, names); d != "" {
		t.Error(d)
	}
}

// An organizer does not learn from the desk that their own film has won, and
// does not take the prize away by saving what they see.
func TestAwardOfAFilmWithAConflict(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 0, 1)
	other := s.Account("Sam Other", s.Email("sam"))
	_, err := decision.SetMany(t.Context(), tx, other, s.Edition, s.Films, nil)
	must(t, err)
	films, err := award.Candidates(t.Context(), tx, other, s.Edition)
	must(t, err)
	code, err := award.Create(t.Context(), tx, other, s.Edition, award.Award{Name: "Golden Farsang", Citation: "For a silence", EntryCode: films[0].Code})
	must(t, err)
	must(t, jury.Declare(t.Context(), tx, other, s.Edition, s.Organizer, s.Films[0], jury.Worked, ""))
	seen, err := award.At(t.Context(), tx, s.Organizer, s.Edition, code)
	must(t, err)
	if d := cmp.Diff(award.Award{Code: code, Name: "Golden Farsang"}, seen, cmpopts.IgnoreFields(award.Award{}, "ID"), cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	seen.Prize = "€3,000"
	must(t, award.Save(t.Context(), tx, s.Organizer, s.Edition, seen))
	kept, err := award.At(t.Context(), tx, other, s.Edition, code)
	must(t, err)
	if kept.EntryCode != films[0].Code || kept.Citation != "For a silence" || kept.Prize != "€3,000" {
		t.Errorf("saved %+v", kept)
	}
	_, err = tx.Exec(t.Context(), "update editions set awards_at = clock_timestamp() where id = @id", pg.Args{"id": s.Edition})
	must(t, err)
	if seen, err = award.At(t.Context(), tx, s.Organizer, s.Edition, code); err != nil || seen.Title == "" {
		t.Errorf("once public: %+v, %v", seen, err)
	}
}
