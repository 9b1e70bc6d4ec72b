package media_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/jackc/pgx/v5"

	"laurel/internal/media"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
)

// subtitles receives a file of them and gives what viewers get.
func subtitles(t *testing.T, tx pgx.Tx, content, language string, within time.Duration) (string, error) {
	t.Helper()
	s := store(t)
	a, err := media.ReceiveSubtitles(t.Context(), s, strings.NewReader(content), language, within)
	if err != nil {
		return "", err
	}
	f, err := a.Keep(t.Context(), tx, nil)
	if err != nil {
		t.Fatal(err)
	}
	track, err := media.TrackOf(t.Context(), tx, f.Code, 1)
	if err != nil {
		t.Fatal(err)
	}
	if tracks, err := media.Tracks(t.Context(), tx, []media.ID{f.ID}); err != nil || len(tracks) != 1 || tracks[0].BlobKey != track.BlobKey || f.State != media.Ready {
		t.Errorf("got %v, %v, %+v", tracks, err, f)
	}
	return string(bytesOf(t, s, track.BlobKey)), nil
}

func TestSubtitlesBecomeCleanWebVTT(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	want := "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello &amp; goodbye\nsecond line\n\n00:01:02.030 --> 01:00:00.000\n1 &lt; 2\n"
	for name, content := range map[string]string{
		"SubRip": "1\r\n00:00:01,000 --> 00:00:02,500 X1:40 X2:600\r\n<i>Hello</i> & <font color=\"red\">goodbye</font>\r\n{\\an8}second line\r\n\r\n" +
			"2\r\n00:01:02,03 --> 01:00:00,000\r\n1 < 2\r\n",
		"WebVTT": "\ufeffWEBVTT " + canary + "\nX-TIMESTAMP-MAP=MPEGTS:1\n\nSTYLE\n::cue { background: url(https://" + canary + ") }\n\nREGION\nid:" + canary + "\n\nNOTE " + canary +
			"\n\n" + canary + "\n00:01.000 --> 00:02.500 position:10% line:0\n<v " + canary + ">Hello</v> &amp; <c.x>goodbye</c>\n<00:02.000>second line\n\n" +
			"00:01:02.030 --> 01:00:00.000\n1 &lt; 2\n",
		"old line ends, control characters": "1\r00:00:01,000 --> 00:00:02,500\rHello\x07 &amp; goodbye\rsecond line\r\r2\r00:01:02,030 --> 01:00:00,000\r1 < 2",
	} {
		got, err := subtitles(t, tx, content, "en", 0)
		if err != nil || got != want {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

// Whatever the letters are written in, the viewer reads the same.
func TestSubtitlesInEveryEncoding(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	for _, c := range []struct {
		language, words string
		encoding        encoding.Encoding
	}{
		{"fa", "سلام پدر، چه خبر؟ گل کجاست؟ ژاله", charmap.Windows1256},
		{"ar", "مرحبا يا عالم", charmap.Windows1256},
		{"fr", "Où est l’été ?", charmap.Windows1252},
		{"ru", "Где моё кино?", charmap.Windows1251},
		{"pl", "Zażółć gęślą jaźń", charmap.Windows1250},
		{"fa", "می‌خواهم بروم", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{"fa", "می‌خواهم بروم", unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		{"fa", "می‌خواهم بروم", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"ja", "映画を見る", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
		{"fa", "می‌خواهم بروم", unicode.UTF8},
		{"fa", "می‌خواهم بروم", unicode.UTF8BOM},
	} {
		raw, err := c.encoding.NewEncoder().String("1\n00:00:01,000 --> 00:00:02,000\n" + c.words + "\n")
		if err != nil {
			t.Fatal(err)
		}
		got, err := subtitles(t, tx, raw, c.language, 0)
		if want := "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n" + c.words + "\n"; err != nil || got != want {
			t.Errorf("%s in %v: got %q, %v", c.language, c.encoding, got, err)
		}
	}
}

func TestSubtitlesThatAreRefused(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	line := "1\n00:00:01,000 --> 00:00:02,000\nx\n\n"
	for name, c := range map[string]struct {
		content, want string
		line          int // that the sentence names
	}{
		"0 bytes":         {"", "media.empty", 0},
		"a picture":       {string(pngOf(t, picture(9, 9))), "subtitles.letters", 0},
		"no subtitles":    {"WEBVTT\n\nNOTE nothing\n", "subtitles.none", 0},
		"a letter":        {"Dear festival,\nhere are the subtitles.\n", "subtitles.no-time", 2},
		"a page":          {"<!doctype html><script>alert(1)</script>", "subtitles.no-time", 1},
		"a wrong time":    {line + "2\n00:00:03;000 --> 00:00:04,000\ny\n", "subtitles.no-time", 6},
		"ends early":      {line + "2\n00:00:04,000 --> 00:00:03,000\ny\n", "subtitles.ends-early", 5},
		"out of order":    {line + "2\n00:00:00,500 --> 00:00:03,000\ny\n", "subtitles.order", 5},
		"after the end":   {line + "2\n00:10:00,500 --> 00:10:03,000\ny\n", "subtitles.after-end", 5},
		"a novel at once": {line + "2\n00:00:03,000 --> 00:00:04,000\n" + strings.Repeat("y", 1001), "subtitles.too-long-line", 6},
		"too many":        {strings.Repeat(line, 20_001), "subtitles.too-many", 80_001},
		"half a letter":   {"1\n00:00:01,000 --> 00:00:02,000\n\x81\x8d\x9d\n", "subtitles.letters", 0},
	} {
		_, err := subtitles(t, tx, c.content, "en", time.Minute)
		p := problem.Of(err)
		if p == nil || p.Kind != problem.Invalid || p.Fields["file"].Key != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
			continue
		}
		if args := p.Fields["file"].Args; c.line > 0 && (len(args) != 2 || args[1] != c.line) {
			t.Errorf("%s: got %v, want line %d", name, args, c.line)
		}
	}
	if _, err := subtitles(t, tx, line, "English", 0); problem.Of(err) == nil || problem.Of(err).Fields["language"].Key == "" {
		t.Errorf("without a language: got %v", err)
	}
}

// endless is 2 GB of subtitles, and counts what is read of them.
type endless struct{ left, read int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p, bytes.Repeat([]byte("1\n00:00:01,000 --> 00:00:02,000\nx\n\n"), len(p)/36+1))
	e.left, e.read = e.left-int64(n), e.read+int64(n)
	return n, nil
}

func TestSubtitlesOf2GBAreNotReadToTheEnd(t *testing.T) {
	t.Parallel()
	r := &endless{left: 2 << 30}
	_, err := media.ReceiveSubtitles(t.Context(), store(t), r, "en", 0)
	if p := problem.Of(err); p == nil || p.Fields["file"].Key != "media.too-large" || r.read > media.MaxSubtitles+4096 {
		t.Errorf("got %v after %d bytes", err, r.read)
	}
}

func TestSubtitlesEndWithTheFilm(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	got, err := subtitles(t, tx, "00:00:58,000 --> 00:02:00,000\nx", "en", time.Minute)
	if want := "WEBVTT\n\n00:00:58.000 --> 00:01:00.000\nx\n"; err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
}
