package entry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// words are what people write: several scripts, markup, formulas, quotes.
var words = []string{"", "", "salt", "دفتر نمک", "Ωμέγα", "塩", "<b>&amp;</b>", "=cmd()", `"quoted" \ back`, "two\nlines", "👩‍👩‍👧", "a\u200cb",
	"https://example.org/x", "2024-03", "2019", "IR", "fr", "zxx", "12"}

// choices are values that the document's enumerations know, by their type.
var choices = map[string][]string{
	"Form": {"", "documentary", "other"}, "Genre": {"drama", "essay"}, "Role": {"director", "cast", "other"}, "Technique": {"clay", "other"},
	"CompanyRole": {"production", "school"}, "Shown": {"", "no", "public"}, "ScreeningKind": {"public", "online"}, "SubtitleHow": {"sidecar", "burned-in"},
	"TitleKind": {"local", "working"}, "LinkKind": {"review", "other"}, "AIPart": {"voice", "other"}, "Exhibition": {"dcp", "other"},
	"Warning": {"flashing-light", "war"}, "As": {"", "initials", "none"},
}

// anything fills a value of any type, so that a field that is added to a film
// tomorrow is tried too.
func anything(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		list := words
		if known, ok := choices[v.Type().Name()]; ok && r.IntN(8) > 0 {
			list = known
		}
		v.SetString(list[r.IntN(len(list))])
	case reflect.Int:
		v.SetInt(int64(r.IntN(200) - 20))
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Struct:
		for _, field := range v.Fields() {
			anything(r, field)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(4), 4))
		for i := range v.Len() {
			anything(r, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, key := range []string{"IR", "FR", "nowhere"}[:r.IntN(4)] {
			v.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(r.IntN(60)))
		}
	default:
		panic("a film holds a " + v.Kind().String())
	}
}

// TestAPassportComesBackAsItWent: any film that can be kept, written as a
// passport and read again, is the same film, and nothing is said of it.
func TestAPassportComesBackAsItWent(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 15))
	kept := map[string]bool{}
	for n := range 60 {
		var f entry.Film
		anything(r, reflect.ValueOf(&f).Elem())
		entry.Tame(&f, noon)
		if wrong := entry.Vet(f, noon); len(wrong) > 0 {
			t.Fatalf("film %d cannot be tamed: %v", n, wrong)
		}
		p := entry.Passport{Schema: entry.PassportSchema, Film: f, Media: []entry.PassportMedia{
			{Kind: "screener", SHA256: strings.Repeat("a", 64), Size: 1 + r.Int64N(1<<40), MediaType: "video/mp4", Seconds: r.IntN(86400)},
			{Kind: "still", SHA256: fmt.Sprintf("%064x", n), Size: 7, MediaType: "image/jpeg"},
		}}
		var b bytes.Buffer
		if err := entry.WritePassport(&b, p); err != nil {
			t.Fatal(err)
		}
		got, notes, err := entry.ReadPassport(b.Bytes(), noon)
		if err != nil || len(notes) > 0 {
			t.Fatalf("film %d: %v, notes %v", n, err, notes)
		}
		if d := cmp.Diff(p, got); d != "" {
			t.Fatalf("film %d (-went +came):\n%s", n, d)
		}
		for i := range reflect.TypeFor[entry.Film]().NumField() {
			if v := reflect.ValueOf(f).Field(i); !v.IsZero() && !(v.Kind() == reflect.Slice && v.Len() == 0) && !(v.Kind() == reflect.Map && v.Len() == 0) {
				kept[reflect.TypeFor[entry.Film]().Field(i).Name] = true
			}
		}
	}
	for field := range reflect.TypeFor[entry.Film]().Fields() {
		if name := field.Name; !kept[name] {
			t.Errorf("no film of all had anything in %s: the property says nothing of it", name)
		}
	}
}

func TestHostilePassports(t *testing.T) {
	t.Parallel()
	whole := func(film string) string { return `{"schema":"laurel-passport/1","film":` + film + `,"media":[]}` }
	for name, text := range map[string]string{
		"empty": "", "no JSON": "Project Title: x", "cut short": whole(`{"title":"x"`)[:40], "a list": "[]", "a number": "7", "null": "null",
		"large": whole(`{"synopsis":"` + strings.Repeat("a", 2<<20) + `"}`), "deep": whole(`{"x":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "}"),
		"deep in the film": whole(`{"genres":` + strings.Repeat(`[`, 40) + strings.Repeat(`]`, 40) + "}"), "no schema": `{"film":{}}`,
		"another document": `{"schema":"package/1","film":{}}`, "a later version": `{"schema":"laurel-passport/2","film":{}}`,
		"a schema of the wrong type": `{"schema":1,"film":{}}`, "no film": `{"schema":"laurel-passport/1"}`, "a film that is a text": whole(`"film"`),
		"a title that is a number": whole(`{"title":7}`), "a runtime that is a text": whole(`{"runtime":"long"}`), "a runtime beyond numbers": whole(`{"runtime":1e400}`),
		"credits that are an object": whole(`{"credits":{}}`), "media that are a text": `{"schema":"laurel-passport/1","film":{},"media":"all"}`,
		"two documents": whole(`{}`) + whole(`{}`), "letters that are none": "{\"schema\":\"laurel-passport/1\",\"film\":{\"title\":\"\xff\"}}",
	} {
		_, _, err := entry.ReadPassport([]byte(text), noon)
		if p := problem.Of(err); p == nil || p.Kind != problem.Invalid || p.Fields["text"].English == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAPassportIsTamed: what cannot be kept is changed or left out, the rest
// stays, and each change is said.
func TestAPassportIsTamed(t *testing.T) {
	t.Parallel()
	p, notes, err := entry.ReadPassport([]byte("\ufeff"+`{"schema":"laurel-passport/1","owner":"me@example.org","film":{
		"title":"Salt\u202e.exe","titleOriginal":"bell\u0007\u0000","synopsis":"=HYPERLINK(\"x\")","runtime":-5,"completed":"2999","form":"opera",
		"countries":["IR","XX","FR"],"languages":["fa","klingon-"],"website":"javascript:alert(1)","weather":"rain",
		"credits":[{"role":"wizard","name":"Ada"},{"role":"director","name":""},{"role":"director","name":"Bo","note":"x"},{"role":"cast","note":"nobody"}],
		"screenings":[{"event":"Sample Days","country":"ZZ"}]},
		"media":[{"kind":"still","sha256":"`+strings.Repeat("0", 64)+`","size":3,"mediaType":"image/jpeg"},{"kind":"../../etc","sha256":"x","size":-1}]}`), noon)
	if err != nil {
		t.Fatal(err)
	}
	f := p.Film
	want := []any{"Salt.exe", "bell", `=HYPERLINK("x")`, 0, "", entry.Form(""), []string{"IR", "FR"}, []string{"fa"}, "", 1, "Sample Days", ""}
	got := []any{f.Title, f.TitleOriginal, f.Synopsis, f.Runtime, f.Completed, f.Form, f.Countries, f.Languages, f.Website, len(p.Media), f.Screenings[0].Event, f.Screenings[0].Country}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("tamed (-want +got):\n%s", d)
	}
	var people []string
	for _, c := range f.Credits {
		people = append(people, string(c.Role)+" "+c.Name)
	}
	if !strings.Contains(strings.Join(people, ", "), "other Ada") || !strings.Contains(strings.Join(people, ", "), "director Bo") {
		t.Errorf("people: %v", people)
	}
	said := fmt.Sprint(notes)
	for _, field := range []string{"title", "runtime", "completed", "form", "countries", "languages", "website", "credits", "screenings.0.country", "owner", "film.weather", "media"} {
		if !strings.Contains(said, field) {
			t.Errorf("nothing is said of %s: %v", field, said)
		}
	}
}

// FuzzReadPassport: whatever is sent becomes a film that can be kept, or a
// sentence; and a film that was read once is read again unchanged.
func FuzzReadPassport(f *testing.F) {
	f.Add([]byte(`{"schema":"laurel-passport/1","film":{"title":"x","shares":{"IR":900}},"media":[]}`))
	f.Add([]byte(`{"schema":"laurel-passport/1","film":{"credits":[{"role":"x"}],"countries":["q"],"ai":{"used":"maybe"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, _, err := entry.ReadPassport(data, noon)
		if err != nil {
			if q := problem.Of(err); q.Kind != problem.Invalid {
				t.Fatalf("not a sentence: %v", err)
			}
			return
		}
		if wrong := entry.Vet(p.Film, noon); len(wrong) > 0 {
			t.Fatalf("cannot be kept: %v", wrong)
		}
		var b bytes.Buffer
		if err := entry.WritePassport(&b, p); err != nil {
			t.Fatal(err)
		}
		again, notes, err := entry.ReadPassport(b.Bytes(), noon)
		if err != nil || len(notes) > 0 || !cmp.Equal(p, again) {
			t.Fatalf("the second time: %v %v\n%s", err, notes, cmp.Diff(p, again))
		}
	})
}

// TestAPassportFindsItsFiles: a file that the maker sent here before is part
// of the new work; another's with the same bytes is not.
func TestAPassportFindsItsFiles(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	ctx := t.Context()
	who := func(name string) account.ID {
		var id account.ID
		if err := tx.QueryRow(ctx, `insert into accounts (code, email, name) values ($1, $2, $1) returning id`, name, name+"@example.org").Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	mine, other := who("mine"), who("other")
	give := func(owner account.ID, sum byte) {
		w, err := entry.Create(ctx, tx, owner, entry.Film{Title: "Salt"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = tx.Exec(ctx, `
			with f as (insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key)
			           values ($1, $2, 'still', 'ready', 'image/jpeg', 9, $3, $1) returning id)
			insert into work_files (work_id, file_id, role) select $4, id, 'still' from f`,
			account.Code(), owner, bytes.Repeat([]byte{sum}, 32), w.ID)
		if err != nil {
			t.Fatal(err)
		}
	}
	give(mine, 1)
	give(other, 2)
	file := func(sum string) entry.PassportMedia {
		return entry.PassportMedia{Kind: "still", SHA256: strings.Repeat(sum, 32), Size: 9, MediaType: "image/jpeg"}
	}
	larger := file("01")
	larger.Size = 10
	w, err := entry.CreateFrom(ctx, tx, mine, entry.Passport{Film: entry.Film{Title: "Salt again"}, Media: []entry.PassportMedia{file("01"), file("01"), file("02"), file("03"), larger}})
	if err != nil {
		t.Fatal(err)
	}
	files, err := entry.FilesOf(context.Background(), tx, []entry.WorkID{w.ID})
	if err != nil || len(files[w.ID]) != 1 {
		t.Fatalf("the new work has %d files, %v", len(files[w.ID]), err)
	}
	back, err := entry.PassportOf(ctx, tx, w)
	if err != nil || len(back.Media) != 1 || back.Media[0] != file("01") {
		t.Errorf("its passport has %+v, %v", back.Media, err)
	}
	text, err := json.Marshal(back)
	if err != nil || bytes.Contains(text, []byte("mine@example.org")) {
		t.Errorf("%v: the passport holds an address: %s", err, text)
	}
}
