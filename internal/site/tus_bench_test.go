package site_test

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkUpload sends 200 MB over loopback, summed and synced, and compares
// with dd, which only copies and syncs, in the same run.
func BenchmarkUpload(b *testing.B) {
	const size = 200_000_000
	s := newSender(open(b), size)
	var ours, bare time.Duration
	for b.Loop() {
		s.begin(meta("sha256", s.claim()))
		began := time.Now()
		if res, said := s.patch(0, bytes.NewReader(s.film)); res.StatusCode != http.StatusNoContent {
			b.Fatalf("%d %s", res.StatusCode, said)
		}
		ours += time.Since(began)
		bare += ddTime(b, s.film)
	}
	b.SetBytes(size)
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "of-dd")
	b.ReportMetric(size/1e6*float64(b.N)/ours.Seconds(), "upload-MB/s")
	b.ReportMetric(size/1e6*float64(b.N)/bare.Seconds(), "dd-MB/s")
}

// ddTime is how long dd takes to copy and sync the same bytes.
func ddTime(b *testing.B, film []byte) time.Duration {
	b.Helper()
	from := filepath.Join(b.TempDir(), "film")
	if err := os.WriteFile(from, film, 0o600); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	out, err := exec.Command("dd", "if="+from, "of="+from+"-copy", "bs=4M", "conv=fdatasync").CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return time.Since(began)
}
