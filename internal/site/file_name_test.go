package site_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
)

// TestNamesOfFilesAreNotKept sends a film under names that are meant to do
// harm, with script and without: it arrives, and the name is nowhere afterwards.
func TestNamesOfFilesAreNotKept(t *testing.T) {
	t.Parallel()
	h := open(t)
	s := newSender(h, 2000)
	const canary = "QuietCanary"
	for what, name := range map[string]string{
		"controls":      canary + "\x00\x1b[31m\r\nSet-Cookie: a=b.mp4",
		"right to left": "\u202e4pm." + canary,
		"long":          strings.Repeat(canary, 30) + ".mp4",
		"a path":        "../../../../etc/" + canary,
		"a markup":      `"><script>` + canary + `</script>.mp4`,
		"dots":          canary + "...",
		"not UTF-8":     canary + "\xff\xfe.mp4",
	} {
		s.begin(meta("filename", name, "filetype", name, "name", name))
		if res, said := s.patch(0, bytes.NewReader(s.film)); res.StatusCode != http.StatusNoContent {
			t.Errorf("%s, by tus: %d %s", what, res.StatusCode, said)
		}
		s.get("/my/works/"+s.work+"/files", 200)
		want := 200
		if what == "controls" {
			want = 422 // no browser sends them in a form
		}
		s.uploadTo(s.Page.First(`form[data-uploads]`).Attr("action"), name, s.film, want)
		if strings.Contains(s.Body, canary) {
			t.Errorf("%s: the page of the files shows the name", what)
		}
	}
	var everything string
	if err := h.DB.QueryRow(t.Context(), `select schema_to_xml('public', true, false, '')::text`).Scan(&everything); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(everything, "Salt") || strings.Contains(everything, canary) {
		t.Error("a table keeps the name of a file, or the test does not look at the tables")
	}
}
