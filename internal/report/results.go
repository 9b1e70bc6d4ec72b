package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"laurel/internal/account"
	"laurel/internal/decision"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/pg"
	"laurel/internal/result"
	"laurel/internal/tally"
)

// A Board is a stored result with the names of what it is about, as one
// organizer may see it.
type Board struct {
	Round  jury.Round
	Rubric []jury.Criterion
	Result result.Result
	Rows   []Row    // by the list that binds; films without a score last
	Apart  []string // titles of films that the reader has a conflict with: no figure of theirs is anywhere in the board
	Jurors []Panelist
}

// A Panelist is a juror of the result with their name.
type Panelist struct {
	result.Juror
	Name string
}

// A Row is what one film got.
type Row struct {
	EntryID   entry.ID
	Code      string
	Number    int
	Title     string
	Directors []string
	Countries []string
	Gone      bool // not under consideration any more
	Rank      int  // in the list that the rows are ordered by; 0: no score
	Tied      bool
	Out       result.Entry
	Summary   tally.Summary
	Given     []Given            // by score, then by juror
	Criteria  []tally.Summary    // of each criterion's marks, in the rubric's order
	Decision  *decision.Decision // nil: none yet
}

// Moved is how many ranks higher the film stands in the calibrated list than by
// raw mean.
func (r Row) Moved() int { return r.Out.RawRank - r.Out.Rank }

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
}

// Results puts the names to a stored result that the reader may see. The number
// of queries does not depend on the number of films.
func Results(ctx context.Context, db pg.DB, reader account.ID, r jury.Round, res result.Result) (Board, error) {
	b := Board{Round: r, Result: res}
	var err error
	if b.Rubric, err = jury.Rubric(ctx, db, r.ID); err != nil {
		return Board{}, err
	}
	if b.Apart, err = apart(ctx, db, reader, r.ID); err != nil {
		return Board{}, err
	}
	if b.Rows, err = films(ctx, db, reader, res.Body.Inputs.Entries); err != nil {
		return Board{}, err
	}
	given, names, err := scores(ctx, db, res.Body.Inputs)
	if err != nil {
		return Board{}, err
	}
	decided, err := decision.Of(ctx, db, r.CategoryID)
	if err != nil {
		return Board{}, err
	}
	for _, j := range res.Body.Jurors {
		b.Jurors = append(b.Jurors, Panelist{j, names[j.ID]})
	}
	out := map[entry.ID]result.Entry{}
	for _, e := range res.Body.Entries {
		out[e.ID] = e
	}
	for i := range b.Rows {
		id := b.Rows[i].EntryID
		b.Rows[i].fill(b.Rubric, out[id], given[id])
		if d, ok := decided[id]; ok {
			b.Rows[i].Decision = &d
		}
	}
	return b.By(r.Binding), nil
}

// By is the board with its rows in the order of a list.
func (b Board) By(list jury.Binding) Board {
	b.Rows = slices.Clone(b.Rows)
	for i := range b.Rows {
		r := &b.Rows[i]
		r.Rank, r.Tied = r.Out.RawRank, r.Out.RawTied
		if list == jury.Calibrated {
			r.Rank, r.Tied = r.Out.Rank, r.Out.Tied
		}
	}
	slices.SortStableFunc(b.Rows, func(x, y Row) int {
		if x.Rank == 0 || y.Rank == 0 {
			return cmp.Compare(min(y.Rank, 1), min(x.Rank, 1))
		}
		return cmp.Compare(x.Rank, y.Rank)
	})
	return b
}

func apart(ctx context.Context, db pg.DB, reader account.ID, round jury.RoundID) ([]string, error) {
	titles, err := pg.Values[string](ctx, db, `
		select e.title
		from present_entries e
		where e.id in (select a.entry_id from assignments a where a.round_id = @round)
		  and exists (select from kept_apart k where k.account_id = @reader and k.entry_id = e.id)
		order by e.title`,
		pg.Args{"round": round, "reader": reader})
	if err != nil {
		return nil, fmt.Errorf("list films kept apart: %w", err)
	}
	return titles, nil
}

// films names the entries of a result, by title. One that the reader has been
// kept apart from since is left out, whatever the result holds.
func films(ctx context.Context, db pg.DB, reader account.ID, entries []entry.ID) ([]Row, error) {
	type film struct {
		ID                   entry.ID
		Code, Title          string
		Number               int
		Directors, Countries []string
		Gone                 bool
	}
	films, err := pg.Rows[film](ctx, db, `
		select e.id, e.code, e.number, e.title, e.directors, e.countries, e.state not in ('submitted', 'eligible') as gone
		from present_entries e
		where e.id = any(@entries)
		  and not exists (select from kept_apart k where k.account_id = @reader and k.entry_id = e.id)
		order by e.title, e.id`,
		pg.Args{"entries": numbers(entries), "reader": reader})
	if err != nil {
		return nil, fmt.Errorf("list judged films: %w", err)
	}
	rows := make([]Row, len(films))
	for i, f := range films {
		rows[i] = Row{EntryID: f.ID, Code: f.Code, Number: f.Number, Title: f.Title, Directors: f.Directors, Countries: f.Countries, Gone: f.Gone}
	}
	return rows, nil
}

func numbers(entries []entry.ID) []int64 {
	ids := make([]int64, len(entries))
	for i, id := range entries {
		ids[i] = int64(id)
	}
	return ids
}

// scores puts names and comments to the scores of a result.
func scores(ctx context.Context, db pg.DB, in result.Inputs) (map[entry.ID][]Given, map[account.ID]string, error) {
	type row struct {
		EntryID   entry.ID
		AccountID account.ID
		Name      string
		Feedback  string
	}
	rows, err := pg.Rows[row](ctx, db, `
		select a.entry_id, a.account_id, p.name, s.feedback
		from assignments a
		join scores s on s.assignment_id = a.id and s.current and s.complete
		join accounts p on p.id = a.account_id
		where a.round_id = @round and a.entry_id = any(@entries)`,
		pg.Args{"round": in.Round, "entries": numbers(in.Entries)})
	if err != nil {
		return nil, nil, fmt.Errorf("list comments: %w", err)
	}
	names, feedback := map[account.ID]string{}, map[jury.Pair]string{}
	for _, r := range rows {
		names[r.AccountID] = r.Name
		feedback[jury.Pair{Entry: r.EntryID, Juror: r.AccountID}] = r.Feedback
	}
	given := map[entry.ID][]Given{}
	for _, s := range in.Scores {
		g := Given{JurorID: s.Juror, Juror: names[s.Juror], Feedback: feedback[jury.Pair{Entry: s.Entry, Juror: s.Juror}], Marks: map[int64]int{}}
		for _, m := range s.Marks {
			g.Marks[int64(m.Criterion)] = m.Value
		}
		ok := false
		if g.Score, ok = in.Value(s); ok {
			given[s.Entry] = append(given[s.Entry], g)
		}
	}
	return given, names, nil
}

func (r *Row) fill(rubric []jury.Criterion, out result.Entry, given []Given) {
	slices.SortStableFunc(given, func(a, b Given) int {
		return cmp.Or(cmp.Compare(a.Score, b.Score), cmp.Compare(a.Juror, b.Juror), cmp.Compare(a.JurorID, b.JurorID))
	})
	r.Out, r.Given = out, given
	r.Summary = tally.Summary{Count: out.Scores, Mean: out.Raw, Spread: out.Spread, Low: out.Lowest, High: out.Highest}
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

// Scores counts the scores that the result was computed from.
func (b Board) Scores() int {
	n := 0
	for _, r := range b.Rows {
		n += r.Summary.Count
	}
	return n
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

// Close lists the rows that lie too close to the line for the numbers alone.
func (b Board) Close() []Row {
	var rows []Row
	for _, r := range b.Rows {
		if r.Out.Discuss {
			rows = append(rows, r)
		}
	}
	return rows
}
