package score

import (
	"context"
	"fmt"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
)

// Manners says in which ways a category is judged: blind, openly or both. While
// it has no round it may become either.
func Manners(ctx context.Context, db pg.DB, category festival.CategoryID) ([]bool, error) {
	blind, err := pg.Values[bool](ctx, db, `
		select distinct blind
		from rounds
		where category_id = @category
		order by blind`,
		pg.Args{"category": category})
	if err != nil {
		return nil, fmt.Errorf("list manners of judging: %w", err)
	}
	if len(blind) == 0 {
		return []bool{false, true}, nil
	}
	return blind, nil
}

// Rehearse is what a juror's page is made from, for the makers of the film: as
// it was sent, or as it stands while it is a draft; with the rubric of the first
// round that is judged so, if there is one, and no score. Whoever calls it knows
// that the reader is one of the makers.
func Rehearse(ctx context.Context, db pg.DB, id entry.ID, blind bool) (Watch, error) {
	w, err := pg.One[Watch](ctx, db, rehearsalSQL, pg.Args{"entry": id, "blind": blind})
	if err != nil {
		return Watch{}, fmt.Errorf("rehearse entry: %w", err)
	}
	if w.Rubric, err = jury.Rubric(ctx, db, w.RoundID); err != nil {
		return Watch{}, err
	}
	return w, w.readReplies(ctx, db)
}

// readReplies adds the answers that jurors read.
func (w *Watch) readReplies(ctx context.Context, db pg.DB) error {
	asked, err := entry.QuestionnairesOf(ctx, db, []entry.Entry{{ID: w.EntryID, CategoryID: w.CategoryID}})
	if err != nil {
		return err
	}
	w.Replies = asked[w.EntryID].ForJury()
	return nil
}

const rehearsalSQL = `
	select 0::bigint as assignment_id, coalesce(r.id, 0) as round_id, coalesce(r.name, '') as round_name, c.name as category_name,
	       ed.id as edition_id, f.name as festival_name, ed.name as edition_name, ed.prefix, e.number,
	       ed.city, ed.zone, ed.decisions_on, @blind::boolean as blind, coalesce(r.feedback, true) as feedback,
	       coalesce(r.scale_min, 1) as scale_min, coalesce(r.scale_max, 10) as scale_max,
	       coalesce(r.binding, 'raw') as binding, r.reviews_most,
	       coalesce(r.opens_at, statement_timestamp()) as opens_at, coalesce(r.closes_at, statement_timestamp()) as ends_at,
	       'open' as phase, 'open' as state, 1 as place, 1 as of,
	       e.id as entry_id, c.id as category_id, film.film, still.code as still_code, video.code as video_code,
	       screener.code is not null and video.code is null as preparing
	from entries e
	join works w on w.id = e.work_id
	join categories c on c.id = e.category_id
	join editions ed on ed.id = e.edition_id
	join festivals f on f.id = ed.festival_id
	cross join lateral (
	  select case when @blind then blind_film(coalesce(e.film, w.film)) else jury_film(coalesce(e.film, w.film)) end as film) film
	left join lateral (
	  select x.id, x.name, x.feedback, x.scale_min, x.scale_max, x.binding, x.reviews_most, x.opens_at, x.closes_at
	  from rounds x
	  where x.category_id = c.id and x.blind = @blind
	  order by x.opens_at, x.id
	  limit 1) r on true
	left join lateral (
	  select fi.code
	  from (select file_id, role, position from entry_files where entry_id = e.id and e.film is not null
	        union all
	        select file_id, role, position from work_files where work_id = w.id and e.film is null) x
	  join files fi on fi.id = x.file_id and fi.state = 'ready'
	  where x.role = 'still'
	  order by x.position
	  limit 1) still on true
	left join lateral (
	  select fi.id, fi.code
	  from (select file_id, role, position from entry_files where entry_id = e.id and e.film is not null
	        union all
	        select file_id, role, position from work_files where work_id = w.id and e.film is null) x
	  join files fi on fi.id = x.file_id and fi.state <> 'refused'
	  where x.role = 'screener'
	  order by x.position
	  limit 1) screener on true
	left join lateral (
	  select screener.code
	  from renditions v
	  where v.file_id = screener.id and v.name = 'video') video on true
	where e.id = @entry`
