package site

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	tus "github.com/tus/tusd/v2/pkg/handler"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/job"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/upload"
)

// An uploadStore is where tusd keeps uploads: bytes are acknowledged once they are on
// the disk for good and the database says so.
type uploadStore struct{ site *Site }

// NewUpload begins an upload, or finds the one that the same form has begun. Of
// what the sender says about the file its length, its role and its SHA-256 are
// heard; a name is not.
func (h uploadStore) NewUpload(ctx context.Context, info tus.FileInfo) (tus.Upload, error) {
	v, wish := tusRequestOf(ctx), upload.Wish{Role: entry.ScreenerFile, Size: info.Size}
	if role := info.MetaData["role"]; role != "" {
		wish.Role = entry.FileRole(role)
	}
	if claim := info.MetaData["sha256"]; claim != "" {
		wish.SHA256, _ = hex.DecodeString(claim) // what is no SHA-256 has another length
		wish.SHA256 = append([]byte{}, wish.SHA256...)
	}
	if v.link != nil {
		wish.Role, wish.Link = v.link.Role, &v.link.ID
	}
	v.now = &arriving{site: h.site}
	err := pgx.BeginFunc(ctx, h.site.db, func(tx pgx.Tx) (err error) {
		if v.now.upload, err = h.begin(ctx, tx, v, wish); err == nil {
			v.now.key, err = v.newKey(ctx, tx, v.now.upload)
		}
		return err
	})
	if err != nil {
		return nil, h.site.noUpload(ctx, err, nil)
	}
	return v.now, nil
}

// newKey makes the key of who sends: a helper's ends with their link.
func (v *tusRequest) newKey(ctx context.Context, tx pgx.Tx, u upload.Upload) (account.Token, error) {
	if v.link != nil {
		return upload.NewHelperKey(ctx, tx, u, v.link.Label, &v.link.ExpiresAt)
	}
	return upload.NewKey(ctx, tx, u)
}

func (h uploadStore) begin(ctx context.Context, tx pgx.Tx, v *tusRequest, wish upload.Wish) (upload.Upload, error) {
	first, answer, err := account.Once(ctx, tx, v.maker, v.form, v.route)
	if err != nil {
		return upload.Upload{}, err
	}
	if !first {
		return upload.ByCode(ctx, tx, v.work.ID, answer[strings.LastIndex(answer, "/")+1:])
	}
	u, err := upload.Create(ctx, tx, h.site.parts, h.site.room, v.maker, v.work.Code, wish)
	if err != nil {
		return u, err
	}
	return u, account.Answered(ctx, tx, v.maker, v.form, uploadURL(v.work, u))
}

// uploadURL is where a maker has an upload under their hands.
func uploadURL(work entry.Work, u upload.Upload) string { return workURL(work) + "/uploads/" + u.Code }

// GetUpload finds the upload of the request's key as it is now. One whose last
// byte has arrived and whose end was cut off is finished first.
func (h uploadStore) GetUpload(ctx context.Context, _ string) (tus.Upload, error) {
	v := tusRequestOf(ctx)
	u, err := upload.ByKey(ctx, h.site.db, v.key)
	if err == nil {
		u, err = h.site.finishUpload(ctx, u)
	}
	if err != nil {
		return nil, h.site.noUpload(ctx, err, nil)
	}
	if why, gone := u.Gone(); gone {
		return nil, plainly(http.StatusGone, locale.Say(ctx, why))
	}
	v.now = &arriving{site: h.site, key: v.key, upload: u}
	return v.now, nil
}

// AsTerminatableUpload lets an upload be ended.
func (h uploadStore) AsTerminatableUpload(u tus.Upload) tus.TerminatableUpload { return u.(*arriving) }

// An arriving upload is one that a request is at.
type arriving struct {
	site   *Site
	key    account.Token
	upload upload.Upload
}

// GetInfo says how far the upload is.
func (a *arriving) GetInfo(context.Context) (tus.FileInfo, error) {
	info := tus.FileInfo{ID: string(a.key), Offset: a.upload.Durable}
	if a.upload.Size != nil {
		info.Size = *a.upload.Size
	}
	return info, nil
}

// GetReader gives nothing: nobody reads what is on its way.
func (a *arriving) GetReader(context.Context) (io.ReadCloser, error) { return nil, tus.ErrNotFound }

// WriteChunk takes bytes and says how many of them are kept for good.
func (a *arriving) WriteChunk(ctx context.Context, _ int64, src io.Reader) (int64, error) {
	if v := tusRequestOf(ctx); v.asked != nil {
		defer v.yield(v.line)()
	}
	began := a.upload.Durable
	err := a.take(ctx, src)
	return a.upload.Durable - began, err
}

// FinishUpload puts a file whose last byte has arrived in its place.
func (a *arriving) FinishUpload(ctx context.Context) (err error) {
	u, err := a.site.finishUpload(ctx, a.upload)
	if err != nil {
		return a.site.noUpload(ctx, err, a)
	}
	if a.upload = u; u.State == upload.Refused {
		return plainly(http.StatusUnprocessableEntity, locale.Say(ctx, upload.Why(u.Refusal)))
	}
	return nil
}

// Terminate ends the upload. One that is a file of the work already stays.
func (a *arriving) Terminate(ctx context.Context) error {
	if a.upload.State == upload.Complete {
		return plainly(http.StatusForbidden, locale.T(ctx, "upload.complete", "This file has arrived. It can be taken out on the page of the film's files."))
	}
	u, err := upload.Stop(ctx, a.site.db, a.site.parts, a.upload)
	a.upload = u
	return err
}

// finishUpload finishes an upload that has arrived whole. What takes too long goes on
// in a job, as it does where this process ends meanwhile.
func (s *Site) finishUpload(ctx context.Context, u upload.Upload) (upload.Upload, error) {
	short, cancel := context.WithTimeout(ctx, finishing)
	defer cancel()
	done, err := upload.Finish(short, s.db, s.store, s.parts, u)
	if err == nil || short.Err() == nil {
		return done, err
	}
	return u, pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		return job.Enqueue(ctx, tx, job.UploadArgs{UploadID: int64(u.ID)})
	})
}

// noUpload is the answer to an upload that cannot go on, as tusd gives it.
func (s *Site) noUpload(ctx context.Context, err error, a *arriving) error {
	if errors.Is(err, upload.ErrMoved) {
		return tus.ErrMismatchOffset
	}
	p := problem.Of(err)
	if p.Kind == problem.Internal {
		s.log.ErrorContext(ctx, "upload failed", "error", scrub(err))
	}
	sentence := locale.Say(ctx, p.Say)
	if p.Kind == problem.Full && a != nil && a.upload.Size != nil {
		sentence = locale.T(ctx, "upload.full-at", "There is no room for more just now. {{.Durable}} of {{.Size}} have arrived and are safe; the rest can follow once the organizers have made room.",
			"Durable", locale.Size(ctx, a.upload.Durable), "Size", locale.Size(ctx, *a.upload.Size))
	}
	answer := plainly(statuses[p.Kind], sentence)
	if a != nil {
		answer.HTTPResponse.Header["Upload-Offset"] = strconv.FormatInt(a.upload.Durable, 10)
	}
	if p.Kind == problem.Busy || p.Kind == problem.Full {
		answer.HTTPResponse.Header["Retry-After"] = "5"
	}
	return answer
}

// plainly is an answer of one sentence, which the page of an upload shows.
func plainly(status int, sentence string) tus.Error {
	return tus.Error{ErrorCode: strconv.Itoa(status), Message: sentence, HTTPResponse: tus.HTTPResponse{
		StatusCode: status, Body: sentence + "\n", Header: tus.HTTPHeader{"Content-Type": "text/plain; charset=utf-8"},
	}}
}
