package upload

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// Limits are how much is taken, in bytes. Room is reserved when an upload
// begins, so that nobody sends for days what is then refused.
type Limits struct {
	Screener int64 // the greatest film
	Work     int64 // all files of a work; 0: no limit
	All      int64 // all files of the installation; 0: no limit
	Reserve  int64 // what stays free on the disk
}

// greatest is the largest file of a role that is taken.
func (l Limits) greatest(role entry.FileRole) int64 {
	if role == entry.ScreenerFile {
		return l.Screener
	}
	return media.MaxStill
}

// Room refuses a file of so many bytes for which there is none: of a work's, or
// of a festival's own (0). It is for files that are too small to be uploads, and
// holds others off until the transaction ends.
func Room(ctx context.Context, tx pgx.Tx, parts *blob.Parts, limits Limits, work entry.WorkID, size int64) error {
	return reserve(ctx, tx, parts, limits, work, size)
}

// OrFull is err, or the problem of a full disk where that is why.
func OrFull(err error) error {
	if noRoom(err) {
		return errors.Join(full(), err)
	}
	return err
}

// reserve refuses when there is no room for so many further bytes of a work. It
// holds others off until the transaction ends: rooms are given one at a time.
func reserve(ctx context.Context, tx pg.DB, parts *blob.Parts, limits Limits, work entry.WorkID, more int64) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('uploads'))`); err != nil {
		return fmt.Errorf("reserve room: %w", err)
	}
	used, err := usage(ctx, tx, work)
	if err != nil {
		return err
	}
	if limits.Work > 0 && used.Work+more > limits.Work {
		return problem.New(problem.TooLarge, "upload.work-full", "All files of a film may have {{.Limit}} together, and {{.Used}} are taken or on their way.",
			"Limit", locale.Size(ctx, limits.Work), "Used", locale.Size(ctx, used.Work))
	}
	free, _, err := parts.Free()
	if err != nil {
		return err
	}
	if limits.All > 0 && used.All+more > limits.All || int64(free)-used.Coming-more < limits.Reserve {
		return full()
	}
	return nil
}

// taken is how many bytes are taken: by the files of one work and by all files,
// each with what is on its way, and what of that has yet to come.
type taken struct{ Work, All, Coming int64 }

func usage(ctx context.Context, tx pg.DB, work entry.WorkID) (taken, error) {
	t, err := pg.One[taken](ctx, tx, `
		with open as (
			select work_id, coalesce(size, durable) as size, durable
			from uploads
			where state = 'open')
		select (select coalesce(sum(f.size), 0)::bigint
		        from files f
		        where f.id in (select x.file_id from work_files x where x.work_id = @work
		                       union
		                       select y.file_id from entry_files y join entries e on e.id = y.entry_id where e.work_id = @work))
		       + (select coalesce(sum(size), 0)::bigint from open where work_id = @work) as work,
		       (select coalesce(sum(size), 0)::bigint from files) + (select coalesce(sum(size), 0)::bigint from open) as all,
		       (select coalesce(sum(size - durable), 0)::bigint from open) as coming`,
		pg.Args{"work": work})
	if err != nil {
		return taken{}, fmt.Errorf("sum up files: %w", err)
	}
	return t, nil
}

// full is the problem of a disk, or an installation, that takes nothing more
// for now.
func full() error {
	return problem.New(problem.Full, "upload.full", "There is no room for more files just now. The organizers have to make some; what has arrived is safe, and can be continued then.")
}

// noRoom says whether a write failed because the disk is full, or what the
// process or its user may write.
func noRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
