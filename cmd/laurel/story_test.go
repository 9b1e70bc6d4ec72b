//go:build browser

package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"laurel/internal/pgtest"
)

// TestBrowserStory drives a whole edition in Chromium against the real
// program: set-up, call, films, jury, scores, results, release, awards, with
// and without script; axe looks at every kind of page on the way.
func TestBrowserStory(t *testing.T) {
	t.Parallel()
	post := newPostOffice(t)
	laurel := serveReal(t, post)
	b := newBrowser(t, laurel.base)
	darya := b.tab(true)
	openFestival(darya, laurel.setup)
	films := submitFilms(b, post)
	jurors := judge(t, b, darya, post, films)
	weigh(darya)
	decide(darya, jurors)
	hear(films, post)
	deliberate(darya, jurors)
	publish(b, darya)
}

// A realLaurel is the program as a process of its own.
type realLaurel struct{ base, setup, dsn string }

func serveReal(t *testing.T, post *postOffice) realLaurel {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "laurel")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build laurel: %v\n%s", err, out)
	}
	cmd, dsn := exec.CommandContext(context.WithoutCancel(t.Context()), binary, "serve"), pgtest.DSN(t)
	cmd.Env = append(os.Environ(), "DATABASE_URL="+dsn, "LAUREL_DATA="+t.TempDir(), "LAUREL_ADDR=localhost:0", "LAUREL_METRICS_ADDR=",
		"LAUREL_LOSSY_DATABASE=true", "LAUREL_SMTP=smtp+plain://"+post.addr, "LAUREL_MAIL_FROM=Farsang <post@farsang.example>")
	out, log := new(lines), new(lines)
	cmd.Stdout, cmd.Stderr = out, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("laurel ended with %v:\n%s", err, log)
		}
		if strings.Contains(log.String(), "level=ERROR") {
			t.Errorf("laurel logged errors:\n%s", log)
		}
	})
	p := &program{t: t, out: out, err: log, code: make(chan int)}
	setup := p.await(`(http://\S+/setup/\w+)`)
	u, err := url.Parse(setup)
	if err != nil {
		t.Fatal(err)
	}
	return realLaurel{base: u.Scheme + "://" + u.Host, setup: u.Path, dsn: dsn}
}

// A postOffice is a mail server that keeps what it is given.
type postOffice struct {
	t       *testing.T
	addr    string
	mu      sync.Mutex
	letters map[string][]string // by address, the newest last
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &postOffice{t: t, addr: l.Addr().String(), letters: map[string][]string{}}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{office: p}, nil }))
	server.Domain = "localhost"
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return p
}

type delivery struct {
	office *postOffice
	to     string
}

func (d *delivery) Mail(string, *smtp.MailOptions) error      { return nil }
func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error { d.to = to; return nil }
func (d *delivery) Reset()                                    {}
func (d *delivery) Logout() error                             { return nil }
func (d *delivery) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	d.office.mu.Lock()
	defer d.office.mu.Unlock()
	d.office.letters[d.to] = append(d.office.letters[d.to], plainText(d.office.t, raw))
	return nil
}

// plainText is a letter's subject and its text.
func plainText(t *testing.T, raw []byte) string {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Errorf("read letter: %v", err)
		return ""
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		subject = m.Header.Get("Subject")
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		body = raw
	}
	return subject + "\n" + string(body)
}

// link waits for a letter to an address that matches, and finds the path of
// its link.
func (p *postOffice) link(to, subject string) string {
	p.t.Helper()
	find := regexp.MustCompile(`http://[^/\s]+(/\S+)`)
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		p.mu.Lock()
		for _, letter := range p.letters[to] {
			if m := find.FindStringSubmatch(letter); m != nil && strings.Contains(letter, subject) {
				p.mu.Unlock()
				return m[1]
			}
		}
		p.mu.Unlock()
		<-time.After(50 * time.Millisecond)
	}
	p.t.Fatalf("no letter to %s about %q; there are %q", to, subject, p.letters)
	return ""
}

const secret = "four words in a row"

func openFestival(p *tab, setup string) {
	p.open(setup).fill("name", "Darya Mirzaei").fill("email", "darya@farsang.example").fill("password", secret).press("Make the account")
	p.sees("No festival yet").press("Create a festival")
	p.fill("name", "Farsang").fill("slug", "organize").press("Create the festival").sees("Laurel uses this address itself")
	p.fill("slug", "farsang").fill("contact", "hello@farsang.example").press("Create the festival")
	p.fill("name", "9th edition, 2027").fill("slug", "2027").fill("prefix", "F9").fill("city", "Mahabar").fill("zone", "Asia/Tehran").
		fill("starts_on", "2027-05-11").fill("ends_on", "2027-05-19").fill("tagline", "Films the length of a walk").
		fill("intro", "A festival of short film.").fill("regulations", "Who may enter\n\nEverybody.").press("Create the edition")
	p.sees("Add a category first").open("/organize/farsang/2027/categories").press("Add a category")
	p.fill("name", "Documentary").fill("slug", "documentary").fill("places", "2").fill("runtime_max", "30").fill("description", "Reality, told in any manner you like.").
		fill("rung", "Regular").fill("closes_at", time.Now().AddDate(0, 0, 23).Format("2006-01-02T15:04")).fill("fee", "0").press("Save the category")
	p.open("/organize/farsang/2027/settings").press("Add a stage").fill("stage_name", "Enter with a screener").
		fill("stage_starts", "2026-06-15").fill("stage_ends", "2026-12-15").press("Save the call").sees("The call is saved")
	p.open("/farsang/2027").sees("Only organizers can see this page")
	p.open("/organize/farsang/2027").press("Open the call").sees("The call is open")
	p.open("/farsang/2027").sees("Films the length of a walk", "Documentary")
}

// A film is one that somebody sends, and where its maker looks at it.
type film struct {
	maker *tab
	title string
	path  string
	email string
}

func submitFilms(b *browser, post *postOffice) []film {
	var films []film
	for i, x := range []struct {
		title, original, name, email string
		script                       bool
	}{
		{"The Salt Ledger", "دفترِ نمک", "Siavash", "siavash@farsang.example", true},
		{"The Lineman’s Daughter", "Дочка лінійника", "Yevheniya", "yevheniya@farsang.example", false},
		{"Eleven Metres", "Onze mètres", "Théo", "theo@farsang.example", false},
	} {
		p := b.tab(x.script)
		p.open("/farsang/2027").press("Start an entry").press("Begin with e-mail")
		p.fill("email", x.email).press("Send the letter").sees("We sent a letter")
		p.open(post.link(x.email, "")).fill("name", x.name).fill("password", secret).press("Make the account")
		films = append(films, submitFilm(p, film{maker: p, title: x.title, email: x.email}, x.original, i))
	}
	return films
}

func submitFilm(p *tab, f film, original string, i int) film {
	p.open("/my/entries/new?category=farsang/2027/documentary").press("Start the entry").sees("11 answers missing")
	f.path, _, _ = strings.Cut(p.path(), "?")
	work := p.press("All sections of the work").sees("Where it was entered").path()
	p.open(work+"/form/basics").fill("title", f.title).fill("titleOriginal", original).fill("languageOriginal", "Persian").fill("form", "documentary").
		fill("minutes", "31").fill("seconds", "12").fill("completed", "2026").press("Save this section")
	if i == 0 {
		p.open(f.path).sees("30 minutes or less")
	}
	p.open(work+"/form/basics").fill("minutes", "27").press("Save and go on")
	p.fill("synopsis", "A harbour clerk counts salt.").press("Save and go on")
	p.fill("languages", "Persian, Arabic").press("Save and go on")
	p.fill("credits.0.name", "Siavash Mehrabadi").press("Save this section")
	p.open(work+"/form/countries").fill("countries.0.name", "Iran").press("Save this section")
	p.open(work+"/form/showings").fill("shown", "no").press("Save this section")
	p.open(work+"/files").fill("screenerLink", "https://films.example/salt").fill("screenerPassword", "salt").pressIn("form/screener", "Save this section")
	p.open(work+"/files").upload(`form[action*="/files/still"] input[type=file]`, stillFile(p.t)).pressIn("files/still", "")
	agree(p.open(f.path + "/publication"))
	if i == 0 {
		lookAround(p, work, f.path)
	}
	p.open(f.path).fill("rights", "1").pressIn("submission", "Submit the entry")
	p.sees("F9-000")
	p.open("/my/entries").sees(f.title)
	return f
}

// agree says yes to everything that could be public.
func agree(p *tab) {
	eval[bool](p, `[...document.querySelectorAll('main select')].every(s => { s.value = 'yes'; return s.value === 'yes' })`)
	p.press("Save the answers")
}

// lookAround looks at the pages that belong to a work and to its entry.
func lookAround(p *tab, work, entry string) {
	p.open(work).sees("Its description", "Documentary")
	p.open(work+"/makers").fill("level", "edit").fill("note", "Noor").press("Make the invitation").sees("Hand it over yourself", "Noor")
	p.open(work + "/versions").sees("What the work says now")
	p.open(entry + "/public").sees("The Salt Ledger")
}

// stillFile is a picture on the disk.
func stillFile(t *testing.T) string {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 1480, 800))
	for y := range 800 {
		for x := range 1480 {
			picture.Set(x, y, color.RGBA{uint8(20 + y/8), uint8(30 + x/20), 60, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "still.jpg")
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}
