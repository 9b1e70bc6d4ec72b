package site_test

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// link makes a link for a helper and returns its path.
func (s *sender) link(label string) string {
	s.t.Helper()
	page := "/my/works/" + s.work + "/files/links"
	s.visitor.send(s.get(page, 200).form(page).Set("label", label), 200)
	link := s.Page.First(`main input[readonly]`).Attr("value")
	if !strings.HasPrefix(link, s.h.URL+"/send/") {
		s.t.Fatalf("the link is %q", link)
	}
	if s.get(page, 200).Page.Has(`main input[readonly]`) {
		s.t.Error("the link is shown a second time")
	}
	return strings.TrimPrefix(link, s.h.URL)
}

// helper is somebody without an account who was given a link.
func (s *sender) helper() *sender { return &sender{visitor: s.h.visitor(), work: s.work, film: s.film} }

// starts begins an upload by a link.
func (s *sender) starts(link string, want int) {
	s.t.Helper()
	proof := strings.TrimPrefix(s.get(link, 200).Page.First(`main form`).Attr("action"), link)
	res, said := s.tus("POST", s.h.URL+link+"/uploads"+proof, nil, "Upload-Length", strconv.Itoa(len(s.film)))
	if res.StatusCode != want {
		s.t.Fatalf("creation: %d %s", res.StatusCode, said)
	}
	s.at = res.Header.Get("Location")
}

func TestAHelperSendsAndSeesNothingElse(t *testing.T) {
	t.Parallel()
	there := open(t)
	openTheCallOn(there)
	s := newSender(there, 300<<10)
	link := s.link("Sister")
	h := s.helper()
	h.get(link, 200)
	saysLittle(t, h.visitor, "/send/")
	for _, told := range []string{"Salt", "Mana", s.work, "Sister", "Farsang"} {
		if strings.Contains(h.Page.Text(), told) {
			t.Errorf("the helper reads %q: %s", told, h.mainText())
		}
	}
	h.starts(link, http.StatusCreated)
	half := len(h.film) / 2
	if res, said := h.patch(0, bytes.NewReader(h.film[:half])); res.StatusCode != http.StatusNoContent {
		t.Fatalf("half: %d %s", res.StatusCode, said)
	}
	h.get(link, 200).says("154 kB of 307 kB have arrived")
	s.get("/my/works/"+s.work+"/files/links", 200).says("Sister").says("154 kB of 307 kB have arrived")
	other := s.helper()
	proof := strings.TrimPrefix(other.get(link, 200).Page.First(`main [data-again]`).Attr("data-again"), link+"/key")
	res, said := other.tus("POST", s.h.URL+link+"/key"+proof, nil)
	if res.StatusCode != http.StatusCreated {
		t.Fatalf("a further device: %d %s", res.StatusCode, said)
	}
	h.at = res.Header.Get("Location")
	if got := h.offset(); got != half {
		t.Errorf("a further device goes on at %d, want %d", got, half)
	}
	if res, said := h.patch(half, bytes.NewReader(h.film[half:])); res.StatusCode != http.StatusNoContent {
		t.Fatalf("the rest: %d %s", res.StatusCode, said)
	}
	if !bytes.Equal(s.kept(), s.film) {
		t.Error("the work has another file")
	}
	h.get(link, 200).says("The file has arrived")
	for _, path := range []string{"/my/works/" + s.work, "/my/works/" + s.work + "/files/links", "/my/entries"} {
		if got := h.get(path, 200).Path; !strings.HasPrefix(got, "/sign-in") {
			t.Errorf("with the link, %s leads to %s", path, got)
		}
	}
}

func TestAHelperSendsWithoutScript(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 200<<10)
	link := s.link("Sister")
	h := s.helper()
	action := h.get(link, 200).Page.First(`main form`).Attr("action")
	h.uploadTo(action, "مادرم.txt", []byte("not a film"), 422).says("not a film that Laurel can read")
	h.uploadTo(action, "empty.mp4", nil, 422).says("0 bytes")
	h.uploadTo(action, "Mana's film.mp4", s.film, 200).says("The file has arrived")
	if !bytes.Equal(s.kept(), s.film) {
		t.Error("the work has another file")
	}
	s.get("/my/works/"+s.work+"/files/links", 200).says("The file has arrived")
}

func TestALinkThatIsTakenBackOpensNothing(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 300<<10)
	link := s.link("Friend")
	h := s.helper()
	h.starts(link, http.StatusCreated)
	if res, said := h.patch(0, bytes.NewReader(h.film[:1000])); res.StatusCode != http.StatusNoContent {
		t.Fatalf("the first bytes: %d %s", res.StatusCode, said)
	}
	page := "/my/works/" + s.work + "/files/links"
	s.visitor.send(s.get(page, 200).Page.First("main").Form(`li form`), 200).says("taken back")
	unknown := s.h.visitor().get("/send/"+strings.Repeat("x", 26), 404).mainText()
	if got := h.get(link, 404).mainText(); got != unknown {
		t.Errorf("a link that was taken back reads %q, an unknown one %q", got, unknown)
	}
	if res, _ := h.patch(1000, bytes.NewReader(h.film[1000:])); res.StatusCode != http.StatusNotFound {
		t.Errorf("its upload still takes bytes: %d", res.StatusCode)
	}
}

func TestOnlyWhoMayEditMakesLinks(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 1)
	page := "/my/works/" + s.work + "/files/links"
	form := s.get(page, 200).form(page)
	s.send(form.Set("label", ""), 422).says("Write a name of up to 60 letters")
	s.send(form.Set("label", "x").Set("days", "91"), 422).says("Choose from 1 to 90 days")
	s.send(form.Set("days", "many"), 422).says("Write a whole number")
	other, _ := s.h.person("Nobody", "nobody@example.org")
	other.get(page, 404)
}
