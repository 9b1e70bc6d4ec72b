package site_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// BenchmarkRanges reads pieces of a film through the site, with the session, the
// right to the film and its rendition looked up for each, and the same pieces of
// the same file from http.ServeContent alone.
func BenchmarkRanges(b *testing.B) {
	const size = 64 << 20
	c := newCinema(b, 1, size)
	v := c.enter(c.st.Jurors[0])
	var key string
	if err := c.DB.QueryRow(b.Context(), `select blob_key from renditions where name = 'hls-360'`).Scan(&key); err != nil {
		b.Fatal(err)
	}
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, _, err := c.Store.Open(r.Context(), key)
		if err != nil {
			b.Error(err)
			return
		}
		defer content.Close()
		w.Header().Set("Content-Type", "video/mp4")
		http.ServeContent(w, r, "", time.Time{}, content)
	}))
	b.Cleanup(bare.Close)
	for _, piece := range []int{1 << 20, 4 << 20, 16 << 20} {
		for name, url := range map[string]string{"bare": bare.URL, "site": c.URL + "/files/" + c.file + "/hls-360"} {
			b.Run(fmt.Sprintf("%d-MiB/%s", piece>>20, name), func(b *testing.B) {
				b.SetBytes(int64(piece))
				at := 0
				for b.Loop() {
					req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
					if err != nil {
						b.Fatal(err)
					}
					req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", at, at+piece-1))
					res, err := v.client.Do(req)
					if err != nil {
						b.Fatal(err)
					}
					n, err := io.Copy(io.Discard, res.Body)
					res.Body.Close()
					if err != nil || n != int64(piece) || res.StatusCode != http.StatusPartialContent {
						b.Fatalf("%d, %d bytes, %v", res.StatusCode, n, err)
					}
					at = (at + piece) % size
				}
			})
		}
	}
}
