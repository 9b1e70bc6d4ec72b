package report

import (
	"context"
	"fmt"
	"time"

	"laurel/internal/entry"
	"laurel/internal/pg"
)

// A Look is somebody of the festival who saw an entry or changed something of
// it: the role and the day, never the person.
type Look struct {
	Day  time.Time // in the edition's zone
	Role string    // festival, juror
	What string    // opened, exported, eligible, ineligible, imported, original
	N    int       // times on that day
}

// Looked lists who of the festival saw an entry, the latest day first. Of the
// jury it says only that a juror opened the film; of what was decided nothing.
func Looked(ctx context.Context, db pg.DB, id entry.ID) ([]Look, error) {
	looks, err := pg.Rows[Look](ctx, db, `
		with seen (at, role, what) as (
			select e.opened_at, 'festival', 'opened'
			from entries e
			where e.id = @id and e.opened_at is not null
			union all
			select a.seen_at, 'juror', 'opened'
			from assignments a
			where a.entry_id = @id and a.seen_at is not null
			union all
			select v.at, 'festival', case v.verb when 'entry.eligible' then 'eligible' when 'entry.ineligible' then 'ineligible' when 'entry.original' then 'original' else 'imported' end
			from events v
			where v.kind = 'entry' and v.subject_id = @id and v.verb in ('entry.eligible', 'entry.ineligible', 'entry.import', 'entry.original')
			union all
			select v.at, 'festival', 'exported'
			from entries e
			join events v on v.kind = 'export' and v.edition_id = e.edition_id and v.after -> 'entries' @> to_jsonb(e.id)
			where e.id = @id)
		select (s.at at time zone ed.zone)::date as day, s.role, s.what, count(*)::int as n
		from seen s
		cross join entries e
		join editions ed on ed.id = e.edition_id
		where e.id = @id
		group by 1, s.role, s.what
		order by 1 desc, s.role, s.what`,
		pg.Args{"id": id})
	if err != nil {
		return nil, fmt.Errorf("list who looked: %w", err)
	}
	return looks, nil
}
