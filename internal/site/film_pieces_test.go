package site_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// piece sends one piece of the film through the form of the page, under a name.
func (s *sender) piece(name string, data []byte) {
	s.t.Helper()
	s.get("/my/works/"+s.work+"/files/pieces", 200)
	action := s.Page.First(`form[enctype="multipart/form-data"]`).Attr("action")
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		s.t.Fatal(err)
	}
	part.Write(data)
	form.Close()
	req, err := http.NewRequestWithContext(s.t.Context(), "POST", s.h.URL+action, &body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	res, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	s.read(res, res.StatusCode)
}

func (s *sender) answers(status int, words string) {
	s.t.Helper()
	if s.Status != status || !strings.Contains(s.mainText(), words) {
		s.t.Errorf("got %d, want %d and %q:\n%.1500s", s.Status, status, words, s.mainText())
	}
}

// TestPiecesAreJoinedInOrder: pieces are joined in order; one that is out of order, or
// here already, changes nothing; the length and the SHA-256 may be left out.
func TestPiecesAreJoinedInOrder(t *testing.T) {
	t.Parallel()
	h := open(t)
	for name, known := range map[string]bool{"announced": true, "not announced": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSender(h, 250_000)
			s.t = t
			s.visitor.t = t
			page := "/my/works/" + s.work + "/files/pieces"
			s.get(page, 200)
			begin := s.form(page)
			if known {
				begin.Values.Set("size", fmt.Sprint(len(s.film)))
				begin.Values.Set("sha256", strings.ToUpper(s.claim()))
			}
			s.send(begin, 200)
			s.answers(200, "Piece 1 is next")
			s.piece("canary.002", s.film[100_000:200_000])
			s.answers(422, "This is piece 2, and piece 1 is next")
			s.piece("canary.001", s.film[:100_000])
			s.answers(200, "Piece 2 is next")
			s.piece("canary.001", s.film[:100_000])
			s.answers(422, "This is piece 1, and piece 2 is next")
			s.piece("canary.bin", s.film[:100_000])
			s.answers(422, "arrived already, as piece 1")
			s.piece("canary.002", s.film[100_000:200_000])
			s.answers(200, "Piece 3 is next")
			s.piece("last", s.film[200_000:])
			if !known {
				s.answers(200, "Piece 4 is next")
				s.send(s.form(page+"/end").Press("That was the last piece"), 200)
			}
			if s.Path != "/my/works/"+s.work+"/files?saved=screener" && s.Path != "/my/works/"+s.work+"/files" {
				t.Errorf("after the last piece: %s", s.Path)
			}
			if !bytes.Equal(s.kept(), s.film) {
				t.Error("the film differs")
			}
			if strings.Contains(s.Body, "canary") {
				t.Error("the page knows the name of the file")
			}
		})
	}
}
