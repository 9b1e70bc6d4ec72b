package upload

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/jackc/pgx/v5"

	"laurel/internal/media"
	"laurel/internal/pg"
)

// A Disk is where bytes become durable; blob.Parts is one.
type Disk interface {
	// Write puts what r gives at offset, throws away what lay beyond, and returns
	// how many bytes outlive a power cut, also with an error.
	Write(ctx context.Context, key string, offset int64, r io.Reader, sum hash.Hash) (int64, error)
}

// ErrMoved is the error of a writer that is not the newest: another request,
// perhaps in another process, has written since, or the upload is over.
var ErrMoved = errors.New("upload has moved on")

// Write makes the next bytes of an upload durable and returns the upload as it
// is then, should tx commit. The row is held while the bytes are written, and
// only if nobody wrote since u was read: one writer at a time, in whichever
// process, and what is acknowledged is never overwritten. Where the disk takes
// a part of the bytes only, so many count; where it takes none, the problem
// says that it is full. The beginning of a file of a wrong kind is refused.
func Write(ctx context.Context, tx pgx.Tx, disk Disk, u Upload, data []byte) (Upload, error) {
	if err := hold(ctx, tx, u); err != nil {
		return u, err
	}
	if u.Size != nil && u.Durable+int64(len(data)) > *u.Size {
		return u, fmt.Errorf("write upload: %d bytes after %d of %d", len(data), u.Durable, *u.Size)
	}
	if err := recognize(u, data); err != nil {
		return u, err
	}
	before, err := sum(u.HashState)
	if err != nil {
		return u, err
	}
	whole := make(chan []byte, 1)
	go func() { whole <- after(before, data) }()
	n, err := disk.Write(ctx, u.Part, u.Durable, bytes.NewReader(data), nil)
	state := <-whole
	switch {
	case n == 0 && noRoom(err):
		return u, full()
	case n == 0 && err != nil:
		return u, fmt.Errorf("write upload: %w", err)
	case n < int64(len(data)):
		if before, err = sum(u.HashState); err != nil {
			return u, err
		}
		state = after(before, data[:n])
	}
	return advance(ctx, tx, u, n, state)
}

// recognize refuses a file of a wrong kind by its first bytes, where enough of
// them came together.
func recognize(u Upload, data []byte) error {
	if u.Durable > 0 || len(data) < media.Sniffed && (u.Size == nil || int64(len(data)) < *u.Size) {
		return nil
	}
	_, err := media.Recognize(kinds[u.Role], data[:min(len(data), media.Sniffed)])
	return err
}

// hold locks the upload's row, if it stands where u was read.
func hold(ctx context.Context, tx pgx.Tx, u Upload) error {
	_, err := pg.Value[ID](ctx, tx, `
		select id
		from uploads
		where id = @id and state = 'open' and durable = @durable
		  and (durable = size or upload_end(uploads) > clock_timestamp())
		for update`,
		pg.Args{"id": u.ID, "durable": u.Durable})
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrMoved
	}
	if err != nil {
		return fmt.Errorf("hold upload: %w", err)
	}
	return nil
}

// advance writes down that n further bytes are durable. Each byte gives the
// upload another 30 days.
func advance(ctx context.Context, tx pgx.Tx, u Upload, n int64, state []byte) (Upload, error) {
	next, err := pg.One[Upload](ctx, tx, `
		update uploads u
		set durable = durable + @n,
			hash_state = @state,
			last_byte_at = clock_timestamp(),
			expires_at = greatest(expires_at, clock_timestamp() + interval '30 days')
		where id = @id and state = 'open' and durable = @durable
		returning `+columns,
		pg.Args{"id": u.ID, "durable": u.Durable, "n": n, "state": state})
	if errors.Is(err, pgx.ErrNoRows) {
		return u, ErrMoved
	}
	if err != nil {
		return u, fmt.Errorf("advance upload: %w", err)
	}
	return next, nil
}

// sum is the running SHA-256 of a state; an empty state is one of no bytes.
func sum(state []byte) (hash.Hash, error) {
	h := sha256.New()
	if len(state) == 0 {
		return h, nil
	}
	if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state); err != nil {
		return nil, fmt.Errorf("take up the sum of an upload: %w", err)
	}
	return h, nil
}

// after is the state of a sum after further bytes.
func after(h hash.Hash, data []byte) []byte {
	h.Write(data)
	state, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		panic(err) // SHA-256 always has one
	}
	return state
}
