package site_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/htmltest"
	"laurel/internal/pg"
)

// An openCall is a festival that takes documentaries of up to 30 minutes.
type openCall struct {
	*house
	organizer account.ID
	edition   festival.EditionID
	category  festival.CategoryID
}

const documentary = "farsang/ninth/documentary"

func openTheCall(t testing.TB) openCall {
	t.Helper()
	return openTheCallOn(open(t))
}

func openTheCallOn(h *house) openCall {
	h.t.Helper()
	c := openCall{house: h}
	_, c.organizer = c.person("Organizer", "organizer@example.org")
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		f, err := festival.Create(ctx, tx, c.organizer, festival.Festival{Slug: "farsang", Name: "Farsang"})
		if err != nil {
			return err
		}
		c.edition, err = festival.CreateEdition(ctx, tx, c.organizer, festival.Edition{
			FestivalID: f, Slug: "ninth", Name: "9th edition", Prefix: "F9", City: "Mahabar", Zone: "Asia/Tehran",
			StartsOn: time.Now().AddDate(0, 6, 0), EndsOn: time.Now().AddDate(0, 6, 7),
		})
		if err != nil {
			return err
		}
		c.category, err = festival.CreateCategory(ctx, tx, c.organizer, festival.Category{
			EditionID: c.edition, Slug: "documentary", Name: "Documentary", Rules: []festival.Rule{{Kind: festival.RuntimeMax, Seconds: new(1800)}},
			Deadlines: []festival.Deadline{{Name: "Regular", ClosesAt: time.Now().Add(23*24*time.Hour + time.Hour), FeeCurrency: "EUR"}},
		})
		if err != nil {
			return err
		}
		return festival.OpenCall(ctx, tx, c.organizer, c.edition, time.Now())
	})
	return c
}

// close moves the deadline into the past.
func (c openCall) close() {
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update deadlines set closes_at = clock_timestamp() - interval '1 second'`, pg.Args{})
		return err
	})
}

// draft starts an entry in the browser and returns its code.
func (c openCall) draft(v *visitor) string {
	v.t.Helper()
	v.get("/my/entries/new?category="+documentary, 200)
	v.send(v.form("/my/entries/new"), 200)
	path, _, _ := strings.Cut(v.Path, "?")
	return strings.TrimPrefix(path, "/my/entries/")
}

// workOf is the address of the work that an entry is of.
func (v *visitor) workOf(code string) string {
	v.t.Helper()
	work, err := pg.Value[string](v.t.Context(), v.h.DB, `
		select w.code
		from works w
		join entries e on e.work_id = w.id
		where e.code = @code`,
		pg.Args{"code": code})
	if err != nil {
		v.t.Fatal(err)
	}
	return "/my/works/" + work
}

// open opens the page of a section of the work that an entry is of, and gives
// its form.
func (v *visitor) open(code, part string) *htmltest.Form {
	v.t.Helper()
	page := v.workOf(code) + "/form/" + part
	v.get(page, 200)
	return v.form(page)
}

// again is the form of a section on the page that is open.
func (v *visitor) again(code, part string) *htmltest.Form {
	v.t.Helper()
	return v.form(v.workOf(code) + "/form/" + part)
}

// fill answers everything that an entry needs, and opens its page.
func (v *visitor) fill(code string) {
	v.t.Helper()
	v.send(v.open(code, "basics").Set("title", "The Salt Ledger").Set("titleOriginal", "دفترِ نمک").Set("languageOriginal", "Persian").
		Set("form", "documentary").Set("minutes", "۲۹").Set("seconds", "12").Set("completed", "2026").Press("Save and go on"), 200)
	v.send(v.again(code, "texts").Set("synopsis", "A clerk counts salt.").Press("Save and go on"), 200)
	v.send(v.again(code, "languages").Set("languages", "Persian، Arabic").Press("Save and go on"), 200)
	v.send(v.again(code, "people").Set("credits.0.name", "سیاوش مهرآبادی").Set("credits.0.nameLatin", "Siavash Mehrabadi"), 200)
	v.send(v.open(code, "countries").Set("countries.0.name", "Iran"), 200)
	v.send(v.open(code, "showings").Set("shown", "no"), 200)
	v.send(v.open(code, "screener").Set("screenerLink", "https://example.org/salt").Set("screenerPassword", "salt"), 200)
	v.upload(code, "still", "still.jpg", picture(v.t), 200)
	v.get("/my/entries/"+code, 200)
}

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 640, 346)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// upload sends a file with the form of the open page.
func (v *visitor) upload(code, role, name string, content []byte, want int) *visitor {
	v.t.Helper()
	action := ""
	for _, f := range v.Page.All("form") {
		if strings.HasPrefix(f.Attr("action"), v.workOf(code)+"/files/"+role+"?") {
			action = f.Attr("action")
		}
	}
	if action == "" {
		v.t.Fatalf("no upload form for %s on %s", role, v.Path)
	}
	return v.uploadTo(action, name, content, want)
}

func (v *visitor) uploadTo(action, name string, content []byte, want int) *visitor {
	v.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		v.t.Fatal(err)
	}
	part.Write(content)
	form.Close()
	res, err := v.client.Post(v.h.URL+action, form.FormDataContentType(), &body)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.read(res, want)
}

func (v *visitor) submit(code string, want int) *visitor {
	v.t.Helper()
	return v.send(v.form("/my/entries/"+code+"/submission").Set("rights", "1"), want)
}

func TestAFilmIsEntered(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	v.get("/my/entries", 200).says("No entries yet")
	code := c.draft(v)
	v.says("11 answers missing").says("F9-0001")
	v.fill(code)
	v.says("Draft, ready to send").says("23 days left")
	v.send(v.form("/my/entries/"+code+"/submission"), 422)
	if got := v.Page.One(`[role=alert] a[href="#rights"]`).Text(); got != "Confirm that you may enter the film" {
		t.Errorf("what kept the entry from being sent is %q", got)
	}
	v.submit(code, 200).says("Farsang has received your film").says("29 min 12 s").says("Siavash Mehrabadi").says("Iran")
	if link := c.letterLink("siavash@example.org"); link != "/my/entries/"+code+"/receipt" {
		t.Errorf("the receipt's letter leads to %s", link)
	}
	v.get("/my/entries", 200).says("Submitted").says("Nothing to do")
}

func TestDraftSaysWhyItIsNotEligible(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.fill(code)
	v.send(v.open(code, "basics").Set("minutes", "31").Set("seconds", "12"), 200)
	sentence := "Documentary takes 30 minutes or less, and this says 31 min 12 s"
	v.says(sentence)
	if got := v.Page.One("#runtime-e").Text(); !strings.Contains(got, sentence) {
		t.Errorf("beside the field stands %q", got)
	}
	v.get("/my/entries/"+code, 200).says(sentence)
	v.open(code, "basics")
	v.post("/my/entries/"+code+"/submission", withProof(v, "rights", "1"), 422).says(sentence)
	v.get("/my/entries", 200).says(sentence).says("Draft, 1 answer to fix")
}

func (c openCall) work(v *visitor, code string) entry.Work {
	v.t.Helper()
	e, err := entry.ByCode(v.t.Context(), c.DB, code)
	if err != nil {
		v.t.Fatal(err)
	}
	m, err := entry.MineBy(v.t.Context(), c.DB, *e.OwnerID, code)
	if err != nil {
		v.t.Fatal(err)
	}
	return m.Work
}

func TestMarkupAndFormulasAreText(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	evil := `=HYPERLINK("https://e.example")<script>alert(1)</script><b title='`
	v.fill(code)
	v.send(v.open(code, "basics").Set("title", evil).Set("titleOriginal", evil).Set("transliteration", evil).Set("tags", evil[:50]), 200)
	texts := v.open(code, "texts")
	for _, field := range []string{"synopsis", "logline", "synopsisShort", "statement", "biography"} {
		texts.Set(field, evil)
	}
	v.send(texts, 200)
	v.send(v.open(code, "companies").Set("school", evil), 200)
	v.send(v.open(code, "declarations").Set("warnings", evil).Set("ai.tool", evil).Set("ai.told", evil), 200)
	v.send(v.open(code, "people").Set("credits.0.name", evil).Set("credits.0.nameLatin", evil).Set("credits.0.note", evil), 200)
	v.send(v.open(code, "technical").Set("shootingFormat", evil).Set("budget", evil[:50]), 200)
	v.get("/my/entries/"+code, 200)
	v.submit(code, 200)
	paths := []string{"/my/entries", "/my/entries/" + code, "/my/entries/" + code + "/receipt", "/my/entries/" + code + "/withdrawal", "/my/entries/new"}
	for _, part := range sections {
		paths = append(paths, v.workOf(code)+"/form/"+part)
	}
	for _, path := range paths {
		v.get(path, 200)
		for _, script := range v.Page.All("script") {
			if !strings.HasPrefix(script.Attr("src"), "/static/") && script.Attr("type") != "text/html" { // which no browser runs
				t.Errorf("%s has a script of its own: %s", path, script.HTML())
			}
		}
		if strings.Contains(v.Body, "<b title='") {
			t.Errorf("%s lets markup through", path)
		}
	}
	c.close()
	v.get("/my/entries/"+code, 200).says(evil)
}

// withProof is a small form of the open page with one button pressed.
func withProof(v *visitor, name, value string) url.Values {
	token := v.Page.First(`main input[name="_token"]`).Attr("value")
	return url.Values{"_token": {token}, "_key": {account.Code()}, name: {value}}
}

func TestAFormSentTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, owner := c.person("Siavash", "siavash@example.org")
	v.get("/my/entries/new?category="+documentary, 200)
	start := v.form("/my/entries/new")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			res, err := v.client.PostForm(c.URL+start.Action, start.Values)
			if err != nil {
				t.Error(err)
				return
			}
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				t.Errorf("answered %d", res.StatusCode)
			}
		})
	}
	wait.Wait()
	all, err := entry.MineOf(t.Context(), c.DB, owner)
	if err != nil || len(all) != 1 {
		t.Errorf("got %d entries, %v", len(all), err)
	}
	code := all[0].Code
	v.fill(code)
	still := v.Page
	submit := v.form("/my/entries/"+code+"/submission").Set("rights", "1")
	v.send(submit, 200).says("has received your film")
	v.send(submit, 200).says("has received your film")
	v.Page = still
	v.submit(code, 200)
	n, err := pg.Value[int](t.Context(), c.DB, `select count(*)::int from letters where kind = 'entry-received'`, pg.Args{})
	if err != nil || n != 1 {
		t.Errorf("got %d receipts, %v", n, err)
	}
}

func TestAfterTheDeadline(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.fill(code)
	page := v.Page
	late := "The call for Documentary has closed."
	c.close()
	v.submit(code, 403).says(late)
	v.Page = page
	v.send(v.open(code, "texts").Set("synopsis", "Written for another festival."), 200)
	v.Page = page
	v.submit(code, 403).says(late)
	v.get("/my/entries/"+code, 200).says("closed before this entry was sent")
	v.get("/my/entries/new?category="+documentary, 200).says("No call is open")
	v.get("/my/entries", 200).says("Draft, not sent before the deadline")
}

func TestConsentWorksAfterTheDeadline(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.fill(code)
	v.submit(code, 200)
	page := "/my/entries/" + code + "/publication"
	v.get(page, 200)
	v.send(v.form(page).Set("film", "yes").Set("synopsis", "yes"), 200)
	c.close()
	v.get(page, 200)
	v.send(v.form(page).Set("synopsis", "no"), 200)
	for field, want := range map[string]string{"film": "yes", "synopsis": "no"} {
		if got := v.get(page, 200).form(page).Values.Get(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}

func TestChangesAreShownUntilTheyAreSent(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.fill(code)
	v.submit(code, 200)
	v.get("/my/entries/"+code, 200).says("Sent on")
	v.send(v.open(code, "basics").Set("title", "The Salt Register"), 200)
	row := v.get("/my/entries/"+code+"/changes", 200).Page.First("main .list li").Text()
	if row != "English title As sent The Salt Ledger Now The Salt Register" {
		t.Errorf("the change reads %q", row)
	}
	v.get("/my/entries", 200).says("Send your changes")
	v.get("/my/entries/"+code, 200)
	v.submit(code, 200).says("The Salt Register")
	v.get("/my/entries", 200).says("Nothing to do")
	v.get("/my/entries/"+code, 200).says("Changes sent")
}

func TestAnEntryIsWithdrawn(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.fill(code)
	v.submit(code, 200)
	v.get("/my/entries/"+code+"/withdrawal", 200).says("It is for good")
	v.send(v.form("/my/entries/"+code+"/withdrawal"), 200).says("Withdrawn")
	if link := c.letterLink("siavash@example.org"); link != "/my/entries/"+code {
		t.Errorf("the letter leads to %s", link)
	}
	v.get("/my/entries/"+code, 200).says("You withdrew this entry.")
	draft := c.draftOf(v, "Another")
	v.get("/my/entries/"+draft+"/withdrawal", 200)
	v.send(v.form("/my/entries/"+draft+"/withdrawal"), 200)
	v.get("/my/entries/"+draft, 404)
}

func (c openCall) draftOf(v *visitor, title string) string {
	v.t.Helper()
	v.get("/my/entries/new?category="+documentary, 200)
	v.send(v.form("/my/entries/new").Set("title", title), 200)
	path, _, _ := strings.Cut(v.Path, "?")
	return strings.TrimPrefix(path, "/my/entries/")
}

func TestAnothersEntryIsNotThere(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.fill(code)
	page := v.Page
	other, _ := c.person("Noor", "noor@example.org")
	for _, path := range []string{"", "/receipt", "/withdrawal"} {
		other.get("/my/entries/"+code+path, 404)
	}
	for _, path := range []string{"/parts/film", "/parts/nonsense", "/publication", "/submission", "/withdrawal", "/files"} {
		other.get("/my/entries/new", 200)
		other.post("/my/entries/"+code+path, withProof(other, "rights", "1"), 404)
	}
	for _, f := range page.All("form") {
		if action := f.Attr("action"); strings.Contains(action, "/files/still?") {
			token := url.QueryEscape(withProof(other.get("/my/entries/new", 200), "a", "b").Get("_token"))
			other.uploadTo("/my/entries/"+code+"/files/still?_token="+token+"&_key="+account.Code(), "a.jpg", picture(t), 404)
		}
	}
	if got := c.work(v, code).Film.Title; got != "The Salt Ledger" {
		t.Errorf("changed to %q", got)
	}
}

func TestStartSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	v.get("/my/entries/new", 200)
	v.send(v.form("/my/entries/new").Set("title", strings.Repeat("S", 1000)), 422).says("Shorten this to 300 letters")
	if got := v.form("/my/entries/new").Values.Get("title"); len(got) != 1000 {
		t.Errorf("typed text is lost")
	}
	values := v.form("/my/entries/new").Values
	values.Set("title", "Salt")
	values.Del("category")
	v.post("/my/entries/new", values, 422).says("Choose a category.")
	code := c.draftOf(v, "Salt")
	v.get("/my/entries/new?category="+documentary, 200)
	v.send(v.form("/my/entries/new").Set("work", c.work(v, code).Code), 409).says("This film is entered in the category already.")
}

func TestTheDecisionIsShownOnceReleased(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.fill(code)
	v.submit(code, 200)
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into decisions (entry_id, outcome, message, actor_id)
			select id, 'not-selected', 'Thank you for sending it.', @actor from entries`, pg.Args{"actor": c.organizer})
		return err
	})
	v.get("/my/entries", 200)
	list := v.Body
	v.get("/my/entries/"+code, 200)
	if strings.Contains(list+v.Body, "Thank you for sending it.") || strings.Contains(list+v.Body, "not select") {
		t.Error("the decision is shown before it is released")
	}
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update decisions set released_at = clock_timestamp()`, pg.Args{})
		return err
	})
	v.get("/my/entries", 200).says("The committee did not select The Salt Ledger.").says("Not selected").says("Read the decision")
	v.get("/my/entries/"+code, 200).says("Thank you for sending it.")
}

func TestDeadlineOnBothClocks(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, id := c.person("Siavash", "siavash@example.org")
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update accounts set zone = 'Europe/Paris' where id = @id`, pg.Args{"id": id})
		return err
	})
	code := c.draft(v)
	closes, err := pg.Value[time.Time](t.Context(), c.DB, `select closes_at from deadlines`, pg.Args{})
	if err != nil {
		t.Fatal(err)
	}
	paris, _ := time.LoadLocation("Europe/Paris")
	tehran, _ := time.LoadLocation("Asia/Tehran")
	v.get("/my/entries/"+code, 200).
		says(fmt.Sprintf("%s in Mahabar", closes.In(tehran).Format("Mon 2 January 2006, 15:04"))).
		says(fmt.Sprintf("%s where you are (Paris).", closes.In(paris).Format("15:04")))
}
