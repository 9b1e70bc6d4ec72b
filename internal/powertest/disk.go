// Package powertest is a disk whose power can be cut: what a program wrote
// there is kept once it was synced, and not before. It is a FUSE file system
// (Linux, root) over two folders, one as the programs see it and one as a disk
// without power would have it.
//
// It is harder than most disks about bytes and softer about names: bytes that
// were not synced are lost, or a part of their pages is, in any order; files that
// were made, renamed or removed stay so at once.
package powertest

import (
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// A Disk is mounted on a folder until its test ends.
type Disk struct {
	t          *testing.T
	at         string // where it is mounted
	live, kept string // what is read; what outlives a cut
	server     *fuse.Server

	mu    sync.Mutex
	files map[uint64]*unsynced // by the number of the inode
	liar  string
}

// unsynced is what a file lost if the power were cut now.
type unsynced struct {
	node  *node
	pages map[int64]bool
	cut   int64 // the shortest that the file has been since
}

const page = 4096

// New mounts a disk on a folder that is there and empty. The test is skipped
// where that cannot be done: it takes root and /dev/fuse.
func New(t *testing.T, at string) *Disk {
	t.Helper()
	if _, err := os.Stat("/dev/fuse"); err != nil || os.Getuid() != 0 {
		t.Skip("a disk without power takes root and /dev/fuse")
	}
	below := t.TempDir()
	d := &Disk{t: t, at: at, live: filepath.Join(below, "live"), kept: filepath.Join(below, "kept"), liar: "\x00"}
	for _, folder := range []string{d.live, d.kept} {
		d.must(exec.Command("cp", "-a", at, folder).Run())
	}
	d.mount()
	t.Cleanup(func() { d.unmount() })
	return d
}

// Lies makes the disk say of files under a folder that they are synced when they
// are not.
func (d *Disk) Lies(folder string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.liar = folder + "/"
}

// Cut takes the power away and gives it back. Whoever used the disk must have
// been killed. A share of the pages that were not synced, from 0 to 1 and chosen
// by chance, had reached the disk anyhow.
func (d *Disk) Cut(share float64) {
	d.t.Helper()
	paths := map[*unsynced]string{}
	for _, f := range d.files {
		paths[f] = f.node.path()
	}
	d.unmount()
	for f, path := range paths {
		d.keep(path, f, func() bool { return rand.Float64() < share })
	}
	d.must(os.RemoveAll(d.live))
	d.must(exec.Command("cp", "-a", d.kept, d.live).Run())
	d.mount()
}

func (d *Disk) mount() {
	d.t.Helper()
	var st syscall.Stat_t
	d.must(syscall.Stat(d.live, &st))
	d.files = map[uint64]*unsynced{}
	tree := &fs.LoopbackRoot{Path: d.live, Dev: uint64(st.Dev)}
	top := d.node(tree)
	tree.RootNode = top
	server, err := fs.Mount(d.at, top, &fs.Options{MountOptions: fuse.MountOptions{
		AllowOther: true, DirectMountStrict: true, Name: "powertest", MaxWrite: 128 << 10, Options: []string{"default_permissions"},
	}})
	d.must(err)
	d.server = server
}

// unmount waits for the killed to be gone.
func (d *Disk) unmount() {
	d.t.Helper()
	err := d.server.Unmount()
	for range 1000 {
		if err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
		err = d.server.Unmount()
	}
	d.must(err)
}

func (d *Disk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// wrote notes that bytes of a file are not synced yet.
func (d *Disk) wrote(n *node, from, to int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.file(n)
	for p := from / page; p*page < to; p++ {
		f.pages[p] = true
	}
}

// shortened notes that a file's length was set.
func (d *Disk) shortened(n *node, size int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.file(n)
	f.cut = min(f.cut, size)
}

func (d *Disk) file(n *node) *unsynced {
	number := n.StableAttr().Ino
	f := d.files[number]
	if f == nil {
		f = &unsynced{n, map[int64]bool{}, math.MaxInt64}
		d.files[number] = f
	}
	return f
}

// made notes that a file is new, whatever had its number before.
func (d *Disk) made(n *node) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.files, n.StableAttr().Ino)
}

// sync writes what is not synced of a file to where it stays.
func (d *Disk) sync(n *node) {
	d.mu.Lock()
	defer d.mu.Unlock()
	number, path := n.StableAttr().Ino, n.path()
	f := d.files[number]
	if f == nil || strings.HasPrefix(path, d.liar) {
		return
	}
	delete(d.files, number)
	d.keep(path, f, func() bool { return true })
	if st, err := os.Stat(filepath.Join(d.live, path)); err == nil {
		_ = os.Truncate(filepath.Join(d.kept, path), st.Size())
	}
}

// keep copies those pages of a file that reach the disk. One that was removed
// meanwhile has none.
func (d *Disk) keep(path string, f *unsynced, reaches func() bool) {
	from, err := os.Open(filepath.Join(d.live, path))
	if err != nil {
		return
	}
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(d.kept, path), os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer to.Close()
	if st, err := to.Stat(); err == nil && f.cut < st.Size() && reaches() {
		_ = to.Truncate(f.cut)
	}
	b := make([]byte, page)
	for p := range f.pages {
		if !reaches() {
			continue
		}
		if n, _ := from.ReadAt(b, p*page); n > 0 {
			if _, err := to.WriteAt(b[:n], p*page); err != nil {
				d.t.Error(err)
			}
		}
	}
}
