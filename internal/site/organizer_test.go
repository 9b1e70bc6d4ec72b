package site_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/site"
)

// anOrganizer is signed in and runs an edition without categories.
func anOrganizer(t *testing.T) (*house, *visitor) {
	t.Helper()
	h := open(t)
	v, id := h.person("Darya", "darya@example.org")
	h.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update accounts set admin = true where id = $1`, id)
		return err
	})
	makeEdition(v)
	return h, v
}

const desk = "/organize/farsang/2027"

func TestFestivalFormSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, v := anOrganizer(t)
	for _, c := range []struct{ name, slug, want string }{
		{"Farsang", "farsang", "Another festival has this address"},
		{"Farsang", "sign-in", "Laurel uses this address itself"},
		{"Farsang", "Two Words", "small Latin letters"},
		{"", "other", "up to 120 letters"},
		{strings.Repeat("x", 121), "other", "up to 120 letters"},
	} {
		status := 422
		if strings.HasPrefix(c.want, "Another") {
			status = 409
		}
		v.get("/organize/new", 200)
		v.send(v.form("/organize/new").Set("name", c.name).Set("slug", c.slug), status).says(c.want)
		if got := v.form("/organize/new").Values.Get("name"); got != c.name {
			t.Errorf("%s: the name typed is lost: %q", c.want, got)
		}
	}
}

func TestEditionFormSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, v := anOrganizer(t)
	v.get("/organize/farsang/new", 200)
	form := v.form("/organize/farsang/new").Set("name", "10th").Set("slug", "2028").Set("prefix", "F10").Set("city", "Mahabar").
		Set("zone", "Mars/Olympus").Set("starts_on", "soon").Set("ends_on", "2028-02-20")
	v.send(form, 422).says("Choose a time zone of the list").says("Write a day, such as")
	v.send(v.form("/organize/farsang/new").Set("zone", "Asia/Tehran").Set("starts_on", "2028-02-27"), 422).says("The last day lies before the first")
	v.send(v.form("/organize/farsang/new").Set("starts_on", "۲۰۲۸-۰۲-۱۰"), 200).says("10th")
}

func TestCategoryWithRulesAndLadder(t *testing.T) {
	t.Parallel()
	_, v := anOrganizer(t)
	v.get(desk+"/categories/new", 200)
	form := v.form(desk+"/categories/new").Set("name", "Documentary").Set("slug", "documentary").Set("runtime_max", "۳۰").
		Set("completed_after", "2024-12-21").Set("countries", "Iran, Atlantis").Set("subtitles", "English").Set("first_film", "1").
		Set("rung", "Early").Set("closes_at", "tomorrow").Set("fee", "-4")
	v.send(form, 422).says("Laurel does not know “Atlantis”").says("Write a day and an hour")
	if got := v.form(desk + "/categories/new").Values.Get("countries"); got != "Iran, Atlantis" {
		t.Errorf("the countries typed are lost: %q", got)
	}
	v.send(v.form(desk+"/categories/new").Set("countries", "Iran, Türkiye").Set("closes_at", "2026-12-15T23:59").Set("fee", "18").Press("Add a deadline"), 200)
	form = v.form(desk + "/categories/new")
	form.Values["rung"] = []string{"Early", "Late"}
	form.Values["closes_at"] = []string{"2026-12-15T23:59", "2027-01-20T23:59"}
	form.Values["fee"] = []string{"18", "25.50"}
	v.send(form, 200).says("30 minutes or less").says("Iran or Türkiye").says("Wed 20 January 2027, 23:59 in Mahabar")
	v.get(desk+"/categories/documentary", 200)
	got := v.form(desk + "/categories/documentary").Values
	if want := []string{"2026-12-15T23:59", "2027-01-20T23:59"}; fmt.Sprint(got["closes_at"]) != fmt.Sprint(want) || got.Get("runtime_max") != "30" || got["fee"][1] != "25.50" {
		t.Errorf("the form came back as %v", got)
	}
}

func TestCallOpensWhenItCan(t *testing.T) {
	t.Parallel()
	h, v := anOrganizer(t)
	h.visitor().get("/farsang/2027", 404)
	v.get(desk, 200).says("Add a category first")
	v.get(desk+"/categories/new", 200)
	v.send(v.form(desk+"/categories/new").Set("name", "Short").Set("slug", "short").Set("rung", "Late").
		Set("closes_at", time.Now().AddDate(0, 1, 0).Format("2006-01-02T15:04")), 200)
	v.get("/farsang/2027", 200).says("It is a preview")
	v.get(desk, 200)
	v.send(v.form(desk+"/opening"), 200).says("The call is open")
	h.visitor().get("/farsang/2027", 200).says("Short")
}

func TestEntriesListFindsInAnyScript(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	st := jurytest.New(t, pool, 0, 0)
	st.Film("دفترِ نمك", 0)
	st.Film("Onze mètres", 0)
	st.Film("100 % Salz_Luft", 0)
	own := st.Film("Mine", st.Organizer)
	v := openOn(t, pool).visitor()
	v.signInAs(st.Organizer)
	list := "/organize/" + st.Slug + "/9/entries"
	for query, want := range map[string]string{
		"دفتر نمک": "دفترِ نمك", "ONZE metres": "Onze mètres", "%": "100 % Salz_Luft", "salz_": "100 % Salz_Luft", "F9-0002": "Onze mètres", "canary metres": "Onze mètres",
	} {
		v.get(list+"?q="+strings.ReplaceAll(strings.ReplaceAll(query, "%", "%25"), " ", "+"), 200)
		if got := v.Page.Texts("tbody .title"); len(got) != 1 || got[0] != want {
			t.Errorf("%q found %q, want %q", query, got, want)
		}
	}
	v.get(list+"?q=nothing", 200).says("No entry fits")
	v.get(list, 200)
	if got := v.Page.Texts("tbody .title"); len(got) != 3 {
		t.Errorf("the list shows %q; a film that the organizer made is not theirs to see", got)
	}
	var code string
	if err := pool.QueryRow(t.Context(), `select code from entries where id = $1`, own).Scan(&code); err != nil {
		t.Fatal(err)
	}
	v.get(list+"/"+code, 404)
}

func TestEntriesListAsksEquallyOften(t *testing.T) {
	t.Parallel()
	pool, count := pgtest.Counted(t)
	st := jurytest.New(t, pool, 0, 1)
	v := openOn(t, pool).visitor()
	v.signInAs(st.Organizer)
	pages := []string{"/entries", "", "/categories", "/juries", "/results", "/letters", "/line-up", "/awards", "/team"}
	asked := map[string]int64{}
	for round := range 2 {
		for _, page := range pages {
			v.get("/organize/"+st.Slug+"/9"+page, 200)
			count.Take()
			v.get("/organize/"+st.Slug+"/9"+page, 200)
			n := count.Take()
			if round == 1 && n != asked[page] {
				t.Errorf("%s asks %d times for one film and %d times for three", page, asked[page], n)
			}
			asked[page] = n
		}
		st.Film(fmt.Sprintf("Second of %d", round), 0)
		st.Film(fmt.Sprintf("Third of %d", round), 0)
	}
}

func TestEntryStatusNeedsAReason(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	st := jurytest.New(t, pool, 0, 1)
	v := openOn(t, pool).visitor()
	v.signInAs(st.Organizer)
	v.get("/organize/"+st.Slug+"/9/entries", 200)
	v.get(v.Page.First("tbody a.title").Attr("href"), 200).says("Ada Canary")
	action, err := url.PathUnescape(v.Path + "/state")
	if err != nil {
		t.Fatal(err)
	}
	v.send(v.form(action), 422).says("Choose what the entry becomes")
	v.send(v.form(action).Set("state", "ineligible"), 422).says("Say why")
	v.send(v.form(action).Set("state", "ineligible").Set("reason", "<b>34 min</b>"), 200).says("<b>34 min</b>")
}

func TestFactsSayDatesInWords(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	st := jurytest.New(t, pool, 1, 1)
	if _, err := pool.Exec(t.Context(), `update entries set film = film || '{"completed": "2026-02", "screenings": [{"event": "Sample Days", "date": "2026-03-14"}]}'`); err != nil {
		t.Fatal(err)
	}
	h := openOn(t, pool)
	organizer, juror := h.visitor(), h.visitor()
	organizer.signInAs(st.Organizer)
	organizer.get("/organize/"+st.Slug+"/9/entries", 200)
	organizer.get(organizer.Page.First("tbody a.title").Attr("href"), 200).says("February 2026").says("14 March 2026")
	juror.signInAs(st.Jurors[0])
	juror.get("/jury/"+st.Give(st.Jurors[0], st.Films[0])[0], 200).says("February 2026").says("14 March 2026")
}

func TestImportThroughThePages(t *testing.T) {
	t.Parallel()
	_, v := anOrganizer(t)
	v.get(desk+"/categories/new", 200)
	v.send(v.form(desk+"/categories/new").Set("name", "Documentary").Set("slug", "documentary").Set("rung", "Late").Set("closes_at", "2027-01-20T23:59"), 200)
	export, err := os.ReadFile("../intake/testdata/filmfreeway-export-500.csv")
	if err != nil {
		t.Fatal(err)
	}
	upload := func(kind, name string, content []byte, want int) *visitor {
		v.get(desk+"/import", 200)
		for _, f := range v.Page.All("main form") {
			if strings.HasSuffix(f.Attr("action"), "kind="+kind) {
				return v.uploadTo(f.Attr("action"), name, content, want)
			}
		}
		t.Fatalf("no form for %s", kind)
		return nil
	}
	upload("filmfreeway", "export.csv", nil, 422)
	upload("filmfreeway", "export.csv", []byte("a,b\n1,2\n"), 422)
	upload("filmfreeway", "export.csv", export, 200).says("Nothing has come in yet")
	if rows := v.Page.Texts("#preview tbody td"); len(rows) == 0 || !strings.Contains(rows[0], "–") {
		t.Errorf("the rows of one problem do not stand on one line: %.200q", rows)
	}
	page, _, _ := strings.Cut(v.Path, "?")
	v.get(desk+"/entries", 200).says("No entries yet")
	v.get(page, 200)
	v.send(v.form(page+"/entries"), 200).says("Imported.")
	v.get(desk+"/entries?q=salt", 200)
	v.get(desk+"/entries", 200)
	first := v.Page.First(".pager").Text()
	upload("filmfreeway", "again.csv", export, 200).says("0 entries would be new")
	upload("csv", "lineup.csv", []byte("section,what it is called\nDocumentary,The Salt Ledger\n"), 200).says("Say which column has the titles")
	page, _, _ = strings.Cut(v.Path, "?")
	form := v.form(page)
	form.Values["field"] = []string{"category", "title"}
	v.send(form, 200).says("1 rows: 1 entries would be new")
	v.send(v.form(page+"/entries"), 200).says("Imported.")
	if v.get(desk+"/entries", 200); v.Page.First(".pager").Text() == first {
		t.Error("the list did not grow")
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.person("Noor", "noor@example.org")
	slow := &house{t: t, DB: h.DB}
	server := httptest.NewServer(site.New(site.Config{DB: h.DB, BaseURL: "http://localhost"}))
	t.Cleanup(server.Close)
	slow.URL = server.URL
	v := slow.visitor()
	for range 10 {
		v.get("/sign-in", 200)
		v.send(v.form("/sign-in").Set("email", "noor@example.org").Set("password", "a wrong password"), 422)
	}
	v.get("/sign-in", 200)
	v.send(v.form("/sign-in").Set("email", "noor@example.org").Set("password", password), 403).says("Wait ten minutes")
}

func TestLogNamesNobody(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	h := &house{t: t, DB: pool}
	server := httptest.NewServer(site.New(site.Config{
		DB: pool, Store: store, BaseURL: "http://localhost", NoLimits: true, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}))
	h.URL = server.URL
	v := h.visitor().signUp("Canary Name", "canary@example.org")
	other := h.visitor().get("/sign-up", 200)
	other.send(other.form("/sign-up").Set("email", "canary@example.org"), 200)
	other.get("/sign-up", 200)
	other.send(other.form("/sign-up").Set("email", "canary@"), 422)
	v.get("/my/entries?title=canary-title", 200)
	v.get("/canary-path", 404)
	server.Close()
	for _, secret := range []string{"anary", "example.org", "127.0.0.1", "::1"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, log.String())
		}
	}
	if !strings.Contains(log.String(), "route=/my/entries") {
		t.Errorf("the log does not tell the route:\n%s", log.String())
	}
}

// Two organizers who remove each other at the same moment do not leave the
// festival without one.
func TestOneOrganizerAlwaysStays(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	s := jurytest.New(t, pool, 0, 0)
	other := s.Account("Sam Other", s.Email("sam"))
	festivalID, err := pg.Value[int64](t.Context(), pool, `
		insert into memberships (account_id, festival_id, role)
		select @other, festival_id, 'organizer'
		from editions
		where id = @edition
		returning festival_id`, pg.Args{"other": other, "edition": s.Edition})
	if err != nil {
		t.Fatal(err)
	}
	members, err := account.Members(t.Context(), pool, festivalID)
	if err != nil || len(members) != 2 {
		t.Fatalf("%v, %v", members, err)
	}
	codeOf := func(id account.ID) string {
		a, err := account.ByID(t.Context(), pool, id)
		if err != nil {
			t.Fatal(err)
		}
		return a.Code
	}
	one, two := codeOf(s.Organizer), codeOf(other)
	first, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := account.RemoveMember(t.Context(), first, s.Organizer, festivalID, two); err != nil {
		t.Fatal(err)
	}
	second := make(chan error)
	go func() {
		second <- pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
			return account.RemoveMember(t.Context(), tx, other, festivalID, one)
		})
	}()
	if err := first.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-second
	if members, err = account.Members(t.Context(), pool, festivalID); err != nil || len(members) != 1 {
		t.Errorf("left: %v, %v", members, err)
	}
}
