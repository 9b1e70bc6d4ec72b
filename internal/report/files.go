package report

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/media"
	"laurel/internal/pg"
)

// MaySee tells whether the viewer (0: anybody) may be shown a file: the
// pictures of an opened call and of published films whose makers agreed, to
// all; everything of a film to its makers, and to who sent it as long as it is
// part of no film; what an entry holds to its jurors while they are assigned and
// seated or called to a final ballot with it, and to its organizers, unless they
// have a conflict. A film itself is seen by jurors only as long as they judge
// it, and by nobody in a way that its makers asked the festival not to show it.
// A moving picture is never for everybody, and what belongs to a film that its
// makers have shut is for nobody.
func MaySee(ctx context.Context, db pg.DB, viewer account.ID, file string) (bool, error) {
	return pg.Value[bool](ctx, db, ways+`
	select exists (select from way)`,
		pg.Args{"file": file, "viewer": viewer})
}

// A Shown is a rendition that somebody may see.
type Shown struct {
	Name      media.Size
	MediaType string
	BlobKey   string
}

// See is the first of some renditions that a file has, for a viewer who may see
// it: asked anew for each piece of a film, so rights and rendition are one
// query. What there is not and what somebody may not see are pgx.ErrNoRows
// alike. A film in one piece is not for those who are only to watch it.
func See(ctx context.Context, db pg.DB, viewer account.ID, file string, names []media.Size) (Shown, error) {
	tried := []string{ways}
	if len(names) == 1 && names[0].Moving() {
		tried = []string{roundWays, otherFilmWays}
	}
	var r Shown
	err := error(pgx.ErrNoRows)
	for i := 0; i < len(tried) && errors.Is(err, pgx.ErrNoRows); i++ {
		r, err = pg.One[Shown](ctx, db, tried[i]+`
	select r.name, r.media_type, r.blob_key
	from renditions r
	join files f on f.id = r.file_id and f.code = @file and f.state = 'ready'
	where r.name = any(@names::text[])
	  and exists (select from way where way.whole or r.name <> 'video')
	order by array_position(@names::text[], r.name)
	limit 1`,
			pg.Args{"file": file, "viewer": viewer, "names": words(names)})
	}
	if err != nil {
		return Shown{}, fmt.Errorf("see a rendition: %w", err)
	}
	return r, nil
}

func words[T ~string](names []T) []string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = string(n)
	}
	return list
}

// ways are the reasons why @viewer may see @file; whole: also as one file. A
// film is asked for piece by piece, and the database is quicker the less it is
// asked: first for the ways of those who watch most, makers and the jurors of a
// round, then for the rest of those that hold for films.
const (
	ways          = asked + ownWay + or + pictureWay + or + roundWay + or + finalWay + or + organizerWay + ")"
	roundWays     = asked + ownWay + or + roundWay + ")"
	otherFilmWays = asked + finalWay + or + organizerWay + ")"
)

// asked is the file, the films that it belongs to, and whether one is shut.
const asked = `
	with asked as (
		select f.id, f.owner_id, f.kind in ('screener', 'subtitles') as moving
		from files f
		where f.code = @file),
	film_files as (
		select wf.work_id
		from work_files wf
		join asked on asked.id = wf.file_id
		union
		select e.work_id
		from entry_files ef
		join asked on asked.id = ef.file_id
		join entries e on e.id = ef.entry_id),
	frozen as (
		select
		from film_files x
		join works w on w.id = x.work_id
		where w.frozen_until > statement_timestamp()),
	way (whole) as (`

const or = `
		union all`

// ownWay is open to who sent a file and to the makers of its film.
const ownWay = `
		select true
		from asked
		where asked.owner_id = @viewer
		  and not exists (select from film_files)
		union all
		select true
		from asked
		join film_files x on true
		join makers m on m.work_id = x.work_id and m.account_id = @viewer
		where not exists (select from frozen)`

// pictureWay is open to everybody: an opened call's, and of films that are public.
const pictureWay = `
		select true
		from asked
		join editions ed on ed.hero_file_id = asked.id
		where ed.call_opened_at is not null
		   or exists (select from memberships m where m.festival_id = ed.festival_id and m.account_id = @viewer)
		union all
		select true
		from asked
		join entry_files ef on ef.file_id = asked.id and ef.role = 'still'
		join public_films p on p.entry_id = ef.entry_id and p.stills
		where not exists (select from frozen)`

// roundWay is open to jurors while they judge a film.
const roundWay = `
		select not w.screener_limits @> '{stream}'
		from asked
		join entry_files ef on ef.file_id = asked.id
		join assignments a on a.entry_id = ef.entry_id and a.account_id = @viewer and a.state <> 'recused'
		join rounds r on r.id = a.round_id and r.opened_at is not null
		join seats t on t.panel_id = r.panel_id and t.account_id = a.account_id and t.left_at is null
		join entries e on e.id = ef.entry_id and e.state <> 'withdrawn'
		join works w on w.id = e.work_id
		where not exists (select from frozen)
		  and not exists (select from kept_apart k where k.account_id = @viewer and k.entry_id = ef.entry_id)
		  and (not asked.moving
		       or r.opens_at <= statement_timestamp() and r.closed_at is null and r.closes_at > statement_timestamp()
		          and (r.extended_at is null or a.created_at >= r.extended_at)
		          and not w.screener_limits @> '{room}'
		          and (r.category_id = e.category_id or not w.screener_limits @> '{category}'))`

// finalWay is open to jurors who are called to a final ballot.
const finalWay = `
		select not w.screener_limits @> '{stream}'
		from asked
		join entry_files ef on ef.file_id = asked.id
		join juror_finalists j on j.entry_id = ef.entry_id and j.account_id = @viewer
		join deliberations d on d.id = j.deliberation_id and d.called_at is not null
		join entries e on e.id = ef.entry_id
		join works w on w.id = e.work_id
		where not exists (select from frozen)
		  and (not asked.moving
		       or d.unsealed_at is null and d.closes_at > statement_timestamp()
		          and not w.screener_limits @> '{room}'
		          and (not w.screener_limits @> '{category}'
		               or exists (select from rounds r where r.panel_id = d.panel_id and r.category_id = e.category_id)))`

// organizerWay is open to organizers of the festival.
const organizerWay = `
		select not w.screener_limits @> '{stream}'
		from asked
		join entry_files ef on ef.file_id = asked.id
		join entries e on e.id = ef.entry_id and e.state <> 'withdrawn'
		join works w on w.id = e.work_id
		join editions ed on ed.id = e.edition_id
		join memberships m on m.festival_id = ed.festival_id and m.account_id = @viewer
		where not exists (select from frozen)
		  and not exists (select from kept_apart k where k.account_id = @viewer and k.entry_id = e.id)
		  and (not asked.moving or w.screener_limits @> '{room}' or not w.screener_limits @> '{category}')`
