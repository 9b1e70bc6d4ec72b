// Package cluster runs a private Postgres for a Laurel that was given none: it
// finds the server's programs on the machine, makes the data folder, starts
// the server on a socket only we can reach, starts it again if it dies, and
// stops it. Who starts it owns the folder until Stop.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// superuser is the database role we are; the socket's folder keeps others out.
const superuser = "laurel"

// Options say where and how a cluster runs.
type Options struct {
	Dir  string       // holds everything of the cluster; made when missing
	Fast bool         // for tests only: a crash of the machine may lose data
	Log  *slog.Logger // nil is silent
}

// A Cluster is a running server. Its methods may be called from any goroutine.
type Cluster struct {
	opts   Options
	bin    binaries
	owner  *owner // whom the server runs as; nil is ourselves
	socket string // folder of the socket
	lock   *os.File

	mu       sync.Mutex
	server   *os.Process // nil between two runs
	stopping bool
	err      error         // why the server could not be kept running
	ended    chan struct{} // closed when it runs no more and will not again
}

// Start runs the cluster in o.Dir and returns once it answers, which after a
// crash is when recovery is done. Errors that a person can do something about
// are NoBinariesError, HeldError, VersionError and UnreachableError.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("find data folder: %w", err)
	}
	o.Dir = dir
	c := &Cluster{opts: o, ended: make(chan struct{})}
	if err := c.prepare(ctx); err != nil {
		c.release()
		return nil, err
	}
	ready := make(chan error, 1)
	go c.supervise(ctx, ready)
	if err := <-ready; err != nil {
		c.release()
		return nil, err
	}
	return c, nil
}

// DSN is the address of database db for pgx.
func (c *Cluster) DSN(db string) string { return dsn(c.socket, db) }

// Ensure makes database db unless it is there.
func (c *Cluster) Ensure(ctx context.Context, db string) error {
	conn, err := pgx.Connect(ctx, c.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("reach private database: %w", err)
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "create database "+pgx.Identifier{db}.Sanitize())
	const duplicateDatabase = "42P04"
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == duplicateDatabase {
		return nil
	}
	return err
}

// Ended is closed when the server runs no more and will not be started again:
// after Stop, or when it could not be kept running; then Err says why.
func (c *Cluster) Ended() <-chan struct{} { return c.ended }

// Err is why the server could not be kept running, or nil.
func (c *Cluster) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Stop ends the server, letting it write everything down, and gives up the
// folder. It returns when no process of the cluster is left.
func (c *Cluster) Stop() error {
	c.mu.Lock()
	c.stopping = true
	server := c.server
	c.mu.Unlock()
	if server != nil {
		c.end(server)
	}
	<-c.ended
	c.release()
	return c.Err()
}

// end asks for a fast shutdown, and for an immediate one (which costs a
// recovery at the next start, and no data) if that takes too long.
func (c *Cluster) end(server *os.Process) {
	server.Signal(syscall.SIGINT)
	select {
	case <-c.ended:
	case <-time.After(30 * time.Second):
		server.Signal(syscall.SIGQUIT)
	}
}

// prepare does all that comes before the server runs.
func (c *Cluster) prepare(ctx context.Context) (err error) {
	if c.owner, err = findOwner(); err != nil {
		return err
	}
	if err := os.MkdirAll(c.opts.Dir, 0o711); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	if err := c.owner.reaches(c.opts.Dir); err != nil {
		return err
	}
	if c.lock, err = hold(c.opts.Dir); err != nil {
		return err
	}
	major, err := majorOf(c.data())
	if err != nil {
		return err
	}
	if c.bin, err = findBinaries(ctx, major); err != nil {
		if _, ok := errors.AsType[*VersionError](err); ok {
			return &VersionError{Dir: c.opts.Dir, Major: major}
		}
		return err
	}
	if major == "" {
		if err := c.initialise(ctx); err != nil {
			return err
		}
	}
	return c.makeSocketFolder()
}

func (c *Cluster) data() string { return filepath.Join(c.opts.Dir, "postgres") }
func (c *Cluster) logFile() string {
	return filepath.Join(c.opts.Dir, "postgres.log")
}

// initialise makes the data folder beside its final place, so that a half-made
// one is never taken for a whole.
func (c *Cluster) initialise(ctx context.Context) error {
	c.opts.Log.Info("making a private database", "folder", c.opts.Dir)
	draft := c.data() + ".new"
	if err := os.RemoveAll(draft); err != nil {
		return fmt.Errorf("clear data folder: %w", err)
	}
	if err := c.owner.mkdir(draft); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	args := []string{"-D", draft, "-U", superuser, "-E", "UTF8", "--locale=C.UTF-8",
		"--locale-provider=icu", "--icu-locale=und", "--data-checksums",
		"--auth-local=trust", "--auth-host=scram-sha-256", "--no-instructions"}
	if c.opts.Fast {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, c.bin.initdb, args...)
	cmd.Dir, cmd.Env = "/", environment()
	cmd.SysProcAttr = attributes(c.owner)
	runtime.LockOSThread() // see supervise
	defer runtime.UnlockOSThread()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, lastLine(out))
	}
	if err := os.Rename(draft, c.data()); err != nil {
		return fmt.Errorf("keep data folder: %w", err)
	}
	return syncFolder(c.opts.Dir)
}

// makeSocketFolder picks the folder of the socket: in the data folder, or a
// temporary one when that path is too long for a socket's address.
func (c *Cluster) makeSocketFolder() error {
	const longest = 107 - len("/.s.PGSQL.5432.lock")
	c.socket = filepath.Join(c.opts.Dir, "run")
	if len(c.socket) <= longest {
		return c.owner.mkdir(c.socket)
	}
	dir, err := os.MkdirTemp("", "laurel-")
	if err != nil {
		return fmt.Errorf("make socket folder: %w", err)
	}
	c.socket = dir
	return c.owner.take(dir)
}

// release gives up what prepare took.
func (c *Cluster) release() {
	if c.socket != "" && filepath.Dir(c.socket) != c.opts.Dir {
		os.RemoveAll(c.socket)
	}
	if c.lock != nil {
		c.lock.Close()
	}
}
