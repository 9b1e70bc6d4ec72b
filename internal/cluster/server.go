package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

const (
	pollEvery  = 20 * time.Millisecond
	retryEvery = 200 * time.Millisecond
	// patience is how long a server that does not come up is tried again. What
	// passes by itself (processes of a killed server that still hold its
	// memory, or its last seconds of shutdown) passes sooner.
	patience = 15 * time.Second
)

// A run is one life of the server.
type run struct {
	process *os.Process
	exited  chan struct{} // closed once it ended; err then says how
	err     error
}

// supervise runs the server until Stop, again and again if it dies, and
// reports on ready the first time it answers or cannot be made to.
//
// It keeps its thread: the kernel tells the server of our death when the
// thread that started it ends.
func (c *Cluster) supervise(ctx context.Context, ready chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(c.ended)
	giveUp := time.Now().Add(patience)
	for {
		r, err := c.launch(ctx)
		if err == nil {
			if ready != nil {
				ready <- nil
				ready = nil
			}
			ctx = context.WithoutCancel(ctx)
			<-r.exited
			err = r.err
			giveUp = time.Now().Add(patience)
		}
		if c.isStopping() {
			return
		}
		if ctx.Err() != nil || time.Now().After(giveUp) {
			c.fail(err, ready)
			return
		}
		c.opts.Log.Warn("the private database is down; starting it again", "err", err)
		time.Sleep(retryEvery)
	}
}

// fail notes why the server does not run, for whoever waits or asks.
func (c *Cluster) fail(err error, ready chan<- error) {
	err = fmt.Errorf("run postgres: %w: %s", err, lastComplaint(c.logFile()))
	c.mu.Lock()
	c.err = err
	c.mu.Unlock()
	c.opts.Log.Error("the private database cannot be started", "err", err)
	if ready != nil {
		ready <- err
	}
}

// launch starts the server and returns once it answers.
func (c *Cluster) launch(ctx context.Context) (*run, error) {
	if err := c.clearStale(); err != nil {
		return nil, err
	}
	log, err := openLog(c.logFile())
	if err != nil {
		return nil, fmt.Errorf("open server log: %w", err)
	}
	defer log.Close()
	cmd := exec.Command(c.bin.postgres, c.settings()...)
	cmd.Dir, cmd.Env = "/", environment()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = attributes(c.owner)
	r, err := c.begin(cmd)
	if err != nil {
		return nil, err
	}
	if err := c.await(ctx, r); err != nil {
		r.process.Signal(syscall.SIGQUIT)
		<-r.exited
		return nil, err
	}
	return r, nil
}

// begin starts cmd unless Stop was called, so that Stop either sees the
// process or prevents it.
func (c *Cluster) begin(cmd *exec.Cmd) (*run, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopping {
		return nil, errors.New("stopping")
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	c.server = cmd.Process
	r := &run{process: cmd.Process, exited: make(chan struct{})}
	go func() {
		r.err = cmd.Wait()
		c.mu.Lock()
		c.server = nil
		c.mu.Unlock()
		close(r.exited)
	}()
	return r, nil
}

// await returns when the server answers, has ended, or ctx is done. Recovery
// after a crash may take its time; nothing else limits it.
func (c *Cluster) await(ctx context.Context, r *run) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-r.exited:
			if r.err == nil {
				return errors.New("postgres ended at once")
			}
			return r.err
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			if s := c.readStatus(); s.pid == r.process.Pid && s.ready {
				return nil
			}
		}
	}
}

func (c *Cluster) isStopping() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stopping
}

// settings are the server's command line. The log never holds what people
// typed: neither the statement nor the detail of an error.
func (c *Cluster) settings() []string {
	s := []string{"-D", c.data(), "-k", c.socket,
		"-c", "listen_addresses=", "-c", "unix_socket_permissions=0700",
		"-c", "max_connections=200", "-c", "log_checkpoints=off", "-c", "timezone=UTC", "-c", "log_timezone=UTC",
		"-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse",
		"-c", "idle_in_transaction_session_timeout=15s",
		"-c", "wal_recycle=off", // what was erased leaves the log of changes with its file
	}
	durable := []string{"-c", "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on"}
	if c.opts.Fast {
		durable = []string{"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "autovacuum=off"}
	}
	return append(s, durable...)
}

// A status is what postmaster.pid says of the server of the data folder.
type status struct {
	pid   int // 0 when there is no such file
	ready bool
}

// readStatus reads postmaster.pid as pg_ctl does: the process on the first
// line, its state on the eighth.
func (c *Cluster) readStatus() status {
	b, err := os.ReadFile(c.pidFile())
	if err != nil {
		return status{}
	}
	lines := bytes.Split(b, []byte("\n"))
	pid, err := strconv.Atoi(string(bytes.TrimSpace(lines[0])))
	if err != nil {
		return status{}
	}
	return status{pid: pid, ready: len(lines) > 7 && bytes.HasPrefix(lines[7], []byte("ready"))}
}

func (c *Cluster) pidFile() string { return filepath.Join(c.data(), "postmaster.pid") }

// clearStale deals with what a killed Laurel or a killed server left behind.
// We hold the folder's lock, so a server that still runs here belongs to a
// Laurel that is gone: it is asked to end, and the error makes supervise try
// again. A process number that meanwhile belongs to another program would
// keep Postgres from starting for ever; that file is removed.
func (c *Cluster) clearStale() error {
	s := c.readStatus()
	if s.pid == 0 {
		return nil
	}
	cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", s.pid))
	switch {
	case err != nil: // no such process, or none that we may look at: Postgres knows
		return nil
	case cwd == c.data():
		if p, err := os.FindProcess(s.pid); err == nil {
			p.Signal(syscall.SIGINT)
		}
		return fmt.Errorf("the server of the last run (process %d) is still shutting down", s.pid)
	}
	if err := os.Remove(c.pidFile()); err != nil {
		return fmt.Errorf("remove stale postmaster.pid: %w", err)
	}
	return nil
}

// openLog appends to the server's log, beginning a new one after a megabyte.
func openLog(name string) (*os.File, error) {
	const longest = 1 << 20
	if i, err := os.Stat(name); err == nil && i.Size() > longest {
		if err := os.Rename(name, name+".old"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
}

// lastComplaint is the last line of a server log that says what went wrong.
func lastComplaint(name string) []byte {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	lines := bytes.Split(bytes.TrimSpace(b), []byte("\n"))
	for i := len(lines) - 1; i >= 0; i-- {
		if bytes.Contains(lines[i], []byte("FATAL: ")) {
			return lines[i]
		}
	}
	return lines[len(lines)-1]
}
