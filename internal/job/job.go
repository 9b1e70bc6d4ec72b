// Package job is the queue of background work: the kinds of job there are,
// putting one in, and working them. It owns River's tables. What a job does is
// said in internal/worker.
package job

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"laurel/internal/pg"
)

// mediaQueue holds what keeps a processor busy for minutes, apart from letters
// that should leave at once.
const mediaQueue = "media"

// glanceQueue holds what somebody waits for: the first look at a film, which
// must not stand behind an hour's work on another.
const glanceQueue = "glance"

// scrubQueue holds what reads for most of an hour, one at a time.
const scrubQueue = "scrub"

// LetterArgs asks to send one letter of the outbox.
type LetterArgs struct {
	LetterID int64 `json:"letter_id"`
}

// Kind names the job in the queue.
func (LetterArgs) Kind() string { return "letter" }

// InsertOpts keep trying for about three days: mail servers come back.
func (LetterArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 20} }

// GlanceArgs asks to look at one film that has arrived, and to show its makers
// the beginning; MediaArgs follow by themselves.
type GlanceArgs struct {
	FileID int64 `json:"file_id"`
}

// Kind names the job in the queue.
func (GlanceArgs) Kind() string { return "glance" }

// InsertOpts insist a little: without it nothing follows.
func (GlanceArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: glanceQueue, MaxAttempts: 20}
}

// MediaArgs asks to make what jurors and the public see of one uploaded file.
type MediaArgs struct {
	FileID int64 `json:"file_id"`
}

// Kind names the job in the queue.
func (MediaArgs) Kind() string { return "media" }

// InsertOpts try a few times: a file that cannot be read stays so.
func (MediaArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: mediaQueue, MaxAttempts: 5}
}

// UploadArgs asks to put an upload that has arrived whole in its place.
type UploadArgs struct {
	UploadID int64 `json:"upload_id"`
}

// Kind names the job in the queue.
func (UploadArgs) Kind() string { return "upload" }

// InsertOpts keep trying, and ask once: a store may be away for hours.
func (UploadArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 20, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// SweepArgs asks to forget what has had its time. Laurel asks it of itself,
// once an hour, in whichever process leads.
type SweepArgs struct{}

// Kind names the job in the queue.
func (SweepArgs) Kind() string { return "sweep" }

// InsertOpts do not insist: the next one comes soon.
func (SweepArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

// ErasureArgs asks to delete the files of an erasure, and to clean the tables
// that it emptied.
type ErasureArgs struct {
	ErasureID int64 `json:"erasure_id"`
}

// Kind names the job in the queue.
func (ErasureArgs) Kind() string { return "erasure" }

// InsertOpts insist: what was promised to be gone has to go.
func (ErasureArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 100} }

// RetentionArgs asks to delete what has been kept for long enough. Laurel asks
// it of itself, once a day, in whichever process leads.
type RetentionArgs struct{}

// Kind names the job in the queue.
func (RetentionArgs) Kind() string { return "retention" }

// InsertOpts do not insist: the next one comes soon.
func (RetentionArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

// ScrubArgs asks to read again what was not read for a week. Laurel asks it of
// itself, once an hour, in whichever process leads.
type ScrubArgs struct{}

// Kind names the job in the queue.
func (ScrubArgs) Kind() string { return "scrub" }

// InsertOpts do not insist: the next one comes soon.
func (ScrubArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: scrubQueue, MaxAttempts: 1}
}

func reading() *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(time.Hour),
		func() (river.JobArgs, *river.InsertOpts) { return ScrubArgs{}, nil },
		&river.PeriodicJobOpts{RunOnStart: true})
}

func daily() *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(24*time.Hour),
		func() (river.JobArgs, *river.InsertOpts) { return RetentionArgs{}, nil },
		&river.PeriodicJobOpts{RunOnStart: true})
}

func hourly() *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(time.Hour),
		func() (river.JobArgs, *river.InsertOpts) { return SweepArgs{}, nil },
		&river.PeriodicJobOpts{RunOnStart: true})
}

// inserter puts jobs in and works none; it has no pool, because every job
// comes in through the transaction that causes it.
var inserter = sync.OnceValues(func() (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(nil), &river.Config{})
})

// Enqueue puts a job into the queue if tx commits. The job may run twice.
func Enqueue(ctx context.Context, tx pgx.Tx, args river.JobArgs) error {
	c, err := inserter()
	if err != nil {
		return fmt.Errorf("prepare job queue: %w", err)
	}
	if _, err := c.InsertTx(ctx, tx, args, nil); err != nil {
		return fmt.Errorf("enqueue %s: %w", args.Kind(), err)
	}
	return nil
}

// Revive puts back into the queue what a process that was killed had begun. It
// is for a Laurel that knows itself to be alone with its database: others'
// jobs would run twice at once. Without it they are found again an hour later.
func Revive(ctx context.Context, db pg.DB) error {
	_, err := db.Exec(ctx, `
		update river_job
		set state = 'available'
		where state = 'running'`)
	if err != nil {
		return fmt.Errorf("revive jobs: %w", err)
	}
	return nil
}

// Work runs jobs on workers until stop is called. Stop lets jobs that run
// finish until its ctx is done, then cancels them; the queue keeps those.
func Work(ctx context.Context, pool *pgxpool.Pool, workers *river.Workers, log *slog.Logger) (stop func(context.Context) error, err error) {
	c, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger: log,
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: 4},
			mediaQueue:         {MaxWorkers: 1},
			glanceQueue:        {MaxWorkers: 1},
			scrubQueue:         {MaxWorkers: 1},
		},
		PeriodicJobs: []*river.PeriodicJob{hourly(), reading(), daily()},
		Workers:      workers,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare job queue: %w", err)
	}
	if err := c.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, fmt.Errorf("start job queue: %w", err)
	}
	return func(ctx context.Context) error {
		if err := c.Stop(ctx); err == nil {
			return nil
		}
		return c.StopAndCancel(context.WithoutCancel(ctx))
	}, nil
}
