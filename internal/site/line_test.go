package site_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// A frayedLine lies between the site and its database. Once it is set to break
// it carries so many more bytes, in both directions together, and is cut.
type frayedLine struct {
	mu    sync.Mutex
	armed bool
	left  int // bytes until the cut
	used  int // bytes carried since it was set
	cut   bool
}

// errCut is what a program sees of it.
var errCut = &net.OpError{Op: "read", Net: "unix", Err: syscall.ECONNRESET}

// set makes the line break after so many bytes; negative: never.
func (l *frayedLine) set(after int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed, l.left, l.used, l.cut = after >= 0, after, 0, false
}

// take asks for the passage of n bytes and tells how many pass.
func (l *frayedLine) take(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.armed && !l.cut && n > l.left {
		n, l.cut = l.left, true
	} else if l.cut {
		return 0
	}
	l.left -= n
	l.used += n
	return n
}

// mend puts the line back after the cut, and tells what it carried.
func (l *frayedLine) mend() (used int, cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	used, cut = l.used, l.cut
	l.armed, l.cut = false, false
	return used, cut
}

type frayedConn struct {
	net.Conn
	line *frayedLine
}

func (c frayedConn) Write(b []byte) (int, error) {
	pass := c.line.take(len(b))
	n, err := c.Conn.Write(b[:pass])
	if err == nil && pass < len(b) {
		c.Close()
		err = errCut
	}
	return n, err
}

func (c frayedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if pass := c.line.take(n); err == nil && pass < n {
		c.Close()
		return pass, errCut
	}
	return n, err
}

// frayed is a database of the test's own behind a line that can be cut.
func frayed(t *testing.T) (*pgxpool.Pool, *frayedLine) {
	t.Helper()
	c, err := pg.Config(pgtest.DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	line := &frayedLine{}
	dial := c.ConnConfig.DialFunc
	c.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return frayedConn{conn, line}, err
	}
	pool, err := pgxpool.NewWithConfig(context.WithoutCancel(t.Context()), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool, line
}

// TestACutLineNeitherLosesNorDoubles saves a section while the line to the
// database is cut at every part of the way, up to the answer to COMMIT: what the
// page calls saved is saved, what it does not is still on the page, and the same
// form sent once more counts once, whatever became of the first. With
// LAUREL_CUTS=all it is cut at every single byte.
func TestACutLineNeitherLosesNorDoubles(t *testing.T) {
	t.Parallel()
	pool, line := frayed(t)
	c := openTheCallOn(openOn(t, pool))
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	carried := c.saveOver(v, code, line, -1).carried
	tally := map[string]int{}
	over := func(from, to, cuts int) (lastRefused, firstKept int) {
		firstKept = to
		for cut := from; cut < to; cut += max((to-from)/cuts, 1) {
			outcome := c.saveOver(v, code, line, cut).outcome
			tally[outcome]++
			switch {
			case outcome == "refused":
				lastRefused = cut
			case cut < firstKept:
				firstKept = cut
			}
		}
		return lastRefused, firstKept
	}
	if os.Getenv("LAUREL_CUTS") == "all" {
		over(0, carried, carried)
	} else {
		refused, kept := over(0, carried, 12)
		over(refused, kept, 45) // once more where it is decided: at the commit
	}
	t.Logf("a save carries %d bytes; cut on the way: %v", carried, tally)
	if tally["kept"] == 0 || tally["refused"] == 0 || tally["unclear"] == 0 {
		t.Errorf("the cuts met only %v: the line is cut at the wrong places", tally)
	}
}

// An overLine is what became of one save.
type overLine struct {
	carried int    // bytes between site and database
	outcome string // kept: said so; refused: said so, and was not; unclear: said refused, but was kept
}

// saveOver saves the texts of the work with words of their own over a line that
// is cut after so many bytes, checks what the page says of it, sends the very
// same form again over a whole line, and checks that it counted once.
func (c openCall) saveOver(v *visitor, code string, line *frayedLine, cut int) overLine {
	v.t.Helper()
	words := fmt.Sprintf("Cut after %d bytes, and every word of it kept.", cut)
	form := v.open(code, "texts").Set("synopsis", words)
	before := c.version()
	line.set(cut)
	stay := &http.Client{Jar: v.client.Jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := stay.PostForm(v.h.URL+form.Action, form.Values)
	carried, broken := line.mend()
	if err != nil {
		v.t.Fatal(err)
	}
	v.read(res, res.StatusCode)
	got := overLine{carried, "kept"}
	switch stored := c.version() > before; {
	case v.Status == 303 && !stored:
		v.t.Fatalf("cut after %d of %d bytes: the page says saved, and it is not:\n%.1000s", cut, carried, v.mainText())
	case v.Status != 303 && v.Status != 503:
		v.t.Fatalf("cut after %d of %d bytes: answered %d:\n%.1000s", cut, carried, v.Status, v.mainText())
	case v.Status != 303 && !strings.Contains(v.Page.First("body").Text(), words):
		v.t.Fatalf("cut after %d of %d bytes: the answer %d has lost what was typed:\n%.1000s", cut, carried, v.Status, v.mainText())
	case v.Status != 303 && stored:
		got.outcome = "unclear"
	case v.Status != 303:
		got.outcome = "refused"
	case broken:
		got.outcome = "kept all the same"
	}
	if v.Status == 303 {
		v.post(form.Action, form.Values, 200)
	} else {
		v.send(v.form(form.Action).Press("Send it now"), 200)
	}
	if after := c.version(); after != before+1 {
		v.t.Fatalf("cut after %d bytes, %s, sent again: %d changes", cut, got.outcome, after-before)
	}
	return got
}

// version is that of the only work.
func (c openCall) version() (n int) {
	c.t.Helper()
	if err := c.DB.QueryRow(c.t.Context(), `select version from works`).Scan(&n); err != nil {
		c.t.Fatal(err)
	}
	return n
}
