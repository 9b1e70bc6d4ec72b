package site_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/site"
)

// coded are the fields of a film whose answers are words of a list, not the
// makers' own: no canary can live there.
var coded = regexp.MustCompile(`(?i)(language|languageOriginal|country|countries|territory|languages|date|completed|premiere|script|used|year|consent|shares|form|kind|how|role|as|id)$`)

// aviary fills every text of a film that its makers write with a canary of its
// own, and tells which stands where.
func aviary(f *entry.Film) map[string]string {
	canaries := map[string]string{}
	var fill func(v reflect.Value, path string)
	fill = func(v reflect.Value, path string) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
				fill(v.Field(i), strings.TrimPrefix(path+"."+name, "."))
			}
		case reflect.Slice:
			if v.Len() == 0 && !coded.MatchString(path) {
				v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			}
			for i := range v.Len() {
				fill(v.Index(i), path)
			}
		case reflect.String:
			if v.Type() != reflect.TypeFor[string]() || coded.MatchString(path) {
				return
			}
			canary := fmt.Sprintf("qx%dzkanar", len(canaries)+100)
			canaries[path] = canary
			if strings.HasSuffix(path, "url") || path == "website" || path == "trailer" || path == "screenerLink" {
				canary = "https://" + canary + ".example/"
			}
			v.SetString(canary)
		}
	}
	fill(reflect.ValueOf(f).Elem(), "")
	return canaries
}

// blindFields are what the rules of a blind round let a juror know in the
// makers' own words; the list is kept apart from the one in the database.
var blindFields = []string{
	"title", "titleOriginal", "transliteration", "titles.text", "titles.transliteration",
	"logline", "synopsisShort", "synopsis", "texts.logline", "texts.synopsisShort", "texts.synopsis",
	"tags", "aspectRatio", "frameRate", "sound", "colour", "shootingFormat", "exhibition", "warnings", "ai.tool", "ai.tools",
	"screenerLink", "screenerPassword",
}

// A kennel is a scene in which everything about the makers is a canary.
type kennel struct {
	*scene
	canaries map[string]string
}

func newKennel(t *testing.T) kennel {
	t.Helper()
	k := kennel{scene: newScene(t)}
	film := entry.Film{Runtime: 1200, Countries: []string{"IR"}, CountriesFilming: []string{"TJ"}, HideFilming: true, Languages: []string{"fa"},
		Credits: []entry.Credit{{Role: entry.Director}, {Role: entry.Writer}}, Texts: []entry.Texts{{Language: "fa"}}, Form: entry.Documentary, Completed: "2026"}
	k.canaries = aviary(&film)
	for _, field := range []string{"title", "synopsis", "statement", "biography", "credits.name", "companies.name", "screenings.city", "awards.name", "links.url", "budget", "stillsBy", "texts.biography"} {
		if k.canaries[field] == "" {
			t.Fatalf("no canary lives in %s: %v", field, k.canaries)
		}
	}
	text, err := json.Marshal(film)
	if err != nil {
		t.Fatal(err)
	}
	k.do(func(ctx context.Context, tx pgx.Tx) error {
		for _, sql := range []string{
			`update works set film = $1 where id = (select work_id from entries where code = $2)`,
			`update entries set film = $1 where code = $2`,
		} {
			if _, err := tx.Exec(ctx, sql, text, k.entryCode); err != nil {
				return err
			}
		}
		return nil
	})
	k.plant("account.name", `update accounts set name = $1 where id = $2`, k.who["maker"])
	k.plant("account.email", `update accounts set email = $1 || '@example.org' where id = $2`, k.who["maker"])
	k.plant("thread", `insert into messages (code, entry_id, side, author_id, body) select 'canary', id, 'makers', $2, $1 from entries where code = $3`, k.who["maker"], k.entryCode)
	k.plant("entry.contact", `update entries set contact = jsonb_build_object('name', $1::text) where code = $2`, k.entryCode)
	return k
}

// plant puts a canary into a place besides the film.
func (k kennel) plant(place, sql string, args ...any) {
	k.t.Helper()
	k.canaries[place] = fmt.Sprintf("qx%dzkanar", len(k.canaries)+100)
	k.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql, append([]any{k.canaries[place]}, args...)...)
		return err
	})
}

var links = regexp.MustCompile(`(?:href|src|poster|content)="(/[^"#]*|http[^"#]*)`)

// A reading is the answer at an address.
type reading struct {
	status int
	text   string // address, headers and body
	from   string // the page that leads there; empty: none, it was tried
}

// crawl reads every page that a role can open: those that the site has at all,
// with the scene's names in them, and all that they lead to.
func (k kennel) crawl(role string) map[string]reading {
	k.t.Helper()
	v := k.visitor()
	if id := k.who[role]; id != 0 {
		v.signInAs(id)
	}
	type step struct{ path, from string }
	var queue []step
	for _, r := range site.Routes() {
		if r[0] == "GET" && !leaves(r[1]) && k.names(r[1]) {
			queue = append(queue, step{path: k.path(r[1])})
		}
	}
	read, views := map[string]reading{}, map[string]int{}
	for len(queue) > 0 {
		path, from := queue[0].path, queue[0].from
		queue = queue[1:]
		page, _, _ := strings.Cut(path, "?")
		if r, seen := read[path]; seen && r.from == "" {
			r.from = from
			read[path] = r
		}
		if _, seen := read[path]; seen || leaves(path) || strings.HasPrefix(path, "/static/") || views[page] >= 3 {
			continue
		}
		views[page]++
		res, err := v.client.Get(k.URL + path)
		if err != nil {
			k.t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			k.t.Fatal(err)
		}
		read[path] = reading{res.StatusCode, fmt.Sprint(res.Request.URL, res.Header, string(body)), from}
		for _, m := range links.FindAllStringSubmatch(string(body), -1) {
			if u, err := url.Parse(strings.ReplaceAll(m[1], "&amp;", "&")); err == nil && (u.Host == "" || k.URL == u.Scheme+"://"+u.Host) {
				queue = append(queue, step{u.RequestURI(), path})
			}
		}
	}
	return read
}

// names says whether the scene has all that a route's path names; what it has
// not is found by the links that lead there.
func (k kennel) names(pattern string) bool {
	for _, m := range inPath.FindAllStringSubmatch(pattern, -1) {
		if k.things[m[1]] == "" {
			return false
		}
	}
	return true
}

// leaves says whether an address signs the reader out.
func leaves(path string) bool {
	return path == "/leave" || strings.HasPrefix(path, "/sign-out")
}

// seen lists the canaries that were read, and where first.
func (k kennel) seen(read map[string]reading) map[string]string {
	found := map[string]string{}
	for path, r := range read {
		for place, canary := range k.canaries {
			if first, known := found[place]; strings.Contains(r.text, canary) && (!known || path < first) {
				found[place] = path
			}
		}
	}
	return found
}

// TestNobodyReadsWhatIsHidden: whatever makers write stays where it may be
// read. A blind juror reads the film and nothing of who made it; everybody else
// without a part in it reads nothing.
func TestNobodyReadsWhatIsHidden(t *testing.T) {
	t.Parallel()
	k := newKennel(t)
	k.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update rounds set blind = true`)
		return err
	})
	read := 0
	for _, role := range []string{"nobody", "stranger", "elsewhere", "other-juror", "recused", "juror", "maker"} {
		pages := k.crawl(role)
		read += len(pages)
		found := k.seen(pages)
		switch role {
		case "maker":
			if len(found) < len(k.canaries)-8 {
				t.Errorf("the makers themselves read only %d of %d canaries: this test looks at the wrong pages", len(found), len(k.canaries))
			}
		case "recused":
			delete(found, "title") // who was kept apart by their own word had read it before
			fallthrough
		default:
			for place, path := range found {
				t.Errorf("%s reads %s at %s", role, place, path)
			}
		case "juror":
			if found["title"] == "" || found["synopsis"] == "" {
				t.Errorf("the juror does not read the film: this test looks at the wrong pages")
			}
			for place, path := range found {
				if !slices.Contains(blindFields, place) {
					t.Errorf("a blind juror reads %s at %s", place, path)
				}
			}
		}
	}
	t.Logf("%d canaries, %d pages read", len(k.canaries), read)
}

// What a page loads besides pictures and fonts, and of that what sends a film or
// shows one.
var (
	loaded  = regexp.MustCompile(`<link rel="stylesheet"|<script [^>]*src=`)
	forFilm = regexp.MustCompile(`<script [^>]*src="/static/js/(?:player|upload)\.`)
)

// TestEveryLinkLeadsSomewhere: what a page offers is there, and a page makes
// three requests at most: itself, the styles and one script. Only where a film is
// sent or shown there is a script for that as well.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()
	k := newKennel(t)
	links := 0
	for _, role := range []string{"nobody", "juror", "maker", "organizer"} {
		for path, r := range k.crawl(role) {
			if r.from != "" {
				links++
			}
			if n := len(loaded.FindAllString(r.text, -1)) - len(forFilm.FindAllString(r.text, -1)); n > 2 {
				t.Errorf("%s: %s loads %d styles and scripts besides those for its film", role, path, n)
			}
			if r.status >= 500 || r.status == 404 && r.from != "" && !strings.HasPrefix(path, "/files/") {
				t.Errorf("%s: %s leads to %s, which answers %d", role, r.from, path, r.status)
			}
		}
	}
	if links < 100 {
		t.Errorf("only %d links: this test looks at the wrong pages", links)
	}
}
