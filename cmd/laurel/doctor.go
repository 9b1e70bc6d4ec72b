package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"laurel/internal/blob"
	"laurel/internal/pg"
)

// doctorCmd looks for what must never be.
type doctorCmd struct {
	Files bool `help:"Read every uploaded file too and compare it with what was written down when it came."`
}

// Run prints what it found and fails if it found anything.
func (c *doctorCmd) Run(ctx context.Context, common *common, s streams) (err error) {
	unchecked := *common
	unchecked.Lossy = true // the settings are reported below with everything else
	h, err := openHouse(ctx, &unchecked, common.logger(s.err), true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()

	found, err := checkSettings(ctx, h.pool)
	if err != nil {
		return err
	}
	if common.Lossy {
		found = nil
	}
	broken, err := checkInvariants(ctx, h.pool)
	if err != nil {
		return err
	}
	found = append(found, broken...)
	exposed, err := checkBucket(ctx, h.pool, h.store)
	if err != nil {
		return err
	}
	found = append(found, exposed...)
	if c.Files {
		damaged, err := checkFiles(ctx, h.pool, h.store)
		if err != nil {
			return err
		}
		found = append(found, damaged...)
	}
	for _, f := range found {
		fmt.Fprintln(s.out, f)
	}
	if len(found) > 0 {
		return fmt.Errorf("%d findings", len(found))
	}
	fmt.Fprintf(s.out, "%d settings and %d rules hold\n", len(required), len(invariants))
	return nil
}

// checkInvariants runs every query that must return nothing.
func checkInvariants(ctx context.Context, db pg.DB) ([]finding, error) {
	var found []finding
	for _, i := range invariants {
		rows, err := pg.Rows[struct{ Found string }](ctx, db, i.query, nil)
		if err != nil {
			return nil, fmt.Errorf("check %s: %w", i.name, err)
		}
		for _, r := range rows {
			found = append(found, finding(fmt.Sprintf("%s: %s: %s", i.name, i.rule, r.Found)))
		}
	}
	return found, nil
}

// checkFiles reads every file and rendition and compares length, and for
// files the hash taken on arrival.
func checkFiles(ctx context.Context, db pg.DB, store blob.Store) ([]finding, error) {
	type kept struct {
		Name    string
		BlobKey string
		Size    int64
		SHA256  []byte `db:"sha256"`
	}
	rows, err := pg.Rows[kept](ctx, db, `
		select 'file ' || code as name, blob_key, size, sha256
		from files
		union all
		select 'rendition ' || r.name || ' of file ' || f.code, r.blob_key, r.size, null
		from renditions r
		join files f on f.id = r.file_id`,
		nil)
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	var found []finding
	for _, k := range rows {
		size, sum, err := digest(ctx, store, k.BlobKey)
		switch {
		case errors.Is(err, blob.ErrMissing):
			found = append(found, finding(k.Name+" is missing from the store"))
		case err != nil:
			return nil, fmt.Errorf("read %s: %w", k.Name, err)
		case size != k.Size, k.SHA256 != nil && !bytes.Equal(sum, k.SHA256):
			found = append(found, finding(k.Name+" is not what arrived"))
		}
	}
	return found, nil
}

func digest(ctx context.Context, store blob.Store, key string) (int64, []byte, error) {
	r, _, err := store.Open(ctx, key)
	if err != nil {
		return 0, nil, err
	}
	defer r.Close()
	h := sha256.New()
	size, err := io.Copy(h, r)
	return size, h.Sum(nil), err
}
