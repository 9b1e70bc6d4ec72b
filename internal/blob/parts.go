package blob

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"slices"
)

// ErrOffset is the error of a write that would leave a hole.
var ErrOffset = errors.New("offset is beyond the end of the part")

// Parts keeps files that are still on their way, in a folder of the machine's
// own disk whatever the Store is. It does not know how much of a part was
// acknowledged: who writes names the offset, and what lies beyond it is thrown
// away.
type Parts struct{ root *os.Root }

// OpenParts opens the folder at name, which it makes if need be.
func OpenParts(name string) (*Parts, error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of parts: %w", err)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("open folder of parts: %w", err)
	}
	return &Parts{root}, nil
}

// Close gives the folder back.
func (p *Parts) Close() error { return p.root.Close() }

// Create makes an empty part that outlives a power cut. A key is created once.
func (p *Parts) Create(ctx context.Context, key string) error {
	if !IsKey(key) {
		return fmt.Errorf("create part: %q is not a key", key)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("create part: %w", err)
	}
	f, err := p.root.OpenFile(key, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("create part: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close(), syncFolder(p.root, ".")); err != nil {
		return fmt.Errorf("create part: %w", err)
	}
	return nil
}

// Write puts what r gives at offset, after throwing away what lies beyond it,
// and returns how many bytes of r outlive a power cut: also when r breaks off,
// ctx ends or the disk is full, which are then the error. sum, if there is one,
// is given the bytes as they are written: it agrees with n unless n is 0 and
// there is an error. One part is written by one caller at a time.
func (p *Parts) Write(ctx context.Context, key string, offset int64, r io.Reader, sum hash.Hash) (n int64, err error) {
	f, size, err := p.open(key, os.O_WRONLY)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	if offset < 0 || offset > size {
		return 0, fmt.Errorf("write part at %d of %d: %w", offset, size, ErrOffset)
	}
	if offset < size {
		if err := f.Truncate(offset); err != nil {
			return 0, fmt.Errorf("cut part: %w", err)
		}
	}
	n, broken := io.CopyBuffer(&summed{f, offset, sum}, untilDone{ctx, r}, make([]byte, 256<<10))
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return 0, fmt.Errorf("make part durable: %w", err)
	}
	if broken != nil {
		return n, fmt.Errorf("write part: %w", broken)
	}
	return n, nil
}

// summed writes to a file from an offset on and sums what was written.
type summed struct {
	file   *os.File
	offset int64
	sum    hash.Hash
}

func (s *summed) Write(b []byte) (int, error) {
	n, err := s.file.WriteAt(b, s.offset)
	s.offset += int64(n)
	if s.sum != nil {
		s.sum.Write(b[:n])
	}
	return n, err
}

// Size is how long a part is on the disk, which may be more than was
// acknowledged. An unknown key is ErrMissing.
func (p *Parts) Size(_ context.Context, key string) (int64, error) {
	f, size, err := p.open(key, os.O_RDONLY)
	if err != nil {
		return 0, err
	}
	return size, f.Close()
}

// Open reads a part; the caller closes it. An unknown key is ErrMissing.
func (p *Parts) Open(_ context.Context, key string) (*os.File, error) {
	f, _, err := p.open(key, os.O_RDONLY)
	return f, err
}

func (p *Parts) open(key string, flag int) (*os.File, int64, error) {
	if !IsKey(key) {
		return nil, 0, ErrMissing
	}
	f, err := p.root.OpenFile(key, flag, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, ErrMissing
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open part: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("open part: %w", err), f.Close())
	}
	return f, info.Size(), nil
}

// Remove throws a part away. An unknown key is no error.
func (p *Parts) Remove(_ context.Context, key string) error {
	if !IsKey(key) {
		return nil
	}
	if err := p.root.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove part: %w", err)
	}
	return nil
}

// Keys are those of all parts, in alphabetical order.
func (p *Parts) Keys(ctx context.Context) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(p.root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("list parts: %w", err)
	}
	keys := []string{}
	for _, e := range entries {
		if IsKey(e.Name()) {
			keys = append(keys, e.Name())
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// Free says how many bytes the disk still takes, and how many it has in all.
func (p *Parts) Free() (free, total uint64, err error) {
	f, err := p.root.Open(".")
	if err != nil {
		return 0, 0, fmt.Errorf("look at the disk: %w", err)
	}
	defer f.Close()
	if free, total, err = space(f); err != nil {
		return 0, 0, fmt.Errorf("look at the disk: %w", err)
	}
	return free, total, nil
}
