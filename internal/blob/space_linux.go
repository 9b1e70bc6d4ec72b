package blob

import (
	"os"
	"syscall"
)

// space is what the file system of f has left for ordinary programs, and its
// size.
func space(f *os.File) (free, total uint64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Fstatfs(int(f.Fd()), &s); err != nil {
		return 0, 0, err
	}
	block := uint64(s.Bsize)
	return s.Bavail * block, s.Blocks * block, nil
}
