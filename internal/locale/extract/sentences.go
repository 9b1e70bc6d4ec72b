package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"laurel/internal/problem"
)

const catalogueFile = "internal/locale/en.toml"

// A sentence is one entry of the catalogue: One is empty unless it counts.
type sentence struct {
	Key   string
	One   string
	Other string
}

// A form says where a function that takes sentences has its arguments: the
// position of the key; of the English for one, or -1; of the English; and of
// the first name of the pairs.
type form struct{ key, one, other, pairs int }

var forms = map[string]form{
	"locale.T":      {1, -1, 2, 3},
	"locale.N":      {1, 3, 4, 5},
	"problem.New":   {1, -1, 2, 3},
	"problem.Field": {1, -1, 2, 3},
}

// A collector walks the files of the module.
type collector struct {
	set    *token.FileSet
	pkg    string // of the file at hand
	found  map[string]sentence
	faults []string
}

// sentences collects every sentence of the module at root, and what is wrong
// with them: a key with two English texts, text that is not a literal, a
// placeholder without a pair or a pair without a placeholder.
func sentences(root string) (map[string]sentence, []string, error) {
	c := &collector{set: token.NewFileSet(), found: map[string]sentence{}}
	for name, s := range problem.Constraints {
		c.add(token.NoPos, sentence{Key: "constraint." + name, Other: s.English})
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		return c.file(path)
	})
	slices.Sort(c.faults)
	return c.found, c.faults, err
}

func (c *collector) file(path string) error {
	f, err := parser.ParseFile(c.set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	c.pkg = f.Name.Name
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if form, ok := forms[c.name(n.Fun)]; ok {
				c.call(n, form)
			}
		case *ast.CompositeLit:
			if c.name(n.Type) == "problem.Say" {
				c.literal(n)
			}
		}
		return true
	})
	return nil
}

// name is "package.Name" of an identifier as it stands in the file at hand.
func (c *collector) name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return c.pkg + "." + e.Name
	case *ast.SelectorExpr:
		if pkg, ok := e.X.(*ast.Ident); ok {
			return pkg.Name + "." + e.Sel.Name
		}
	}
	return ""
}

func (c *collector) call(n *ast.CallExpr, f form) {
	if n.Ellipsis.IsValid() && len(n.Args) <= f.pairs+1 {
		if _, literal := text(n.Args[f.key]); !literal {
			return // hands on a sentence that stands elsewhere
		}
	}
	if len(n.Args) <= f.other {
		return // does not compile, or is another function of that name
	}
	s := sentence{}
	var ok [3]bool
	s.Key, ok[0] = text(n.Args[f.key])
	s.Other, ok[1] = text(n.Args[f.other])
	ok[2] = true
	if f.one >= 0 {
		s.One, ok[2] = text(n.Args[f.one])
	}
	if !ok[1] && strings.HasPrefix(s.Key, "constraint.") {
		return // the sentence stands in problem.Constraints
	}
	if ok != [3]bool{true, true, true} {
		c.fault(n.Pos(), "key and English must be literals")
		return
	}
	c.add(n.Pos(), s)
	if !n.Ellipsis.IsValid() {
		c.checkPairs(n.Pos(), s, n.Args[f.pairs:], f.one >= 0)
	}
}

// literal takes problem.Say{"key", "English", …} with or without field names.
func (c *collector) literal(n *ast.CompositeLit) {
	fields := map[string]ast.Expr{}
	for i, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			fields[kv.Key.(*ast.Ident).Name] = kv.Value
		} else if i < 3 {
			fields[[]string{"Key", "English", "Args"}[i]] = e
		}
	}
	key, isKey := text(fields["Key"])
	english, isText := text(fields["English"])
	if !isKey || !isText {
		return // made from a sentence that stands elsewhere
	}
	s := sentence{Key: key, Other: english}
	c.add(n.Pos(), s)
	if args, ok := fields["Args"].(*ast.CompositeLit); ok {
		c.checkPairs(n.Pos(), s, args.Elts, false)
	} else if fields["Args"] == nil {
		c.checkPairs(n.Pos(), s, nil, false)
	}
}

func (c *collector) add(at token.Pos, s sentence) {
	if earlier, ok := c.found[s.Key]; ok && earlier != s {
		c.fault(at, fmt.Sprintf("%s has two English texts: %q and %q", s.Key, earlier.Other, s.Other))
		return
	}
	c.found[s.Key] = s
}

var placeholder = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

func (c *collector) checkPairs(at token.Pos, s sentence, pairs []ast.Expr, counts bool) {
	given := map[string]bool{}
	if counts {
		given["Count"] = true
	}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := text(pairs[i])
		if !ok || i+1 >= len(pairs) {
			c.fault(at, s.Key+": pairs are a literal name and its value")
			return
		}
		given[name] = true
	}
	used := map[string]bool{"Count": true} // a sentence may count without saying the number
	for _, m := range placeholder.FindAllStringSubmatch(s.One+s.Other, -1) {
		used[m[1]] = true
		if !given[m[1]] {
			c.fault(at, fmt.Sprintf("%s: {{.%s}} has no value", s.Key, m[1]))
		}
	}
	for name := range given {
		if !used[name] {
			c.fault(at, fmt.Sprintf("%s: %q is not in the sentence", s.Key, name))
		}
	}
}

func (c *collector) fault(at token.Pos, what string) {
	c.faults = append(c.faults, c.set.Position(at).String()+": "+what)
}

// text is the value of a string literal, or of several joined by +.
func text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		a, okA := text(e.X)
		b, okB := text(e.Y)
		return a + b, okA && okB && e.Op == token.ADD
	case *ast.ParenExpr:
		return text(e.X)
	}
	return "", false
}

// catalogue writes the sentences in the file format of go-i18n, in order.
func catalogue(found map[string]sentence) ([]byte, error) {
	lines := map[string]any{}
	for key, s := range found {
		lines[key] = s.Other
		if s.One != "" {
			lines[key] = map[string]string{"one": s.One, "other": s.Other}
		}
	}
	var b bytes.Buffer
	b.WriteString("# Made from the code by go generate ./internal/locale. Change the English there.\n")
	e := toml.NewEncoder(&b)
	e.Indent = ""
	if err := e.Encode(lines); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
