package media_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/seal"
)

// stored are the keys of the blobs in a folder.
func stored(t *testing.T, folder string) []string {
	t.Helper()
	keys := []string{}
	err := filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			keys = append(keys, d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	return keys
}

// inFolder is a house whose blobs lie in a folder that the test can look into.
func inFolder(t *testing.T) (house, string) {
	t.Helper()
	folder := t.TempDir()
	d, err := blob.OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return house{pgtest.Pool(t), media.Vault{Store: d, Seals: seal.Passing()}}, folder
}

func (h house) still(t *testing.T, content []byte) media.File {
	t.Helper()
	var f media.File
	h.do(t, func(tx pgx.Tx) error {
		f = receive(t, tx, h.vault.Store, media.Still, content)
		return nil
	})
	return f
}

func TestOriginalIsEncryptedAndReadsAsItCame(t *testing.T) {
	t.Parallel()
	h, folder := inFolder(t)
	content := append(camera(jpegOf(t, picture(600, 400)), 1), bytes.Repeat([]byte(canary), 10_000)...)
	f := h.still(t, content)
	other := h.still(t, pngOf(t, picture(50, 50)))
	h.work(t, f.ID)
	h.work(t, other.ID)
	for _, key := range stored(t, folder) {
		raw, err := os.ReadFile(filepath.Join(folder, key[:2], key))
		if err != nil || bytes.Contains(raw, []byte(canary)) {
			t.Errorf("a blob holds what came in plain: %v", err)
		}
	}
	o, err := media.OpenOriginal(t.Context(), h.db, h.vault, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if err := iotest.TestReader(o, content); err != nil {
		t.Error(err)
	}
	for _, at := range []int64{0, 1, 65_535, 65_536, int64(len(content)) - 7} {
		got := make([]byte, 7)
		if _, err := o.Seek(at, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(o, got); err != nil || !bytes.Equal(got, content[at:at+7]) {
			t.Errorf("at %d got %q, %v", at, got, err)
		}
	}
	if o.Size != int64(len(content)) || o.MediaType != "image/jpeg" {
		t.Errorf("got %+v", o)
	}
	h.opensOnlyThere(t, f.ID, other.ID)
}

// opensOnlyThere looks whether the key of a file opens with another key file,
// in another row, or once its row is gone.
func (h house) opensOnlyThere(t *testing.T, id, other media.ID) {
	t.Helper()
	thief := media.Vault{Store: h.vault.Store, Seals: seal.Passing()}
	if o, err := media.OpenOriginal(t.Context(), h.db, thief, id); err == nil {
		t.Errorf("another key file opens %v", o)
	}
	for v, want := range map[media.Vault]int{h.vault: 0, thief: 2} {
		if locked, err := media.Locked(t.Context(), h.db, v.Seals); err != nil || len(locked) != want {
			t.Errorf("got %v, %v", locked, err)
		}
	}
	exec := func(sql string) {
		if _, err := h.db.Exec(t.Context(), sql, pg.Args{"id": id, "other": other}); err != nil {
			t.Fatal(err)
		}
	}
	exec(`update file_keys set sealed = (select sealed from file_keys where file_id = @other) where file_id = @id`)
	if o, err := media.OpenOriginal(t.Context(), h.db, h.vault, id); err == nil {
		t.Errorf("another file's key opens %v", o)
	}
	exec(`delete from file_keys where file_id = @id or file_id = @other`)
	o, err := media.OpenOriginal(t.Context(), h.db, h.vault, id)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	all, err := io.ReadAll(o)
	if err != nil || bytes.Contains(all, []byte(canary)) || !bytes.HasPrefix(all, []byte("age-encryption.org/v1")) {
		t.Errorf("without its key it reads %q, %v", all[:min(len(all), 30)], err)
	}
}

// mortal is a store whose process is killed after some acts.
type mortal struct {
	blob.Store
	left *int
}

var errKilled = errors.New("killed")

func (m mortal) act() error {
	if *m.left--; *m.left < 0 {
		return errKilled
	}
	return nil
}

func (m mortal) Put(ctx context.Context, key string, r io.Reader) (blob.Stored, error) {
	if err := m.act(); err != nil {
		return blob.Stored{}, err
	}
	return m.Store.Put(ctx, key, r)
}

func (m mortal) Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	if err := m.act(); err != nil {
		return nil, 0, err
	}
	return m.Store.Open(ctx, key)
}

func (m mortal) Delete(ctx context.Context, key string) error {
	if err := m.act(); err != nil {
		return err
	}
	return m.Store.Delete(ctx, key)
}

// A worker that is killed at any act loses nothing: whoever comes next ends the
// work, the original reads as it came, and no blob is left that nobody knows of.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	content := camera(jpegOf(t, picture(300, 200)), 1)
	for acts := range 100 {
		h, folder := inFolder(t)
		f := h.adopt(t, media.Still, content)
		ended := h.workUntil(t, f.ID, acts)
		h.holdsOriginal(t, f.ID, content)
		if _, err := h.db.Exec(t.Context(), `update files set stepped_at = stepped_at - interval '1 hour'`); err != nil {
			t.Fatal(err)
		}
		h.work(t, f.ID)
		h.holdsOriginal(t, f.ID, content)
		known, err := pg.Values[string](t.Context(), h.db, `select blob_key from kept_blobs order by blob_key`, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := stored(t, folder); !cmp.Equal(got, known) || len(got) != 3 {
			t.Errorf("killed after %d acts: %d blobs, %d known", acts, len(got), len(known))
		}
		if f, err = media.ByCode(t.Context(), h.db, f.Code); err != nil || f.State != media.Ready || f.Step != media.Idle {
			t.Errorf("killed after %d acts: %+v, %v", acts, f, err)
		}
		if ended {
			if acts < 7 {
				t.Errorf("the work took only %d acts", acts)
			}
			return
		}
	}
	t.Error("the work never ends")
}

// adopt puts a file into the store as an upload that has arrived does.
func (h house) adopt(t *testing.T, kind media.Kind, content []byte) media.File {
	t.Helper()
	key := blob.Key()
	stored, err := h.vault.Store.Put(t.Context(), key, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	var f media.File
	h.do(t, func(tx pgx.Tx) (err error) {
		f, err = media.Adopt(t.Context(), tx, media.Incoming{Kind: kind, BlobKey: key, Size: stored.Size, SHA256: stored.SHA256,
			Head: content[:min(len(content), media.Sniffed)]})
		return err
	})
	return f
}

// workUntil works on a file until it has acted on the store so often, and says
// whether it came to an end before.
func (h house) workUntil(t *testing.T, id media.ID, acts int) bool {
	t.Helper()
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	v := media.Vault{Store: mortal{h.vault.Store, &acts}, Seals: h.vault.Seals}
	w, err := media.Begin(ctx, h.db, v, id)
	if err != nil {
		t.Fatal(err)
	}
	made, err := w.Make(t.Context())
	if err == nil {
		h.do(t, func(tx pgx.Tx) error { return media.Finish(t.Context(), tx, made) })
		var sealed *media.Sealed
		if sealed, err = w.Seal(t.Context()); err == nil {
			h.do(t, func(tx pgx.Tx) error { return media.FinishSeal(t.Context(), tx, sealed) })
			err = w.Tidy(t.Context())
		}
	}
	if err != nil && !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	return err == nil
}

func (h house) holdsOriginal(t *testing.T, id media.ID, want []byte) {
	t.Helper()
	o, err := media.OpenOriginal(t.Context(), h.db, h.vault, id)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if got, err := io.ReadAll(o); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the original has %d bytes, not %d: %v", len(got), len(want), err)
	}
}

func TestOneWorksOnAFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.still(t, pngOf(t, picture(20, 20)))
	first, err := media.Begin(t.Context(), h.db, h.vault, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := media.Begin(t.Context(), h.db, h.vault, f.ID); !errors.Is(err, media.ErrBusy) {
		t.Errorf("a second worker got %v", err)
	}
	if err := first.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.work(t, f.ID)
	if _, err := media.Begin(t.Context(), h.db, h.vault, f.ID+1); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("of no file got %v", err)
	}
}

// A worker that was thought dead, and another has taken its place, writes
// nothing down.
func TestTheLateWorkerWritesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.adopt(t, media.Still, pngOf(t, picture(20, 20)))
	late, err := media.Begin(t.Context(), h.db, h.vault, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	made, err := late.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.Exec(t.Context(), `update files set stepped_at = stepped_at - interval '1 hour'`); err != nil {
		t.Fatal(err)
	}
	h.work(t, f.ID)
	err = pgx.BeginFunc(t.Context(), h.db, func(tx pgx.Tx) error { return media.Finish(t.Context(), tx, made) })
	if err == nil {
		t.Error("it wrote its own over the other's")
	}
}
