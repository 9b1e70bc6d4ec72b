package worker

import (
	"context"

	"github.com/riverqueue/river"

	"laurel/internal/job"
	"laurel/internal/mail"
)

// sendLetter brings one letter to the mail server.
type sendLetter struct {
	river.WorkerDefaults[job.LetterArgs]
	tools Tools
}

// Work sends the letter; an error makes the queue try again later.
func (w *sendLetter) Work(ctx context.Context, j *river.Job[job.LetterArgs]) error {
	return mail.Send(ctx, w.tools.DB, mail.ID(j.Args.LetterID), w.tools.Render, w.tools.Transport)
}
