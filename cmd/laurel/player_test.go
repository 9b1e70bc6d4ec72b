//go:build browser

package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/entry"
	"laurel/internal/jurytest"
	"laurel/internal/media"
	"laurel/internal/pgtest"
	"laurel/internal/seal"
	"laurel/internal/site"
)

// A screening is a running site on which one juror has one film.
type screening struct {
	t      *testing.T
	base   string
	stage  *jurytest.Stage
	page   string // of the film
	token  account.Token
	change func(sql string)
}

// newScreening sends a film of twelve seconds with subtitles in it through the
// workshop, and gives it to a juror.
func newScreening(t *testing.T) screening {
	t.Helper()
	pool := pgtest.Pool(t)
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	server := httptest.NewUnstartedServer(nil)
	s := screening{t: t, base: "http://" + server.Listener.Addr().String(), stage: jurytest.New(t, pool, 1, 1)}
	server.Config.Handler = site.New(site.Config{DB: pool, Store: store, BaseURL: s.base, NoLimits: true, Log: slog.New(slog.DiscardHandler)})
	server.Start()
	t.Cleanup(server.Close)
	vault := media.Vault{Store: store, Seals: seal.Passing()}
	film, err := os.Open(trial(t))
	if err != nil {
		t.Fatal(err)
	}
	defer film.Close()
	arrival, err := media.Receive(t.Context(), store, media.Screener, film, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	s.page = "/jury/" + s.stage.Give(s.stage.Jurors[0], s.stage.Films[0])[0]
	s.change = func(sql string) {
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Error(err)
		}
	}
	err = pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		file, err := arrival.Keep(t.Context(), tx, nil)
		if err != nil {
			return err
		}
		s.token, err = account.StartSession(t.Context(), tx, s.stage.Jurors[0])
		_, filed := tx.Exec(t.Context(), `insert into entry_files (entry_id, file_id, role, position) values ($1, $2, 'screener', 1)`, s.stage.Films[0], file.ID)
		return errors.Join(err, filed)
	})
	if err != nil {
		t.Fatal(err)
	}
	files, err := entry.FilesSent(t.Context(), pool, s.stage.Films)
	if err != nil {
		t.Fatal(err)
	}
	work, err := media.Begin(t.Context(), pool, vault, files[s.stage.Films[0]][0].FileID)
	if err != nil {
		t.Fatal(err)
	}
	made, err := work.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { return media.Finish(t.Context(), tx, made) })
	if err := errors.Join(err, work.End(t.Context())); err != nil {
		t.Fatal(err)
	}
	return s
}

// trial makes a film with a picture that moves, a sound and subtitles.
func trial(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	words, film := filepath.Join(folder, "words.srt"), filepath.Join(folder, "film.mkv")
	if err := os.WriteFile(words, []byte("1\n00:00:00,200 --> 00:00:11,000\nSalt remembers.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=12",
		"-f", "lavfi", "-i", "sine=frequency=440:duration=12", "-i", words, "-map", "0:v", "-map", "1:a", "-map", "2:s", "-metadata:s:s:0", "language=eng",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-c:s", "srt", film).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return film
}

// enter opens the film's page as the juror.
func (s screening) enter(p *tab) *tab {
	p.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: "laurel", Value: string(s.token), URL: s.base})
		return err
	}))
	return p.open(s.page)
}

// until waits for something to be true of the film.
func (p *tab) until(what string) {
	p.t.Helper()
	tick, end := time.NewTicker(50*time.Millisecond), time.After(30*time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if eval[bool](p, `(v => !!(`+what+`))(document.querySelector('video'))`) {
				return
			}
		case <-end:
			p.t.Fatalf("it never came true: %s\n%s", what, eval[string](p, `(v => JSON.stringify({src: v.currentSrc, at: v.currentTime, ready: v.readyState, net: v.networkState, error: v.error && v.error.message, paused: v.paused}))(document.querySelector('video'))`))
		}
	}
}

// first plays and says after how many milliseconds there is a picture.
func (p *tab) first() float64 {
	p.t.Helper()
	began := time.Now()
	eval[bool](p, `(v => { v.muted = true; v.play().catch(() => {}); return true })(document.querySelector('video'))`)
	p.until(`v.readyState >= 2 && v.videoWidth > 0`)
	return float64(time.Since(began).Milliseconds())
}

const advances = `v.currentTime > 1 && v.getVideoPlaybackQuality().totalVideoFrames > 10`

// TestBrowserPlaysAFilm: whole without script; in pieces, by keys, with subtitles
// and from where one stopped with it; and not a moment longer than one may.
func TestBrowserPlaysAFilm(t *testing.T) {
	t.Parallel()
	s := newScreening(t)
	b := newBrowser(t, s.base)

	plain := s.enter(b.tab(false))
	ms := plain.first()
	plain.until(advances)
	if src := eval[string](plain, `document.querySelector('video').currentSrc`); filepath.Base(src) != "video" {
		t.Errorf("without script it plays %s", src)
	}
	t.Logf("first picture without script after %.0f ms", ms)

	p := s.enter(b.tab(true))
	p.until(`window.Hls && v.src.startsWith('blob:')`)
	ms = p.first()
	p.until(advances)
	t.Logf("first picture in pieces after %.0f ms", ms)
	p.do(chromedp.KeyEvent("k"))
	p.until(`v.paused`)
	p.do(chromedp.KeyEvent("l"))
	p.until(`v.currentTime >= 10`)
	p.do(chromedp.KeyEvent("j"))
	p.until(`v.currentTime < 5`)
	p.do(chromedp.KeyEvent(">"))
	p.until(`v.playbackRate === 1.25`)
	p.do(chromedp.KeyEvent("m"))
	p.until(`!v.muted`)
	eval[bool](p, `(v => { const s = document.querySelector('[data-words]'); s.selectedIndex = 1; s.dispatchEvent(new Event('change')); v.muted = true; v.play(); return true })(document.querySelector('video'))`)
	p.until(`v.textTracks[0].mode === 'showing' && v.textTracks[0].activeCues && v.textTracks[0].activeCues.length && v.textTracks[0].activeCues[0].text.includes('Salt remembers')`)
	p.do(chromedp.KeyEvent("c"))
	p.until(`v.textTracks[0].mode === 'disabled'`)
	eval[bool](p, `(v => { v.currentTime = 7; return true })(document.querySelector('video'))`)
	p.until(`v.currentTime > 7.2`)
	eval[bool](p, `(v => { v.pause(); return true })(document.querySelector('video'))`)
	p.until(`v.paused`)
	for end := time.Now().Add(30 * time.Second); !eval[bool](p, `fetch(location.href).then(r => r.text()).then(t => /data-at="([7-9]|1\d)"/.test(t))`); {
		if time.Now().After(end) {
			t.Fatal("where the juror stopped is not kept")
		}
	}

	p.open(s.page)
	p.until(`document.querySelector('[data-player]').dataset.at >= 7 && window.Hls && v.src.startsWith('blob:')`)
	p.first()
	p.until(`v.currentTime > 6.5`)
	s.change(`update seats set left_at = clock_timestamp()`)
	p.until(`document.querySelector('[data-say]').textContent && !v.src`)
	p.sees("not open to you any more")
}

// TestBrowserPlaysOnASlowLine measures the first picture from the moment in
// which the film's page is asked for: at 500 kbit/s, for which the smallest
// rendition is made, and at 50 kbit/s, at which no film can be watched as it
// plays.
func TestBrowserPlaysOnASlowLine(t *testing.T) {
	if os.Getenv("LAUREL_SLOW_FILM") == "" {
		t.Skip("a minute or more: with LAUREL_SLOW_FILM=1")
	}
	t.Parallel()
	s := newScreening(t)
	far, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	for _, rate := range []int{500_000, 50_000} {
		s.base = "http://" + newLine(t, far.Host, rate/8).address
		b := newBrowser(t, s.base)
		b.base = s.base
		p := b.tab(true)
		p.script = false // axe would load the page's pictures again
		began := time.Now()
		s.enter(p)
		eval[bool](p, `(v => { v.muted = true; v.play().catch(() => {}); return true })(document.querySelector('video'))`)
		for !eval[bool](p, `document.querySelector('video').readyState >= 2`) {
			if time.Since(began) > 3*time.Minute {
				t.Fatal("no picture after three minutes")
			}
		}
		t.Logf("first picture at %d kbit/s after %.1f s", rate/1000, time.Since(began).Seconds())
	}
}
