package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/decision"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/pg"
	"laurel/internal/tally"
)

// A Board is the result of a closed round, as one organizer may see it.
type Board struct {
	Round  jury.Round
	Rubric []jury.Criterion
	Rows   []Row    // by rank; films without a score last
	Apart  []string // titles of films that the reader has a conflict with: no figure of theirs is anywhere in the board
	Jurors int      // who gave at least one score that counts
	Scores int      // that count
}

// A Row is what one film got.
type Row struct {
	EntryID   entry.ID
	Code      string
	Number    int
	Title     string
	Directors []string
	Countries []string
	Rank      int // among the rows of the board; 0: no score
	Tied      bool
	Summary   tally.Summary
	Given     []Given            // by score, then by juror
	Criteria  []tally.Summary    // of each criterion's marks, in the rubric's order
	Decision  *decision.Decision // nil: none yet
}

// Scores lists the row's scores, lowest first.
func (r Row) Scores() []float64 {
	list := make([]float64, len(r.Given))
	for i, g := range r.Given {
		list[i] = g.Score
	}
	return list
}

// Given is a score that counts.
type Given struct {
	JurorID  account.ID
	Juror    string
	Score    float64
	Marks    map[int64]int // by criterion
	Feedback string        // for the filmmakers
	SavedAt  time.Time
}

// Results reads the board of a round. While scores can still change it is
// refused, to everybody (jury.Unseal). Films that the reader is kept apart from
// have no row, and ranks are counted without them. The number of queries does
// not depend on the number of films.
func Results(ctx context.Context, tx pgx.Tx, reader account.ID, r jury.Round) (Board, error) {
	if err := jury.Unseal(ctx, tx, r.ID); err != nil {
		return Board{}, err
	}
	b := Board{Round: r}
	var err error
	if b.Rubric, err = jury.Rubric(ctx, tx, r.ID); err != nil {
		return Board{}, err
	}
	if b.Apart, err = apart(ctx, tx, reader, r.ID); err != nil {
		return Board{}, err
	}
	if b.Rows, err = judged(ctx, tx, reader, r.ID); err != nil {
		return Board{}, err
	}
	given, err := scores(ctx, tx, r.ID, jury.Weights(b.Rubric))
	if err != nil {
		return Board{}, err
	}
	decided, err := decision.Of(ctx, tx, r.CategoryID)
	if err != nil {
		return Board{}, err
	}
	for i := range b.Rows {
		b.Rows[i].fill(b.Rubric, given[b.Rows[i].EntryID])
		if d, ok := decided[b.Rows[i].EntryID]; ok {
			b.Rows[i].Decision = &d
		}
	}
	b.rank()
	return b, nil
}

func apart(ctx context.Context, db pg.DB, reader account.ID, round jury.RoundID) ([]string, error) {
	titles, err := pg.Values[string](ctx, db, `
		select e.title
		from entries e
		where e.id in (select a.entry_id from assignments a where a.round_id = @round)
		  and exists (select from kept_apart k where k.account_id = @reader and k.entry_id = e.id)
		order by e.title`,
		pg.Args{"round": round, "reader": reader})
	if err != nil {
		return nil, fmt.Errorf("list films kept apart: %w", err)
	}
	return titles, nil
}

func judged(ctx context.Context, db pg.DB, reader account.ID, round jury.RoundID) ([]Row, error) {
	type film struct {
		ID                   entry.ID
		Code, Title          string
		Number               int
		Directors, Countries []string
	}
	films, err := pg.Rows[film](ctx, db, `
		select e.id, e.code, e.number, e.title, e.directors, e.countries
		from entries e
		where e.id in (select a.entry_id from assignments a where a.round_id = @round)
		  and e.state in ('submitted', 'eligible')
		  and not exists (select from kept_apart k where k.account_id = @reader and k.entry_id = e.id)
		order by e.title, e.id`,
		pg.Args{"round": round, "reader": reader})
	if err != nil {
		return nil, fmt.Errorf("list judged films: %w", err)
	}
	rows := make([]Row, len(films))
	for i, f := range films {
		rows[i] = Row{EntryID: f.ID, Code: f.Code, Number: f.Number, Title: f.Title, Directors: f.Directors, Countries: f.Countries}
	}
	return rows, nil
}

// scores reads every score that counts: submitted, current, and not recused.
func scores(ctx context.Context, db pg.DB, round jury.RoundID, weights []tally.Criterion) (map[entry.ID][]Given, error) {
	type row struct {
		EntryID   entry.ID
		AccountID account.ID
		Name      string
		Feedback  string
		SavedAt   time.Time
		Criteria  []int64
		Values    []int32
	}
	rows, err := pg.Rows[row](ctx, db, `
		select a.entry_id, a.account_id, p.name, s.feedback, s.saved_at,
		       array_agg(m.criterion_id order by m.criterion_id) as criteria,
		       array_agg(m.value order by m.criterion_id) as values
		from assignments a
		join scores s on s.assignment_id = a.id and s.current and s.complete
		join marks m on m.score_id = s.id
		join accounts p on p.id = a.account_id
		where a.round_id = @round and a.state = 'done'
		group by a.id, s.id, p.id
		order by p.name, a.id`,
		pg.Args{"round": round})
	if err != nil {
		return nil, fmt.Errorf("list scores: %w", err)
	}
	given := map[entry.ID][]Given{}
	for _, r := range rows {
		g := Given{JurorID: r.AccountID, Juror: r.Name, Feedback: r.Feedback, SavedAt: r.SavedAt, Marks: map[int64]int{}}
		for i, c := range r.Criteria {
			g.Marks[c] = int(r.Values[i])
		}
		ok := false
		if g.Score, ok = tally.Score(weights, g.Marks); ok {
			given[r.EntryID] = append(given[r.EntryID], g)
		}
	}
	return given, nil
}

func (r *Row) fill(rubric []jury.Criterion, given []Given) {
	slices.SortStableFunc(given, func(a, b Given) int { return cmp.Compare(a.Score, b.Score) })
	r.Given = given
	r.Summary = tally.Summarise(r.Scores())
	for _, c := range rubric {
		var marks []float64
		for _, g := range given {
			if v, ok := g.Marks[int64(c.ID)]; ok {
				marks = append(marks, float64(v))
			}
		}
		r.Criteria = append(r.Criteria, tally.Summarise(marks))
	}
}

// rank puts the rows in order and counts.
func (b *Board) rank() {
	summaries := make([]tally.Summary, len(b.Rows))
	jurors := map[account.ID]bool{}
	for i, r := range b.Rows {
		summaries[i] = r.Summary
		b.Scores += r.Summary.Count
		for _, g := range r.Given {
			jurors[g.JurorID] = true
		}
	}
	b.Jurors = len(jurors)
	rows := make([]Row, 0, len(b.Rows))
	for _, p := range tally.Rank(summaries) {
		r := b.Rows[p.Index]
		r.Rank, r.Tied = p.Rank, p.Tied
		rows = append(rows, r)
	}
	b.Rows = rows
}

// Above is how many rows stand above the line where places end: all with a score
// when the category is open. When films share the rank at the line, none of them
// is above it.
func (b Board) Above(places int) int {
	scored := 0
	for _, r := range b.Rows {
		if r.Rank > 0 {
			scored++
		}
	}
	if places >= scored {
		return scored
	}
	for places > 0 && b.Rows[places-1].Rank == b.Rows[places].Rank {
		places--
	}
	return places
}
