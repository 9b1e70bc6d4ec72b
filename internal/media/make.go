package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Remake is what became of a file: its renditions, or why it is refused.
type Remake struct {
	ID       ID
	Kind     Kind
	Refusal  string // see Why; empty: it is ready
	Findings *Findings
	Again    bool // it was ready before: nobody waits for this
	seconds  int
	width    int
	height   int
	made     []Rendition
	tracks   []Track
}

// A refusal is a file's own fault, in words for its maker.
type refusal struct{ problem.Say }

func (r refusal) Error() string { return r.Key }

// Make makes what people are shown of a file that has arrived. It changes
// nothing about the file: give the result to Finish. Nil: there is nothing to
// make.
func (w *Work) Make(ctx context.Context) (*Remake, error) {
	r := &Remake{ID: w.id, Kind: w.kind, Again: w.state == Ready}
	var err error
	switch {
	case w.kind == Screener && (w.state == Checking || w.early):
		err = w.makeFilm(ctx, r)
	case w.kind == Still || w.kind == Hero:
		err = w.makePicture(ctx, r)
	default:
		return nil, nil
	}
	if refused, ok := errors.AsType[refusal](err); ok && w.state == Checking {
		return &Remake{ID: w.id, Kind: w.kind, Refusal: refused.Key}, nil
	} else if ok && w.early {
		return &Remake{ID: w.id, Kind: w.kind, Again: true}, nil // it stays as it is
	}
	if err != nil {
		return nil, fmt.Errorf("re-make file %d: %w", w.id, err)
	}
	if len(r.made) == 0 {
		return nil, nil
	}
	w.state = Ready
	return r, nil
}

// Finish writes down what became of a file.
func Finish(ctx context.Context, tx pgx.Tx, r *Remake) error {
	state := Ready
	if r.Refusal != "" {
		state = Refused
	}
	tag, err := tx.Exec(ctx, `
		update files
		set state = @state,
			refusal = @refusal,
			seconds = coalesce(nullif(@seconds::integer, 0), seconds),
			width = coalesce(nullif(@width::integer, 0), width),
			height = coalesce(nullif(@height::integer, 0), height),
			findings = coalesce(@findings, findings, case when kind = 'screener' and state = 'ready' then '{}'::jsonb end)
		where id = @id and state <> 'refused'`,
		pg.Args{"id": r.ID, "state": string(state), "refusal": r.Refusal, "seconds": r.seconds, "width": r.width, "height": r.height, "findings": r.Findings})
	if err != nil {
		return fmt.Errorf("finish file %d: %w", r.ID, err)
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("finish file %d: it is gone or finished already", r.ID)
	}
	if err := dropRenditions(ctx, tx, r.ID, r.replaced()); err != nil {
		return err
	}
	if err := keepRenditions(ctx, tx, r.ID, r.made); err != nil {
		return err
	}
	if err := keepTracks(ctx, tx, r.ID, r.tracks); err != nil {
		return err
	}
	return fasten(ctx, tx, r.ID, r.keys())
}

// replaced are the renditions that give way: what a glance stood in for, and
// those of the same names.
func (r *Remake) replaced() []Size {
	names := []Size{Glance}
	for _, made := range r.made {
		names = append(names, made.Name)
	}
	return names
}

// keys are those of all blobs that were made.
func (r *Remake) keys() []string {
	keys := []string{}
	for _, made := range r.made {
		keys = append(keys, made.BlobKey)
	}
	for _, t := range r.tracks {
		keys = append(keys, t.BlobKey)
	}
	return keys
}

func keepRenditions(ctx context.Context, tx pgx.Tx, id ID, made []Rendition) error {
	for _, r := range made {
		_, err := tx.Exec(ctx, `
			insert into renditions (file_id, name, media_type, size, sha256, blob_key, width, height, playlist)
			values (@file, @name, @type, @size, @sum, @key, @width, @height, @playlist)`,
			pg.Args{"file": id, "name": string(r.Name), "type": r.MediaType, "size": r.Size, "sum": r.sum, "key": r.BlobKey,
				"width": r.Width, "height": r.Height, "playlist": r.playlist})
		if err != nil {
			return fmt.Errorf("keep rendition %s of file %d: %w", r.Name, id, err)
		}
	}
	return nil
}

// put keeps what was made of the file under a key that is known to be loose.
func (w *Work) put(ctx context.Context, content io.Reader) (key string, stored blob.Stored, err error) {
	if key, err = looseKey(ctx, w.db, w.id); err != nil {
		return "", stored, err
	}
	stored, err = w.vault.Store.Put(ctx, key, content)
	return key, stored, err
}

// putFile keeps a file of the folder.
func (w *Work) putFile(ctx context.Context, r *Remake, made Rendition, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	key, stored, err := w.put(ctx, f)
	if err != nil {
		return err
	}
	made.BlobKey, made.Size, made.sum = key, stored.Size, stored.SHA256
	r.made = append(r.made, made)
	return nil
}

// source gives the original as a file of the file system: the store's own
// where it has one, else a copy that has no name in the folder and is gone
// with the process.
func (w *Work) source(ctx context.Context, folder string) (*os.File, error) {
	original, err := OpenOriginal(ctx, w.db, w.vault, w.id)
	if err != nil {
		return nil, err
	}
	if f, ok := original.ReadSeeker.(*os.File); ok {
		return f, nil
	}
	defer original.Close()
	name := filepath.Join(folder, "source")
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(f, original)
	if err = errors.Join(err, os.Remove(name)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
