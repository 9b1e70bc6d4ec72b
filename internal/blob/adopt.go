package blob

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Adopt renames the part where it lies on the same file system, and copies it
// otherwise.
func (d *Dir) Adopt(ctx context.Context, parts *Parts, partKey, key string) error {
	if !IsKey(key) || !IsKey(partKey) {
		return fmt.Errorf("adopt part: %q or %q is not a key", partKey, key)
	}
	if err := d.root.MkdirAll(shelf(key), 0o700); err != nil {
		return fmt.Errorf("adopt part: %w", err)
	}
	from, to := filepath.Join(parts.root.Name(), partKey), filepath.Join(d.root.Name(), file(key))
	if err := os.Rename(from, to); err != nil {
		return Copy(ctx, d, parts, partKey, key)
	}
	if err := errors.Join(d.sync(shelf(key)), syncFolder(parts.root, ".")); err != nil {
		return fmt.Errorf("adopt part: %w", err)
	}
	return nil
}

// Copy is Adopt for a Store that cannot rename: it puts the part, then removes
// it.
func Copy(ctx context.Context, store Store, parts *Parts, partKey, key string) error {
	part, err := parts.Open(ctx, partKey)
	if errors.Is(err, ErrMissing) {
		return alreadyAdopted(ctx, store, key)
	}
	if err != nil {
		return err
	}
	defer part.Close()
	if _, err := store.Put(ctx, key, part); err != nil {
		return fmt.Errorf("adopt part: %w", err)
	}
	return parts.Remove(ctx, partKey)
}

// alreadyAdopted is no error when an earlier Adopt was cut off after its work.
func alreadyAdopted(ctx context.Context, store Store, key string) error {
	f, _, err := store.Open(ctx, key)
	if err != nil {
		return fmt.Errorf("adopt part: %w", err)
	}
	return f.Close()
}
