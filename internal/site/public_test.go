package site_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/seed"
)

// build runs f in a transaction that commits.
func (h *house) build(f func(tx pgx.Tx)) {
	h.t.Helper()
	h.do(func(_ context.Context, tx pgx.Tx) error {
		f(tx)
		return nil
	})
}

// past makes the line-up and the awards of an edition public.
func past(e *festival.Edition) {
	e.LineupAt, e.AwardsAt = new(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)), new(time.Date(2026, 5, 19, 0, 0, 0, 0, time.UTC))
}

// withCanaries is a film in which everything that can be told carries a mark.
func withCanaries(mark string) func(*seed.E) {
	return func(e *seed.E) {
		e.Outcome, e.Slug = "selected", mark
		e.Film = entry.Film{
			Title: mark + "-title", TitleOriginal: mark + "-original", LanguageOriginal: "fr", Logline: mark + "-logline", Synopsis: mark + "-synopsis",
			Statement: mark + "-statement", Biography: mark + "-biography", Runtime: 600, Completed: "2026-03", Form: entry.Fiction, Countries: []string{"KI"},
			CountriesFilming: []string{"TV"}, Languages: []string{"fr"}, SubtitleTracks: []entry.SubtitleTrack{{Language: "en"}}, School: mark + "-school", Budget: mark + "-budget",
			Website: "https://" + mark + "-website.example", Trailer: "https://" + mark + "-trailer.example", ScreenerLink: "https://" + mark + "-link.example",
			ScreenerPassword: mark + "-password", StillsBy: mark + "-photographer", Warnings: mark + "-warnings",
			Credits:    []entry.Credit{{Role: entry.Director, Name: mark + "-director", NameLatin: mark + "-latin"}, {Role: entry.Cast, Name: mark + "-cast", Note: mark + "-part"}},
			Screenings: []entry.Screening{{Event: mark + "-event", City: mark + "-city"}}, Awards: []entry.Prize{{Event: mark + "-prize", Name: mark + "-prizename"}},
		}
	}
}

// still gives an entry a picture and returns its code.
func still(t *testing.T, tx pgx.Tx, e entry.Entry) string {
	t.Helper()
	code := account.Code()
	_, err := tx.Exec(t.Context(), `
		with f as (
			insert into files (code, kind, state, media_type, size, sha256, blob_key)
			values (@code, 'still', 'ready', 'image/jpeg', 1, '', @code)
			returning id)
		insert into entry_files (entry_id, file_id, role, position)
		select @entry, id, 'still', 1
		from f`,
		pg.Args{"code": code, "entry": e.ID})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// crawl reads every page that leads from the start without signing in, and
// returns the bodies by path.
func (h *house) crawl(start string) map[string]string {
	h.t.Helper()
	v, read, todo := h.visitor(), map[string]string{}, []string{start}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		if _, seen := read[path]; seen || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/files/") {
			continue
		}
		v.get(path, http.StatusOK)
		read[path] = v.Body
		for _, a := range v.Page.All("a") {
			to, _, _ := strings.Cut(a.Attr("href"), "#")
			todo = append(todo, to)
		}
	}
	return read
}

func TestPublicPagesTellOnlyWhatWasAgreed(t *testing.T) {
	t.Parallel()
	h := open(t)
	stills := map[string]string{}
	h.build(func(tx pgx.Tx) {
		e := seed.Edition(t, tx, past)
		c := seed.Category(t, tx, e)
		add := func(mark string, change func(*seed.E)) entry.Entry {
			one := seed.Entry(t, tx, c, withCanaries(mark), change)
			stills[mark] = still(t, tx, one)
			return one
		}
		add("all", func(*seed.E) {})
		add("bare", func(e *seed.E) { e.Consents, e.Film.Countries = []entry.Item{entry.PublishFilm}, []string{"NR"} })
		secret := add("hushed", func(e *seed.E) { e.Consents = entry.Items[1:] })
		add("pending", func(e *seed.E) { e.Pending = true })
		add("refused", func(e *seed.E) { e.Outcome = "not-selected" })
		add("undecided", func(e *seed.E) { e.Outcome = "" })
		add("withdrawn", func(e *seed.E) { e.State = entry.Withdrawn })
		add("draft", func(e *seed.E) { e.State, e.Outcome = entry.Draft, "" })
		_, err := tx.Exec(t.Context(), `
			insert into awards (code, edition_id, position, name, entry_id, citation)
			values ('a', @edition, 1, 'Golden Farsang', @entry, 'For restraint.')`,
			pg.Args{"edition": e.ID, "entry": secret.ID})
		if err != nil {
			t.Fatal(err)
		}
		other := seed.Edition(t, tx, func(e *festival.Edition) { e.FestivalSlug, e.FestivalName = "harbour", "Harbour" })
		seed.Entry(t, tx, seed.Category(t, tx, other), withCanaries("early"))
	})
	pages := h.crawl("/")
	for path, body := range pages {
		for _, mark := range []string{"hushed", "pending", "refused", "undecided", "withdrawn", "draft", "early"} {
			if strings.Contains(body, mark+"-") {
				t.Errorf("%s tells of the %s film", path, mark)
			}
		}
		for _, kept := range []string{"logline", "synopsis", "director", "latin", "cast", "part", "photographer", "statement", "biography", "school", "budget", "website", "trailer", "link", "password", "event", "city", "prize"} {
			if strings.Contains(body, "bare-"+kept) {
				t.Errorf("%s tells the %s that was withheld", path, kept)
			}
		}
		for _, never := range []string{"school", "budget", "link", "password", "event", "city", "prize"} {
			if strings.Contains(body, "all-"+never) {
				t.Errorf("%s tells the %s, which is for no public page", path, never)
			}
		}
		if strings.Contains(body, stills["bare"]) {
			t.Errorf("%s shows the still that was withheld", path)
		}
	}
	h.tellsWhatWasAgreed(t, pages, stills)
}

// tellsWhatWasAgreed makes sure that something could have leaked.
func (h *house) tellsWhatWasAgreed(t *testing.T, pages map[string]string, stills map[string]string) {
	t.Helper()
	film := pages["/farsang/9/films/all"]
	for _, told := range []string{"title", "original", "logline", "synopsis", "latin", "cast", "photographer", "warnings", "statement", "biography", "website", "trailer"} {
		if !strings.Contains(film, "all-"+told) {
			t.Errorf("the film's page lacks its %s", told)
		}
	}
	if !strings.Contains(film, stills["all"]) || !strings.Contains(film, "Kiribati") {
		t.Error("the film's page lacks its still or its country")
	}
	bare := pages["/farsang/9/films/bare"]
	if !strings.Contains(bare, "bare-title") || strings.Contains(bare, "Nauru") {
		t.Error("the page of the film without consents: want its title and no country")
	}
	if !strings.Contains(pages["/farsang/9/awards"], "at its makers’ request") {
		t.Error("the award of the film that is not named does not say so")
	}
	v := h.visitor()
	for _, mark := range []string{"bare", "hushed", "pending", "refused", "undecided", "withdrawn", "draft"} {
		v.get("/files/"+stills[mark]+"/w960", http.StatusNotFound)
	}
	for _, path := range []string{"/farsang/9/films/secret", "/farsang/9/films/pending", "/farsang/9/films/refused", "/harbour/9/line-up", "/harbour/9/awards", "/harbour/9/films/early"} {
		v.get(path, http.StatusNotFound)
	}
}

func TestConsentTakenBackHoldsAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	var owner account.ID
	var one entry.Entry
	h.build(func(tx pgx.Tx) {
		owner = seed.Account(t, tx, "Ada")
		c := seed.Category(t, tx, seed.Edition(t, tx, past))
		one = seed.Entry(t, tx, c, withCanaries("all"), func(e *seed.E) { e.Owner = owner })
	})
	v := h.visitor().get("/farsang/9/films/all", http.StatusOK).says("all-latin")
	h.do(func(ctx context.Context, tx pgx.Tx) error {
		return agree(ctx, tx, owner, one, func(a entry.Asked) bool { return a.Item == entry.PublishFilm })
	})
	v.get("/farsang/9/films/all", http.StatusOK).says("Names withheld")
	if strings.Contains(v.Body, "all-latin") {
		t.Error("the name is still there")
	}
	h.do(func(ctx context.Context, tx pgx.Tx) error {
		return agree(ctx, tx, owner, one, func(entry.Asked) bool { return false })
	})
	v.get("/farsang/9/films/all", http.StatusNotFound)
}

func TestCallSaysWhereItStands(t *testing.T) {
	t.Parallel()
	h := open(t)
	var e festival.Edition
	h.build(func(tx pgx.Tx) {
		e = seed.Edition(t, tx, func(e *festival.Edition) { e.CallOpenedAt = nil })
		seed.Category(t, tx, e)
	})
	organizer, other := h.visitor(), h.visitor()
	var by account.ID
	if err := h.DB.QueryRow(t.Context(), `select account_id from memberships where festival_id = $1`, e.FestivalID).Scan(&by); err != nil {
		t.Fatal(err)
	}
	organizer.signInAs(by)
	h.build(func(tx pgx.Tx) { by = seed.Account(t, tx, "Somebody") })
	other.signInAs(by)

	anybody := h.visitor().get("/farsang/9", http.StatusNotFound)
	anybody.get("/farsang", http.StatusNotFound)
	anybody.get("/", http.StatusOK).says("No call is open")
	other.get("/farsang/9", http.StatusNotFound)
	organizer.get("/farsang/9", http.StatusOK).says("It is a preview.")
	if organizer.Page.Has(`a[href="/my/entries/new"]`) {
		t.Error("a preview offers to start an entry")
	}

	h.set(t, `update editions set call_opened_at = now() where id = $1`, e.ID)
	if got := anybody.get("/", http.StatusOK).Path; got != "/farsang/9" {
		t.Errorf("the start leads to %s", got)
	}
	anybody.get("/farsang", http.StatusOK).says("to enter")
	anybody.Page.One(`a[href="/my/entries/new"]`)
	h.set(t, `update deadlines set closes_at = now() - interval '1 hour' where category_id in (select id from categories where edition_id = $1)`, e.ID)
	anybody.get("/farsang/9", http.StatusOK).says("The call closed on")
	if anybody.Page.Has(`a[href="/my/entries/new"]`) {
		t.Error("a closed call offers to start an entry")
	}
	anybody.get("/farsang/9/line-up", http.StatusNotFound)
	h.set(t, `update editions set lineup_at = now() where id = $1`, e.ID)
	anybody.get("/farsang/9/line-up", http.StatusOK)
	anybody.get("/farsang/9/awards", http.StatusNotFound)
}

func (h *house) set(t *testing.T, sql string, id festival.EditionID) {
	t.Helper()
	if _, err := h.DB.Exec(t.Context(), sql, id); err != nil {
		t.Fatal(err)
	}
}

func TestHomeListsSeveralFestivals(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.build(func(tx pgx.Tx) {
		seed.Category(t, tx, seed.Edition(t, tx))
		seed.Edition(t, tx, func(e *festival.Edition) { e.FestivalSlug, e.FestivalName = "harbour", "Harbour" })
	})
	v := h.visitor().get("/", http.StatusOK)
	v.Page.One(`main a[href="/farsang/9"]`)
	v.Page.One(`main a[href="/harbour/9"]`)
}

func TestPublicPagesAreKeptByTheirTag(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.build(func(tx pgx.Tx) {
		seed.Entry(t, tx, seed.Category(t, tx, seed.Edition(t, tx, past)), withCanaries("all"))
	})
	for _, path := range []string{"/farsang/9", "/farsang/9/line-up", "/farsang/9/films/all", "/farsang/9/awards", "/privacy"} {
		v := h.visitor().get(path, http.StatusOK)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("If-None-Match", v.Header.Get("Etag"))
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %d, want not modified", path, res.StatusCode)
		}
	}
}

func TestPublicPagesAskOnce(t *testing.T) {
	t.Parallel()
	pool, asked := pgtest.Counted(t)
	h := openOn(t, pool)
	var c festival.Category
	add := func(marks ...string) {
		h.build(func(tx pgx.Tx) {
			for _, mark := range marks {
				still(t, tx, seed.Entry(t, tx, c, withCanaries(mark)))
			}
		})
	}
	h.build(func(tx pgx.Tx) { c = seed.Category(t, tx, seed.Edition(t, tx, past)) })
	add("one")
	v := h.visitor()
	count := func() map[string]int64 {
		n := map[string]int64{}
		for _, path := range []string{"/farsang/9", "/farsang/9/line-up", "/farsang/9/films/one", "/farsang/9/awards"} {
			asked.Take()
			v.get(path, http.StatusOK)
			n[path] = asked.Take()
		}
		return n
	}
	count()
	few := count()
	add("two", "three", "four")
	for path, n := range count() {
		if n != few[path] {
			t.Errorf("%s asks %d times with four films and %d times with one", path, n, few[path])
		}
	}
}
