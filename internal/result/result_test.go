package result_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
	"laurel/internal/result"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// closed is a round in which every juror scored every film, and that is closed.
func closed(t *testing.T, db pg.DB, jurors, films int) *jurytest.Stage {
	t.Helper()
	s := jurytest.New(t, db, jurors, films)
	for j, who := range s.Jurors {
		for f, code := range s.Give(who, s.Films...) {
			s.Score(code, 2+(3*f+j)%8, 2+(2*f+3*j)%8)
		}
	}
	s.Close()
	return s
}

func round(t *testing.T, db pg.DB, s *jurytest.Stage) jury.Round {
	t.Helper()
	r, err := jury.RoundOf(t.Context(), db, s.Round)
	must(t, err)
	return r
}

func read(t *testing.T, tx pgx.Tx, s *jurytest.Stage, who account.ID) result.Inputs {
	t.Helper()
	in, err := result.Read(t.Context(), tx, who, round(t, tx, s))
	must(t, err)
	return in
}

func compute(t *testing.T, in result.Inputs) result.Body {
	t.Helper()
	body, err := result.Compute(in)
	must(t, err)
	return body
}

func keep(t *testing.T, tx pgx.Tx, s *jurytest.Stage, in result.Inputs) result.Result {
	t.Helper()
	kept, err := result.Keep(t.Context(), tx, s.Organizer, round(t, tx, s), in, compute(t, in), "v1")
	must(t, err)
	return kept
}

func shown(t *testing.T, tx pgx.Tx, in result.Inputs) result.Result {
	t.Helper()
	r, err := result.Shown(t.Context(), tx, in)
	must(t, err)
	return r
}

func TestAResultNeverChanges(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := closed(t, tx, 4, 12)
	first := read(t, tx, s, s.Organizer)
	one := keep(t, tx, s, first)
	if d := cmp.Diff(compute(t, first), one.Body); d != "" {
		t.Errorf("what is stored is not what was computed: %s", d)
	}
	must(t, jury.Declare(t.Context(), tx, s.Organizer, s.Edition, s.Jurors[0], s.Films[0], jury.Knows, ""))
	now := read(t, tx, s, s.Organizer)
	if d := cmp.Diff(one, shown(t, tx, now)); d != "" {
		t.Errorf("a late recusal changed what is shown: %s", d)
	}
	if d := cmp.Diff([]result.Change{{Kind: result.ScoresGone, Count: 1}}, one.Body.Inputs.Changes(now)); d != "" {
		t.Error(d)
	}
	two := keep(t, tx, s, now)
	if two.Code == one.Code || shown(t, tx, now).Code != two.Code {
		t.Errorf("asked for anew, %s is shown, not %s", shown(t, tx, now).Code, two.Code)
	}
	old, err := result.At(t.Context(), tx, now, one.Code)
	must(t, err)
	if d := cmp.Diff(one, old); d != "" {
		t.Errorf("the earlier result is another one: %s", d)
	}
	must(t, jury.Withdraw(t.Context(), tx, s.Organizer, s.Edition, s.Jurors[0], s.Films[0]))
	if got := shown(t, tx, read(t, tx, s, s.Organizer)); got.Code != two.Code {
		t.Error("numbers changed without an act")
	}
	if again := keep(t, tx, s, first); again.Code != one.Code || shown(t, tx, first).Code != one.Code {
		t.Error("the same inputs gave another result")
	}
	lines, err := result.Stored(t.Context(), tx, now)
	must(t, err)
	if len(lines) != 2 {
		t.Errorf("%d results on record, want 2", len(lines))
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := closed(t, tx, 2, 5)
	before := read(t, tx, s, s.Organizer)
	_, err := tx.Exec(t.Context(), `update entries set state = 'withdrawn' where id = @id`, pg.Args{"id": s.Films[0]})
	must(t, err)
	_, err = tx.Exec(t.Context(), `update categories set places = null`)
	must(t, err)
	now := read(t, tx, s, s.Organizer)
	want := []result.Change{{Kind: result.EntriesGone, Count: 1}, {Kind: result.PlacesMoved, Count: 0}}
	if d := cmp.Diff(want, before.Changes(now)); d != "" {
		t.Error(d)
	}
	want = []result.Change{{Kind: result.EntriesCame, Count: 1}, {Kind: result.PlacesMoved, Count: 2}}
	if d := cmp.Diff(want, now.Changes(before)); d != "" {
		t.Error(d)
	}
	if got := now.Changes(now); len(got) != 0 {
		t.Errorf("nothing changed, got %v", got)
	}
}

// TestNothingLeaksOfAFilmKeptApart changes every score of a film and compares, to
// the byte, what its own maker may read; for everybody else it differs.
func TestNothingLeaksOfAFilmKeptApart(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := closed(t, tx, 4, 12)
	apart := s.Account("Mana", s.Email("mana"))
	must(t, jury.Declare(t.Context(), tx, s.Organizer, s.Edition, apart, s.Films[3], jury.Worked, ""))
	text := func(who account.ID) string {
		doc, err := json.Marshal(compute(t, read(t, tx, s, who)))
		must(t, err)
		return string(doc)
	}
	hidden, open := text(apart), text(s.Organizer)
	_, err := tx.Exec(t.Context(), `
		update marks
		set value = 11 - value
		where score_id in (select c.id from scores c join assignments a on a.id = c.assignment_id where a.entry_id = @film)`,
		pg.Args{"film": s.Films[3]})
	must(t, err)
	if got := text(apart); got != hidden {
		t.Error("scores of a film kept apart show in the result")
	}
	if got := text(s.Organizer); got == open {
		t.Error("the control: other readers' result does not depend on the film either")
	}
}

func TestAResultIsForReadersOfTheSameFilms(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := closed(t, tx, 3, 6)
	kept := keep(t, tx, s, read(t, tx, s, s.Organizer))
	apart := s.Account("Mana", s.Email("mana"))
	must(t, jury.Declare(t.Context(), tx, s.Organizer, s.Edition, apart, s.Films[0], jury.Worked, ""))
	own := read(t, tx, s, apart)
	if _, err := result.Shown(t.Context(), tx, own); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("shown: %v", err)
	}
	if _, err := result.At(t.Context(), tx, own, kept.Code); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("by its code: %v", err)
	}
}

func TestNothingIsReadWhileScoresCanChange(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	_, err := result.Read(t.Context(), tx, s.Organizer, round(t, tx, s))
	if p := problem.Of(err); p == nil || p.Say.Key != "round.sealed" {
		t.Errorf("got %v", err)
	}
}

func TestFirstReadersGetTheSame(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	s := closed(t, pool, 3, 10)
	var in result.Inputs
	must(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		in = read(t, tx, s, s.Organizer)
		return nil
	}))
	body, r := compute(t, in), round(t, pool, s)
	codes := make([]string, 4)
	var all sync.WaitGroup
	for i := range codes {
		all.Go(func() {
			err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
				kept, err := result.Keep(t.Context(), tx, s.Organizer, r, in, body, "v"+strconv.Itoa(i))
				codes[i] = kept.Code + kept.Version
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, c := range codes {
		if c != codes[0] || c == "" {
			t.Errorf("readers at the same time got %q", codes)
		}
	}
}

func TestReadAsksEquallyOften(t *testing.T) {
	t.Parallel()
	count := func(films int) int64 {
		pool, n := pgtest.Counted(t)
		s := closed(t, pool, films, films)
		n.Take()
		must(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			keep(t, tx, s, read(t, tx, s, s.Organizer))
			return nil
		}))
		return n.Take()
	}
	if one, three := count(1), count(3); one != three {
		t.Errorf("%d queries for one film, %d for three", one, three)
	}
}
