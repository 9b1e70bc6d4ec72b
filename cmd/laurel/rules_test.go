package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

func rootFS() fs.FS { return os.DirFS(root) }

var (
	writes     = regexp.MustCompile(`\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate)\s+([a-z_]+)\b`)
	selectStar = regexp.MustCompile(`\bselect\s+(?:distinct\s+)?(?:[a-z]+\.)?\*`)
	notTables  = []string{"set", "of", "on", "skip", "nowait"} // what follows update in "do update set", "for update of"
)

// forgets is the one package that empties rows of all others': it has an
// inventory of them, which its own test holds against the schema.
const forgets = "internal/erasure"

// TestTablesAreWrittenByTheirOwner reads the owner out of each table's comment
// and every statement out of the packages' strings.
func TestTablesAreWrittenByTheirOwner(t *testing.T) {
	t.Parallel()
	owners := ownersOf(t)
	eachGoFile(t, func(file, pkg string, f *ast.File) {
		if isTest(file) || !strings.HasPrefix(pkg, "internal/") || slices.Contains(forTests, pkg) || pkg == forgets {
			return
		}
		eachString(f, func(s string) {
			if selectStar.MatchString(s) {
				t.Errorf("%s: select * hides which columns it needs", file)
			}
			for _, m := range writes.FindAllStringSubmatch(s, -1) {
				table := m[1]
				owner, known := owners[table]
				if known && owner != path.Base(pkg) {
					t.Errorf("%s writes %s, which %s owns", file, table, owner)
				}
				if !known && strings.HasPrefix(m[0], "insert") && !slices.Contains(notTables, table) {
					t.Errorf("%s writes %s, which is no table", file, table)
				}
			}
		})
	})
}

// ownersOf reads "Owner: package" from the comment of every table.
func ownersOf(t *testing.T) map[string]string {
	t.Helper()
	rows, err := pg.Rows[struct{ Name, Comment string }](t.Context(), pgtest.Tx(t), `
		select relname::text as name, coalesce(obj_description(oid, 'pg_class'), '') as comment
		from pg_class
		where relnamespace = 'public'::regnamespace
		and relkind in ('r', 'p')
		and relname <> 'schema_migrations'`, nil)
	if err != nil {
		t.Fatal(err)
	}
	owners := map[string]string{}
	owner := regexp.MustCompile(`Owner: ([a-z]+)\.?$`)
	for _, r := range rows {
		m := owner.FindStringSubmatch(r.Comment)
		if m == nil || !slices.Contains(order, "internal/"+m[1]) {
			t.Errorf("table %s: its comment names no owner: %q", r.Name, r.Comment)
			continue
		}
		owners[r.Name] = m[1]
	}
	return owners
}

// TestConstraintsHaveNamesAndSentences wants every constraint to be named by
// us, and one that a person's input can break to have a sentence.
func TestConstraintsHaveNamesAndSentences(t *testing.T) {
	t.Parallel()
	type constraint struct {
		Name, TableName string
		Type            string
	}
	rows, err := pg.Rows[constraint](t.Context(), pgtest.Tx(t), `
		select conname::text as name, c.relname::text as table_name, contype::text as type
		from pg_constraint k
		join pg_class c on c.oid = k.conrelid
		where c.relnamespace = 'public'::regnamespace
		and c.relname <> 'schema_migrations'
		and c.relname not like 'river%'
		union all
		select i.relname::text, c.relname::text, 'u'
		from pg_index x
		join pg_class i on i.oid = x.indexrelid
		join pg_class c on c.oid = x.indrelid
		where x.indisunique
		and c.relnamespace = 'public'::regnamespace
		and c.relname not like 'river%'
		and not exists (select from pg_constraint k where k.conindid = i.oid)`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 50 {
		t.Errorf("found only %d constraints", len(rows))
	}
	automatic := regexp.MustCompile(`_(?:check|key|fkey|excl)\d*$|_idx\d*$`)
	known := map[string]bool{}
	for _, c := range rows {
		known[c.Name] = true
		_, said := problem.Constraints[c.Name]
		switch {
		case !strings.HasPrefix(c.Name, c.TableName) || automatic.MatchString(c.Name):
			t.Errorf("constraint %s of %s was named by Postgres, not by us", c.Name, c.TableName)
		case c.Type == "p" || c.Type == "f" || c.Type == "n":
		case said == problem.Ours[c.Name]:
			t.Errorf("constraint %s must have a sentence or be ours, and not both", c.Name)
		}
	}
	for name := range problem.Constraints {
		if !known[name] {
			t.Errorf("there is a sentence for %s, which is no constraint", name)
		}
	}
	for name := range problem.Ours {
		if !known[name] {
			t.Errorf("%s is called ours, and is no constraint", name)
		}
	}
}

// clocks may read the clock; everybody else is told the time.
var clocks = []string{"internal/site", "internal/worker", "internal/cluster", "internal/pgtest", "cmd/laurel"}

// TestCallsThatHaveOnePlace keeps the clock, raw answers and the background
// context where they belong.
func TestCallsThatHaveOnePlace(t *testing.T) {
	t.Parallel()
	eachGoFile(t, func(file, pkg string, f *ast.File) {
		if isTest(file) {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := s.X.(*ast.Ident)
			if !ok {
				return true
			}
			switch call := x.Name + "." + s.Sel.Name; {
			case call == "http.Error" && file != "internal/site/respond.go":
				t.Errorf("%s: http.Error answers past respond.go", file)
			case call == "time.Now" && !slices.Contains(clocks, pkg) && file != "internal/mail/smtp.go":
				t.Errorf("%s: time.Now; take now as a parameter", file)
			case call == "context.Background" && pkg != "cmd/laurel" && !slices.Contains(forTests, pkg):
				t.Errorf("%s: context.Background; take ctx as a parameter", file)
			}
			return true
		})
	})
}

// callers may open a connection to somewhere else: to the payment service, to a
// mail server, to buckets, and the program to itself for its health.
var callers = []string{"internal/pay", "internal/mail", "internal/blob/s3", "internal/cluster", "cmd/laurel"}

// TestNothingIsFetched: an address that somebody wrote is shown and never opened,
// because nothing on the way to a page can open one.
func TestNothingIsFetched(t *testing.T) {
	t.Parallel()
	calls := regexp.MustCompile(`^(?:http\.(?:Get|Head|Post|PostForm|NewRequest|NewRequestWithContext|DefaultClient|DefaultTransport|Client|Transport)|net\.(?:Dial|DialTimeout|Dialer|Lookup[A-Za-z]*))$`)
	eachGoFile(t, func(file, pkg string, f *ast.File) {
		if isTest(file) || slices.Contains(callers, pkg) || slices.Contains(forTests, pkg) {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && calls.MatchString(x.Name+"."+s.Sel.Name) {
					t.Errorf("%s: %s.%s opens what somebody wrote", file, x.Name, s.Sel.Name)
				}
			}
			return true
		})
	})
}

var (
	rule     = regexp.MustCompile(`([^{}]*)\{([^{}]*)\}`)
	physical = regexp.MustCompile(`(?:^|;)\s*((?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)[a-z-]*\s*:|float\s*:\s*(?:left|right)|text-align\s*:\s*(?:left|right))`)
	comments = regexp.MustCompile(`(?s)/\*.*?\*/`)
)

// TestStylesAreLogical keeps left and right out of the stylesheets, so that
// pages turn round with their language. A rule for one direction may say them,
// and so may a float as wide as its line.
func TestStylesAreLogical(t *testing.T) {
	t.Parallel()
	eachFile(t, ".css", func(file, _ string, content []byte) {
		for _, r := range rule.FindAllSubmatch(comments.ReplaceAll(content, nil), -1) {
			selector, body := string(r[1]), string(r[2])
			m := physical.FindStringSubmatch(body)
			wide := strings.Contains(body, "inline-size:100%")
			if m == nil || strings.Contains(selector, "[dir=") || wide && strings.HasPrefix(m[1], "float") {
				continue
			}
			t.Errorf("%s: %s{%s} is physical; use inline-start, inline-end, start or end", file, selector, m[1])
		}
	})
}

// TestPagesHoldNoInlineCode keeps what the content policy would refuse out of
// the templates.
func TestPagesHoldNoInlineCode(t *testing.T) {
	t.Parallel()
	inline := regexp.MustCompile(`\s(?:style|on[a-z]+)=["{]|<style|<script>|<script [^>]*>[^<]`)
	eachFile(t, ".templ", func(file, _ string, content []byte) {
		if strings.HasPrefix(file, "web/emails/") {
			return // letters are not pages: mail programs know no stylesheet
		}
		for _, m := range inline.FindAll(content, -1) {
			t.Errorf("%s: %q would be refused by the content policy", file, m)
		}
	})
}

// eachString calls read with every string literal of f.
func eachString(f *ast.File, read func(string)) {
	ast.Inspect(f, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok {
			read(l.Value)
		}
		return true
	})
}

// TestFunctionsAreShort wants functions that fit on a screen.
func TestFunctionsAreShort(t *testing.T) {
	t.Parallel()
	const longest = 60
	eachFile(t, ".go", func(file, _ string, content []byte) {
		if isTest(file) || strings.HasSuffix(file, "_templ.go") {
			return
		}
		places := token.NewFileSet()
		f, err := parser.ParseFile(places, file, content, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				if n := places.Position(fn.End()).Line - places.Position(fn.Pos()).Line + 1; n > longest {
					t.Errorf("%s: %s is %d lines long", file, fn.Name, n)
				}
			}
		}
	})
}
