package site_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/erasure"
	"laurel/internal/htmltest"
	"laurel/internal/pgtest"
	"laurel/internal/site"
	"laurel/internal/upload"
)

// A house is a running site on a database of the test's own.
type house struct {
	t     testing.TB
	DB    *pgxpool.Pool
	Store blob.Store
	Parts *blob.Parts
	URL   string
	Site  http.Handler
}

// open starts a site in demo mode, so that letters can be read.
func open(t testing.TB) *house { return openOn(t, pgtest.Pool(t)) }

func openOn(t testing.TB, pool *pgxpool.Pool) *house {
	t.Helper()
	return openWith(t, pool, func(*site.Config) {})
}

// openWith starts a site on other terms.
func openWith(t testing.TB, pool *pgxpool.Pool, change func(*site.Config)) *house {
	t.Helper()
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	book, err := erasure.OpenBook(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	parts, err := blob.OpenParts(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { parts.Close() })
	h := &house{t: t, DB: pool, Store: store, Parts: parts}
	server := httptest.NewUnstartedServer(nil)
	h.URL = "http://" + server.Listener.Addr().String()
	c := site.Config{DB: pool, Store: store, Parts: parts, Room: upload.Limits{Screener: 20e9}, BaseURL: h.URL, Demo: true, NoLimits: true, Erase: erasure.Office{Book: book, Backups: 35}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	change(&c)
	h.Store = c.Store
	h.Site = site.New(c)
	server.Config.Handler = h.Site
	server.Start()
	t.Cleanup(server.Close)
	return h
}

// do runs act in a transaction that commits.
func (h *house) do(act func(ctx context.Context, tx pgx.Tx) error) {
	h.t.Helper()
	err := pgx.BeginFunc(h.t.Context(), h.DB, func(tx pgx.Tx) error { return act(h.t.Context(), tx) })
	if err != nil {
		h.t.Fatal(err)
	}
}

// A visitor is a browser without script: it keeps cookies, follows redirects
// and sends forms as they stand in the page.
type visitor struct {
	t      testing.TB
	h      *house
	client *http.Client
	Status int
	Path   string // after redirects
	Header http.Header
	Body   string
	Page   *htmltest.Node
}

func (h *house) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &visitor{t: h.t, h: h, client: &http.Client{Jar: jar}}
}

const password = "correct horse battery"

// hashed makes argon2id run once for all people of a test binary.
var hashed sync.Map

// person makes an account without the slow hashing and signs it in.
func (h *house) person(name, email string) (*visitor, account.ID) {
	h.t.Helper()
	var who account.Account
	h.do(func(ctx context.Context, tx pgx.Tx) error {
		hash, ok := hashed.Load("hash")
		if !ok {
			a, err := account.SignUp(ctx, tx, name, email, password, "en")
			if err != nil {
				return err
			}
			who = a
			var stored string
			if err := tx.QueryRow(ctx, `select password_hash from accounts where id = $1`, a.ID).Scan(&stored); err != nil {
				return err
			}
			hashed.Store("hash", stored)
			return nil
		}
		return tx.QueryRow(ctx, `insert into accounts (code, email, name, password_hash) values ($1, $2, $3, $4) returning id`,
			account.Code(), email, name, hash).Scan(&who.ID)
	})
	v := h.visitor()
	v.signInAs(who.ID)
	return v, who.ID
}

// signInAs gives the visitor a session, as signing in would.
func (v *visitor) signInAs(id account.ID) {
	v.t.Helper()
	var token account.Token
	v.h.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		token, err = account.StartSession(ctx, tx, id)
		return err
	})
	base, _ := url.Parse(v.h.URL)
	v.client.Jar.SetCookies(base, []*http.Cookie{{Name: "laurel", Value: string(token), Path: "/"}})
}

// get opens a page and demands the status.
func (v *visitor) get(path string, want int) *visitor {
	v.t.Helper()
	res, err := v.client.Get(v.h.URL + path)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.read(res, want)
}

// send sends a form of the page and demands the status of what follows.
func (v *visitor) send(f *htmltest.Form, want int) *visitor {
	v.t.Helper()
	action := f.Action
	if action == "" {
		action = v.Path
	}
	return v.post(action, f.Values, want)
}

// post sends values as they are.
func (v *visitor) post(path string, values url.Values, want int) *visitor {
	v.t.Helper()
	res, err := v.client.PostForm(v.h.URL+path, values)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.read(res, want)
}

func (v *visitor) read(res *http.Response, want int) *visitor {
	v.t.Helper()
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.Status, v.Path, v.Header, v.Body = res.StatusCode, res.Request.URL.RequestURI(), res.Header, string(body)
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		v.Page = htmltest.Parse(v.t, v.Body)
		v.reads()
	}
	if v.Status != want {
		v.t.Fatalf("%s answered %d, want %d:\n%.3000s", v.Path, v.Status, want, v.mainText())
	}
	return v
}

// reads demands that the page makes sense as text, read from top to bottom; the
// organizers' desk, which takes a large screen, is not asked. What makers see as
// jurors do has fields and no button.
func (v *visitor) reads() {
	v.t.Helper()
	if v.Page.Has(".has-rail") {
		return
	}
	for _, fault := range v.Page.Reading() {
		if !strings.Contains(fault, "/readers cannot be sent") {
			v.t.Errorf("%s as text: %s", v.Path, fault)
		}
	}
}

// mainText is what a person reads on the page.
func (v *visitor) mainText() string {
	if v.Page != nil && v.Page.Has("main") {
		return v.Page.First("main").Text()
	}
	return v.Body
}

// says demands that a person reads the words on the page.
func (v *visitor) says(words string) *visitor {
	v.t.Helper()
	if !strings.Contains(v.mainText(), words) {
		v.t.Fatalf("%s does not say %q:\n%.3000s", v.Path, words, v.mainText())
	}
	return v
}

// form is the page's form that goes to action.
func (v *visitor) form(action string) *htmltest.Form {
	v.t.Helper()
	main, selector := v.Page.First("main"), `form[action="`+action+`"]`
	if posted := `form[method="post"]` + selector[len("form"):]; main.Has(posted) {
		return main.Form(posted)
	}
	return main.Form(selector)
}

// letterLink is the link in the newest letter to an address.
func (h *house) letterLink(email string) string {
	h.t.Helper()
	var link string
	err := h.DB.QueryRow(h.t.Context(), `select args ->> 'link' from letters where email = $1 order by id desc limit 1`, email).Scan(&link)
	if err != nil {
		h.t.Fatalf("letter to %s: %v", email, err)
	}
	return link
}
