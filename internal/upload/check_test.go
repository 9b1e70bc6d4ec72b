package upload_test

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"laurel/internal/blob"
	"laurel/internal/upload"
)

// TestMisfits: tables and disk agree whatever is on its way; what is taken from
// the disk behind their back is found, and so is a part that nobody knows.
func TestMisfits(t *testing.T) {
	t.Parallel()
	q := newQuay(t)
	film := footage(10_000)
	cut, gone, empty, whole, kept := q.begin(film), q.begin(film), q.begin(film), q.begin(film), q.begin(film)
	for _, u := range []*upload.Upload{&cut, &gone, &whole, &kept} {
		var err error
		*u, err = q.write(q.parts, *u, film)
		must(t, err)
	}
	must(t, q.store.Adopt(t.Context(), q.parts, kept.Part, kept.Part)) // its end was cut off before it was written down
	young := blob.Key()
	must(t, q.parts.Create(t.Context(), young))
	look := func() []upload.Misfit {
		t.Helper()
		found, err := upload.Misfits(t.Context(), q.pool, q.store, q.parts)
		must(t, err)
		return found
	}
	if found := look(); len(found) > 0 {
		t.Fatalf("found %+v where all is well", found)
	}
	must(t, syscall.Truncate(filepath.Join(q.folder, cut.Part), 9_999))
	must(t, q.parts.Remove(t.Context(), gone.Part))
	must(t, q.parts.Remove(t.Context(), empty.Part))
	old := syscall.NsecToTimespec(time.Now().Add(-26 * time.Hour).UnixNano())
	must(t, syscall.UtimesNano(filepath.Join(q.folder, young), []syscall.Timespec{old, old}))
	want := []upload.Misfit{
		{Upload: cut.Code, Part: cut.Part, Durable: 10_000, Found: 9_999},
		{Upload: gone.Code, Part: gone.Part, Durable: 10_000, Found: -1},
		{Upload: empty.Code, Part: empty.Part, Durable: 0, Found: -1},
		{Part: young},
	}
	if d := cmp.Diff(want, look()); d != "" {
		t.Error(d)
	}
}
