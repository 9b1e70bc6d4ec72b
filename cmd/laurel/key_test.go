package main

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestTheKeyOfSecondFactorsIsMadeOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keys := make([][]byte, 12)
	var wait sync.WaitGroup
	for i := range keys {
		wait.Go(func() {
			key, err := secondFactorKey(dir)
			if err != nil {
				t.Error(err)
			}
			keys[i] = key
		})
	}
	wait.Wait()
	for _, key := range keys {
		if len(key) != 32 || !bytes.Equal(key, keys[0]) || bytes.Equal(key, make([]byte, 32)) {
			t.Fatalf("keys differ, or are none: %x, %x", key, keys[0])
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("the folder holds %v, %v", files, err)
	}
	info, err := os.Stat(filepath.Join(dir, "second-factor.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the key: %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, "second-factor.key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := secondFactorKey(dir); err == nil {
		t.Error("a broken key is taken")
	}
}
