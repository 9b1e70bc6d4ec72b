package media_test

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"laurel/internal/media"
)

// A player that has the beginning and any one segment can show it: ffprobe, as
// somebody else's player, reads each on its own.
func TestSegmentsPlayOnTheirOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.screen(t, makeFilm(t, "film.mp4", "5", "976x550", "-vf", "noise=alls=60:allf=t", "-b:v", "8M", "-maxrate", "8M", "-bufsize", "8M"))
	ladder, err := media.Ladder(t.Context(), h.db, f.Code)
	if err != nil || len(ladder) != 3 {
		t.Fatalf("got %+v, %v", ladder, err)
	}
	for i, want := range []struct{ most, width, height int }{{440_000, 638, 360}, {1_450_000, 958, 540}, {3_600_000, 976, 550}} {
		r := ladder[i]
		if r.Playlist.Bandwidth > want.most || r.Playlist.Average > r.Playlist.Bandwidth || r.Width != want.width || r.Height != want.height {
			t.Errorf("%s: %d bits a second, %d × %d", r.Name, r.Playlist.Bandwidth, r.Width, r.Height)
		}
		if !strings.HasPrefix(r.Playlist.Codecs, "avc1.6400") || !strings.HasSuffix(r.Playlist.Codecs, ",mp4a.40.2") {
			t.Errorf("%s: %s", r.Name, r.Playlist.Codecs)
		}
		h.playsInPieces(t, r)
	}
	if again, err := media.RungOf(t.Context(), h.db, f.Code, ladder[1].Name); err != nil || again.BlobKey != ladder[1].BlobKey {
		t.Errorf("got %+v, %v", again, err)
	}
}

// TestNoiseKeepsToTheLine: the lightest rendition is for a line of 400 kbit/s
// whatever the film shows. Nothing is harder than noise, in picture and sound,
// and many pictures a second.
func TestNoiseKeepsToTheLine(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.screen(t, makeFilm(t, "film.mp4", "6", "640x360", "-vf", "fps=50,noise=alls=100:allf=t+u", "-b:v", "12M", "-maxrate", "12M", "-bufsize", "12M", "-af", "aeval=random(0)*2-1:c=same"))
	ladder, err := media.Ladder(t.Context(), h.db, f.Code)
	if err != nil || len(ladder) != 2 {
		t.Fatalf("got %+v, %v", ladder, err)
	}
	p := ladder[0].Playlist
	for _, s := range p.Segments { // the test's own sum
		if rate := float64(s.Length*8) / s.Seconds; s.Seconds >= 1.9 && rate > 440_000 {
			t.Errorf("a segment of %.1f s takes %.0f bits a second", s.Seconds, rate)
		}
	}
	t.Logf("%d bits a second at most, %d on average", p.Bandwidth, p.Average)
	if p.Bandwidth > 440_000 || p.Average < 200_000 {
		t.Errorf("%d bits a second at most, %d on average", p.Bandwidth, p.Average)
	}
	if next := ladder[1].Playlist.Average; next < 2*p.Average {
		t.Errorf("the film is no hard one: the next rendition takes %d bits a second", next)
	}
}

func (h house) playsInPieces(t *testing.T, r media.Rung) {
	t.Helper()
	all := bytesOf(t, h.vault.Store, r.BlobKey)
	p := r.Playlist
	end, seconds := p.Init.Offset+p.Init.Length, 0.0
	for i, s := range p.Segments {
		if s.Offset != end {
			t.Errorf("%s: segment %d does not follow the one before", r.Name, i)
		}
		end, seconds = s.Offset+s.Length, seconds+s.Seconds
		name := filepath.Join(t.TempDir(), "piece.mp4")
		if err := os.WriteFile(name, append(all[p.Init.Offset:p.Init.Length:p.Init.Length], all[s.Offset:end]...), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-count_frames", "-read_intervals", "%+#1", "-select_streams", "v",
			"-show_entries", "frame=key_frame", "-of", "csv=p=0", name).CombinedOutput()
		if err != nil || !strings.HasPrefix(string(out), "1") {
			t.Errorf("%s: segment %d does not begin with a whole picture: %s, %v", r.Name, i, out, err)
		}
		if i < len(p.Segments)-1 && math.Abs(s.Seconds-4) > 0.2 {
			t.Errorf("%s: segment %d plays for %v s", r.Name, i, s.Seconds)
		}
	}
	if end != r.Size || int64(len(all)) != r.Size || math.Abs(seconds-5) > 0.3 {
		t.Errorf("%s: segments end at %d of %d bytes and play for %v s", r.Name, end, r.Size, seconds)
	}
}

func TestFindingsAndWarnings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		more   []string
		stated int
		want   string
	}{
		"all is well":      {nil, 2, "media.warn.small"},
		"no sound":         {[]string{"-an"}, 0, "media.warn.no-sound media.warn.small"},
		"silence":          {[]string{"-af", "volume=0"}, 0, "media.warn.silent media.warn.small"},
		"another runtime":  {nil, 600, "media.warn.runtime media.warn.small"},
		"interlaced":       {[]string{"-vf", "scale=1280:720,tinterlace=interleave_top,setfield=tff", "-flags", "+ilme+ildct"}, 0, "media.warn.interlaced"},
		"two sound tracks": {[]string{"-map", "1", "-vf", "scale=1280:720"}, 2, "media.warn.tracks"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			f := h.screen(t, makeFilm(t, "film.mp4", "2", "320x180", c.more...))
			if f.State != media.Ready || f.Findings == nil || f.Findings.Video != "h264" || f.Step != media.Idle || f.Progress != 100 {
				t.Fatalf("got %+v", f)
			}
			keys := []string{}
			for _, w := range f.Findings.Warnings(t.Context(), c.stated) {
				keys = append(keys, w.Key)
			}
			if got := strings.Join(keys, " "); got != c.want {
				t.Errorf("got %s of %+v", got, f.Findings)
			}
		})
	}
}
