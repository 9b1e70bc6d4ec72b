package worker

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"laurel/internal/entry"
	"laurel/internal/job"
	"laurel/internal/media"
)

// glanceAtFilm tells the makers of a film within a minute what is wrong with
// it, and shows them the beginning.
type glanceAtFilm struct {
	river.WorkerDefaults[job.GlanceArgs]
	tools Tools
}

// Timeout is twice what package media allows the tools.
func (*glanceAtFilm) Timeout(*river.Job[job.GlanceArgs]) time.Duration { return 20 * time.Minute }

// Work takes the file, unless it is gone or somebody has it.
func (w *glanceAtFilm) Work(ctx context.Context, j *river.Job[job.GlanceArgs]) error {
	return w.tools.onFile(ctx, media.ID(j.Args.FileID), w.do)
}

func (w *glanceAtFilm) do(ctx context.Context, work *media.Work) error {
	seen, err := work.Glance(ctx)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, w.tools.DB, func(tx pgx.Tx) error {
		if err := media.FinishGlance(ctx, tx, work.ID(), seen); err != nil {
			return err
		}
		if seen == nil || seen.Refusal == "" {
			return nil
		}
		return entry.Checked(ctx, tx, seen)
	})
}
