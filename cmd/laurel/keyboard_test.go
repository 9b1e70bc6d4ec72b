//go:build browser

package main

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	keys "github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/jurytest"
	"laurel/internal/pgtest"
	"laurel/internal/site"
	"laurel/internal/upload"
)

// TestBrowserByKeyboard goes with the keys alone, and without script, from the
// call to an entry that is sent, and from a juror's sign-in to a score and a
// recusal. At each stop the focus can be seen, and nothing lies over it.
func TestBrowserByKeyboard(t *testing.T) {
	t.Parallel()
	stage, base, describe := openStage(t)
	b := newBrowser(t, base)
	t.Run("filmmaker", func(t *testing.T) {
		t.Parallel()
		own := *b
		own.t = t
		newHands(&own).enterAFilm(stage, describe)
	})
	t.Run("juror", func(t *testing.T) {
		t.Parallel()
		own := *b
		own.t = t
		newHands(&own).judge(stage)
	})
}

// openStage serves a festival that takes films, and has given two to a juror
// with a password. describe fills in what sections like the first ask for.
func openStage(t *testing.T) (stage *jurytest.Stage, base string, describe func()) {
	t.Helper()
	pool := pgtest.Pool(t)
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	parts, err := blob.OpenParts(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { parts.Close() })
	stage = jurytest.New(t, pool, 1, 2)
	stage.Give(stage.Jurors[0], stage.Films...)
	err = pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		if _, err := account.SignUp(t.Context(), tx, "Whose password it is", "lender@example.org", secret, "en"); err != nil {
			return err
		}
		if _, err := tx.Exec(t.Context(), `update accounts set password_hash = (select password_hash from accounts where email = 'lender@example.org') where id = $1`, stage.Jurors[0]); err != nil {
			return err
		}
		if _, err := tx.Exec(t.Context(), `update editions set last_number = 100`); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `insert into deadlines (category_id, name, closes_at, fee_minor, fee_currency) values ($1, 'Regular', clock_timestamp() + interval '23 days', 0, 'EUR')`, stage.Category)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	base = "http://" + server.Listener.Addr().String()
	server.Config.Handler = site.New(site.Config{DB: pool, Store: store, Parts: parts, Room: upload.Limits{Screener: 20e9}, BaseURL: base, NoLimits: true, Log: slog.New(slog.DiscardHandler)})
	server.Start()
	t.Cleanup(server.Close)
	return stage, base, func() {
		_, err := pool.Exec(t.Context(), `
			update works
			set film = film || '{"languages": ["fa"], "countries": ["IR"], "shown": "no", "credits": [{"id": "x", "role": "director", "name": "Noor"}]}'
			where film ->> 'title' = 'Salt'`)
		if err != nil {
			t.Error(err)
		}
	}
}

// hands hold a keyboard and nothing else.
type hands struct {
	*tab
	stops []string // since the page came
}

func newHands(b *browser) *hands {
	p := b.tab(false)
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}},
		})
		return err
	}))
	return &hands{tab: p}
}

// A stop is what has the focus.
type stop struct {
	Name string
	Kind string
	Ring bool // its outline can be seen
	Free bool // it stands in the window, and nothing lies over it
}

const stopNow = `(() => {
	const e = document.activeElement, words = x => (x.innerText || x.textContent || '').replace(/\s+/g, ' ').trim();
	const label = e.labels && e.labels[0], seen = [e, e.parentElement, e.nextElementSibling, label].filter(Boolean);
	const box = seen.find(x => x.getBoundingClientRect().width > 2) || e, r = box.getBoundingClientRect();
	const at = document.elementFromPoint(Math.min(r.left + r.width / 2, innerWidth - 1), Math.min(r.top + Math.min(r.height, 30) / 2, innerHeight - 1));
	return {Name: e.getAttribute('aria-label') || (label ? words(label) : words(e)) || e.value || '', Kind: e.type || e.tagName.toLowerCase(),
		Ring: seen.some(x => getComputedStyle(x).outlineStyle !== 'none' && parseFloat(getComputedStyle(x).outlineWidth) >= 2),
		Free: r.top >= -1 && r.top < innerHeight && !!at && seen.some(x => x.contains(at) || at.contains(x) && at !== document.body && at !== document.documentElement && at.tagName !== 'MAIN')};
})()`

// next presses Tab and looks where it leads.
func (h *hands) next() stop {
	h.t.Helper()
	h.down("Tab", 9)
	s := eval[stop](h.tab, stopNow)
	if s.Kind == "body" {
		return s
	}
	if !s.Ring || !s.Free {
		h.t.Errorf("%s: the focus on %s %q cannot be seen: %+v", h.path(), s.Kind, s.Name, s)
	}
	h.stops = append(h.stops, s.Kind+" "+s.Name)
	return s
}

// to goes on by Tab to what has these words.
func (h *hands) to(words string) *hands {
	h.t.Helper()
	for range 90 {
		s := h.next()
		if strings.HasPrefix(s.Name, words) {
			return h
		}
		if s.Kind == "body" && len(h.stops) > 0 && len(h.stops) > 60 {
			break
		}
	}
	h.t.Fatalf("%s: Tab does not lead to %q, but to %q", h.path(), words, h.stops)
	return h
}

// write puts words into the field that has the focus.
func (h *hands) write(words string) *hands {
	h.t.Helper()
	h.do(chromedp.KeyEvent(words))
	return h
}

// follow presses Enter on a link to a place of the same page. The key writes
// nothing there: what it stands for would reach the field to which it leads.
func (h *hands) follow() *hands { h.t.Helper(); return h.down("Enter", 13) }

// down presses a key that moves the focus and writes nothing.
func (h *hands) down(key string, code int64) *hands {
	h.t.Helper()
	h.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, keys.DispatchKeyEvent, keys.DispatchKeyEventParams{Type: keys.DispatchKeyEventTypeRawKeyDown, Key: key, Code: key, WindowsVirtualKeyCode: code})
		return err
	}))
	return h
}

// enter presses a key that leads to another page.
func (h *hands) enter(words, key string) *hands {
	h.t.Helper()
	h.to(words)
	ctx, cancel := context.WithTimeout(h.ctx, 30*time.Second)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(key)); err != nil {
		h.t.Fatalf("%s: %q does not lead on: %v", h.path(), words, err)
	}
	h.stops = nil
	return h
}

// enterAFilm is the way from the call to the receipt.
func (h *hands) enterAFilm(stage *jurytest.Stage, describe func()) {
	h.open("/" + stage.Slug + "/9")
	if s := h.next(); !strings.HasPrefix(s.Name, "Skip") {
		h.t.Errorf("the first stop is %q", s.Name)
	}
	h.enter("Start an entry", kb.Enter).enter("Begin with a code", kb.Enter)
	code := eval[string](h.tab, `document.querySelector('main section .num').textContent`)
	h.to("Working or collective name").write("Noor").to("Type the code here").write(code)
	h.enter("I have it", kb.Enter)
	h.to("Short fiction").write(" ").to("English title").write("Salt")
	h.enter("Start the entry", kb.Enter)
	h.enter("Say what kind of film it is", kb.Enter)
	h.write("D").to("Minutes").write("27").to("Completed in").write("soon")
	h.enter("Save and go on", " ")
	h.to("Write a year").follow().write(kb.End + strings.Repeat(kb.Backspace, 4) + "2026")
	h.enter("Save and go on", kb.Enter).to("Synopsis").write("Salt.")
	h.enter("Save and go on", kb.Enter)
	describe()
	h.enter("Screener and stills", kb.Enter)
	h.to("The line is too slow").write(" ").to("Link to the film").write("https://a.example/s")
	h.enter("Save this section", kb.Enter)
	h.to("Add a still").upload(":focus", stillFile(h.t))
	h.enter("Upload", kb.Enter).enter("To the overview", kb.Enter).enter("Farsang, 9th", kb.Enter)
	h.to("I may enter").write(" ")
	h.enter("Submit the entry", kb.Enter).sees("has received your film")
}

// judge is the way from signing in to a score and a recusal.
func (h *hands) judge(stage *jurytest.Stage) {
	h.open("/sign-in")
	h.to("E-mail").write(stage.Email("juror1")).to("Password").write(secret)
	h.enter("Sign in", kb.Enter).enter("Watch", kb.Enter)
	h.to("1").write(kb.ArrowRight)
	h.enter("Submit, next film", kb.Enter).to("Score Craft").follow().to("1").write(" ")
	h.enter("Submit, next film", kb.Enter).sees("Film 002")
	h.to("I should not judge this film").write(" ").to("In a few words").write("My pupil")
	h.enter("Recuse me", kb.Enter).sees("You are recused")
}
