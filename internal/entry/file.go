package entry

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// MaxStills is how many stills a work may have, and MaxSubtitles how many files
// of subtitles.
const (
	MaxStills    = 12
	MaxSubtitles = 16
)

// A FileRole is what a file is for a work.
type FileRole string

// The roles of a file.
const (
	ScreenerFile  FileRole = "screener"
	StillFile     FileRole = "still"
	SubtitlesFile FileRole = "subtitles" // of the screener, in one language
)

// A File is a work's or an entry's screener, still or file of subtitles.
type File struct {
	OwnerID   int64 // of the work, or of the entry
	FileID    media.ID
	Code      string
	Role      FileRole
	Position  int
	State     media.State
	Refusal   string // see media.Why; empty unless refused
	MediaType string
	Size      int64
	Width     *int
	Height    *int
	Seconds   *int
	Step      media.Step
	Progress  int             // per cent of Step
	Findings  *media.Findings // of a screener that was measured
	Glance    bool            // its makers can see the beginning of it while the rest is being made
	CreatedAt time.Time
}

const fileColumns = `f.id as file_id, f.code, x.role, x.position, f.state, f.refusal, f.media_type, f.size,
	f.width, f.height, f.seconds, f.step, f.progress, nullif(f.findings, '{}') as findings, f.created_at,
	f.state = 'checking' and exists (select from renditions r where r.file_id = f.id and r.name = 'glance') as glance`

// FilesOf lists the works' files by work: the screener first, then the stills
// in order, then the subtitles.
func FilesOf(ctx context.Context, db pg.DB, works []WorkID) (map[WorkID][]File, error) {
	files, err := pg.Rows[File](ctx, db, `
		select x.work_id as owner_id, `+fileColumns+`
		from work_files x
		join files f on f.id = x.file_id
		where x.work_id = any(@works)
		order by x.work_id, x.role, x.position, f.id`,
		pg.Args{"works": numbers(works)})
	if err != nil {
		return nil, fmt.Errorf("list files of works: %w", err)
	}
	return grouped[WorkID](files), nil
}

// FilesSent is FilesOf for the snapshots of entries.
func FilesSent(ctx context.Context, db pg.DB, entries []ID) (map[ID][]File, error) {
	files, err := pg.Rows[File](ctx, db, `
		select x.entry_id as owner_id, `+fileColumns+`
		from entry_files x
		join files f on f.id = x.file_id
		where x.entry_id = any(@entries)
		order by x.entry_id, x.role, x.position, f.id`,
		pg.Args{"entries": numbers(entries)})
	if err != nil {
		return nil, fmt.Errorf("list files of entries: %w", err)
	}
	return grouped[ID](files), nil
}

// numbers are ids as Postgres takes them.
func numbers[T ~int64](ids []T) []int64 {
	all := make([]int64, len(ids))
	for i, id := range ids {
		all[i] = int64(id)
	}
	return all
}

func grouped[T ~int64](files []File) map[T][]File {
	by := map[T][]File{}
	for _, f := range files {
		by[T(f.OwnerID)] = append(by[T(f.OwnerID)], f)
	}
	return by
}

// Attach gives a file that a maker uploaded to a work. A new screener takes
// the place of the old one; stills and subtitles are added at the end.
func Attach(ctx context.Context, tx pgx.Tx, maker account.ID, code string, role FileRole, file media.ID) error {
	w, files, err := lockFiles(ctx, tx, maker, code)
	if err != nil {
		return err
	}
	position := 1
	switch role {
	case ScreenerFile:
		for _, f := range files {
			if f.Role == ScreenerFile {
				if err := detach(ctx, tx, w.ID, f.FileID); err != nil {
					return err
				}
			}
		}
	case StillFile:
		position = 1 + len(stillsOf(files))
		if position > MaxStills {
			return problem.Field("still", "work.too-many-stills", "A film has up to {{.Max}} stills. Remove one first.", "Max", MaxStills)
		}
	case SubtitlesFile:
		position = nextSubtitles(files)
		if position > MaxSubtitles {
			return problem.Field("subtitles", "work.too-many-subtitles", "A film has up to {{.Max}} files of subtitles. Remove one first.", "Max", MaxSubtitles)
		}
	}
	_, err = tx.Exec(ctx, `
		insert into work_files (work_id, file_id, role, position)
		select @work, f.id, @role, @position
		from files f
		where f.id = @file and f.owner_id = @maker`,
		pg.Args{"work": w.ID, "file": file, "maker": maker, "role": role, "position": position})
	if err != nil {
		return fmt.Errorf("attach file: %w", err)
	}
	if err := changedFiles(ctx, tx, maker, w); err != nil || role != ScreenerFile {
		return err
	}
	return keepPromises(ctx, tx, w, file, w.Version+1)
}

// Remove takes a file away from a work. An entry that was sent with it keeps
// it until changes are sent.
func Remove(ctx context.Context, tx pgx.Tx, maker account.ID, code, file string) error {
	w, files, err := lockFiles(ctx, tx, maker, code)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(files, func(f File) bool { return f.Code == file })
	if i < 0 {
		return problem.Missing()
	}
	if err := detach(ctx, tx, w.ID, files[i].FileID); err != nil {
		return err
	}
	if err := order(ctx, tx, w.ID, stillsOf(slices.Delete(files, i, i+1))); err != nil {
		return err
	}
	return changedFiles(ctx, tx, maker, w)
}

// MoveStill moves a still by so many places, -1 for one to the front.
func MoveStill(ctx context.Context, tx pgx.Tx, maker account.ID, code, file string, by int) error {
	w, files, err := lockFiles(ctx, tx, maker, code)
	if err != nil {
		return err
	}
	stills := stillsOf(files)
	i := slices.IndexFunc(stills, func(f File) bool { return f.Code == file })
	if i < 0 {
		return problem.Missing()
	}
	to := min(max(i+by, 0), len(stills)-1)
	moved := stills[i]
	stills = slices.Insert(slices.Delete(stills, i, i+1), to, moved)
	if err := order(ctx, tx, w.ID, stills); err != nil {
		return err
	}
	return changedFiles(ctx, tx, maker, w)
}

func lockFiles(ctx context.Context, tx pgx.Tx, maker account.ID, code string) (Work, []File, error) {
	w, err := lockWork(ctx, tx, maker, code, LevelEdit)
	if err != nil {
		return Work{}, nil, err
	}
	files, err := FilesOf(ctx, tx, []WorkID{w.ID})
	return w, files[w.ID], err
}

// stillsOf are the stills among files, in a slice of its own.
func stillsOf(files []File) []File {
	var stills []File
	for _, f := range files {
		if f.Role == StillFile {
			stills = append(stills, f)
		}
	}
	return stills
}

// nextSubtitles is the place behind the last file of subtitles, or one that is
// free between them.
func nextSubtitles(files []File) int {
	taken := map[int]bool{}
	for _, f := range files {
		if f.Role == SubtitlesFile {
			taken[f.Position] = true
		}
	}
	free := 1
	for taken[free] {
		free++
	}
	return free
}

func detach(ctx context.Context, tx pgx.Tx, work WorkID, file media.ID) error {
	_, err := tx.Exec(ctx, `
		delete from work_files
		where work_id = @work and file_id = @file`,
		pg.Args{"work": work, "file": file})
	if err != nil {
		return fmt.Errorf("detach file: %w", err)
	}
	return nil
}

// order writes down the order in which stills stand in the slice.
func order(ctx context.Context, tx pgx.Tx, work WorkID, stills []File) error {
	ids := make([]int64, len(stills))
	for i, s := range stills {
		ids[i] = int64(s.FileID)
	}
	_, err := tx.Exec(ctx, `
		update work_files
		set position = array_position(@ids::bigint[], file_id)
		where work_id = @work and file_id = any(@ids)`,
		pg.Args{"work": work, "ids": ids})
	if err != nil {
		return fmt.Errorf("order stills: %w", err)
	}
	return nil
}

func changedFiles(ctx context.Context, tx pgx.Tx, maker account.ID, w Work) error {
	version, err := write(ctx, tx, w, maker)
	if err != nil {
		return err
	}
	return record(ctx, tx, maker, nil, "work.files", "work", int64(w.ID), map[string]any{"version": version})
}
