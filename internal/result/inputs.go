package result

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/pg"
	"laurel/internal/tally"
)

// Inputs are everything that a result is computed from, in an order that does
// not depend on chance.
type Inputs struct {
	Round   jury.RoundID `json:"round"`
	Places  *int         `json:"places"` // nil: the category is open
	Low     int          `json:"low"`    // of the scale
	High    int          `json:"high"`
	Rubric  []Criterion  `json:"rubric"`
	Apart   []entry.ID   `json:"apart"`   // left out with all their scores, by id
	Entries []entry.ID   `json:"entries"` // judged and under consideration, by id
	// Entrants are who entered each entry, where they sit on the panel that
	// judges it; 0: nobody of the panel.
	Entrants []account.ID `json:"entrants"`
	Scores   []Score      `json:"scores"` // that count, by entry and juror
}

// A Criterion is a line of the rubric, in its order.
type Criterion struct {
	ID      jury.CriterionID `json:"id"`
	Weight  float64          `json:"weight"`
	Counted bool             `json:"counted"`
}

// A Score is what one juror gave one entry.
type Score struct {
	Entry entry.ID   `json:"entry"`
	Juror account.ID `json:"juror"`
	Order int        `json:"order"` // place among the juror's scores in the order of saving, from 1
	Marks []Mark     `json:"marks"` // by criterion
}

// A Mark is the value of one criterion.
type Mark struct {
	Criterion jury.CriterionID `json:"criterion"`
	Value     int              `json:"value"`
}

// Read reads what counts in a round for a reader: submitted scores that are not
// recused, of entries under consideration that the reader is not kept apart
// from. While scores can still change it is refused, to everybody
// (jury.Unseal). It keeps the round locked until the transaction ends, so
// nothing slow follows it there.
func Read(ctx context.Context, tx pgx.Tx, reader account.ID, r jury.Round) (Inputs, error) {
	if err := jury.Unseal(ctx, tx, r.ID); err != nil {
		return Inputs{}, err
	}
	in := Inputs{Round: r.ID, Places: r.Places, Low: r.ScaleMin, High: r.ScaleMax}
	rubric, err := jury.Rubric(ctx, tx, r.ID)
	if err != nil {
		return Inputs{}, err
	}
	for _, c := range rubric {
		in.Rubric = append(in.Rubric, Criterion{c.ID, c.Weight, c.Counted})
	}
	if err := in.judged(ctx, tx, reader, r); err != nil {
		return Inputs{}, err
	}
	in.Scores, err = given(ctx, tx, r.ID, in.Entries)
	return in, err
}

// judged lists the entries of a round that a reader is kept apart from, and the
// others that are still under consideration.
func (in *Inputs) judged(ctx context.Context, db pg.DB, reader account.ID, r jury.Round) error {
	type row struct {
		ID      entry.ID
		Apart   bool
		Judged  bool
		Entrant account.ID
	}
	rows, err := pg.Rows[row](ctx, db, `
		select e.id, e.state in ('submitted', 'eligible') as judged,
		       exists (select from kept_apart k where k.account_id = @reader and k.entry_id = e.id) as apart,
		       coalesce((select min(s.account_id) from seats s join makers m on m.account_id = s.account_id where s.panel_id = @panel and m.work_id = e.work_id), 0) as entrant
		from present_entries e
		where e.id in (select a.entry_id from assignments a where a.round_id = @round)
		order by e.id`,
		pg.Args{"round": r.ID, "panel": r.PanelID, "reader": reader})
	if err != nil {
		return fmt.Errorf("list judged entries: %w", err)
	}
	in.Apart, in.Entries, in.Entrants = []entry.ID{}, []entry.ID{}, []account.ID{}
	for _, x := range rows {
		switch {
		case x.Apart:
			in.Apart = append(in.Apart, x.ID)
		case x.Judged:
			in.Entries, in.Entrants = append(in.Entries, x.ID), append(in.Entrants, x.Entrant)
		}
	}
	return nil
}

func given(ctx context.Context, db pg.DB, round jury.RoundID, entries []entry.ID) ([]Score, error) {
	type row struct {
		EntryID   entry.ID
		AccountID account.ID
		Place     int
		Criteria  []int64
		Values    []int32
	}
	rows, err := pg.Rows[row](ctx, db, `
		select a.entry_id, a.account_id,
		       row_number() over (partition by a.account_id order by s.saved_at, s.id)::int as place,
		       m.criteria, m.values
		from assignments a
		join scores s on s.assignment_id = a.id and s.current and s.complete
		cross join lateral (
		  select array_agg(m.criterion_id order by m.criterion_id) as criteria,
		         array_agg(m.value order by m.criterion_id) as values
		  from marks m
		  where m.score_id = s.id) m
		where a.round_id = @round and a.state = 'done' and a.entry_id = any(@entries) and m.criteria is not null
		order by a.entry_id, a.account_id`,
		pg.Args{"round": round, "entries": numbers(entries)})
	if err != nil {
		return nil, fmt.Errorf("list scores: %w", err)
	}
	scores := make([]Score, len(rows))
	for i, r := range rows {
		scores[i] = Score{Entry: r.EntryID, Juror: r.AccountID, Order: r.Place, Marks: make([]Mark, len(r.Criteria))}
		for k := range r.Criteria {
			scores[i].Marks[k] = Mark{jury.CriterionID(r.Criteria[k]), int(r.Values[k])}
		}
	}
	return scores, nil
}

// Value is the weighted mean of the score's marks on the rubric's scale; false
// when no criterion that counts was answered.
func (in Inputs) Value(s Score) (float64, bool) {
	weights := make([]tally.Criterion, len(in.Rubric))
	for i, c := range in.Rubric {
		weights[i] = tally.Criterion{ID: int64(c.ID), Weight: c.Weight, Counted: c.Counted}
	}
	marks := make(map[int64]int, len(s.Marks))
	for _, m := range s.Marks {
		marks[int64(m.Criterion)] = m.Value
	}
	return tally.Score(weights, marks)
}

// Jurors lists who gave a score that counts, by id.
func (in Inputs) Jurors() []account.ID {
	var list []account.ID
	for _, s := range in.Scores {
		list = append(list, s.Juror)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
