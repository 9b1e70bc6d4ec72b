package site_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/pg"
)

// A sender is somebody who sends a film by the tus protocol, with as little
// knowledge of the server as the protocol asks for.
type sender struct {
	*visitor
	work string
	film []byte
	at   string // the upload's address
}

// newSender is a maker with a work, and a film of so many bytes to send.
func newSender(h *house, size int) *sender {
	h.t.Helper()
	v, who := h.person("Mana", account.Code()+"@example.org")
	var work entry.Work
	h.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		work, err = entry.Create(ctx, tx, who, entry.Film{Title: "Salt", Runtime: 600})
		return err
	})
	return &sender{visitor: v, work: work.Code, film: footage(size)}
}

// footage begins as an MP4 does and goes on with noise.
func footage(size int) []byte {
	b := make([]byte, size)
	rand.NewChaCha8([32]byte{9}).Read(b)
	copy(b, "\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41")
	return b
}

// tus sends one request of the protocol.
func (s *sender) tus(method, url string, body io.Reader, header ...string) (*http.Response, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, url, body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Tus-Resumable", "1.0.0")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	said, _ := io.ReadAll(res.Body)
	return res, string(said)
}

// creation is where uploads of the work begin, with the proof of a page.
func (s *sender) creation() string {
	s.t.Helper()
	s.get("/my/works/"+s.work+"/files", 200)
	token := s.Page.First(`input[name="_token"]`).Attr("value")
	return s.h.URL + "/my/works/" + s.work + "/uploads?_token=" + token + "&_key=" + account.Code()
}

func meta(pairs ...string) string {
	var list []string
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(list, ",")
}

func (s *sender) claim() string {
	sum := sha256.Sum256(s.film)
	return hex.EncodeToString(sum[:])
}

// begin creates the upload.
func (s *sender) begin(metadata string) {
	s.t.Helper()
	res, said := s.tus("POST", s.creation(), nil, "Upload-Length", strconv.Itoa(len(s.film)), "Upload-Metadata", metadata)
	if res.StatusCode != http.StatusCreated {
		s.t.Fatalf("creation: %d %s", res.StatusCode, said)
	}
	s.at = res.Header.Get("Location")
	if !strings.HasPrefix(s.at, s.h.URL+"/uploads/") || res.Header.Get("Upload-Expires") == "" {
		s.t.Fatalf("the upload is at %q until %q", s.at, res.Header.Get("Upload-Expires"))
	}
}

func (s *sender) patch(offset int, body io.Reader) (*http.Response, string) {
	s.t.Helper()
	return s.tus("PATCH", s.at, body, "Content-Type", "application/offset+octet-stream", "Upload-Offset", strconv.Itoa(offset))
}

// offset asks how much has arrived.
func (s *sender) offset() int {
	s.t.Helper()
	res, _ := s.tus("HEAD", s.at, nil)
	n, err := strconv.Atoi(res.Header.Get("Upload-Offset"))
	if res.StatusCode != http.StatusOK || err != nil {
		s.t.Fatalf("HEAD: %d, offset %q", res.StatusCode, res.Header.Get("Upload-Offset"))
	}
	return n
}

// kept is the one file of the work, as it lies in the store.
func (s *sender) kept() []byte {
	s.t.Helper()
	keys, err := pg.Values[string](s.t.Context(), s.h.DB, `
		select f.blob_key
		from work_files x
		join files f on f.id = x.file_id
		join works w on w.id = x.work_id
		where w.code = @work`, pg.Args{"work": s.work})
	if err != nil || len(keys) != 1 {
		s.t.Fatalf("the work has files %v, %v", keys, err)
	}
	r, _, err := s.h.Store.Open(s.t.Context(), keys[0])
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

// TestUploadOverABadLine: a film arrives bit for bit over a line that breaks at
// random bytes; what was acknowledged is never more than what lies on the disk.
func TestUploadOverABadLine(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 3<<20)
	s.begin(meta("role", "screener", "sha256", s.claim(), "filename", "canary by somebody.mp4"))
	random, cuts := rand.New(rand.NewPCG(4, 2)), 0
	for at := 0; at < len(s.film); at = s.offset() {
		part, err := pg.Value[string](t.Context(), s.h.DB, `select part from uploads`, nil)
		if err != nil {
			t.Fatal(err)
		}
		if size, err := s.h.Parts.Size(t.Context(), part); err != nil || size < int64(at) {
			t.Fatalf("%d bytes are acknowledged and %d on the disk, %v", at, size, err)
		}
		n := min(len(s.film)-at, 1+random.IntN(400_000))
		body := io.MultiReader(bytes.NewReader(s.film[at:at+n]), iotest.ErrReader(io.ErrUnexpectedEOF))
		if at+n == len(s.film) {
			body = bytes.NewReader(s.film[at:])
		}
		req, _ := http.NewRequestWithContext(t.Context(), "PATCH", s.at, body)
		req.Header = http.Header{"Tus-Resumable": {"1.0.0"}, "Content-Type": {"application/offset+octet-stream"}, "Upload-Offset": {strconv.Itoa(at)}}
		if res, err := s.client.Do(req); err == nil {
			res.Body.Close()
		} else {
			cuts++
		}
	}
	if cuts < 5 {
		t.Errorf("the line broke %d times", cuts)
	}
	if got := s.kept(); !bytes.Equal(got, s.film) {
		t.Errorf("%d bytes are kept that differ from the %d that were sent", len(got), len(s.film))
	}
	if s.offset() != len(s.film) {
		t.Error("the upload does not say that it is complete")
	}
}

func TestUploadIsRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	for name, c := range map[string]struct {
		change func(s *sender)
		claim  string
		status int
		say    string
	}{
		"another file than announced": {func(s *sender) { s.film[70_000]++ }, footage64(), 422, "SHA-256"},
		"no film":                     {func(s *sender) { copy(s.film, "<!doctype html><html><title>") }, "", 422, "not a film"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSender(h, 100_000)
			s.t = t
			c.change(s)
			s.begin(meta("sha256", c.claim))
			res, said := s.patch(0, bytes.NewReader(s.film))
			if res.StatusCode != c.status || !strings.Contains(said, c.say) {
				t.Errorf("got %d %q", res.StatusCode, said)
			}
			if res, _ := s.tus("HEAD", s.at, nil); res.StatusCode != http.StatusGone {
				t.Errorf("HEAD of a refused upload: %d", res.StatusCode)
			}
			left, err := pg.Value[int](t.Context(), h.DB, `select count(*)::integer from work_files x join works w on w.id = x.work_id where w.code = @work`, pg.Args{"work": s.work})
			if err != nil || left != 0 {
				t.Errorf("%d files, %v", left, err)
			}
			part, err := pg.Value[string](t.Context(), h.DB, `select u.part from uploads u join works w on w.id = u.work_id where w.code = @work`, pg.Args{"work": s.work})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.Parts.Size(t.Context(), part); err == nil {
				t.Error("the bytes are still there")
			}
		})
	}
}

// footage64 is the SHA-256 of 100,000 bytes of footage.
func footage64() string {
	sum := sha256.Sum256(footage(100_000))
	return hex.EncodeToString(sum[:])
}

func TestUploadStatuses(t *testing.T) {
	t.Parallel()
	h := open(t)
	s := newSender(h, 10_000)
	for name, c := range map[string]struct {
		length, metadata string
		status           int
		say              string
	}{
		"empty":        {"0", "", 422, "0 bytes"},
		"too large":    {"20000000001", "", 413, "larger than 20 GB"},
		"unknown role": {"10", meta("role", "poster"), 404, ""},
		"no SHA-256":   {"10", meta("sha256", "abc"), 422, "SHA-256"},
		"no length":    {"", "", 400, ""},
	} {
		res, said := s.tus("POST", s.creation(), nil, "Upload-Length", c.length, "Upload-Metadata", c.metadata)
		if res.StatusCode != c.status || !strings.Contains(said, c.say) || strings.Contains(said, "<") {
			t.Errorf("%s: got %d %q", name, res.StatusCode, said)
		}
	}
	s.begin("")
	if res, said := s.patch(5, strings.NewReader("x")); res.StatusCode != http.StatusConflict {
		t.Errorf("a stale offset: %d %s", res.StatusCode, said)
	}
	if res, _ := s.patch(0, bytes.NewReader(make([]byte, 10_001))); res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("more than announced: %d", res.StatusCode)
	}
	if res, _ := s.tus("HEAD", h.URL+"/uploads/"+strings.Repeat("X", 26), nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown key: %d", res.StatusCode)
	}
	res, _ := s.tus("OPTIONS", s.at, nil)
	if got := res.Header.Get("Tus-Extension"); !strings.Contains(got, "expiration") || res.Header.Get("Tus-Max-Size") != "20000000000" {
		t.Errorf("got %q %v", got, res.Header)
	}
	if res, _ := s.tus("DELETE", s.at, nil); res.StatusCode != http.StatusNoContent {
		t.Errorf("DELETE: %d", res.StatusCode)
	}
	for _, method := range []string{"HEAD", "DELETE"} {
		if res, _ := s.tus(method, s.at, nil); res.StatusCode != http.StatusGone {
			t.Errorf("%s of what was stopped: %d", method, res.StatusCode)
		}
	}
	for _, header := range []string{"Access-Control-Allow-Origin", "Access-Control-Expose-Headers"} {
		if res, _ := s.tus("HEAD", s.at, nil, "Origin", "https://elsewhere.example"); res.Header.Get(header) != "" {
			t.Errorf("%s: %q", header, res.Header.Get(header))
		}
	}
	if res, _ := s.tus("PATCH", s.at, nil, "Sec-Fetch-Site", "cross-site"); res.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: %d", res.StatusCode)
	}
}

// TestSameFormIsOneUpload: an answer that was lost costs nothing.
func TestSameFormIsOneUpload(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 10_000)
	form, places := s.creation(), map[string]bool{}
	for range 3 {
		res, said := s.tus("POST", form, nil, "Upload-Length", "10000")
		if res.StatusCode != http.StatusCreated {
			t.Fatalf("%d %s", res.StatusCode, said)
		}
		s.at = res.Header.Get("Location")
		places[s.at] = true
	}
	if n, err := pg.Value[int](t.Context(), s.h.DB, `select count(*)::integer from uploads`, nil); err != nil || n != 1 || len(places) != 3 {
		t.Errorf("%d uploads under %d keys, %v", n, len(places), err)
	}
	if res, said := s.patch(0, bytes.NewReader(s.film[:4000])); res.StatusCode != http.StatusNoContent || res.Header.Get("Upload-Offset") != "4000" {
		t.Errorf("%d %s %v", res.StatusCode, said, res.Header)
	}
	for at := range places {
		s.at = at
		if got := s.offset(); got != 4000 {
			t.Errorf("a key of the same upload says %d", got)
		}
	}
	if res, said := s.tus("POST", form, nil, "Upload-Length", "9999"); res.StatusCode != http.StatusCreated {
		t.Errorf("another file from the same page: %d %s", res.StatusCode, said)
	}
}

// TestHangingLineLetsGo: a line that hangs with half a slice does not keep out
// who comes back, and what it brought counts.
func TestHangingLineLetsGo(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 50_000)
	s.begin("")
	stale := *s
	other := newSender(s.h, 1)
	stale.client = other.client // a line of its own
	pipe, hang := io.Pipe()
	defer hang.Close()
	ended := make(chan string, 1)
	go func() {
		req, _ := http.NewRequestWithContext(t.Context(), "PATCH", s.at, pipe)
		req.ContentLength = 50_000
		req.Header = http.Header{"Tus-Resumable": {"1.0.0"}, "Content-Type": {"application/offset+octet-stream"}, "Upload-Offset": {"0"}}
		res, err := stale.client.Do(req)
		if err != nil {
			ended <- err.Error()
			return
		}
		res.Body.Close()
		ended <- res.Status
	}()
	if _, err := hang.Write(s.film[:20_000]); err != nil {
		t.Fatal(err)
	}
	began, at := time.Now(), 0
	for at == 0 && time.Since(began) < 10*time.Second { // until the server has begun to read
		at = s.offset()
	}
	if at == 0 || at > 20_000 {
		t.Fatalf("after %v the upload stands at %d", time.Since(began), at)
	}
	if res, said := s.patch(at, bytes.NewReader(s.film[at:])); res.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", res.StatusCode, said)
	}
	hang.CloseWithError(io.ErrUnexpectedEOF)
	if got := <-ended; strings.HasPrefix(got, "2") {
		t.Errorf("the line that hung was told %s", got)
	}
	if !bytes.Equal(s.kept(), s.film) {
		t.Error("the film differs")
	}
}

// TestExpiredUpload moves the row's time instead of the clock's.
func TestExpiredUpload(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 10_000)
	s.begin("")
	s.patch(0, bytes.NewReader(s.film[:3000]))
	later := func(days int) {
		_, err := s.h.DB.Exec(t.Context(), fmt.Sprintf(`update uploads set last_byte_at = last_byte_at - interval '%d days', expires_at = expires_at - interval '%[1]d days'`, days))
		if err != nil {
			t.Fatal(err)
		}
	}
	later(29)
	if got := s.offset(); got != 3000 {
		t.Errorf("after 29 days it stands at %d", got)
	}
	later(2)
	if res, _ := s.tus("HEAD", s.at, nil); res.StatusCode != http.StatusGone {
		t.Errorf("after 31 days: %d", res.StatusCode)
	}
	if res, said := s.patch(3000, bytes.NewReader(s.film[3000:])); res.StatusCode != http.StatusGone || !strings.Contains(said, "30 days") {
		t.Errorf("after 31 days: %d %s", res.StatusCode, said)
	}
}
