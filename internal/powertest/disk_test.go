package powertest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"laurel/internal/powertest"
)

// write puts text at an offset of a file, and syncs it or not.
func write(t *testing.T, name, text string, at int64, synced bool) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o640)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(text), at); err != nil {
		t.Fatal(err)
	}
	if synced {
		if err := f.Sync(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatACutTakes(t *testing.T) {
	t.Parallel()
	at := t.TempDir()
	d := powertest.New(t, at)
	name := func(s string) string { return filepath.Join(at, s) }
	write(t, name("synced"), "one", 0, true)
	write(t, name("half"), "one", 0, true)
	write(t, name("half"), "two", 3, false)
	write(t, name("forgotten"), "one", 0, false)
	write(t, name("before"), "one", 0, true)
	if err := os.Rename(name("before"), name("after")); err != nil {
		t.Fatal(err)
	}
	write(t, name("cut"), "one", 0, true)
	if err := os.Truncate(name("cut"), 0); err != nil {
		t.Fatal(err)
	}
	d.Lies("parts")
	if err := os.Mkdir(name("parts"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, name("parts/one"), "one", 0, true)
	if got, err := os.ReadFile(name("half")); err != nil || string(got) != "onetwo" {
		t.Fatalf("before the cut: %q, %v", got, err)
	}
	d.Cut(0)
	for file, want := range map[string]string{"synced": "one", "half": "one", "forgotten": "", "after": "one", "cut": "one", "parts/one": ""} {
		if got, err := os.ReadFile(name(file)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v; want %q", file, got, err, want)
		}
	}
	if st, err := os.Stat(name("synced")); err != nil || st.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", st, err)
	}
}

// Pages reach the disk or not, whatever was written first.
func TestAPartOfThePagesReachesTheDisk(t *testing.T) {
	t.Parallel()
	at := t.TempDir()
	d := powertest.New(t, at)
	name := filepath.Join(at, "film")
	film := bytes.Repeat([]byte{1}, 400<<12)
	write(t, name, string(film), 0, false)
	d.Cut(0.5)
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if there := bytes.Count(got, []byte{1}) >> 12; there < 100 || there > 300 {
		t.Errorf("%d of 400 pages are there", there)
	}
}
