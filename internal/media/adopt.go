package media

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/job"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// Sniffed is how many bytes at the beginning tell what a file is.
const Sniffed = 512

// An Incoming is a file whose bytes lie in the store already, all of them.
type Incoming struct {
	Kind    Kind // Screener or Still
	Owner   *int64
	BlobKey string
	Size    int64
	SHA256  []byte
	Head    []byte // the first bytes, Sniffed of them if there are so many
}

// Recognize says whether a file that begins so can be one of that kind, before
// the rest of it has come. What it is is seen from the bytes; names and types
// that the sender gives are not asked for. What cannot be taken is an Invalid
// problem at the field "file".
func Recognize(kind Kind, head []byte) (mediaType string, err error) {
	if len(head) == 0 {
		return "", empty()
	}
	format, ok := sniff(head)
	if !ok || format.film != (kind == Screener) {
		return "", wrongKind(kind)
	}
	return format.mediaType, nil
}

// Adopt writes down a file whose bytes have arrived; a job checks it and makes
// what people are shown.
func Adopt(ctx context.Context, tx pgx.Tx, in Incoming) (File, error) {
	mediaType, err := Recognize(in.Kind, in.Head)
	if err != nil {
		return File{}, err
	}
	return insert(ctx, tx, newFile{in, Checking, mediaType, nil, nil})
}

// newFile is a file that is about to get its row.
type newFile struct {
	Incoming
	state     State
	mediaType string
	width     *int
	height    *int
}

func insert(ctx context.Context, tx pgx.Tx, n newFile) (File, error) {
	f, err := pg.One[File](ctx, tx, `
		insert into files (code, owner_id, kind, state, step, media_type, size, sha256, blob_key, width, height)
		values (@code, @owner, @kind, @state, 'waiting', @type, @size, @sha, @key, @width, @height)
		returning `+fileColumns,
		pg.Args{"code": strings.ToLower(rand.Text()), "owner": n.Owner, "kind": string(n.Kind), "state": string(n.state), "type": n.mediaType,
			"size": n.Size, "sha": n.SHA256, "key": n.BlobKey, "width": n.width, "height": n.height})
	if err != nil {
		return File{}, fmt.Errorf("keep file: %w", err)
	}
	if n.Kind == Screener {
		return f, job.Enqueue(ctx, tx, job.GlanceArgs{FileID: int64(f.ID)})
	}
	return f, job.Enqueue(ctx, tx, job.MediaArgs{FileID: int64(f.ID)})
}

// Retry has a file worked on once more that is stuck or was refused. One that
// is ready is left alone.
func Retry(ctx context.Context, tx pgx.Tx, id ID) error {
	tag, err := tx.Exec(ctx, `
		update files
		set state = 'checking', refusal = '', step = 'waiting', progress = 0
		where id = @id and state <> 'ready'`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("retry file %d: %w", id, err)
	}
	if tag.RowsAffected() == 0 {
		return problem.New(problem.Conflict, "media.is-ready", "This file is ready already.")
	}
	return job.Enqueue(ctx, tx, job.MediaArgs{FileID: int64(id)})
}
