package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"laurel/internal/blob"
	"laurel/internal/pg"
)

// A Fault is what is wrong with a blob in the store.
type Fault string

// The faults. A sound blob has none.
const (
	Sound      Fault = ""
	Lost       Fault = "missing"    // there is nothing under its key
	Short      Fault = "length"     // it is shorter or longer than it was
	Altered    Fault = "content"    // its SHA-256 is another
	Unreadable Fault = "unreadable" // the store breaks off
)

// A Kept is a blob of a file, and what it has to be.
type Kept struct {
	Name    string // what it is, for those who run the installation
	FileID  ID
	BlobKey string
	Size    int64
	SHA256  []byte `db:"sha256"` // nil: no sum was taken when it was made
}

const keptColumns = `b.name, b.file_id, b.blob_key, b.size, b.sha256`

// AllKept lists every blob of every file.
func AllKept(ctx context.Context, db pg.DB) ([]Kept, error) {
	all, err := pg.Rows[Kept](ctx, db, `
		select `+keptColumns+`
		from kept_blobs b
		order by b.file_id, b.blob_key`,
		nil)
	if err != nil {
		return nil, fmt.Errorf("list blobs: %w", err)
	}
	return all, nil
}

// A Pace is told how many bytes were read and returns when more may be.
type Pace func(ctx context.Context, bytes int) error

// Scrub reads the blobs again that were not read for a week, those first that
// waited longest, and writes down what it finds. It ends when all are read or
// ctx is done; what was read until then counts.
func Scrub(ctx context.Context, db pg.DB, store blob.Store, pace Pace) error {
	due, err := pg.Rows[Kept](ctx, db, `
		select `+keptColumns+`
		from kept_blobs b
		left join blob_readings r on r.blob_key = b.blob_key
		where r.read_at is null or r.read_at < statement_timestamp() - interval '7 days'
		order by r.read_at nulls first, b.file_id, b.blob_key`,
		nil)
	if err != nil {
		return fmt.Errorf("list blobs to read: %w", err)
	}
	for _, k := range due {
		fault, err := k.Inspect(ctx, store, pace)
		if err != nil {
			return err
		}
		if err := k.note(ctx, db, fault); err != nil {
			return err
		}
	}
	return nil
}

// Inspect reads a blob to its end and says what is wrong with it. Only ctx is
// an error: a store that cannot be read is a fault.
func (k Kept) Inspect(ctx context.Context, store blob.Store, pace Pace) (Fault, error) {
	r, _, err := store.Open(ctx, k.BlobKey)
	if errors.Is(err, blob.ErrMissing) {
		return Lost, nil
	}
	if err != nil {
		return Unreadable, ctx.Err()
	}
	defer r.Close()
	sum := sha256.New()
	size, err := io.CopyBuffer(sum, paced{ctx, r, pace}, make([]byte, 1<<20))
	switch {
	case ctx.Err() != nil:
		return Sound, ctx.Err()
	case err != nil:
		return Unreadable, nil
	case size != k.Size:
		return Short, nil
	case k.SHA256 != nil && !bytes.Equal(sum.Sum(nil), k.SHA256):
		return Altered, nil
	}
	return Sound, nil
}

// paced reads as fast as a pace allows; nil: as fast as it goes.
type paced struct {
	ctx  context.Context
	r    io.Reader
	pace Pace
}

func (p paced) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := p.r.Read(b)
	if p.pace != nil && n > 0 {
		if late := p.pace(p.ctx, n); late != nil {
			return n, late
		}
	}
	return n, err
}

// note writes down what was found, unless the blob was replaced meanwhile.
func (k Kept) note(ctx context.Context, db pg.DB, fault Fault) error {
	_, err := db.Exec(ctx, `
		insert into blob_readings (blob_key, file_id, read_at, fault)
		select b.blob_key, b.file_id, clock_timestamp(), @fault
		from kept_blobs b
		where b.blob_key = @key and b.size = @size and b.sha256 is not distinct from @sha::bytea
		on conflict (blob_key) do update
		set read_at = excluded.read_at,
			fault = excluded.fault`,
		pg.Args{"key": k.BlobKey, "fault": string(fault), "size": k.Size, "sha": k.SHA256})
	if err != nil {
		return fmt.Errorf("note what was read of file %d: %w", k.FileID, err)
	}
	return nil
}

// A Damage is a blob that was not what it should be when it was last read.
type Damage struct {
	Name  string
	Fault Fault
}

// Damages lists what the last reading of each blob found.
func Damages(ctx context.Context, db pg.DB) ([]Damage, error) {
	all, err := pg.Rows[Damage](ctx, db, `
		select b.name, r.fault
		from blob_readings r
		join kept_blobs b on b.blob_key = r.blob_key
		where r.fault <> ''
		order by b.name`,
		nil)
	if err != nil {
		return nil, fmt.Errorf("list damaged blobs: %w", err)
	}
	return all, nil
}

// Unread is how many blobs nobody has read again although they are here for two
// weeks.
func Unread(ctx context.Context, db pg.DB) (int, error) {
	n, err := pg.Value[int](ctx, db, `
		select count(*)
		from kept_blobs b
		join files f on f.id = b.file_id and f.created_at < statement_timestamp() - interval '14 days'
		left join blob_readings r on r.blob_key = b.blob_key
		where coalesce(r.read_at, f.created_at) < statement_timestamp() - interval '14 days'`,
		nil)
	if err != nil {
		return 0, fmt.Errorf("count blobs not read: %w", err)
	}
	return n, nil
}
