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

	"github.com/google/go-cmp/cmp"
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

// part is the form of a section on the open page of an entry.
func (v *visitor) part(code, part string) *htmltest.Form {
	v.t.Helper()
	return v.form("/my/entries/" + code + "/parts/" + part)
}

// fill answers everything that an entry needs.
func (v *visitor) fill(code string) {
	v.t.Helper()
	page := "/my/entries/" + code
	v.get(page, 200)
	v.send(v.part(code, "film").Set("title", "The Salt Ledger").Set("titleOriginal", "دفترِ نمک").Set("form", "documentary").
		Set("minutes", "۲۹").Set("seconds", "12").Set("completed", "2026").Set("languages", "Persian، Arabic").Set("subtitles", "english").
		Set("synopsis", "A clerk counts salt."), 200)
	v.send(v.part(code, "people").Set("credits.0.name", "سیاوش مهرآبادی").Set("credits.0.nameLatin", "Siavash Mehrabadi"), 200)
	v.send(v.part(code, "countries").Set("countries.0", "Iran"), 200)
	v.send(v.part(code, "showings").Set("shown", "no"), 200)
	v.send(v.part(code, "screener").Set("screenerLink", "https://example.org/salt").Set("screenerPassword", "salt"), 200)
	v.upload(code, "still", "still.jpg", picture(v.t), 200)
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
		if strings.HasPrefix(f.Attr("action"), "/my/entries/"+code+"/files/"+role+"?") {
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
	v.says("0 of 11 answers").says("F9-0001")
	v.fill(code)
	v.says("11 of 11 answers").says("23 days left")
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
	v.send(v.part(code, "film").Set("minutes", "31").Set("seconds", "12"), 200)
	sentence := "Documentary takes 30 minutes or less, and this says 31 min 12 s"
	v.says(sentence)
	if got := v.Page.One("#runtime-e").Text(); !strings.Contains(got, sentence) {
		t.Errorf("beside the field stands %q", got)
	}
	v.submit(code, 422).says("One answer needs another look").says(sentence)
	v.get("/my/entries", 200).says(sentence).says("Draft, 1 answer to fix")
}

func TestSectionsRefuseWhatIsWrong(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	for _, bad := range []struct{ part, field, value, want string }{
		{"film", "title", strings.Repeat("S", 1000), "Shorten this to 300 letters; it has 1000."},
		{"film", "title", "Salt\u202egpj.exe", "turns the direction of writing (U+202E)"},
		{"film", "synopsis", "Salt\u2066", "turns the direction of writing (U+2066)"},
		{"film", "title", "Salt\u0007", "hidden control character in this text (U+0007)"},
		{"film", "minutes", "0", "Write a length between 1 second and 24 hours."},
		{"film", "minutes", "5940", "Write a length between 1 second and 24 hours."},
		{"film", "minutes", "half an hour", "Write a length between 1 second and 24 hours."},
		{"film", "completed", "2099", "This date lies in the future."},
		{"film", "completed", "1405", "in the Gregorian calendar"},
		{"film", "languages", "Persian, Klingonese", "There is no language called “Klingonese”"},
		{"countries", "countries.0", "Ruritania", "There is no country called “Ruritania”"},
		{"countries", "countriesFilming", "Iran, Nowhere", "There is no country called “Nowhere”"},
		{"people", "credits.0.nameLatin", "Siavash", "Write the name as credited, or remove this row."},
		{"showings", "website", "javascript:alert(1)", "Write a web address that begins with http:// or https://."},
		{"screener", "screenerLink", "ftp://example.org/film", "Write a web address that begins with http:// or https://."},
		{"stills", "stillsBy", strings.Repeat("S", 201), "Shorten this to 200 letters"},
	} {
		v.get("/my/entries/"+code, 200)
		v.send(v.part(code, bad.part).Set(bad.field, bad.value), 422).says(bad.want)
		if got := v.part(code, bad.part).Values.Get(bad.field); got != bad.value {
			t.Errorf("%s %.20q: typed text is lost: %.40q", bad.field, bad.value, got)
		}
		if !v.Page.Has(`[aria-invalid="true"]`) || !strings.HasPrefix(v.Page.One("title").Text(), "Error:") {
			t.Errorf("%s %.20q: the page does not mark the error", bad.field, bad.value)
		}
		for _, a := range v.Page.First(".err-sum").All("a") {
			if id := strings.TrimPrefix(a.Attr("href"), "#"); !v.Page.Has(`[id="` + id + `"]`) {
				t.Errorf("%s: the list of errors leads to no %q", bad.field, id)
			}
		}
	}
	if work := c.work(v, code); work.Version != 1 {
		t.Errorf("something was saved: version %d", work.Version)
	}
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
	film := v.part(code, "film")
	for _, field := range []string{"title", "titleOriginal", "synopsis", "logline", "statement", "warnings", "school"} {
		film.Set(field, evil)
	}
	film.Set("genres", evil[:50])
	v.send(film, 200)
	v.send(v.part(code, "people").Set("credits.0.name", evil).Set("credits.0.nameLatin", evil).Set("biography", evil), 200)
	v.send(v.part(code, "technical").Set("shootingFormat", evil).Set("budget", evil[:50]), 200)
	v.submit(code, 200)
	for _, path := range []string{"/my/entries", "/my/entries/" + code, "/my/entries/" + code + "/receipt", "/my/entries/" + code + "/withdrawal", "/my/entries/new"} {
		v.get(path, 200)
		for _, script := range v.Page.All("script") {
			if !strings.HasPrefix(script.Attr("src"), "/static/") {
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

func TestRowsMoveAndGo(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.send(v.part(code, "people").Set("credits.0.name", "First").Press("add:director"), 200)
	v.send(v.part(code, "people").Set("credits.1.name", "Second").Press("add:person"), 200)
	v.send(v.part(code, "people").Set("credits.2.name", "Third").Set("credits.2.role", "cast").Press("up:credits:1"), 200)
	names := func() (list []string) {
		for _, credit := range c.work(v, code).Film.Credits {
			list = append(list, string(credit.Role)+" "+credit.Name)
		}
		return list
	}
	if d := cmp.Diff([]string{"director Second", "director First", "cast Third"}, names()); d != "" {
		t.Error(d)
	}
	v.send(v.part(code, "people").Press("remove:credits:0"), 200)
	if d := cmp.Diff([]string{"director First", "cast Third"}, names()); d != "" {
		t.Error(d)
	}
	v.send(v.part(code, "countries").Set("countries.0", "France").Press("add:country"), 200)
	v.send(v.part(code, "countries").Set("countries.1", "KW").Press("up:countries:1"), 200)
	if d := cmp.Diff([]string{"KW", "FR"}, c.work(v, code).Film.Countries); d != "" {
		t.Error(d)
	}
}

func TestAStaleTabOverwritesNothing(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	first := v.get("/my/entries/"+code, 200).part(code, "film").Set("title", "First window")
	second := v.get("/my/entries/"+code, 200).part(code, "film").Set("title", "Second window")
	third := v.get("/my/entries/"+code, 200).part(code, "people").Set("credits.0.name", "Siavash")
	v.send(first, 200)
	v.send(second, 409).says("saved from another window").says("First window")
	if got := v.part(code, "film").Values.Get("title"); got != "Second window" {
		t.Errorf("typed text is lost: %q", got)
	}
	if got := c.work(v, code).Film.Title; got != "First window" {
		t.Errorf("overwritten with %q", got)
	}
	again := v.part(code, "film")
	v.send(third, 200)
	v.send(again, 200)
	if f := c.work(v, code).Film; f.Title != "Second window" || len(f.Credits) != 1 {
		t.Errorf("got %q with %d credits", f.Title, len(f.Credits))
	}
}

func TestFilesThatCannotBeTaken(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	huge := append(picture(t), make([]byte, 26<<20)...)
	for _, bad := range []struct {
		name, role, file string
		content          []byte
		want             string
	}{
		{"text for a still", "still", "still.jpg", []byte("This is no picture at all."), "not a picture"},
		{"a picture for a film", "screener", "film.mp4", picture(t), "not a film"},
		{"a program", "screener", "film.mp4", append([]byte("\x7fELF"), make([]byte, 4096)...), "not a film"},
		{"a page that calls itself a picture", "still", "still.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), "not a picture"},
		{"nothing", "still", "still.jpg", nil, "0 bytes"},
		{"no file", "still", "", nil, "Choose a file first."},
		{"too large", "still", "still.jpg", huge, "larger than"},
	} {
		v.get("/my/entries/"+code, 200)
		v.upload(code, bad.role, bad.file, bad.content, 422).says(bad.want)
		if !v.Page.Has("#" + bad.role + "-file-e") {
			t.Errorf("%s: no sentence beside the upload", bad.name)
		}
	}
	n, err := pg.Value[int](t.Context(), c.DB, `select count(*)::int from files`, pg.Args{})
	if err != nil || n != 0 {
		t.Errorf("%d files were kept, %v", n, err)
	}
}

func TestStills(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.get("/my/entries/"+code, 200)
	v.upload(code, "still", "a.jpg", picture(t), 200)
	v.upload(code, "still", "b.jpg", picture(t), 200).says("640 × 346")
	images := func() (list []string) {
		for _, img := range v.Page.All(".stills img") {
			list = append(list, img.Attr("src"))
		}
		return list
	}
	before := images()
	if len(before) != 2 {
		t.Fatalf("got %v", before)
	}
	v.get(before[0], 200)
	second := strings.Split(before[1], "/")[2]
	v.get("/my/entries/"+code, 200)
	v.post("/my/entries/"+code+"/files", withProof(v, "up", second), 200)
	if d := cmp.Diff([]string{before[1], before[0]}, images()); d != "" {
		t.Error(d)
	}
	v.post("/my/entries/"+code+"/files", withProof(v, "remove", second), 200)
	if d := cmp.Diff([]string{before[0]}, images()); d != "" {
		t.Error(d)
	}
	other, _ := c.person("Noor", "noor@example.org")
	other.get(before[0], 404)
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

func TestAnUploadSentTwiceIsOneFile(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.get("/my/entries/"+code, 200)
	action := ""
	for _, f := range v.Page.All("form") {
		if strings.Contains(f.Attr("action"), "/files/still?") {
			action = f.Attr("action")
		}
	}
	v.uploadTo(action, "a.jpg", picture(t), 200)
	v.uploadTo(action, "a.jpg", picture(t), 200)
	n, err := pg.Value[int](t.Context(), c.DB, `select count(*)::int from files`, pg.Args{})
	if err != nil || n != 1 {
		t.Errorf("got %d files, %v", n, err)
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
	v.send(v.part(code, "film").Set("synopsis", "Typed in the last second."), 403).says(late).says("Typed in the last second.")
	v.Page = page
	v.upload(code, "still", "a.jpg", picture(t), 403).says(late)
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
	v.send(v.form("/my/entries/"+code+"/publication").Set("item", "film", "names", "stills"), 200)
	v.submit(code, 200)
	c.close()
	v.get("/my/entries/"+code, 200)
	v.send(v.form("/my/entries/"+code+"/publication").Set("item", "film"), 200)
	items, err := pg.Values[string](t.Context(), c.DB, `select item from consents order by item`, pg.Args{})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"film"}, items); d != "" {
		t.Error(d)
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
	v.send(v.part(code, "film").Set("title", "The Salt Register"), 200)
	row := v.Page.First("#s-review table tbody tr").Text()
	if row != "English title The Salt Ledger The Salt Register" {
		t.Errorf("the change reads %q", row)
	}
	v.get("/my/entries", 200).says("The Salt Ledger").says("Send your changes")
	v.get("/my/entries/"+code, 200)
	v.submit(code, 200).says("The Salt Register")
	v.get("/my/entries", 200).says("Changes sent").says("Nothing to do")
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
	if strings.Contains(v.Body, "Thank you for sending it.") || strings.Contains(v.Body, "not select") {
		t.Error("the decision is shown before it is released")
	}
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update decisions set released_at = clock_timestamp()`, pg.Args{})
		return err
	})
	v.get("/my/entries", 200).says("The committee did not select The Salt Ledger.").says("Thank you for sending it.").says("Not selected")
}

func TestEveryAnswerComesBackAsItWasSaved(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.fill(code)
	version := c.work(v, code).Version
	for _, part := range []string{"film", "people", "countries", "technical", "showings", "screener", "stills"} {
		v.get("/my/entries/"+code, 200)
		v.send(v.part(code, part), 200)
	}
	if got := c.work(v, code).Version; got != version {
		t.Errorf("saving what stands there changed it %d times", got-version)
	}
}

func TestWhatWasTypedSurvivesSigningOut(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, id := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	film := v.part(code, "film").Set("title", "Typed after the session had ended").Set("minutes", "20").Set("form", "documentary")
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from sessions where account_id = @id`, pg.Args{"id": id})
		return err
	})
	v.send(film, 403).says("Sign in")
	v.send(v.form("/sign-in").Set("email", "siavash@example.org").Set("password", password), 200).says("Typed after the session had ended")
	v.send(v.part(code, "film"), 200)
	if f := c.work(v, code).Film; f.Title != "Typed after the session had ended" || f.Runtime != 1200 {
		t.Errorf("after signing in again the film is %q, %d s", f.Title, f.Runtime)
	}
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
