package site

import (
	"context"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/problem"
	"laurel/internal/upload"
)

// Bytes are made durable in slices: at the latest so many together, or after so
// long, which is what a cut can cost.
const (
	firstSlice = 64 << 10
	largeSlice = 8 << 20
	sliceTime  = time.Second / 2
)

// take makes what arrives durable, slice by slice: while one is written the
// next is read. Nothing is acknowledged that a power cut could take back.
func (a *arriving) take(ctx context.Context, src io.Reader) error {
	if err := a.pour(ctx, src); err != nil {
		return a.refuse(ctx, err)
	}
	return nil
}

// pour is take with the bare error.
func (a *arriving) pour(ctx context.Context, src io.Reader) error {
	enough := make(chan struct{})
	var failed error
	for data := range sliced(src, a.site.now, enough) {
		if failed != nil {
			continue // only the reader's last slice, on its way when it was told
		}
		if failed = a.write(ctx, data); failed != nil {
			close(enough)
		}
	}
	return failed
}

// write makes one slice durable. A disk that takes a part of it is asked again
// for the rest, and says then that it is full.
func (a *arriving) write(ctx context.Context, data []byte) error {
	for len(data) > 0 {
		before := a.upload.Durable
		var next upload.Upload
		err := pgx.BeginFunc(ctx, a.site.db, func(tx pgx.Tx) (err error) {
			if a.upload.Size == nil {
				if err := upload.Room(ctx, tx, a.site.parts, a.site.room, a.upload.WorkID, int64(len(data))); err != nil {
					return err
				}
			}
			next, err = upload.Write(ctx, tx, a.site.disk, a.upload, data)
			return err
		})
		if err != nil {
			return err
		}
		a.upload = next
		data = data[next.Durable-before:]
	}
	return nil
}

// refuse is the answer to bytes that were not taken. A file that turned out to
// be of a wrong kind is refused for good.
func (a *arriving) refuse(ctx context.Context, err error) error {
	if p := problem.Of(err); p.Kind == problem.Invalid {
		ended, failed := upload.Refuse(ctx, a.site.db, a.site.store, a.site.parts, a.upload, err)
		if failed != nil {
			return a.site.noUpload(ctx, failed, a)
		}
		a.upload = ended
	}
	return a.site.noUpload(ctx, err, a)
}

// sliced reads ahead by one slice until src ends, or enough is closed. A slice
// is larger the faster the bytes come, and is good until the next is taken: two
// pieces of memory serve by turns.
func sliced(src io.Reader, now func() time.Time, enough <-chan struct{}) <-chan []byte {
	out := make(chan []byte)
	go func() {
		defer close(out)
		size := firstSlice
		var memory [2][]byte
		for turn := 0; ; turn = 1 - turn {
			if len(memory[turn]) < size {
				memory[turn] = make([]byte, size)
			}
			data, more := slice(src, memory[turn][:size], now)
			if len(data) > 0 {
				out <- data
			}
			select {
			case <-enough:
				return
			default:
			}
			if !more {
				return
			}
			if size = 2 * len(data); size < firstSlice {
				size = firstSlice
			}
			size = min(size, largeSlice)
		}
	}()
	return out
}

// slice fills b, or as much of it as comes in time.
func slice(src io.Reader, b []byte, now func() time.Time) (data []byte, more bool) {
	var began time.Time
	n := 0
	for n < len(b) {
		m, err := src.Read(b[n:])
		if n == 0 && m > 0 {
			began = now()
		}
		n += m
		if err != nil {
			return b[:n], false
		}
		if n > 0 && now().Sub(began) >= sliceTime {
			break
		}
	}
	return b[:n], true
}
