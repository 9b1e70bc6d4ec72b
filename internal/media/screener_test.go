package media_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/media"
	"laurel/internal/pgtest"
	"laurel/internal/seal"
)

// makeFilm has ffmpeg make a film of the given seconds and size, with more
// arguments before the output.
func makeFilm(t *testing.T, name, seconds, size string, more ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("ffmpeg is not here (README, Tests, says what the tests need)")
	}
	dir := t.TempDir()
	chapters := ";FFMETADATA1\ntitle=" + canary + "\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=1\ntitle=" + canary + "\n"
	subtitles := "1\n00:00:00,000 --> 00:00:01,000\n" + canary + "\n"
	for file, text := range map[string]string{"meta": chapters, "sub.srt": subtitles, "note.ttf": canary} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"-v", "error", "-f", "lavfi", "-i", "testsrc=duration=" + seconds + ":size=" + size + ":rate=10",
		"-f", "lavfi", "-i", "sine=duration=" + seconds, "-i", "sub.srt", "-i", "meta",
		"-map", "0", "-map", "1", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"}
	cmd := exec.CommandContext(t.Context(), "ffmpeg", append(append(args, more...), name)...)
	cmd.Dir = dir
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// A house is a database and a store with what opens it.
type house struct {
	db    *pgxpool.Pool
	vault media.Vault
}

func newHouse(t *testing.T) house {
	t.Helper()
	return house{pgtest.Pool(t), media.Vault{Store: store(t), Seals: seal.Passing()}}
}

// work does to a file what the job does.
func (h house) work(t *testing.T, id media.ID) {
	t.Helper()
	w, err := media.Begin(t.Context(), h.db, h.vault, id)
	if err != nil {
		t.Fatal(err)
	}
	made, err := w.Make(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if made != nil {
		h.do(t, func(tx pgx.Tx) error { return media.Finish(t.Context(), tx, made) })
	}
	sealed, err := w.Seal(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if sealed != nil {
		h.do(t, func(tx pgx.Tx) error { return media.FinishSeal(t.Context(), tx, sealed) })
	}
	if err := errors.Join(w.Tidy(t.Context()), w.End(t.Context())); err != nil {
		t.Fatal(err)
	}
}

func (h house) do(t *testing.T, what func(pgx.Tx) error) {
	t.Helper()
	if err := pgx.BeginFunc(t.Context(), h.db, what); err != nil {
		t.Fatal(err)
	}
}

// screen sends a film through everything and gives its file afterwards.
func (h house) screen(t *testing.T, content []byte) media.File {
	t.Helper()
	var f media.File
	h.do(t, func(tx pgx.Tx) error {
		f = receive(t, tx, h.vault.Store, media.Screener, content)
		return nil
	})
	if f.State != media.Checking {
		t.Fatalf("got %+v", f)
	}
	h.work(t, f.ID)
	f, err := media.ByCode(t.Context(), h.db, f.Code)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestScreenerLosesItsMetadata(t *testing.T) {
	t.Parallel()
	tagged := []string{
		"-map", "2", "-map_metadata", "3", "-map_chapters", "3", "-metadata", "artist=" + canary, "-metadata", "comment=" + canary,
		"-metadata", "location=+35.6892+051.3890/", "-metadata:s:v:0", "handler_name=" + canary, "-metadata:s:a:0", "handler_name=" + canary,
		"-metadata:s:a:0", "title=" + canary, "-metadata:s:s:0", "title=" + canary, "-metadata:s:s:0", "handler_name=" + canary, "-metadata:s:s:0", "language=per", "-metadata", "creation_time=2026-01-02T03:04:05Z",
	}
	for name, more := range map[string][]string{
		"film.mp4": append([]string{"-c:s", "mov_text", "-movflags", "use_metadata_tags"}, tagged...),
		"film.mkv": append([]string{"-c:s", "srt", "-attach", "note.ttf", "-metadata:s:t", "mimetype=font/ttf"}, tagged...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			content := makeFilm(t, name, "2", "1312x738", more...)
			if !bytes.Contains(content, []byte(canary)) || !bytes.Contains(content, []byte("x264 - core")) {
				t.Fatal("the film that came holds no canary")
			}
			f := h.screen(t, content)
			if f.State != media.Ready || *f.Seconds != 2 || *f.Width != 1280 || *f.Height != 720 {
				t.Fatalf("got %+v", f)
			}
			lookForTraces(t, h, f)
		})
	}
}

func lookForTraces(t *testing.T, h house, f media.File) {
	t.Helper()
	made := renditions(t, h.db, f.ID)
	if len(made) != 5 {
		t.Fatalf("got %v", made)
	}
	for _, r := range made {
		content := bytesOf(t, h.vault.Store, r.BlobKey)
		for _, leak := range []string{canary, "35.6892", "x264 - core", "cabac=", "Lavf", "2026-01-02", "mov_text", "tx3g", "chpl"} {
			if bytes.Contains(content, []byte(leak)) {
				t.Errorf("%s holds %q", r.Name, leak)
			}
		}
		if strings.HasPrefix(string(r.Name), "hls-") && !bytes.HasPrefix(content[4:], []byte("ftyp")) {
			t.Errorf("%s begins %q", r.Name, content[:8])
		}
		if r.Name == media.Video && bytes.Index(content, []byte("moov")) > bytes.Index(content, []byte("mdat")) {
			t.Error("the index of the film does not come first")
		}
	}
	// Of its subtitles there is what is read aloud, and not what they are called.
	tracks, err := media.Tracks(t.Context(), h.db, []media.ID{f.ID})
	if err != nil || len(tracks) != 1 || f.Findings.Subtitles != 1 || f.Findings.Unread != 0 {
		t.Fatalf("got %v, %+v, %v", tracks, f.Findings, err)
	}
	got := strings.Split(string(bytesOf(t, h.vault.Store, tracks[0].BlobKey)), "\n")
	if len(got) != 5 || got[0] != "WEBVTT" || !strings.HasPrefix(got[2], "00:00:00.0") || got[3] != canary || tracks[0].Language != "fa" {
		t.Errorf("got %q in %q", got, tracks[0].Language)
	}
}

func TestScreenersOfEveryShape(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, size    string
		more          []string
		width, height int
	}{
		{"film.mov", "320x180", nil, 320, 180},
		{"film.webm", "320x180", []string{"-c:v", "libvpx", "-c:a", "libvorbis"}, 320, 180},
		{"tall.mp4", "1080x1920", nil, 404, 720},
		{"wide.mp4", "720x576", []string{"-vf", "setsar=64/45"}, 1024, 576},
		{"silent.mp4", "320x180", []string{"-an"}, 320, 180},
		{"prores.mov", "320x180", []string{"-c:v", "prores_ks", "-pix_fmt", "yuv422p10le", "-c:a", "pcm_s24le"}, 320, 180},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			f := h.screen(t, makeFilm(t, c.name, "2", c.size, c.more...))
			if f.State != media.Ready || *f.Width != c.width || *f.Height != c.height || *f.Seconds != 2 {
				t.Errorf("got %s %s", f.State, f.Refusal)
				if f.Width != nil {
					t.Errorf("%d × %d, %d s", *f.Width, *f.Height, *f.Seconds)
				}
			}
		})
	}
}

func TestScreenersThatAreRefused(t *testing.T) {
	t.Parallel()
	late := makeFilm(t, "film.mp4", "20", "320x180")
	early := makeFilm(t, "early.mp4", "20", "320x180", "-movflags", "+faststart")
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"cut before its index":  {late[:len(late)/2], "media.unreadable"},
		"cut after its index":   {early[:len(early)/2], "media.unreadable"},
		"playlist after a box":  {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"), "media.unreadable"},
		"noise after a box":     {[]byte("\x00\x00\x00\x18ftypmp42" + strings.Repeat("noise", 1000)), "media.unreadable"},
		"matroska in name only": {[]byte("\x1a\x45\xdf\xa3" + strings.Repeat("noise", 1000)), "media.unreadable"},
		"sound alone":           {makeFilm(t, "sound.mp4", "2", "320x180", "-vn"), "media.no-picture"},
		"half a second":         {makeFilm(t, "short.mp4", "0.5", "320x180"), "media.too-short"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			f := h.screen(t, c.content)
			if f.State != media.Refused || f.Refusal != c.want {
				t.Errorf("got %s %q, want %q", f.State, f.Refusal, c.want)
			}
			if why := media.Why(f.Refusal); why.Key != c.want {
				t.Errorf("got %v", why)
			}
		})
	}
}
