package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// A HeldError says that another Laurel uses the data folder.
type HeldError struct {
	Dir string
	PID string // its process, empty when it has not said
}

func (e *HeldError) Error() string {
	who := "another Laurel"
	if e.PID != "" {
		who += " (process " + e.PID + ")"
	}
	return fmt.Sprintf("%s uses the data folder %s: stop it, or choose another folder", who, e.Dir)
}

// An UnreachableError says that the user the server would run as cannot get to
// the data folder.
type UnreachableError struct {
	Dir    string // the data folder
	Closed string // the folder on the way that lets nobody in
	User   string
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("as root, Laurel runs its database as the user %s, who cannot reach %s because %s is closed to others: "+
		"choose a folder elsewhere, for instance /var/lib/laurel", e.User, e.Dir, e.Closed)
}

// hold takes the lock of a data folder for as long as the file stays open. The
// kernel gives it back however we end.
func hold(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock of data folder: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		pid := make([]byte, 20)
		n, _ := f.Read(pid)
		f.Close()
		return nil, &HeldError{Dir: dir, PID: string(bytes.TrimSpace(pid[:n]))}
	}
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = fmt.Fprintln(f, os.Getpid())
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	return f, nil
}

// An owner is the unprivileged user a server started by root runs as. The nil
// owner is ourselves.
type owner struct {
	name     string
	uid, gid uint32
}

// findOwner is nil unless we are root; then it is the user that Postgres's
// packages make, or else nobody.
func findOwner() (*owner, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, fmt.Errorf("find a user to run postgres as: %w", err)
		}
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read user id of %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read group id of %s: %w", u.Username, err)
	}
	return &owner{name: u.Username, uid: uint32(uid), gid: uint32(gid)}, nil
}

// reaches returns an UnreachableError unless o may pass through dir and every
// folder above it.
func (o *owner) reaches(dir string) error {
	if o == nil {
		return nil
	}
	for at := dir; ; at = filepath.Dir(at) {
		i, err := os.Stat(at)
		if err != nil {
			return fmt.Errorf("look at data folder: %w", err)
		}
		own := i.Sys().(*syscall.Stat_t).Uid == o.uid
		if i.Mode().Perm()&0o001 == 0 && !own {
			return &UnreachableError{Dir: dir, Closed: at, User: o.name}
		}
		if at == filepath.Dir(at) {
			return nil
		}
	}
}

// mkdir makes a folder that only o may enter, or makes sure of it.
func (o *owner) mkdir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return o.take(dir)
}

// take gives a folder to o.
func (o *owner) take(dir string) error {
	if o == nil {
		return nil
	}
	return os.Chown(dir, int(o.uid), int(o.gid))
}

// majorOf is the Postgres version that made a data folder, "" for none yet.
func majorOf(data string) (string, error) {
	b, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read version of data folder: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// syncFolder makes a rename inside dir outlast a power cut.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync data folder: %w", err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fmt.Errorf("sync data folder: %w", err)
	}
	return nil
}
