package main

import (
	"context"
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/pg"
	"laurel/internal/s3test"
)

// TestAFilmGoesThroughABucket sends a film to a Laurel that keeps its files with
// a service that speaks S3, kills both the program and its database meanwhile,
// and plays a range of what was made of it: nothing of the film is left in the
// folder, and what leaves is no byte of what came.
func TestAFilmGoesThroughABucket(t *testing.T) {
	service := s3test.Start(t)
	for name, value := range map[string]string{
		"LAUREL_S3_ENDPOINT": service.Endpoint, "LAUREL_S3_BUCKET": service.Bucket, "LAUREL_S3_KEY": service.Key, "LAUREL_S3_SECRET": service.Secret,
	} {
		t.Setenv(name, value)
	}
	m := newMortal(t)
	work, token := m.workOfMaker()
	s := m.sender(token, grainyFilm(t))
	s.begin(work, sumOf(s.film))
	acts := []func(){func() { m.kill(); m.start() }, m.killDatabase}
	s.sendThrough(2, func() { acts[0](); acts = acts[1:] })
	file := m.made()
	res, err := s.ask(http.MethodGet, "/files/"+file+"/hls-360", nil, "Range", "bytes=0-99999")
	if err != nil || res.StatusCode != http.StatusPartialContent || res.ContentLength != 100000 {
		t.Errorf("%v, %v", res, err)
	}
	for _, folder := range []string{"media", "parts"} {
		if left, _ := filepath.Glob(filepath.Join(m.dir, folder, "*")); len(left) > 0 {
			t.Errorf("in the folder is left: %v", left)
		}
	}
}

// grainyFilm is a film of some megabytes: noise is hard to press.
func grainyFilm(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "film.mp4")
	said, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25,noise=alls=60:allf=t",
		"-f", "lavfi", "-i", "sine", "-t", "4", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", name).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return name
}

// made waits until the only film that was sent has been made for jurors.
func (m *mortal) made() (file string) {
	m.t.Helper()
	for late := time.Now().Add(2 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		m.with(func(ctx context.Context, pool *pgxpool.Pool) {
			files, err := pg.Values[string](ctx, pool, `select code from files where state = 'ready' and kind = 'screener'`, pg.Args{})
			if err != nil {
				m.t.Fatal(err)
			}
			if len(files) > 0 {
				file = files[0]
			}
		})
		if file != "" {
			return file
		}
		if time.Now().After(late) {
			m.t.Fatalf("nothing is made of the film: %s", m.said)
		}
	}
}
