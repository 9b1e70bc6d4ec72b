package report_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
	"laurel/internal/report"
	"laurel/internal/result"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func board(t *testing.T, tx pgx.Tx, reader account.ID, round jury.RoundID) report.Board {
	t.Helper()
	r, err := jury.RoundOf(t.Context(), tx, round)
	must(t, err)
	b, err := report.Results(t.Context(), tx, reader, r, stored(t, tx, reader, r))
	must(t, err)
	return b
}

// stored computes a round's result for a reader and keeps it.
func stored(t *testing.T, tx pgx.Tx, reader account.ID, r jury.Round) result.Result {
	t.Helper()
	in, err := result.Read(t.Context(), tx, reader, r)
	must(t, err)
	body, err := result.Compute(in)
	must(t, err)
	kept, err := result.Keep(t.Context(), tx, reader, r, in, body, "test")
	must(t, err)
	return kept
}

// judged is a closed round: three films, two jurors, one recusal after scoring.
func judged(t *testing.T, tx pgx.Tx) *jurytest.Stage {
	t.Helper()
	s := jurytest.New(t, tx, 2, 3)
	a, b := s.Give(s.Jurors[0], s.Films...), s.Give(s.Jurors[1], s.Films...)
	s.Score(a[0], 4, 8)
	s.Score(b[0], 8, 8, 1)
	s.Score(a[1], 9, 9)
	s.Score(b[1], 2, 2)
	must(t, jury.Recuse(t.Context(), tx, s.Jurors[1], b[1], jury.Knows, ""))
	return s
}

func format(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

func TestResultsStaySealedWhileOpen(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := judged(t, tx)
	r, err := jury.RoundOf(t.Context(), tx, s.Round)
	must(t, err)
	_, err = result.Read(t.Context(), tx, s.Organizer, r)
	if err == nil || problem.Of(err).Say.Key != "round.sealed" {
		t.Errorf("got %v", err)
	}
}

func TestResults(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := judged(t, tx)
	s.Close()
	b := board(t, tx, s.Organizer, s.Round)
	type brief struct {
		Title        string
		Rank, Count  int
		Mean, Spread string
		Direction    float64
	}
	var got []brief
	for _, r := range b.Rows {
		got = append(got, brief{r.Title, r.Rank, r.Summary.Count, format(r.Summary.Mean), format(r.Summary.Spread), r.Criteria[0].Mean})
	}
	want := []brief{
		{"Film 002", 1, 1, "9.00", "0.00", 9},
		{"Film 001", 2, 2, "6.50", "2.12", 6},
		{"Film 003", 0, 0, "0.00", "0.00", 0},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if b.Scores() != 3 || len(b.Jurors) != 2 {
		t.Errorf("%d scores of %d jurors", b.Scores(), len(b.Jurors))
	}
	for places, want := range map[int]int{0: 0, 1: 1, 2: 2, 9: 2} {
		if got := b.Above(places); got != want {
			t.Errorf("%d places: %d above the line, want %d", places, got, want)
		}
	}
}

func TestResultsHideFilmsOfTheReader(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := judged(t, tx)
	must(t, jury.Declare(t.Context(), tx, s.Organizer, s.Edition, s.Organizer, s.Films[1], jury.Worked, ""))
	s.Close()
	b := board(t, tx, s.Organizer, s.Round)
	if d := cmp.Diff([]string{"Film 002"}, b.Apart); d != "" {
		t.Error(d)
	}
	if len(b.Rows) != 2 || b.Rows[0].Title != "Film 001" || b.Rows[0].Rank != 1 || b.Scores() != 2 {
		t.Errorf("board %+v", b)
	}
	r, err := jury.RoundOf(t.Context(), tx, s.Round)
	must(t, err)
	p, err := report.ProgressOf(t.Context(), tx, s.Organizer, r)
	must(t, err)
	for _, f := range p.Films {
		if f.Title == "Film 002" {
			t.Error("progress counts a film of the reader")
		}
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := judged(t, tx)
	r, err := jury.RoundOf(t.Context(), tx, s.Round)
	must(t, err)
	p, err := report.ProgressOf(t.Context(), tx, s.Organizer, r)
	must(t, err)
	want := []report.JurorProgress{
		{AccountID: s.Jurors[0], Name: "Juror 01", Given: 3, Done: 2, Seated: true},
		{AccountID: s.Jurors[1], Name: "Juror 02", Given: 2, Done: 1, Recused: 1, Seated: true},
	}
	if d := cmp.Diff(want, p.Jurors); d != "" {
		t.Error(d)
	}
	if p.Given != 5 || p.Done != 3 || len(p.Films) != 3 || p.Films[0].Title != "Film 003" {
		t.Errorf("progress %+v", p)
	}
}

func TestCSVIsRedactedAndSafe(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 0)
	film := s.Film(`=HYPERLINK("http://canary.example")`, 0)
	s.Score(s.Give(s.Jurors[0], film)[0], 4, 8)
	s.Score(s.Give(s.Jurors[1], film)[0], 8, 8)
	s.Close()
	b := board(t, tx, s.Organizer, s.Round)
	var results, scores, named bytes.Buffer
	must(t, b.WriteResults(&results, "F9"))
	must(t, b.WriteScores(&scores, "F9", false))
	must(t, b.WriteScores(&named, "F9", true))
	want := "rank,number,title,directors,countries,scores,mean,spread,lowest,highest,mean rank," +
		"adjusted,calibrated,calibrated rank,standard error,from,to,rank from,rank to,probability,Direction,Craft,Fit,decision,told\r\n" +
		`1,F9-0001,"'=HYPERLINK(""http://canary.example"")",Ada Canary,"IR, FR",2,6.5000,2.1213,5.0000,8.0000,1,6.5000,6.5000,1,`
	if !strings.HasPrefix(results.String(), want) {
		t.Errorf("got %s, want it to begin with %s", &results, want)
	}
	if strings.Contains(scores.String(), "Juror 0") || !strings.Contains(scores.String(), "Juror 1,5.0000,4,8,,Thank you for the silence.") {
		t.Errorf("redacted: %s", &scores)
	}
	if !strings.Contains(named.String(), "Juror 01") || strings.Contains(named.String(), "private canary") {
		t.Errorf("named: %s", &named)
	}
}

func TestResultsAskEquallyOften(t *testing.T) {
	t.Parallel()
	count := func(films, jurors int) int64 {
		pool, n := pgtest.Counted(t)
		s := jurytest.New(t, pool, jurors, films)
		for _, who := range s.Jurors {
			for _, code := range s.Give(who, s.Films...) {
				s.Score(code, 7, 7)
			}
		}
		s.Close()
		r, err := jury.RoundOf(t.Context(), pool, s.Round)
		must(t, err)
		n.Take()
		must(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			_, err := report.Results(t.Context(), tx, s.Organizer, r, stored(t, tx, s.Organizer, r))
			return err
		}))
		_, err = report.ProgressOf(t.Context(), pool, s.Organizer, r)
		must(t, err)
		return n.Take()
	}
	if one, three := count(1, 1), count(3, 3); one != three {
		t.Errorf("%d queries for one film, %d for three", one, three)
	}
}
