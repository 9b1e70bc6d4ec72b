package site

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/upload"
)

// pourWhole takes the file of a form, of at most so many bytes, by the road of
// all uploads: room is asked for as it comes, because nobody knows its length
// before its end. What breaks off is stopped: a form cannot go on. A file that
// is refused is an error.
func (s *Site) pourWhole(w http.ResponseWriter, r *http.Request, maker account.ID, work entry.Work, wish upload.Wish, most int64) (u upload.Upload, err error) {
	r.Body = &patient{r.Body, http.NewResponseController(w), s.now}
	defer func() {
		if err != nil {
			drain(r)
		}
	}()
	ctx := r.Context()
	part, err := filePart(r)
	if err != nil {
		return u, err
	}
	wish.AtOnce, wish.Likely = true, likely(r)
	if wish.Likely > most {
		return u, tooMuch(ctx, most)
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) (err error) {
		u, err = upload.Create(ctx, tx, s.parts, s.room, maker, work.Code, wish)
		return err
	})
	if err != nil {
		return u, err
	}
	a := &arriving{site: s, upload: u}
	if err := a.whole(ctx, part, most); err != nil {
		_, stopped := upload.Stop(context.WithoutCancel(ctx), s.db, s.parts, a.upload)
		return u, errors.Join(err, stopped)
	}
	if u, err = s.finishUpload(ctx, a.upload); err == nil && u.State == upload.Refused {
		why := upload.Why(u.Refusal)
		err = &problem.Problem{Kind: problem.Invalid, Say: why, Fields: map[string]problem.Say{"file": why}}
	}
	return u, err
}

// whole takes all of a file, and nothing less.
func (a *arriving) whole(ctx context.Context, src io.Reader, most int64) error {
	line := &line{r: io.LimitReader(src, most+1)}
	err := a.pour(ctx, line)
	switch {
	case err != nil:
		return err
	case line.broken:
		return cutOff()
	case a.upload.Durable > most:
		return tooMuch(ctx, most)
	case a.upload.Durable == 0:
		return problem.Field("file", "media.empty", "There is nothing in this file: it has 0 bytes. Choose another.")
	}
	a.upload, err = upload.Last(ctx, a.site.db, a.upload)
	return err
}

// A line remembers whether it broke before its end.
type line struct {
	r      io.Reader
	broken bool
}

func (l *line) Read(b []byte) (int, error) {
	n, err := l.r.Read(b)
	l.broken = l.broken || err != nil && !errors.Is(err, io.EOF)
	return n, err
}

func tooMuch(ctx context.Context, most int64) error {
	return problem.Field("file", "media.too-large", "This file is larger than {{.Limit}}. Make it smaller and send it again.", "Limit", locale.Size(ctx, most))
}

// around is more than stands around the file of a form.
const around = 64 << 10

// likely is about how long the file of a form is, and not more; 0: the sender
// does not say.
func likely(r *http.Request) int64 { return max(r.ContentLength-around, 0) }

// drain reads a little of what is refused, so that the browser stays to hear
// why. A line that breaks here has nobody left at its end to tell.
func drain(r *http.Request) { _, _ = io.CopyN(io.Discard, r.Body, drained) }

// drained is how much of a refused upload is still read.
const drained = 64 << 10

// roomFor refuses a file of so many bytes for which there is none: of a work's,
// or of the festival's own (0).
func (s *Site) roomFor(ctx context.Context, work entry.WorkID, size int64) error {
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error { return upload.Room(ctx, tx, s.parts, s.room, work, size) })
}
