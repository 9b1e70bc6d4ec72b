package site

import (
	"context"
	"net/http"
	"sync"
	"time"

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
	asked chan struct{} // closed when somebody wants the place
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
			own := &uploadHolder{letGo, make(chan struct{}), make(chan struct{})}
			p.of.taken[p.name] = own
			p.of.mu.Unlock()
			tusRequestOf(ctx).asked = own.asked
			return nil
		}
		select {
		case <-other.asked:
		default:
			close(other.asked)
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

// yieldTime is how long a line may still bring what is on its way, once somebody
// else wants its place.
const yieldTime = 50 * time.Millisecond

// yield lets the reading of a body end once somebody wants the place, until stop
// is called. tusd does so too, but not if it is asked before it reads, and each
// read that succeeds gives the line another minute: so the line is told again.
func (v *tusRequest) yield(line *http.ResponseController) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-done:
			return
		case <-v.asked:
		}
		end, again := time.Now().Add(yieldTime), time.NewTicker(yieldTime)
		defer again.Stop()
		for {
			if err := line.SetReadDeadline(end); err != nil {
				return
			}
			select {
			case <-done:
				return
			case <-again.C:
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}
