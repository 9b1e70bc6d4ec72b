package site_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/site"
)

// counted is a house that counts the statements of the site.
func counted(t *testing.T) (*house, *pgtest.Counter) {
	t.Helper()
	pool, count := pgtest.Counted(t)
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site.New(site.Config{DB: pool, Store: store, BaseURL: "http://localhost", NoLimits: true}))
	t.Cleanup(server.Close)
	return &house{t: t, DB: pool, URL: server.URL}, count
}

// change writes to the database past the site.
func (h *house) change(sql string) {
	h.t.Helper()
	if _, err := h.DB.Exec(h.t.Context(), sql); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
}

// TestNobodyLearnsWhoHasAnAccount asks every form that takes an address of
// somebody else with one that has an account and with one that has none. The
// answer, what follows it and the work behind it are the same.
func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	h, count := counted(t)
	h.person("Known", "known@mail.example")
	proved, id := h.person("Proved", "proved@mail.example")
	h.change(`update accounts set verified_at = now() where email = 'proved@mail.example'`)
	proved.get("/account", 200)
	asker, _ := h.person("Asker", "asker@mail.example")
	asker.checkedBy(password)
	type answer struct {
		status, statements int64
		path, page         string
	}
	for _, form := range []struct {
		by       *visitor
		page, at string
	}{{h.visitor(), "/sign-up", "/sign-up"}, {h.visitor(), "/forgotten", "/forgotten"}, {asker, "/account", "/account/email"}} {
		answers := map[string]answer{}
		for _, who := range []string{"nobody", "known", "proved", "anybody"} {
			f := form.by.get(form.page, 200).form(form.at).Set("email", who+"@mail.example")
			count.Take()
			form.by.send(f, 200)
			answers[who] = answer{int64(form.by.Status), count.Take(), form.by.Path, strings.ReplaceAll(form.by.mainText(), who, "")}
		}
		for _, who := range []string{"known", "proved", "anybody"} {
			if answers[who] != answers["nobody"] {
				t.Errorf("%s: %s is answered\n%+v\nand nobody\n%+v", form.at, who, answers[who], answers["nobody"])
			}
		}
	}
	if n, err := pg.Value[int](t.Context(), h.DB, `select count(*) from accounts where id = @id and email = 'proved@mail.example'`, pg.Args{"id": id}); err != nil || n != 1 {
		t.Errorf("the address moved: %d, %v", n, err)
	}
}

// TestLettersTellWhoReadsThem: a free address gets the link, its letter's
// reader goes on where they wanted to; a taken one hears of the account, and
// nothing by which another could be made.
func TestLettersTellWhoReadsThem(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person("Known", "known@mail.example")
	asker, _ := h.person("Asker", "asker@mail.example")
	v := h.visitor()
	for _, email := range []string{"known@mail.example", "free@mail.example"} {
		v.get("/sign-up?next=/my/messages", 200)
		v.send(v.form("/sign-up").Set("email", email), 200)
	}
	asker.askForAddress("known@mail.example", password)
	v.get("/forgotten", 200).send(v.form("/forgotten").Set("email", "nobody@mail.example"), 200)
	letters, err := pg.Values[string](t.Context(), h.DB, `
		select a.email || ' ' || l.kind || ' ' || regexp_replace(l.args ->> 'link', '[A-Z0-9]{26}', 'TOKEN')
		from letters l
		left join lateral (select coalesce(l.email::text, (select email::text from accounts where id = l.account_id)) as email) a on true
		order by l.id`, pg.Args{})
	want := "known@mail.example address-taken /sign-in|free@mail.example verify /sign-up/TOKEN|known@mail.example address-taken /sign-in"
	if got := strings.Join(letters, "|"); err != nil || got != want {
		t.Errorf("got %s, %v", got, err)
	}
	link := h.letterLink("free@mail.example")
	v.get(link, 200).send(v.form(link).Set("name", "Free").Set("password", password), 200)
	if v.Path != "/my/messages" {
		t.Errorf("came to %s", v.Path)
	}
	if ok, err := pg.Value[bool](t.Context(), h.DB, `select verified_at is not null from accounts where email = 'free@mail.example'`, pg.Args{}); err != nil || !ok {
		t.Errorf("the address is not taken as proved: %v", err)
	}
}

// TestShutAccountsGetNoNewPassword: the answer is the usual one, and nothing is
// left behind by which the account could be opened.
func TestShutAccountsGetNoNewPassword(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person("Shut", "shut@mail.example")
	h.change(`update accounts set frozen_until = now() + interval '1 day'`)
	h.do(func(ctx context.Context, tx pgx.Tx) error { return account.AskReset(ctx, tx, "shut@mail.example") })
	n, err := pg.Value[int](t.Context(), h.DB, `select (select count(*) from letters) + (select count(*) from account_tokens) + (select count(*) from river_job)`, pg.Args{})
	if err != nil || n != 0 {
		t.Errorf("%d things are left, %v", n, err)
	}
}
