package media_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// A shelf is a folder of blobs in which a test can spoil things.
type shelf struct {
	*blob.Dir
	folder string
}

func newShelf(t *testing.T) shelf {
	t.Helper()
	s := shelf{folder: t.TempDir()}
	var err error
	if s.Dir, err = blob.OpenDir(s.folder); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func (s shelf) path(key string) string { return filepath.Join(s.folder, key[:2], key) }

// blobsOf are the keys of two pictures and of their renditions.
func blobsOf(t *testing.T, tx pgx.Tx, s shelf) []string {
	t.Helper()
	for _, width := range []int{500, 501} {
		receive(t, tx, s, media.Still, pngOf(t, picture(width, 300)))
	}
	keys, err := pg.Values[string](t.Context(), tx, `select blob_key from kept_blobs order by size`, nil)
	if err != nil || len(keys) < 6 {
		t.Fatalf("%d blobs, %v", len(keys), err)
	}
	return keys
}

func damages(t *testing.T, tx pgx.Tx) map[media.Fault]int {
	t.Helper()
	all, err := media.Damages(t.Context(), tx)
	if err != nil {
		t.Fatal(err)
	}
	found := map[media.Fault]int{}
	for _, d := range all {
		found[d.Fault]++
	}
	return found
}

// A flipped bit, a cut end, a lost file and two files in each other's place are
// found in one run; and once they are put right, in the next.
func TestScrubFindsWhatRots(t *testing.T) {
	t.Parallel()
	tx, s := pgtest.Tx(t), newShelf(t)
	keys := blobsOf(t, tx, s)
	if err := media.Scrub(t.Context(), tx, s, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[media.Fault]int{}, damages(t, tx)); diff != "" {
		t.Errorf("sound blobs: %s", diff)
	}
	before := map[string][]byte{}
	for _, key := range keys {
		content, err := os.ReadFile(s.path(key))
		if err != nil {
			t.Fatal(err)
		}
		before[key] = content
	}
	spoil(t, s, keys, before)
	aWeekLater(t, tx)
	if err := media.Scrub(t.Context(), tx, s, nil); err != nil {
		t.Fatal(err)
	}
	want := map[media.Fault]int{media.Altered: 1, media.Short: 3, media.Lost: 1}
	if len(before[keys[3]]) == len(before[keys[4]]) {
		want = map[media.Fault]int{media.Altered: 3, media.Short: 1, media.Lost: 1}
	}
	if diff := cmp.Diff(want, damages(t, tx)); diff != "" {
		t.Error(diff)
	}
	for _, key := range keys {
		write(t, s.path(key), before[key])
	}
	aWeekLater(t, tx)
	if err := media.Scrub(t.Context(), tx, s, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[media.Fault]int{}, damages(t, tx)); diff != "" {
		t.Errorf("put right: %s", diff)
	}
}

func spoil(t *testing.T, s shelf, keys []string, before map[string][]byte) {
	t.Helper()
	flipped := bytes.Clone(before[keys[0]])
	flipped[len(flipped)/2] ^= 1
	write(t, s.path(keys[0]), flipped)
	write(t, s.path(keys[1]), before[keys[1]][:len(before[keys[1]])-1])
	if err := os.Remove(s.path(keys[2])); err != nil {
		t.Fatal(err)
	}
	write(t, s.path(keys[3]), before[keys[4]])
	write(t, s.path(keys[4]), before[keys[3]])
}

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func aWeekLater(t *testing.T, tx pgx.Tx) {
	t.Helper()
	if _, err := tx.Exec(t.Context(), `update blob_readings set read_at = read_at - interval '8 days'`); err != nil {
		t.Fatal(err)
	}
}

// What was read within the week is not read again; a run that is cut off goes
// on where it stopped.
func TestScrubGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	tx, s := pgtest.Tx(t), newShelf(t)
	keys := blobsOf(t, tx, s)
	read := func() int {
		t.Helper()
		n, err := pg.Value[int](t.Context(), tx, `select count(*) from blob_readings`, nil)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	var asked int
	err := media.Scrub(ctx, tx, s, func(context.Context, int) error {
		if asked++; asked == 3 {
			cancel(enough)
			return enough
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || read() != 2 {
		t.Errorf("%d were read, %v", read(), err)
	}
	asked = 0
	if err := media.Scrub(t.Context(), tx, s, func(context.Context, int) error { asked++; return nil }); err != nil {
		t.Fatal(err)
	}
	if read() != len(keys) || asked != len(keys)-2 {
		t.Errorf("%d of %d are read, %d of them now", read(), len(keys), asked)
	}
	if n, err := media.Unread(t.Context(), tx); err != nil || n != 0 {
		t.Errorf("%d are unread, %v", n, err)
	}
	if _, err := tx.Exec(t.Context(), `update files set created_at = created_at - interval '20 days'; `); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `delete from blob_readings where blob_key = @key`, pg.Args{"key": keys[0]}); err != nil {
		t.Fatal(err)
	}
	if n, err := media.Unread(t.Context(), tx); err != nil || n != 1 {
		t.Errorf("%d are unread, %v", n, err)
	}
}
