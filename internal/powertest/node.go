package powertest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// A node is a file or folder of a disk. What changes names is done in both of
// its folders, what changes bytes in one.
type node struct {
	fs.LoopbackNode
	disk *Disk
}

func (d *Disk) node(tree *fs.LoopbackRoot) *node {
	return &node{fs.LoopbackNode{RootData: tree}, d}
}

// WrapChild makes all that is found or made below a node one of ours.
func (n *node) WrapChild(context.Context, fs.InodeEmbedder) fs.InodeEmbedder {
	return n.disk.node(n.RootData)
}

// path is where the node is now, from the top of the disk.
func (n *node) path() string { return n.Path(n.Root()) }

// keptAt is where a name in this folder outlives a cut.
func (n *node) keptAt(name string) string { return filepath.Join(n.disk.kept, n.path(), name) }

// twin makes in the kept folder what was made in the live one, without its bytes.
func (n *node) twin(name string) syscall.Errno {
	var st syscall.Stat_t
	live, kept := filepath.Join(n.disk.live, n.path(), name), n.keptAt(name)
	if err := syscall.Lstat(live, &st); err != nil {
		return fs.ToErrno(err)
	}
	var err error
	switch st.Mode & syscall.S_IFMT {
	case syscall.S_IFDIR:
		err = os.Mkdir(kept, 0o700)
	case syscall.S_IFREG:
		err = os.WriteFile(kept, nil, 0o600)
	default: // a socket or a pipe ends with its makers
		return 0
	}
	return fs.ToErrno(errors.Join(err, os.Chmod(kept, os.FileMode(st.Mode&0o7777)), os.Lchown(kept, int(st.Uid), int(st.Gid))))
}

// Mkdir, Mknod, Create, Symlink and Link make names.
func (n *node) Mkdir(ctx context.Context, name string, mode uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	made, errno := n.LoopbackNode.Mkdir(ctx, name, mode, out)
	if errno == 0 {
		errno = n.twin(name)
	}
	return made, errno
}

func (n *node) Mknod(ctx context.Context, name string, mode, device uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	made, errno := n.LoopbackNode.Mknod(ctx, name, mode, device, out)
	if errno == 0 {
		errno = n.twin(name)
	}
	return made, errno
}

func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	made, file, with, errno := n.LoopbackNode.Create(ctx, name, flags, mode, out)
	if errno != 0 {
		return made, file, with, errno
	}
	its := made.Operations().(*node)
	n.disk.made(its)
	return made, its.handle(file, flags), with, n.twin(name)
}

func (n *node) Symlink(ctx context.Context, target, name string, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	made, errno := n.LoopbackNode.Symlink(ctx, target, name, out)
	if errno == 0 {
		errno = fs.ToErrno(os.Symlink(target, n.keptAt(name)))
	}
	return made, errno
}

func (n *node) Link(ctx context.Context, target fs.InodeEmbedder, name string, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	made, errno := n.LoopbackNode.Link(ctx, &target.(*node).LoopbackNode, name, out)
	if errno == 0 {
		errno = fs.ToErrno(os.Link(filepath.Join(n.disk.kept, target.(*node).path()), n.keptAt(name)))
	}
	return made, errno
}

// Unlink, Rmdir and Rename take names away.
func (n *node) Unlink(ctx context.Context, name string) syscall.Errno {
	errno := n.LoopbackNode.Unlink(ctx, name)
	if errno == 0 {
		_ = os.Remove(n.keptAt(name))
	}
	return errno
}

func (n *node) Rmdir(ctx context.Context, name string) syscall.Errno {
	errno := n.LoopbackNode.Rmdir(ctx, name)
	if errno == 0 {
		_ = os.Remove(n.keptAt(name))
	}
	return errno
}

func (n *node) Rename(ctx context.Context, name string, parent fs.InodeEmbedder, to string, flags uint32) syscall.Errno {
	errno := n.LoopbackNode.Rename(ctx, name, parent, to, flags)
	if errno == 0 {
		_ = os.Rename(n.keptAt(name), parent.(*node).keptAt(to))
	}
	return errno
}

// Setattr changes a length, which is to be synced, or whose the file is.
func (n *node) Setattr(ctx context.Context, file fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	errno := n.LoopbackNode.Setattr(ctx, file, in, out)
	if errno != 0 {
		return errno
	}
	if size, ok := in.GetSize(); ok {
		n.disk.shortened(n, int64(size))
	}
	if mode, ok := in.GetMode(); ok {
		_ = os.Chmod(n.keptAt(""), os.FileMode(mode&0o7777))
	}
	user, ofUser := in.GetUID()
	group, ofGroup := in.GetGID()
	if ofUser && ofGroup {
		_ = os.Lchown(n.keptAt(""), int(user), int(group))
	}
	return 0
}

// Open gives a handle that tells what is written through it.
func (n *node) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	file, with, errno := n.LoopbackNode.Open(ctx, flags)
	if errno != 0 {
		return file, with, errno
	}
	if flags&syscall.O_TRUNC != 0 {
		n.disk.shortened(n, 0)
	}
	return n.handle(file, flags), with, 0
}

// A handle is a file that is open.
type handle struct {
	*fs.LoopbackFile
	node *node
	each bool // every write is synced
}

func (n *node) handle(file fs.FileHandle, flags uint32) *handle {
	return &handle{file.(*fs.LoopbackFile), n, flags&(syscall.O_SYNC|syscall.O_DSYNC) != 0}
}

// Write notes what was written once it can be read: a sync after it finds it.
func (h *handle) Write(ctx context.Context, data []byte, off int64) (uint32, syscall.Errno) {
	n, errno := h.LoopbackFile.Write(ctx, data, off)
	h.node.disk.wrote(h.node, off, off+int64(n))
	if h.each {
		h.node.disk.sync(h.node)
	}
	return n, errno
}

// Writev is Write of several pieces.
func (h *handle) Writev(ctx context.Context, data [][]byte, off int64) (uint32, syscall.Errno) {
	n, errno := h.LoopbackFile.Writev(ctx, data, off)
	h.node.disk.wrote(h.node, off, off+int64(n))
	if h.each {
		h.node.disk.sync(h.node)
	}
	return n, errno
}

// Allocate makes a file longer.
func (h *handle) Allocate(ctx context.Context, off, size uint64, mode uint32) syscall.Errno {
	errno := h.LoopbackFile.Allocate(ctx, off, size, mode)
	h.node.disk.wrote(h.node, int64(off), int64(off+size))
	return errno
}

// Fsync keeps what was written.
func (h *handle) Fsync(context.Context, uint32) syscall.Errno {
	h.node.disk.sync(h.node)
	return 0
}

// PassthroughFd keeps the kernel from writing past this file system.
func (h *handle) PassthroughFd() (int, bool) { return 0, false }
