package report

import (
	"context"
	"time"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/pg"
)

// RailFigures are the counts beside an organizer's navigation.
type RailFigures struct {
	Entries    int
	Categories int
	Juries     int
	Unanswered int // entries whose makers wait for an answer
}

// Rail counts what stands beside an organizer's navigation, as viewer may know it.
func Rail(ctx context.Context, db pg.DB, edition festival.EditionID, viewer account.ID) (RailFigures, error) {
	return pg.One[RailFigures](ctx, db, `
		select (select count(*) from present_entries e
		        where e.edition_id = @id and e.state <> 'draft'
		          and e.id not in (select k.entry_id from kept_apart k where k.account_id = @viewer))::int as entries,
		       (select count(*) from categories where edition_id = @id)::int as categories,
		       (select count(*) from panels where edition_id = @id)::int as juries,
		       (select count(distinct m.entry_id)
		        from messages m
		        join present_entries e on e.id = m.entry_id and e.edition_id = @id and e.state <> 'erased'
		        join works w on w.id = e.work_id and (w.frozen_until is null or w.frozen_until <= statement_timestamp())
		        where m.side = 'makers' and m.read_at is null
		          and e.id not in (select k.entry_id from kept_apart k where k.account_id = @viewer))::int as unanswered`,
		pg.Args{"id": edition, "viewer": viewer})
}

// A CategoryLine is a category on the overview.
type CategoryLine struct {
	Slug      string
	Name      string
	Entries   int
	ToCheck   int // submitted, eligibility not confirmed
	Given     int // viewings asked for in rounds that are not closed
	Done      int
	ClosesAt  *time.Time // the last rung
	Round     *string    // code of the newest round
	RoundName *string
	Decided   int
	Told      int
}

// Overview counts where each category stands, in order.
func Overview(ctx context.Context, db pg.DB, edition festival.EditionID) ([]CategoryLine, error) {
	return pg.Rows[CategoryLine](ctx, db, `
		select c.slug, c.name,
		       count(e.id) filter (where e.state <> 'draft')::int as entries,
		       count(e.id) filter (where e.state = 'submitted')::int as to_check,
		       coalesce(max(g.given), 0)::int as given,
		       coalesce(max(g.done), 0)::int as done,
		       (select max(d.closes_at) from deadlines d where d.category_id = c.id) as closes_at,
		       max(r.code) as round, max(r.name) as round_name,
		       count(x.entry_id)::int as decided,
		       count(x.released_at)::int as told
		from categories c
		left join present_entries e on e.category_id = c.id
		left join decisions x on x.entry_id = e.id
		left join lateral (
			select o.id, o.code, o.name from rounds o
			where o.category_id = c.id
			order by o.opens_at desc, o.id desc
			limit 1
		) r on true
		left join lateral (
			select count(*) filter (where a.state <> 'recused') as given, count(*) filter (where a.state = 'done') as done
			from assignments a
			where a.round_id = r.id
		) g on true
		where c.edition_id = @edition
		group by c.id
		order by c.position`,
		pg.Args{"edition": edition})
}

// A Day says how many entries came on a day of the edition's zone.
type Day struct {
	Day   time.Time
	Count int
}

// Arrivals counts entries by day, oldest first, over the last days.
func Arrivals(ctx context.Context, db pg.DB, edition festival.EditionID, zone string, days int) ([]Day, error) {
	return pg.Rows[Day](ctx, db, `
		select (submitted_at at time zone @zone)::date as day, count(*)::int as count
		from present_entries
		where edition_id = @edition and submitted_at > clock_timestamp() - make_interval(days => @days)
		group by 1
		order by 1`,
		pg.Args{"edition": edition, "zone": zone, "days": days})
}
