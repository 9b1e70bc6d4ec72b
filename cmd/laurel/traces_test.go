package main

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/jpeg"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/entry"
	"laurel/internal/erasure"
	"laurel/internal/festival"
	"laurel/internal/htmltest"
	"laurel/internal/pg"
	"laurel/internal/seed"
)

// A maker begins with a code and writes a word of their own into every field
// that takes words.
type maker struct {
	*reader
	m           *mortal
	word        string // begins everything that is written
	code        string // with which they come in
	entry, work string // addresses
	wrote       int
}

// show opens a page and wants it to be there.
func (k *maker) show(path string) answer {
	k.t.Helper()
	page, err := k.get(path)
	if err != nil || page.status != http.StatusOK {
		k.t.Fatalf("%s answers %d (%v)", path, page.status, err)
	}
	return page
}

// send sends a form and wants to be led on.
func (k *maker) send(f *htmltest.Form) answer {
	k.t.Helper()
	page, err := k.post(f.Action, f.Values)
	if err != nil || page.status != http.StatusOK {
		k.t.Fatalf("%s answers %d (%v)", f.Action, page.status, err)
	}
	return page
}

// begin makes an account without an e-mail address, and a draft.
func (k *maker) begin(category string) {
	k.t.Helper()
	page := k.send(k.show("/begin").form(k.t, "/begin"))
	k.code = htmltest.Parse(k.t, page.body).First(".h2.num").Text()
	k.send(page.form(k.t, "/code").Set("secret", k.code).Set("name", k.word+" name"))
	page = k.send(k.show("/my/entries/new?category="+category).form(k.t, "/my/entries/new").Set("category", category).Set("title", k.word+" title"))
	k.entry = strings.SplitN(page.path, "?", 2)[0]
	for _, a := range htmltest.Parse(k.t, page.body).All("a") {
		if href := a.Attr("href"); strings.HasPrefix(href, "/my/works/") {
			k.work = strings.Join(strings.Split(href, "/")[:4], "/")
		}
	}
}

// fill writes the word into every text of a section; a field that wants
// something else stays as it was.
func (k *maker) fill(part string) {
	k.t.Helper()
	action := k.work + "/form/" + part
	page, wanted := k.show(action), map[string]bool{}
	form := page.form(k.t, action)
	before := form.Values
	values := url.Values{}
	maps.Copy(values, before)
	for _, field := range append(form.All("input"), form.All("textarea")...) {
		name, kind := field.Attr("name"), field.Attr("type")
		if name != "" && (field.Tag() == "textarea" || kind == "text" || kind == "" || kind == "url") && !strings.HasPrefix(name, "_") {
			values.Set(name, k.word+" "+name)
			if kind == "url" || strings.Contains(name, "website") || strings.Contains(name, "url") {
				values.Set(name, "https://"+k.word+".example")
			}
			wanted[name] = true
		}
	}
	for range 5 {
		page, err := k.post(action, values)
		if err != nil {
			k.t.Fatal(err)
		}
		if page.status == http.StatusOK {
			break
		}
		refused := htmltest.Parse(k.t, page.body).All(`[aria-invalid="true"]`)
		if len(refused) == 0 {
			k.t.Fatalf("%s answers %d and names no field", action, page.status)
		}
		for _, field := range refused {
			values[field.Attr("name")] = before[field.Attr("name")]
			delete(wanted, field.Attr("name"))
		}
	}
	k.wrote += len(wanted)
}

// upload sends a picture in which words are hidden.
func (k *maker) upload() {
	k.t.Helper()
	var picture, body bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 1600, 900)), nil); err != nil {
		k.t.Fatal(err)
	}
	words := k.word + " place"
	comment := append([]byte{0xFF, 0xFE, 0, byte(len(words) + 2)}, words...)
	content := append(append(append([]byte{}, picture.Bytes()[:2]...), comment...), picture.Bytes()[2:]...)
	action := ""
	for _, f := range htmltest.Parse(k.t, k.show(k.work+"/files").body).All("form") {
		if strings.HasPrefix(f.Attr("action"), k.work+"/files/still?") {
			action = f.Attr("action")
		}
	}
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", k.word+".jpg")
	if err != nil {
		k.t.Fatal(err)
	}
	part.Write(content)
	form.Close()
	page, err := whole(k.Post(k.base+action, form.FormDataContentType(), &body))
	if err != nil || page.status != http.StatusOK {
		k.t.Fatalf("the still is answered with %d (%v)", page.status, err)
	}
}

// complete gives the film what the forms above cannot guess, and a screener.
func (k *maker) complete() {
	k.t.Helper()
	film, err := json.Marshal(map[string]any{
		"title": k.word + " title", "runtime": 1620, "completed": "2026-03", "form": entry.Documentary, "countries": []string{"IR"}, "languages": []string{"fa"},
		"subtitleTracks": []entry.SubtitleTrack{{Language: "en", How: entry.BurnedIn}}, "shown": entry.NotShown,
		"credits": []entry.Credit{{ID: "director", Role: entry.Director, Name: k.word + " director"}},
	})
	if err != nil {
		k.t.Fatal(err)
	}
	k.m.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			with film as (
				update works
				set film = film || @film::jsonb
				where code = @work
				returning id, owner_id),
			made as (
				insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key, width, height, seconds)
				select 'screener', owner_id, 'screener', 'ready', 'video/mp4', 4, '', 'none', 1920, 1080, 1620 from film
				returning id)
			insert into work_files (work_id, file_id, role, position)
			select film.id, made.id, 'screener', 1 from film, made`,
			pg.Args{"film": string(film), "work": filepath.Base(k.work)})
		return err
	})
}

// submit sends the entry, and writes to the festival about it.
func (k *maker) submit() {
	k.t.Helper()
	k.send(k.show(k.entry).form(k.t, k.entry+"/submission").Set("rights", "1"))
	k.send(k.show(k.entry+"/messages").form(k.t, k.entry+"/messages").Set("body", k.word+" message"))
}

// erase erases the account, after the second check that is asked for.
func (k *maker) erase() {
	k.t.Helper()
	f := k.show("/account/erasure").form(k.t, "/account/erasure")
	page, err := k.post(f.Action, f.Values)
	if err != nil || page.status != http.StatusForbidden {
		k.t.Fatalf("no second check is asked for: %d (%v)", page.status, err)
	}
	page = k.send(page.form(k.t, "/account/check").Set("secret", k.code))
	if !strings.HasPrefix(page.path, "/erasures/") {
		page = k.send(page.form(k.t, "/account/erasure"))
	}
	if !strings.HasPrefix(page.path, "/erasures/") {
		k.t.Fatalf("erasing leads to %s", page.path)
	}
	k.m.settled()
}

// TestNothingIsLeftOfWhoWasErased walks the whole way with a word that stands
// nowhere else, and looks for it in all that a stranger with the disk can read.
func TestNothingIsLeftOfWhoWasErased(t *testing.T) {
	m := newMortal(t)
	category := ""
	m.do(func(ctx context.Context, tx pgx.Tx) error {
		e := seed.Edition(t, tx)
		c := seed.Category(t, tx, e, func(c *festival.Category) { c.Rules = nil })
		category = e.FestivalSlug + "/" + e.Slug + "/" + c.Slug
		return nil
	})
	k := &maker{reader: m.reader(""), m: m, word: "quetzal77"}
	k.begin(category)
	for _, part := range entry.FilmParts[:10] {
		k.fill(string(part))
	}
	k.upload()
	k.complete()
	k.submit()
	if rows, files := m.places(k.word); rows < 40 || files == 0 || k.wrote < 15 {
		t.Fatalf("only %d words and %d files were planted, in %d fields", rows, files, k.wrote)
	}
	k.erase()
	if rows, files := m.places(k.word); rows+files > 0 {
		t.Errorf("%d words and %d files are left", rows, files)
	}
	if strings.Contains(m.said.String(), k.word) || strings.Contains(m.said.String(), k.code) {
		t.Error("the program's own log has it")
	}
	m.with(func(ctx context.Context, pool *pgxpool.Pool) {
		if err := erasure.Scour(ctx, pool); err != nil { // as the daily round does
			t.Error(err)
		}
	})
	for _, path := range m.filesWith(k.word, ".") {
		t.Errorf("left in %s", path)
	}
}
