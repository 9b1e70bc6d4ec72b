package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"laurel/internal/blob"
)

func openParts(t *testing.T) (*blob.Parts, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "parts")
	p, err := blob.OpenParts(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p, name
}

// noise is n bytes that no two offsets share.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

// A part is written over a line that breaks anywhere, by a process that forgets
// some of what it wrote: it ends as it was sent, and so does its sum.
func TestPartSurvivesBreaks(t *testing.T) {
	t.Parallel()
	p, _ := openParts(t)
	ctx, key, film := t.Context(), blob.Key(), noise(1<<20)
	if err := p.Create(ctx, key); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(5, 5))
	sum, offset, breaks := sha256.New(), int64(0), 0
	for offset < int64(len(film)) {
		here := min(len(film), int(offset)+random.IntN(100_000))
		r := io.MultiReader(bytes.NewReader(film[offset:here]), iotest.ErrReader(io.ErrUnexpectedEOF))
		if here == len(film) {
			r = bytes.NewReader(film[offset:])
		}
		before := offset
		forgotten := random.IntN(3) == 0
		hash := sum
		if forgotten {
			hash = nil
		}
		n, err := p.Write(ctx, key, offset, iotest.HalfReader(r), hash)
		if want := int64(here) - before; n != want || here < len(film) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("wrote %d of %d, %v", n, want, err)
		}
		if size, err := p.Size(ctx, key); err != nil || size != offset+n {
			t.Fatalf("%d bytes are kept after %d, %v", size, offset+n, err)
		}
		if !forgotten {
			offset += n
		}
		breaks++
	}
	if want := sha256.Sum256(film); breaks < 10 || !bytes.Equal(sum.Sum(nil), want[:]) {
		t.Errorf("after %d breaks the sum is %x", breaks, sum.Sum(nil))
	}
	if got := partOf(t, p, key); !bytes.Equal(got, film) {
		t.Errorf("%d bytes differ from what was sent", len(got))
	}
}

func partOf(t *testing.T, p *blob.Parts, key string) []byte {
	t.Helper()
	f, err := p.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestWriteThrowsAwayWhatLiesBeyond(t *testing.T) {
	t.Parallel()
	p, _ := openParts(t)
	ctx, key := t.Context(), blob.Key()
	if err := p.Create(ctx, key); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		offset int64
		text   string
		want   string
	}{{0, "a long take, never acknowledged", "a long take, never acknowledged"}, {7, "shot", "a long shot"}, {11, "", "a long shot"}, {2, "", "a "}} {
		if _, err := p.Write(ctx, key, step.offset, strings.NewReader(step.text), nil); err != nil {
			t.Fatal(err)
		}
		if got := string(partOf(t, p, key)); got != step.want {
			t.Errorf("after writing %q at %d: %q, want %q", step.text, step.offset, got, step.want)
		}
	}
	for _, offset := range []int64{3, 1 << 40, -1} {
		if n, err := p.Write(ctx, key, offset, strings.NewReader("hole"), nil); n != 0 || !errors.Is(err, blob.ErrOffset) {
			t.Errorf("at %d: wrote %d, %v", offset, n, err)
		}
	}
	if got := string(partOf(t, p, key)); got != "a " {
		t.Errorf("a refused write changed the part to %q", got)
	}
}

func TestWriteStopsWithItsContext(t *testing.T) {
	t.Parallel()
	p, _ := openParts(t)
	key := blob.Key()
	if err := p.Create(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	endless := readerFunc(func(b []byte) (int, error) {
		cancel()
		return copy(b, "first"), nil
	})
	if n, err := p.Write(ctx, key, 0, endless, nil); n != 5 || !errors.Is(err, context.Canceled) {
		t.Errorf("wrote %d, %v", n, err)
	}
	if got := string(partOf(t, p, key)); got != "first" {
		t.Errorf("got %q", got)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

func TestPartsAreCreatedOnceAndListed(t *testing.T) {
	t.Parallel()
	p, name := openParts(t)
	ctx, keys := t.Context(), []string{}
	for range 5 {
		key := blob.Key()
		if err := p.Create(ctx, key); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	if err := p.Create(ctx, keys[0]); err == nil {
		t.Error("a key was created twice")
	}
	if err := os.WriteFile(filepath.Join(name, "lost+found.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := p.Remove(ctx, keys[4]); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(keys[:4])
	got, err := p.Keys(ctx)
	if diff := cmp.Diff(keys[:4], got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for _, key := range []string{keys[4], "../../etc/passwd", ""} {
		_, sizeErr := p.Size(ctx, key)
		_, openErr := p.Open(ctx, key)
		_, writeErr := p.Write(ctx, key, 0, strings.NewReader("x"), nil)
		for _, err := range []error{sizeErr, openErr, writeErr} {
			if !errors.Is(err, blob.ErrMissing) {
				t.Errorf("%q: got %v", key, err)
			}
		}
	}
	if err := p.Create(ctx, "../outside000000000"); err == nil {
		t.Error("a part was created outside")
	}
}

func TestFreeAgreesWithTheDisk(t *testing.T) {
	t.Parallel()
	p, _ := openParts(t)
	free, total, err := p.Free()
	if err != nil || free == 0 || free > total {
		t.Errorf("%d of %d bytes are free, %v", free, total, err)
	}
}

func TestAdopt(t *testing.T) {
	t.Parallel()
	d, _ := open(t)
	p, _ := openParts(t)
	ctx, partKey, key := t.Context(), blob.Key(), blob.Key()
	if err := p.Create(ctx, partKey); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write(ctx, partKey, 0, strings.NewReader("moving pictures"), nil); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second finds that nothing is left to do
		if err := d.Adopt(ctx, p, partKey, key); err != nil {
			t.Fatal(err)
		}
		f, size, err := d.Open(ctx, key)
		if err != nil || size != 15 {
			t.Fatalf("got %d, %v", size, err)
		}
		if got, _ := io.ReadAll(f); string(got) != "moving pictures" {
			t.Errorf("got %q", got)
		}
		f.Close()
		if _, err := p.Size(ctx, partKey); !errors.Is(err, blob.ErrMissing) {
			t.Errorf("the part is still there: %v", err)
		}
	}
	if err := d.Adopt(ctx, p, blob.Key(), blob.Key()); !errors.Is(err, blob.ErrMissing) {
		t.Errorf("an unknown part: %v", err)
	}
	if err := d.Adopt(ctx, p, "../../etc/passwd", blob.Key()); err == nil {
		t.Error("a file from elsewhere was adopted")
	}
}
