package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Remake is what became of a screener: its renditions, or why it is refused.
type Remake struct {
	id      ID
	refusal string
	film    film
	made    []Rendition
}

// arrived is what has to be known of a screener to re-make it.
type arrived struct {
	State     State
	MediaType string
	BlobKey   string
}

// MakeScreener reads a screener that has arrived and makes the copy that jurors
// watch and a picture out of that copy. It changes no row: give the result to
// Finish. A file that is not being checked (it is done already) gives nil.
func MakeScreener(ctx context.Context, db pg.DB, store blob.Store, id ID) (*Remake, error) {
	a, err := pg.One[arrived](ctx, db, `
		select state, media_type, blob_key
		from files
		where id = @id and kind = 'screener'`,
		pg.Args{"id": id})
	if err != nil {
		return nil, fmt.Errorf("find screener %d: %w", id, err)
	}
	if a.State != Checking {
		return nil, nil
	}
	made := &Remake{id: id}
	err = made.from(ctx, store, a)
	if refused, ok := errors.AsType[refusal](err); ok {
		made.refusal, made.made = refused.Key, nil
		return made, nil
	}
	if err != nil {
		return nil, fmt.Errorf("re-make screener %d: %w", id, err)
	}
	return made, nil
}

// Finish writes down what became of a screener.
func Finish(ctx context.Context, tx pgx.Tx, r *Remake) error {
	state := Ready
	if r.refusal != "" {
		state = Refused
	}
	tag, err := tx.Exec(ctx, `
		update files
		set state = @state,
			refusal = @refusal,
			seconds = nullif(@seconds::integer, 0),
			width = nullif(@width::integer, 0),
			height = nullif(@height::integer, 0)
		where id = @id and state = 'checking'`,
		pg.Args{"id": r.id, "state": string(state), "refusal": r.refusal, "seconds": r.film.seconds, "width": r.film.width, "height": r.film.height})
	if err != nil {
		return fmt.Errorf("finish file %d: %w", r.id, err)
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("finish file %d: it is finished already", r.id)
	}
	return keepRenditions(ctx, tx, r.id, r.made)
}

// Discard deletes the blobs of a Remake that could not be finished.
func (r *Remake) Discard(ctx context.Context, store blob.Store) error {
	return Arrival{key: "none", made: r.made}.Discard(ctx, store)
}

// A refusal is a screener's own fault, in words for its maker.
type refusal struct{ problem.Say }

func (r refusal) Error() string { return r.Key }

// from makes the renditions of one screener in a folder of its own.
func (r *Remake) from(ctx context.Context, store blob.Store, a arrived) error {
	folder, err := os.MkdirTemp("", "laurel-film-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	source, err := open(ctx, store, a.BlobKey, folder)
	if err != nil {
		return err
	}
	defer source.Close()
	tools := ffmpeg{folder: folder, source: source, demuxer: demuxers[a.MediaType]}
	if r.film, err = tools.probe(ctx); err != nil {
		return err
	}
	if err := tools.transcode(ctx, r.film); err != nil {
		return err
	}
	copied, err := tools.probeCopy(ctx)
	if err != nil {
		return err
	}
	if cutShort(r.film, copied) {
		return refusal{unreadable}
	}
	r.film = copied
	return r.keep(ctx, store, tools)
}

// cutShort says whether much of what the file promises was not in it.
func cutShort(promised, copied film) bool {
	missing := promised.seconds - copied.seconds
	return missing > 2 && missing > promised.seconds/50
}

// keep moves the copy and a picture out of it into the store.
func (r *Remake) keep(ctx context.Context, store blob.Store, tools ffmpeg) error {
	still, err := tools.still(ctx, r.film)
	if err != nil {
		return err
	}
	poster, err := putPicture(ctx, store, Poster, still)
	if err != nil {
		return err
	}
	r.made = append(r.made, poster)
	f, err := os.Open(tools.copyPath())
	if err != nil {
		return err
	}
	defer f.Close()
	key := blob.Key()
	stored, err := store.Put(ctx, key, f)
	if err != nil {
		return errors.Join(err, r.Discard(ctx, store))
	}
	r.made = append(r.made, Rendition{Name: Video, MediaType: "video/mp4", Size: stored.Size, BlobKey: key, Width: &r.film.width, Height: &r.film.height})
	return nil
}

// open gives the bytes of a blob as a file: the store's own where it has one,
// else a copy in the folder.
func open(ctx context.Context, store blob.Store, key, folder string) (*os.File, error) {
	b, _, err := store.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	if f, ok := b.(*os.File); ok {
		return f, nil
	}
	defer b.Close()
	f, err := os.Create(filepath.Join(folder, "source"))
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(f, b); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// still is a picture out of the copy, a fifth of the way in.
func (t ffmpeg) still(ctx context.Context, f film) (image.Image, error) {
	raw, err := t.run(ctx, quick, "ffmpeg", "-nostdin", "-v", "error", "-f", "mov", "-protocol_whitelist", "file,pipe",
		"-ss", fmt.Sprint(f.seconds/5), "-i", "file:"+t.copyPath(), "-frames:v", "1", "-an", "-f", "image2pipe", "-c:v", "png", "pipe:1")
	if err != nil {
		return nil, err
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, refusal{unreadable}
	}
	return img, nil
}
