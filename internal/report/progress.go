package report

import (
	"context"
	"fmt"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
)

// Progress is how far a round is: counts only, never what was given.
type Progress struct {
	Given  int // assignments, without recusals
	Done   int // of these, submitted
	Jurors []JurorProgress
	Films  []FilmProgress // fewest submitted first
}

// JurorProgress is how far a juror is.
type JurorProgress struct {
	AccountID account.ID
	Name      string
	Given     int
	Done      int
	Recused   int
	Seated    bool // still on the panel
}

// FilmProgress is how many jurors have submitted a score for a film.
type FilmProgress struct {
	EntryID entry.ID
	Code    string
	Title   string
	Given   int
	Done    int
	Recused int
}

// ProgressOf reads a round's progress, without films that the reader is kept
// apart from. Two queries, however large the round.
func ProgressOf(ctx context.Context, db pg.DB, reader account.ID, r jury.Round) (Progress, error) {
	var p Progress
	var err error
	p.Jurors, err = pg.Rows[JurorProgress](ctx, db, `
		select p.id as account_id, p.name,
		       count(*) filter (where a.state <> 'recused')::int as given,
		       count(*) filter (where a.state = 'done')::int as done,
		       count(*) filter (where a.state = 'recused')::int as recused,
		       exists (select from seats s where s.panel_id = @panel and s.account_id = p.id and s.left_at is null) as seated
		from assignments a
		join accounts p on p.id = a.account_id
		where a.round_id = @round
		  and not exists (select from kept_apart k where k.account_id = @reader and k.entry_id = a.entry_id)
		group by p.id
		order by p.name, p.id`,
		pg.Args{"round": r.ID, "panel": r.PanelID, "reader": reader})
	if err != nil {
		return Progress{}, fmt.Errorf("read progress of jurors: %w", err)
	}
	p.Films, err = pg.Rows[FilmProgress](ctx, db, `
		select e.id as entry_id, e.code, e.title,
		       count(*) filter (where a.state <> 'recused')::int as given,
		       count(*) filter (where a.state = 'done')::int as done,
		       count(*) filter (where a.state = 'recused')::int as recused
		from assignments a
		join present_entries e on e.id = a.entry_id
		where a.round_id = @round
		  and not exists (select from kept_apart k where k.account_id = @reader and k.entry_id = e.id)
		group by e.id, e.code, e.number, e.title
		order by done, given, e.title, e.id`,
		pg.Args{"round": r.ID, "reader": reader})
	if err != nil {
		return Progress{}, fmt.Errorf("read progress of films: %w", err)
	}
	for _, j := range p.Jurors {
		p.Given, p.Done = p.Given+j.Given, p.Done+j.Done
	}
	return p, nil
}

// A Count is how many assignments there are and how many are submitted.
type Count struct {
	Given int
	Done  int
}

// RoundCounts counts the assignments of every round of an edition, without
// recusals and without films that the reader is kept apart from.
func RoundCounts(ctx context.Context, db pg.DB, reader account.ID, edition festival.EditionID) (map[jury.RoundID]Count, error) {
	type row struct {
		RoundID jury.RoundID
		Given   int
		Done    int
	}
	rows, err := pg.Rows[row](ctx, db, `
		select a.round_id, count(*)::int as given, count(*) filter (where a.state = 'done')::int as done
		from assignments a
		join rounds r on r.id = a.round_id
		join categories c on c.id = r.category_id and c.edition_id = @edition
		where a.state <> 'recused'
		  and not exists (select from kept_apart k where k.account_id = @reader and k.entry_id = a.entry_id)
		group by a.round_id`,
		pg.Args{"edition": edition, "reader": reader})
	if err != nil {
		return nil, fmt.Errorf("count assignments of rounds: %w", err)
	}
	counts := make(map[jury.RoundID]Count, len(rows))
	for _, r := range rows {
		counts[r.RoundID] = Count{r.Given, r.Done}
	}
	return counts, nil
}
