package upload

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Wish is a file that somebody wants to send.
type Wish struct {
	Role     entry.FileRole
	Size     int64  // bytes; 0: not known, which is for pieces and forms only
	SHA256   []byte // of the whole; nil: not known
	ByPieces bool
	AtOnce   bool    // a form brings it, and cannot go on with it
	Likely   int64   // bytes that a form has, about; there has to be room for them
	Link     *LinkID // the helper's link it is sent by; nil: a maker sends
}

// Create begins an upload to a work on the right of one of its makers, and
// reserves the room for it. The part is there when Create returns; a
// transaction that does not commit leaves it to Sweep.
func Create(ctx context.Context, tx pgx.Tx, parts *blob.Parts, limits Limits, maker account.ID, work string, wish Wish) (Upload, error) {
	w, err := entry.WorkBy(ctx, tx, maker, work)
	if err != nil {
		return Upload{}, err
	}
	if err := w.Level.Refuse(entry.LevelEdit); err != nil {
		return Upload{}, err
	}
	if err := limits.vet(ctx, wish); err != nil {
		return Upload{}, err
	}
	if err := reserve(ctx, tx, parts, limits, w.ID, max(wish.Size, wish.Likely)); err != nil {
		return Upload{}, err
	}
	u, err := pg.One[Upload](ctx, tx, `
		insert into uploads as u (code, work_id, role, size, claimed, part, by_pieces, at_once, created_by, link_id)
		values (@code, @work, @role, nullif(@size::bigint, 0), @sha, @part, @pieces, @once, @maker, @link)
		returning `+columns,
		pg.Args{"code": account.Code(), "work": w.ID, "role": wish.Role, "size": wish.Size, "sha": wish.SHA256, "part": blob.Key(), "pieces": wish.ByPieces, "once": wish.AtOnce, "maker": maker, "link": wish.Link})
	if err != nil {
		return Upload{}, fmt.Errorf("begin upload: %w", err)
	}
	if err := parts.Create(ctx, u.Part); noRoom(err) {
		return Upload{}, full()
	} else if err != nil {
		return Upload{}, err
	}
	return u, nil
}

// vet refuses a file that would not be taken whatever room there is.
func (l Limits) vet(ctx context.Context, wish Wish) error {
	if _, known := kinds[wish.Role]; !known {
		return problem.Missing()
	}
	if wish.Size == 0 && !wish.ByPieces && !wish.AtOnce {
		return problem.Field("file", "media.empty", "There is nothing in this file: it has 0 bytes. Choose another.")
	}
	if wish.SHA256 != nil && len(wish.SHA256) != 32 {
		return problem.Field("sha256", "upload.sha256-shape", "Write the SHA-256 as 64 figures and letters from a to f, or leave it empty.")
	}
	if most := l.greatest(wish.Role); max(wish.Size, wish.Likely) > most {
		return tooLarge(ctx, most)
	}
	return nil
}

func tooLarge(ctx context.Context, most int64) error {
	p := problem.New(problem.TooLarge, "media.too-large", "This file is larger than {{.Limit}}. Make it smaller and send it again.", "Limit", locale.Size(ctx, most))
	p.Fields = map[string]problem.Say{"file": p.Say}
	return p
}

// NewKey makes a key with which a further device of a maker's can send the rest
// of an upload.
func NewKey(ctx context.Context, tx pgx.Tx, u Upload) (account.Token, error) {
	return newKey(ctx, tx, u, "own", "", nil)
}

// NewHelperKey makes a key for somebody who sends for a maker, under a name
// that the maker gives it, until an instant or the upload's end.
func NewHelperKey(ctx context.Context, tx pgx.Tx, u Upload, label string, until *time.Time) (account.Token, error) {
	return newKey(ctx, tx, u, "helper", label, until)
}

func newKey(ctx context.Context, tx pgx.Tx, u Upload, kind, label string, until *time.Time) (account.Token, error) {
	key := account.NewToken()
	_, err := tx.Exec(ctx, `
		insert into upload_keys (upload_id, hash, kind, label, expires_at)
		values (@upload, @hash, @kind, @label, @until)`,
		pg.Args{"upload": u.ID, "hash": key.Hash(), "kind": kind, "label": label, "until": until})
	if err != nil {
		return "", fmt.Errorf("make upload key: %w", err)
	}
	return key, nil
}
