package blob_test

import (
	"bytes"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"

	"laurel/internal/blob"
)

// waiting asks the kernel how many pages of a file are in memory only
// (cachestat, Linux 6.5): what a power cut would take.
func waiting(t *testing.T, name string) (pages uint64, known bool) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const cachestat = 451
	var whole [2]uint64
	var found struct{ Cached, Dirty, Writeback, Evicted, RecentlyEvicted uint64 }
	_, _, errno := syscall.Syscall6(cachestat, f.Fd(), uintptr(unsafe.Pointer(&whole)), uintptr(unsafe.Pointer(&found)), 0, 0, 0)
	return found.Dirty + found.Writeback, errno == 0
}

// The control is the same bytes written without a sync: of them the kernel says
// that they would be lost.
func TestAcknowledgedBytesAreOnTheDisk(t *testing.T) {
	t.Parallel()
	p, folder := openParts(t)
	film, control := noise(1<<20), filepath.Join(folder, "control")
	if err := os.WriteFile(control, film, 0o600); err != nil {
		t.Fatal(err)
	}
	if pages, known := waiting(t, control); !known || pages == 0 {
		t.Skip("this kernel or file system does not tell what waits to be written")
	}
	ctx, key := t.Context(), blob.Key()
	if err := p.Create(ctx, key); err != nil {
		t.Fatal(err)
	}
	if n, err := p.Write(ctx, key, 0, bytes.NewReader(film), nil); err != nil || n != int64(len(film)) {
		t.Fatalf("wrote %d, %v", n, err)
	}
	if pages, _ := waiting(t, filepath.Join(folder, key)); pages != 0 {
		t.Errorf("%d pages of what was acknowledged are in memory only", pages)
	}
}
