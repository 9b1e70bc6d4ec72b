package media

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// workshop makes a folder to work in, and removes those of processes that were
// killed: whoever lives holds a lock on its own.
func workshop() (name string, done func(), err error) {
	old, err := filepath.Glob(filepath.Join(os.TempDir(), workshops+"*"))
	if err != nil {
		return "", nil, err
	}
	for _, folder := range old {
		if unlock, err := lock(folder); err == nil {
			_ = os.RemoveAll(folder) // somebody else's, perhaps: then it stays
			unlock()
		}
	}
	for range 100 { // until nobody takes it for a dead one's before it is locked
		name, err = os.MkdirTemp("", workshops)
		if err != nil {
			return "", nil, err
		}
		unlock, err := lock(name)
		if err == nil {
			return name, func() { os.RemoveAll(name); unlock() }, nil
		}
	}
	return "", nil, errors.New("no folder to work in")
}

const workshops = "laurel-film-"

// lock takes a folder for this process, if nobody has it.
func lock(folder string) (unlock func(), err error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
