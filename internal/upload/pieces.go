package upload

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// MaxPiece is the greatest piece of a file that is sent in pieces, in bytes.
const MaxPiece = 20 << 20

// A Piece is one of the pieces into which somebody has cut a file. Its bytes
// lie in a part of their own until it is joined to the others.
type Piece struct {
	Number int // from its name, film.003; 0: the name does not tell
	key    string
	size   int64
	sha256 []byte
}

// ReceivePiece takes the bytes of a piece. Discard it when it has been joined,
// or could not be.
func ReceivePiece(ctx context.Context, parts *blob.Parts, number int, r io.Reader) (Piece, error) {
	p, sum := Piece{Number: number, key: blob.Key()}, sha256.New()
	err := parts.Create(ctx, p.key)
	if err == nil {
		p.size, err = parts.Write(ctx, p.key, 0, io.LimitReader(r, MaxPiece+1), sum)
	}
	p.sha256 = sum.Sum(nil)
	switch {
	case noRoom(err):
		err = full()
	case err != nil:
		err = problem.Field("file", "upload.piece-cut", "The connection was lost before the piece had arrived. Send this piece again.")
	case p.size == 0:
		err = problem.Field("file", "media.empty", "There is nothing in this file: it has 0 bytes. Choose another.")
	case p.size > MaxPiece:
		err = problem.Field("file", "upload.piece-size", "A piece may have up to {{.Limit}}. Cut the file into smaller ones.", "Limit", locale.Size(ctx, MaxPiece))
	}
	if err != nil {
		return Piece{}, errors.Join(err, p.Discard(ctx, parts))
	}
	return p, nil
}

// Discard removes the bytes of a piece.
func (p Piece) Discard(ctx context.Context, parts *blob.Parts) error {
	return parts.Remove(context.WithoutCancel(ctx), p.key)
}

// Join puts the next piece behind those that have arrived. A piece that is not
// the next one, or has arrived already, is refused and changes nothing.
func Join(ctx context.Context, tx pgx.Tx, parts *blob.Parts, limits Limits, u Upload, p Piece) (Upload, error) {
	if err := hold(ctx, tx, u); errors.Is(err, ErrMoved) {
		return u, problem.Field("file", "upload.piece-late", "Another piece has arrived meanwhile. Look which one is next, and send that.")
	} else if err != nil {
		return u, err
	}
	if err := fits(ctx, tx, limits, u, p); err != nil {
		return u, err
	}
	if u.Size == nil {
		if err := reserve(ctx, tx, parts, limits, u.WorkID, p.size); err != nil {
			return u, err
		}
	}
	from, err := parts.Open(ctx, p.key)
	if err != nil {
		return u, fmt.Errorf("open piece: %w", err)
	}
	defer from.Close()
	whole, err := sum(u.HashState)
	if err != nil {
		return u, err
	}
	n, err := parts.Write(ctx, u.Part, u.Durable, from, whole)
	if noRoom(err) {
		return u, full()
	}
	if err != nil {
		return u, fmt.Errorf("join piece: %w", err)
	}
	if _, err := tx.Exec(ctx, `update uploads set pieces = pieces || @sha::bytea where id = @id`, pg.Args{"id": u.ID, "sha": p.sha256}); err != nil {
		return u, fmt.Errorf("join piece: %w", err)
	}
	return advance(ctx, tx, u, n, after(whole, nil))
}

// fits refuses a piece that is out of order, is here already, or is more than
// was announced.
func fits(ctx context.Context, tx pgx.Tx, limits Limits, u Upload, p Piece) error {
	next := u.Pieces + 1
	if p.Number > 0 && p.Number != next {
		return problem.Field("file", "upload.piece-order", "This is piece {{.Sent}}, and piece {{.Next}} is next. What has arrived is kept.",
			"Sent", locale.Number(ctx, p.Number), "Next", locale.Number(ctx, next))
	}
	same, err := pg.Value[int](ctx, tx, `select coalesce(array_position(pieces, @sha::bytea), 0) as n from uploads where id = @id`, pg.Args{"id": u.ID, "sha": p.sha256})
	if err != nil {
		return fmt.Errorf("look for piece: %w", err)
	}
	if same > 0 && p.Number != next {
		return problem.Field("file", "upload.piece-again", "This piece has arrived already, as piece {{.Number}}. Piece {{.Next}} is next.",
			"Number", locale.Number(ctx, same), "Next", locale.Number(ctx, next))
	}
	whole := u.Durable + p.size
	if u.Size != nil && whole > *u.Size {
		return problem.Field("file", "upload.piece-over", "With this piece the file would be longer than the {{.Size}} that you gave. Look whether it belongs to another file.",
			"Size", locale.Size(ctx, *u.Size))
	}
	if most := limits.greatest(u.Role); whole > most {
		return tooLarge(ctx, most)
	}
	return nil
}

// Last says that all pieces of a file whose length nobody gave have arrived.
func Last(ctx context.Context, db pg.DB, u Upload) (Upload, error) {
	whole, err := pg.One[Upload](ctx, db, `
		update uploads u
		set size = durable
		where id = @id and state = 'open' and durable = @durable and durable > 0 and size is null
		returning `+columns,
		pg.Args{"id": u.ID, "durable": u.Durable})
	if errors.Is(err, pgx.ErrNoRows) {
		return u, problem.Field("file", "upload.piece-late", "Another piece has arrived meanwhile. Look which one is next, and send that.")
	}
	if err != nil {
		return u, fmt.Errorf("end pieces: %w", err)
	}
	return whole, nil
}
