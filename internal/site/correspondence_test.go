package site_test

import (
	"context"
	"fmt"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// A correspondence is an entry with its maker and an organizer.
type correspondence struct {
	trial
	maker, organizer *visitor
	owner            account.ID
	film             entry.ID
}

func newCorrespondence(t *testing.T) correspondence {
	t.Helper()
	x := correspondence{trial: openTrial(t, 0, 1)}
	x.owner = x.Account("Noor", x.Email("noor"))
	x.film = x.Film("Salt", x.owner)
	x.run(t, `update entries set code = 'salt' where id = $1`, x.film)
	x.maker, x.organizer = x.as(x.owner), x.as(x.Organizer)
	return x
}

func TestAQuestionAndItsAnswer(t *testing.T) {
	t.Parallel()
	x := newCorrespondence(t)
	mine, theirs := "/my/entries/salt/messages", x.desk+"/entries/salt/messages"
	x.organizer.get(x.desk+"/messages", 200).says("Nobody waits for an answer.")
	x.maker.get(mine, 200).says("Nothing is unread.")
	x.maker.send(x.maker.form(mine).Set("body", "  "), 422).says("Write a message of up to 4,000 letters.")
	x.maker.send(x.maker.form(mine).Set("body", strings.Repeat("x", 4001)), 422)
	if got := x.maker.form(mine).Values.Get("body"); len(got) != 4001 {
		t.Errorf("%d letters of what was typed are left", len(got))
	}
	form := x.maker.form(mine).Set("body", "May I send <b>subtitles</b> later?")
	x.maker.send(form, 200).says("Sent.").says("May I send <b>subtitles</b> later?")
	x.maker.send(form, 200)
	if n := len(x.maker.Page.All("main ol.list li")); n != 1 {
		t.Errorf("pressing twice wrote %d messages", n)
	}
	x.organizer.get(x.desk+"/messages", 200).says("The filmmakers of 1 entry wait").says("May I send <b>subtitles</b> later?")
	x.organizer.get(x.desk+"/entries/salt", 200).says("1 message is unread.")
	x.organizer.get(theirs, 200)
	x.organizer.send(x.organizer.form(theirs).Set("body", "Until Friday."), 200).says("Until Friday.")
	x.organizer.get(x.desk+"/messages", 200).says("Nobody waits")
	page := x.maker.get(mine, 200).says("1 message is unread.").says("Until Friday.").Body
	if strings.Contains(page, "Darya") {
		t.Error("the makers read the organizer's name")
	}
	x.maker.get("/my/messages", 200).says("A message waits for you").says("1 message is unread.")
	x.maker.get(mine, 200).says("1 message is unread.")
	x.maker.send(x.maker.form(mine+"/reading"), 200).says("Nothing is unread.")
	x.maker.get("/my/messages", 200).says("1 message is unread.")
	x.maker.send(x.maker.form("/my/messages/reading").Press("Mark all as read"), 200).says("Nothing is unread.")
}

func TestWhatIsNeededUntilADay(t *testing.T) {
	t.Parallel()
	x := newCorrespondence(t)
	mine, theirs := "/my/entries/salt", x.desk+"/entries/salt"
	x.organizer.get(theirs+"/messages", 200)
	x.organizer.send(x.organizer.form(theirs+"/tasks").Set("body", "Subtitles missing").Set("due", "2001-03-03"), 422).says("Choose today or a later day.")
	if got := x.organizer.form(theirs + "/tasks").Values.Get("body"); got != "Subtitles missing" {
		t.Errorf("what was typed became %q", got)
	}
	due := time.Now().AddDate(0, 0, 40)
	x.organizer.send(x.organizer.form(theirs+"/tasks").Set("due", due.Format(time.DateOnly)), 200).says("Subtitles missing")
	day := fmt.Sprintf("until %d %s %d", due.Day(), due.Month(), due.Year())
	x.maker.get(mine+"/messages", 200).says("1 thing is needed.").says(day)
	x.maker.get("/my/entries", 200).says("Subtitles missing")
	x.maker.get("/my/messages", 200)
	x.maker.get(x.maker.Page.First("main .list a").Attr("href"), 200).says("Something is needed of you").says("Subtitles missing").says(day)
	x.maker.get(mine+"/messages", 200)
	x.maker.send(x.maker.form(mine+"/tasks"), 200).says("Done, the festival has yet to look")
	x.organizer.get(theirs, 200).says("Done, the festival has yet to look")
	x.organizer.get(theirs+"/messages", 200)
	x.organizer.send(x.organizer.form(theirs+"/tasks/change").Press("We have it"), 200).says("Received by the festival")
	x.organizer.send(x.organizer.form(theirs+"/tasks/change").Press("Remove"), 200)
	if strings.Contains(x.maker.get(mine+"/messages", 200).Body, "Subtitles missing") {
		t.Error("what was removed is still asked")
	}
}

// Whoever is kept apart from an entry finds nothing of its thread, and learns of
// no message; strangers and those who may only look write nothing.
func TestWhoReadsAndWrites(t *testing.T) {
	t.Parallel()
	x := newCorrespondence(t)
	apart, viewer := x.Account("Apart", x.Email("apart")), x.Account("Viewer", x.Email("viewer"))
	x.run(t, `insert into memberships (account_id, festival_id, role) values ($1, $2, 'organizer')`, apart, x.Festival)
	x.run(t, `insert into collaborators (work_id, account_id, level) select work_id, $1, 'view' from entries where id = $2`, viewer, x.film)
	x.do(func(ctx context.Context, tx pgx.Tx) error {
		return jury.Declare(ctx, tx, apart, x.Edition, apart, x.film, jury.Knows, "")
	})
	x.maker.get("/my/entries/salt/messages", 200)
	sent := x.maker.form("/my/entries/salt/messages").Set("body", "Hidden question")
	x.maker.send(sent, 200)
	v := x.as(apart)
	v.get(x.desk+"/entries/salt/messages", 404)
	if body := v.get(x.desk+"/messages", 200).says("Nobody waits").Body; strings.Contains(body, "Salt") {
		t.Error("the overview names the film")
	}
	v.get("/my/messages", 200).says("No messages yet")
	see := x.as(viewer)
	if see.get("/my/entries/salt/messages", 200).says("Hidden question"); see.Page.Has(`form[action="/my/entries/salt/messages"]`) {
		t.Error("who may only look is offered to write")
	}
	see.get("/account", 200)
	see.post("/my/entries/salt/messages", withProof(see, "body", "Not mine to say"), 403)
	x.as(x.Account("Stranger", x.Email("stranger"))).get("/my/entries/salt/messages", 404)
}

func TestOpenedByTheFestival(t *testing.T) {
	t.Parallel()
	x := newCorrespondence(t)
	apart := x.Account("Apart", x.Email("apart"))
	x.run(t, `insert into memberships (account_id, festival_id, role) values ($1, $2, 'organizer')`, apart, x.Festival)
	x.run(t, `insert into conflicts (account_id, entry_id, reason, actor_id) values ($1, $2, 'knows', $1)`, apart, x.film)
	opened := func() *time.Time {
		at, err := pg.Value[*time.Time](t.Context(), x.DB, `select opened_at from entries where id = @id`, pg.Args{"id": x.film})
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	x.as(apart).get(x.desk+"/entries/salt", 404)
	x.organizer.get(x.desk+"/entries", 200)
	if opened() != nil {
		t.Fatal("opened by a list, or by who must not")
	}
	if strings.Contains(x.maker.get("/my/entries/salt", 200).Body, "Opened by the festival") {
		t.Error("the makers read that it was opened before it was")
	}
	x.organizer.get(x.desk+"/entries/salt", 200)
	first := opened()
	x.organizer.get(x.desk+"/entries/salt", 200)
	if first == nil || !first.Equal(*opened()) {
		t.Errorf("first %v, then %v", first, opened())
	}
	x.maker.get("/my/entries/salt", 200).says("Opened by the festival")
}

func TestChannelPage(t *testing.T) {
	t.Parallel()
	x := newCorrespondence(t)
	contact := func() mail.Contact {
		c, err := mail.ContactOf(t.Context(), x.DB, int64(x.owner))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	v := x.maker
	v.get("/account", 200)
	if !v.Page.Has(`main a[href="/account/channel"]`) {
		t.Error("the account page does not lead here")
	}
	v.get("/account/channel", 200).says("Letters go to " + x.Email("noor"))
	v.send(v.form("/account/channel").Set("channel", "neutral").Set("sentence", "notice"), 200).says("A notice waits for you.")
	if c := contact(); c.Channel != mail.Neutral || c.Sentence != "notice" {
		t.Errorf("kept %+v", c)
	}
	v.send(v.form("/account/channel").Set("channel", "none"), 200).says("Nothing is sent to you.")
	if c := contact(); c.Channel != mail.None {
		t.Errorf("kept %+v", c)
	}
	v.post("/account/channel", withProof(v, "channel", "pigeon"), 422).says("Choose one of the three ways.")
	x.run(t, `update channels set channel = 'letters', returned_at = now()`)
	v.get("/account/channel", 200).says("Letters to your address come back")
	v.get("/my/messages", 200).says("Letters to your address come back; the news waits here.")
	v.get("/account/channel", 200)
	v.send(v.form("/account/channel"), 200)
	if contact().ReturnedAt != nil {
		t.Error("saving the page again does not try the address again")
	}
}

// The organizers' list of letters looks the same whatever a maker chose.
func TestOrganizersDoNotReadTheChannel(t *testing.T) {
	t.Parallel()
	x := newCorrespondence(t)
	other := x.Account("Sol", x.Email("sol"))
	second := x.Film("Reed", other)
	x.run(t, `update entries set code = 'reed' where id = $1`, second)
	x.run(t, `insert into channels (account_id, channel) values ($1, 'none')`, other)
	for _, code := range []string{"salt", "reed"} {
		path := x.desk + "/entries/" + code + "/messages"
		x.organizer.get(path, 200)
		x.organizer.send(x.organizer.form(path).Set("body", "Hello"), 200)
	}
	x.run(t, `update letters set state = 'sent', sent_at = now(), created_at = now() where state = 'queued'`) // also over a full minute
	rows := x.organizer.get(x.desk+"/letters", 200).Page.Texts("main .list li")
	if len(rows) != 2 {
		t.Fatalf("got %q", rows)
	}
	number := func(s string) string { return strings.NewReplacer("F9-0002", "N", "F9-0003", "N").Replace(s) }
	if number(rows[0]) != number(rows[1]) {
		t.Errorf("told apart: %q", rows)
	}
	if body := x.organizer.Body; strings.Contains(body, x.Email("sol")) || strings.Contains(body, x.Email("noor")) {
		t.Error("the list shows addresses of makers")
	}
}

func TestInboxAsksEquallyOften(t *testing.T) {
	t.Parallel()
	pool, count := pgtest.Counted(t)
	h := openOn(t, pool)
	v, who := h.person("Noor", "noor@example.org")
	write := func(n int) {
		for range n {
			h.do(func(ctx context.Context, tx pgx.Tx) error {
				_, err := mail.Queue(ctx, tx, mail.Letter{Kind: mail.EntryReceived, Account: new(int64(who)), Locale: "en", EventKey: account.Code(), Args: mail.Args{Number: "F9-0417"}})
				return err
			})
		}
	}
	queries := func() int64 {
		v.get("/my/messages", 200)
		count.Take()
		v.get("/my/messages", 200)
		return count.Take()
	}
	write(1)
	one := queries()
	write(2)
	if three := queries(); three != one {
		t.Errorf("%d queries for one letter, %d for three", one, three)
	}
	write(20)
	if n := len(v.get("/my/messages", 200).Page.All("main .list li")); n != 20 {
		t.Errorf("%d letters on the first page", n)
	}
	v.get(v.Page.First(`main a[rel="next"]`).Attr("href"), 200)
	if n := len(v.Page.All("main .list li")); n != 3 || v.Page.Has(`main a[rel="next"]`) {
		t.Errorf("%d letters on the second page", n)
	}
}

// Every letter waits inside, in the words that it has by mail.
func TestLettersReadInside(t *testing.T) {
	t.Parallel()
	h := open(t)
	v, who := h.person("Noor", "noor@example.org")
	other, _ := h.person("Sol", "sol@example.org")
	for _, kind := range mail.Kinds {
		h.do(func(ctx context.Context, tx pgx.Tx) error {
			_, err := mail.Queue(ctx, tx, mail.Letter{Kind: kind, Account: new(int64(who)), Locale: "en", EventKey: string(kind), Args: mail.Args{Festival: "Farsang", Number: "F9-0417", Message: "Well done"}})
			return err
		})
	}
	var links []string
	for at := "/my/messages"; len(links)%20 == 0 && len(links) < len(mail.Kinds); at = "/my/messages?before=" + path.Base(links[len(links)-1]) {
		for _, a := range v.get(at, 200).Page.All("main .list a") {
			links = append(links, a.Attr("href"))
		}
	}
	if len(links) != len(mail.Kinds) {
		t.Fatalf("%d letters, want %d", len(links), len(mail.Kinds))
	}
	for _, link := range links {
		v.get(link, 200)
		if v.Page.First("main h1").Text() == "" || len(v.Page.All("main .prose p")) == 0 {
			t.Errorf("%s says nothing", link)
		}
		other.get(link, 404)
	}
	if n := unread(t, h, who); n != len(mail.Kinds) {
		t.Errorf("reading left %d unread", n)
	}
	v.send(v.form("/my/messages/reading").Press("Mark as read"), 200)
	if n := unread(t, h, who); n != len(mail.Kinds)-1 {
		t.Errorf("%d unread after one was called read", n)
	}
}

func unread(t *testing.T, h *house, who account.ID) int {
	t.Helper()
	n, err := mail.Unread(t.Context(), h.DB, int64(who))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestUnansweredAsksEquallyOften(t *testing.T) {
	t.Parallel()
	pool, count := pgtest.Counted(t)
	st := jurytest.New(t, pool, 0, 3)
	v := openOn(t, pool).visitor()
	v.signInAs(st.Organizer)
	ask := func(film entry.ID) {
		if _, err := pool.Exec(t.Context(), `insert into messages (code, entry_id, side, body) values ($1, $2, 'makers', 'When?')`, account.Code(), film); err != nil {
			t.Fatal(err)
		}
	}
	queries := func(want int) int64 {
		count.Take()
		if n := len(v.get("/organize/"+st.Slug+"/9/messages", 200).Page.All("main .list li")); n != want {
			t.Errorf("%d rows, want %d", n, want)
		}
		return count.Take()
	}
	ask(st.Films[0])
	queries(1)
	one := queries(1)
	ask(st.Films[1])
	ask(st.Films[2])
	if three := queries(3); three != one {
		t.Errorf("%d queries for one row, %d for three", one, three)
	}
}
