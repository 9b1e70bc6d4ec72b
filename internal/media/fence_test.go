package media

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// fenced runs a shell where the tools run.
func fenced(t *testing.T, c call, script string) (ffmpeg, string, error) {
	t.Helper()
	source, err := os.Create(filepath.Join(t.TempDir(), "source"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { source.Close() })
	tools := ffmpeg{folder: t.TempDir(), source: source}
	c.tool, c.args = "sh", []string{"-c", script}
	if c.limit == 0 {
		c.limit = 20 * time.Second
	}
	out, err := tools.run(t.Context(), c)
	return tools, strings.TrimSpace(string(out)), err
}

// What a stranger's file may make a tool do has an end, and no way out.
func TestToolsRunBehindAFence(t *testing.T) {
	t.Parallel()
	_, got, err := fenced(t, call{}, `ulimit -v; ulimit -n; ulimit -t; ulimit -c; nice; pwd`)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(got, "\n")
	if want := []string{strconv.Itoa(memory / 1024), "64", "80", "0"}; len(lines) != 6 || strings.Join(lines[:4], " ") != strings.Join(want, " ") {
		t.Errorf("memory, files, seconds and core are %v, not %v", lines, want)
	}
	if nice, _ := strconv.Atoi(lines[4]); nice < 10 {
		t.Errorf("it runs before others: %d", nice)
	}
	if _, got, _ = fenced(t, call{}, `env | grep -v ^PWD= | grep -v ^_= | grep -v ^SHLVL=`); got != "" {
		t.Errorf("it knows %q", got)
	}
}

func TestWhatBreaksTheFenceIsTheFilesFault(t *testing.T) {
	t.Parallel()
	tools, _, err := fenced(t, call{output: 1 << 20}, `head -c 3000000 /dev/zero > large`)
	if _, refused := errors.AsType[refusal](err); !refused {
		t.Errorf("of a file that is too large got %v", err)
	}
	if info, err := os.Stat(filepath.Join(tools.folder, "large")); err != nil || info.Size() > 1<<20 {
		t.Errorf("it wrote %v, %v", info, err)
	}
	if _, _, err := fenced(t, call{limit: time.Second}, `while :; do :; done`); !slow(err) {
		t.Errorf("of what never ends got %v", err)
	}
	if _, _, err := fenced(t, call{}, `kill -SEGV $$`); err == nil {
		t.Error("a tool that crashed made something")
	} else if _, refused := errors.AsType[refusal](err); !refused {
		t.Errorf("of a crash got %v", err)
	}
	_, _, err = fenced(t, call{}, `kill -KILL $$`)
	if _, refused := errors.AsType[refusal](err); refused || err == nil {
		t.Errorf("of a tool that somebody killed got %v", err)
	}
	said := strings.Repeat("x", 100)
	if _, got, err := fenced(t, call{}, `yes `+said+` | head -n 50000 >&2; echo done`); err != nil || got != "done" {
		t.Errorf("of one that complains much got %q, %v", got, err)
	}
}

func slow(err error) bool {
	r, refused := errors.AsType[refusal](err)
	return refused && r.Key == tooSlow.Key
}
