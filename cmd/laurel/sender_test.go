package main

import (
	"bytes"
	"encoding/base64"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"laurel/internal/account"
)

// A sender sends a file over tus, from what was acknowledged on whenever the
// line broke.
type sender struct {
	*reader
	m     *mortal
	film  []byte
	at    string       // of the upload
	acked atomic.Int64 // the highest offset that an answer gave
	sent  atomic.Int64 // bytes that were handed to the line
}

// sender has one of a file, as somebody signed in by the token.
func (m *mortal) sender(token account.Token, name string) *sender {
	m.t.Helper()
	film, err := os.ReadFile(name)
	if err != nil {
		m.t.Fatal(err)
	}
	return &sender{reader: m.reader(token), m: m, film: film}
}

// begin announces the file.
func (s *sender) begin(work, sum string) {
	s.t.Helper()
	page, err := s.get("/my/works/" + work + "/files/pieces")
	if err != nil {
		s.t.Fatal(err)
	}
	token := page.form(s.t, "/my/works/"+work+"/files/pieces").Values.Get("_token")
	meta := "role " + base64.StdEncoding.EncodeToString([]byte("screener")) + ",sha256 " + base64.StdEncoding.EncodeToString([]byte(sum))
	res, err := s.ask(http.MethodPost, "/my/works/"+work+"/uploads?_token="+token+"&_key="+account.Code(), nil,
		"Upload-Length", strconv.Itoa(len(s.film)), "Upload-Metadata", meta)
	if err != nil || res.StatusCode != http.StatusCreated {
		s.t.Fatalf("%v, %v", res, err)
	}
	at, err := res.Location()
	if err != nil {
		s.t.Fatal(err)
	}
	s.at = at.Path
}

func (s *sender) ask(method, path string, body io.Reader, headers ...string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Tus-Resumable", "1.0.0")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := s.Do(req)
	if err == nil {
		res.Body.Close()
	}
	return res, err
}

// send sends until the whole file is acknowledged.
func (s *sender) send() {
	for s.acked.Load() < int64(len(s.film)) && !s.t.Failed() {
		well := s.m.whenWell()
		res, err := s.ask(http.MethodHead, s.at, nil)
		if err == nil && res.StatusCode == http.StatusOK {
			from := s.offset(res)
			body := &drip{Reader: bytes.NewReader(s.film[from:]), count: &s.sent}
			res, err = s.ask(http.MethodPatch, s.at, body, "Upload-Offset", strconv.FormatInt(from, 10), "Content-Type", "application/offset+octet-stream")
			if err == nil && res.StatusCode == http.StatusNoContent {
				s.offset(res)
				continue
			}
		}
		<-well
	}
}

// offset is what an answer acknowledges; it never goes back.
func (s *sender) offset(res *http.Response) int64 {
	n, err := strconv.ParseInt(res.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || n < s.acked.Load() {
		s.t.Errorf("offset %d after %d, %v", n, s.acked.Load(), err)
	}
	s.acked.Store(n)
	return n
}

// drip counts what is read of it, and gives 16 MB a second.
type drip struct {
	io.Reader
	count *atomic.Int64
}

func (r *drip) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b[:min(len(b), 32<<10)])
	r.count.Add(int64(n))
	time.Sleep(2 * time.Millisecond)
	return n, err
}

// sendThrough sends the whole file while something happens so many times, at
// random bytes of it.
func (s *sender) sendThrough(times int, happens func()) {
	s.t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); s.send() }()
	share := int64(len(s.film) / (times + 1))
	for range times {
		upto := s.sent.Load() + share/8 + rand.Int64N(share*3/4)
		for late := time.Now().Add(time.Minute); s.sent.Load() < upto; time.Sleep(time.Millisecond) {
			if time.Now().After(late) {
				s.t.Fatalf("the line stands still at %d of %d bytes: %s", s.sent.Load(), upto, s.m.said)
			}
		}
		happens()
	}
	<-done
}
