package report

import (
	"context"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// MaySee tells whether the viewer (0: anybody) may be shown a file: the
// pictures of an opened call and of published films whose makers agreed, to
// all; everything of a film to its makers, and to who sent it as long as it is
// part of no film; what an entry holds to its jurors while they are assigned and
// seated or called to a final ballot with it, and to its organizers, unless they
// have a conflict. A moving picture is never for everybody, and what belongs to
// a film that its makers have shut is for nobody.
func MaySee(ctx context.Context, db pg.DB, viewer account.ID, file string) (bool, error) {
	return pg.Value[bool](ctx, db, maySee, pg.Args{"file": file, "viewer": viewer})
}

const maySee = `
	with film_files as (
		select wf.work_id, wf.file_id
		from work_files wf
		join files f on f.id = wf.file_id and f.code = @file
		union
		select e.work_id, ef.file_id
		from entry_files ef
		join entries e on e.id = ef.entry_id
		join files f on f.id = ef.file_id and f.code = @file)
	select not exists (
		select from film_files x
		join works w on w.id = x.work_id
		where w.frozen_until > statement_timestamp())
	and exists (
		select from files f
		where f.code = @file and f.owner_id = @viewer
		  and not exists (select from film_files x where x.file_id = f.id)
		union all
		select from files f
		join film_files x on x.file_id = f.id
		join makers m on m.work_id = x.work_id and m.account_id = @viewer
		where f.code = @file
		union all
		select from files f
		join editions ed on ed.hero_file_id = f.id
		where f.code = @file
		  and (ed.call_opened_at is not null
		       or exists (select from memberships m where m.festival_id = ed.festival_id and m.account_id = @viewer))
		union all
		select from files f
		join entry_files ef on ef.file_id = f.id and ef.role = 'still'
		join public_films p on p.entry_id = ef.entry_id and p.stills
		where f.code = @file
		union all
		select from files f
		join entry_files ef on ef.file_id = f.id
		join assignments a on a.entry_id = ef.entry_id and a.account_id = @viewer and a.state <> 'recused'
		join rounds r on r.id = a.round_id and r.opened_at is not null
		join seats t on t.panel_id = r.panel_id and t.account_id = a.account_id and t.left_at is null
		join entries e on e.id = ef.entry_id and e.state <> 'withdrawn'
		where f.code = @file
		  and not exists (select from kept_apart k where k.account_id = @viewer and k.entry_id = ef.entry_id)
		union all
		select from files f
		join entry_files ef on ef.file_id = f.id
		join juror_finalists j on j.entry_id = ef.entry_id and j.account_id = @viewer
		join deliberations d on d.id = j.deliberation_id and d.called_at is not null
		where f.code = @file
		union all
		select from files f
		join entry_files ef on ef.file_id = f.id
		join entries e on e.id = ef.entry_id and e.state <> 'withdrawn'
		join editions ed on ed.id = e.edition_id
		join memberships m on m.festival_id = ed.festival_id and m.account_id = @viewer
		where f.code = @file
		  and not exists (select from kept_apart k where k.account_id = @viewer and k.entry_id = e.id)
	)`
