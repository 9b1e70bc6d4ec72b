package media

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/jackc/pgx/v5"

	"laurel/internal/job"
	"laurel/internal/pg"
)

// A glance is the beginning of a film, as its jurors will see it in the best
// quality. It is made of films that are long to make, before them, so that the
// makers of a feature see after a minute what they would after an hour.
const (
	glanceSeconds = 30
	longToMake    = 60 // seconds of a film; a shorter one is soon there itself
)

// Glance measures a screener that has arrived, and makes a glance of a long
// one. What it finds is a Remake to be given to FinishGlance. Nil: there is
// nothing to look at.
func (w *Work) Glance(ctx context.Context) (*Remake, error) {
	if w.kind != Screener || w.state != Checking {
		return nil, nil
	}
	r := &Remake{ID: w.id, Kind: w.kind}
	err := w.glance(ctx, r)
	if refused, ok := errors.AsType[refusal](err); ok {
		return &Remake{ID: w.id, Kind: w.kind, Refusal: refused.Key}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("glance at file %d: %w", w.id, err)
	}
	return r, nil
}

func (w *Work) glance(ctx context.Context, r *Remake) error {
	folder, done, err := workshop()
	if err != nil {
		return err
	}
	defer done()
	source, err := w.source(ctx, folder)
	if err != nil {
		return err
	}
	defer source.Close()
	tools := ffmpeg{folder: folder, source: source, demuxer: demuxers[w.typed]}
	w.at(Measuring, 0)
	promised, err := tools.probe(ctx)
	if err != nil {
		return err
	}
	r.Findings = &promised.Findings
	if promised.Seconds < longToMake {
		return nil
	}
	if err := tools.glance(ctx, promised); err != nil {
		return err
	}
	return w.putFile(ctx, r, Rendition{Name: Glance, MediaType: "video/mp4"}, tools.glancePath())
}

func (t ffmpeg) glancePath() string { return filepath.Join(t.folder, "glance") }

// glance writes the beginning of a film as one plain MP4.
func (t ffmpeg) glance(ctx context.Context, f film) error {
	best := bestOf(f)
	args := append([]string{"-nostdin", "-v", "error"}, t.fence()...)
	args = append(args, "-filter_complex", graph(f, []rung{best}))
	args = append(append(args, best.encoded(0)...), bare...)
	signed := t.glancePath() + "-signed" // the encoder writes its name into what it makes
	args = append(args, "-t", strconv.Itoa(glanceSeconds), "-f", "mp4", "file:"+signed)
	if _, err := t.run(ctx, call{limit: quick, tool: "ffmpeg", args: args}); err != nil {
		return err
	}
	return t.rewrap(ctx, quick, signed, t.glancePath())
}

// FinishGlance writes down what was seen of a film, and asks for the rest of the
// work: to make it, unless it is refused already, and to encrypt it.
func FinishGlance(ctx context.Context, tx pgx.Tx, id ID, r *Remake) error {
	var err error
	switch {
	case r == nil:
	case r.Refusal != "":
		err = Finish(ctx, tx, r)
	default:
		err = keepGlance(ctx, tx, r)
	}
	if err != nil {
		return err
	}
	return job.Enqueue(ctx, tx, job.MediaArgs{FileID: int64(id)})
}

func keepGlance(ctx context.Context, tx pgx.Tx, r *Remake) error {
	tag, err := tx.Exec(ctx, `
		update files
		set findings = @findings
		where id = @id and state = 'checking'`,
		pg.Args{"id": r.ID, "findings": r.Findings})
	if err != nil {
		return fmt.Errorf("keep glance of file %d: %w", r.ID, err)
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("keep glance of file %d: it is gone or finished already", r.ID)
	}
	if err := dropRenditions(ctx, tx, r.ID, []Size{Glance}); err != nil {
		return err
	}
	if err := keepRenditions(ctx, tx, r.ID, r.made); err != nil {
		return err
	}
	return fasten(ctx, tx, r.ID, r.keys())
}

// dropRenditions takes away those that are made anew or not needed any more.
func dropRenditions(ctx context.Context, tx pgx.Tx, id ID, names []Size) error {
	keys, err := pg.Values[string](ctx, tx, `
		delete from renditions
		where file_id = @id and name = any(@names::text[])
		returning blob_key`,
		pg.Args{"id": id, "names": names})
	if err != nil {
		return fmt.Errorf("drop renditions of file %d: %w", id, err)
	}
	return loosen(ctx, tx, id, keys)
}
