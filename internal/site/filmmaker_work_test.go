package site_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/site"
)

// owned is a work of the visitor's with a draft in the call.
func (c openCall) owned(v *visitor) (page, code string) {
	v.t.Helper()
	code = c.draftOf(v, "The Salt Ledger")
	return "/my/works/" + c.work(v, code).Code, code
}

// invite makes an invitation on the open page of makers and returns the path
// of its link, as the page shows it.
func (v *visitor) invite(page, level string) string {
	v.t.Helper()
	v.get(page+"/makers", 200)
	v.send(v.form(page+"/makers").Set("level", level).Press("invite"), 200)
	link := v.Page.One(`input#made[readonly]`).Attr("value")
	return strings.TrimPrefix(link, v.h.URL)
}

func TestAWorkIsMadeTogether(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	owner, _ := c.person("Siavash", "siavash@example.org")
	page, code := c.owned(owner)
	link := owner.invite(page, "edit")
	if again := owner.get(page+"/makers", 200); strings.Contains(again.Body, link) {
		t.Error("the link is shown twice")
	}
	stranger := c.visitor()
	stranger.get(link, 200).says("Siavash would like to work on a form with you").says("Sign in to accept").says("in UTC")
	if strings.Contains(stranger.Body, "Salt") {
		t.Error("whoever finds the link reads the title")
	}
	other, _ := c.person("Noor", "noor@example.org")
	other.get(page, 404)
	other.get(link, 200)
	other.send(other.form(link), 200).says("The Salt Ledger").says("May read and change it")
	c.visitor().get(link, 404)
	other.get("/my/entries", 200).says("The Salt Ledger")
	other.get("/my/entries/"+code, 200).says("You may read or change this work, and not send it")
	other.get("/my/entries/"+code+"/withdrawal", 403)
	other.get(page+"/makers", 200).says("Siavash").says("Leave this work")
	other.post("/my/entries/"+code+"/submission", withProof(other, "rights", "1"), 403)

	level := owner.get(page+"/makers", 200).Page.First(`button[name="do"]`).Attr("value")
	owner.post(page+"/makers", withProof(owner, "do", strings.Replace(level, "level:", "remove:", 1)), 200)
	for _, path := range []string{page, page + "/makers", page + "/versions", "/my/entries/" + code} {
		other.get(path, 404)
	}
}

func TestLeavingAWork(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	owner, _ := c.person("Siavash", "siavash@example.org")
	page, _ := c.owned(owner)
	link := owner.invite(page, "view")
	other, _ := c.person("Noor", "noor@example.org")
	other.get(link, 200)
	other.send(other.form(link), 200)
	other.get(page+"/makers", 200)
	other.send(other.form(page+"/makers").Press(other.Page.First(`button[name="do"]`).Attr("value")), 200).says("No entries yet")
	other.get(page, 404)
}

// The second of two makers who changed the same answer sees both texts, takes
// the other's, and finds the own one among the versions.
func TestTheSecondMakerSeesBothTexts(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	owner, _ := c.person("Siavash", "siavash@example.org")
	page, code := c.owned(owner)
	link := owner.invite(page, "edit")
	other, _ := c.person("Noor", "noor@example.org")
	other.get(link, 200)
	other.send(other.form(link), 200)
	form := page + "/form/basics"
	first := owner.get(form, 200).form(form).Set("title", "From the owner").Set("titleOriginal", "Only the owner")
	second := other.get(form, 200).form(form).Set("title", "From the guest")
	owner.send(first, 200)
	other.send(second, 409).says("From the owner").says("From the guest").says("Nothing is lost")
	if got := other.form(form).Values.Get("titleOriginal"); got != "Only the owner" {
		t.Errorf("what only the owner changed reads %q in the guest's form", got)
	}
	other.send(other.form(form).Set("keep.title", "theirs"), 200)
	if f := c.work(owner, code).Film; f.Title != "From the owner" || f.TitleOriginal != "Only the owner" {
		t.Errorf("got %q, %q", f.Title, f.TitleOriginal)
	}
	owner.get(page+"/versions", 200).says("Given up for another text: English title").says("From the guest").says("Noor")
	owner.post(page+"/versions", withProof(owner, "id", owner.Page.First(`button[name="id"]`).Attr("value")), 200)
	if f := c.work(owner, code).Film; f.Title != "From the guest" {
		t.Errorf("after taking it up again: %q", f.Title)
	}
}

func TestAWorkIsEnteredTwice(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		list, err := festival.Categories(ctx, tx, c.edition)
		if err != nil {
			return err
		}
		_, err = festival.CreateCategory(ctx, tx, c.organizer, festival.Category{
			EditionID: c.edition, Slug: "shorts", Name: "Shorts", Deadlines: []festival.Deadline{{Name: "Only", ClosesAt: list[0].Last().ClosesAt, FeeCurrency: "EUR"}},
		})
		return err
	})
	v, _ := c.person("Siavash", "siavash@example.org")
	page, _ := c.owned(v)
	v.get(page, 200).says("Enter it into another category")
	v.get("/my/entries/new?work="+strings.TrimPrefix(page, "/my/works/"), 200)
	v.send(v.form("/my/entries/new").Set("category", "farsang/ninth/shorts"), 200).says("F9-0002")
	v.get(page, 200).says("F9-0001").says("F9-0002")
	if n := len(v.get("/my/entries", 200).Page.All("article")); n != 1 {
		t.Errorf("one work stands there %d times", n)
	}
}

// The first page asks equally often, however many works there are.
func TestEntriesAskEquallyOften(t *testing.T) {
	t.Parallel()
	ask := func(works int) int64 {
		pool, n := pgtest.Counted(t)
		c := openTheCallOn(openOn(t, pool))
		v, id := c.person("Siavash", "siavash@example.org")
		c.do(func(ctx context.Context, tx pgx.Tx) error {
			for range works {
				w, err := entry.Create(ctx, tx, id, entry.Film{Title: "Salt"})
				if err != nil {
					return err
				}
				if _, err = entry.Start(ctx, tx, id, w.Code, c.category); err != nil {
					return err
				}
			}
			return nil
		})
		v.get("/my/entries", 200)
		n.Take()
		v.get("/my/entries", 200)
		return n.Take()
	}
	if one, three := ask(1), ask(3); one != three {
		t.Errorf("%d queries for one work, %d for three", one, three)
	}
}

// A form that was drawn for one work cannot say anything about another's.
func TestInvitationsOfAnothersWork(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	owner, _ := c.person("Siavash", "siavash@example.org")
	page, _ := c.owned(owner)
	other, _ := c.person("Noor", "noor@example.org")
	mine, _ := c.owned(other)
	for _, do := range []string{"invite", "level:x", "remove:x", "uninvite:x", "else"} {
		other.get(mine+"/makers", 200)
		values := withProof(other, "do", do)
		values.Set("level", "submit")
		other.post(page+"/makers", values, 404)
	}
	other.get(mine+"/makers", 200)
	other.post(page+"/versions", withProof(other, "id", "1"), 404)
	n, err := pg.Value[int](t.Context(), c.DB, `select count(*)::int from maker_invitations`, pg.Args{})
	if err != nil || n != 0 {
		t.Errorf("%d invitations, %v", n, err)
	}
}

// TestNobodyIsFloodedWithInvitations: to take one back and make another is no
// way to send a stranger any number of letters.
func TestNobodyIsFloodedWithInvitations(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	first, id := c.person("Siavash", "siavash@example.org")
	page, _ := c.owned(first)
	strict := site.New(site.Config{DB: c.DB, BaseURL: c.URL})
	server := httptest.NewServer(strict)
	t.Cleanup(server.Close)
	owner := (&house{t: t, DB: c.DB, URL: server.URL, Site: strict}).visitor()
	owner.signInAs(id)
	invite := func(email string, want int) {
		owner.get(page+"/makers", 200)
		owner.send(owner.form(page+"/makers").Set("level", "view").Set("email", email).Press("invite"), want)
	}
	for range 5 {
		invite("victim@example.org", 200)
		open, err := pg.Value[string](t.Context(), c.DB, `select code from maker_invitations`, nil)
		if err != nil {
			t.Fatal(err)
		}
		owner.post(page+"/makers", withProof(owner, "do", "uninvite:"+open), 200)
	}
	invite(" Victim@example.org", 422)
	owner.says("Several letters went to this address today")
	invite("another@example.org", 200)
	n, err := pg.Value[int](t.Context(), c.DB, `select count(*)::int from letters where kind = 'invite-maker'`, nil)
	if err != nil || n != 6 {
		t.Errorf("%d letters, %v", n, err)
	}
}
