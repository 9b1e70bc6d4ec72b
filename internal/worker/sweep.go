package worker

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"laurel/internal/account"
	"laurel/internal/factor"
	"laurel/internal/job"
	"laurel/internal/media"
	"laurel/internal/passkey"
	"laurel/internal/upload"
)

// sweep forgets sessions, links, answers, challenges and uploads that have had
// their time, and has originals encrypted that are not.
type sweep struct {
	river.WorkerDefaults[job.SweepArgs]
	tools Tools
}

// Work sweeps once.
func (w *sweep) Work(ctx context.Context, _ *river.Job[job.SweepArgs]) error {
	err := errors.Join(account.Sweep(ctx, w.tools.DB), passkey.Sweep(ctx, w.tools.DB), factor.Sweep(ctx, w.tools.DB),
		pgx.BeginFunc(ctx, w.tools.DB, func(tx pgx.Tx) error { return media.Resume(ctx, tx) }))
	if w.tools.Parts == nil {
		return err
	}
	return errors.Join(err, upload.Sweep(ctx, w.tools.DB, w.tools.Parts))
}
