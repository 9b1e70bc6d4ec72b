package media_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"laurel/internal/media"
	"laurel/internal/pg"
)

// header is the beginning of a PNG file that says it measures w by h pixels.
func header(w, h uint32) string {
	chunk := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("IHDR"), w), h)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk)))
}

// A picture that is something else too is only a picture when it is shown.
func TestPolyglotsAreTamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, content := range map[string][]byte{
		"HTML in JPEG": camera(jpegOf(t, picture(900, 90)), 1),
		"ZIP in PNG":   append(pngOf(t, picture(900, 90)), "PK\x03\x04<html><script>"+canary...),
	} {
		f := h.adopt(t, media.Still, content)
		h.work(t, f.ID)
		made := renditions(t, h.db, f.ID)
		if len(made) != 4 {
			t.Errorf("%s: got %v", name, made)
		}
		for _, r := range made {
			got := bytesOf(t, h.vault.Store, r.BlobKey)
			for _, leak := range []string{canary, "Exif", "adobe", "<script>", "<html>", "PK\x03\x04", "XMP", "ICCP"} {
				if bytes.Contains(got, []byte(leak)) {
					t.Errorf("%s: %s holds %q", name, r.Name, leak)
				}
			}
			begins := map[string]string{"image/jpeg": "\xff\xd8\xff", "image/webp": "RIFF"}[r.MediaType]
			if begins == "" || !bytes.HasPrefix(got, []byte(begins)) || int64(len(got)) != r.Size {
				t.Errorf("%s: %s begins %q", name, r.Name, got[:8])
			}
			if webp := strings.HasSuffix(string(r.Name), string(media.WebP)); webp != (r.MediaType == "image/webp") {
				t.Errorf("%s: %s is %s", name, r.Name, r.MediaType)
			}
		}
	}
}

// What has arrived as an upload is refused in words too, and the next file is
// worked on as if nothing had been.
func TestPicturesThatAreRefusedAfterTheyArrived(t *testing.T) {
	t.Parallel()
	h, folder := inFolder(t)
	whole := pngOf(t, picture(300, 300))
	for content, want := range map[string]string{
		header(12_000, 12_000):           "media.too-many-pixels",
		header(100_000, 100_000):         "media.too-many-pixels",
		header(1<<31-1, 1<<31-1):         "media.unreadable",
		header(0, 5):                     "media.unreadable",
		string(whole[:len(whole)/2]):     "media.unreadable",
		"\xff\xd8\xff<script>x</script>": "media.unreadable",
	} {
		f := h.adopt(t, media.Still, []byte(content))
		h.work(t, f.ID)
		got, err := media.ByCode(t.Context(), h.db, f.Code)
		if err != nil || got.State != media.Refused || got.Refusal != want || media.Why(want).Key != want {
			t.Errorf("%.40q: got %s %q, %v", content, got.State, got.Refusal, err)
		}
		h.holdsOriginal(t, f.ID, []byte(content))
	}
	f := h.adopt(t, media.Still, whole)
	h.work(t, f.ID)
	known, err := pg.Values[string](t.Context(), h.db, `select blob_key from kept_blobs order by blob_key`, nil)
	if got := stored(t, folder); err != nil || !cmp.Equal(got, known) {
		t.Errorf("%d blobs, %d known, %v", len(got), len(known), err)
	}
}

// remix has ffmpeg write a film anew without encoding it.
func remix(t *testing.T, film []byte, name string, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "in"), film, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "ffmpeg", append(append([]string{"-v", "error", "-i", "in"}, args...), name)...)
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

// claiming is a film whose boxes of a kind say that it plays for 50 years.
func claiming(film []byte, box string, at int) []byte {
	out := slices.Clone(film)
	for from := 0; ; {
		i := bytes.Index(out[from:], []byte(box))
		if i < 0 {
			return out
		}
		from += i + 4
		binary.BigEndian.PutUint32(out[from+at:], 0x5fffffff)
	}
}

func TestHostileFilms(t *testing.T) {
	t.Parallel()
	film := makeFilm(t, "film.mp4", "2", "64x36")
	mkv := makeFilm(t, "film.mkv", "20", "64x36")
	many := []string{"-map", "0:v", "-c", "copy"}
	for range 500 {
		many = append(many, "-map", "0:a")
	}
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"500 sound tracks":                 {remix(t, film, "many.mkv", many...), ""},
		"an edit list of 50 years":         {claiming(film, "elst", 8), "any"},
		"50 years in every clock":          {claiming(claiming(claiming(film, "mvhd", 16), "mdhd", 16), "tkhd", 20), "any"},
		"cut short Matroska":               {mkv[:len(mkv)/2], "media.unreadable"},
		"an index that points into itself": {bytes.ReplaceAll(film, []byte("stco"), []byte("trak")), "any"},
		"noise in the middle":              {bytes.Replace(film, film[len(film)/3:len(film)/2], bytes.Repeat([]byte("moov"), (len(film)/2-len(film)/3)/4), 1), "any"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			f := h.screen(t, c.content)
			switch {
			case c.want == "" && f.State != media.Ready, c.want != "" && c.want != "any" && f.Refusal != c.want:
				t.Errorf("got %s %q", f.State, f.Refusal)
			case f.State == media.Ready && *f.Seconds > 3:
				t.Errorf("it plays for %d s", *f.Seconds)
			case f.State == media.Refused && media.Why(f.Refusal).Key != f.Refusal:
				t.Errorf("no words for %q", f.Refusal)
			}
			if name == "500 sound tracks" && (f.Findings == nil || f.Findings.Tracks != 500) {
				t.Errorf("got %+v", f.Findings)
			}
			h.holdsOriginal(t, f.ID, c.content)
		})
	}
}
