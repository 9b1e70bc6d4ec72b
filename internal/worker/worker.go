// Package worker does the background jobs: each loads what its arguments name,
// calls the noun that rules it, and may safely run twice.
package worker

import (
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"laurel/internal/blob"
	"laurel/internal/mail"
	"laurel/internal/seal"
)

// Tools are what the jobs need.
type Tools struct {
	DB        *pgxpool.Pool
	Store     blob.Store
	Parts     *blob.Parts  // files on their way; nil: none are
	Seals     *seal.Keeper // wraps the keys of originals
	Render    mail.Render
	Transport mail.Transport // nil: letters are held in the outbox
	Demo      bool           // nothing runs out
}

// New is every kind of job with its worker.
func New(t Tools) *river.Workers {
	all := river.NewWorkers()
	river.AddWorker(all, &sendLetter{tools: t})
	river.AddWorker(all, &glanceAtFilm{tools: t})
	river.AddWorker(all, &makeMedia{tools: t})
	river.AddWorker(all, &finishUpload{tools: t})
	river.AddWorker(all, &sweep{tools: t})
	river.AddWorker(all, &scrub{tools: t})
	river.AddWorker(all, &finishErasure{tools: t})
	river.AddWorker(all, &keepRetention{tools: t})
	return all
}
