// Package upload owns files on their way: what of them has arrived for good,
// who may send the rest, and the room that is kept for them. An upload belongs
// to a work, not to a browser: it outlives cuts, restarts, days and devices.
package upload

import (
	"context"
	"fmt"
	"time"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// An ID is an upload's, inside the house.
type ID int64

// A State is how far an upload has come.
type State string

// The states of an upload.
const (
	Open     State = "open"     // bytes are missing, or the last of them arrived just now
	Complete State = "complete" // it is a file of the work
	Refused  State = "refused"  // Upload.Refusal says why it did not become one
	Stopped  State = "stopped"  // its makers stopped it, or its time is over
)

// An Upload is a file on its way.
type Upload struct {
	ID         ID
	Code       string
	WorkID     entry.WorkID
	Role       entry.FileRole
	Size       *int64 // bytes of the whole file; nil: sent in pieces, and not known yet
	Durable    int64  // bytes that have arrived for good
	HashState  []byte // of the SHA-256 over them; see sum
	Claimed    []byte // SHA-256 that the sender gave; nil: none
	State      State
	Refusal    string // key of a sentence, see Why; empty while open and when complete
	Part       string // key of the bytes
	ByPieces   bool
	AtOnce     bool // a form brings it, and cannot go on with it
	Pieces     int  // that have arrived
	CreatedBy  *account.ID
	CreatedAt  time.Time
	LastByteAt time.Time
	ExpiresAt  time.Time
	FileID     *media.ID // once it is complete
	Over       bool      // open, and nothing more is taken: its time has passed
	Extended   bool      // it has 90 days, because a shutdown was declared
}

// Whole says whether the last byte has arrived.
func (u Upload) Whole() bool { return u.Size != nil && u.Durable == *u.Size }

// Gone says why an upload can neither be continued nor became a file; ok is
// false for one that can, or did.
func (u Upload) Gone() (why problem.Say, ok bool) {
	switch {
	case u.Over && u.Extended:
		return expiredLong, true
	case u.Over:
		return expired, true
	}
	return Why(u.Refusal), u.State == Refused || u.State == Stopped
}

const columns = `u.id, u.code, u.work_id, u.role, u.size, u.durable, u.hash_state, u.claimed, u.state, u.refusal, u.part,
	u.by_pieces, u.at_once, cardinality(u.pieces) as pieces, u.created_by, u.created_at, u.last_byte_at, upload_end(u) as expires_at, u.file_id,
	u.state = 'open' and u.durable is distinct from u.size and upload_end(u) <= clock_timestamp() as over, upload_end(u) > u.expires_at as extended`

// kinds are what the roles of a work's files are to media.
var kinds = map[entry.FileRole]media.Kind{
	entry.ScreenerFile: media.Screener,
	entry.StillFile:    media.Still,
}

// rightful joins the works of uploads u whose creator may still change them. A
// work that its makers have shut takes nothing.
const rightful = `
	join works w on w.id = u.work_id and (w.frozen_until is null or w.frozen_until <= statement_timestamp())
	join makers m on m.work_id = w.id and m.account_id = u.created_by and m.level <> 'view'`

// ByKey is the upload that a key opens, in whatever state; a key that is
// unknown, revoked or over is pgx.ErrNoRows. So is one whose upload nobody has
// the right to any more.
func ByKey(ctx context.Context, db pg.DB, key account.Token) (Upload, error) {
	u, err := pg.One[Upload](ctx, db, `
		select `+columns+`
		from upload_keys k
		join uploads u on u.id = k.upload_id`+rightful+`
		where k.hash = @hash
		  and k.revoked_at is null
		  and (k.expires_at is null or k.expires_at > statement_timestamp())`,
		pg.Args{"hash": key.Hash()})
	if err != nil {
		return Upload{}, fmt.Errorf("find upload: %w", err)
	}
	return u, nil
}

// ByCode is an upload of a work by its code; an unknown one is pgx.ErrNoRows.
func ByCode(ctx context.Context, db pg.DB, work entry.WorkID, code string) (Upload, error) {
	u, err := pg.One[Upload](ctx, db, `
		select `+columns+`
		from uploads u
		where u.work_id = @work and u.code = @code`,
		pg.Args{"work": work, "code": code})
	if err != nil {
		return Upload{}, fmt.Errorf("find upload: %w", err)
	}
	return u, nil
}

// Of lists what is on its way to a work, and what of the last days did not
// become a file of it, the newest first.
func Of(ctx context.Context, db pg.DB, work entry.WorkID) ([]Upload, error) {
	all, err := pg.Rows[Upload](ctx, db, `
		select `+columns+`
		from uploads u
		where u.work_id = @work
		  and (u.state = 'open' or u.state in ('refused', 'stopped') and u.refusal <> @mine and u.last_byte_at > statement_timestamp() - interval '40 days')
		order by u.id desc`,
		pg.Args{"work": work, "mine": stopped.Key})
	if err != nil {
		return nil, fmt.Errorf("list uploads: %w", err)
	}
	return all, nil
}

// The reasons why nothing more is taken.
var (
	mismatch    = problem.Say{Key: "upload.mismatch", English: "What arrived differs from the file that was announced: its SHA-256 is another one. What had arrived is removed. Send the file again."}
	stopped     = problem.Say{Key: "upload.stopped", English: "This upload was stopped, and what had arrived is removed."}
	expired     = problem.Say{Key: "upload.expired", English: "Nothing had arrived for 30 days, so what was here is removed. Send the file again."}
	expiredLong = problem.Say{Key: "upload.expired-long", English: "Nothing had arrived for 90 days, so what was here is removed. Send the file again."}
	unkept      = problem.Say{Key: "upload.refused", English: "The file arrived and could not be kept with the film. Send it again."}
)

// Why is the sentence of an Upload.Refusal.
func Why(refusal string) problem.Say {
	for _, s := range []problem.Say{mismatch, stopped, expired, expiredLong, wrong(media.Screener), wrong(media.Still)} {
		if s.Key == refusal {
			return s
		}
	}
	return unkept
}

// wrong is media's sentence for a file of another kind.
func wrong(kind media.Kind) problem.Say {
	_, err := media.Recognize(kind, []byte("words"))
	return problem.Of(err).Say
}
