package worker

import (
	"context"

	"github.com/riverqueue/river"

	"laurel/internal/erasure"
	"laurel/internal/job"
)

// keepRetention deletes what has been kept for long enough, and takes the bytes
// of what was erased out of the database's files.
type keepRetention struct {
	river.WorkerDefaults[job.RetentionArgs]
	tools Tools
}

// Work looks through everything once. The demo's festival lies partly in the
// past and is there to be looked at: nothing of it runs out.
func (w *keepRetention) Work(ctx context.Context, _ *river.Job[job.RetentionArgs]) error {
	if w.tools.Demo {
		return nil
	}
	if err := erasure.Expire(ctx, w.tools.DB); err != nil {
		return err
	}
	return erasure.Scour(ctx, w.tools.DB)
}
