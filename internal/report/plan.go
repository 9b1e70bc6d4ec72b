package report

import (
	"context"
	"fmt"

	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
)

// PlanFigures are what a round to come would have to do.
type PlanFigures struct {
	Entries int // under consideration in the category
	Seats   int // on the panel
	Seconds int // mean length of the entries; 0 when none says
}

// PlanOf counts what a round in a category, judged by a panel, would have to do.
func PlanOf(ctx context.Context, db pg.DB, category festival.CategoryID, panel jury.PanelID) (PlanFigures, error) {
	f, err := pg.One[PlanFigures](ctx, db, `
		select count(*)::int as entries,
		       coalesce(round(avg(e.runtime)), 0)::int as seconds,
		       (select count(*)::int from seats s where s.panel_id = @panel and s.left_at is null) as seats
		from present_entries e
		where e.category_id = @category and e.state in ('submitted', 'eligible')`,
		pg.Args{"category": category, "panel": panel})
	if err != nil {
		return PlanFigures{}, fmt.Errorf("count for a plan: %w", err)
	}
	return f, nil
}
