package s3

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"laurel/internal/blob"
)

const (
	firstParts = 8 << 20 // bytes of a part, at first; the least that S3 takes is 5 MiB
	thousand   = 1000
	mostParts  = 10 * thousand
)

// partSize doubles every thousand parts, since there may be ten thousand of
// them and nobody knows how long r is: 8 GB in parts of 8 MiB, and room for
// terabytes behind them.
func partSize(number int) int { return firstParts << min((number-1)/thousand, 7) }

// Put sends r in parts, each kept in memory until the service has it. Nothing
// is to be seen under the key before the last step.
func (s *Store) Put(ctx context.Context, key string, r io.Reader) (blob.Stored, error) {
	if !blob.IsKey(key) {
		return blob.Stored{}, fmt.Errorf("keep blob: %q is not a key", key)
	}
	sum := sha256.New()
	counted := &counter{r: io.TeeReader(r, sum)}
	first, whole, err := fill(ctx, counted, make([]byte, firstParts))
	if err != nil {
		return blob.Stored{}, fmt.Errorf("keep blob: %w", err)
	}
	if whole {
		err = s.putWhole(ctx, key, first)
	} else {
		err = s.putParts(ctx, key, first, counted)
	}
	if err != nil {
		return blob.Stored{}, fmt.Errorf("keep blob: %w", err)
	}
	return blob.Stored{Size: counted.n, SHA256: sum.Sum(nil)}, nil
}

func (s *Store) putWhole(ctx context.Context, key string, content []byte) error {
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.bucket, Key: &key, Body: bytes.NewReader(content), ContentLength: aws.Int64(int64(len(content))),
	})
	return err
}

// putParts begins, sends the parts and ends; what broke off on the way is given
// up, so that the service keeps nothing of it.
func (s *Store) putParts(ctx context.Context, key string, first []byte, rest io.Reader) error {
	begun, err := s.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: &s.bucket, Key: &key})
	if err != nil {
		return err
	}
	sent, err := s.sendParts(ctx, key, begun.UploadId, first, rest)
	if err == nil {
		_, err = s.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
			Bucket: &s.bucket, Key: &key, UploadId: begun.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: sent},
		})
	}
	if err == nil {
		return nil
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_, given := s.client.AbortMultipartUpload(late, &s3.AbortMultipartUploadInput{Bucket: &s.bucket, Key: &key, UploadId: begun.UploadId})
	return errors.Join(err, given)
}

func (s *Store) sendParts(ctx context.Context, key string, upload *string, content []byte, rest io.Reader) ([]types.CompletedPart, error) {
	var sent []types.CompletedPart
	for number, last := 1, false; ; number++ {
		if number > mostParts {
			return nil, errors.New("there are too many parts")
		}
		part, err := s.client.UploadPart(ctx, &s3.UploadPartInput{
			Bucket: &s.bucket, Key: &key, UploadId: upload, PartNumber: aws.Int32(int32(number)),
			Body: bytes.NewReader(content), ContentLength: aws.Int64(int64(len(content))),
		})
		if err != nil {
			return nil, err
		}
		sent = append(sent, types.CompletedPart{ETag: part.ETag, PartNumber: aws.Int32(int32(number))})
		if last {
			return sent, nil
		}
		buffer := content[:cap(content)]
		if size := partSize(number + 1); size > len(buffer) {
			buffer = make([]byte, size)
		}
		if content, last, err = fill(ctx, rest, buffer); err != nil {
			return nil, err
		}
		if len(content) == 0 {
			return sent, nil
		}
	}
}

// fill reads until buffer is full, or r is at its end. A reader that breaks off
// may say io.ErrUnexpectedEOF: that is no end.
func fill(ctx context.Context, r io.Reader, buffer []byte) (content []byte, ended bool, err error) {
	n := 0
	for n < len(buffer) && err == nil {
		if err = ctx.Err(); err == nil {
			var m int
			m, err = r.Read(buffer[n:])
			n += m
		}
	}
	if errors.Is(err, io.EOF) {
		return buffer[:n], true, nil
	}
	return buffer[:n], false, err
}

// counter counts what is read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
