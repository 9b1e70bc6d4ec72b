package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"laurel/internal/factor"
)

// secondFactorKey reads the key that seals second factors, and makes it when it
// is first needed. It stands in the data folder and nowhere else, so that a
// copy of the database alone opens nothing. Two programs that begin at once
// take the same one: it appears under its name whole, or not at all.
func secondFactorKey(data string) ([]byte, error) {
	name := filepath.Join(data, "second-factor.key")
	key, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = newKey(data, name)
		if err == nil {
			key, err = os.ReadFile(name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("key of second factors: %w", err)
	}
	if len(key) != factor.KeySize {
		return nil, fmt.Errorf("%s holds %d bytes, not a key of %d: put the right file back, or remove it, and second factors are set up anew", name, len(key), factor.KeySize)
	}
	return key, nil
}

func newKey(data, name string) error {
	f, err := os.CreateTemp(data, "second-factor-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	key := make([]byte, factor.KeySize)
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
