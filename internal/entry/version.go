package entry

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// KeptVersions is how many texts of a work are kept.
const KeptVersions = 100

// A Version is a text of a work, as one of its makers left it.
type Version struct {
	ID        int64
	Version   int // of the work; that at which it was given up, if Aside
	Aside     bool
	Film      Film
	AccountID *account.ID // nil: imported, or by somebody whose account is gone
	Name      string      // of the maker; empty when they make the work no more
	At        time.Time
	Before    *Film // what the work had said; nil of the oldest that is kept
}

// Versions lists the kept texts of a maker's work, the newest first.
func Versions(ctx context.Context, db pg.DB, maker account.ID, code string) ([]Version, error) {
	w, err := WorkBy(ctx, db, maker, code)
	if err != nil {
		return nil, err
	}
	type row struct {
		ID        int64
		Version   int
		Aside     bool
		Film      Film
		AccountID *account.ID
		Name      string
		At        time.Time
	}
	rows, err := pg.Rows[row](ctx, db, `
		select v.id, v.version, v.aside, v.film, v.account_id, v.at, coalesce(a.name, '') as name
		from work_versions v
		left join makers m on m.work_id = v.work_id and m.account_id = v.account_id
		left join accounts a on a.id = m.account_id
		where v.work_id = @work
		order by v.id`,
		pg.Args{"work": w.ID})
	if err != nil {
		return nil, fmt.Errorf("list versions: %w", err)
	}
	list := make([]Version, len(rows))
	var before *Film
	for i, r := range rows {
		list[i] = Version{ID: r.ID, Version: r.Version, Aside: r.Aside, Film: r.Film, AccountID: r.AccountID, Name: r.Name, At: r.At}
		list[i].Before = before
		if !r.Aside {
			before = &rows[i].Film
		}
	}
	slices.Reverse(list)
	return list, nil
}

// Restore makes a kept text the work's again, as a new version; what the work
// had is kept like every other.
func Restore(ctx context.Context, tx pgx.Tx, maker account.ID, code string, id int64) (Work, error) {
	w, err := lockWork(ctx, tx, maker, code, LevelEdit)
	if err != nil {
		return Work{}, err
	}
	films, err := pg.Values[Film](ctx, tx, `
		select film
		from work_versions
		where work_id = @work and id = @id`,
		pg.Args{"work": w.ID, "id": id})
	switch {
	case err != nil:
		return Work{}, fmt.Errorf("find version: %w", err)
	case len(films) == 0:
		return Work{}, problem.Missing()
	case len(Differing(w.Film, films[0])) == 0:
		return w, nil
	}
	w.Film = films[0]
	w.Film.tidy()
	if w.Version, err = write(ctx, tx, w, maker); err != nil {
		return Work{}, err
	}
	return w, record(ctx, tx, maker, nil, "work.restore", "work", int64(w.ID), map[string]any{"version": w.Version})
}

// keep notes the text that a work has now, unless it is there already. All
// are but those that an import wrote.
func keep(ctx context.Context, tx pgx.Tx, work WorkID, by account.ID) error {
	_, err := tx.Exec(ctx, `
		insert into work_versions (work_id, version, film, account_id, at)
		select id, version, film, nullif(@by::bigint, 0), updated_at
		from works
		where id = @work
		on conflict do nothing`,
		pg.Args{"work": work, "by": by})
	if err != nil {
		return fmt.Errorf("keep version: %w", err)
	}
	return nil
}

// forget takes the oldest texts away when there are too many.
func forget(ctx context.Context, tx pgx.Tx, work WorkID) error {
	_, err := tx.Exec(ctx, `
		delete from work_versions
		where work_id = @work
		  and id <= (
		    select id
		    from work_versions
		    where work_id = @work
		    order by id desc
		    offset @kept
		    limit 1)`,
		pg.Args{"work": work, "kept": KeptVersions})
	if err != nil {
		return fmt.Errorf("forget old versions: %w", err)
	}
	return nil
}

// setAside keeps a text that its maker gave up.
func setAside(ctx context.Context, tx pgx.Tx, w Work, f Film, by account.ID) error {
	_, err := tx.Exec(ctx, `
		insert into work_versions (work_id, version, aside, film, account_id)
		values (@work, @version, true, @film, @by)`,
		pg.Args{"work": w.ID, "version": w.Version, "film": f, "by": by})
	if err != nil {
		return fmt.Errorf("set text aside: %w", err)
	}
	return nil
}

// drawnWith finds the text with which a form was drawn, by the mark of its
// part; nil when it is kept no more.
func drawnWith(ctx context.Context, tx pgx.Tx, w Work, part Part, mark string) (*Film, error) {
	if part.Mark(w.Film) == mark {
		return &w.Film, nil
	}
	films, err := pg.Values[Film](ctx, tx, `
		select film
		from work_versions
		where work_id = @work and not aside
		order by id desc`,
		pg.Args{"work": w.ID})
	if err != nil {
		return nil, fmt.Errorf("find what the form was drawn with: %w", err)
	}
	for i := range films {
		if part.Mark(films[i]) == mark {
			return &films[i], nil
		}
	}
	return nil, nil
}
