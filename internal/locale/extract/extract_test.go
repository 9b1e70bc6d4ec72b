package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCatalogueIsFresh(t *testing.T) {
	t.Parallel()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	found, faults, err := sentences(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
	want, err := catalogue(found)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(root, catalogueFile))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is stale: run go generate ./internal/locale", catalogueFile)
	}
}

func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "a.go", `package a
func f() {
	locale.T(ctx, "one", "First")
	locale.T(ctx, "one", "Second")
	locale.T(ctx, "two", "For {{.Film}}")
	locale.T(ctx, "three", "For all", "Film", title)
	locale.T(ctx, key, "Text")
	locale.N(ctx, "four", n, "{{.Count}} film", "{{.Count}} films")
	locale.T(ctx, s.Key, s.English, s.Args...)
	problem.Field("name", "five", "Write " + "it", "x")
}`)
	found, faults, err := sentences(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"10:2: five: pairs are a literal name and its value",
		`4:2: one has two English texts: "First" and "Second"`,
		"5:2: two: {{.Film}} has no value",
		`6:2: three: "Film" is not in the sentence`,
		"7:2: key and English must be literals",
	}
	for i := range want {
		want[i] = filepath.Join(dir, "a.go") + ":" + want[i]
	}
	if d := cmp.Diff(want, faults); d != "" {
		t.Error(d)
	}
	if got := found["four"]; got != (sentence{"four", "{{.Count}} film", "{{.Count}} films"}) {
		t.Errorf("got %v", got)
	}
	if got := found["five"].Other; got != "Write it" {
		t.Errorf("got %q", got)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
