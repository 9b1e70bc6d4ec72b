// Package s3 keeps blobs in a bucket of a service that speaks S3.
package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithy "github.com/aws/smithy-go/transport/http"

	"laurel/internal/blob"
)

// Config says which bucket, and who asks for it.
type Config struct {
	Endpoint string // empty: that of AWS for the region
	Region   string
	Bucket   string
	Key      string
	Secret   string
	HostName bool // the bucket stands in the host's name, not in the path
}

// A Store is a blob.Store in a bucket. Nothing in it is made public: no access
// list is ever set, and no address of the bucket is given to anybody.
type Store struct {
	client *s3.Client
	nobody *s3.Client // the same bucket, asked without credentials
	bucket string
}

var _ blob.Store = (*Store)(nil)

// Open opens a bucket, which must exist.
func Open(ctx context.Context, c Config) (*Store, error) {
	options := s3.Options{
		Region:       c.Region,
		Credentials:  credentials.NewStaticCredentialsProvider(c.Key, c.Secret, ""),
		UsePathStyle: !c.HostName,
		// Other services than AWS know no checksums of their own; what is sent
		// is signed with its SHA-256, which all of them compare.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
		RetryMaxAttempts:           5,
	}
	if c.Endpoint != "" {
		options.BaseEndpoint = aws.String(c.Endpoint)
	}
	s := &Store{client: s3.New(options), bucket: c.Bucket}
	options.Credentials = aws.AnonymousCredentials{}
	s.nobody = s3.New(options)
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if _, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &s.bucket}); err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", c.Bucket, err)
	}
	return s, nil
}

// Close does nothing: there is nothing to give back.
func (*Store) Close() error { return nil }

// Open reads a blob from wherever the reader seeks to. The bytes are asked for
// while ctx lasts.
func (s *Store) Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	if !blob.IsKey(key) {
		return nil, 0, blob.ErrMissing
	}
	head, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.bucket, Key: &key})
	if missing(err) {
		return nil, 0, blob.ErrMissing
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open blob: %w", err)
	}
	size := aws.ToInt64(head.ContentLength)
	return &reader{ctx: ctx, store: s, key: key, size: size}, size, nil
}

// Delete removes a blob.
func (s *Store) Delete(ctx context.Context, key string) error {
	if !blob.IsKey(key) {
		return nil
	}
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: &key})
	if err != nil && !missing(err) {
		return fmt.Errorf("delete blob: %w", err)
	}
	return nil
}

// Adopt sends the part and then removes it.
func (s *Store) Adopt(ctx context.Context, parts *blob.Parts, partKey, key string) error {
	return blob.Copy(ctx, s, parts, partKey, key)
}

// Exposed says whether somebody without credentials can read a blob of the
// bucket.
func (s *Store) Exposed(ctx context.Context, key string) (bool, error) {
	_, err := s.nobody.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.bucket, Key: &key})
	if answer, ok := errors.AsType[*smithy.ResponseError](err); ok && answer.HTTPStatusCode() < http.StatusInternalServerError {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("ask for a blob without credentials: %w", err)
	}
	return true, nil
}

// missing says whether the service answered that it has no such thing. That the
// bucket is there was seen when it was opened.
func missing(err error) bool {
	answer, ok := errors.AsType[*smithy.ResponseError](err)
	return ok && answer.HTTPStatusCode() == http.StatusNotFound
}
