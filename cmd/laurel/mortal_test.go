package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/cluster"
	"laurel/internal/htmltest"
	"laurel/internal/pg"
	"laurel/internal/s3test"
)

// programVariable makes this test binary the program itself, a process of its
// own that can be killed; its arguments stand in it.
const programVariable = "LAUREL_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if s3test.Main() {
		os.Exit(0)
	}
	if args := os.Getenv(programVariable); args != "" {
		os.Exit(run(context.Background(), strings.Fields(args), streams{os.Stdin, os.Stdout, os.Stderr}))
	}
	os.Exit(m.Run())
}

// A mortal is a Laurel with a database of its own, both of which can be killed.
type mortal struct {
	t       *testing.T
	dir     string
	url     string
	said    *lines // all that it wrote, over all its lives
	process *os.Process

	mu   sync.Mutex
	well chan struct{} // closed while both run
}

// falls notes that something is about to be killed.
func (m *mortal) falls() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.well = make(chan struct{})
}

// whenWell is closed once both run.
func (m *mortal) whenWell() chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.well
}

// newMortal starts one in a new folder.
func newMortal(t *testing.T) *mortal {
	t.Helper()
	return newMortalIn(t, reachable(t))
}

// newMortalIn starts one in an empty folder.
func newMortalIn(t *testing.T, dir string) *mortal {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mortal{t: t, dir: dir, url: "http://" + l.Addr().String(), said: new(lines), well: make(chan struct{})}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	m.start()
	t.Cleanup(m.kill)
	return m
}

// start runs the program until it is killed, and returns once it is well.
func (m *mortal) start() {
	m.t.Helper()
	self, err := os.Executable()
	if err != nil {
		m.t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "DATABASE_URL=", "LAUREL_METRICS_ADDR=",
		programVariable+"=serve --data "+m.dir+" --addr "+strings.TrimPrefix(m.url, "http://"))
	cmd.Stdout, cmd.Stderr = m.said, m.said
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.process = cmd.Process
	m.await()
}

// await returns once the program is well.
func (m *mortal) await() {
	m.t.Helper()
	for late := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		answer, err := http.Get(m.url + "/readyz")
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				close(m.whenWell())
				return
			}
		}
		if time.Now().After(late) {
			m.t.Fatalf("Laurel does not come up: %s", m.said)
		}
	}
}

// kill ends the program in the middle of whatever it does.
func (m *mortal) kill() {
	m.t.Helper()
	m.falls()
	if err := m.process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		m.t.Fatal(err)
	}
	m.process.Wait()
}

// killDatabase does so to all processes of the database, the first one first,
// and returns once the program has started others and is well. What they had in
// memory and not yet handed to the system is gone.
func (m *mortal) killDatabase() {
	m.t.Helper()
	before := m.postmaster()
	m.falls()
	m.killFrom(before)
	for late := time.Now().Add(time.Minute); m.postmaster() == before || m.postmaster() == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(late) {
			m.t.Fatalf("the database does not come up: %s", m.said)
		}
	}
	m.await()
}

// killFrom kills a process and then those that it has begun, and returns which
// they were.
func (m *mortal) killFrom(first int) []int {
	m.t.Helper()
	all := append([]int{first}, children(m.t, first)...)
	for _, pid := range all {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && (pid == first || !errors.Is(err, syscall.ESRCH)) {
			m.t.Fatal(err)
		}
	}
	return all
}

// children are the processes that a process has begun.
func children(t *testing.T, of int) (pids []int) {
	t.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", of))
	if err != nil || len(tasks) == 0 {
		t.Fatalf("what process %d began is not told: %v", of, err)
	}
	for _, file := range tasks {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for word := range strings.FieldsSeq(string(text)) {
			pid, err := strconv.Atoi(word)
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
	}
	return pids
}

// postmaster is the database's first process; 0: there is none that answers.
func (m *mortal) postmaster() int {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join(m.dir, "postgres", "postmaster.pid"))
	if err != nil || !strings.Contains(string(text), "ready") {
		return 0
	}
	pid, err := strconv.Atoi(strings.SplitN(string(text), "\n", 2)[0])
	if err != nil {
		m.t.Fatal(err)
	}
	return pid
}

func (m *mortal) dsn() string {
	m.t.Helper()
	dsn, err := cluster.Address(m.dir, database)
	if err != nil {
		m.t.Fatal(err)
	}
	return dsn
}

// with opens the database for as long as act runs.
func (m *mortal) with(act func(ctx context.Context, pool *pgxpool.Pool)) {
	m.t.Helper()
	pool, err := pg.Open(m.t.Context(), m.dsn())
	if err != nil {
		m.t.Fatal(err)
	}
	defer pool.Close()
	act(m.t.Context(), pool)
}

// do is with, in a transaction that commits.
func (m *mortal) do(act func(ctx context.Context, tx pgx.Tx) error) {
	m.t.Helper()
	m.with(func(ctx context.Context, pool *pgxpool.Pool) {
		if err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { return act(ctx, tx) }); err != nil {
			m.t.Fatal(err)
		}
	})
}

// dump is the whole database as pg_dump writes it.
func (m *mortal) dump() string {
	m.t.Helper()
	program, err := exec.LookPath("pg_dump")
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
		if len(found) == 0 {
			m.t.Fatal("there is no pg_dump: README, Tests, says what the tests need")
		}
		program = found[len(found)-1]
	}
	var out, said bytes.Buffer
	cmd := exec.Command(program, "-d", m.dsn())
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		m.t.Fatalf("%v: %s", err, said.Bytes())
	}
	return out.String()
}

// A reader is a browser without script at a mortal Laurel.
type reader struct {
	*http.Client
	t    *testing.T
	base string
}

// reader is signed in by the token; nobody's with an empty one.
func (m *mortal) reader(token account.Token) *reader {
	m.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		m.t.Fatal(err)
	}
	base, err := url.Parse(m.url)
	if err != nil {
		m.t.Fatal(err)
	}
	if token != "" {
		jar.SetCookies(base, []*http.Cookie{{Name: "laurel", Value: string(token), Path: "/"}})
	}
	return &reader{&http.Client{Jar: jar}, m.t, m.url}
}

// An answer is a page that arrived whole.
type answer struct {
	status int
	path   string // after redirects
	body   string
}

// get asks for a page; an error says that none arrived.
func (r *reader) get(path string) (answer, error) { return whole(r.Get(r.base + path)) }

// post sends a form.
func (r *reader) post(path string, values url.Values) (answer, error) {
	return whole(r.PostForm(r.base+path, values))
}

func whole(res *http.Response, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Request.URL.RequestURI(), string(body)}, err
}

// form is the form of a page that goes to action.
func (a answer) form(t *testing.T, action string) *htmltest.Form {
	t.Helper()
	return htmltest.Parse(t, a.body).First("main").Form(`form[method="post"][action="` + action + `"]`)
}
