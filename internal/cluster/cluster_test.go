package cluster_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/cluster"
)

// writeVariable makes this program the process that TestKilled… kills: it
// writes rows into a cluster in the folder it names, and prints each number
// once it is committed.
const writeVariable = "LAUREL_CLUSTER_WRITE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writeVariable); dir != "" {
		fmt.Fprintln(os.Stderr, write(context.Background(), dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func write(ctx context.Context, dir string) error {
	c, err := cluster.Start(ctx, cluster.Options{Dir: dir})
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, c.DSN("postgres"))
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "create table if not exists rows (n int primary key)"); err != nil {
		return err
	}
	for n := 1; ; n++ {
		if _, err := conn.Exec(ctx, "insert into rows values ($1)", n); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

func TestRowsOutliveARestart(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := start(t, dir)
	if err := c.Ensure(t.Context(), "laurel"); err != nil {
		t.Fatal(err)
	}
	if err := c.Ensure(t.Context(), "laurel"); err != nil {
		t.Errorf("the second time: %v", err)
	}
	do(t, c, "create table rows (n int)")
	do(t, c, "insert into rows values (1)")
	pid := serverOf(t, dir)
	stop(t, c)
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the server still runs: %v", err)
	}

	c = start(t, dir)
	if got := count(t, c); got != 1 {
		t.Errorf("got %d rows, want 1", got)
	}
	stop(t, c)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	c := start(t, folder(t))
	defer stop(t, c)
	conn := connect(t, c)
	for name, want := range map[string]string{
		"data_checksums": "on", "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on",
		"server_encoding": "UTF8", "listen_addresses": "", "log_error_verbosity": "terse", "log_min_error_statement": "panic",
	} {
		var got string
		if err := conn.QueryRow(t.Context(), "select current_setting($1)", name).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", name, got, want, err)
		}
	}
}

func TestSecondStartIsRefusedButMayJoin(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	defer stop(t, start(t, dir))
	address, err := cluster.Address(dir, "postgres")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close(t.Context())

	_, err = cluster.Start(t.Context(), cluster.Options{Dir: dir})
	held, ok := errors.AsType[*cluster.HeldError](err)
	if !ok || held.PID != strconv.Itoa(os.Getpid()) {
		t.Errorf("got %v", err)
	}
}

func TestFolderOfAnotherVersion(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := os.Mkdir(filepath.Join(dir, "postgres"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "postgres", "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := cluster.Start(t.Context(), cluster.Options{Dir: dir})
	if e, ok := errors.AsType[*cluster.VersionError](err); !ok || e.Major != "9" || e.Dir != dir {
		t.Errorf("got %v", err)
	}
}

func TestNoBinaries(t *testing.T) {
	t.Setenv("LAUREL_POSTGRES_BIN", t.TempDir())
	_, err := cluster.Start(t.Context(), cluster.Options{Dir: folder(t)})
	if _, ok := errors.AsType[*cluster.NoBinariesError](err); !ok {
		t.Errorf("got %v", err)
	}
}

func TestFolderThatTheServerCannotReach(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root runs the server as somebody else")
	}
	shut := t.TempDir()
	if err := os.Chmod(shut, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := cluster.Start(t.Context(), cluster.Options{Dir: filepath.Join(shut, "laurel")})
	if _, ok := errors.AsType[*cluster.UnreachableError](err); !ok {
		t.Errorf("got %v", err)
	}
}

func TestProcessNumberOfAnotherProgramInTheWay(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	stop(t, start(t, dir))
	pidFile := filepath.Join(dir, "postgres", "postmaster.pid")
	if err := os.WriteFile(pidFile, fmt.Appendln(nil, os.Getppid()), 0o600); err != nil {
		t.Fatal(err)
	}
	stop(t, start(t, dir))
}

func TestKilledServerComesBack(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	c := start(t, dir)
	defer stop(t, c)
	do(t, c, "create table rows (n int)")
	do(t, c, "insert into rows values (1)")
	if err := syscall.Kill(serverOf(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	awaitBack(t, c)
	if got := count(t, c); got != 1 {
		t.Errorf("got %d rows, want 1", got)
	}
}

// TestKillingEveryProcessOfTheServer loses no row that was committed.
func TestKillingEveryProcessOfTheServer(t *testing.T) {
	t.Parallel()
	if committed, kept := writeAndKillAll(t, ""); kept < committed {
		t.Errorf("%d rows were committed, %d are left", committed, kept)
	}
}

// TestKillingControl shows that the test above can fail: without waiting for
// the disk, rows are lost.
func TestKillingControl(t *testing.T) {
	t.Parallel()
	for range 6 {
		if committed, kept := writeAndKillAll(t, "&synchronous_commit=off"); kept < committed {
			return
		}
	}
	t.Error("nothing was lost without waiting for the disk: the test of durability proves nothing")
}

// writeAndKillAll writes rows for a second, kills all processes of the server
// at once, and returns how many rows were committed and how many are left.
func writeAndKillAll(t *testing.T, settings string) (committed, kept int) {
	t.Helper()
	dir := folder(t)
	server := start(t, dir)
	defer stop(t, server)
	do(t, server, "create table rows (n int primary key)")
	conn, err := pgx.Connect(t.Context(), server.DSN("postgres")+settings)
	if err != nil {
		t.Fatal(err)
	}
	pid := serverOf(t, dir)
	time.AfterFunc(time.Second, func() { killAll(t, pid) })
	for err == nil {
		if _, err = conn.Exec(t.Context(), "insert into rows values ($1)", committed+1); err == nil {
			committed++
		}
	}
	awaitBack(t, server)
	kept = count(t, server)
	t.Logf("%d rows were committed, %d are left", committed, kept)
	return committed, kept
}

// killAll kills a server's first process and all its children at once.
func killAll(t *testing.T, pid int) {
	pids := []int{pid}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Error(err)
	}
	for _, name := range stats {
		var child, parent int
		b, err := os.ReadFile(name)
		if err != nil {
			continue // it ended meanwhile
		}
		after := string(b[strings.LastIndexByte(string(b), ')')+1:])
		if _, err := fmt.Sscanf(after, " %1s %d", new(string), &parent); err != nil || parent != pid {
			continue
		}
		fmt.Sscan(string(b), &child)
		pids = append(pids, child)
	}
	for _, p := range pids {
		syscall.Kill(p, syscall.SIGKILL)
	}
}

func TestKilledLaurelLosesNoRow(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	acknowledged := 0
	for round := range 3 {
		acknowledged = writeAndKill(t, dir, os.Args[0], nil, 50)
		c := start(t, dir)
		if got := count(t, c); got < acknowledged {
			t.Errorf("round %d: %d rows were committed, %d are left", round, acknowledged, got)
		}
		do(t, c, "truncate rows")
		stop(t, c)
	}
}

func TestAsOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("every other test runs as an ordinary user")
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(nobody.Uid)
	gid, _ := strconv.Atoi(nobody.Gid)
	dir := folder(t)
	if err := os.Chown(dir, uid, gid); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "program")
	copyProgram(t, program)
	who := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	if got := writeAndKill(t, filepath.Join(dir, "data"), program, who, 20); got < 20 {
		t.Errorf("only %d rows were written", got)
	}
}

// writeAndKill runs the writing process in dir, kills it after some rows, and
// returns how many it said were committed.
func writeAndKill(t *testing.T, dir, program string, who *syscall.Credential, rows int) int {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), writeVariable+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	complaints := new(strings.Builder)
	cmd.Stderr = complaints
	cmd.Dir = "/"
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		last, _ = strconv.Atoi(lines.Text())
		if last == rows {
			cmd.Process.Kill()
		}
	}
	cmd.Wait()
	if last == 0 {
		t.Fatalf("the writing process wrote nothing: %s", complaints)
	}
	return last
}

func copyProgram(t *testing.T, to string) {
	t.Helper()
	in, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(out, in)
	if err := errors.Join(err, out.Close()); err != nil {
		t.Fatal(err)
	}
}

// folder is a temporary folder that the server's user can reach.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "laurel-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *cluster.Cluster {
	t.Helper()
	c, err := cluster.Start(t.Context(), cluster.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func stop(t *testing.T, c *cluster.Cluster) {
	t.Helper()
	if err := c.Stop(); err != nil {
		t.Error(err)
	}
}

// awaitBack returns once the server answers again.
func awaitBack(t *testing.T, c *cluster.Cluster) {
	t.Helper()
	killed := time.Now()
	for {
		conn, err := pgx.Connect(t.Context(), c.DSN("postgres"))
		if err == nil {
			conn.Close(t.Context())
			t.Logf("back after %v", time.Since(killed))
			return
		}
		if time.Since(killed) > 20*time.Second {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func connect(t *testing.T, c *cluster.Cluster) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func do(t *testing.T, c *cluster.Cluster, sql string) {
	t.Helper()
	if _, err := connect(t, c).Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, c *cluster.Cluster) (n int) {
	t.Helper()
	if err := connect(t, c).QueryRow(t.Context(), "select count(*) from rows").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// serverOf is the process number of the server that runs in dir.
func serverOf(t *testing.T, dir string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "postgres", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}
