package blob_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"laurel/internal/blob"
)

func open(t *testing.T) (*blob.Dir, string) {
	t.Helper()
	name := t.TempDir()
	d, err := blob.OpenDir(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, name
}

func TestPutOpenDelete(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	ctx, key := t.Context(), blob.Key()
	stored, err := d.Put(ctx, key, strings.NewReader("moving pictures"))
	if sum := sha256.Sum256([]byte("moving pictures")); err != nil || stored.Size != 15 || string(stored.SHA256) != string(sum[:]) {
		t.Fatalf("got %v, %v", stored, err)
	}
	f, size, err := d.Open(ctx, key)
	if err != nil || size != 15 {
		t.Fatalf("got %d, %v", size, err)
	}
	if _, err := f.Seek(7, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(f); string(got) != "pictures" {
		t.Errorf("got %q", got)
	}
	f.Close()
	for range 2 {
		if err := d.Delete(ctx, key); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := d.Open(ctx, key); !errors.Is(err, blob.ErrMissing) {
		t.Errorf("got %v", err)
	}
}

func TestCutShortKeepsNothing(t *testing.T) {
	t.Parallel()
	d, name := open(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	cut := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, err := d.Put(t.Context(), blob.Key(), cut); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
	if _, err := d.Put(gone, blob.Key(), strings.NewReader("all")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	fs.WalkDir(os.DirFS(name), ".", func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			t.Errorf("%s is left", path)
		}
		return err
	})
}

func TestOnlyKeysReachTheFolder(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	for _, key := range []string{"", "..", "../../../etc/passwd", "/etc/passwd", "short", "UPPERCASEUPPERCASE", "film by someone.mp4"} {
		if _, err := d.Put(t.Context(), key, strings.NewReader("x")); err == nil {
			t.Errorf("%q was kept", key)
		}
		if _, _, err := d.Open(t.Context(), key); !errors.Is(err, blob.ErrMissing) {
			t.Errorf("%q: got %v", key, err)
		}
	}
}
