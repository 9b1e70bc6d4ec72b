package worker

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"laurel/internal/job"
	"laurel/internal/upload"
)

// finishUpload puts a file that has arrived whole in its place, where that took
// longer than its sender could wait.
type finishUpload struct {
	river.WorkerDefaults[job.UploadArgs]
	tools Tools
}

// Timeout lets a long film be copied to another store.
func (*finishUpload) Timeout(*river.Job[job.UploadArgs]) time.Duration { return 3 * time.Hour }

// Work finishes one upload; an error makes the queue try again later.
func (w *finishUpload) Work(ctx context.Context, j *river.Job[job.UploadArgs]) error {
	return upload.FinishByID(ctx, w.tools.DB, w.tools.Store, w.tools.Parts, upload.ID(j.Args.UploadID))
}
