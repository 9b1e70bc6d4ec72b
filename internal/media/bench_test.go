package media

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkTranscode makes all rungs and the plain copy of 10 seconds of full HD
// and says how long that takes for each second of film.
func BenchmarkTranscode(b *testing.B) {
	const seconds = 10
	name := filepath.Join(b.TempDir(), "film.mp4")
	said, err := exec.CommandContext(b.Context(), "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=25", "-f", "lavfi", "-i", "sine",
		"-t", "10", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", name).CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, said)
	}
	source, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer source.Close()
	var spent time.Duration
	for b.Loop() {
		tools := ffmpeg{folder: b.TempDir(), source: source, demuxer: movFile.demuxer}
		began := time.Now()
		f, err := tools.probe(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if err := tools.transcode(b.Context(), f, func(float64) {}); err != nil {
			b.Fatal(err)
		}
		if err := tools.join(b.Context(), f); err != nil {
			b.Fatal(err)
		}
		spent += time.Since(began)
	}
	b.ReportMetric(spent.Seconds()/float64(b.N)/seconds, "s/film-second")
}
