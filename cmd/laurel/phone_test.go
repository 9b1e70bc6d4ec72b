//go:build browser

package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// What a page may weigh on the wire with its styles and scripts, without fonts
// and pictures, and how long it may take until it can be read and used.
const (
	firstPage  = 40 << 10
	laterPage  = 15 << 10
	usableByMS = 8000
)

// TestBrowserOnASlowPhone begins without e-mail, describes a film and sends it
// on a telephone at 50 kbit/s and 600 ms, once with script and once without,
// and weighs and times every page on the way.
func TestBrowserOnASlowPhone(t *testing.T) {
	t.Parallel()
	_, b, far := openCall(t)
	still := filepath.Join(t.TempDir(), "still.jpg")
	var picture bytes.Buffer
	if err := errors.Join(jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 640, 346)), nil), os.WriteFile(still, picture.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script %v", script), func(t *testing.T) {
			t.Parallel()
			slow := *b
			slow.t, slow.base = t, "http://"+newSlowLine(t, far).address
			p := newPhone(slow.tab(script))
			p.enterAFilm(still)
			t.Logf("%d pages, the slowest usable after %.1f s (%s); the heaviest later page %.1f KB (%s)",
				p.pages, p.slowest/1000, p.slowestAt, p.heaviest/1024, p.heaviestAt)
		})
	}
}

// openCall is a Laurel with an open call, a browser that sees it, and the host
// at which a line to it ends.
func openCall(t *testing.T) (laurel realLaurel, b *browser, host string) {
	t.Helper()
	laurel = serveReal(t, newPostOffice(t))
	b = newBrowser(t, laurel.base)
	openFestival(b.tab(false), laurel.setup)
	far, err := url.Parse(laurel.base)
	if err != nil {
		t.Fatal(err)
	}
	return laurel, b, far.Host
}

// A phone is a small window on a slow line that weighs and times its pages.
type phone struct {
	*tab
	pages                 int
	slowest, heaviest     float64 // milliseconds; bytes
	slowestAt, heaviestAt string
}

func newPhone(p *tab) *phone {
	p.do(chromedp.EmulateViewport(360, 640, chromedp.EmulateScale(2), chromedp.EmulateMobile))
	p.script = false // axe looks at these pages elsewhere
	return &phone{tab: p}
}

// enterAFilm is the whole way from the call to the receipt.
func (p *phone) enterAFilm(still string) {
	p.visit("/farsang/2027").tap("Start an entry")
	p.tap("Begin with a code")
	code := eval[string](p.tab, `document.querySelector('main section .num').textContent`)
	p.fill("secret", code).fill("name", "Collective 7")
	p.tap("I have it")
	p.visit("/my/entries/new?category=farsang/2027/documentary").tap("Start the entry")
	entry, _, _ := strings.Cut(p.path(), "?")
	work := eval[string](p.tab, `document.querySelector('main a[href^="/my/works/"]').getAttribute('href')`)
	work = strings.Join(strings.Split(work, "/")[:4], "/")
	p.visit(work+"/form/basics").fill("title", "The Salt Ledger").fill("titleOriginal", "دفترِ نمک").fill("form", "documentary").
		fill("minutes", "27").fill("seconds", "12").fill("completed", "2026")
	p.tap("Save and go on")
	p.visit(work+"/form/texts").fill("synopsis", "A harbour clerk counts salt.")
	p.tap("Save and go on")
	p.visit(work+"/form/languages").fill("languages", "Persian, Arabic")
	p.tap("Save and go on")
	p.visit(work+"/form/people").fill("credits.0.name", "Collective 7")
	p.tap("Save and go on")
	p.visit(work+"/form/countries").fill("countries.0.name", "Iran")
	p.tap("Save and go on")
	p.visit(work+"/form/showings").fill("shown", "no")
	p.tap("Save and go on")
	p.visit(work+"/files").fill("screenerLink", "https://films.example/salt")
	p.tap("Save this section")
	p.visit(work+"/files").upload(`form[action*="/files/still"] input[type=file]`, still)
	p.pressIn("files/still", "")
	p.measure().visit(entry).fill("rights", "1")
	p.tap("Submit the entry").sees("F9-000")
}

// visit opens a page and takes its measure.
func (p *phone) visit(path string) *phone {
	p.t.Helper()
	p.do(chromedp.Navigate(p.base + path))
	return p.measure()
}

// tap presses and takes the measure of the page that comes.
func (p *phone) tap(words string) *phone {
	p.t.Helper()
	p.press(words)
	return p.measure()
}

// A measured page is what the browser itself noted about its loading.
type measured struct {
	Usable float64 // milliseconds from the tap to the first words and all of the page
	Weight float64 // bytes on the wire of page, styles and scripts
}

func (p *phone) measure() *phone {
	p.t.Helper()
	m := eval[measured](p.tab, `(() => {
		const page = performance.getEntriesByType('navigation')[0], paint = performance.getEntriesByName('first-contentful-paint')[0];
		const kept = performance.getEntriesByType('resource').filter(r => /\.(css|js)$/.test(new URL(r.name).pathname));
		return {Usable: Math.max(page.domContentLoadedEventEnd, paint ? paint.startTime : 0),
			Weight: page.transferSize + kept.reduce((sum, r) => sum + r.transferSize, 0)};
	})()`)
	limit := float64(laterPage)
	if p.pages == 0 {
		limit = firstPage
	} else if m.Weight > p.heaviest {
		p.heaviest, p.heaviestAt = m.Weight, p.path()
	}
	p.pages++
	if m.Usable > p.slowest {
		p.slowest, p.slowestAt = m.Usable, p.path()
	}
	if m.Weight > limit {
		p.t.Errorf("%s weighs %.1f KB on the wire", p.path(), m.Weight/1024)
	}
	if m.Usable > usableByMS {
		p.t.Errorf("%s is usable after %.1f s", p.path(), m.Usable/1000)
	}
	return p
}
