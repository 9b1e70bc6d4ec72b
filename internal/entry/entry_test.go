package entry_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jurytest"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

// A stage is a festival with an open category, and a filmmaker.
type stage struct {
	maker, other account.ID
	edition      festival.EditionID
	category     festival.CategoryID
}

// set makes a stage whose category closes at the given time from now.
func set(t testing.TB, tx pgx.Tx, closesIn time.Duration, rules ...festival.Rule) stage {
	t.Helper()
	var s stage
	s.maker, s.other = person(t, tx, "maker"), person(t, tx, "other")
	f, err := festival.Create(t.Context(), tx, s.other, festival.Festival{Slug: word("f"), Name: "Farsang"})
	ok(t, err)
	s.edition, err = festival.CreateEdition(t.Context(), tx, s.other, festival.Edition{
		FestivalID: f, Slug: "ninth", Name: "9th edition", Prefix: "F9", City: "Mahabar", Zone: "Asia/Tehran",
		StartsOn: festival.Day(2027, 3, 1), EndsOn: festival.Day(2027, 3, 8),
	})
	ok(t, err)
	s.category, err = festival.CreateCategory(t.Context(), tx, s.other, festival.Category{
		EditionID: s.edition, Slug: "documentary", Name: "Documentary", Rules: rules,
		Deadlines: []festival.Deadline{{Name: "Regular", ClosesAt: time.Now().Add(closesIn), FeeCurrency: "EUR"}},
	})
	ok(t, err)
	_, err = tx.Exec(t.Context(), `update editions set call_opened_at = clock_timestamp() where id = @id`, pg.Args{"id": s.edition})
	ok(t, err)
	return s
}

func word(kind string) string { return kind + account.Code()[:12] }

func person(t testing.TB, tx pgx.Tx, name string) account.ID {
	t.Helper()
	id, err := pg.Value[account.ID](t.Context(), tx, `
		insert into accounts (code, email, name, verified_at)
		values (@code, @email, @name, clock_timestamp())
		returning id`,
		pg.Args{"code": account.Code(), "email": word(name) + "@example.org", "name": name})
	ok(t, err)
	return id
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// complete is a film that lacks nothing but files.
func complete() entry.Film {
	return entry.Film{
		Title: "The Salt Ledger", TitleOriginal: "دفترِ نمک", LanguageOriginal: "fa", Form: entry.Documentary,
		Runtime: 1872, Completed: "2026", Languages: []string{"fa", "ar"}, SubtitleTracks: []entry.SubtitleTrack{{Language: "en"}},
		Synopsis:  "A clerk counts salt.",
		Credits:   []entry.Credit{{Role: entry.Director, Name: "سیاوش مهرآبادی", NameLatin: "Siavash Mehrabadi"}},
		Countries: []string{"IR", "KW"}, Shown: entry.NotShown, ScreenerLink: "https://example.org/salt",
	}
}

// file is an uploaded file of the owner's.
func file(t testing.TB, tx pgx.Tx, owner account.ID, kind entry.FileRole) (id media.ID, code string) {
	t.Helper()
	code = account.Code()
	id, err := pg.Value[media.ID](t.Context(), tx, `
		insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key)
		values (@code, @owner, @kind, 'ready', 'image/jpeg', 10, '\x00', @code)
		returning id`,
		pg.Args{"code": code, "owner": owner, "kind": kind})
	ok(t, err)
	return id, code
}

// drafted is an entry that is ready to be sent.
func drafted(t testing.TB, tx pgx.Tx, s stage) (entry.Entry, entry.Work) {
	t.Helper()
	w, err := entry.Create(t.Context(), tx, s.maker, complete())
	ok(t, err)
	still, _ := file(t, tx, s.maker, entry.StillFile)
	ok(t, entry.Attach(t.Context(), tx, s.maker, w.Code, entry.StillFile, still))
	e, err := entry.Start(t.Context(), tx, s.maker, w.Code, s.category)
	ok(t, err)
	return e, w
}

func key(err error) string {
	if err == nil {
		return ""
	}
	return problem.Of(err).Say.Key
}

// within runs act in a savepoint, so that the test's transaction survives a
// broken constraint.
func within(t testing.TB, tx pgx.Tx, act func(pgx.Tx) error) error {
	t.Helper()
	return pgx.BeginFunc(t.Context(), tx, act)
}

func letters(t testing.TB, db pg.DB, kind string) int {
	t.Helper()
	n, err := pg.Value[int](t.Context(), db, `select count(*)::int from letters where kind = @kind`, pg.Args{"kind": kind})
	ok(t, err)
	return n
}

func TestSubmitFreezesTheFilm(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, w := drafted(t, tx, s)
	ok(t, entry.Submit(t.Context(), tx, s.maker, e.Code, 0))

	changed := complete()
	changed.Title = "Another Title"
	_, err := entry.Save(t.Context(), tx, s.maker, w.Code, entry.TheFilm, entry.TheFilm.Mark(complete()), changed)
	ok(t, err)
	m, err := entry.MineBy(t.Context(), tx, s.maker, e.Code)
	ok(t, err)
	if m.State != entry.Submitted || m.Film.Title != "The Salt Ledger" || m.Work.Film.Title != "Another Title" || !m.Unsent() {
		t.Errorf("got %s, %q sent, %q now, unsent %v", m.State, m.Film.Title, m.Work.Film.Title, m.Unsent())
	}
	if len(m.Sent) != 1 || m.Sent[0].Role != entry.StillFile {
		t.Errorf("got files %v", m.Sent)
	}
	ok(t, entry.Submit(t.Context(), tx, s.maker, e.Code, 0))
	m, err = entry.MineBy(t.Context(), tx, s.maker, e.Code)
	ok(t, err)
	var states []entry.State
	for _, moment := range m.Timeline {
		states = append(states, moment.State)
	}
	if m.Film.Title != "Another Title" || m.Unsent() {
		t.Errorf("got %q, unsent %v", m.Film.Title, m.Unsent())
	}
	if d := cmp.Diff([]entry.State{entry.Draft, entry.Submitted, entry.Resubmitted}, states); d != "" {
		t.Error(d)
	}
}

func TestFiftySubmissionsAreOne(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	var s stage
	var e entry.Entry
	ok(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		s = set(t, tx, time.Hour)
		e, _ = drafted(t, tx, s)
		return nil
	}))
	var wait sync.WaitGroup
	failed := make(chan error, 50)
	for range 50 {
		wait.Go(func() {
			failed <- pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
				return entry.Submit(t.Context(), tx, s.maker, e.Code, 0)
			})
		})
	}
	wait.Wait()
	close(failed)
	for err := range failed {
		ok(t, err)
	}
	moments, err := entry.Timeline(t.Context(), pool, e.ID)
	ok(t, err)
	if got := letters(t, pool, "entry-received"); got != 1 || len(moments) != 2 {
		t.Errorf("got %d receipts and %d moments, want 1 and 2", got, len(moments))
	}
}

func TestNumbersAreGivenOnce(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	var s stage
	ok(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { s = set(t, tx, time.Hour); return nil }))
	numbers := make(chan int, 20)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() { numbers <- startOne(t, pool, s) })
	}
	wait.Wait()
	close(numbers)
	seen := map[int]bool{}
	for n := range numbers {
		seen[n] = true
	}
	if len(seen) != 20 || seen[0] {
		t.Errorf("got numbers %v", seen)
	}
}

func startOne(t *testing.T, pool *pgxpool.Pool, s stage) int {
	number := 0
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		w, err := entry.Create(t.Context(), tx, s.maker, complete())
		if err != nil {
			return err
		}
		e, err := entry.Start(t.Context(), tx, s.maker, w.Code, s.category)
		number = e.Number
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return number
}

func TestSubmitAfterTheDeadline(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		since  time.Duration // the deadline has passed for so long
		waited time.Duration // the request has been under way for so long
		want   string
	}{
		{"in time", -time.Minute, 0, ""},
		{"late", time.Second, 0, "entry.closed"},
		{"arrived in time, on a slow line", 30 * time.Second, time.Minute, ""},
		{"the line was slower than is allowed", 2 * entry.Grace, 3 * entry.Grace, "entry.closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tx := pgtest.Tx(t)
			s := set(t, tx, time.Hour)
			e, _ := drafted(t, tx, s)
			_, err := tx.Exec(t.Context(), `
				update deadlines
				set closes_at = clock_timestamp() - @since::interval
				where category_id = @id`, pg.Args{"since": c.since, "id": s.category})
			ok(t, err)
			if got := key(entry.Submit(t.Context(), tx, s.maker, e.Code, c.waited)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestATransactionHeldOpenIsLate(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	var s stage
	var e entry.Entry
	ok(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		s = set(t, tx, time.Hour)
		e, _ = drafted(t, tx, s)
		return nil
	}))
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		if _, err := pg.Value[time.Time](t.Context(), tx, `select now()`, pg.Args{}); err != nil {
			return err
		}
		// The call closes after the transaction began and before it submits.
		if _, err := pool.Exec(t.Context(), `update deadlines set closes_at = clock_timestamp()`, pg.Args{}); err != nil {
			return err
		}
		return entry.Submit(t.Context(), tx, s.maker, e.Code, 0)
	})
	if key(err) != "entry.closed" {
		t.Errorf("got %v", err)
	}
}

func TestStartIsRefused(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, -time.Second)
	w, err := entry.Create(t.Context(), tx, s.maker, complete())
	ok(t, err)
	start := func(owner account.ID) string {
		return key(within(t, tx, func(tx pgx.Tx) error {
			_, err := entry.Start(t.Context(), tx, owner, w.Code, s.category)
			return err
		}))
	}
	if got := start(s.maker); got != "entry.closed" {
		t.Errorf("after the deadline: got %q", got)
	}
	if got := start(s.other); got != "problem.not-found" {
		t.Errorf("another's work: got %q", got)
	}
	_, err = tx.Exec(t.Context(), `update editions set call_opened_at = null where id = @id`, pg.Args{"id": s.edition})
	ok(t, err)
	if got := start(s.maker); got != "problem.not-found" {
		t.Errorf("before the call: got %q", got)
	}
}

func TestAFilmIsEnteredOnceInACategory(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	_, w := drafted(t, tx, s)
	err := within(t, tx, func(tx pgx.Tx) error {
		_, err := entry.Start(t.Context(), tx, s.maker, w.Code, s.category)
		return err
	})
	if got := key(err); got != "constraint.entries_one_per_category" {
		t.Errorf("got %q", got)
	}
}

func TestAnothersEntryDoesNotExist(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, w := drafted(t, tx, s)
	_, code := file(t, tx, s.maker, entry.StillFile)
	for name, act := range map[string]func(tx pgx.Tx) error{
		"submit":   func(tx pgx.Tx) error { return entry.Submit(t.Context(), tx, s.other, e.Code, 0) },
		"withdraw": func(tx pgx.Tx) error { return entry.Withdraw(t.Context(), tx, s.other, e.Code) },
		"consent":  func(tx pgx.Tx) error { return entry.Consent(t.Context(), tx, s.other, e.Code, nil) },
		"remove":   func(tx pgx.Tx) error { return entry.Remove(t.Context(), tx, s.other, w.Code, code) },
		"order":    func(tx pgx.Tx) error { return entry.MoveStill(t.Context(), tx, s.other, w.Code, code, 1) },
		"read":     func(tx pgx.Tx) error { _, err := entry.MineBy(t.Context(), tx, s.other, e.Code); return err },
		"save": func(tx pgx.Tx) error {
			_, err := entry.Save(t.Context(), tx, s.other, w.Code, entry.TheFilm, "", complete())
			return err
		},
	} {
		if got := key(within(t, tx, act)); got != "problem.not-found" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestSaveRefusesAStaleForm(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	w, err := entry.Create(t.Context(), tx, s.maker, complete())
	ok(t, err)
	drawn := entry.TheFilm.Mark(w.Film)
	save := func(part entry.Part, mark string, change func(*entry.Film)) (entry.Work, error) {
		f := complete()
		change(&f)
		return entry.Save(t.Context(), tx, s.maker, w.Code, part, mark, f)
	}
	first := func(f *entry.Film) { f.Title = "First window" }
	second := func(f *entry.Film) { f.Title = "Second window" }
	_, err = save(entry.TheFilm, drawn, first)
	ok(t, err)
	if _, err = save(entry.TheFilm, drawn, first); err != nil {
		t.Errorf("the same answers again: %v", err)
	}
	got, err := save(entry.TheFilm, drawn, second)
	if key(err) != "work.stale" || got.Film.Title != "First window" {
		t.Errorf("got %q with %q", key(err), got.Film.Title)
	}
	if _, err = save(entry.Technical, entry.Technical.Mark(complete()), func(f *entry.Film) { f.Sound = "5.1" }); err != nil {
		t.Errorf("another section: %v", err)
	}
	if got, err = save(entry.TheFilm, entry.TheFilm.Mark(got.Film), second); err != nil || got.Film.Title != "Second window" || got.Film.Sound != "5.1" {
		t.Errorf("after seeing both: got %q and %q, %v", got.Film.Title, got.Film.Sound, err)
	}
}

func TestVet(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 9, 7, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		change func(*entry.Film)
		field  string
		want   string
	}{
		{"nothing", func(*entry.Film) {}, "", ""},
		{"a title of 1,000 letters", func(f *entry.Film) { f.Title = strings.Repeat("ی", 1000) }, "title", "text.too-long"},
		{"a title of 300 letters", func(f *entry.Film) { f.Title = strings.Repeat("ی", 300) }, "", ""},
		{"a direction override", func(f *entry.Film) { f.Title = "Salt\u202efdp.exe" }, "title", "text.direction"},
		{"a direction isolate", func(f *entry.Film) { f.Synopsis = "Salt\u2067 x" }, "synopsis", "text.direction"},
		{"a joiner", func(f *entry.Film) { f.TitleOriginal = "می\u200cشمرد" }, "", ""},
		{"an end of text", func(f *entry.Film) { f.Title = "Salt\u0003" }, "title", "text.control"},
		{"a zero", func(f *entry.Film) { f.Credits[0].Name = "S\u0000" }, "credits.0.name", "text.control"},
		{"lines in a synopsis", func(f *entry.Film) { f.Synopsis = "One\r\ntwo" }, "", ""},
		{"lines in a title", func(f *entry.Film) { f.Title = "One\ntwo" }, "title", "text.control"},
		{"half a letter", func(f *entry.Film) { f.Title = "S\xff" }, "title", "text.encoding"},
		{"99 hours", func(f *entry.Film) { f.Runtime = 99 * 3600 }, "runtime", "film.runtime"},
		{"a year to come", func(f *entry.Film) { f.Completed = "2027" }, "completed", "film.date-future"},
		{"a day to come", func(f *entry.Film) { f.Completed = "2026-09-09" }, "completed", "film.date-future"},
		{"tomorrow, which has begun in Kiribati", func(f *entry.Film) { f.Completed = "2026-09-08" }, "", ""},
		{"no date", func(f *entry.Film) { f.Completed = "soon" }, "completed", "film.date"},
		{"a year of another calendar", func(f *entry.Film) { f.Completed = "1405" }, "completed", "film.date"},
		{"31 February", func(f *entry.Film) { f.Completed = "2026-02-31" }, "completed", "film.date"},
		{"a script for an address", func(f *entry.Film) { f.Website = "javascript:alert(1)" }, "website", "film.link"},
		{"a file for an address", func(f *entry.Film) { f.ScreenerLink = "file:///etc/passwd" }, "screenerLink", "film.link-public"},
		{"an address with a password in it", func(f *entry.Film) { f.Trailer = "https://a:b@example.org" }, "trailer", "film.link"},
		{"HTML and a formula", func(f *entry.Film) { f.Title = `=HYPERLINK("x")<script>` }, "", ""},
		{"a form of our own", func(f *entry.Film) { f.Form = "opera" }, "form", "film.choice"},
		{"a country that is none", func(f *entry.Film) { f.Countries = []string{"ZZ"} }, "countries", "film.country"},
		{"a name for a code", func(f *entry.Film) { f.Languages = []string{"Persian"} }, "languages", "film.language"},
		{"51 credits", func(f *entry.Film) {
			f.Credits = nil
			for i := range 51 {
				f.Credits = append(f.Credits, entry.Credit{Role: entry.Cast, Name: fmt.Sprint("A", i)})
			}
		}, "credits", "film.too-many"},
		{"a note without a name", func(f *entry.Film) { f.Credits[0] = entry.Credit{Role: entry.Cast, Note: "Salt"} }, "credits.0.name", "film.credit-name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := complete()
			c.change(&f)
			got := entry.Vet(f, now)
			if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || got[c.field].Key != c.want) {
				t.Errorf("got %v, want %s at %q", got, c.want, c.field)
			}
		})
	}
}

func TestParseRuntime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		minutes, seconds string
		want             int
		bad              bool
	}{
		{"31", "12", 1872, false},
		{"۳۱", "۱۲", 1872, false},
		{"٣١", "", 1860, false},
		{"", "", 0, false},
		{"", "90", 90, false},
		{"0", "0", 0, true},
		{"1", "90", 0, true},
		{"5940", "0", 0, true},
		{"1440", "0", 86400, false},
		{"1440", "1", 0, true},
		{"-1", "0", 0, true},
		{"9999999999999999999", "", 0, true},
		{"31.5", "", 0, true},
		{"half an hour", "", 0, true},
	} {
		got, err := entry.ParseRuntime(c.minutes, c.seconds)
		if got != c.want || (err != nil) != c.bad {
			t.Errorf("%q min %q s: got %d, %v", c.minutes, c.seconds, got, err)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	day := festival.Day(2025, 6, 1)
	category := func(rules ...festival.Rule) festival.Category {
		return festival.Category{Name: "Documentary", Rules: rules}
	}
	still := []entry.File{{Role: entry.StillFile, State: media.Ready}}
	for _, c := range []struct {
		name     string
		rule     festival.Rule
		change   func(*entry.Film)
		sentence string
	}{
		{"too long", festival.Rule{Kind: festival.RuntimeMax, Seconds: new(1800)}, func(*entry.Film) {},
			"Documentary takes 30 minutes or less, and this says 31 min 12 s"},
		{"exactly as long as allowed", festival.Rule{Kind: festival.RuntimeMax, Seconds: new(1872)}, func(*entry.Film) {}, ""},
		{"too short", festival.Rule{Kind: festival.RuntimeMin, Seconds: new(3600)}, func(*entry.Film) {},
			"Documentary takes 60 minutes or more, and this says 31 min 12 s"},
		{"too old", festival.Rule{Kind: festival.CompletedAfter, Day: &day}, func(f *entry.Film) { f.Completed = "2025-05" },
			"Documentary takes films completed on 1 June 2025 or later, and this says May 2025"},
		{"from the day on", festival.Rule{Kind: festival.CompletedAfter, Day: &day}, func(f *entry.Film) { f.Completed = "2025-06-01" }, ""},
		{"a year that is not precise enough", festival.Rule{Kind: festival.CompletedAfter, Day: &day}, func(f *entry.Film) { f.Completed = "2025" },
			"Documentary takes films completed on 1 June 2025 or later. Write the month and the day too"},
		{"another country", festival.Rule{Kind: festival.FromCountry, Codes: []string{"FR", "BE", "CH"}}, func(*entry.Film) {},
			"Documentary takes films produced in France, Belgium or Switzerland, and this says Iran, Kuwait"},
		{"a co-production", festival.Rule{Kind: festival.FromCountry, Codes: []string{"KW"}}, func(*entry.Film) {}, ""},
		{"another language", festival.Rule{Kind: festival.InLanguage, Codes: []string{"ko"}}, func(*entry.Film) {},
			"Documentary takes films in Korean, and this says Persian, Arabic"},
		{"no subtitles", festival.Rule{Kind: festival.WithSubtitles, Codes: []string{"en"}}, func(f *entry.Film) { f.SubtitleTracks = nil },
			"Documentary needs subtitles in English unless nothing else is spoken in the film"},
		{"no dialogue", festival.Rule{Kind: festival.WithSubtitles, Codes: []string{"en"}}, func(f *entry.Film) {
			f.SubtitleTracks, f.Languages = nil, []string{entry.NoDialogue}
		}, ""},
		{"not a first film", festival.Rule{Kind: festival.FirstFilm}, func(*entry.Film) {},
			"Documentary is for first films. Mark at each director whether it is theirs"},
		{"no student", festival.Rule{Kind: festival.StudentFilm}, func(*entry.Film) {},
			"Documentary is for films made at a school, and this is not marked as one"},
		{"silent about what is missing", festival.Rule{Kind: festival.RuntimeMax, Seconds: new(1800)}, func(f *entry.Film) { f.Runtime = 0 },
			"Write how long the film is"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := complete()
			c.change(&f)
			got := ""
			if found := entry.Check(t.Context(), f, still, category(c.rule)); len(found) > 0 {
				got = found[0].Sentence
			}
			if got != c.sentence {
				t.Errorf("got  %q\nwant %q", got, c.sentence)
			}
		})
	}
}

func TestAnEmptyDraftLacksEverything(t *testing.T) {
	t.Parallel()
	var fields []string
	for _, f := range entry.Check(t.Context(), entry.Film{}, nil, festival.Category{}) {
		fields = append(fields, f.Field)
	}
	want := []string{"title", "form", "runtime", "completed", "synopsis", "languages", "credits", "countries", "shown", "screener", "stills"}
	if d := cmp.Diff(want, fields); d != "" {
		t.Error(d)
	}
}

func TestSubmitRefusesWhatIsNotReady(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour, festival.Rule{Kind: festival.RuntimeMax, Seconds: new(600)})
	e, _ := drafted(t, tx, s)
	err := entry.Submit(t.Context(), tx, s.maker, e.Code, 0)
	if p := problem.Of(err); p == nil || p.Say.Key != "entry.not-ready" || len(p.Fields) != 1 || p.Fields["runtime"].Args[1] !=
		"Documentary takes 10 minutes or less, and this says 31 min 12 s" {
		t.Errorf("got %+v", p)
	}
	if got := letters(t, tx, "entry-received"); got != 0 {
		t.Errorf("got %d receipts", got)
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, _ := drafted(t, tx, s)
	ok(t, entry.Submit(t.Context(), tx, s.maker, e.Code, 0))
	ok(t, entry.Move(t.Context(), tx, e.ID, entry.Accepted, "", s.other))
	ok(t, entry.Withdraw(t.Context(), tx, s.maker, e.Code))
	ok(t, entry.Withdraw(t.Context(), tx, s.maker, e.Code))
	if got := letters(t, tx, "entry-withdrawn"); got != 1 {
		t.Errorf("got %d letters", got)
	}
	if got := key(entry.Submit(t.Context(), tx, s.maker, e.Code, 0)); got != "entry.withdrawn" {
		t.Errorf("submit again: got %q", got)
	}
	if got := key(entry.Move(t.Context(), tx, e.ID, entry.Accepted, "", s.other)); got != "entry.no-such-move" {
		t.Errorf("move again: got %q", got)
	}
}

func TestWithdrawingADraftRemovesIt(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, w := drafted(t, tx, s)
	ok(t, entry.Withdraw(t.Context(), tx, s.maker, e.Code))
	if _, err := entry.MineBy(t.Context(), tx, s.maker, e.Code); key(err) != "problem.not-found" {
		t.Errorf("got %v", err)
	}
	if _, err := entry.WorkBy(t.Context(), tx, s.maker, w.Code); err != nil {
		t.Error(err)
	}
}

func TestMoveNeedsAReasonToRefuse(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, _ := drafted(t, tx, s)
	if got := key(entry.Move(t.Context(), tx, e.ID, entry.Accepted, "", s.other)); got != "entry.no-such-move" {
		t.Errorf("a draft: got %q", got)
	}
	ok(t, entry.Submit(t.Context(), tx, s.maker, e.Code, 0))
	if got := key(entry.Move(t.Context(), tx, e.ID, entry.Ineligible, " ", s.other)); got != "entry.reason-missing" {
		t.Errorf("without a reason: got %q", got)
	}
	ok(t, entry.Move(t.Context(), tx, e.ID, entry.Ineligible, "The film is from 2019.", s.other))
	moments, err := entry.Timeline(t.Context(), tx, e.ID)
	ok(t, err)
	if last := moments[len(moments)-1]; last.State != entry.Ineligible || last.Reason != "The film is from 2019." {
		t.Errorf("got %v", last)
	}
}

func TestStillsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	w, err := entry.Create(t.Context(), tx, s.maker, complete())
	ok(t, err)
	var codes []string
	for range 3 {
		id, code := file(t, tx, s.maker, entry.StillFile)
		ok(t, entry.Attach(t.Context(), tx, s.maker, w.Code, entry.StillFile, id))
		codes = append(codes, code)
	}
	ok(t, entry.MoveStill(t.Context(), tx, s.maker, w.Code, codes[2], -1))
	ok(t, entry.MoveStill(t.Context(), tx, s.maker, w.Code, codes[2], -5))
	ok(t, entry.Remove(t.Context(), tx, s.maker, w.Code, codes[0]))
	files, err := entry.FilesOf(t.Context(), tx, []entry.WorkID{w.ID})
	ok(t, err)
	var got []string
	for _, f := range files[w.ID] {
		got = append(got, f.Code)
	}
	if d := cmp.Diff([]string{codes[2], codes[1]}, got); d != "" {
		t.Error(d)
	}
}

func TestANewScreenerTakesThePlaceOfTheOld(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	w, err := entry.Create(t.Context(), tx, s.maker, complete())
	ok(t, err)
	for range 2 {
		id, _ := file(t, tx, s.maker, entry.ScreenerFile)
		ok(t, entry.Attach(t.Context(), tx, s.maker, w.Code, entry.ScreenerFile, id))
	}
	files, err := entry.FilesOf(t.Context(), tx, []entry.WorkID{w.ID})
	ok(t, err)
	if len(files[w.ID]) != 1 {
		t.Errorf("got %v", files)
	}
}

func TestTheDecisionIsSeenOnceReleased(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, _ := drafted(t, tx, s)
	ok(t, entry.Submit(t.Context(), tx, s.maker, e.Code, 0))
	_, err := tx.Exec(t.Context(), `
		insert into decisions (entry_id, outcome, message, actor_id)
		values (@entry, 'selected', 'Welcome', @actor)`, pg.Args{"entry": e.ID, "actor": s.other})
	ok(t, err)
	decision := func() *entry.Decision {
		m, err := entry.MineBy(t.Context(), tx, s.maker, e.Code)
		ok(t, err)
		return m.Decision
	}
	if got := decision(); got != nil {
		t.Errorf("pending: got %v", got)
	}
	_, err = tx.Exec(t.Context(), `update decisions set released_at = clock_timestamp() where entry_id = @entry`, pg.Args{"entry": e.ID})
	ok(t, err)
	if got := decision(); got == nil || !got.Selected() || got.Message != "Welcome" || len(got.Comments) != 0 {
		t.Errorf("released: got %v", got)
	}
}

// A comment reaches the makers when the juror has submitted it and the round has
// ended, by hand or by its date.
func TestCommentsThatReachTheMakers(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 0)
	maker := s.Account("Noor Al-Qattan", s.Email("noor"))
	film := s.Film("In", maker)
	for _, who := range s.Jurors {
		s.Score(s.Give(who, film)[0], 8, 8)
	}
	_, err := tx.Exec(t.Context(), `
		with unsent as (
			update assignments set state = 'open' where account_id = @juror returning id)
		update scores set complete = false, feedback = 'Half a sentence' from unsent where assignment_id = unsent.id`,
		pg.Args{"juror": s.Jurors[1]})
	ok(t, err)
	_, err = tx.Exec(t.Context(), `
		insert into decisions (entry_id, outcome, actor_id, released_at)
		values (@entry, 'selected', @actor, clock_timestamp())`, pg.Args{"entry": film, "actor": s.Organizer})
	ok(t, err)
	comments := func() []string {
		all, err := entry.MineOf(t.Context(), tx, maker)
		ok(t, err)
		return all[0].Decision.Comments
	}
	if got := comments(); len(got) != 0 {
		t.Errorf("read in an open round: %q", got)
	}
	s.Dates(-2*time.Hour, -time.Hour)
	if d := cmp.Diff([]string{"Thank you for the silence."}, comments()); d != "" {
		t.Error(d)
	}
}

func TestTheListAsksEquallyOften(t *testing.T) {
	t.Parallel()
	pool, counter := pgtest.Counted(t)
	var s stage
	ok(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		s = set(t, tx, time.Hour)
		drafted(t, tx, s)
		return nil
	}))
	counter.Take()
	_, err := entry.MineOf(t.Context(), pool, s.maker)
	ok(t, err)
	one := counter.Take()
	ok(t, pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		drafted(t, tx, s)
		drafted(t, tx, s)
		return nil
	}))
	counter.Take()
	all, err := entry.MineOf(t.Context(), pool, s.maker)
	ok(t, err)
	if three := counter.Take(); three != one || len(all) != 3 {
		t.Errorf("got %d queries for 1 entry and %d for %d", one, three, len(all))
	}
}
