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

// A class is a kind of thing that is kept for so many days. kept lists the id of
// each and since when its days are counted; end ends one of them, or warns that
// it will.
type class struct {
	name string // for those who watch that the round is done; empty: it ends nothing
	days int
	kept string // columns id and since
	lock string // what holds off whoever changes the thing @id; empty: nobody does
	end  func(ctx context.Context, tx pgx.Tx, id int64) error
}

// due lists those of a class whose time is over.
func (c class) due() string {
	return `
		select x.id
		from (` + c.kept + `) as x
		where x.since < clock_timestamp() - make_interval(days => @days)
		order by x.id`
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
		select d.entry_id as id, d.since
		from idle_drafts d
		join works w on w.id = d.work_id and ` + unfrozen
	idleWorks = `
		select i.work_id as id, i.since
		from idle_works i
		join works w on w.id = i.work_id and ` + unfrozen
)

// keepLoose is how many days a file stays that was taken out of everything.
const keepLoose = 1

// loose are the files f that nothing holds.
const loose = `not exists (select from work_files w where w.file_id = f.id)
		  and not exists (select from entry_files e where e.file_id = f.id)
		  and not exists (select from editions ed where ed.hero_file_id = f.id)`

// words are what makers and festival wrote to each other. What is still needed
// of the makers is not among it.
const words = `
		select w.entry_id as id, min(greatest(p.at, w.at)) as since
		from (
		  select entry_id, at from messages
		  union all
		  select entry_id, created_at from tasks where done_at is not null or confirmed_at is not null) as w
		join entries e on e.id = w.entry_id
		join publications p on p.edition_id = e.edition_id and p.at is not null
		group by w.entry_id`

// classes are everything that is kept for a time, and for how long.
var classes = []class{
	{"films", entry.KeepFilms, `
		select e.entry_id as id, e.at as since
		from entry_ends e
		where exists (select from entry_files f where f.entry_id = e.entry_id and f.role = 'screener')`, lockEntry, endFilms},
	{"entries", entry.KeepData, `select e.entry_id as id, e.at as since from entry_ends e`, lockEntry, endEntry},
	{"drafts", entry.KeepDrafts, idleDrafts, lockEntry, endEntry},
	{"works", entry.KeepDrafts, idleWorks, lockWork, endWork},
	{"", entry.WarnDrafts, idleDrafts, lockEntry, warnDraft},
	{"", entry.WarnDrafts, idleWorks, lockWork, warnWork},
	{"messages", entry.KeepWords, words, lockEntry, endWords},
	{"files", keepLoose, `
		select f.id, f.created_at as since
		from files f
		where ` + loose, "", endLoose},
	{"fingerprints", entry.KeepTold, `
		select f.id, max(d.closes_at) as since
		from fingerprints f
		join categories c on c.edition_id = f.edition_id
		join deadlines d on d.category_id = c.id
		group by f.id`, "", endFingerprint},
	{"notes", entry.KeepNotes, `
		select s.id, d.released_at as since
		from scores s
		join assignments a on a.id = s.assignment_id
		join decisions d on d.entry_id = a.entry_id
		where s.note <> '' and d.released_at is not null`, "", endNote},
}

// Expire ends whatever has been kept for long enough, each thing in a
// transaction of its own, so that a large festival holds nobody up.
func Expire(ctx context.Context, pool *pgxpool.Pool) error {
	for _, c := range classes {
		ids, err := pg.Values[int64](ctx, pool, c.due(), pg.Args{"days": c.days})
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

// A Class is a kind of thing that is kept for a time, as those see it who watch
// that it goes.
type Class struct {
	Name   string
	Keep   int     // days
	Oldest float64 // days since the oldest of them began to wait; 0: there is none
}

// Oldest tells for each class how long its oldest thing has waited. A day or so
// beyond Keep is the time to the next round; more says that none was done.
func Oldest(ctx context.Context, db pg.DB) ([]Class, error) {
	var list []Class
	for _, c := range classes {
		if c.name == "" {
			continue
		}
		days, err := pg.Value[float64](ctx, db, `
			select coalesce(extract(epoch from clock_timestamp() - min(x.since)) / 86400, 0)::float8
			from (`+c.kept+`) as x
			where x.since <= clock_timestamp()`, pg.Args{})
		if err != nil {
			return nil, fmt.Errorf("find the oldest of %s: %w", c.name, err)
		}
		list = append(list, Class{Name: c.name, Keep: c.days, Oldest: days})
	}
	return list, nil
}

// endOne ends one thing, unless somebody has changed it since it was listed.
func (c class) endOne(ctx context.Context, tx pgx.Tx, id int64) error {
	if c.lock != "" {
		if _, err := tx.Exec(ctx, c.lock, pg.Args{"id": id}); err != nil {
			return fmt.Errorf("lock what was kept: %w", err)
		}
	}
	still, err := pg.Value[bool](ctx, tx, `select exists (select from (`+c.due()+`) as due where due.id = @id)`, pg.Args{"days": c.days, "id": id})
	if err != nil {
		return fmt.Errorf("look again at what was kept: %w", err)
	}
	if !still {
		return nil
	}
	return c.end(ctx, tx, id)
}

// endWords deletes what was written about an entry long enough ago, and notes
// that for its page. A later message stays for its own time.
func endWords(ctx context.Context, tx pgx.Tx, id int64) error {
	for _, sql := range []string{
		`delete from messages
		where entry_id = @id and at < clock_timestamp() - make_interval(days => @days)`,
		`delete from tasks
		where entry_id = @id and created_at < clock_timestamp() - make_interval(days => @days)
		  and (done_at is not null or confirmed_at is not null)`,
	} {
		if _, err := tx.Exec(ctx, sql, pg.Args{"id": id, "days": entry.KeepWords}); err != nil {
			return fmt.Errorf("delete what was written: %w", err)
		}
	}
	_, err := tx.Exec(ctx, `
		insert into cleared_threads (entry_id)
		values (@id)
		on conflict on constraint cleared_threads_pkey
		do update set at = excluded.at`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("note that what was written is deleted: %w", err)
	}
	return nil
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

func endFingerprint(ctx context.Context, tx pgx.Tx, id int64) error {
	if _, err := tx.Exec(ctx, `delete from fingerprints where id = @id`, pg.Args{"id": id}); err != nil {
		return fmt.Errorf("forget a fingerprint: %w", err)
	}
	return nil
}

func endNote(ctx context.Context, tx pgx.Tx, id int64) error {
	if _, err := tx.Exec(ctx, `update scores set note = '' where id = @id`, pg.Args{"id": id}); err != nil {
		return fmt.Errorf("forget a juror's note: %w", err)
	}
	return nil
}
