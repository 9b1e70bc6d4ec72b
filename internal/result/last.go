package result

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/pg"
)

// Past is what an earlier edition tells a planner about a category.
type Past struct {
	Edition  string  // its name
	Entry    float64 // variances, see Components
	Juror    float64
	Residual float64
}

// Last is the newest stored estimate of an earlier edition's category with the
// same address, computed without the entries that the reader is kept apart from;
// nil when there is none.
func Last(ctx context.Context, db pg.DB, reader account.ID, category festival.CategoryID) (*Past, error) {
	p, err := pg.One[Past](ctx, db, `
		select ed.name as edition,
		       (x.body #>> '{components,entry}')::float8 as entry,
		       (x.body #>> '{components,juror}')::float8 as juror,
		       (x.body #>> '{components,residual}')::float8 as residual
		from categories c
		join editions this on this.id = c.edition_id
		join editions ed on ed.festival_id = this.festival_id and ed.starts_on < this.starts_on
		join categories old on old.edition_id = ed.id and old.slug = c.slug
		join rounds r on r.category_id = old.id and (r.closed_at is not null or r.closes_at <= clock_timestamp())
		join results x on x.round_id = r.id and x.body ->> 'basis' = 'estimated'
		where c.id = @category
		  and x.apart = array(
		    select distinct a.entry_id
		    from assignments a
		    join kept_apart k on k.entry_id = a.entry_id and k.account_id = @reader
		    where a.round_id = r.id
		    order by a.entry_id)
		order by ed.starts_on desc, r.closes_at desc, x.shown_at desc
		limit 1`,
		pg.Args{"category": category, "reader": reader})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read last edition's result: %w", err)
	}
	return &p, nil
}
