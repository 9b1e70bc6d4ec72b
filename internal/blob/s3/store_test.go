package s3_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"laurel/internal/blob"
	"laurel/internal/blob/s3"
	"laurel/internal/s3test"
)

// stores are all there are; each keeps the same promises.
var stores = map[string]func(t *testing.T, folder string) blob.Store{
	"folder": func(t *testing.T, folder string) blob.Store {
		d, err := blob.OpenDir(filepath.Join(folder, "media"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	},
	"S3": func(t *testing.T, _ string) blob.Store { return openAt(t, service.Endpoint) },
}

func openAt(t *testing.T, endpoint string) *s3.Store {
	t.Helper()
	config := service
	config.Endpoint = endpoint
	s, err := s3.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// each runs a test on every store.
func each(t *testing.T, test func(t *testing.T, s blob.Store)) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t, t.TempDir()))
		})
	}
}

// noise is n bytes that no two offsets share.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n)}).Read(b)
	return b
}

func TestWhatIsPutIsRead(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store) {
		for _, size := range []int{0, 1, 300_000, 8 << 20, 8<<20 + 1, 17_000_000} {
			ctx, key, content := t.Context(), blob.Key(), noise(size)
			stored, err := s.Put(ctx, key, iotest.DataErrReader(bytes.NewReader(content)))
			if sum := sha256.Sum256(content); err != nil || stored.Size != int64(size) || !bytes.Equal(stored.SHA256, sum[:]) {
				t.Fatalf("%d bytes: kept %d, %x, %v", size, stored.Size, stored.SHA256, err)
			}
			r, told, err := s.Open(ctx, key)
			if err != nil || told != int64(size) {
				t.Fatalf("%d bytes: opened %d, %v", size, told, err)
			}
			if size == 300_000 {
				err = iotest.TestReader(r, content)
			}
			if got, readErr := io.ReadAll(whole(t, r)); err != nil || readErr != nil || !bytes.Equal(got, content) {
				t.Errorf("%d bytes: read %d, %v, %v", size, len(got), err, readErr)
			}
			r.Close()
		}
	})
}

func whole(t *testing.T, r io.ReadSeeker) io.Reader {
	t.Helper()
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEveryPlaceIsReached(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store) {
		content, key := noise(3_000_000), blob.Key()
		if _, err := s.Put(t.Context(), key, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
		r, _, err := s.Open(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		random := rand.New(rand.NewPCG(7, 7))
		for range 40 {
			at, length := random.IntN(len(content)), random.IntN(900_000)
			if _, err := r.Seek(int64(at-len(content)), io.SeekEnd); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(io.LimitReader(r, int64(length)))
			if want := content[at:min(at+length, len(content))]; err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%d bytes at %d: read %d, %v", length, at, len(got), err)
			}
		}
		if _, err := r.Seek(-1, io.SeekStart); err == nil {
			t.Error("there is a byte before the first")
		}
	})
}

func TestDeletedAndUnknown(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store) {
		ctx, key := t.Context(), blob.Key()
		if _, err := s.Put(ctx, key, strings.NewReader("reel")); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Delete(ctx, key); err != nil {
				t.Fatal(err)
			}
		}
		for _, key := range []string{key, blob.Key(), "", "../../../etc/passwd", "UPPERCASEUPPERCASE"} {
			if _, _, err := s.Open(ctx, key); !errors.Is(err, blob.ErrMissing) {
				t.Errorf("%q: got %v", key, err)
			}
		}
		if _, err := s.Put(ctx, "../outside000000000", strings.NewReader("x")); err == nil {
			t.Error("something was kept under what is no key")
		}
	})
}

// A reader that breaks off, be it with the error that means a body cut short,
// leaves nothing, in the first part or a later one.
func TestBrokenOffLeavesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store) {
		for _, size := range []int{5, 9 << 20} {
			key := blob.Key()
			cut := io.MultiReader(bytes.NewReader(noise(size)), iotest.ErrReader(io.ErrUnexpectedEOF))
			if _, err := s.Put(t.Context(), key, cut); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("after %d bytes: %v", size, err)
			}
			if _, _, err := s.Open(t.Context(), key); !errors.Is(err, blob.ErrMissing) {
				t.Errorf("%d bytes are to be seen: %v", size, err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			stopped := io.MultiReader(bytes.NewReader(noise(size)), stopper(cancel), bytes.NewReader(noise(size)))
			if _, err := s.Put(ctx, key, stopped); !errors.Is(err, context.Canceled) {
				t.Errorf("stopped after %d bytes: %v", size, err)
			}
			if _, _, err := s.Open(t.Context(), key); !errors.Is(err, blob.ErrMissing) {
				t.Errorf("%d bytes are to be seen: %v", size, err)
			}
		}
	})
}

type stopper func()

func (s stopper) Read([]byte) (int, error) { s(); return 0, io.EOF }

func TestAdoptedPartIsAFile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s blob.Store) {
		parts, err := blob.OpenParts(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer parts.Close()
		ctx, partKey, key, film := t.Context(), blob.Key(), blob.Key(), noise(9_000_001)
		if err := parts.Create(ctx, partKey); err != nil {
			t.Fatal(err)
		}
		if _, err := parts.Write(ctx, partKey, 0, bytes.NewReader(film), nil); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second finds that nothing is left to do
			if err := s.Adopt(ctx, parts, partKey, key); err != nil {
				t.Fatal(err)
			}
			r, _, err := s.Open(ctx, key)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, film) {
				t.Errorf("read %d bytes, %v", len(got), err)
			}
			r.Close()
		}
		if left, err := parts.Keys(ctx); err != nil || len(left) > 0 {
			t.Errorf("parts are left: %q, %v", left, err)
		}
		if err := s.Adopt(ctx, parts, blob.Key(), blob.Key()); !errors.Is(err, blob.ErrMissing) {
			t.Errorf("an unknown part: %v", err)
		}
	})
}

// A browser that asks for a second out of the middle does not make the service
// send the film: what passes the line is counted.
func TestARangeIsNotTheWhole(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	s := openAt(t, "http://"+line(t, &passed))
	film, key := noise(40<<20), blob.Key()
	if _, err := s.Put(t.Context(), key, bytes.NewReader(film)); err != nil {
		t.Fatal(err)
	}
	passed.Store(0)
	r, _, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Seek(20<<20, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	second := make([]byte, 1<<20)
	if _, err := io.ReadFull(r, second); err != nil || !bytes.Equal(second, film[20<<20:21<<20]) {
		t.Fatalf("read something else, %v", err)
	}
	r.Close()
	if sent := passed.Load(); sent < 1<<20 || sent > 2<<20 {
		t.Errorf("%d bytes were sent for %d", sent, len(second))
	}
}

// line passes connections on to the service and counts what it sends back.
func line(t *testing.T, passed *atomic.Int64) (address string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go pass(near, passed)
		}
	}()
	return l.Addr().String()
}

func pass(near net.Conn, passed *atomic.Int64) {
	defer near.Close()
	far, err := new(net.Dialer).Dial("tcp", strings.TrimPrefix(service.Endpoint, "http://"))
	if err != nil {
		return
	}
	defer far.Close()
	go io.Copy(far, near)
	io.Copy(near, io.TeeReader(far, count{passed}))
}

type count struct{ n *atomic.Int64 }

func (c count) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}

func TestNobodyElseReadsTheBucket(t *testing.T) {
	t.Parallel()
	s, key := openAt(t, service.Endpoint), blob.Key()
	if _, err := s.Put(t.Context(), key, strings.NewReader("reel")); err != nil {
		t.Fatal(err)
	}
	if exposed, err := s.Exposed(t.Context(), key); err != nil || exposed {
		t.Errorf("exposed: %t, %v", exposed, err)
	}
	for _, c := range []s3.Config{
		{Endpoint: service.Endpoint, Region: service.Region, Bucket: s3test.Bucket, Key: service.Key, Secret: "guessed"},
		{Endpoint: service.Endpoint, Region: service.Region, Bucket: "elsewhere", Key: service.Key, Secret: service.Secret},
	} {
		if _, err := s3.Open(t.Context(), c); err == nil {
			t.Errorf("bucket %s was opened with %q", c.Bucket, c.Secret)
		}
	}
}
