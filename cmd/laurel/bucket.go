package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"laurel/internal/blob"
	"laurel/internal/blob/s3"
	"laurel/internal/pg"
)

// bucket is the configuration of where uploaded files are kept when it is not
// the data folder.
type bucket struct {
	Name       string `name:"s3-bucket" env:"LAUREL_S3_BUCKET" placeholder:"BUCKET" help:"Bucket of a service that speaks S3, in which uploaded files are kept. It must exist and be closed to the public. Empty: they are kept in the data folder."`
	Endpoint   string `name:"s3-endpoint" env:"LAUREL_S3_ENDPOINT" placeholder:"URL" help:"Address of that service, as https://s3.example.org. Empty: that of AWS for the region."`
	Region     string `name:"s3-region" env:"LAUREL_S3_REGION" default:"us-east-1" placeholder:"REGION" help:"Region of the bucket. Default: us-east-1, which other services than AWS mostly take."`
	Key        string `name:"s3-key" env:"LAUREL_S3_KEY" placeholder:"KEY" help:"Access key of an account that may read, write and delete in the bucket. Needed with a bucket."`
	Secret     string `name:"s3-secret" env:"LAUREL_S3_SECRET" placeholder:"SECRET" help:"Secret of the access key. Needed with a bucket, here or in a file."`
	SecretFile string `name:"s3-secret-file" env:"LAUREL_S3_SECRET_FILE" placeholder:"FILE" help:"File that holds the secret of the access key."`
	HostName   bool   `name:"s3-host-name" env:"LAUREL_S3_HOST_NAME" help:"The bucket stands in the host's name (bucket.s3.example.org). Otherwise it stands in the path, which every service takes."`
}

func (b *bucket) validate() error {
	if b.Name == "" {
		return nil
	}
	if u, err := url.Parse(b.Endpoint); b.Endpoint != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil) {
		return wrong("LAUREL_S3_ENDPOINT", "--s3-endpoint", "an address such as https://s3.example.org, or empty for AWS")
	}
	if b.Region == "" {
		return wrong("LAUREL_S3_REGION", "--s3-region", "the region of the bucket, such as us-east-1")
	}
	if b.Key == "" {
		return wrong("LAUREL_S3_KEY", "--s3-key", "an access key when there is a bucket")
	}
	if (b.Secret == "") == (b.SecretFile == "") {
		return wrong("LAUREL_S3_SECRET", "--s3-secret", "the secret of the access key when there is a bucket, or LAUREL_S3_SECRET_FILE a file that holds it")
	}
	return nil
}

// A closableStore is a blob.Store that is given back.
type closableStore interface {
	blob.Store
	io.Closer
}

// openStore opens the bucket, or the folder in data when there is none.
func (b *bucket) openStore(ctx context.Context, data string) (closableStore, error) {
	if b.Name == "" {
		return opened(blob.OpenDir(filepath.Join(data, "media")))
	}
	secret := b.Secret
	if b.SecretFile != "" {
		content, err := os.ReadFile(b.SecretFile)
		if err != nil {
			return nil, wrong("LAUREL_S3_SECRET_FILE", "--s3-secret-file", "the name of a file that can be read")
		}
		secret = strings.TrimSpace(string(content))
	}
	return opened(s3.Open(ctx, s3.Config{Endpoint: b.Endpoint, Region: b.Region, Bucket: b.Name, Key: b.Key, Secret: secret, HostName: b.HostName}))
}

// opened is no store at all where there was an error.
func opened[S closableStore](store S, err error) (closableStore, error) {
	if err != nil {
		return nil, err
	}
	return store, nil
}

// checkBucket asks for one file as a stranger would, where there is a bucket.
func checkBucket(ctx context.Context, db pg.DB, store blob.Store) ([]finding, error) {
	bucket, ok := store.(*s3.Store)
	if !ok {
		return nil, nil
	}
	keys, err := pg.Values[string](ctx, db, `
		select blob_key
		from files
		order by id
		limit 1`,
		nil)
	if err != nil {
		return nil, fmt.Errorf("choose a file: %w", err)
	}
	for _, key := range keys {
		exposed, err := bucket.Exposed(ctx, key)
		if err != nil {
			return nil, err
		}
		if exposed {
			return []finding{"the bucket is open: somebody without credentials can read a file in it; block all public access to it"}, nil
		}
	}
	return nil, nil
}
