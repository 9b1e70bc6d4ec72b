package erasure

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/job"
	"laurel/internal/pg"
)

// A class is a kind of thing that is kept for so many days. due lists the ids of
// those whose time is over; end ends one of them, or warns that it will.
type class struct {
	days int
	due  string // takes @days
	lock string // what holds off whoever changes the thing @id; empty: nobody does
	end  func(ctx context.Context, tx pgx.Tx, id int64) error
}

// Whoever sends a draft locks its work, and then the entry.
const (
	lockEntry = `select from works where id = (select work_id from entries where id = @id) for update`
	lockWork  = `select from works where id = @id for update`
)

const unfrozen = `(w.frozen_until is null or w.frozen_until <= clock_timestamp())`

// What nobody has touched for so many days, of which makers are warned first
// and which then goes.
const (
	idleDrafts = `
		select d.entry_id as id
		from idle_drafts d
		join works w on w.id = d.work_id and ` + unfrozen + `
		where d.since < clock_timestamp() - make_interval(days => @days)
		order by d.entry_id`
	idleWorks = `
		select i.work_id as id
		from idle_works i
		join works w on w.id = i.work_id and ` + unfrozen + `
		where i.since < clock_timestamp() - make_interval(days => @days)
		order by i.work_id`
)

// keepLoose is how many days a file stays that was taken out of everything.
const keepLoose = 1

// loose are the files f that nothing holds.
const loose = `not exists (select from work_files w where w.file_id = f.id)
		  and not exists (select from entry_files e where e.file_id = f.id)
		  and not exists (select from editions ed where ed.hero_file_id = f.id)`

// classes are everything that is kept for a time, and for how long.
var classes = []class{
	{entry.KeepFilms, `
		select e.entry_id as id
		from entry_ends e
		where e.at < clock_timestamp() - make_interval(days => @days)
		  and exists (select from entry_files f where f.entry_id = e.entry_id and f.role = 'screener')
		order by e.entry_id`, lockEntry, endFilms},
	{entry.KeepData, `
		select e.entry_id as id
		from entry_ends e
		where e.at < clock_timestamp() - make_interval(days => @days)
		order by e.entry_id`, lockEntry, endEntry},
	{entry.KeepDrafts, idleDrafts, lockEntry, endEntry},
	{entry.KeepDrafts, idleWorks, lockWork, endWork},
	{entry.WarnDrafts, idleDrafts, lockEntry, warnDraft},
	{entry.WarnDrafts, idleWorks, lockWork, warnWork},
	{keepLoose, `
		select f.id
		from files f
		where f.created_at < clock_timestamp() - make_interval(days => @days) and ` + loose + `
		order by f.id`, "", endLoose},
	{entry.KeepNotes, `
		select s.id
		from scores s
		join assignments a on a.id = s.assignment_id
		join decisions d on d.entry_id = a.entry_id
		where s.note <> '' and d.released_at < clock_timestamp() - make_interval(days => @days)
		order by s.id`, "", endNote},
}

// Expire ends whatever has been kept for long enough, each thing in a
// transaction of its own, so that a large festival holds nobody up.
func Expire(ctx context.Context, pool *pgxpool.Pool) error {
	for _, c := range classes {
		ids, err := pg.Values[int64](ctx, pool, c.due, pg.Args{"days": c.days})
		if err != nil {
			return fmt.Errorf("list what has been kept for %d days: %w", c.days, err)
		}
		for _, id := range ids {
			if err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { return c.endOne(ctx, tx, id) }); err != nil {
				return fmt.Errorf("end what was kept for %d days: %w", c.days, err)
			}
		}
	}
	return nil
}

// endOne ends one thing, unless somebody has changed it since it was listed.
func (c class) endOne(ctx context.Context, tx pgx.Tx, id int64) error {
	if c.lock != "" {
		if _, err := tx.Exec(ctx, c.lock, pg.Args{"id": id}); err != nil {
			return fmt.Errorf("lock what was kept: %w", err)
		}
	}
	still, err := pg.Value[bool](ctx, tx, `select exists (select from (`+c.due+`) x where x.id = @id)`, pg.Args{"days": c.days, "id": id})
	if err != nil {
		return fmt.Errorf("look again at what was kept: %w", err)
	}
	if !still {
		return nil
	}
	return c.end(ctx, tx, id)
}

// endEntry empties an entry and leaves its work. A backup that is brought back
// is emptied again by the next day's round, so the record need not know.
func endEntry(ctx context.Context, tx pgx.Tx, id int64) error {
	s := scope{entries: []int64{id}}
	var err error
	if s.entryCodes, err = codesOf(ctx, tx, `select id, code from entries where id = any(@ids) for update`, s.entries); err != nil {
		return err
	}
	if s.files, err = ownFiles(ctx, tx, s); err != nil {
		return err
	}
	if s.blobs, err = blobsOf(ctx, tx, s.files); err != nil {
		return err
	}
	return endScope(ctx, tx, ofEntry, s)
}

func endWork(ctx context.Context, tx pgx.Tx, id int64) error {
	s, err := scopeOf(ctx, tx, []int64{id}, nil)
	if err != nil {
		return err
	}
	return endScope(ctx, tx, OfWork, s)
}

func endScope(ctx context.Context, tx pgx.Tx, kind Kind, s scope) error {
	if _, err := clearAll(ctx, tx, s); err != nil {
		return err
	}
	return leaveFiles(ctx, tx, kind, s.blobs)
}

// endFilms takes the screener of an entry away, and of its work as well when no
// entry of it is in play.
func endFilms(ctx context.Context, tx pgx.Tx, id int64) error {
	files, err := pg.Values[int64](ctx, tx, `
		with sent as (
			delete from entry_files
			where entry_id = @id and role = 'screener'
			returning file_id),
		kept as (
			delete from work_files f
			using entries e
			where e.id = @id and f.work_id = e.work_id and f.role = 'screener'
			  and f.file_id in (select file_id from sent)
			  and not exists (
			    select from entries o
			    where o.work_id = e.work_id and o.state <> 'erased' and o.id not in (select x.entry_id from entry_ends x)))
		select file_id from sent`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("take a screener away: %w", err)
	}
	blobs, err := forget(ctx, tx, files)
	if err != nil {
		return err
	}
	return leaveFiles(ctx, tx, ofFilms, blobs)
}

// endLoose deletes a file that was taken out of its work, as one is when
// another takes its place.
func endLoose(ctx context.Context, tx pgx.Tx, id int64) error {
	blobs, err := forget(ctx, tx, []int64{id})
	if err != nil || len(blobs) == 0 {
		return err
	}
	return leaveFiles(ctx, tx, ofFilms, blobs)
}

// forget removes the files that nothing holds any more.
func forget(ctx context.Context, tx pgx.Tx, files []int64) (blobs []string, err error) {
	free, err := pg.Values[int64](ctx, tx, `
		select f.id
		from files f
		where f.id = any(@files) and `+loose+`
		order by f.id
		for update`,
		pg.Args{"files": list(files)})
	if err != nil {
		return nil, fmt.Errorf("list free files: %w", err)
	}
	if blobs, err = blobsOf(ctx, tx, free); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `delete from files where id = any(@files)`, pg.Args{"files": list(free)}); err != nil {
		return nil, fmt.Errorf("forget files: %w", err)
	}
	return blobs, nil
}

// leaveFiles leaves blobs to the job that deletes them.
func leaveFiles(ctx context.Context, tx pgx.Tx, kind Kind, blobs []string) error {
	id, err := pg.Value[int64](ctx, tx, `
		insert into erasures (code, kind, record, receipt, blobs)
		values (@code, @kind, '', '', @blobs)
		returning id`,
		pg.Args{"code": account.Code(), "kind": kind, "blobs": list(blobs)})
	if err != nil {
		return fmt.Errorf("write erasure: %w", err)
	}
	return job.Enqueue(ctx, tx, job.ErasureArgs{ErasureID: id})
}

func endNote(ctx context.Context, tx pgx.Tx, id int64) error {
	if _, err := tx.Exec(ctx, `update scores set note = '' where id = @id`, pg.Args{"id": id}); err != nil {
		return fmt.Errorf("forget a juror's note: %w", err)
	}
	return nil
}
