package site

import (
	"context"
	"sync"

	tus "github.com/tus/tusd/v2/pkg/handler"
)

// uploadLocks let one request at a time at an upload. A new one asks the one that is
// there to let go, so that a line that hangs does not keep its own successor
// out. They hold within one process; between processes the row of the upload
// is the lock: see upload.Write.
type uploadLocks struct {
	mu    sync.Mutex
	taken map[string]*uploadHolder
}

type uploadHolder struct {
	letGo func()
	free  chan struct{} // closed when it has let go
}

func newUploadLocks() *uploadLocks { return &uploadLocks{taken: map[string]*uploadHolder{}} }

// NewLock is a place at one upload.
func (b *uploadLocks) NewLock(name string) (tus.Lock, error) { return uploadLock{b, name}, nil }

type uploadLock struct {
	of   *uploadLocks
	name string
}

// Lock waits until the place is free, and asks whoever has it to leave.
func (p uploadLock) Lock(ctx context.Context, letGo func()) error {
	for {
		p.of.mu.Lock()
		other := p.of.taken[p.name]
		if other == nil {
			p.of.taken[p.name] = &uploadHolder{letGo, make(chan struct{})}
			p.of.mu.Unlock()
			return nil
		}
		p.of.mu.Unlock()
		other.letGo()
		select {
		case <-ctx.Done():
			return tus.ErrLockTimeout
		case <-other.free:
		}
	}
}

// Unlock leaves the place to the next.
func (p uploadLock) Unlock() error {
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	close(p.of.taken[p.name].free)
	delete(p.of.taken, p.name)
	return nil
}
