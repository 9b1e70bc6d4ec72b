package site_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
)

// TestAWorkIsTakenAlong: a work leaves one installation as a document and
// comes in on another as the same work.
func TestAWorkIsTakenAlong(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, who := c.person("CANARY-name", "canary-address@example.org")
	var made entry.Work
	c.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		made, err = entry.Create(ctx, tx, who, entry.Film{
			Title: "The Salt Ledger", TitleOriginal: "دفتر نمک", Runtime: 639, Countries: []string{"IR"}, Languages: []string{"fa"},
			Credits: []entry.Credit{{Role: entry.Director, Name: "Ada", First: true}}, Synopsis: "=cmd()\n\nA clerk & <b>salt</b>.",
		})
		return err
	})
	v.get("/my/works/"+made.Code, 200)
	if !v.Page.Has(`a[href="/my/works/` + made.Code + `/passport"]`) {
		t.Error("the work's page does not lead to its passport")
	}
	v.get("/my/works/"+made.Code+"/passport", 200)
	if got := v.Header.Get("Content-Disposition"); got != `attachment; filename="document.json"` {
		t.Errorf("the document is called %s", got)
	}
	document := v.Body
	if strings.Contains(document, "CANARY") || strings.Contains(document, "canary") {
		t.Errorf("the document holds something of the account:\n%s", document)
	}
	stranger, _ := c.person("Stranger", "stranger@example.org")
	stranger.get("/my/works/"+made.Code+"/passport", 404)

	there := openTheCall(t)
	w, other := there.person("Elsewhere", "elsewhere@example.org")
	w.get("/my/entries", 200)
	w.get("/my/works/import", 200)
	action := ""
	for _, f := range w.Page.All("form") {
		if f.Attr("enctype") != "" {
			action = f.Attr("action")
		}
	}
	w.uploadTo(action, "document.json", []byte(document), 200).says("Nothing is made yet").says("دفتر نمک").says("A clerk & <b>salt</b>.")
	if n := there.works(); n != 0 {
		t.Fatalf("%d works were made by looking", n)
	}
	form := w.form("/my/works/import").Press("Make this work")
	w.send(form, 200).says("The work is made.").says("The Salt Ledger")
	w.send(form, 200) // the same form again makes nothing
	if n := there.works(); n != 1 {
		t.Fatalf("there are %d works", n)
	}
	works, err := entry.Of(t.Context(), there.DB, other)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(asJSON(t, made.Film), asJSON(t, works[0].Film)); d != "" {
		t.Errorf("the work has changed on its way (-here +there):\n%s", d)
	}
}

func (c openCall) works() (n int) {
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from works`).Scan(&n)
	})
	return n
}

func asJSON(t *testing.T, f entry.Film) string {
	text, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestATextFromFilmFreewayIsShownBeforeItIsAWork(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, who := c.person("Siavash", "siavash@example.org")
	v.get("/my/works/import", 200)
	v.send(v.form("/my/works/import").Set("text", "Dear festival, here is my film."), 422).says("Nothing here looks like").says("Dear festival, here is my film.")
	v.send(v.form("/my/works/import").Set("text", `{"schema":"laurel-passport/9","film":{}}`), 422).says("laurel-passport/9")
	pasted := "Project Title: Salt\nRuntime: 10 minutes 39 seconds\nCountry of Origin: Iran, Narnia\nEmail: me@example.org\n\nDirector: Ada\nSomething odd\n\n<script>alert(1)</script>"
	v.send(v.form("/my/works/import").Set("text", pasted), 200).
		says("10 min 39 s").says("There is no country called “Narnia”").says("Email").says("there is no such question here").says("<script>alert(1)</script>")
	if got := v.Page.First("textarea").Text(); !strings.Contains(got, "Country of Origin: Iran, Narnia") {
		t.Errorf("what was pasted is gone: %q", got)
	}
	changed := strings.Replace(pasted, "Salt", "Salt and ash", 1)
	v.send(v.form("/my/works/import").Set("text", changed).Press("Make this work"), 200).says("Nothing is made yet").says("Salt and ash")
	if n := c.works(); n != 0 {
		t.Errorf("%d works were made of what was never shown", n)
	}
	v.send(v.form("/my/works/import").Set("text", pasted), 200)
	v.send(v.form("/my/works/import").Press("Make this work"), 200).says("The work is made.")
	works, err := entry.Of(t.Context(), c.DB, who)
	if err != nil || len(works) != 1 || works[0].Film.Title != "Salt" || works[0].Film.Runtime != 639 {
		t.Errorf("%v: %+v", err, works)
	}
}
