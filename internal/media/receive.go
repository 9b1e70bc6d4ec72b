package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
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
	tracks    []Track
}

// Receive takes the bytes of a file of at most limit bytes. What they are is
// seen from the bytes; the sender's name and type for them are not asked for.
// A picture is re-made at once. A file that cannot be taken is an Invalid
// problem at the field "file".
func Receive(ctx context.Context, store blob.Store, kind Kind, r io.Reader, limit int64) (Arrival, error) {
	head := make([]byte, Sniffed)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Arrival{}, fmt.Errorf("receive file: %w", err)
	}
	head = head[:n]
	mediaType, err := Recognize(kind, head)
	if err != nil {
		return Arrival{}, err
	}
	a := Arrival{kind: kind, mediaType: mediaType, key: blob.Key()}
	body := &limited{r: io.MultiReader(bytes.NewReader(head), r), left: limit}
	a.stored, err = store.Put(ctx, a.key, body)
	if body.exceeded {
		return Arrival{}, tooLarge(ctx, limit)
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

// Size is how many bytes arrived.
func (a Arrival) Size() int64 { return a.stored.Size }

// Discard deletes the bytes of an arrival that is not kept.
func (a Arrival) Discard(ctx context.Context, store blob.Store) error {
	ctx = context.WithoutCancel(ctx)
	err := store.Delete(ctx, a.key)
	for _, r := range a.made {
		err = errors.Join(err, store.Delete(ctx, r.BlobKey))
	}
	for _, t := range a.tracks {
		err = errors.Join(err, store.Delete(ctx, t.BlobKey))
	}
	return err
}

// Keep writes an arrival down as a file of owner's, or of nobody's. A picture
// is ready; a screener is checked and re-made by a job.
func (a Arrival) Keep(ctx context.Context, tx pgx.Tx, owner *int64) (File, error) {
	in := Incoming{Kind: a.kind, Owner: owner, BlobKey: a.key, Size: a.stored.Size, SHA256: a.stored.SHA256}
	n := newFile{in, Ready, a.mediaType, nil, nil}
	switch a.kind {
	case Screener:
		n.state = Checking
	case Still, Hero:
		n.width, n.height = &a.width, &a.height
	case Subtitle:
	}
	f, err := insert(ctx, tx, n)
	if err != nil {
		return File{}, err
	}
	if err := keepRenditions(ctx, tx, f.ID, a.made); err != nil {
		return File{}, err
	}
	return f, keepTracks(ctx, tx, f.ID, a.tracks)
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
