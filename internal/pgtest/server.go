package pgtest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/cluster"
)

const (
	serveVariable = "LAUREL_PGTEST_SERVE" // set in the process that runs the server
	// linger is how long the server stays after its last user: `go test ./...`
	// has pauses between two packages.
	linger = 10 * time.Second
)

// server is the DSN, with an empty database name, of the server under test:
// LAUREL_TEST_DATABASE, or one that all test processes of this user share.
var server = sync.OnceValues(func() (string, error) {
	if dsn := os.Getenv("LAUREL_TEST_DATABASE"); dsn != "" {
		return dsn, nil
	}
	return share(folder())
})

// folder is where the shared server lives: in memory where there is enough.
func folder() string {
	if dir := os.Getenv("LAUREL_TEST_DIR"); dir != "" {
		return dir
	}
	name := fmt.Sprintf("laurel-test-%d", os.Getuid())
	var s syscall.Statfs_t
	const enough = 1 << 30
	if err := syscall.Statfs("/dev/shm", &s); err == nil && s.Bavail*uint64(s.Bsize) > enough {
		return filepath.Join("/dev/shm", name)
	}
	return filepath.Join(os.TempDir(), name)
}

// share joins the users of the server in dir, starting it if it does not run.
//
// Every user holds a shared lock on the file "users" until its process ends;
// the server ends once it gets that lock for itself. Starting is guarded by
// the lock on "start".
func share(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return "", err
	}
	if err := join(filepath.Join(dir, "users")); err != nil {
		return "", err
	}
	start, err := lock(filepath.Join(dir, "start"), syscall.LOCK_EX)
	if err != nil {
		return "", err
	}
	defer start.Close()
	address := filepath.Join(dir, "dsn")
	if dsn, err := os.ReadFile(address); err == nil && answers(string(dsn)) {
		return string(dsn), nil
	}
	if err := os.RemoveAll(address); err != nil {
		return "", err
	}
	return spawn(dir, address)
}

// join takes a shared lock on users and never gives it back. It is a bare
// descriptor: an os.File would be closed when nothing points to it.
func join(users string) error {
	fd, err := syscall.Open(users, syscall.O_CREAT|syscall.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	return flock(fd, syscall.LOCK_SH)
}

// answers tells a server that runs from one that was killed.
func answers(dsn string) bool {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, dsn+"&dbname=postgres")
	if err != nil {
		return false
	}
	return c.Close(ctx) == nil
}

// spawn runs this test program again as the server's keeper and waits until
// it has written down the server's address.
func spawn(dir, address string) (string, error) {
	out, err := os.Create(filepath.Join(dir, "keeper.log"))
	if err != nil {
		return "", err
	}
	defer out.Close()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveVariable+"="+dir)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			said, _ := os.ReadFile(out.Name())
			return "", fmt.Errorf("start test server: %w: %s", err, said)
		case <-time.After(20 * time.Millisecond):
			if dsn, err := os.ReadFile(address); err == nil {
				return string(dsn), nil
			}
		}
	}
}

// init turns the process that spawn started into the server's keeper.
func init() {
	dir := os.Getenv(serveVariable)
	if dir == "" {
		return
	}
	if err := keep(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// keep runs the server in dir until nobody has used it for a while or until
// it is told to end, and leaves nothing behind.
func keep(dir string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	c, err := cluster.Start(ctx, cluster.Options{Dir: filepath.Join(dir, "cluster"), Fast: true, Log: log})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "keeper.pid"), fmt.Appendln(nil, os.Getpid()), 0o600); err != nil {
		return errors.Join(err, c.Stop())
	}
	address := filepath.Join(dir, "dsn")
	if err := publish(address, c.DSN("")); err != nil {
		return errors.Join(err, c.Stop())
	}
	users := awaitLeaving(ctx, filepath.Join(dir, "users"))
	if users != nil {
		defer users.Close()
	}
	return errors.Join(os.Remove(address), c.Stop(), os.RemoveAll(filepath.Join(dir, "cluster")))
}

// publish writes a file whole or not at all.
func publish(name, text string) error {
	if err := os.WriteFile(name+".new", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// awaitLeaving returns when ctx is done, or with the lock on users once the
// server was without any for a while.
func awaitLeaving(ctx context.Context, users string) *os.File {
	const every = 500 * time.Millisecond
	alone := time.Duration(0)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(every):
		}
		f, err := lock(users, syscall.LOCK_EX|syscall.LOCK_NB)
		if err != nil {
			alone = 0
			continue
		}
		if alone += every; alone > linger {
			return f
		}
		f.Close()
	}
}

// lock opens and locks a file; the lock lasts until it is closed or the
// process ends.
func lock(name string, how int) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := flock(int(f.Fd()), how); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// flock waits for a lock through signals.
func flock(fd, how int) error {
	for {
		if err := syscall.Flock(fd, how); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
