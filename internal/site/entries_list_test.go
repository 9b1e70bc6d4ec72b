package site_test

import (
	"slices"
	"strings"
	"testing"
)

// A list of entries says one way on for each, and it is the next one: on to
// what is missing, then to sending, then to reading.
func TestEntriesLeadOn(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	act := func() string {
		return v.get("/my/entries", 200).Page.First("main article li .btn").Text()
	}
	if got := act(); !strings.HasPrefix(got, "Continue") {
		t.Errorf("a draft with gaps says %q", got)
	}
	v.fill(code)
	if got := act(); !strings.HasPrefix(got, "Review and submit") {
		t.Errorf("a complete draft says %q", got)
	}
	v.get("/my/entries/"+code, 200).says("Directors").says("May be public if selected")
	v.submit(code, 200)
	if got := act(); !strings.HasPrefix(got, "See the entry") {
		t.Errorf("what was sent says %q", got)
	}
}

// Who is asked whether to give something up reads the way back first.
func TestTheSafeChoiceComesFirst(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Siavash", "siavash@example.org")
	code := c.draft(v)
	work := v.get("/my/entries", 200).Page.First("main article h2 a").Attr("href")
	for _, path := range []string{"/my/entries/" + code + "/withdrawal", work + "/erasure", "/account/erasure"} {
		said := v.get(path, 200).Page.Texts("main form .btn")
		if slices.Index(said, "Keep it") != 0 || len(said) != 2 {
			t.Errorf("%s offers %q", path, said)
		}
	}
}
