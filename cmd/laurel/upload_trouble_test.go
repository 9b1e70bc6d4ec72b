//go:build browser

package main

import (
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/pg"
)

//go:embed testdata/tus.min.js
var tusClient string

// A badLine carries everything between a browser and whichever Laurel it leads
// to just now, at a certain speed, until it is cut.
type badLine struct {
	listener net.Listener
	rate     int64        // bytes a second towards the server
	sent     atomic.Int64 // bytes towards the server
	mu       sync.Mutex
	to       string
	open     map[net.Conn]bool
}

func newBadLine(t *testing.T, rate int64) *badLine {
	t.Helper()
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	line := &badLine{listener: l, rate: rate, open: map[net.Conn]bool{}}
	t.Cleanup(func() {
		l.Close()
		line.cut()
	})
	go line.serve()
	return line
}

func (l *badLine) url() string { return "http://" + l.listener.Addr().String() }

// lead makes new connections go to another Laurel.
func (l *badLine) lead(to string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.to = strings.TrimPrefix(to, "http://")
}

// cut breaks all connections.
func (l *badLine) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		c.Close()
	}
	clear(l.open)
}

func (l *badLine) serve() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		l.mu.Lock()
		to := l.to
		l.mu.Unlock()
		far, err := net.Dial("tcp", to)
		if err != nil {
			near.Close()
			continue
		}
		l.mu.Lock()
		l.open[near], l.open[far] = true, true
		l.mu.Unlock()
		go l.carry(far, near, true)
		go l.carry(near, far, false)
	}
}

func (l *badLine) carry(to, from net.Conn, up bool) {
	defer to.Close()
	b := make([]byte, 32<<10)
	for {
		n, err := from.Read(b)
		if up {
			l.sent.Add(int64(n))
			time.Sleep(time.Duration(n) * time.Second / time.Duration(l.rate))
		}
		if _, failed := to.Write(b[:n]); failed != nil || err != nil {
			return
		}
	}
}

// An ordeal is how a film is sent: how large it is, and what happens meanwhile.
type ordeal struct {
	size                   int
	rate                   int64
	cuts, kills, databases int
	moves                  int // to a second Laurel on the same database and folder, and back
	patience               time.Duration
}

// uploadOrdeal is small for every change; LAUREL_UPLOAD_ORDEAL=full is the one
// whose figures stand in the README.
func uploadOrdeal() ordeal {
	if os.Getenv("LAUREL_UPLOAD_ORDEAL") == "full" {
		return ordeal{size: 512 << 20, rate: 32 << 20, cuts: 40, kills: 10, databases: 5, moves: 2, patience: 10 * time.Minute}
	}
	return ordeal{size: 64 << 20, rate: 12 << 20, cuts: 5, kills: 1, databases: 1, moves: 1, patience: time.Minute}
}

// mostSent is how many times its bytes a film may take.
const mostSent = 1.15

// TestUploadSurvives sends a film with the real client, out of a real browser,
// while its line is cut, the program and its database are killed, another
// process takes over, and three days pass. The film arrives bit for bit, and
// little of it is sent twice.
func TestUploadSurvives(t *testing.T) {
	c := uploadOrdeal()
	line := newBadLine(t, c.rate)
	t.Setenv("LAUREL_URL", line.url())
	m := newMortal(t)
	work, token := m.workToSendTo()
	name, sum := filmOf(t, c.size)
	line.lead(m.url)
	p := newBrowser(t, line.url()).tab(true)
	p.do(chromedp.Navigate(p.base + "/blank"))
	eval[string](p, `document.cookie = 'laurel=`+string(token)+`; path=/'`)
	p.do(chromedp.Navigate(p.base + "/my/works/" + work + "/files/pieces"))
	before, began := line.sent.Load(), time.Now()
	p.beginSending(work, name, sum)
	m.trouble(line, c)
	done := p.awaitSent(c.patience)
	sent := line.sent.Load() - before
	ratio := float64(sent) / float64(c.size)
	t.Logf("%d MiB in %.0f s through %d cuts, %d kills of the program, %d of the database, %d changes of process: %s, %.3f times the bytes",
		c.size>>20, time.Since(began).Seconds(), c.cuts, c.kills, c.databases, c.moves, done, ratio)
	if done != "sent" || ratio > mostSent {
		t.Errorf("%s after %d bytes, %.3f times the film", done, sent, ratio)
	}
	m.holds(work, name, sum)
}

// beginSending gives the client a file and lets it go.
func (p *tab) beginSending(work, name, sum string) {
	p.t.Helper()
	eval[bool](p, tusClient+`; (() => {
		const f = document.createElement('input'); f.type = 'file'; f.id = 'film-to-send'; document.body.append(f); return true })()`)
	p.upload("#film-to-send", name)
	eval[bool](p, fmt.Sprintf(`(() => {
		const token = document.querySelector('input[name=_token]').value
		const u = new tus.Upload(document.querySelector('#film-to-send').files[0], {
			endpoint: '/my/works/%s/uploads?_token=' + token + '&_key=%s',
			metadata: {role: 'screener', sha256: '%s', filename: 'canary.mp4'},
			retryDelays: Array(100).fill(150), onShouldRetry: () => true,
			onSuccess() { window.ended = 'sent' }, onError(e) { window.ended = 'failed: ' + e },
		})
		window.ended = ''
		u.start()
		return true })()`, work, account.Code(), sum))
}

// awaitSent waits until the client says how it ended.
func (p *tab) awaitSent(patience time.Duration) string {
	p.t.Helper()
	for late := time.Now().Add(patience); time.Now().Before(late); time.Sleep(50 * time.Millisecond) {
		if said := eval[string](p, `window.ended`); said != "" {
			return said
		}
	}
	return "still on its way"
}

// trouble makes everything happen that is to happen, at random bytes of the film.
func (m *mortal) trouble(line *badLine, c ordeal) {
	m.t.Helper()
	var acts []func()
	add := func(n int, act func()) {
		for range n {
			acts = append(acts, act)
		}
	}
	add(c.cuts, line.cut)
	add(c.kills, func() { m.kill(); m.start() })
	add(c.databases, m.killDatabase)
	add(c.moves, func() { m.move(line) })
	add(1, m.threeDaysPass)
	random := rand.New(rand.NewPCG(11, 7))
	random.Shuffle(len(acts), func(i, j int) { acts[i], acts[j] = acts[j], acts[i] })
	when := make([]int64, len(acts))
	for i := range when {
		when[i] = line.sent.Load() + 1<<20 + int64(random.IntN(c.size*9/10))
	}
	slices.Sort(when)
	for i, act := range acts {
		for late := time.Now().Add(c.patience); line.sent.Load() < when[i]; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(late) {
				m.t.Fatalf("the line stands still at %d bytes, before act %d at %d: %s", line.sent.Load(), i, when[i], m.said)
			}
		}
		act()
	}
}

// move lets a second process on the same database and folder take over in the
// middle, and gives back later.
func (m *mortal) move(line *badLine) {
	m.t.Helper()
	self, err := os.Executable()
	if err != nil {
		m.t.Fatal(err)
	}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		m.t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "DATABASE_URL="+m.dsn(), "LAUREL_METRICS_ADDR=", programVariable+"=serve --data "+m.dir+" --addr "+address)
	cmd.Stdout, cmd.Stderr = m.said, m.said
	if err := cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	second := &mortal{t: m.t, dir: m.dir, url: "http://" + address, said: m.said, process: cmd.Process, well: make(chan struct{})}
	defer second.kill()
	second.await()
	line.lead(second.url)
	line.cut()
	for from := line.sent.Load(); line.sent.Load() < from+4<<20 && !m.whole(); time.Sleep(20 * time.Millisecond) {
	}
	line.lead(m.url)
	line.cut()
}

// whole says whether the last byte has arrived.
func (m *mortal) whole() (whole bool) {
	m.t.Helper()
	m.with(func(ctx context.Context, pool *pgxpool.Pool) {
		n, err := pg.Value[int](ctx, pool, `select count(*)::integer from uploads where state = 'open' and durable < size`, pg.Args{})
		whole = err == nil && n == 0
	})
	return whole
}

// threeDaysPass moves the times of the upload instead of all clocks.
func (m *mortal) threeDaysPass() {
	m.t.Helper()
	m.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			update uploads
			set created_at = created_at - interval '3 days', last_byte_at = last_byte_at - interval '3 days', expires_at = expires_at - interval '3 days'`)
		return err
	})
}
