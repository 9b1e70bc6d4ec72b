package worker

import (
	"context"
	"errors"

	"github.com/riverqueue/river"

	"laurel/internal/account"
	"laurel/internal/factor"
	"laurel/internal/job"
	"laurel/internal/passkey"
)

// sweep forgets sessions, links, answers and challenges that have had their time.
type sweep struct {
	river.WorkerDefaults[job.SweepArgs]
	tools Tools
}

// Work sweeps once.
func (w *sweep) Work(ctx context.Context, _ *river.Job[job.SweepArgs]) error {
	return errors.Join(account.Sweep(ctx, w.tools.DB), passkey.Sweep(ctx, w.tools.DB), factor.Sweep(ctx, w.tools.DB))
}
