package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"laurel/internal/pgtest"
)

func TestUsage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		want string // on standard error; one line
	}{
		"no command":     {nil, `expected one of`},
		"unknown":        {[]string{"frobnicate"}, "unexpected argument frobnicate"},
		"unknown flag":   {[]string{"serve", "--frobnicate"}, "unknown flag --frobnicate"},
		"log":            {[]string{"--log", "xml", "version"}, "LAUREL_LOG (--log) must be text or json"},
		"database":       {[]string{"--database", "hushed", "version"}, "DATABASE_URL (--database) must be an address"},
		"data":           {[]string{"--data", "", "version"}, "LAUREL_DATA (--data) must be the name of a folder"},
		"addr":           {[]string{"serve", "--addr", "8080"}, "LAUREL_ADDR (--addr) must be a host and a port"},
		"url":            {[]string{"serve", "--url", "entries.example.org"}, "LAUREL_URL (--url) must be an address"},
		"url path":       {[]string{"serve", "--url", "https://example.org/laurel"}, "without a path"},
		"smtp":           {[]string{"serve", "--smtp", "ftp://hushed"}, "LAUREL_SMTP (--smtp) must be an address"},
		"sender":         {[]string{"serve", "--smtp", "smtp://mail.example"}, "LAUREL_MAIL_FROM (--mail-from) must be a sender"},
		"metrics":        {[]string{"serve", "--metrics-addr", "9090"}, "LAUREL_METRICS_ADDR (--metrics-addr) must be"},
		"proxy":          {[]string{"serve", "--trusted-proxy", "10.0.0.0/99"}, "LAUREL_TRUSTED_PROXY (--trusted-proxy) must be"},
		"payment":        {[]string{"serve", "--stripe-key", "hushed"}, "LAUREL_STRIPE_WEBHOOK_SECRET (--stripe-webhook) must be given together"},
		"payment's url":  {[]string{"serve", "--stripe-url", "localhost"}, "LAUREL_STRIPE_URL (--stripe-url) must be an address"},
		"bucket":         {[]string{"--s3-bucket", "films", "version"}, "LAUREL_S3_KEY (--s3-key) must be an access key"},
		"bucket's host":  {[]string{"--s3-bucket", "films", "--s3-endpoint", "hushed", "version"}, "LAUREL_S3_ENDPOINT (--s3-endpoint) must be an address"},
		"no secret":      {[]string{"--s3-bucket", "films", "--s3-key", "k", "version"}, "LAUREL_S3_SECRET (--s3-secret) must be the secret"},
		"two secrets":    {[]string{"--s3-bucket", "films", "--s3-key", "k", "--s3-secret", "hushed", "--s3-secret-file", "hushed", "version"}, "LAUREL_S3_SECRET (--s3-secret) must be the secret"},
		"work":           {[]string{"work"}, "LAUREL_URL (--url) must be the address"},
		"migrate down 0": {[]string{"migrate", "down", "0"}, "must be 1 or more"},
		"migrate to":     {[]string{"migrate", "to", "x"}, "expected a valid"},
		"help":           {[]string{"help", "frobnicate"}, `there is no command "frobnicate"`},
		"health":         {[]string{"health", ":"}, "must be one such as http://localhost:8080"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, err := laurel(t, c.args...)
			if code != exitUsage || out != "" || !strings.Contains(err, c.want) {
				t.Errorf("got %d %q %q, want %q", code, out, err, c.want)
			}
			if strings.Count(err, "\n") != 1 || strings.Contains(err, "hushed") {
				t.Errorf("not one sentence without what was given: %q", err)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--help"}, {"help"}, {"help", "config"}, {"serve", "--help"}, {"help", "serve"}, {"help", "migrate", "down"},
		{"work", "--help"}, {"migrate", "--help"}, {"demo", "--help"}, {"import", "--help"}, {"doctor", "--help"}, {"version", "--help"},
	} {
		if code, out, err := laurel(t, args...); code != exitOK || out == "" || err != "" {
			t.Errorf("%q: got %d %q %q", args, code, out, err)
		}
	}
}

// TestReadmeListsTheConfiguration holds README and program together.
func TestReadmeListsTheConfiguration(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, out, _ := laurel(t, "help", "config")
	for _, name := range regexp.MustCompile(`(?m)^[A-Z_]+`).FindAllString(out, -1) {
		if name != "VARIABLE" && !strings.Contains(string(readme), name) {
			t.Errorf("README.md does not tell of %s", name)
		}
	}
}

func TestMigrateUpAndDown(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Empty(t)
	newest := ""
	for _, step := range []struct{ args, want string }{
		{"version", "schema version 0\n"}, {"up", ""}, {"down 2", ""}, {"to 0", "schema version 0\n"}, {"to 1", "schema version 1\n"},
		{"", ""}, {"version", ""},
	} {
		code, out, err := laurel(t, append([]string{"migrate", "--database", dsn}, strings.Fields(step.args)...)...)
		if code != exitOK || err != "" || step.want != "" && out != step.want {
			t.Errorf("migrate %s: got %d %q %q, want %q", step.args, code, out, err, step.want)
		}
		newest = out
	}
	if newest == "schema version 1\n" {
		t.Errorf("migrate without a word did not go up: %s", newest)
	}
}

// TestServePrivately runs the program as a stranger would, without a database.
func TestServePrivately(t *testing.T) {
	t.Parallel()
	dir := reachable(t)
	p := start(t, "serve", "--data", dir, "--addr", "localhost:0", "--metrics-addr", "localhost:0")
	base := p.await(`Laurel is at (http://\S+)`)
	link := p.await(`(http://\S+/setup/\S+)`)
	if !strings.HasPrefix(link, base) {
		t.Errorf("the set-up link %s is not at %s", link, base)
	}
	if code, _, err := laurel(t, "health", base); code != exitOK {
		t.Errorf("not healthy: %s", err)
	}
	if status := get(t, link); status != http.StatusOK {
		t.Errorf("the set-up link answers %d", status)
	}
	if code, out, err := laurel(t, "doctor", "--files", "--data", dir); code != exitOK || !strings.Contains(out, "hold") {
		t.Errorf("doctor: %d %q %q", code, out, err)
	}
	code, _, err := laurel(t, "serve", "--data", dir, "--addr", "localhost:0")
	if code != exitFault || !strings.Contains(err, "another Laurel (process ") {
		t.Errorf("a second start: %d %q", code, err)
	}
	code, _, err = laurel(t, "serve", "--data", reachable(t), "--addr", strings.TrimPrefix(base, "http://"))
	if code != exitFault || !strings.Contains(err, "another address is chosen with --addr") {
		t.Errorf("a taken address: %d %q", code, err)
	}
	p.stop()
	if _, err := os.Stat(filepath.Join(dir, "postgres", "postmaster.pid")); err == nil {
		t.Error("the database still runs")
	}
	if code, _, _ := laurel(t, "health", base); code != exitFault {
		t.Errorf("health of what is stopped: %d", code)
	}
}

func TestServeRefusesALossyServer(t *testing.T) {
	t.Parallel()
	code, _, err := laurel(t, "serve", "--database", pgtest.DSN(t), "--data", t.TempDir(), "--addr", "localhost:0")
	if code != exitFault || !strings.Contains(err, "fsync") {
		t.Errorf("got %d %q", code, err)
	}
}

func TestWork(t *testing.T) {
	t.Parallel()
	p := start(t, "work", "--database", pgtest.DSN(t), "--lossy", "--data", t.TempDir(), "--url", "https://laurel.example")
	p.await(`(works the jobs)`)
	p.stop()
}

// laurel runs the program to its end.
func laurel(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	return laurelReading(t, "", args...)
}

// laurelReading runs it with something on standard input.
func laurelReading(t *testing.T, in string, args ...string) (code int, out, err string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, streams{strings.NewReader(in), &o, &e})
	return code, o.String(), e.String()
}

// A program is laurel while it runs.
type program struct {
	t    *testing.T
	out  *lines
	err  *lines
	end  context.CancelFunc
	code chan int
}

// start runs the program until stop, or the end of the test.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, end := context.WithCancel(context.WithoutCancel(t.Context()))
	p := &program{t: t, out: new(lines), err: new(lines), end: end, code: make(chan int, 1)}
	go func() { p.code <- run(ctx, args, streams{strings.NewReader(""), p.out, p.err}) }()
	t.Cleanup(p.stop)
	return p
}

// await is what the first group of pattern matches in the program's output.
func (p *program) await(pattern string) string {
	p.t.Helper()
	re := regexp.MustCompile(pattern)
	for late := time.After(30 * time.Second); ; {
		if m := re.FindStringSubmatch(p.out.String()); m != nil {
			return m[1]
		}
		select {
		case code := <-p.code:
			p.t.Fatalf("the program ended with %d: %s", code, p.err)
		case <-late:
			p.t.Fatalf("the program did not say %s: %s%s", pattern, p.out, p.err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stop ends the program as Ctrl-C does and wants it to end well.
func (p *program) stop() {
	p.t.Helper()
	if p.end == nil {
		return
	}
	p.end()
	p.end = nil
	if code := <-p.code; code != exitOK {
		p.t.Errorf("the program ended with %d: %s", code, p.err)
	}
}

// lines is an output that may be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func get(t *testing.T, url string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode
}

// reachable is a temporary folder that the database's user can reach.
func reachable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "laurel-cmd-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}
