package score_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
	"laurel/internal/score"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, want string) *problem.Problem {
	t.Helper()
	if err == nil {
		t.Fatalf("accepted, want %s", want)
	}
	p := problem.Of(err)
	if p.Say.Key != want {
		t.Errorf("refused with %s (%v), want %s", p.Say.Key, err, want)
	}
	return p
}

// marks are values for the stage's criteria, in order.
func marks(s *jurytest.Stage, values ...int) map[jury.CriterionID]int {
	m := map[jury.CriterionID]int{}
	for i, v := range values {
		m[s.Criteria[i]] = v
	}
	return m
}

func TestSaveKeepsEveryVersion(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	code := s.Give(s.Jurors[0], s.Films[0])[0]
	first, err := score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Marks: marks(s, 8), Note: "Watch the hands again"})
	must(t, err)
	if first.Version != 1 || first.Complete {
		t.Errorf("first save %+v", first)
	}
	second, err := score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Base: 1, Marks: marks(s, 8, 6), Feedback: "Thank you", Complete: true})
	must(t, err)
	w, err := score.Open(t.Context(), tx, s.Jurors[0], code)
	must(t, err)
	want := score.Score{Version: 2, Complete: true, Feedback: "Thank you", SavedAt: second.SavedAt, Marks: marks(s, 8, 6)}
	if d := cmp.Diff(want, w.Score); d != "" {
		t.Error(d)
	}
	if w.State != jury.Done || w.Place != 1 || w.Of != 1 || len(w.Rubric) != 3 {
		t.Errorf("watch %+v", w)
	}
	kept, err := pg.Values[string](t.Context(), tx, `select version || ' ' || current || ' ' || note from scores order by version`, pg.Args{})
	must(t, err)
	if d := cmp.Diff([]string{"1 false Watch the hands again", "2 true "}, kept); d != "" {
		t.Error(d)
	}
}

func TestSubmittedStaysSubmitted(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	code := s.Give(s.Jurors[0], s.Films[0])[0]
	_, err := score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Marks: marks(s, 8, 6), Complete: true})
	must(t, err)
	changed, err := score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Base: 1, Marks: marks(s, 9, 6)})
	must(t, err)
	if !changed.Complete {
		t.Error("a small change took the score back")
	}
	draft, err := score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Base: 2, Marks: marks(s, 9)})
	must(t, err)
	if draft.Complete {
		t.Error("a score without a required criterion counts")
	}
}

func TestSaveChecksTheRubric(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	code := s.Give(s.Jurors[0], s.Films[0])[0]
	_, err := score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Marks: marks(s, 8), Complete: true})
	p := refused(t, err, "score.incomplete")
	want := map[string]problem.Say{score.FieldOf(s.Criteria[1]): {Key: "score.required", English: "Score {{.Criterion}}.", Args: []any{"Criterion", "Craft"}}}
	if d := cmp.Diff(want, p.Fields); d != "" {
		t.Error(d)
	}
	_, err = score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Marks: marks(s, 11, 0)})
	if p := refused(t, err, "score.incomplete"); len(p.Fields) != 2 {
		t.Errorf("off the scale: %v", p.Fields)
	}
	_, err = score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Marks: map[jury.CriterionID]int{1 << 40: 5}})
	refused(t, err, "problem.not-found")
}

func TestStaleTabOverwritesNothing(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	code := s.Give(s.Jurors[0], s.Films[0])[0]
	one, err := score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Marks: marks(s, 8, 6), Note: "from one tab"})
	must(t, err)
	_, err = score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Marks: marks(s, 2, 2), Note: "from the other"})
	if p := refused(t, err, "score.stale"); p.Kind != problem.Conflict {
		t.Errorf("kind %v", p.Kind)
	}
	stale, ok := errors.AsType[*score.StaleError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	if d := cmp.Diff(one, stale.Current); d != "" {
		t.Error(d)
	}
	w, err := score.Open(t.Context(), tx, s.Jurors[0], code)
	must(t, err)
	if d := cmp.Diff(one, w.Score); d != "" {
		t.Error(d)
	}
}

func TestSaveIsForTheJurorOnly(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 3)
	own := s.Film("Own film", s.Jurors[0])
	codes := s.Give(s.Jurors[0], s.Films[0], s.Films[1], own)
	must(t, jury.Recuse(t.Context(), tx, s.Jurors[0], codes[1], jury.Knows, ""))
	for name, c := range map[string]struct {
		who  int
		code string
	}{
		"another juror":      {1, codes[0]},
		"recused":            {0, codes[1]},
		"own film":           {0, codes[2]},
		"no such":            {0, "nothing"},
		"without a name":     {0, ""},
		"code of a stranger": {1, "nothing"},
	} {
		t.Log(name)
		_, err := score.Save(t.Context(), tx, s.Jurors[c.who], c.code, score.Sheet{Marks: marks(s, 8, 8)})
		refused(t, err, "problem.not-found")
		_, err = score.Open(t.Context(), tx, s.Jurors[c.who], c.code)
		refused(t, err, "problem.not-found")
	}
	_, err := tx.Exec(t.Context(), `update seats set left_at = now() where account_id = $1`, s.Jurors[0])
	must(t, err)
	_, err = score.Save(t.Context(), tx, s.Jurors[0], codes[0], score.Sheet{Marks: marks(s, 8, 8)})
	refused(t, err, "problem.not-found")
}

func TestSaveOnlyWhileOpen(t *testing.T) {
	t.Parallel()
	for want, set := range map[string]func(*jurytest.Stage){
		"score.round-closed":  func(s *jurytest.Stage) { s.Dates(-time.Hour, -time.Millisecond) },
		"score.round-waiting": func(s *jurytest.Stage) { s.Dates(time.Hour, 2*time.Hour) },
	} {
		tx := pgtest.Tx(t)
		s := jurytest.New(t, tx, 1, 1)
		code := s.Give(s.Jurors[0], s.Films[0])[0]
		set(s)
		_, err := score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Marks: marks(s, 8, 8)})
		refused(t, err, want)
	}
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	code := s.Give(s.Jurors[0], s.Films[0])[0]
	s.Close()
	_, err := score.Save(t.Context(), tx, s.Jurors[0], code, score.Sheet{Marks: marks(s, 8, 8)})
	refused(t, err, "score.round-closed")
}

func TestNoFeedbackWhereTheRoundWantsNone(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	_, err := tx.Exec(t.Context(), `update rounds set feedback = false`)
	must(t, err)
	got, err := score.Save(t.Context(), tx, s.Jurors[0], s.Give(s.Jurors[0], s.Films[0])[0], score.Sheet{Feedback: "for the makers"})
	must(t, err)
	if got.Feedback != "" {
		t.Errorf("kept %q", got.Feedback)
	}
}

func TestQueueAndNext(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 4)
	codes := s.Give(s.Jurors[0], s.Films...)
	_, err := score.Save(t.Context(), tx, s.Jurors[0], codes[0], score.Sheet{Marks: marks(s, 8, 6), Complete: true})
	must(t, err)
	_, err = score.Save(t.Context(), tx, s.Jurors[0], codes[1], score.Sheet{Marks: marks(s, 4), Note: "half"})
	must(t, err)
	must(t, jury.Recuse(t.Context(), tx, s.Jurors[0], codes[2], jury.Knows, "a friend"))
	queue, err := score.Queue(t.Context(), tx, s.Jurors[0], score.Search{Text: "FILM 00"})
	must(t, err)
	type brief struct {
		Title           string
		State           jury.State
		Version         int
		Complete, Match bool
		Answered        int
		Score           float64
		Countries       int
	}
	var got []brief
	for _, q := range queue {
		got = append(got, brief{q.Title, q.State, q.Version, q.Complete, q.Matches, q.Answered, q.Score, len(q.Countries)})
	}
	want := []brief{
		{"Film 001", jury.Done, 1, true, true, 2, 7.5, 2},
		{"Film 002", jury.ToDo, 1, false, true, 1, 4, 2},
		{"Film 003", jury.Recused, 0, false, true, 0, 0, 0},
		{"Film 004", jury.ToDo, 0, false, true, 0, 0, 2},
	}
	if d := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); d != "" {
		t.Error(d)
	}
	for after, want := range map[string]string{codes[0]: codes[1], codes[1]: codes[3], codes[3]: codes[1], "": codes[1]} {
		if next, err := score.Next(t.Context(), tx, s.Jurors[0], after); err != nil || next != want {
			t.Errorf("after %q comes %q (%v), want %q", after, next, err, want)
		}
	}
	if other, err := score.Queue(t.Context(), tx, s.Jurors[1], score.Search{}); err != nil || len(other) != 0 {
		t.Errorf("another juror's queue holds %v, %v", other, err)
	}
}

// TestQueueOfAFilmWithoutWarnings: makers who tick none leave nothing in the
// list's place, and jurors open their queue all the same.
func TestQueueOfAFilmWithoutWarnings(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	s.Give(s.Jurors[0], s.Films...)
	_, err := tx.Exec(t.Context(), `update entries set film = film || '{"contentWarnings": null}'`)
	must(t, err)
	queue, err := score.Queue(t.Context(), tx, s.Jurors[0], score.Search{})
	must(t, err)
	if len(queue) != 1 || len(queue[0].ContentWarnings) != 0 {
		t.Errorf("the queue is %v", queue)
	}
}

func TestQueueSearch(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 0)
	s.Give(s.Jurors[0], s.Film("Révérence", 0), s.Film("100% Wool", 0))
	for text, want := range map[string]int{"reverence": 1, "": 2, "%": 2, "100%": 1, "nothing": 0} {
		queue, err := score.Queue(t.Context(), tx, s.Jurors[0], score.Search{Text: text})
		must(t, err)
		n := 0
		for _, q := range queue {
			if q.Matches {
				n++
			}
		}
		if n != want {
			t.Errorf("%q finds %d, want %d", text, n, want)
		}
	}
	queue, err := score.Queue(t.Context(), tx, s.Jurors[0], score.Search{Text: "zzz", Countries: []string{"FR"}})
	must(t, err)
	if !queue[0].Matches {
		t.Error("a country's name finds nothing")
	}
}

func TestBlindRoundNamesNobody(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	code := s.Give(s.Jurors[0], s.Films[0])[0]
	open, err := score.Open(t.Context(), tx, s.Jurors[0], code)
	must(t, err)
	if len(open.Film.Credits) != 1 || open.Film.Website == "" {
		t.Fatalf("an open round hides what it may show: %+v", open.Film)
	}
	_, err = tx.Exec(t.Context(), `update rounds set blind = true`)
	must(t, err)
	blind, err := score.Open(t.Context(), tx, s.Jurors[0], code)
	must(t, err)
	if len(blind.Film.Credits) != 0 || blind.Film.Website != "" {
		t.Errorf("a blind round shows %+v", blind.Film)
	}
}

func TestQueueAsksEquallyOften(t *testing.T) {
	t.Parallel()
	count := func(films int) int64 {
		pool, n := pgtest.Counted(t)
		s := jurytest.New(t, pool, 1, films)
		for _, code := range s.Give(s.Jurors[0], s.Films...) {
			s.Score(code, 8, 8)
		}
		n.Take()
		_, err := score.Queue(t.Context(), pool, s.Jurors[0], score.Search{})
		must(t, err)
		return n.Take()
	}
	if one, three := count(1), count(3); one != three {
		t.Errorf("%d queries for one film, %d for three", one, three)
	}
}

func BenchmarkSave(b *testing.B) {
	pool := pgtest.Pool(b)
	s := jurytest.New(b, pool, 1, 1)
	code := s.Give(s.Jurors[0], s.Films[0])[0]
	base := 0
	for b.Loop() {
		err := pgx.BeginFunc(b.Context(), pool, func(tx pgx.Tx) error {
			saved, err := score.Save(b.Context(), tx, s.Jurors[0], code, score.Sheet{Base: base, Marks: marks(s, 8, 6, 5), Complete: true})
			base = saved.Version
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
