//go:build browser

package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe.min.js
var axe string

// chromium finds Debian's browser.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no Chromium found: `make test` installs it, see README.md")
	return ""
}

// A browser is a Chromium of the test's own.
type browser struct {
	t    *testing.T
	ctx  context.Context
	base string
	seen map[string]bool // pages that axe has looked at
}

func newBrowser(t *testing.T, base string) *browser {
	t.Helper()
	allocator, cancel := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()),
		chromedp.ExecPath(chromium(t)), chromedp.UserDataDir(t.TempDir()), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.WSURLReadTimeout(time.Minute))
	t.Cleanup(cancel)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	b := &browser{t: t, ctx: ctx, base: base, seen: map[string]bool{}}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return b
}

// A tab is one person's window, with cookies of its own.
type tab struct {
	*browser
	ctx    context.Context
	script bool
}

func (b *browser) tab(script bool) *tab {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	b.t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // the first run opens the window, and its context may not end before the window's
		b.t.Fatalf("open a window: %v", err)
	}
	p := &tab{browser: b, ctx: ctx, script: script}
	p.do(chromedp.EmulateViewport(1440, 900))
	if !script {
		p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			return err
		}))
	}
	return p
}

// twin is a second window of the same person.
func (p *tab) twin() *tab {
	p.t.Helper()
	ctx, cancel := chromedp.NewContext(p.ctx)
	p.t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		p.t.Fatalf("open a second window: %v", err)
	}
	return &tab{browser: p.browser, ctx: ctx, script: p.script}
}

// do runs steps within half a minute.
func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%v\non %s:\n%.2000s", err, p.path(), p.text())
	}
}

// eval asks the page for a value.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 30*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%.200s: %v", expression, err)
	}
	return v
}

func (p *tab) path() string { return eval[string](p, `location.pathname + location.search`) }
func (p *tab) text() string {
	return eval[string](p, `document.body ? document.body.innerText : ''`)
}

// open goes to a page of the site and lets axe look at it.
func (p *tab) open(path string) *tab {
	p.t.Helper()
	p.do(chromedp.Navigate(p.base + path))
	return p.look()
}

// sees demands that a person reads the words.
func (p *tab) sees(words ...string) *tab {
	p.t.Helper()
	text := p.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			p.t.Fatalf("%s does not say %q:\n%.3000s", p.path(), w, text)
		}
	}
	return p
}

// fill writes into the n-th field of a name in the page's main part.
func (p *tab) fill(name, value string) *tab { p.t.Helper(); return p.fillNth(name, 0, value) }

func (p *tab) fillNth(name string, n int, value string) *tab {
	p.t.Helper()
	ok := eval[bool](p, fmt.Sprintf(`(() => {
		const all = [...document.querySelectorAll('main [name=' + JSON.stringify(%s) + ']')].filter(e => e.type !== 'hidden'), f = all[%d], v = %s;
		if (!f) return false;
		if (f.type === 'checkbox') f.checked = v !== '';
		else if (f.type === 'radio') { const r = all.find(e => e.value === v); if (!r) return false; r.checked = true; }
		else if (f.tagName === 'SELECT') { const o = [...f.options].find(o => o.value === v || o.text === v); if (!o) return false; f.value = o.value; }
		else f.value = v;
		return true })()`, quote(name), n, quote(value)))
	if !ok {
		p.t.Fatalf("%s has no field %s that takes %q:\n%.2000s", p.path(), name, value, p.text())
	}
	return p
}

// press presses the button or follows the link with these words, and waits
// for the page that comes.
func (p *tab) press(words string) *tab {
	p.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll('main button, main a, main summary, header button, header a')]
		.filter(e => !e.hasAttribute('aria-hidden') && (e.innerText || e.textContent).replace(/\s+/g, ' ').trim().startsWith(%s))[0]`, quote(words))
	return p.click(find, words)
}

// pressIn presses a button of the form whose address contains to; empty words
// are its first button.
func (p *tab) pressIn(to, words string) *tab {
	p.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll('main form')].filter(f => f.getAttribute('action').includes(%s))
		.flatMap(f => [...f.querySelectorAll('button')]).filter(e => !e.hasAttribute('aria-hidden') && e.textContent.replace(/\s+/g, ' ').trim().startsWith(%s))[0]`, quote(to), quote(words))
	return p.click(find, to+" "+words)
}

// click clicks what an expression finds and waits for the page that comes.
func (p *tab) click(find, words string) *tab {
	p.t.Helper()
	if !eval[bool](p, `!!`+find) {
		p.t.Fatalf("%s has no button %q:\n%.3000s", p.path(), words, p.text())
	}
	ctx, cancel := context.WithTimeout(p.ctx, 60*time.Second)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Evaluate[chromedp.Void](find+`.click()`)); err != nil {
		p.t.Fatalf("press %q: %v", words, err)
	}
	return p.look()
}

// upload puts a file into the chooser of the form that goes to a path.
func (p *tab) upload(selector, file string) *tab {
	p.t.Helper()
	p.do(chromedp.SetUploadFiles(chromedp.CSS(selector), []string{file}))
	return p
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// look lets axe look at the page, once for each kind of page, view of it and look: wide
// and narrow, light and dark. It keeps a picture of each. Private pages have
// titles that say little, so their paths tell them apart.
func (p *tab) look() *tab {
	p.t.Helper()
	title := eval[string](p, `[document.title,
		/^.(my|account)\b/.test(location.pathname) && location.pathname.split('/').filter(s => s.length < 20).join(' '),
		new URLSearchParams(location.search).get('view'), document.documentElement.dataset.theme].filter(Boolean).join(' ')`)
	if p.seen[title] || !p.script {
		return p
	}
	p.seen[title] = true
	eval[bool](p, axe+`; true`)
	for _, width := range []int64{1440, 390} {
		for _, scheme := range []string{"light", "dark"} {
			p.do(chromedp.EmulateViewport(width, 900), scheming(scheme))
			p.violations(title, width, scheme)
		}
	}
	p.do(chromedp.EmulateViewport(1440, 900), scheming("light"))
	return p
}

func scheming(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

type violation struct {
	ID    string
	Help  string
	Nodes []string
}

func (p *tab) violations(title string, width int64, scheme string) {
	p.t.Helper()
	rules := ""
	if scheme == "dark" { // only the colours are others
		rules = `, runOnly: ['color-contrast']`
	}
	found := eval[[]violation](p, `axe.run(document, {preload: false, resultTypes: ['violations']`+rules+`}).then(r => r.violations.map(v =>
		({ID: v.id, Help: v.help, Nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 300) + ' — ' + (n.failureSummary || '').slice(0, 300))})))`)
	for _, v := range found {
		p.t.Errorf("%s (%s) at %d px, %s: %s, %s:\n%s", title, p.path(), width, scheme, v.ID, v.Help, strings.Join(v.Nodes, "\n"))
	}
	if wide := eval[int64](p, `document.documentElement.scrollWidth`); wide > width {
		p.t.Errorf("%s (%s) at %d px is %d px wide", title, p.path(), width, wide)
	}
	p.keep(fmt.Sprintf("%s-%d-%s", title, width, scheme))
}

// keep writes a picture of the page into the folder that LAUREL_SCREENSHOTS
// names, for people to look at.
func (p *tab) keep(name string) {
	dir := os.Getenv("LAUREL_SCREENSHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Logf("picture of %s: %v", name, err)
		return
	}
	safe := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:·"'“”?* `, r) {
			return '-'
		}
		return r
	}, name)
	if err := os.WriteFile(filepath.Join(dir, safe+".png"), picture, 0o644); err != nil {
		p.t.Logf("picture of %s: %v", name, err)
	}
}
