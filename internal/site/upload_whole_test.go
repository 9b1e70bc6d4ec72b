package site_test

import (
	"bytes"
	"context"
	"fmt"
	"hash"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"laurel/internal/blob"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/site"
	"laurel/internal/upload"
)

// roomy is a maker at a house that takes so much, and the disk it writes to.
func roomy(t *testing.T, room upload.Limits) *sender {
	t.Helper()
	return newSender(openWith(t, pgtest.Pool(t), func(c *site.Config) { c.Room = room }), 300_000)
}

// action is where the page's form for a role sends.
func (s *sender) action(role string) string {
	s.t.Helper()
	s.get(s.files(), 200)
	for _, f := range s.Page.All("form") {
		if strings.HasPrefix(f.Attr("action"), s.files()+"/"+role+"?") {
			return f.Attr("action")
		}
	}
	s.t.Fatalf("no form for %s", role)
	return ""
}

// nothingStays demands that neither table nor folder has anything of a file.
func (s *sender) nothingStays() {
	s.t.Helper()
	n, err := pg.Value[int](s.t.Context(), s.h.DB, `select ((select count(*) from files) + (select count(*) from uploads where state in ('open', 'complete')))::integer`, nil)
	if err != nil || n != 0 {
		s.t.Errorf("%d rows of files stay, %v", n, err)
	}
	keys, err := s.h.Parts.Keys(s.t.Context())
	if err != nil || len(keys) != 0 {
		s.t.Errorf("parts %v stay, %v", keys, err)
	}
}

// Without script a film comes by the same road as any other: as an upload.
func TestAFilmInOneForm(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 3<<20)
	to := s.action("screener")
	s.uploadTo(to, "canary.mp4", s.film, 200)
	s.says("Your film has arrived")
	if !bytes.Equal(s.kept(), s.film) {
		t.Error("the film differs")
	}
	s.uploadTo(to, "canary.mp4", s.film, 200) // the button was pressed twice
	n, err := pg.Values[string](t.Context(), s.h.DB, `select state from uploads`, nil)
	if err != nil || len(n) != 1 || n[0] != "complete" {
		t.Errorf("uploads are %v, %v", n, err)
	}
}

// What has no room is refused with the same words whichever way it comes, and
// nothing of it stays; what was chosen beside the file is chosen still.
func TestFormsAskForRoom(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		room   upload.Limits
		status int
		say    string
	}{
		"a film's own":      {upload.Limits{Screener: 20e9, Work: 10}, 413, "All files of a film may have"},
		"the installation":  {upload.Limits{Screener: 20e9, All: 10}, 507, "There is no room for more files just now"},
		"the disk":          {upload.Limits{Screener: 20e9, Reserve: 1 << 60}, 507, "There is no room for more files just now"},
		"the greatest film": {upload.Limits{Screener: 100_000}, 422, "This file is larger than 100 kB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := roomy(t, c.room)
			s.uploadTo(s.action("screener"), "a.mp4", s.film, c.status).says(c.say)
			if !s.Page.Has("#screener-file-e") {
				t.Error("no sentence beside the film")
			}
			if c.room.Screener == 100_000 {
				s.nothingStays()
				return
			}
			s.uploadTo(s.action("still"), "a.jpg", picture(t), c.status).says(c.say)
			if !s.Page.Has("#still-file-e") {
				t.Error("no sentence beside the still")
			}
			s.get(s.files(), 200)
			s.subtitle("fr", "1\n00:00:01,000 --> 00:00:02,000\nSalt.\n", c.status).says(c.say)
			if !s.Page.Has(`#subtitles-language option[value="fr"][selected]`) {
				t.Error("the language is forgotten")
			}
			s.get(s.files()+"/pieces", 200)
			begin := s.form(s.files() + "/pieces")
			begin.Values.Set("size", "250000")
			begin.Values.Set("sha256", s.claim())
			s.send(begin, c.status).says(c.say)
			if got := s.form(s.files() + "/pieces").Values; got.Get("size") != "250000" || got.Get("sha256") != s.claim() {
				t.Errorf("what was typed is forgotten: %v", got)
			}
			s.nothingStays()
		})
	}
}

// A form that does not say how long it is, or has less room than it needs when
// it has begun, is stopped where the room ends.
func TestRoomEndsUnderAForm(t *testing.T) {
	t.Parallel()
	s := roomy(t, upload.Limits{Screener: 20e9, Work: 200_000})
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, _ := form.CreateFormFile("file", "a.mp4")
	part.Write(s.film)
	form.Close()
	req, err := http.NewRequestWithContext(t.Context(), "POST", s.h.URL+s.action("screener"), io.MultiReader(&body)) // chunked
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	res, err := s.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	s.read(res, 413).says("All files of a film may have 200 kB together")
	s.nothingStays()
}

// filling is a disk that is full after so many bytes.
type filling struct {
	*blob.Parts
	left int64
}

func (f *filling) Write(ctx context.Context, key string, offset int64, r io.Reader, sum hash.Hash) (int64, error) {
	n, err := f.Parts.Write(ctx, key, offset, io.LimitReader(r, f.left), sum)
	f.left -= n
	if err == nil && f.left == 0 {
		err = syscall.ENOSPC
	}
	return n, err
}

// A disk that fills up in the middle of a film says so, whatever the tables say
// of room.
func TestTheDiskFillsUnderAForm(t *testing.T) {
	t.Parallel()
	h := openWith(t, pgtest.Pool(t), func(c *site.Config) { c.Disk = &filling{c.Parts, 150_000} })
	s := newSender(h, 300_000)
	s.uploadTo(s.action("screener"), "a.mp4", s.film, 507).says("There is no room for more files just now")
	s.nothingStays()
}

// A line that breaks in the middle of a form leaves no half film behind.
func TestALineBreaksUnderAForm(t *testing.T) {
	t.Parallel()
	s := newSender(open(t), 300_000)
	to := s.action("screener")
	address, _ := url.Parse(s.h.URL)
	conn, err := net.Dial("tcp", address.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: multipart/form-data; boundary=edge\r\nContent-Length: 300200\r\n", to, address.Host)
	for _, c := range s.client.Jar.Cookies(address) {
		fmt.Fprintf(conn, "Cookie: %s\r\n", c)
	}
	fmt.Fprint(conn, "\r\n--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\n")
	conn.Write(s.film[:200_000])
	conn.(*net.TCPConn).CloseWrite()
	io.Copy(io.Discard, conn) // until the server is done with it
	s.get(s.files(), 200)
	if strings.Contains(s.mainText(), "Your film has arrived") {
		t.Error("half a film has arrived")
	}
	s.nothingStays()
}
