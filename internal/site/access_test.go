package site_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jurytest"
	"laurel/internal/pgtest"
	"laurel/internal/site"
)

var update = flag.Bool("update", false, "write testdata/access.txt anew")

// accessRoles are the columns of testdata/access.txt. All but the first are
// signed in; the last two may do most, so that what they change comes last.
var accessRoles = []string{"nobody", "stranger", "elsewhere", "other-juror", "recused", "juror", "maker", "organizer"}

// A scene is a festival with somebody in each role and the names of its things.
type scene struct {
	*house
	entryCode string
	who       map[string]account.ID
	things    map[string]string // by the name in a route's path
}

func newScene(t *testing.T) *scene {
	pool := pgtest.Pool(t)
	st := jurytest.New(t, pool, 2, 0)
	s := &scene{house: openOn(t, pool), who: map[string]account.ID{"juror": st.Jurors[0], "recused": st.Jurors[1], "organizer": st.Organizer}}
	s.who["stranger"] = st.Account("Sasha", st.Email("sasha"))
	s.who["maker"] = st.Account("Mana", st.Email("mana"))
	film := st.Film("Ours", s.who["maker"])
	st.Film("Second", 0)
	given := st.Give(s.who["juror"], film)
	st.Give(s.who["recused"], film)
	other := jurytest.New(t, pool, 1, 1)
	other.Give(other.Jurors[0], other.Films[0])
	s.who["elsewhere"], s.who["other-juror"] = other.Organizer, other.Jurors[0]
	s.fill(st, film, given[0])
	return s
}

// fill adds one of everything that a path can name.
func (s *scene) fill(st *jurytest.Stage, film entry.ID, assignment string) {
	s.t.Helper()
	file, letter, award := strings.Repeat("f", 26), strings.Repeat("l", 26), strings.Repeat("w", 26)
	s.things = map[string]string{
		"festival": st.Slug, "edition": "9", "category": "shorts", "panel": st.PanelCode, "round": st.RoundCode, "film": "ours",
		"assignment": assignment, "file": file, "size": "w480", "letter": letter, "award": award, "token": strings.Repeat("t", 26),
		"import": strings.Repeat("i", 26), "role": "still", "part": "basics", "seat": st.Email("juror1"),
		"ballot": strings.Repeat("b", 26), "question": strings.Repeat("q", 26), "passkey": strings.Repeat("p", 26), "feecode": strings.Repeat("c", 26), "fault": strings.Repeat("x", 26), "number": "1", "upload": strings.Repeat("u", 26), "link": strings.Repeat("n", 26), "key": strings.Repeat("k", 26), "code": strings.Repeat("e", 26), "fingerprint": strings.Repeat("g", 26),
	}
	s.do(func(ctx context.Context, tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, `select code from entries where id = $1`, film).Scan(&s.entryCode); err != nil {
			return err
		}
		for _, sql := range []string{
			`update assignments set state = 'recused' where account_id = ` + fmt.Sprint(s.who["recused"]),
			`insert into conflicts (account_id, entry_id, reason, actor_id) select account_id, entry_id, 'knows', account_id from assignments where state = 'recused'`,
			`insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key) select '` + file + `', w.owner_id, 'still', 'ready', 'image/jpeg', 1, '', 'none' from works w where w.owner_id is not null`,
			`insert into entry_files (entry_id, file_id, role, position) select e.id, f.id, 'still', 1 from entries e, files f where e.code = '` + s.entryCode + `'`,
			`insert into letters (code, kind, edition_id, email, locale, event_key, args, state) select '` + letter + `', 'entry-received', edition_id, 'mana@example.org', 'en', 'x', '{"festival": "Farsang"}', 'sent' from entries where code = '` + s.entryCode + `'`,
			`insert into deliberations (code, edition_id, panel_id, name, publish, quorum, seed, commitment, rules, opens_at, closes_at, called_at) select '` + s.things["ballot"] + `', edition_id, id, 'Grand prize', true, 50, 's', 'c', '{}', now() - interval '1 hour', now() + interval '1 hour', now() from panels where code = '` + st.PanelCode + `'`,
			`insert into finalists (deliberation_id, entry_id, position) select d.id, e.id, row_number() over (order by e.id) from deliberations d join entries e on e.edition_id = d.edition_id`,
			`insert into questions (code, category_id, position, kind, label) select '` + s.things["question"] + `', category_id, 1, 'text', 'Why?' from entries where code = '` + s.entryCode + `'`,
			`insert into fee_codes (code, edition_id, word, percent) select '` + s.things["feecode"] + `', edition_id, 'HALF', 50 from entries where code = '` + s.entryCode + `'`,
			`insert into faults (code, entry_id, source, reason, side) select '` + s.things["fault"] + `', id, '` + file + `', 'sound', 'juror' from entries where code = '` + s.entryCode + `'`,
			`insert into uploads (code, work_id, role, size, part, created_by) select '` + s.things["upload"] + `', id, 'screener', 10, 'part', owner_id from works where code = '` + s.entryCode + `'`,
			`insert into upload_keys (upload_id, hash, kind) select id, sha256('` + s.things["key"] + `'), 'own' from uploads`,
			`insert into fingerprints (code, edition_id, figures, noted_at) select '` + s.things["fingerprint"] + `', edition_id, repeat('0', 32), now() from entries where code = '` + s.entryCode + `'`,
			`insert into awards (code, edition_id, position, name) select '` + award + `', edition_id, 1, 'Grand prize' from entries where code = '` + s.entryCode + `'`,
		} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		return nil
	})
	s.things["entry"], s.things["work"] = s.entryCode, s.entryCode // the work of a test's entry has its code
}

// in is the scene for a part of the test.
func (s *scene) in(t *testing.T) *scene {
	part, h := *s, *s.house
	h.t = t
	part.house = &h
	return &part
}

var inPath = regexp.MustCompile(`\{([a-z]+)\}`)

// path puts the scene's things into a route's path.
func (s *scene) path(pattern string) string {
	return inPath.ReplaceAllStringFunc(pattern, func(m string) string {
		thing, ok := s.things[m[1:len(m)-1]]
		if !ok {
			s.t.Fatalf("the scene has no %s for %s", m, pattern)
		}
		return url.PathEscape(thing)
	})
}

// status is what a role is answered at a route: a form is sent empty, but
// whole, so that the act itself is tried.
func (s *scene) status(role, method, path string) int {
	s.t.Helper()
	v := s.visitor()
	proof := "/sign-in"
	if id := s.who[role]; id != 0 {
		v.signInAs(id)
		proof = "/account"
	}
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	body := strings.NewReader("")
	if method == "POST" {
		v.get(proof, 200)
		token := v.Page.First(`input[name="_token"]`).Attr("value")
		body = strings.NewReader(url.Values{"_token": {token}, "_key": {account.Code()}}.Encode())
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	if method == "POST" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := v.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// TestAccess holds every route against testdata/access.txt, which is the
// documentation of who may do what. Write it anew with -update, and read the
// difference.
func TestAccess(t *testing.T) {
	t.Parallel()
	var lines []string
	var mu sync.Mutex
	t.Run("routes", func(t *testing.T) {
		reading := newScene(t) // one for all pages: to read changes nothing that another page shows
		for _, r := range site.Routes() {
			t.Run(r[0]+" "+r[1], func(t *testing.T) {
				t.Parallel()
				s := reading.in(t)
				if r[0] != "GET" {
					s = newScene(t)
				}
				var line strings.Builder
				line.WriteString(fmt.Sprintf("%-4s %-64s %-10s", r[0], r[1], r[2]))
				for _, role := range accessRoles {
					line.WriteString(fmt.Sprintf(" %11d", s.status(role, r[0], s.path(r[1]))))
				}
				mu.Lock()
				defer mu.Unlock()
				lines = append(lines, line.String())
			})
		}
	})
	slices.SortFunc(lines, func(a, b string) int {
		return cmp.Or(strings.Compare(strings.Fields(a)[1], strings.Fields(b)[1]), strings.Compare(a, b))
	})
	got := fmt.Sprintf("%-4s %-64s %-10s", "", "", "") + fmt.Sprintf(strings.Repeat(" %11s", len(accessRoles)), toAny(accessRoles)...) + "\n" + strings.Join(lines, "\n") + "\n"
	const name = "testdata/access.txt"
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("access has changed; run with -update and read the difference:\n%s", difference(string(want), got))
	}
}

func toAny(words []string) []any {
	list := make([]any, len(words))
	for i, w := range words {
		list[i] = w
	}
	return list
}

// difference lists the lines that only one of two texts has.
func difference(want, got string) string {
	var b strings.Builder
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for _, line := range w {
		if !slices.Contains(g, line) {
			b.WriteString("- " + line + "\n")
		}
	}
	for _, line := range g {
		if !slices.Contains(w, line) {
			b.WriteString("+ " + line + "\n")
		}
	}
	return b.String()
}

// TestForbiddenLooksLikeUnknown: what somebody may not know answers as what
// does not exist, to the byte.
func TestForbiddenLooksLikeUnknown(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for _, r := range site.Routes() {
		if r[0] != "GET" || !strings.Contains(r[1], "{") {
			continue
		}
		path := s.path(r[1])
		v := s.visitor()
		v.signInAs(s.who["stranger"])
		res, err := v.client.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != http.StatusNotFound {
			res.Body.Close()
			continue
		}
		v.read(res, 404)
		forbidden := v.Page.First("main").HTML()
		v.get("/"+strings.Repeat("x", 20)+"/unknown/thing/nowhere", 404)
		if got := v.Page.First("main").HTML(); got != forbidden {
			t.Errorf("%s tells that there is something:\n%s\n%s", path, forbidden, got)
		}
	}
}
