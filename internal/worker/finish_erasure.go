package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"laurel/internal/erasure"
	"laurel/internal/job"
)

// finishErasure deletes the files of an erasure and cleans the tables behind it.
type finishErasure struct {
	river.WorkerDefaults[job.ErasureArgs]
	tools Tools
}

// Timeout lets a large festival's tables be cleaned.
func (*finishErasure) Timeout(*river.Job[job.ErasureArgs]) time.Duration { return time.Hour }

// Work finishes one erasure; an error makes the queue try again later.
func (w *finishErasure) Work(ctx context.Context, j *river.Job[job.ErasureArgs]) error {
	return erasure.Finish(ctx, w.tools.DB, w.tools.Store, w.tools.Parts, j.Args.ErasureID)
}
