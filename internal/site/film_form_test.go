package site_test

import (
	"compress/gzip"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/pg"
)

// sections are the pages of the form, besides that of the files.
var sections = []string{"basics", "texts", "languages", "people", "companies", "countries", "technical", "showings", "declarations", "links"}

func TestSectionsRefuseWhatIsWrong(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	for _, bad := range []struct{ part, field, value, want string }{
		{"basics", "title", strings.Repeat("S", 1000), "Shorten this to 300 letters; it has 1000."},
		{"basics", "title", "Salt\u202egpj.exe", "turns the direction of writing (U+202E)"},
		{"basics", "title", "Salt\u0007", "hidden control character in this text (U+0007)"},
		{"basics", "minutes", "0", "Write a length between 1 second and 24 hours."},
		{"basics", "minutes", "5940", "Write a length between 1 second and 24 hours."},
		{"basics", "minutes", "half an hour", "Write a length between 1 second and 24 hours."},
		{"basics", "completed", "2099", "This date lies in the future."},
		{"basics", "completed", "1405", "in the Gregorian calendar"},
		{"basics", "languageOriginal", "Klingonese", "There is no language called “Klingonese”"},
		{"texts", "synopsis", "Salt\u2066", "turns the direction of writing (U+2066)"},
		{"texts", "addLanguage", "Klingonese", "There is no language called “Klingonese”"},
		{"languages", "languages", "Persian, Klingonese", "There is no language called “Klingonese”"},
		{"languages", "languages", "Persian, No dialogue", "A film with no dialogue has no other language."},
		{"countries", "countries.0.name", "Ruritania", "There is no country called “Ruritania”"},
		{"countries", "countriesFilming", "Iran, Nowhere", "There is no country called “Nowhere”"},
		{"people", "credits.0.nameLatin", "Siavash", "Write the name as credited, or remove this row."},
		{"links", "website", "javascript:alert(1)", "Write a web address that begins with http:// or https://."},
		{"screener", "screenerLink", "ftp://example.org/film", "Write the address of a page that everybody on the web can reach, beginning with https://."},
		{"stills", "stillsBy", strings.Repeat("S", 201), "Shorten this to 200 letters"},
	} {
		v.send(v.open(code, bad.part).Set(bad.field, bad.value), 422).says(bad.want)
		if got := v.again(code, bad.part).Values.Get(bad.field); got != bad.value {
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

func TestRowsMoveAndGo(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.send(v.open(code, "people").Set("credits.0.name", "First").Press("Add a person"), 200)
	v.send(v.again(code, "people").Set("credits.1.name", "Second").Press("Add a person"), 200)
	v.send(v.again(code, "people").Set("credits.2.name", "Third").Set("credits.2.role", "cast").Press("up:credits:1"), 200)
	names := func() (list []string) {
		for _, credit := range c.work(v, code).Film.Credits {
			list = append(list, string(credit.Role)+" "+credit.Name)
		}
		return list
	}
	if d := cmp.Diff([]string{"director Second", "director First", "cast Third"}, names()); d != "" {
		t.Error(d)
	}
	kept := c.work(v, code).Film.Credits[1].ID
	v.send(v.again(code, "people").Press("remove:credits:0"), 200)
	if d := cmp.Diff([]string{"director First", "cast Third"}, names()); d != "" {
		t.Error(d)
	}
	if got := c.work(v, code).Film.Credits[0].ID; got != kept {
		t.Errorf("a person who moved up is %q and was %q", got, kept)
	}
	v.send(v.open(code, "countries").Set("countries.0.name", "France").Set("countries.0.share", "۴۰").Press("Add a country"), 200)
	v.send(v.again(code, "countries").Set("countries.1.name", "KW").Set("countries.1.share", "60 %").Press("up:countries:1"), 200)
	f := c.work(v, code).Film
	if d := cmp.Diff([]string{"KW", "FR"}, f.Countries); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]int{"KW": 60, "FR": 40}, f.Shares); d != "" {
		t.Error(d)
	}
}

func TestTextsInFurtherLanguages(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	page := v.workOf(code) + "/form/texts"
	v.send(v.open(code, "texts").Set("synopsis", "In English.").Set("addLanguage", "Farsi").Press("Add this language"), 200)
	v.send(v.form(page+"?in=fa").Set("synopsis", "به فارسی.").Set("logline", "یک"), 200)
	v.send(v.form(page+"?in=fa").Set("addLanguage", "French").Press("Add this language"), 200)
	v.send(v.form(page+"?in=fr").Set("synopsis", strings.Repeat("S", 3001)), 422).says("Shorten this to 3000 letters")
	v.send(v.form(page+"?in=fr").Set("synopsis", "En français."), 200)
	want := entry.Film{Synopsis: "In English.", Texts: []entry.Texts{{Language: "fa", Logline: "یک", Synopsis: "به فارسی."}, {Language: "fr", Synopsis: "En français."}}}
	if d := cmp.Diff(want, entry.Words.Of(c.work(v, code).Film), cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	v.get(page+"?in=fa", 200)
	v.send(v.form(page+"?in=fa").Press("remove:texts"), 200)
	if got := c.work(v, code).Film; len(got.Texts) != 1 || got.Texts[0].Language != "fr" || got.Synopsis != "In English." {
		t.Errorf("after removing Persian: %+v, %q", got.Texts, got.Synopsis)
	}
	v.get(page+"?in=tlh", 404)
}

// whole is a film in which every answer is given, out of the lists that the
// form offers; size is how many rows each list has, and letters how long its
// long texts are.
func whole(rows, letters int) entry.Film {
	draw := rand.New(rand.NewPCG(4, 2026))
	var fill func(v reflect.Value, name string, i int)
	fill = func(v reflect.Value, name string, i int) {
		switch v.Kind() {
		case reflect.String:
			v.SetString(answer(draw, name, i, letters))
		case reflect.Int:
			v.SetInt(1752)
		case reflect.Bool:
			v.SetBool(i%2 == 0)
		case reflect.Slice:
			n := rows
			if most := limits[name]; most > 0 {
				n = min(n, most)
			}
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for at := range n {
				fill(v.Index(at), name, at)
			}
		case reflect.Struct:
			for at := range v.NumField() {
				fill(v.Field(at), v.Type().Field(at).Name, i)
			}
		case reflect.Map:
		}
	}
	var f entry.Film
	fill(reflect.ValueOf(&f).Elem(), "", 0)
	f.Shares = map[string]int{}
	for i, code := range f.Countries {
		f.Shares[code] = i + 1
	}
	for i := range f.Credits {
		f.Credits[i].ID, f.Credits[i].First = "", f.Credits[i].Role == entry.Director && i%2 == 0
	}
	return f
}

// limits are how many rows a list can have.
var limits = map[string]int{"Credits": entry.MaxCredits, "Companies": entry.MaxCompanies, "Countries": 12, "CountriesFilming": entry.MaxCountries,
	"Languages": entry.MaxLanguages, "SubtitleTracks": entry.MaxLanguages, "Screenings": entry.MaxScreenings, "Awards": entry.MaxScreenings,
	"Genres": entry.MaxGenres, "Tags": entry.MaxGenres, "Titles": entry.MaxTitles, "Texts": entry.MaxTexts, "Links": entry.MaxLinks,
	"Techniques": len(entry.Techniques), "Exhibition": len(entry.Exhibitions), "ContentWarnings": len(entry.ContentWarnings), "Where": len(entry.AIParts), "Territory": 3}

var (
	codesOfCountries = strings.Fields("IR FR DE KW OM CA KE JP BR IN TR ES IT PL SE NO FI DK NL BE")
	codesOfLanguages = strings.Fields("fa fr de ar tr es it pl sv nb fi da nl ja ko pt ru uk el psc")
	words            = strings.Fields("salt harbour ledger winter clerk lantern river promise letter window carriage distance shadow bread stone voice morning train sister border keep count wait carry return forget mend listen cross open quiet old narrow bright heavy late small early and of the in to a with from")
)

// answer is one for a field by its name, different in each row.
func answer(draw *rand.Rand, field string, i, letters int) string {
	pick := func(list []string) string { return list[i%len(list)] }
	some := func(n int) string {
		var b strings.Builder
		for b.Len() < n {
			b.WriteString(words[draw.IntN(len(words))] + " ")
		}
		return strings.TrimSpace(b.String()[:n])
	}
	switch field {
	case "Countries", "CountriesFilming", "Country", "Territory":
		return pick(codesOfCountries)
	case "Languages", "Language", "LanguageOriginal", "TextLanguage":
		return pick(codesOfLanguages)
	case "Completed", "Date":
		return "2025-03-14"
	case "Year":
		return "2025"
	case "Website", "Trailer", "URL", "ScreenerLink":
		return "https://" + strings.ReplaceAll(some(20), " ", "-") + ".example/"
	case "SynopsisShort":
		return some(min(600, letters))
	case "Synopsis", "Statement", "Biography":
		return some(letters)
	case "Warnings", "Told":
		return some(200)
	case "Logline":
		return some(120)
	}
	if list := choosable[field]; list != nil {
		return pick(list)
	}
	return some(24)
}

// choosable are the answers of fields that have a list.
var choosable = map[string][]string{
	"Form": plainly(entry.Forms), "Techniques": plainly(entry.Techniques), "Genres": plainly(entry.Genres), "Shown": {"public"},
	"Exhibition": plainly(entry.Exhibitions), "ContentWarnings": plainly(entry.ContentWarnings), "Where": plainly(entry.AIParts),
	"Used": {"yes"}, "Consent": entry.AIConsents, "Premiere": entry.Premieres, "How": plainly(entry.SubtitleHows),
	"Role": {"director", "director", "writer", "cast"}, "As": plainly(entry.CreditWays), "Kind": {"other"}, "Script": {"Latn"}, "AspectRatio": {"1.85 : 1"},
}

func plainly[T ~string](list []T) (all []string) {
	for _, one := range list {
		all = append(all, string(one))
	}
	return all
}

// described is a work of the visitor's with a film of the test's own, and the
// entry it is in.
func (c openCall) described(v *visitor, who account.ID, f entry.Film) (code string, film entry.Film) {
	v.t.Helper()
	code = c.draft(v)
	work := c.work(v, code)
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		var err error
		for _, part := range entry.FilmParts {
			if work, err = entry.Save(ctx, tx, who, work.Code, part, part.Mark(work.Film), f); err != nil {
				return err
			}
		}
		return nil
	})
	return code, c.work(v, code).Film
}

// kinds gives the rows of a film those kinds that each list has.
func kinds(f entry.Film) entry.Film {
	for i := range f.Titles {
		f.Titles[i].Kind = entry.TitleKinds[i%len(entry.TitleKinds)]
	}
	for i := range f.Screenings {
		f.Screenings[i].Kind = entry.ScreeningKinds[i%len(entry.ScreeningKinds)]
	}
	for i := range f.Companies {
		f.Companies[i].Role = entry.CompanyRoles[i%len(entry.CompanyRoles)]
	}
	for i := range f.Links {
		f.Links[i].Kind = entry.LinkKinds[i%len(entry.LinkKinds)]
	}
	return f
}

func TestEveryAnswerComesBackAsItWasSaved(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, who := c.person("Siavash", "siavash@example.org")
	want := kinds(whole(4, 300))
	code, stored := c.described(v, who, want)
	if d := cmp.Diff(want, stored, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(entry.Credit{}, "ID"), cmpopts.IgnoreFields(entry.Title{}, "Script")); d != "" {
		t.Fatal(d)
	}
	version := c.work(v, code).Version
	for _, part := range append([]string{"screener", "stills"}, sections...) {
		v.send(v.open(code, part), 200)
	}
	for _, texts := range stored.Texts {
		page := v.workOf(code) + "/form/texts?in=" + texts.Language
		v.get(page, 200)
		v.send(v.form(page), 200)
	}
	if got := c.work(v, code); got.Version != version {
		t.Errorf("saving what stands there changed it %d times: %s", got.Version-version, cmp.Diff(stored, got.Film))
	}
	empty := c.draftOf(v, "Another")
	version = c.work(v, empty).Version
	for _, part := range append([]string{"screener", "stills"}, sections...) {
		v.send(v.open(empty, part), 200)
	}
	if got := c.work(v, empty).Version; got != version {
		t.Errorf("saving an empty form changed it %d times", got-version)
	}
}

// Every answer can be given in the pages, without script: a film that is typed
// in section by section is the film that was meant.
func TestAWholeFilmIsTypedIn(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, who := c.person("Siavash", "siavash@example.org")
	from, want := c.described(v, who, kinds(whole(2, 200)))
	to := c.draftOf(v, "Another")
	for _, part := range append([]string{"screener", "stills"}, sections...) {
		model := v.open(from, part).Values
		for list, field := range rowsByTheir {
			for i := range 2 {
				if name := list + "." + strconv.Itoa(i) + "."; model.Has(name + field) {
					addRow(v, to, part, list, name, field, model)
				}
			}
		}
		form := v.open(to, part)
		for name, values := range model {
			if !strings.HasPrefix(name, "_") && name != "mark" && !strings.HasSuffix(name, ".id") {
				form.Set(name, values...)
			}
		}
		v.send(form, 200)
		if v.Page.Has(`[name="credits.0.first"]`) { // the boxes of directors are there once the roles are known
			form = v.open(to, part)
			for name, values := range model {
				if strings.HasSuffix(name, ".first") {
					form.Set(name, values...)
				}
			}
			v.send(form, 200)
		}
	}
	for _, texts := range want.Texts {
		page := v.workOf(from) + "/form/texts?in=" + texts.Language
		v.get(page, 200)
		model := v.form(page).Values
		page = v.workOf(to) + "/form/texts?in=" + texts.Language
		form := v.get(page, 200).form(page)
		for _, name := range []string{"logline", "synopsisShort", "synopsis", "statement", "biography"} {
			form.Set(name, model.Get(name))
		}
		v.send(form, 200)
	}
	if d := cmp.Diff(want, c.work(v, to).Film, cmpopts.IgnoreFields(entry.Credit{}, "ID")); d != "" {
		t.Error(d)
	}
}

// rowsByTheir are the lists of the form, and a field of a row that has to be
// given for the row to be one.
var rowsByTheir = map[string]string{"titles": "text", "subtitles": "language", "credits": "name", "companies": "name", "countries": "name",
	"screenings": "event", "awards": "name", "links": "url"}

// addRow adds a row by its button, where the form has none for it yet, and
// says in it as much as makes it one.
func addRow(v *visitor, code, part, list, row, field string, model url.Values) {
	v.t.Helper()
	v.open(code, part)
	if !v.Page.Has(`[name="` + row + field + `"]`) {
		v.send(v.again(code, part).Press("add:"+list), 200)
	}
	form := v.again(code, part).Set(row+field, model.Get(row+field))
	if model.Has(row + "role") {
		form.Set(row+"role", model.Get(row+"role"))
	}
	v.send(form, 200)
}

// wire is how many bytes a page is on the line.
func (v *visitor) wire(path string) int {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodGet, v.h.URL+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	res, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Encoding") != "gzip" {
		v.t.Fatalf("%s: %d, %s, %v", path, res.StatusCode, res.Header.Get("Content-Encoding"), err)
	}
	if z, err := gzip.NewReader(strings.NewReader(string(body))); err != nil {
		v.t.Fatal(err)
	} else if _, err := io.Copy(io.Discard, z); err != nil {
		v.t.Fatal(err)
	}
	return len(body)
}

func TestEverySectionIsLight(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, who := c.person("Siavash", "siavash@example.org")
	code, film := c.described(v, who, kinds(whole(entry.MaxCredits, 3000)))
	paths := []string{v.workOf(code) + "/files"}
	for _, part := range sections {
		paths = append(paths, v.workOf(code)+"/form/"+part)
	}
	for _, texts := range film.Texts {
		paths = append(paths, v.workOf(code)+"/form/texts?in="+texts.Language)
	}
	for _, path := range paths {
		n := v.wire(path)
		if t.Logf("%s: %d bytes", path[strings.LastIndex(path, "/")+1:], n); n > 15_000 {
			t.Errorf("%s takes %d bytes on the wire", path, n)
		}
	}
}

func TestAStaleTabOverwritesNothing(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	first := v.open(code, "basics").Set("title", "First window")
	second := v.open(code, "basics").Set("title", "Second window")
	third := v.open(code, "people").Set("credits.0.name", "Siavash")
	v.send(first, 200)
	v.send(second, 409).says("Both texts are shown here").says("First window")
	if got := v.again(code, "basics").Values.Get("title"); got != "Second window" {
		t.Errorf("typed text is lost: %q", got)
	}
	if got := c.work(v, code).Film.Title; got != "First window" {
		t.Errorf("overwritten with %q", got)
	}
	again := v.again(code, "basics")
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
		v.get(v.workOf(code)+"/files", 200)
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
	page := v.workOf(code) + "/files"
	v.get(page, 200)
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
	v.get(page, 200)
	v.post(page, withProof(v, "up", second), 200)
	if d := cmp.Diff([]string{before[1], before[0]}, images()); d != "" {
		t.Error(d)
	}
	v.post(page, withProof(v, "remove", second), 200)
	if d := cmp.Diff([]string{before[0]}, images()); d != "" {
		t.Error(d)
	}
	other, _ := c.person("Noor", "noor@example.org")
	other.get(before[0], 404)
	other.get(page, 404)
}

func TestAnUploadSentTwiceIsOneFile(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	v.get(v.workOf(code)+"/files", 200)
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

func TestWhatWasTypedSurvivesSigningOut(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, id := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	film := v.open(code, "basics").Set("title", "Typed after the session had ended").Set("minutes", "20").Set("form", "documentary")
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from sessions where account_id = @id`, pg.Args{"id": id})
		return err
	})
	v.send(film, 403).says("Sign in")
	v.send(v.form("/sign-in").Set("email", "siavash@example.org").Set("password", password), 200).says("Typed after the session had ended")
	v.send(v.again(code, "basics"), 200)
	if f := c.work(v, code).Film; f.Title != "Typed after the session had ended" || f.Runtime != 1200 {
		t.Errorf("after signing in again the film is %q, %d s", f.Title, f.Runtime)
	}
}

func TestWhoMayOnlyLookCannotSave(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	reader, id := c.person("Noor", "noor@example.org")
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into collaborators (work_id, account_id, level)
			select id, @reader, 'view'
			from works`,
			pg.Args{"reader": id})
		return err
	})
	form := reader.open(code, "basics").Set("title", "Not mine to write")
	reader.says("You may read this work, and not change it.")
	reader.send(form, 403)
	if got := c.work(v, code).Film.Title; got == "Not mine to write" {
		t.Error("it was saved")
	}
}
