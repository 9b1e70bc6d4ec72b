package report

import (
	"context"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// MaySee tells whether the viewer (0: anybody) may be shown a file: the
// pictures of an opened call and of published films whose makers agreed, to
// all; everything to who sent it and to the owner of its film; what an entry holds to its jurors while
// they are assigned and seated or called to a final ballot with it, and to its
// organizers, unless they have a conflict.
// A moving picture is never for everybody.
func MaySee(ctx context.Context, db pg.DB, viewer account.ID, file string) (bool, error) {
	return pg.Value[bool](ctx, db, `
		select exists (
			select from files f
			where f.code = @file and f.owner_id = @viewer
			union all
			select from files f
			join works w on w.owner_id = @viewer
			where f.code = @file
			  and (exists (select from work_files wf where wf.work_id = w.id and wf.file_id = f.id)
			       or exists (select from entries e join entry_files ef on ef.entry_id = e.id where e.work_id = w.id and ef.file_id = f.id))
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
		)`,
		pg.Args{"file": file, "viewer": viewer})
}
