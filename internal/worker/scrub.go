package worker

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"

	"laurel/internal/job"
	"laurel/internal/media"
)

// scrub reads again what has been kept for a week since it was last read.
type scrub struct {
	river.WorkerDefaults[job.ScrubArgs]
	tools Tools
}

// watch is how long one job reads: the next one goes on where it stopped.
const watch = 50 * time.Minute

// Timeout leaves time to write down what was read last.
func (*scrub) Timeout(*river.Job[job.ScrubArgs]) time.Duration { return watch + time.Minute }

// Work reads for a while.
func (w *scrub) Work(ctx context.Context, _ *river.Job[job.ScrubArgs]) error {
	limited, cancel := context.WithTimeout(ctx, watch)
	defer cancel()
	err := media.Scrub(limited, w.tools.DB, w.tools.Store, gently)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil
	}
	return err
}

// gently rests for as long as 20 MB a second need, so that somebody who watches
// or sends a film notices nothing: 10 TB are read in six days.
func gently(ctx context.Context, bytes int) error {
	rest := time.NewTimer(time.Duration(bytes) * time.Second / (20 << 20))
	defer rest.Stop()
	select {
	case <-rest.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
