package job_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"laurel/internal/job"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// letters is a worker that tells which letters it was asked to send.
type letters struct {
	river.WorkerDefaults[job.LetterArgs]
	sent chan int64
}

func (l *letters) Work(_ context.Context, j *river.Job[job.LetterArgs]) error {
	l.sent <- j.Args.LetterID
	return nil
}

func TestJobRunsWhenItsTransactionCommits(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	undone := errors.New("undone")
	for id, end := range map[int64]error{1: undone, 2: nil} {
		err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			if err := job.Enqueue(t.Context(), tx, job.LetterArgs{LetterID: id}); err != nil {
				return err
			}
			return end
		})
		if !errors.Is(err, end) {
			t.Fatal(err)
		}
	}

	workers, l := river.NewWorkers(), &letters{sent: make(chan int64, 2)}
	river.AddWorker(workers, l)
	river.AddWorker(workers, river.WorkFunc(func(context.Context, *river.Job[job.MediaArgs]) error { return nil }))
	river.AddWorker(workers, river.WorkFunc(func(context.Context, *river.Job[job.SweepArgs]) error { return nil }))
	stop, err := job.Work(t.Context(), pool, workers, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	select {
	case id := <-l.sent:
		if id != 2 {
			t.Errorf("letter %d was sent, want 2", id)
		}
	case <-time.After(20 * time.Second):
		t.Error("no job ran")
	}
	if err := stop(t.Context()); err != nil {
		t.Error(err)
	}
	if len(l.sent) > 0 {
		t.Errorf("letter %d was sent too", <-l.sent)
	}
}

func TestReviveWhatAKilledProcessHadBegun(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	if err := job.Enqueue(t.Context(), tx, job.LetterArgs{LetterID: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `update river_job set state = 'running'`); err != nil {
		t.Fatal(err)
	}
	if err := job.Revive(t.Context(), tx); err != nil {
		t.Fatal(err)
	}
	state, err := pg.Value[string](t.Context(), tx, `select state::text from river_job`, nil)
	if err != nil || state != "available" {
		t.Errorf("got %q, %v", state, err)
	}
}
