// Package blob keeps bytes under neutral keys. It knows neither what they are
// nor whose.
package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
)

// ErrMissing is the error of a key under which nothing is kept.
var ErrMissing = errors.New("no such blob")

// A Store keeps immutable blobs. A key is written once.
type Store interface {
	// Put reads r to its end and keeps it under key: when Put returns without an
	// error the bytes survive a power cut, and otherwise nothing is kept.
	Put(ctx context.Context, key string, r io.Reader) (Stored, error)
	// Open reads a blob; the caller closes it. An unknown key is ErrMissing.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error)
	// Delete removes a blob. An unknown key is no error.
	Delete(ctx context.Context, key string) error
	// Adopt keeps a whole part under key; afterwards the part is gone. Where an
	// earlier Adopt of the same keys was cut off, this one ends it; an unknown
	// part is ErrMissing.
	Adopt(ctx context.Context, parts *Parts, partKey, key string) error
}

// Stored is what Put kept.
type Stored struct {
	Size   int64
	SHA256 []byte
}

// Key makes a new key, which says nothing about what it stands for.
func Key() string { return strings.ToLower(rand.Text()) }

// IsKey says whether something has the shape of a key.
func IsKey(key string) bool { return keyShape.MatchString(key) }

var keyShape = regexp.MustCompile(`^[a-z0-9]{16,64}$`)

// A Dir is a Store in a folder of the file system.
type Dir struct{ root *os.Root }

// OpenDir opens the folder at name, which it makes if need be.
func OpenDir(name string) (*Dir, error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, fmt.Errorf("make media folder: %w", err)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("open media folder: %w", err)
	}
	return &Dir{root}, nil
}

// Close gives the folder back.
func (d *Dir) Close() error { return d.root.Close() }

// Put writes to a file beside the final one, syncs it, renames it and syncs
// the folder.
func (d *Dir) Put(ctx context.Context, key string, r io.Reader) (Stored, error) {
	if !IsKey(key) {
		return Stored{}, fmt.Errorf("keep blob: %q is not a key", key)
	}
	if err := d.root.MkdirAll(shelf(key), 0o700); err != nil {
		return Stored{}, fmt.Errorf("keep blob: %w", err)
	}
	part := file(key) + ".part"
	stored, err := d.write(ctx, part, r)
	if err == nil {
		err = d.root.Rename(part, file(key))
	}
	if err == nil {
		err = d.sync(shelf(key))
	}
	if err != nil {
		d.root.Remove(part)
		return Stored{}, fmt.Errorf("keep blob: %w", err)
	}
	return stored, nil
}

func (d *Dir) write(ctx context.Context, name string, r io.Reader) (Stored, error) {
	// What a killed Put of the same key left is written over.
	f, err := d.root.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return Stored{}, err
	}
	defer f.Close()
	sum := sha256.New()
	size, err := io.Copy(io.MultiWriter(f, sum), untilDone{ctx, r})
	if err != nil {
		return Stored{}, err
	}
	if err := f.Sync(); err != nil {
		return Stored{}, err
	}
	return Stored{size, sum.Sum(nil)}, f.Close()
}

// sync makes a rename in a folder, and the folder itself, outlive a power cut.
func (d *Dir) sync(name string) error {
	return errors.Join(syncFolder(d.root, name), syncFolder(d.root, "."))
}

// syncFolder makes what was made, renamed or removed in a folder durable.
func syncFolder(root *os.Root, name string) error {
	f, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Open opens the file of key.
func (d *Dir) Open(_ context.Context, key string) (io.ReadSeekCloser, int64, error) {
	if !IsKey(key) {
		return nil, 0, ErrMissing
	}
	f, err := d.root.Open(file(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, ErrMissing
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open blob: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("open blob: %w", err), f.Close())
	}
	return f, info.Size(), nil
}

// Delete removes the file of key.
func (d *Dir) Delete(_ context.Context, key string) error {
	if !IsKey(key) {
		return nil
	}
	if err := d.root.Remove(file(key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete blob: %w", err)
	}
	return nil
}

// shelf spreads the files over folders; file is the path of a key.
func shelf(key string) string { return key[:2] }
func file(key string) string  { return path.Join(shelf(key), key) }

// untilDone stops reading when ctx is done.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
