// Command extract writes internal/locale/en.toml: every English sentence that
// stands in the code, by its key. Run it with go generate ./internal/locale.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "extract:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	found, faults, err := sentences(root)
	if err != nil {
		return err
	}
	for _, f := range faults {
		fmt.Fprintln(os.Stderr, f)
	}
	text, err := catalogue(found)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(root, catalogueFile), text, 0o644); err != nil {
		return err
	}
	if len(faults) > 0 {
		return fmt.Errorf("%d sentences could not go into the catalogue", len(faults))
	}
	return nil
}

// moduleRoot is the nearest folder upwards that holds go.mod.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod above the working folder")
		}
		dir = filepath.Dir(dir)
	}
	return "", err
}
