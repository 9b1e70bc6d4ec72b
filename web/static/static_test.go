package static_test

import (
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"laurel/web/static"
)

// Comments, texts and patterns of a script; what they hold is no syntax.
var quoted = regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|([(,=:!&|?;]\s*)/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*`)

// newer is what ECMAScript 5 has not: a browser of 2015 or before that reads one
// of these takes nothing of the whole script.
var newer = map[string]*regexp.Regexp{
	"an arrow function":      regexp.MustCompile(`=>`),
	"let or const":           regexp.MustCompile(`\b(?:let|const)\s+[\w$\[{]`),
	"a template":             regexp.MustCompile("`"),
	"a class":                regexp.MustCompile(`\bclass\s+\w|\bclass\s*\{`),
	"a module":               regexp.MustCompile(`\b(?:import|export)\b`),
	"spread":                 regexp.MustCompile(`\.\.\.`),
	"for of":                 regexp.MustCompile(`\bfor\s*\([^;)]*\sof\s`),
	"async":                  regexp.MustCompile(`\b(?:async|await)\s+[\w(]`),
	"optional chaining":      regexp.MustCompile(`\?\.[^0-9]`),
	"??":                     regexp.MustCompile(`\?\?`),
	"a power":                regexp.MustCompile(`\*\*`),
	"a catch without a name": regexp.MustCompile(`\bcatch\s*\{`),
	"a generator":            regexp.MustCompile(`\bfunction\s*\*|\byield\b`),
	"destructuring":          regexp.MustCompile(`\b(?:var)\s*[\[{]|function\s*\w*\([^)]*[\[{=]`),
	"a figure with a gap":    regexp.MustCompile(`\b\d+_\d`),
	"a large whole number":   regexp.MustCompile(`\b\d+n\b`),
}

func bare(script string) string { return quoted.ReplaceAllString(script, "${1}0") }

// TestOldBrowsersReadOurScripts: every script of our own is written in the
// language of 2009, so that the browser of an old phone runs it, or at least
// shows the page as it is without.
func TestOldBrowsersReadOurScripts(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("js/*.js")
	if err != nil || len(names) < 4 {
		t.Fatalf("only %d scripts: %v", len(names), err)
	}
	for _, name := range names {
		if strings.HasPrefix(filepath.Base(name), "hls.") { // another house's; only players ask for it
			continue
		}
		script, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for what, pattern := range newer {
			if found := pattern.FindString(bare(string(script))); found != "" {
				t.Errorf("%s has %s: %s", name, what, found)
			}
		}
	}
}

// TestNewerScriptsAreSeen holds the patterns against what they look for, and
// against what looks alike.
func TestNewerScriptsAreSeen(t *testing.T) {
	t.Parallel()
	for what, script := range map[string]string{
		"an arrow function": "f(x => x)", "let or const": "let a = 1", "a template": "x = `a`", "a class": "class A {}", "a module": "import a from 'b'",
		"spread": "f({...a})", "for of": "for (var a of b) c", "async": "async function f() {}", "optional chaining": "a?.b", "??": "a ?? b",
		"a power": "a ** 2", "a catch without a name": "try {} catch {}", "a generator": "function* f() {}", "destructuring": "var {a} = b",
		"a figure with a gap": "1_000", "a large whole number": "10n",
	} {
		if !newer[what].MatchString(bare(script)) {
			t.Errorf("%s is not seen in %s", what, script)
		}
	}
	plain := `/* a => b */ var s = '...', r = s.replace(/=>|\?\?/g, "async f"), x = a ? .5 : 1; if (a) { b(); } function f(a, b) { return a; }`
	for what, pattern := range newer {
		if found := pattern.FindString(bare(plain)); found != "" {
			t.Errorf("%s is seen in a plain script: %s", what, found)
		}
	}
}

// TestThereIsOneScript: what every page loads holds all its parts, each whole.
func TestThereIsOneScript(t *testing.T) {
	t.Parallel()
	joined := served(t, static.URL(static.Script))
	for _, part := range []string{"js/laurel.js", "js/session.js", "js/entry.js", "js/passkey.js"} {
		body, err := fs.ReadFile(os.DirFS("."), part)
		if err != nil || !strings.Contains(joined, string(body)) {
			t.Errorf("%s is not in it (%v)", part, err)
		}
	}
}

func served(t *testing.T, url string) string {
	t.Helper()
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", url, nil))
	return w.Body.String()
}
