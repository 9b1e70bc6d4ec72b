package media_test

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/media"
)

// glance does to a film that has arrived what the first job does.
func (h house) glance(t *testing.T, id media.ID) {
	t.Helper()
	w, err := media.Begin(t.Context(), h.db, h.vault, id)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := w.Glance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.do(t, func(tx pgx.Tx) error { return media.FinishGlance(t.Context(), tx, id, seen) })
	if err := w.End(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// names are those of a file's renditions.
func (h house) names(t *testing.T, id media.ID) string {
	t.Helper()
	var all []string
	for _, r := range renditions(t, h.db, id) {
		all = append(all, string(r.Name))
	}
	return strings.Join(all, " ")
}

func (h house) asked(t *testing.T, id media.ID) (jobs int) {
	t.Helper()
	err := h.db.QueryRow(t.Context(), `select count(*) from river_job where kind = 'media' and (args ->> 'file_id')::bigint = $1`, id).Scan(&jobs)
	if err != nil {
		t.Fatal(err)
	}
	return jobs
}

// TestALongFilmIsSeenBeforeItIsMade expects the beginning of a film, clean and
// half a minute long, with what was measured, and nothing of it once the film
// is there.
func TestALongFilmIsSeenBeforeItIsMade(t *testing.T) {
	t.Parallel()
	h, folder := inFolder(t)
	f := h.adopt(t, media.Screener, makeFilm(t, "film.mp4", "62", "64x36", "-metadata", "artist="+canary))
	if n := h.asked(t, f.ID); n != 0 {
		t.Fatalf("asked for the whole film %d times before the first look", n)
	}
	h.glance(t, f.ID)
	if got := h.names(t, f.ID); got != "glance" || h.asked(t, f.ID) != 1 {
		t.Fatalf("renditions %q, asked %d times for the rest", got, h.asked(t, f.ID))
	}
	seen, err := media.ByCode(t.Context(), h.db, f.Code)
	if err != nil {
		t.Fatal(err)
	}
	if seen.State != media.Checking || seen.Findings == nil || math.Abs(seen.Findings.Seconds-62) > 0.5 || seen.Findings.Audio != "aac" {
		t.Fatalf("got %+v, found %+v", seen, seen.Findings)
	}
	beginning := bytesOf(t, h.vault.Store, renditions(t, h.db, f.ID)[0].BlobKey)
	if got := plays(t, beginning); math.Abs(got-30) > 0.5 {
		t.Errorf("the glance plays %.1f s", got)
	}
	for _, trace := range []string{canary, "Lavf", "x264"} {
		if bytes.Contains(beginning, []byte(trace)) {
			t.Errorf("the glance holds %q", trace)
		}
	}
	h.work(t, f.ID)
	if got := h.names(t, f.ID); got != "hls-360 hls-540 poster video" {
		t.Errorf("renditions %q", got)
	}
	for _, name := range stored(t, folder) {
		if content, err := os.ReadFile(filepath.Join(folder, name)); err == nil && bytes.Equal(content, beginning) {
			t.Error("the glance still lies in the store")
		}
	}
}

func TestAFirstLook(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	short := h.adopt(t, media.Screener, makeFilm(t, "film.mp4", "2", "64x36"))
	h.glance(t, short.ID)
	if got := h.names(t, short.ID); got != "" || h.asked(t, short.ID) != 1 {
		t.Errorf("a short film: renditions %q, asked %d times for the rest", got, h.asked(t, short.ID))
	}
	noFilm := h.adopt(t, media.Screener, append(makeFilm(t, "film.mp4", "2", "64x36")[:2000:2000], make([]byte, 5000)...))
	h.glance(t, noFilm.ID)
	f, err := media.ByCode(t.Context(), h.db, noFilm.Code)
	if err != nil {
		t.Fatal(err)
	}
	if f.State != media.Refused || h.asked(t, noFilm.ID) != 1 {
		t.Errorf("no film: %+v, asked %d times to encrypt it", f, h.asked(t, noFilm.ID))
	}
}

// plays is how many seconds a film plays.
func plays(t *testing.T, film []byte) float64 {
	t.Helper()
	name := filepath.Join(t.TempDir(), "film")
	write(t, name, film)
	said, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(string(said)), 64)
	if err != nil {
		t.Fatal(err)
	}
	return seconds
}
