package site_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

// BenchmarkRanges reads pieces of a film through the site, with the session, the
// right to the film and its rendition looked up for each, and by turns the same
// pieces of the same file from http.ServeContent alone: of-bare is the ratio of
// their speeds.
func BenchmarkRanges(b *testing.B) {
	const size = 64 << 20
	c := newCinema(b, 1, size)
	v := c.enter(c.st.Jurors[0])
	bare := httptest.NewServer(c.serveBare(b))
	b.Cleanup(bare.Close)
	for _, piece := range []int{1 << 20, 4 << 20, 16 << 20, size} {
		b.Run(fmt.Sprintf("%d-MiB", piece>>20), func(b *testing.B) {
			var ours, theirs []time.Duration
			read := func(times *[]time.Duration, url string, at int) {
				*times = append(*times, v.readRange(b, url, at, piece))
			}
			at := 0
			for b.Loop() {
				if len(ours)%2 == 0 {
					read(&theirs, bare.URL, at)
				}
				read(&ours, c.URL+"/files/"+c.file+"/hls-360", at)
				if len(theirs) < len(ours) {
					read(&theirs, bare.URL, at)
				}
				at = (at + piece) % size
			}
			our, their := median(ours), median(theirs)
			b.ReportMetric(their.Seconds()/our.Seconds(), "of-bare")
			b.ReportMetric(float64(piece)/1e6/our.Seconds(), "site-MB/s")
			b.ReportMetric((our-their).Seconds()*1e3, "more-ms")
		})
	}
}

// median is the middle one: a machine that hiccups does so for both.
func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// serveBare answers with the film of the cinema and asks nothing.
func (c *cinema) serveBare(b *testing.B) http.HandlerFunc {
	b.Helper()
	var key string
	if err := c.DB.QueryRow(b.Context(), `select blob_key from renditions where name = 'hls-360'`).Scan(&key); err != nil {
		b.Fatal(err)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		content, _, err := c.Store.Open(r.Context(), key)
		if err != nil {
			b.Error(err)
			return
		}
		defer content.Close()
		w.Header().Set("Content-Type", "video/mp4")
		http.ServeContent(w, r, "", time.Time{}, content)
	}
}

// readRange is how long it takes to read n bytes from at on.
func (v *visitor) readRange(b *testing.B, url string, at, n int) time.Duration {
	b.Helper()
	began := time.Now()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", at, at+n-1))
	res, err := v.client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	if read, err := io.Copy(io.Discard, res.Body); err != nil || read != int64(n) || res.StatusCode != http.StatusPartialContent {
		b.Fatalf("%d, %d bytes, %v", res.StatusCode, read, err)
	}
	return time.Since(began)
}
