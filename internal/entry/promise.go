package entry

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/internal/pg"
)

// Coming is the state of a file that was announced with its length and SHA-256
// and whose bytes are still on their way.
const Coming media.State = "coming"

// Expected is FilesOf with the films that are announced and not here yet, where
// a work has no film: an entry may be sent with such a one.
func Expected(ctx context.Context, db pg.DB, works []WorkID) (map[WorkID][]File, error) {
	files, err := FilesOf(ctx, db, works)
	if err != nil {
		return nil, err
	}
	coming, err := pg.Rows[struct {
		WorkID WorkID
		Size   int64
	}](ctx, db, `
		select work_id, size
		from announced_films
		where work_id = any(@works)
		order by work_id`,
		pg.Args{"works": numbers(works)})
	if err != nil {
		return nil, fmt.Errorf("list announced films: %w", err)
	}
	for _, c := range coming {
		if !holds(files[c.WorkID], ScreenerFile) {
			files[c.WorkID] = append(files[c.WorkID], File{OwnerID: int64(c.WorkID), Role: ScreenerFile, State: Coming, Size: c.Size})
		}
	}
	return files, nil
}

// notHere says that a category takes no film that is still on its way.
func notHere(ctx context.Context, files []File, c festival.Category) (Finding, bool) {
	coming, here := false, false
	for _, f := range files {
		coming = coming || f.State == Coming
		here = here || f.Role == ScreenerFile && f.State != Coming && f.State != media.Refused
	}
	return Finding{Screener, "screener", true, locale.T(ctx, "entry.not-here", "{{.Category}} takes a film once it is here, and yours is still on its way", "Category", c.Name)},
		c.ID != 0 && c.BytesHours == 0 && coming && !here
}

// A Promise is the film that an entry was sent with before its bytes were here.
type Promise struct {
	EntryID ID
	Size    int64     // bytes
	SHA256  []byte    // of the whole
	Until   time.Time // when the bytes have to be here
	KeptAt  *time.Time
	Over    bool // Until has passed, and the film is not here
}

// Promises are those of entries, by entry.
func Promises(ctx context.Context, db pg.DB, entries []ID) (map[ID]Promise, error) {
	all, err := pg.Rows[Promise](ctx, db, `
		select entry_id, size, sha256, until, kept_at, kept_at is null and until <= clock_timestamp() as over
		from promise_windows
		where entry_id = any(@entries)`,
		pg.Args{"entries": numbers(entries)})
	if err != nil {
		return nil, fmt.Errorf("list promised films: %w", err)
	}
	by := map[ID]Promise{}
	for _, p := range all {
		by[p.EntryID] = p
	}
	return by, nil
}

// promise writes down the film that is announced, for an entry that is sent
// without one; what was promised before and is still owed is forgotten.
func (s submission) promise(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
		delete from promises
		where entry_id = @entry`,
		pg.Args{"entry": s.ID})
	if err != nil {
		return fmt.Errorf("forget promised film: %w", err)
	}
	if s.category.BytesHours == 0 {
		return nil
	}
	_, err = tx.Exec(ctx, `
		insert into promises (entry_id, size, sha256, closes_at)
		select @entry, size, claimed, @closes
		from announced_films
		where work_id = @work and not exists (
			select from entry_files x
			join files f on f.id = x.file_id
			where x.entry_id = @entry and x.role = 'screener' and f.state <> 'refused')`,
		pg.Args{"entry": s.ID, "work": s.WorkID, "closes": s.closes()})
	if err != nil {
		return fmt.Errorf("promise film: %w", err)
	}
	return nil
}

// keepPromises gives a film that arrived to the entries of its work that were
// sent with its length and SHA-256, if they may still have it. They then stand
// as they were sent: version is the work's since the film is with it.
func keepPromises(ctx context.Context, tx pgx.Tx, w Work, file media.ID, version int) error {
	kept, err := pg.Values[ID](ctx, tx, `
		update promises p
		set file_id = f.id, kept_at = clock_timestamp()
		from promise_windows pw, files f
		where pw.entry_id = p.entry_id
		  and pw.work_id = @work
		  and pw.kept_at is null
		  and pw.until > clock_timestamp()
		  and f.id = @file
		  and f.size = p.size
		  and f.sha256 = p.sha256
		returning p.entry_id`,
		pg.Args{"work": w.ID, "file": file})
	if err != nil {
		return fmt.Errorf("keep promised film: %w", err)
	}
	if len(kept) == 0 {
		return nil
	}
	_, err = tx.Exec(ctx, `
		with given as (
			insert into entry_files (entry_id, file_id, role, position)
			select id, @file, 'screener', 1
			from unnest(@entries::bigint[]) as id
			on conflict on constraint entry_files_pkey do nothing)
		update entries
		set film_version = @version
		where id = any(@entries) and film_version = @before`,
		pg.Args{"entries": numbers(kept), "file": file, "version": version, "before": w.Version})
	if err != nil {
		return fmt.Errorf("give film to entries: %w", err)
	}
	return nil
}

// WithPromise is files with the film that an entry was sent with before it was
// here; without a promise they are as they are.
func WithPromise(files []File, p Promise) []File {
	if p.EntryID == 0 || p.KeptAt != nil {
		return files
	}
	return append(slices.Clip(files), File{OwnerID: int64(p.EntryID), Role: ScreenerFile, State: Coming, Size: p.Size})
}
