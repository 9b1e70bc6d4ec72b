package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "laurel/"
)

// order is the house: a package imports only packages that stand before it.
var order = []string{
	"migrations",
	// The kit: knows no festival. (assign and tally are arithmetic on plain numbers.)
	"internal/problem", "internal/locale", "internal/locale/extract", "internal/money", "internal/pay", "internal/assign", "internal/tally", "internal/tally/agreement", "internal/tally/ballot", "internal/pg", "internal/blob", "internal/blob/s3", "internal/seal", "internal/job",
	// The nouns, in the order in which they know of each other.
	"internal/audit", "internal/mail", "internal/account", "internal/passkey", "internal/factor", "internal/festival", "internal/media", "internal/entry", "internal/upload", "internal/thread", "internal/intake",
	"internal/jury", "internal/score", "internal/result", "internal/decision", "internal/award", "internal/deliberation", "internal/erasure", "internal/report",
	// What people read.
	"web/static", "web/components", "web/emails", "web/pages",
	// Running it.
	"internal/cluster", "internal/seed", "internal/site", "internal/worker",
	// For tests only.
	"internal/pgtest", "internal/htmltest", "internal/jurytest", "internal/powertest", "internal/s3test",
	"cmd/laurel",
}

// forTests are the packages that only tests may import; a test may import
// them whatever it tests.
var forTests = []string{"internal/pgtest", "internal/htmltest", "internal/jurytest", "internal/powertest", "internal/s3test", "internal/seed"}

// outside says which packages may import what from elsewhere, by the
// beginning of the path. A path of another module that is not here fails.
var outside = map[string][]string{
	"net/http":                        {"web/static", "internal/blob/s3", "internal/pay", "internal/site", "cmd/laurel"},
	"os/exec":                         {"internal/media", "internal/cluster", "internal/pgtest", "internal/powertest", "internal/s3test"},
	"database/sql":                    {"internal/pg"},
	"github.com/jackc/pgx":            {"internal/problem", "internal/pg", "internal/job", "internal/audit", "internal/mail", "internal/account", "internal/passkey", "internal/factor", "internal/festival", "internal/media", "internal/entry", "internal/upload", "internal/thread", "internal/intake", "internal/jury", "internal/score", "internal/result", "internal/decision", "internal/award", "internal/deliberation", "internal/erasure", "internal/report", "internal/cluster", "internal/seed", "internal/site", "internal/worker", "internal/pgtest", "internal/jurytest", "cmd/laurel"},
	"github.com/golang-migrate":       {"internal/pg"},
	"github.com/riverqueue/river":     {"internal/job", "internal/worker"},
	"github.com/go-chi/chi":           {"internal/site"},
	"github.com/go-chi/httprate":      {"internal/site"},
	"github.com/go-playground/form":   {"internal/site"},
	"github.com/klauspost/compress":   {"internal/site"},
	"github.com/prometheus/":          {"internal/site", "cmd/laurel"},
	"github.com/a-h/templ":            {"web/static", "web/components", "web/emails", "web/pages", "internal/site"},
	"github.com/alexedwards/argon2id": {"internal/account"},
	"github.com/wneessen/go-mail":     {"internal/mail"},
	"github.com/go-webauthn/":         {"internal/passkey"},
	"github.com/pquerna/otp":          {"internal/factor"},
	"github.com/boombuler/barcode":    {"internal/factor"},
	"github.com/aws/":                 {"internal/blob/s3"},
	"github.com/versity/versitygw":    {"internal/s3test"},
	"github.com/stripe/stripe-go":     {"internal/pay"},
	"github.com/nicksnyder/go-i18n":   {"internal/locale"},
	"github.com/BurntSushi/toml":      {"internal/locale", "internal/locale/extract"},
	"github.com/biter777/countries":   {"internal/locale", "internal/intake"},
	"github.com/bojanz/currency":      {"internal/money"},
	"github.com/alecthomas/kong":      {"cmd/laurel"},
	"github.com/google/go-cmp":        {},
	"github.com/hanwen/go-fuse":       {"internal/powertest"},
	"github.com/emersion/go-smtp":     {},
	"github.com/compose-spec/":        {},
	"github.com/chromedp/":            {},
	"gonum.org/v1/gonum":              {"internal/assign", "internal/tally", "internal/tally/agreement"},
	"golang.org/x/net/html":           {"internal/htmltest"},
	"golang.org/x/text":               {"internal/locale", "internal/money", "internal/intake", "internal/media", "internal/entry"},
	"filippo.io/age":                  {"internal/media"},
	"golang.org/x/image":              {"internal/media"},
	"golang.org/x/sys":                {"internal/media"},
	"golang.org/x/tools/go":           {"internal/locale/extract"},
	"github.com/tus/tusd":             {"internal/site"},
	"golang.org/x/exp/slog":           {"internal/site"}, // what tusd logs with
}

func TestImportsPointDownwards(t *testing.T) {
	t.Parallel()
	eachGoFile(t, func(path, pkg string, f *ast.File) {
		own := slices.Index(order, pkg)
		if own < 0 {
			t.Errorf("%s: the package is not in the order", path)
			return
		}
		for _, imported := range importsOf(f) {
			dep, ours := strings.CutPrefix(imported, module)
			switch {
			case !ours || dep == pkg:
			case isTest(path) && slices.Contains(forTests, dep):
			case !isTest(path) && slices.Contains(forTests[:5], dep) && !slices.Contains(forTests, pkg):
				t.Errorf("%s imports %s, which is for tests", path, dep)
			case slices.Index(order, dep) >= own || !slices.Contains(order, dep):
				t.Errorf("%s imports %s, which does not stand below it", path, dep)
			}
		}
	})
}

func TestImportsFromOutside(t *testing.T) {
	t.Parallel()
	eachGoFile(t, func(path, pkg string, f *ast.File) {
		for _, imported := range importsOf(f) {
			rule := ""
			for prefix := range outside {
				if strings.HasPrefix(imported, prefix) && len(prefix) > len(rule) {
					rule = prefix
				}
			}
			first, _, _ := strings.Cut(imported, "/")
			switch {
			case rule == "" && strings.Contains(first, "."):
				t.Errorf("%s imports %s, which the house does not know", path, imported)
			case rule != "" && !isTest(path) && !slices.Contains(outside[rule], pkg):
				t.Errorf("%s imports %s, which is not for %s", path, imported, pkg)
			}
		}
	})
}

// eachGoFile parses every Go file of the module, as far as read needs it.
func eachGoFile(t *testing.T, read func(path, pkg string, f *ast.File)) {
	t.Helper()
	eachFile(t, ".go", func(path, pkg string, content []byte) {
		f, err := parser.ParseFile(token.NewFileSet(), path, content, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		read(path, pkg, f)
	})
}

// eachFile reads every file of the module whose name ends with suffix; pkg is
// its folder, both from the root.
func eachFile(t *testing.T, suffix string, read func(path, pkg string, content []byte)) {
	t.Helper()
	tree := rootFS()
	err := fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, suffix) {
			return nil
		}
		content, err := fs.ReadFile(tree, path)
		if err != nil {
			return err
		}
		read(path, filepath.ToSlash(filepath.Dir(path)), content)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func importsOf(f *ast.File) []string {
	paths := make([]string, len(f.Imports))
	for i, s := range f.Imports {
		paths[i], _ = strconv.Unquote(s.Path.Value)
	}
	return paths
}

func isTest(path string) bool { return strings.HasSuffix(path, "_test.go") }
