//go:build browser

package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
)

// filmRate is a line on which a small film takes some seconds, each way.
const filmRate = 500_000

// TestBrowserUpload sends a film on a telephone over a narrow line: with script
// it is paused, the page is loaded anew in the middle, and the same file is
// chosen again; without script it goes by the plain form, and in pieces. What
// has arrived is bit for bit what was sent.
func TestBrowserUpload(t *testing.T) {
	t.Parallel()
	laurel, b, far := openCall(t)
	film := footage(t, 2_500_000)
	for name, send := range map[string]struct {
		script bool
		send   func(p *phone, files, film string)
	}{"with script": {true, sendWithPauses}, "plain": {false, sendPlain}, "in pieces": {false, sendInPieces}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			narrow := *b
			narrow.t, narrow.base = t, "http://"+newLine(t, far, filmRate).address
			p := newPhone(narrow.tab(send.script))
			p.do(chromedp.Navigate(p.base + "/begin"))
			p.press("Begin with a code")
			code := eval[string](p.tab, `document.querySelector('main section .num').textContent`)
			p.fill("secret", code).fill("name", name)
			p.press("I have it")
			p.do(chromedp.Navigate(p.base + "/my/entries/new?category=farsang/2027/documentary"))
			p.press("Start the entry")
			work := eval[string](p.tab, `document.querySelector('main a[href^="/my/works/"]').pathname.split('/').slice(0, 4).join('/')`)
			send.send(p, work+"/files", film)
			p.sees("Your film has arrived")
			p.arrived(laurel.dsn, work, film)
		})
	}
}

// footage is a playable film with so much noise behind it, in a box that
// players leave out.
func footage(t *testing.T, size int) (name string) {
	t.Helper()
	film, err := os.ReadFile(filepath.Join(root, "internal/seed/screener.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, size-len(film))
	rand.NewChaCha8([32]byte{3}).Read(noise)
	copy(noise, []byte{byte(len(noise) >> 24), byte(len(noise) >> 16), byte(len(noise) >> 8), byte(len(noise)), 'f', 'r', 'e', 'e'})
	name = filepath.Join(t.TempDir(), "salt.mp4")
	if err := os.WriteFile(name, append(film, noise...), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// sendWithPauses pauses, goes on, loads the page anew and goes on again.
func sendWithPauses(p *phone, files, film string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.base + files))
	p.upload("#screener-file", film)
	p.tell(`[data-uploads] [data-choice] button`)
	p.await(`[...document.querySelectorAll('[data-bar]')].some(b => b.value > 100)`)
	p.tell(`[data-pause] button`)
	p.sees("Paused at", "What has arrived is safe.")
	p.tell(`[data-resume] button`)
	p.await(`[...document.querySelectorAll('[data-bar]')].some(b => b.value > 500)`)
	p.sees("have arrived")
	p.do(chromedp.Reload())
	p.sees("A film on its way", "What has arrived is safe. It is kept until")
	before := eval[int](p.tab, `document.querySelector('[data-stands] progress').value`)
	if before < 100 {
		p.t.Errorf("%d of 1000 had arrived before the page was loaded anew", before)
	}
	p.upload(`[data-again] input[type=file]`, film)
	p.await(`document.body.innerText.includes('Your film has arrived')`)
}

// sendPlain sends the film by an ordinary form.
func sendPlain(p *phone, files, film string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.base + files))
	p.sees("Send it in pieces of up to 20 MB")
	p.upload("#screener-file", film)
	p.pressIn("files/screener", "Upload")
}

// sendInPieces cuts the film in three.
func sendInPieces(p *phone, files, film string) {
	p.t.Helper()
	content, err := os.ReadFile(film)
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(chromedp.Navigate(p.base + files + "/pieces"))
	p.fill("size", fmt.Sprint(len(content)))
	p.press("Begin")
	for i := range 3 {
		piece := filepath.Join(p.t.TempDir(), fmt.Sprintf("salt.%03d", i+1))
		if err := os.WriteFile(piece, content[i*len(content)/3:(i+1)*len(content)/3], 0o600); err != nil {
			p.t.Fatal(err)
		}
		p.upload(`form[action*="/pieces/next"] input[type=file]`, piece)
		p.press("Send this piece")
	}
}

// tell presses a button that leads nowhere.
func (p *phone) tell(selector string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(` + quote(selector) + `).click()`))
}

// await waits until something holds on the page, whatever page that is then.
func (p *phone) await(holds string) {
	p.t.Helper()
	for until := time.Now().Add(30 * time.Second); ; {
		if eval[bool](p.tab, `document.readyState === 'complete' && `+holds) {
			return
		}
		if time.Now().After(until) {
			p.t.Fatalf("%s never held:\n%.2000s", holds, p.text())
		}
		eval[bool](p.tab, `new Promise(done => setTimeout(() => done(true), 100))`)
	}
}

// arrived compares the film of a work with what was sent.
func (p *phone) arrived(dsn, work, film string) {
	p.t.Helper()
	content, err := os.ReadFile(film)
	if err != nil {
		p.t.Fatal(err)
	}
	db, err := pgx.Connect(p.t.Context(), dsn)
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close(p.t.Context())
	sum, err := pg.Value[[]byte](p.t.Context(), db, `
		select f.sha256
		from files f
		join work_files x on x.file_id = f.id and x.role = 'screener'
		join works w on w.id = x.work_id
		where '/my/works/' || w.code = @work`,
		pg.Args{"work": work})
	if want := sha256.Sum256(content); err != nil || !bytes.Equal(sum, want[:]) {
		p.t.Errorf("what arrived has the sum %x, %v", sum, err)
	}
}
