package cluster

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// oldest is the first Postgres whose initdb can sort by ICU's rules.
const oldest = 15

// A NoBinariesError says that no usable Postgres is installed.
type NoBinariesError struct{}

func (*NoBinariesError) Error() string {
	return fmt.Sprintf("no PostgreSQL %d or newer was found on this machine: install it (Debian, Ubuntu: apt-get install postgresql), "+
		"name its folder of programs in LAUREL_POSTGRES_BIN, or give the address of a server in DATABASE_URL", oldest)
}

// A VersionError says that the data folder was made by a version of Postgres
// that is not installed.
type VersionError struct {
	Dir   string
	Major string // the version that made it
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("the database in %s was made by PostgreSQL %s, which is not installed: install version %s, "+
		"or bring the data to the new version with pg_upgrade", e.Dir, e.Major, e.Major)
}

// binaries are the programs of one installed Postgres.
type binaries struct {
	major            int
	postgres, initdb string
}

// findBinaries picks the newest Postgres on the machine, or the one of version
// major when a data folder asks for it.
func findBinaries(ctx context.Context, major string) (binaries, error) {
	var found []binaries
	for _, dir := range places(ctx) {
		if b, ok := inspect(ctx, dir); ok && b.major >= oldest {
			found = append(found, b)
		}
	}
	if len(found) == 0 {
		return binaries{}, &NoBinariesError{}
	}
	if major == "" {
		return slices.MaxFunc(found, func(a, b binaries) int { return cmp.Compare(a.major, b.major) }), nil
	}
	i := slices.IndexFunc(found, func(b binaries) bool { return strconv.Itoa(b.major) == major })
	if i < 0 {
		return binaries{}, &VersionError{Major: major}
	}
	return found[i], nil
}

// places are the folders where programs of Postgres may be: the one that was
// named, and no other, or those of PATH and of the usual packages.
func places(ctx context.Context) []string {
	if dir := os.Getenv("LAUREL_POSTGRES_BIN"); dir != "" {
		return []string{dir}
	}
	var dirs []string
	if p, err := exec.LookPath("postgres"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			dirs = append(dirs, filepath.Dir(p))
		}
	}
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, string(bytes.TrimSpace(out)))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",         // Debian, Ubuntu
		"/usr/pgsql-*/bin",                  // Red Hat, from postgresql.org
		"/usr/libexec/postgresql*",          // Alpine
		"/usr/local/pgsql/bin",              // built by hand
		"/opt/homebrew/opt/postgresql*/bin", // macOS
	} {
		matches, _ := filepath.Glob(pattern) // the patterns are well formed
		dirs = append(dirs, matches...)
	}
	return dirs
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspect asks the postgres in dir for its version.
func inspect(ctx context.Context, dir string) (binaries, bool) {
	b := binaries{postgres: filepath.Join(dir, "postgres"), initdb: filepath.Join(dir, "initdb")}
	if _, err := os.Stat(b.initdb); err != nil {
		return b, false
	}
	out, err := exec.CommandContext(ctx, b.postgres, "--version").Output()
	if err != nil {
		return b, false
	}
	m := versionLine.FindSubmatch(out)
	if m == nil {
		return b, false
	}
	b.major, err = strconv.Atoi(string(m[1]))
	return b, err == nil
}

// environment is all that the server's programs see of ours: their messages
// are in English, and no PG… variable of somebody's shell reaches them.
func environment() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
}

// lastLine is the last line of a program's output that is not empty.
func lastLine(out []byte) []byte {
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	return lines[len(lines)-1]
}
