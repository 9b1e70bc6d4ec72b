package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"laurel/internal/seal"
)

// secondFactorKey is the key that seals second factors.
func secondFactorKey(data string) ([]byte, error) {
	return keyFile(data, "second-factor.key", "and second factors are set up anew")
}

// originalsKey is what seals the keys of originals.
func originalsKey(data string) (*seal.Keeper, error) {
	key, err := keyFile(data, "originals.key", "and files that were sealed until now cannot be opened")
	if err != nil {
		return nil, err
	}
	return seal.NewKeeper(key)
}

// keyFile reads a key, and makes it when it is first needed. It stands in the
// data folder and nowhere else, so that a copy of the database alone opens
// nothing. Two programs that begin at once take the same one: it appears under
// its name whole, or not at all. lost says what happens without it.
func keyFile(data, file, lost string) ([]byte, error) {
	name := filepath.Join(data, file)
	key, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = newKey(data, name)
		if err == nil {
			key, err = os.ReadFile(name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	if len(key) != seal.KeySize {
		return nil, fmt.Errorf("%s holds %d bytes, not a key of %d: put the right file back, or remove it, %s", name, len(key), seal.KeySize, lost)
	}
	return key, nil
}

func newKey(data, name string) error {
	f, err := os.CreateTemp(data, "new-key-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	key := make([]byte, seal.KeySize)
	rand.Read(key)
	_, err = f.Write(key)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), name); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
