package media

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain is also a tool that a stranger's file has taken over: it tries what
// it should not be able to do, and prints what it could.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "intrude" {
		for name, try := range intrusions(os.Args[2], os.Args[3]) {
			if try() == nil {
				os.Stdout.WriteString(name + "\n")
			}
		}
		return
	}
	os.Exit(m.Run())
}

// intrusions are what a tool that was taken over might try: with a folder that is
// not its own and holds a secret, and an address that answers.
func intrusions(folder, address string) map[string]func() error {
	write := func(name string) func() error {
		return func() error { return os.WriteFile(name, []byte("x"), 0o600) }
	}
	read := func(name string) func() error {
		return func() error { _, err := os.ReadFile(name); return err }
	}
	dial := func(network, address string) func() error {
		return func() error { _, err := net.DialTimeout(network, address, time.Second); return err }
	}
	return map[string]func() error{
		"reads its film":          read("/dev/fd/3"),
		"writes in its folder":    write("own"),
		"reads a secret":          read(filepath.Join(folder, "secret")),
		"reads who lives here":    read("/etc/passwd"),
		"reads its environment":   read("/proc/self/environ"),
		"lists all":               func() error { _, err := os.ReadDir("/"); return err },
		"writes elsewhere":        write(filepath.Join(folder, "mine")),
		"overwrites a secret":     write(filepath.Join(folder, "secret")),
		"writes above":            write("../above"),
		"removes a secret":        func() error { return os.Remove(filepath.Join(folder, "secret")) },
		"makes a folder":          func() error { return os.Mkdir("deeper", 0o700) },
		"calls out":               dial("tcp", address),
		"speaks with a neighbour": dial("unix", "@"+filepath.Base(folder)),
		"can signal its parent":   func() error { p, _ := os.FindProcess(os.Getppid()); return p.Signal(syscall.Signal(0)) },
	}
}

func TestATakenOverToolReachesNothing(t *testing.T) {
	t.Parallel()
	if v := landlock(); v < 6 {
		t.Skipf("the wall needs Landlock 6, and this kernel has %d", v)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "secret"), []byte("s"), 0o600); err != nil {
		t.Fatal(err)
	}
	open, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	neighbour, err := net.Listen("unix", "@"+filepath.Base(folder))
	if err != nil {
		t.Fatal(err)
	}
	defer neighbour.Close()
	source, err := os.CreateTemp(t.TempDir(), "film")
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	tools := ffmpeg{folder: t.TempDir(), source: source}
	out, err := tools.run(t.Context(), call{tool: self, args: []string{"intrude", folder, open.Addr().String()}, limit: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	could := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(could)
	if want := []string{"reads its film", "writes in its folder"}; !slices.Equal(could, want) {
		t.Errorf("it %v", could)
	}
}
