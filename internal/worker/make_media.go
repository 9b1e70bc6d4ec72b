package worker

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"laurel/internal/job"
	"laurel/internal/media"
)

// makeMedia makes what jurors watch of one screener.
type makeMedia struct {
	river.WorkerDefaults[job.MediaArgs]
	tools Tools
}

// Timeout is what package media allows for a film of three hours. It ends by
// itself much sooner; a job whose process was killed is found again after it.
func (*makeMedia) Timeout(*river.Job[job.MediaArgs]) time.Duration { return 13 * time.Hour }

// Work makes the copies first and writes them down after, in a short
// transaction; a copy that is not written down is deleted again.
func (w *makeMedia) Work(ctx context.Context, j *river.Job[job.MediaArgs]) error {
	made, err := media.MakeScreener(ctx, w.tools.DB, w.tools.Store, media.ID(j.Args.FileID))
	if err != nil || made == nil {
		return err
	}
	err = pgx.BeginFunc(ctx, w.tools.DB, func(tx pgx.Tx) error {
		return media.Finish(ctx, tx, made)
	})
	if err != nil {
		return errors.Join(err, made.Discard(context.WithoutCancel(ctx), w.tools.Store))
	}
	return nil
}
