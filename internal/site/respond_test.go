package site_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/jurytest"
	"laurel/internal/pgtest"
	"laurel/internal/site"
)

// ask sends one request without following redirects or unpacking the answer.
func ask(t *testing.T, h http.Handler, path string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestPublicPagesAreSmallAndKept(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	st := jurytest.New(t, pool, 0, 0)
	h := openOn(t, pool).Site
	path := "/" + st.Slug + "/9"
	first := ask(t, h, path, "Accept-Encoding", "gzip")
	if first.StatusCode != 200 || first.Header.Get("Content-Encoding") != "gzip" || len(first.Cookies()) != 0 {
		t.Fatalf("got %d, %v", first.StatusCode, first.Header)
	}
	body, err := io.ReadAll(first.Body)
	if err != nil || len(body) > 15<<10 {
		t.Errorf("the call weighs %d bytes, %v", len(body), err)
	}
	again := ask(t, h, path, "If-None-Match", first.Header.Get("ETag"))
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("the same page was answered with %d", again.StatusCode)
	}
}

func TestStaticFilesAreKeptForEver(t *testing.T) {
	t.Parallel()
	h := open(t).Site
	page := ask(t, h, "/sign-in")
	body, err := io.ReadAll(page.Body)
	if err != nil {
		t.Fatal(err)
	}
	css := regexp.MustCompile(`/static/css/[^"]+`).FindString(string(body))
	got := ask(t, h, css)
	if got.StatusCode != 200 || !strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: got %d, %v", css, got.StatusCode, got.Header)
	}
	for _, path := range []string{"/static/", "/static/css/laurel.css", "/static/../go.mod", "/static/css/", "/.git/config", "/debug/pprof/", "/metrics"} {
		if got := ask(t, h, path).StatusCode; got != 404 {
			t.Errorf("%s: got %d", path, got)
		}
	}
}

// Who asks for little data gets the same page and styles without a font and
// without a picture.
func TestLittleDataIsLittle(t *testing.T) {
	t.Parallel()
	h := open(t).Site
	font, picture := regexp.MustCompile(`woff2|@font-face`), regexp.MustCompile(`<img|poster=`)
	for _, asked := range []string{"on", "off"} {
		page, err := io.ReadAll(ask(t, h, "/sign-in", "Save-Data", asked).Body)
		if err != nil {
			t.Fatal(err)
		}
		css, err := io.ReadAll(ask(t, h, regexp.MustCompile(`/static/css/[^"]+`).FindString(string(page))).Body)
		if err != nil || len(css) < 20000 {
			t.Fatalf("styles of %d bytes, %v", len(css), err)
		}
		if got := font.Match(page) || font.Match(css); got != (asked == "off") {
			t.Errorf("Save-Data %s: fonts %v", asked, got)
		}
		if asked == "on" && picture.Match(page) {
			t.Error("a picture for a reader who asked for little data")
		}
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	st := jurytest.New(t, pool, 0, 0)
	secure := site.New(site.Config{DB: pool, BaseURL: "https://entries.example.org"})
	for _, path := range []string{"/", "/sign-in", "/" + st.Slug + "/9", "/nothing", "/organize", "/healthz"} {
		h := ask(t, secure, path).Header
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'self'") || strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" ||
			h.Get("Strict-Transport-Security") == "" || h.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, h)
		}
	}
	for _, c := range ask(t, secure, "/sign-in").Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
			t.Errorf("cookie %v", c)
		}
	}
}

func TestReaderWhoLeftIsNoError(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := site.New(site.Config{DB: pgtest.Pool(t), BaseURL: "http://localhost", Log: slog.New(slog.NewTextHandler(&log, nil))})
	ctx, leave := context.WithCancel(t.Context())
	leave()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/files/"+strings.Repeat("f", 26)+"/w480", nil))
	if strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("the log takes it for a fault of ours:\n%s", log.String())
	}
}

func TestPrivatePagesAreNotKept(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, _ := h.person("Noor", "noor@example.org")
	for _, path := range []string{"/account", "/my/entries", "/privacy"} {
		if got := v.get(path, 200).Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
	}
}

func TestOtherSitesCannotSendForms(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, id := h.person("Noor", "noor@example.org")
	v.get("/account", 200)
	values := v.form("/account").Set("name", "Mallory").Values
	var session account.Token
	h.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		session, err = account.StartSession(ctx, tx, id)
		return err
	})
	r := httptest.NewRequest("POST", "/account", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.AddCookie(&http.Cookie{Name: "laurel", Value: string(session)})
	w := httptest.NewRecorder()
	h.Site.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("got %d", w.Code)
	}
}

// Bytes that are no text are in no address and no form of ours.
func TestWhatIsNoTextIsNoError(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, id := h.person("Darya", "darya@example.org")
	h.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update accounts set admin = true where id = $1`, id)
		return err
	})
	makeEdition(v)
	for _, path := range []string{"/%00/2027", "/files/%00/w480", "/organize/farsang/2027/entries?q=%00", "/organize/farsang/2027/entries?q=%ff", "/organize/farsang/2027/entries/%00"} {
		v.get(path, 404)
	}
	v.get("/organize/farsang/2027/entries?page=9223372036854775807", 200)
	v.get("/account", 200)
	v.send(v.form("/account").Set("name", "No\x00or"), 422)
	v.get("/account", 200)
	v.send(v.form("/account").Set("name", "No\xffor"), 422)
}
