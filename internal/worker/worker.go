// Package worker does the background jobs: each loads what its arguments name,
// calls the noun that rules it, and may safely run twice.
package worker

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"laurel/internal/blob"
	"laurel/internal/job"
	"laurel/internal/mail"
)

// Tools are what the jobs need.
type Tools struct {
	DB        *pgxpool.Pool
	Store     blob.Store
	Render    mail.Render
	Transport mail.Transport // nil: letters are held in the outbox
}

// New is every kind of job with its worker.
func New(t Tools) *river.Workers {
	all := river.NewWorkers()
	river.AddWorker(all, &sendLetter{tools: t})
	return all
}

// sendLetter brings one letter to the mail server.
type sendLetter struct {
	river.WorkerDefaults[job.LetterArgs]
	tools Tools
}

// Work sends the letter; an error makes the queue try again later.
func (w *sendLetter) Work(ctx context.Context, j *river.Job[job.LetterArgs]) error {
	return mail.Send(ctx, w.tools.DB, mail.ID(j.Args.LetterID), w.tools.Render, w.tools.Transport)
}
