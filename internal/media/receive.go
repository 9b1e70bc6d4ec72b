package media

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/job"
	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// An Arrival is a file whose bytes are kept and about which no row speaks yet:
// Keep it, or Discard it.
type Arrival struct {
	kind      Kind
	mediaType string
	key       string
	stored    blob.Stored
	width     int // of a picture
	height    int
	made      []Rendition
}

// Receive takes the bytes of a file of at most limit bytes. What they are is
// seen from the bytes; the sender's name and type for them are not asked for.
// A picture is re-made at once. A file that cannot be taken is an Invalid
// problem at the field "file".
func Receive(ctx context.Context, store blob.Store, kind Kind, r io.Reader, limit int64) (Arrival, error) {
	head := make([]byte, sniffed)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Arrival{}, fmt.Errorf("receive file: %w", err)
	}
	head = head[:n]
	if n == 0 {
		return Arrival{}, problem.Field("file", "media.empty", "There is nothing in this file: it has 0 bytes. Choose another.")
	}
	format, ok := sniff(head)
	if !ok || format.film != (kind == Screener) {
		return Arrival{}, wrongKind(kind)
	}
	a := Arrival{kind: kind, mediaType: format.mediaType, key: blob.Key()}
	body := &limited{r: io.MultiReader(bytes.NewReader(head), r), left: limit}
	a.stored, err = store.Put(ctx, a.key, body)
	if body.exceeded {
		return Arrival{}, problem.Field("file", "media.too-large", "This file is larger than {{.Limit}}. Make it smaller and send it again.",
			"Limit", locale.Size(ctx, limit))
	}
	if err != nil {
		return Arrival{}, fmt.Errorf("receive file: %w", err)
	}
	if kind != Screener {
		err = a.remake(ctx, store)
	}
	if err != nil {
		return Arrival{}, errors.Join(err, a.Discard(ctx, store))
	}
	return a, nil
}

func wrongKind(kind Kind) error {
	if kind == Screener {
		return problem.Field("file", "media.not-a-film", "This is not a film that Laurel can read. Send an MP4, MOV, MKV or WebM file.")
	}
	return problem.Field("file", "media.not-a-picture", "This is not a picture that Laurel can read. Send a JPEG, PNG or WebP file.")
}

// Discard deletes the bytes of an arrival that is not kept.
func (a Arrival) Discard(ctx context.Context, store blob.Store) error {
	ctx = context.WithoutCancel(ctx)
	err := store.Delete(ctx, a.key)
	for _, r := range a.made {
		err = errors.Join(err, store.Delete(ctx, r.BlobKey))
	}
	return err
}

// Keep writes an arrival down as a file of owner's, or of nobody's. A picture
// is ready; a screener is checked and re-made by a job.
func (a Arrival) Keep(ctx context.Context, tx pgx.Tx, owner *int64) (File, error) {
	state, width, height := Ready, &a.width, &a.height
	if a.kind == Screener {
		state, width, height = Checking, nil, nil
	}
	f, err := pg.One[File](ctx, tx, `
		insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key, width, height)
		values (@code, @owner, @kind, @state, @type, @size, @sha, @key, @width, @height)
		returning `+fileColumns,
		pg.Args{"code": strings.ToLower(rand.Text()), "owner": owner, "kind": string(a.kind), "state": string(state), "type": a.mediaType,
			"size": a.stored.Size, "sha": a.stored.SHA256, "key": a.key, "width": width, "height": height})
	if err != nil {
		return File{}, fmt.Errorf("keep file: %w", err)
	}
	if a.kind == Screener {
		return f, job.Enqueue(ctx, tx, job.MediaArgs{FileID: int64(f.ID)})
	}
	return f, keepRenditions(ctx, tx, f.ID, a.made)
}

func keepRenditions(ctx context.Context, tx pgx.Tx, id ID, made []Rendition) error {
	for _, r := range made {
		_, err := tx.Exec(ctx, `
			insert into renditions (file_id, name, media_type, size, blob_key, width, height)
			values (@file, @name, @type, @size, @key, @width, @height)`,
			pg.Args{"file": id, "name": string(r.Name), "type": r.MediaType, "size": r.Size, "key": r.BlobKey, "width": r.Width, "height": r.Height})
		if err != nil {
			return fmt.Errorf("keep rendition %s of file %d: %w", r.Name, id, err)
		}
	}
	return nil
}

// limited reads at most left bytes and notes when there were more.
type limited struct {
	r        io.Reader
	left     int64
	exceeded bool
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	l.left -= int64(n)
	if l.left < 0 {
		l.exceeded = true
		return 0, errors.New("file is larger than its limit")
	}
	return n, err
}
