package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"laurel/internal/blob"
)

// A browser asks for one second of a film and goes away, or reads it to its
// end: the first range that is asked for is short, and each next one longer.
const (
	shortest = 512 << 10
	longest  = 16 << 20
)

// patience is how often in a row a range may break off without a byte.
const patience = 3

var (
	errSeek  = errors.New("seek before the beginning of a blob")
	errRange = errors.New("read blob: the service gives another range than was asked for")
)

// A reader reads a blob in ranges.
type reader struct {
	ctx    context.Context // of the request for which the blob was opened
	store  *Store
	key    string
	size   int64
	at     int64         // where the next byte is read
	body   io.ReadCloser // of the range that is open; nil: none
	end    int64         // where that range ends
	window int64         // how long the last range was
}

// Read gives what the open range has, and opens the next where there is none.
func (r *reader) Read(p []byte) (int, error) {
	for range patience {
		if r.at >= r.size {
			return 0, io.EOF
		}
		if len(p) == 0 {
			return 0, nil
		}
		if r.body == nil {
			if err := r.ask(); err != nil {
				return 0, err
			}
		}
		n, err := r.body.Read(p[:min(int64(len(p)), r.end-r.at)])
		r.at += int64(n)
		if err != nil || r.at == r.end {
			r.drop()
		}
		if n > 0 {
			return n, nil
		}
		if err := r.ctx.Err(); err != nil {
			return 0, err
		}
	}
	return 0, fmt.Errorf("read blob: %w", io.ErrUnexpectedEOF)
}

// ask opens the range that begins where the next byte is read.
func (r *reader) ask() error {
	r.window = min(max(2*r.window, shortest), longest)
	end := min(r.at+r.window, r.size)
	span := fmt.Sprintf("bytes=%d-%d", r.at, end-1)
	got, err := r.store.client.GetObject(r.ctx, &s3.GetObjectInput{Bucket: &r.store.bucket, Key: &r.key, Range: &span})
	if missing(err) {
		return blob.ErrMissing
	}
	if err != nil {
		return fmt.Errorf("read blob: %w", err)
	}
	r.body, r.end = got.Body, end
	if !strings.HasPrefix(aws.ToString(got.ContentRange), fmt.Sprintf("bytes %d-", r.at)) {
		r.drop()
		return errRange
	}
	return nil
}

// drop closes the open range. What it still had does not matter.
func (r *reader) drop() {
	if r.body != nil {
		r.body.Close()
	}
	r.body = nil
}

// Seek moves without asking for anything.
func (r *reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errSeek
	}
	if offset != r.at {
		r.drop()
		r.at, r.window = offset, 0
	}
	return r.at, nil
}

// Close gives up the open range.
func (r *reader) Close() error {
	r.drop()
	r.at = r.size
	return nil
}
