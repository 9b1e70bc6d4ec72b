package site_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/entry"
	"laurel/internal/htmltest"
	"laurel/internal/jurytest"
	"laurel/internal/pgtest"
)

// A cinema is a house with a film in it that can be watched.
type cinema struct {
	*house
	st     *jurytest.Stage
	film   entry.ID
	maker  account.ID
	file   string // the film's code
	bytes  []byte // of its one blob, which stands for any film
	pieces []int  // where they begin; the first is what a player needs to begin
}

// newCinema gives a film of so many bytes to so many jurors.
func newCinema(t testing.TB, jurors, size int) *cinema {
	t.Helper()
	pool := pgtest.Pool(t)
	c := &cinema{house: openOn(t, pool), st: jurytest.New(t, pool, jurors, 0), file: strings.Repeat("m", 26), bytes: make([]byte, size)}
	c.maker = c.st.Account("Mana", c.st.Email("mana"))
	c.film = c.st.Film("Ours", c.maker)
	for _, j := range c.st.Jurors {
		c.st.Give(j, c.film)
	}
	noise := rand.NewChaCha8([32]byte{25})
	noise.Read(c.bytes)
	c.pieces = []int{0, size / 100, size / 3, size / 2}
	c.show(c.file, c.film)
	return c
}

// show puts the film under a code into an entry, whole, in pieces and with
// subtitles.
func (c *cinema) show(code string, film entry.ID) {
	c.t.Helper()
	keys := map[string]string{}
	for name, body := range map[string][]byte{"video": c.bytes, "hls-360": c.bytes, "poster": []byte("poster"), "vtt": []byte("WEBVTT\n\n00:01.000 --> 00:02.000\nSalt.\n")} {
		keys[name] = blob.Key()
		if _, err := c.Store.Put(c.t.Context(), keys[name], bytes.NewReader(body)); err != nil {
			c.t.Fatal(err)
		}
	}
	segments := make([]string, 0, len(c.pieces))
	for i, at := range c.pieces[1:] {
		end := len(c.bytes)
		if i+2 < len(c.pieces) {
			end = c.pieces[i+2]
		}
		segments = append(segments, fmt.Sprintf(`{"o": %d, "l": %d, "s": 4}`, at, end-at))
	}
	playlist := fmt.Sprintf(`{"codecs": "avc1.42c01e", "bandwidth": 450000, "average": 390000, "init": {"o": 0, "l": %d}, "segments": [%s]}`,
		c.pieces[1], strings.Join(segments, ","))
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `insert into files (code, kind, state, media_type, size, sha256, blob_key, seconds) values ($1, 'screener', 'ready', 'video/mp4', 1, '', $2, 12) returning id`,
			code, blob.Key()).Scan(&id)
		if err != nil {
			return err
		}
		for _, sql := range []string{
			`insert into renditions (file_id, name, media_type, size, blob_key, width, height) values ($1, 'video', 'video/mp4', 1, '` + keys["video"] + `', 640, 360)`,
			`insert into renditions (file_id, name, media_type, size, blob_key, width, height) values ($1, 'poster', 'image/jpeg', 1, '` + keys["poster"] + `', 640, 360)`,
			`insert into renditions (file_id, name, media_type, size, blob_key, width, height, playlist) values ($1, 'hls-360', 'video/mp4', 1, '` + keys["hls-360"] + `', 640, 360, '` + playlist + `')`,
			`insert into subtitles (file_id, number, language, cues, seconds, size, sha256, blob_key) values ($1, 1, 'en', 1, 2, 1, '', '` + keys["vtt"] + `')`,
			fmt.Sprintf(`insert into entry_files (entry_id, file_id, role, position) values (%d, $1, 'screener', 1)`, film),
			fmt.Sprintf(`insert into work_files (work_id, file_id, role, position) select work_id, $1, 'screener', 1 from entries where id = %d`, film),
		} {
			if _, err := tx.Exec(ctx, sql, id); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		return nil
	})
}

// A portion is a part of a film as it was answered.
type portion struct {
	status int
	header http.Header
	body   []byte
}

// piece asks for bytes of something of the film.
func (v *visitor) piece(path, span string, headers ...string) portion {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.h.URL+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	if span != "" {
		req.Header.Set("Range", "bytes="+span)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := v.client.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return portion{res.StatusCode, res.Header, body}
}

func (c *cinema) enter(who account.ID) *visitor {
	c.t.Helper()
	v := c.visitor()
	if who != 0 {
		v.signInAs(who)
	}
	return v
}

// A film comes in pieces that are put together to the byte; nothing in an answer
// names it, and what one reader keeps is of no use to another.
func TestFilmInPieces(t *testing.T) {
	t.Parallel()
	c := newCinema(t, 2, 100_000)
	v, other := c.enter(c.st.Jurors[0]), c.enter(c.st.Jurors[1])
	base := "/files/" + c.file + "/"
	if list := v.get(base+"master.m3u8", 200).Body; !strings.Contains(list, "\nhls-360.m3u8\n") {
		t.Errorf("the list of renditions is\n%s", list)
	}
	var whole []byte
	list := v.get(base+"hls-360.m3u8", 200).Body
	for line := range strings.Lines(list) {
		var length, offset int
		_, span, ok := strings.Cut(line, "BYTERANGE")
		if !ok {
			continue
		}
		if _, err := fmt.Sscanf(strings.Trim(span, `:="`), "%d@%d", &length, &offset); err != nil {
			t.Fatal(err)
		}
		got := v.piece(base+"hls-360", fmt.Sprintf("%d-%d", offset, offset+length-1))
		if got.status != http.StatusPartialContent || len(got.body) != length {
			t.Fatalf("a piece was answered with %d and %d bytes of %d", got.status, len(got.body), length)
		}
		whole = append(whole, got.body...)
	}
	if !bytes.Equal(whole, c.bytes) {
		t.Errorf("the pieces are not the film: %d bytes of %d", len(whole), len(c.bytes))
	}
	for _, name := range []string{"master.m3u8", "hls-360.m3u8", "hls-360", "video", "poster", "subtitles/1.vtt"} {
		a, b := v.piece(base+name, ""), other.piece(base+name, "")
		h := a.header
		if a.status != 200 || h.Get("ETag") == "" || h.Get("ETag") == b.header.Get("ETag") || h.Get("Cache-Control") != "private, no-cache" ||
			h.Get("Last-Modified") != "" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Disposition") != "inline" {
			t.Errorf("%s: %d %v", name, a.status, h)
		}
	}
}

// TestFilmIsWithdrawnAtOnce: the next piece after a right has ended is answered
// as one of a film that never was, whichever way it is asked for, and to who kept
// a copy. What ends a right is tested where rights are read.
func TestFilmIsWithdrawnAtOnce(t *testing.T) {
	t.Parallel()
	c := newCinema(t, 1, 1000)
	base := "/files/" + c.file + "/"
	juror, organizer, maker := c.enter(c.st.Jurors[0]), c.enter(c.st.Organizer), c.enter(c.maker)
	for _, end := range []struct {
		sql string
		of  *visitor
	}{
		{`update seats set left_at = clock_timestamp()`, juror},
		{`update entries set state = 'withdrawn'`, organizer},
		{`delete from sessions`, maker},
	} {
		tag := end.of.piece(base+"hls-360", "0-9").header.Get("ETag")
		c.do(func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, end.sql)
			return err
		})
		for _, name := range []string{"hls-360", "video", "poster", "master.m3u8", "hls-360.m3u8", "subtitles/1.vtt"} {
			got, want := end.of.piece(base+name, "10-19"), end.of.piece("/files/"+strings.Repeat("n", 26)+"/"+name, "10-19")
			if tag == "" || got.status != http.StatusNotFound || got.like(t) != want.like(t) {
				t.Errorf("after %q %s is answered\n%s\nand what never was\n%s", end.sql, name, got.like(t), want.like(t))
			}
		}
		if got := end.of.piece(base+"hls-360", "", "If-None-Match", tag); got.status != http.StatusNotFound {
			t.Errorf("after %q a copy is answered %d", end.sql, got.status)
		}
	}
}

// like is all of an answer but what differs between any two: the request's
// number, and forms' proofs in the frame of the page.
func (p portion) like(t *testing.T) string {
	h := p.header.Clone()
	for _, name := range []string{"X-Request-Id", "Date", "Content-Length"} {
		h.Del(name)
	}
	return fmt.Sprint(p.status, h, htmltest.Parse(t, string(p.body)).First("main").HTML())
}
