package site_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/entry"
	"laurel/internal/seed"
)

// agree answers every question of an entry's form: yes where say is true.
func agree(ctx context.Context, tx pgx.Tx, maker account.ID, e entry.Entry, say func(entry.Asked) bool) error {
	asked, err := entry.Asks(ctx, tx, e.ID)
	if err != nil {
		return err
	}
	var choices []entry.Choice
	for _, a := range asked {
		answer := entry.Refused
		if say(a) {
			answer = entry.Agreed
		}
		choices = append(choices, entry.Choice{Item: a.Item, Subject: a.Subject, Answer: answer, Hash: a.Hash()})
	}
	return entry.Consent(ctx, tx, maker, e.Code, choices)
}

// told is a film in which every item of consent has a word of its own.
func told(e *seed.E) {
	e.Slug, e.Outcome = "told", "selected"
	e.Film.Title, e.Film.TitleOriginal = "film-word", "film-word"
	e.Film.Countries = []string{"NR"}
	e.Film.Logline, e.Film.Synopsis = "synopsis-word", "synopsis-word and more"
	e.Film.Statement, e.Film.Biography = "statement-word", "biography-word"
	e.Film.Website, e.Film.Trailer = "https://links-word.example", "https://trailer-word.example"
	e.Film.Credits = []entry.Credit{
		{Role: entry.Director, Name: "Anna Name-word"},
		{Role: entry.Writer, Name: "Zoë Xavier", As: entry.ByInitials},
		{Role: entry.Producer, Name: "Never Named-word", As: entry.Unnamed},
	}
	e.Film.StillsBy = "Stella Stillsby-word"
}

// places are where the public reads of a film.
var places = []string{"/farsang/9/films/told", "/farsang/9/line-up", "/farsang/9/awards", "/farsang/9", "/", "/robots.txt", "/farsang"}

// TestEachConsentIsTheOnlyRoadToThePublic gives and takes back each consent by
// itself, and looks at everything that the public can read, in the page and in
// its head, with the next request.
func TestEachConsentIsTheOnlyRoadToThePublic(t *testing.T) {
	t.Parallel()
	h := open(t)
	var owner account.ID
	var one entry.Entry
	var picture string
	h.build(func(tx pgx.Tx) {
		owner = seed.Account(t, tx, "Ada")
		e := seed.Edition(t, tx, past)
		one = seed.Entry(t, tx, seed.Category(t, tx, e), told, func(x *seed.E) { x.Owner, x.Consents = owner, nil })
		picture = shownStill(t, h, tx, one)
		_, err := tx.Exec(t.Context(), `
			insert into awards (code, edition_id, position, name, entry_id, citation) values ('a', $1, 1, 'Golden', $2, 'For restraint.')`, e.ID, one.ID)
		if err != nil {
			t.Fatal(err)
		}
	})
	v := h.visitor()
	words := map[string]string{
		"film": "film-word", "countries": "Nauru", "synopsis": "synopsis-word", "statement": "statement-word", "trailer": "trailer-word", "links": "links-word",
		"stills": picture, "Director": "Name-word", "Writer": "Z. X.", "Photographs by": "Stillsby-word",
	}
	for given := range words {
		h.do(func(ctx context.Context, tx pgx.Tx) error {
			return agree(ctx, tx, owner, one, func(a entry.Asked) bool {
				return a.Item == entry.PublishFilm || string(a.Item) == given || a.Name == given || given == "Photographs by" && a.Item == entry.PublishStills
			})
		})
		body := read(v)
		for item, word := range words {
			want := item == given || item == "film" || given == "Photographs by" && item == "stills"
			if strings.Contains(body, word) != want {
				t.Errorf("only %s is agreed to: %s public is %v", given, item, !want)
			}
		}
		for _, never := range []string{"Xavier", "Named-word"} {
			if strings.Contains(body, never) {
				t.Errorf("%s is public", never)
			}
		}
		v.get("/files/"+picture+"/w480", map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[given == "stills" || given == "Photographs by"])
	}
	h.do(func(ctx context.Context, tx pgx.Tx) error {
		return agree(ctx, tx, owner, one, func(a entry.Asked) bool { return a.Item != entry.PublishFilm })
	})
	for item, word := range words {
		if strings.Contains(read(v), word) {
			t.Errorf("without the film, %s is public", item)
		}
	}
}

// shownStill is still with a picture to look at.
func shownStill(t *testing.T, h *house, tx pgx.Tx, e entry.Entry) string {
	t.Helper()
	code, key := still(t, tx, e), blob.Key()
	if _, err := h.Store.Put(t.Context(), key, strings.NewReader("picture")); err != nil {
		t.Fatal(err)
	}
	_, err := tx.Exec(t.Context(), `
		insert into renditions (file_id, name, media_type, size, blob_key)
		select id, 'w480', 'image/jpeg', 7, $2
		from files
		where code = $1`, code, key)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// read is everything that the public reads, with what stands in the heads.
func read(v *visitor) string {
	var all strings.Builder
	for _, place := range places {
		answer, err := v.client.Get(v.h.URL + place)
		if err != nil {
			v.t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.Header.Get("Last-Modified") != "" {
			v.t.Fatal(place, err, answer.Header)
		}
		all.Write(body)
	}
	return all.String()
}

// TestNothingIsPublicBeforeEveryEmbargo moves the two instants, and not the
// clock: until the later one has passed there is no page, no line and no picture.
func TestNothingIsPublicBeforeEveryEmbargo(t *testing.T) {
	t.Parallel()
	h := open(t)
	var one entry.Entry
	var picture string
	h.build(func(tx pgx.Tx) {
		e := seed.Edition(t, tx, past)
		one = seed.Entry(t, tx, seed.Category(t, tx, e), told)
		picture = shownStill(t, h, tx, one)
	})
	v := h.visitor()
	for _, x := range []struct {
		lineup, embargo string
		public          bool
	}{
		{"1 minute", "", false},
		{"1 hour", "-1 hour", false},
		{"-1 hour", "1 minute", false},
		{"-1 hour", "1 year", false},
		{"-1 hour", "-1 second", true},
		{"-1 second", "", true},
	} {
		h.do(func(ctx context.Context, tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `update editions set awards_at = null, lineup_at = clock_timestamp() + $1::text::interval`, x.lineup); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `update entries set embargo_until = clock_timestamp() + nullif($1::text, '')::interval`, x.embargo)
			return err
		})
		if got := strings.Contains(read(v), "film-word"); got != x.public {
			t.Errorf("%+v: the film is public: %v", x, got)
		}
		status := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[x.public]
		v.get("/files/"+picture+"/w480", status)
		v.get("/farsang/9/films/told", status)
		if x.lineup[0] != '-' {
			v.get("/farsang/9/line-up", http.StatusNotFound)
			if v.get("/farsang/9", http.StatusOK); strings.Contains(v.Body, "/line-up") {
				t.Errorf("%+v: the call leads to a line-up", x)
			}
		}
	}
}

// TestAPictureIsAskedForAgain: a browser keeps no picture beyond the consent,
// and does not load one again that it has.
func TestAPictureIsAskedForAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	var owner account.ID
	var one entry.Entry
	var picture string
	h.build(func(tx pgx.Tx) {
		owner = seed.Account(t, tx, "Ada")
		one = seed.Entry(t, tx, seed.Category(t, tx, seed.Edition(t, tx, past)), told, func(x *seed.E) { x.Owner = owner })
		picture = shownStill(t, h, tx, one)
	})
	ask := func(tag string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.URL+"/files/"+picture+"/w480", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("If-None-Match", tag)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer
	}
	first := ask("")
	tag := first.Header.Get("ETag")
	if tag == "" || first.StatusCode != http.StatusOK || !strings.Contains(first.Header.Get("Cache-Control"), "no-cache") {
		t.Fatalf("got %v %v", first.Status, first.Header)
	}
	if got := ask(tag).StatusCode; got != http.StatusNotModified {
		t.Errorf("asked again: got %d", got)
	}
	h.do(func(ctx context.Context, tx pgx.Tx) error {
		return agree(ctx, tx, owner, one, func(entry.Asked) bool { return false })
	})
	if got := ask(tag).StatusCode; got != http.StatusNotFound {
		t.Errorf("after the consent was taken back: got %d", got)
	}
}

// TestMakersAnswerAndSeeThePageBefore: the form in a browser without script, and
// the page that makers are shown is the one that everybody gets.
func TestMakersAnswerAndSeeThePageBefore(t *testing.T) {
	t.Parallel()
	h := open(t)
	maker, owner := h.person("Ada", "ada@mail.example")
	var one entry.Entry
	h.build(func(tx pgx.Tx) {
		one = seed.Entry(t, tx, seed.Category(t, tx, seed.Edition(t, tx, past)), told, func(x *seed.E) { x.Owner, x.Consents = owner, nil })
	})
	base := "/my/entries/" + one.Code
	maker.get(base+"/public", http.StatusOK).says("Nothing would be public")
	form := maker.get(base+"/publication", http.StatusOK).form(base + "/publication")
	for _, item := range []string{"press", "partners"} {
		if words := strings.Join(maker.Page.Texts(`select[name="`+item+`"] option`), "; "); strings.Contains(words, "public") || !strings.Contains(words, "may tell them") {
			t.Errorf("what never stands on a page may be answered with %s", words)
		}
	}
	form.Set("film", "yes").Set("synopsis", "yes").Set("countries", "no").Set("press", "later")
	maker.send(form, http.StatusOK).says("Saved. It holds from now on")
	preview := maker.get(base+"/public", http.StatusOK).says("synopsis-word").Page.First("main").HTML()
	public := maker.get("/farsang/9/films/told", http.StatusOK).Page.First("main").HTML()
	if preview != public {
		t.Error("the page that makers see is not the one that everybody gets")
	}

	day := time.Now().UTC().AddDate(0, 0, 3).Format("2006-01-02T15:04")
	maker.send(maker.get(base+"/publication", http.StatusOK).form(base+"/embargo").Set("until", day), http.StatusOK).says("Nothing is public before then")
	h.visitor().get("/farsang/9/films/told", http.StatusNotFound)
	maker.send(maker.get(base+"/publication", http.StatusOK).form(base+"/embargo").Set("until", "soon"), http.StatusUnprocessableEntity)
	if title := maker.Page.First("title").Text(); !strings.HasPrefix(title, "Error:") {
		t.Errorf("the title of a page with an error begins %q", title)
	}
	other, _ := h.person("Eve", "eve@mail.example")
	for _, page := range []string{"/publication", "/public", "/readers", "/looked"} {
		other.get(base+page, http.StatusNotFound)
	}
}

// TestAnswersThatComeBackAreAsChosen: when one text changed while its makers
// answered, all other answers stand as chosen, the day of the embargo too, and
// the one for the other text is not taken for an answer to this one.
func TestAnswersThatComeBackAreAsChosen(t *testing.T) {
	t.Parallel()
	h := open(t)
	maker, owner := h.person("Ada", "ada@mail.example")
	var one entry.Entry
	h.build(func(tx pgx.Tx) {
		one = seed.Entry(t, tx, seed.Category(t, tx, seed.Edition(t, tx, past)), told, func(x *seed.E) { x.Owner, x.Consents = owner, nil })
	})
	base := "/my/entries/" + one.Code
	day := time.Now().UTC().AddDate(0, 0, 3).Format("2006-01-02T15:04")
	maker.send(maker.get(base+"/publication", http.StatusOK).form(base+"/embargo").Set("until", day), http.StatusOK)
	form := maker.get(base+"/publication", http.StatusOK).form(base + "/publication")
	form.Set("film", "yes").Set("synopsis", "yes").Set("countries", "no").Set("hash.synopsis", "of another text")
	back := maker.send(form, http.StatusConflict).says("You chose “Yes, it may be public”, for another text.").form(base + "/publication")
	for field, want := range map[string]string{"film": "yes", "countries": "no", "synopsis": ""} {
		if got := back.Values.Get(field); got != want {
			t.Errorf("%s comes back as %q, want %q", field, got, want)
		}
	}
	if got := maker.form(base + "/embargo").Values.Get("until"); got != day {
		t.Errorf("the day of the embargo comes back as %q, want %q", got, day)
	}
	if got := maker.send(back, http.StatusOK).form(base + "/publication").Values.Get("countries"); got != "no" {
		t.Errorf("sent again: countries is %q", got)
	}
}

// TestAWorkThatIsShutIsNowhere: for jurors, the festival, the public and its own
// makers the addresses answer as those of a work that never was; opened again,
// everything is as before.
func TestAWorkThatIsShutIsNowhere(t *testing.T) {
	t.Parallel()
	h := open(t)
	maker, owner := h.person("Ada", "ada@mail.example")
	staff, organizer := h.person("Omid", "omid@mail.example")
	juror, judge := h.person("Jules", "jules@mail.example")
	var one entry.Entry
	var theirs, work, picture string
	h.build(func(tx pgx.Tx) {
		e := seed.Edition(t, tx, past)
		one = seed.Entry(t, tx, seed.Category(t, tx, e), told, func(x *seed.E) { x.Owner = owner })
		picture = shownStill(t, h, tx, one)
		theirs, _ = judged(t, tx, one, judge)
		if err := account.Join(t.Context(), tx, organizer, int64(e.FestivalID)); err != nil {
			t.Fatal(err)
		}
		if err := tx.QueryRow(t.Context(), `select code from works where id = $1`, one.WorkID).Scan(&work); err != nil {
			t.Fatal(err)
		}
	})
	addresses := map[string]*visitor{
		"/farsang/9/films/told": h.visitor(), "/files/" + picture + "/w480": h.visitor(), theirs: juror,
		"/organize/farsang/9/entries/" + one.Code: staff, "/my/entries/" + one.Code: maker, "/my/works/" + work: maker,
		"/my/entries/" + one.Code + "/publication": maker, "/my/works/" + work + "/erasure": maker,
	}
	lists := map[string]*visitor{
		"/farsang/9/line-up": h.visitor(), "/jury": juror, "/organize/farsang/9/entries": staff, "/organize/farsang/9/entries.csv": staff,
		"/organize/farsang/9": staff, "/organize/farsang/9/line-up": staff,
	}
	for _, shut := range []bool{false, true, false} {
		h.do(func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `update works set frozen_until = case when $1 then clock_timestamp() + interval '1 hour' end where id = $2`, shut, one.WorkID)
			return err
		})
		for path, v := range addresses {
			v.get(path, map[bool]int{true: http.StatusNotFound, false: http.StatusOK}[shut])
		}
		for path, v := range lists {
			if v.get(path, http.StatusOK); shut && strings.Contains(v.Body, "film-word") {
				t.Errorf("%s names a work that is shut", path)
			}
		}
	}
}
