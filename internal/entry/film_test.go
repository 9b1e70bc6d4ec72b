package entry_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"laurel/internal/entry"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// old is a film's document as it was written when films had fewer fields.
const old = `{"title": "The Salt Ledger", "titleOriginal": "دفترِ نمک", "languageOriginal": "fa", "logline": "A clerk.", "synopsis": "He counts.",
	"statement": "Why.", "biography": "Who.", "runtime": 1752, "completed": "2026-03", "form": "documentary", "genres": ["Drama", "harbour life", "Science Fiction"],
	"countries": ["IR", "KW"], "countriesFilming": ["OM"], "languages": ["fa"], "subtitles": ["en", "fr"],
	"credits": [{"role": "director", "name": "A", "nameLatin": "", "note": ""}, {"role": "writer", "name": "B", "nameLatin": "", "note": ""}],
	"firstFilm": true, "student": true, "school": "Harbour School", "aspectRatio": "1.85", "frameRate": "25", "sound": "5.1", "colour": "Colour",
	"shootingFormat": "16 mm", "budget": "9000 EUR", "shown": "public",
	"screenings": [{"event": "Days of Salt", "city": "Muscat", "country": "OM", "date": "2026-04", "kind": "world"},
		{"event": "A site", "city": "", "country": "", "date": "", "kind": "online"}, {"event": "Club", "city": "", "country": "", "date": "", "kind": ""}],
	"awards": [{"event": "Days of Salt", "year": "2026", "name": "Best"}], "website": "https://a.example", "trailer": "https://b.example",
	"warnings": "Loud.", "screenerLink": "https://c.example", "screenerPassword": "x", "stillsBy": "C"}`

func TestAnOldDocumentIsRead(t *testing.T) {
	t.Parallel()
	var f entry.Film
	ok(t, json.Unmarshal([]byte(old), &f))
	want := entry.Film{
		Title: "The Salt Ledger", TitleOriginal: "دفترِ نمک", LanguageOriginal: "fa", Logline: "A clerk.", Synopsis: "He counts.", Statement: "Why.", Biography: "Who.",
		Runtime: 1752, Completed: "2026-03", Form: entry.Documentary, Genres: []entry.Genre{"drama", "science-fiction"}, Tags: []string{"harbour life"},
		Countries: []string{"IR", "KW"}, CountriesFilming: []string{"OM"}, Languages: []string{"fa"}, SubtitleTracks: []entry.SubtitleTrack{{Language: "en"}, {Language: "fr"}},
		Credits: []entry.Credit{{Role: entry.Director, Name: "A", First: true}, {Role: entry.Writer, Name: "B"}}, Student: true, School: "Harbour School",
		AspectRatio: "1.85", FrameRate: "25", Sound: "5.1", Colour: "Colour", ShootingFormat: "16 mm", Budget: "9000 EUR", Shown: entry.ShownInPublic,
		Screenings: []entry.Screening{
			{Event: "Days of Salt", City: "Muscat", Country: "OM", Date: "2026-04", Kind: entry.PublicScreening, Premiere: "world"},
			{Event: "A site", Kind: entry.OnlineScreening}, {Event: "Club"}},
		Awards: []entry.Prize{{Event: "Days of Salt", Year: "2026", Name: "Best"}}, Website: "https://a.example", Trailer: "https://b.example",
		Warnings: "Loud.", ScreenerLink: "https://c.example", ScreenerPassword: "x", StillsBy: "C",
	}
	if d := cmp.Diff(want, f, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	text, err := json.Marshal(f)
	ok(t, err)
	was, is := map[string]any{}, map[string]any{}
	ok(t, json.Unmarshal([]byte(old), &was))
	ok(t, json.Unmarshal(text, &is))
	for key := range was {
		if _, kept := is[key]; !kept {
			t.Errorf("%s is in the document no more", key)
		}
	}
	for _, key := range []string{"subtitles", "firstFilm", "countries", "school"} {
		if d := cmp.Diff(was[key], is[key]); d != "" {
			t.Errorf("%s: %s", key, d)
		}
	}
}

func TestPremiere(t *testing.T) {
	t.Parallel()
	in := func(country string) entry.Screening { return entry.Screening{Event: "E " + country, Country: country} }
	online := func(territory ...string) entry.Screening {
		return entry.Screening{Event: "Site", Country: "US", Kind: entry.OnlineScreening, Territory: territory}
	}
	kind := func(s entry.Screening, k entry.ScreeningKind) entry.Screening {
		s.Kind = k
		return s
	}
	for _, c := range []struct {
		name     string
		made     []string
		shown    entry.Shown
		rows     []entry.Screening
		festival string
		want     entry.Premiere
		why      string // some of the sentence
	}{
		{"nothing said", []string{"IR"}, entry.NotAnswered, nil, "DE", entry.PremiereUnknown, "not said yet"},
		{"said, not listed", []string{"IR"}, entry.ShownInPublic, nil, "DE", entry.PremiereUnknown, "no showing in public is listed"},
		{"never shown", []string{"IR"}, entry.NotShown, nil, "DE", entry.WorldPremiere, "World premiere"},
		{"never shown, festival without a country", []string{"IR"}, entry.NotShown, nil, "", entry.WorldPremiere, "World premiere"},
		{"press and market", []string{"IR"}, entry.NotShown, []entry.Screening{kind(in("DE"), entry.PressScreening), kind(in("FR"), entry.MarketScreening)}, "DE", entry.WorldPremiere, "World premiere"},
		{"at home, festival abroad", []string{"IR"}, entry.ShownInPublic, []entry.Screening{in("IR")}, "DE", entry.InternationalFirst, "only where it was produced, in Iran"},
		{"in both homes", []string{"IR", "FR"}, entry.ShownInPublic, []entry.Screening{in("FR"), in("IR")}, "DE", entry.InternationalFirst, "in France, Iran"},
		{"in the other home, festival at home", []string{"IR", "FR"}, entry.ShownInPublic, []entry.Screening{in("FR")}, "IR", entry.ContinentalPremiere, "not in Asia"},
		{"on another continent", []string{"IR"}, entry.ShownInPublic, []entry.Screening{in("CA"), in("IR")}, "DE", entry.ContinentalPremiere, "and not in Europe"},
		{"on the same continent", []string{"IR"}, entry.ShownInPublic, []entry.Screening{in("CA"), in("FR")}, "DE", entry.NationalPremiere, "and not in Germany"},
		{"Kosovo is in Europe", []string{"IR"}, entry.ShownInPublic, []entry.Screening{in("XK")}, "DE", entry.NationalPremiere, "Kosovo"},
		{"in the country", []string{"IR"}, entry.ShownInPublic, []entry.Screening{in("CA"), in("DE")}, "DE", entry.NoPremiere, "shown in Germany, at E DE"},
		{"at home, festival at home", []string{"IR"}, entry.ShownInPublic, []entry.Screening{in("IR")}, "IR", entry.NoPremiere, "shown in Iran"},
		{"online everywhere", []string{"IR"}, entry.ShownOnline, []entry.Screening{online()}, "DE", entry.NoPremiere, "everywhere"},
		{"online everywhere, festival without a country", []string{"IR"}, entry.ShownOnline, []entry.Screening{online()}, "", entry.NoPremiere, "everywhere"},
		{"online at home", []string{"IR"}, entry.ShownOnline, []entry.Screening{online("IR")}, "DE", entry.InternationalFirst, "Iran"},
		{"online here", []string{"IR"}, entry.ShownOnline, []entry.Screening{online("IR", "DE")}, "DE", entry.NoPremiere, "Germany"},
		{"on television abroad", []string{"IR"}, entry.ShownInPublic, []entry.Screening{kind(in("AT"), entry.TelevisionShow)}, "DE", entry.NationalPremiere, "Austria"},
		{"television over a border", []string{"IR"}, entry.ShownInPublic, []entry.Screening{{Event: "TV", Country: "AT", Kind: entry.TelevisionShow, Territory: []string{"AT", "DE"}}}, "DE", entry.NoPremiere, "Germany"},
		{"a country is missing", []string{"IR"}, entry.ShownInPublic, []entry.Screening{in("")}, "DE", entry.PremiereUnknown, "country of “E ”"},
		{"the festival's country is missing", []string{"IR"}, entry.ShownInPublic, []entry.Screening{in("IR")}, "", entry.PremiereUnknown, "country of the festival"},
		{"no country of production", nil, entry.ShownInPublic, []entry.Screening{in("CA")}, "DE", entry.ContinentalPremiere, "Canada"},
		{"rows speak against the answer", []string{"IR"}, entry.NotShown, []entry.Screening{in("DE")}, "DE", entry.NoPremiere, "Germany"},
	} {
		got, why := entry.PremiereIn(t.Context(), entry.Film{Countries: c.made, Shown: c.shown, Screenings: c.rows}, c.festival)
		if got != c.want || !strings.Contains(why, c.why) {
			t.Errorf("%s: got %q, %q", c.name, got, why)
		}
	}
}

// rank is how much a premiere is: a showing that is taken off the list can
// never make it less.
var rank = map[entry.Premiere]int{entry.NoPremiere: 0, entry.NationalPremiere: 1, entry.ContinentalPremiere: 2, entry.InternationalFirst: 3, entry.WorldPremiere: 4}

func TestAShowingNeverAddsToAPremiere(t *testing.T) {
	t.Parallel()
	countries := []string{"IR", "FR", "DE", "CA", "KE"}
	for mask := range 1 << len(countries) {
		f := entry.Film{Countries: []string{"IR", "FR"}, Shown: entry.NotShown}
		for i, c := range countries {
			if mask>>i&1 == 1 {
				f.Screenings = append(f.Screenings, entry.Screening{Event: c, Country: c})
			}
		}
		for _, festival := range countries {
			all, _ := entry.PremiereIn(t.Context(), f, festival)
			for i := range f.Screenings {
				fewer := f
				fewer.Screenings = append(append([]entry.Screening{}, f.Screenings[:i]...), f.Screenings[i+1:]...)
				if one, _ := entry.PremiereIn(t.Context(), fewer, festival); rank[one] < rank[all] {
					t.Fatalf("%v in %s: %s, and without the %d-th %s", f.Screenings, festival, all, i, one)
				}
			}
		}
	}
}

func TestLengthClass(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int]entry.LengthClass{0: entry.NoLength, 1: entry.ShortFilm, 2400: entry.ShortFilm, 2401: entry.MediumFilm, 3599: entry.MediumFilm, 3600: entry.LongFilm, 9000: entry.LongFilm} {
		if got := (entry.Film{Runtime: seconds}).Class(); got != want {
			t.Errorf("%d s: %q", seconds, got)
		}
	}
}

func TestNotices(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		said, measured int
		want           bool
	}{
		{"as measured", 1752, 1752, false}, {"five seconds", 1752, 1757, false}, {"six seconds", 1752, 1758, true},
		{"six seconds less", 1758, 1752, true}, {"two per cent of a minute and a half", 102, 100, false}, {"more than two per cent", 103, 100, true},
		{"not said", 0, 1752, false},
	} {
		files := []entry.File{{Role: entry.StillFile}, {Role: entry.ScreenerFile, Seconds: &c.measured}}
		got := entry.Notices(t.Context(), entry.Film{Runtime: c.said}, files)
		if (len(got) == 1 && got[0].Field == "runtime") != c.want || len(got) > 1 {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	both := entry.Film{Shown: entry.NotShown, Screenings: []entry.Screening{{Event: "Days of Salt"}}, AI: entry.AI{Used: "no", Where: []entry.AIPart{entry.AIVoice}}}
	var fields []string
	for _, n := range entry.Notices(t.Context(), both, nil) {
		fields = append(fields, n.Field)
	}
	if d := cmp.Diff([]string{"shown", "ai.used"}, fields); d != "" {
		t.Error(d)
	}
	if got := entry.Notices(t.Context(), complete(), nil); len(got) > 0 {
		t.Errorf("a sound film has %v", got)
	}
}

func TestCreditsKeepTheirIDs(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	f := complete()
	f.Credits = append(f.Credits, entry.Credit{Role: entry.Cast, Name: "Mina"}, entry.Credit{Role: entry.Cast, Name: "Mina"})
	w, err := entry.Create(t.Context(), tx, s.maker, f)
	ok(t, err)
	ids := map[string]bool{}
	for _, c := range w.Film.Credits {
		ids[c.ID] = true
	}
	if len(ids) != 3 || ids[""] {
		t.Fatalf("got ids %v", ids)
	}
	director := w.Film.Credits[0].ID
	changed := w.Film
	changed.Credits = []entry.Credit{{Role: entry.Writer, Name: "New"}, {Role: entry.Director, Name: "Renamed", ID: director}, {Role: entry.Cast, Name: "Mina"}, {Role: entry.Cast, Name: "Copy", ID: director}}
	w, err = entry.Save(t.Context(), tx, s.maker, w.Code, entry.People, entry.People.Mark(w.Film), changed)
	ok(t, err)
	got := w.Film.Credits
	if got[1].ID != director || !ids[got[2].ID] || got[2].ID == director || got[3].ID == director || got[0].ID == "" || ids[got[0].ID] {
		t.Errorf("got %+v, of %v", got, ids)
	}
}

func TestCreditsAreNamedAsTheirPeopleWant(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	f := complete()
	f.Credits = []entry.Credit{
		{ID: "a", Role: entry.Director, Name: "سیاوش مهرآبادی", NameLatin: "Siavash Mehrabadi", As: entry.ByInitials},
		{ID: "b", Role: entry.Director, Name: "Wen-Ying  Tsai", As: entry.ByInitials, Note: "n"},
		{ID: "c", Role: entry.Director, Name: "سیاوش مهرآبادی", As: entry.ByInitials},
		{ID: "d", Role: entry.Director, Name: "Nobody Knows", As: entry.Unnamed},
		{ID: "e", Role: entry.Director, Name: "Somebody Else"},
	}
	want := []string{"S. M.", "W. Y. T.", "س. م.", "Somebody Else"}
	if d := cmp.Diff(want, f.Credited(entry.Director)); d != "" {
		t.Error(d)
	}
	seen, err := pg.Value[entry.Film](t.Context(), tx, `select jury_film(@film::jsonb) as film`, pg.Args{"film": f})
	ok(t, err)
	var names []string
	for _, c := range seen.Credits {
		names = append(names, c.Latin())
	}
	if d := cmp.Diff(want, names); d != "" {
		t.Error(d)
	}
	listed, err := pg.Value[[]string](t.Context(), tx, `select credited(@film::jsonb, 'director') as names`, pg.Args{"film": f})
	ok(t, err)
	if d := cmp.Diff(want, listed); d != "" {
		t.Error(d)
	}
}

// fill gives every text in v a word of its own, which it notes by where the
// text stands: "Credits.Name". Lists have two of everything.
func fill(v reflect.Value, path string, words map[string][]string) {
	switch v.Kind() {
	case reflect.String:
		n := 0
		for _, list := range words {
			n += len(list)
		}
		word := fmt.Sprintf("canary%dx", n)
		v.SetString(word)
		words[path] = append(words[path], word)
	case reflect.Int:
		v.SetInt(7)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), path, words)
		}
	case reflect.Map:
		words[path] = append(words[path], "canarykey")
		v.Set(reflect.ValueOf(map[string]int{"canarykey": 7}))
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."), words)
		}
	default:
		panic("a film holds a " + v.Kind().String())
	}
}

// told are the texts of a film that a juror of a blind round may read. What is
// not here has to stay hidden, whatever a film comes to hold.
var told = []string{
	"Title", "TitleOriginal", "LanguageOriginal", "Transliteration", "Titles.Kind", "Titles.Language", "Titles.Text", "Titles.Script", "Titles.Transliteration",
	"Logline", "SynopsisShort", "Synopsis", "TextLanguage", "Texts.Language", "Texts.Logline", "Texts.SynopsisShort", "Texts.Synopsis",
	"Completed", "Form", "Techniques", "Genres", "Tags", "Languages", "SubtitleTracks.Language", "SubtitleTracks.How", "Countries", "Shares",
	"AspectRatio", "FrameRate", "Sound", "Colour", "ShootingFormat", "Exhibition", "Shown", "ContentWarnings", "Warnings",
	"AI.Used", "AI.Where", "AI.Tool", "AI.Consent", "ScreenerLink", "ScreenerPassword",
}

func TestABlindRoundShowsOnlyWhatIsListed(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	var f entry.Film
	words := map[string][]string{}
	fill(reflect.ValueOf(&f).Elem(), "", words)
	if len(words) < 70 {
		t.Fatalf("only %d texts were filled in", len(words))
	}
	shown := func(f entry.Film, function string) string {
		text, err := pg.Value[string](t.Context(), tx, `select `+function+`(@film::jsonb)::text as film`, pg.Args{"film": f})
		ok(t, err)
		return text
	}
	allowed := map[string]bool{}
	for _, path := range told {
		allowed[path] = true
		if words[path] == nil {
			t.Errorf("a film has no %s", path)
		}
	}
	open := f
	open.HideFilming = false
	for hiding, blind := range map[bool]string{true: shown(f, "blind_film"), false: shown(open, "blind_film")} {
		for path, list := range words {
			for _, word := range list {
				may := allowed[path] || path == "CountriesFilming" && !hiding
				if strings.Contains(blind, word) != may {
					t.Errorf("filming hidden %t: %s seen %t, want %t", hiding, path, !may, may)
				}
			}
		}
	}
	for i := range f.Credits {
		f.Credits[i].As = entry.ByName
	}
	for path, list := range words {
		for _, word := range list {
			hidden := path == "Budget" || path == "CountriesFilming" || path == "Credits.As"
			if strings.Contains(shown(f, "jury_film"), word) == hidden {
				t.Errorf("an open round: %s seen %t", path, !hidden)
			}
		}
	}
}

func TestVetOfTheFurtherFields(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		change     func(*entry.Film)
		field, key string // empty: nothing to refuse
	}{
		{"a title in another language", func(f *entry.Film) { f.Titles = []entry.Title{{Kind: entry.LocalTitle, Language: "de", Text: "Salz"}} }, "", ""},
		{"a title without a text", func(f *entry.Film) { f.Titles = []entry.Title{{Kind: entry.LocalTitle, Transliteration: "x"}} }, "titles.0.text", "film.title-text"},
		{"a title of no kind", func(f *entry.Film) { f.Titles = []entry.Title{{Text: "Salz"}} }, "titles.0.kind", "film.choice"},
		{"texts in no language", func(f *entry.Film) { f.Texts = []entry.Texts{{Synopsis: "x"}} }, "texts.0.language", "film.text-which"},
		{"texts twice in a language", func(f *entry.Film) { f.Texts = []entry.Texts{{Language: "fr"}, {Language: "fr"}} }, "texts.1.language", "film.text-twice"},
		{"a long short synopsis", func(f *entry.Film) { f.SynopsisShort = strings.Repeat("x", 601) }, "synopsisShort", "text.too-long"},
		{"an override in a further text", func(f *entry.Film) { f.Texts = []entry.Texts{{Language: "fr", Biography: "a\u202eb"}} }, "texts.0.biography", "text.direction"},
		{"no dialogue and a language", func(f *entry.Film) { f.Languages = []string{"zxx", "fa"} }, "languages", "film.none-and-some"},
		{"a sign language", func(f *entry.Film) { f.Languages = []string{"psc"} }, "", ""},
		{"subtitles in no language", func(f *entry.Film) { f.SubtitleTracks = []entry.SubtitleTrack{{How: entry.BurnedIn}} }, "subtitles.0.language", "film.subtitle-language"},
		{"shares of a whole", func(f *entry.Film) { f.Shares = map[string]int{"IR": 60, "KW": 40} }, "", ""},
		{"shares of more", func(f *entry.Film) { f.Shares = map[string]int{"IR": 60, "KW": 41} }, "countries", "film.shares"},
		{"a share below nothing", func(f *entry.Film) { f.Shares = map[string]int{"IR": -1} }, "countries.0.share", "film.share"},
		{"a share of another country", func(f *entry.Film) { f.Shares = map[string]int{"FR": 900} }, "", ""},
		{"a company without a name", func(f *entry.Film) { f.Companies = []entry.Company{{Role: "fund", Country: "FR"}} }, "companies.0.name", "film.company-name"},
		{"a company of no country", func(f *entry.Film) { f.Companies = []entry.Company{{Role: "fund", Name: "A", Country: "ZZ"}} }, "companies.0.country", "film.country"},
		{"an unknown way to be credited", func(f *entry.Film) { f.Credits[0].As = "shouted" }, "credits.0.as", "film.choice"},
		{"a territory that is none", func(f *entry.Film) { f.Screenings = []entry.Screening{{Event: "A", Territory: []string{"ZZ"}}} }, "screenings.0.territory", "film.country"},
		{"an unknown technique", func(f *entry.Film) { f.Techniques = []entry.Technique{"guessing"} }, "techniques", "film.choice"},
		{"an unknown warning", func(f *entry.Film) { f.ContentWarnings = []entry.Warning{"boredom"} }, "contentWarnings", "film.choice"},
		{"an unknown genre is a tag", func(f *entry.Film) { f.Genres = []entry.Genre{"harbour"} }, "", ""},
		{"a link that runs", func(f *entry.Film) { f.Links = []entry.Link{{Kind: entry.PressKit, URL: "javascript:alert(1)"}} }, "links.0.url", "film.link"},
		{"an answer about AI that is none", func(f *entry.Film) { f.AI.Consent = "perhaps" }, "ai.consent", "film.choice"},
	} {
		f := complete()
		c.change(&f)
		got := entry.Vet(f, time.Now())
		switch {
		case c.field == "" && len(got) > 0, c.field != "" && (len(got) != 1 || got[c.field].Key != c.key):
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Every choice that a form offers has a name in words.
func TestEveryChoiceHasAName(t *testing.T) {
	t.Parallel()
	named(t, entry.Roles, entry.RoleName)
	named(t, entry.CompanyRoles, entry.CompanyRoleName)
	named(t, entry.Genres, entry.GenreName)
	named(t, entry.Techniques, entry.TechniqueName)
	named(t, entry.ContentWarnings, entry.WarningName)
	named(t, entry.Exhibitions, entry.ExhibitionName)
	named(t, entry.Forms, entry.FormName)
	named(t, entry.TitleKinds, entry.TitleKindName)
	named(t, entry.SubtitleHows, entry.SubtitleHowName)
	named(t, entry.ScreeningKinds, entry.ScreeningKindName)
	named(t, entry.CreditWays, entry.CreditWayName)
	named(t, entry.AIParts, entry.AIPartName)
	named(t, entry.AIConsents, entry.AIConsentName)
	named(t, entry.LinkKinds, entry.LinkKindName)
	named(t, entry.Premieres, entry.AnnouncedName)
	named(t, entry.Parts, entry.PartName)
}

func named[T ~string](t *testing.T, all []T, name func(context.Context, T) string) {
	t.Helper()
	seen := map[string]bool{}
	for _, one := range all {
		words := name(t.Context(), one)
		if words == "" || words == string(one) || seen[words] {
			t.Errorf("%q is called %q", one, words)
		}
		seen[words] = true
	}
}
