package worker

import (
	"context"

	"github.com/riverqueue/river"

	"laurel/internal/account"
	"laurel/internal/job"
)

// sweep forgets sessions, links and answers that have had their time.
type sweep struct {
	river.WorkerDefaults[job.SweepArgs]
	tools Tools
}

// Work sweeps once.
func (w *sweep) Work(ctx context.Context, _ *river.Job[job.SweepArgs]) error {
	return account.Sweep(ctx, w.tools.DB)
}
