package site_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// proves gives the second check with the password that all people of the tests
// have.
func (v *visitor) proves() *visitor {
	v.t.Helper()
	v.get("/account/download", 403)
	return v.send(v.form("/account/check").Set("secret", password), 200)
}

// unzip reads an archive by its central directory, as any program does.
func unzip(t *testing.T, body string) map[string]string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(content)
	}
	return files
}

func TestACopyOfEverything(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, who := c.person("Noor", "noor@example.org")
	code := c.draft(v)
	v.fill(code)
	v.submit(code, 200)
	receipt := v.get("/my/entries/"+code+"/receipt", 200)
	hash := regexp.MustCompile(`\b[0-9a-f]{64}\b`).FindString(receipt.mainText())
	stranger, _ := c.person("Sol", "sol@example.org")
	stranger.get("/account/download/copy.zip", 403)
	v.proves()
	v.get("/account/download", 200).says("A copy of everything")
	v.get("/account/download/copy.zip", 200)
	if got := v.Header.Get("Content-Disposition"); got != `attachment; filename="copy.zip"` {
		t.Errorf("named %q", got)
	}
	files := unzip(t, v.Body)
	if !strings.Contains(files["README.txt"], "everything that is kept about you") {
		t.Errorf("the readme says %q", files["README.txt"])
	}
	var people []struct{ Name, Email string }
	if err := json.Unmarshal([]byte(files["account.json"]), &people); err != nil || len(people) != 1 || people[0].Email != "noor@example.org" {
		t.Errorf("got %+v, %v", people, err)
	}
	for name, content := range files {
		if strings.HasPrefix(name, "sent/") {
			if sum := sha256.Sum256([]byte(content)); hex.EncodeToString(sum[:]) != hash {
				t.Errorf("the receipt says %q, the file sums up to %x", hash, sum)
			}
		}
		if strings.HasSuffix(name, ".json") && !json.Valid([]byte(content)) {
			t.Errorf("%s is not JSON", name)
		}
		if !strings.Contains(files["README.txt"], name) && name != "README.txt" {
			t.Errorf("the readme does not name %s", name)
		}
	}
	c.holdsOriginals(t, files, who)
}

// holdsOriginals compares the bytes of uploaded files with those in the store.
func (c openCall) holdsOriginals(t *testing.T, files map[string]string, who account.ID) {
	t.Helper()
	type row struct{ Code, BlobKey string }
	rows, err := pg.Rows[row](t.Context(), c.DB, `select code, blob_key from files where owner_id = @who`, pg.Args{"who": who})
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d files, %v", len(rows), err)
	}
	for _, r := range rows {
		content, _, err := c.Store.Open(t.Context(), r.BlobKey)
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(content)
		content.Close()
		got, ok := "", false
		for name, body := range files {
			if strings.HasPrefix(name, "files/"+r.Code+".") {
				got, ok = body, true
			}
		}
		if err != nil || !ok || !bytes.Equal(want, []byte(got)) {
			t.Errorf("file %s: %d bytes in the copy, %d in the store, %v", r.Code, len(got), len(want), err)
		}
	}
}

// What an entry has been given is shown when it is told, and no sooner.
func TestLaurelsAndCertificate(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Noor", "noor@example.org")
	code := c.draft(v)
	v.fill(code)
	v.submit(code, 200)
	page := "/my/entries/" + code
	v.get(page+"/certificate", 404)
	v.get(page+"/laurel.svg", 404)
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into decisions (entry_id, outcome, actor_id) select id, 'selected', $1 from entries`, c.organizer)
		return err
	})
	v.get(page+"/certificate", 404)
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from decisions`)
		return err
	})
	c.wins(code)
	v.get(page+"/certificate", 200).says("Official selection")
	v.send(v.form(page+"/certificate").Set("award", "1").Set("name", "Salt Collective"), 200).says("Golden Farsang").says("by Salt Collective")
	v.get(page+"/certificate", 200)
	if strings.Contains(v.Body, "Salt Collective") {
		t.Error("the name was kept")
	}
	for query, want := range map[string]string{"": "Official selection", "?award=1": "Golden Farsang", "?award=1&ground=dark": "Golden Farsang"} {
		v.get(page+"/laurel.svg"+query, 200)
		words := svgWords(t, v.Body)
		if !strings.Contains(words, want) || !strings.Contains(words, "Farsang") || !strings.Contains(words, "9th edition") {
			t.Errorf("%s: the laurel says %q", query, words)
		}
		if got := v.Header.Get("Content-Disposition"); got != `attachment; filename="picture.svg"` || v.Header.Get("Content-Type") != "image/svg+xml" {
			t.Errorf("%s: %q", query, got)
		}
		if strings.Contains(v.Body, "#ffffff") != (query == "?award=1&ground=dark") {
			t.Errorf("%s: the wrong colour", query)
		}
	}
	for _, bad := range []string{"2", "-1", "x"} {
		v.get(page+"/laurel.svg?"+url.Values{"award": {bad}}.Encode(), 404)
	}
	stranger, _ := c.person("Sol", "sol@example.org")
	stranger.get(page+"/certificate", 404)
	stranger.get(page+"/laurel.svg", 404)
}

// svgWords is the text of a drawing, read as XML.
func svgWords(t *testing.T, drawing string) string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(drawing))
	var words []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			return strings.Join(words, " ")
		}
		if err != nil {
			t.Fatalf("%v:\n%s", err, drawing)
		}
		if text, ok := token.(xml.CharData); ok && len(bytes.TrimSpace(text)) > 0 {
			words = append(words, string(text))
		}
	}
}
