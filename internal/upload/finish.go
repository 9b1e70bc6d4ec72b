package upload

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/blob"
	"laurel/internal/entry"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// Finish makes a file of the work out of an upload whose last byte has arrived,
// or refuses it: the upload as it is returned says which. Each step may be cut
// off and is taken up again by the next Finish, also in another process. An
// upload that lacks bytes, or is over, is returned as it is.
func Finish(ctx context.Context, pool *pgxpool.Pool, store blob.Store, parts *blob.Parts, u Upload) (Upload, error) {
	if u.State != Open || !u.Whole() {
		return u, nil
	}
	h, err := sum(u.HashState)
	if err != nil {
		return u, err
	}
	arrived := h.Sum(nil)
	if u.Claimed != nil && !bytes.Equal(arrived, u.Claimed) {
		return Refuse(ctx, pool, store, parts, u, &problem.Problem{Kind: problem.Invalid, Say: mismatch})
	}
	first, err := head(ctx, store, parts, u.Part)
	if err != nil {
		return u, err
	}
	if _, err := media.Recognize(kinds[u.Role], first); err != nil {
		return Refuse(ctx, pool, store, parts, u, err)
	}
	if err := store.Adopt(ctx, parts, u.Part, u.Part); err != nil {
		return u, fmt.Errorf("keep upload: %w", err)
	}
	var done Upload
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) (err error) {
		done, err = complete(ctx, tx, u, arrived, first)
		return err
	})
	if p := problem.Of(err); p != nil && p.Kind != problem.Internal && p.Kind != problem.Busy {
		return Refuse(ctx, pool, store, parts, u, err)
	}
	return done, err
}

// FinishByID is Finish for a job, which knows the upload's number only. One that
// is gone is done.
func FinishByID(ctx context.Context, pool *pgxpool.Pool, store blob.Store, parts *blob.Parts, id ID) error {
	u, err := byID(ctx, pool, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = Finish(ctx, pool, store, parts, u)
	return err
}

// head is how the file begins, wherever it lies by now.
func head(ctx context.Context, store blob.Store, parts *blob.Parts, key string) ([]byte, error) {
	var r io.ReadCloser
	r, err := parts.Open(ctx, key)
	if errors.Is(err, blob.ErrMissing) {
		r, _, err = store.Open(ctx, key)
	}
	if err != nil {
		return nil, fmt.Errorf("look at upload: %w", err)
	}
	defer r.Close()
	first := make([]byte, media.Sniffed)
	n, err := io.ReadFull(r, first)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("look at upload: %w", err)
	}
	return first[:n], nil
}

// complete gives the file to the work, once.
func complete(ctx context.Context, tx pgx.Tx, u Upload, sha256, head []byte) (Upload, error) {
	// The work before its upload, as an erasure takes them.
	work, err := pg.Value[string](ctx, tx, `select code from works where id = @id for update`, pg.Args{"id": u.WorkID})
	if err != nil {
		return u, fmt.Errorf("find work of upload: %w", err)
	}
	if err := hold(ctx, tx, u); errors.Is(err, ErrMoved) {
		return byID(ctx, tx, u.ID) // somebody else has finished it
	} else if err != nil {
		return u, err
	}
	if u.CreatedBy == nil {
		return u, problem.Missing()
	}
	f, err := media.Adopt(ctx, tx, media.Incoming{
		Kind: kinds[u.Role], Owner: new(int64(*u.CreatedBy)), BlobKey: u.Part, Size: u.Durable, SHA256: sha256, Head: head,
	})
	if err != nil {
		return u, err
	}
	if err := entry.Attach(ctx, tx, *u.CreatedBy, work, u.Role, f.ID); err != nil {
		return u, err
	}
	return end(ctx, tx, u, Complete, "", &f.ID)
}

// Refuse ends an upload that cannot become a file of the work and removes its
// bytes. why is the problem that says so.
func Refuse(ctx context.Context, db pg.DB, store blob.Store, parts *blob.Parts, u Upload, why error) (Upload, error) {
	ended, err := end(ctx, db, u, Refused, keyOf(why), nil)
	if errors.Is(err, ErrMoved) {
		return byID(ctx, db, u.ID)
	}
	if err != nil {
		return u, err
	}
	return ended, errors.Join(parts.Remove(ctx, u.Part), store.Delete(ctx, u.Part))
}

// keyOf is the key of the sentence that a problem shows.
func keyOf(err error) string {
	key := problem.Of(err).Say.Key
	if Why(key).Key != key {
		return unkept.Key
	}
	return key
}

// Stop ends an upload on the word of who sends it, and removes its bytes. One
// that is over is returned as it is.
func Stop(ctx context.Context, db pg.DB, parts *blob.Parts, u Upload) (Upload, error) {
	if u.State != Open {
		return u, nil
	}
	ended, err := end(ctx, db, u, Stopped, stopped.Key, nil)
	if errors.Is(err, ErrMoved) {
		return byID(ctx, db, u.ID)
	}
	if err != nil {
		return u, err
	}
	return ended, parts.Remove(ctx, u.Part)
}

// end writes down that nothing more comes.
func end(ctx context.Context, db pg.DB, u Upload, state State, refusal string, file *media.ID) (Upload, error) {
	ended, err := pg.One[Upload](ctx, db, `
		update uploads u
		set state = @state, refusal = @refusal, file_id = @file, hash_state = '', pieces = '{}'
		where id = @id and state = 'open'
		returning `+columns,
		pg.Args{"id": u.ID, "state": state, "refusal": refusal, "file": file})
	if errors.Is(err, pgx.ErrNoRows) {
		return u, ErrMoved
	}
	if err != nil {
		return u, fmt.Errorf("end upload: %w", err)
	}
	return ended, nil
}

func byID(ctx context.Context, db pg.DB, id ID) (Upload, error) {
	u, err := pg.One[Upload](ctx, db, `
		select `+columns+`
		from uploads u
		where u.id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return Upload{}, fmt.Errorf("find upload %d: %w", id, err)
	}
	return u, nil
}
