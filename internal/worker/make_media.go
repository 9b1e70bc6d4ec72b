package worker

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"laurel/internal/entry"
	"laurel/internal/job"
	"laurel/internal/media"
)

// makeMedia makes what people are shown of one file, and then encrypts the file.
type makeMedia struct {
	river.WorkerDefaults[job.MediaArgs]
	tools Tools
}

// Timeout is what package media allows for a film of three hours. It ends by
// itself much sooner; a job whose process was killed is found again after it.
func (*makeMedia) Timeout(*river.Job[job.MediaArgs]) time.Duration { return 13 * time.Hour }

// busy is when to look again for a file that somebody works on, or that
// whoever was killed over it still seems to.
const busy = 5 * time.Second

// Work takes the file, unless it is gone or somebody has it.
func (w *makeMedia) Work(ctx context.Context, j *river.Job[job.MediaArgs]) error {
	return w.tools.onFile(ctx, media.ID(j.Args.FileID), w.do)
}

// onFile takes a file, does something with it and gives it back.
func (t Tools) onFile(ctx context.Context, id media.ID, do func(context.Context, *media.Work) error) error {
	work, err := media.Begin(ctx, t.DB, media.Vault{Store: t.Store, Seals: t.Seals}, id)
	switch {
	case errors.Is(err, media.ErrBusy):
		return river.JobSnooze(busy)
	case errors.Is(err, pgx.ErrNoRows):
		return river.JobCancel(err)
	case err != nil:
		return err
	}
	return errors.Join(do(ctx, work), work.End(ctx))
}

// do makes the copies first and writes them down after, in a short transaction;
// what is not written down is deleted by whoever works on the file next.
func (w *makeMedia) do(ctx context.Context, work *media.Work) error {
	made, err := work.Make(ctx)
	if err != nil {
		return err
	}
	if made != nil {
		err = pgx.BeginFunc(ctx, w.tools.DB, func(tx pgx.Tx) error {
			if err := media.Finish(ctx, tx, made); err != nil || made.Again {
				return err
			}
			return entry.Checked(ctx, tx, made)
		})
		if err = errors.Join(err, work.Tidy(ctx)); err != nil {
			return err
		}
	}
	sealed, err := work.Seal(ctx)
	if err != nil || sealed == nil {
		return err
	}
	err = pgx.BeginFunc(ctx, w.tools.DB, func(tx pgx.Tx) error { return media.FinishSeal(ctx, tx, sealed) })
	if err != nil {
		return err
	}
	return work.Tidy(ctx)
}
