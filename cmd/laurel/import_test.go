package main

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/pgtest"
)

const export = "../../internal/intake/testdata/filmfreeway-export-500.csv"

func TestImportFilmFreeway(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sound); err != nil {
		t.Fatal(err)
	}
	bring := func(args ...string) (int, string, string) {
		all := append([]string{"import", "filmfreeway", export, "--database", dsn, "--lossy", "--data", t.TempDir()}, args...)
		return laurel(t, all...)
	}
	if code, _, err := bring(); code != exitUsage || !strings.Contains(err, "which edition it goes to: --festival mahabar --edition 2028, --festival mahabar --edition 2027") {
		t.Errorf("without an edition: %d %q", code, err)
	}
	if code, _, err := bring("--edition", "1999"); code != exitUsage || !strings.Contains(err, "there is no such edition") {
		t.Errorf("of an unknown edition: %d %q", code, err)
	}
	if code, _, err := bring("--festival", "mahabar", "--edition", "2027", "--as", "m@mail.example"); code != exitUsage || !strings.Contains(err, "--as must be") {
		t.Errorf("by somebody else: %d %q", code, err)
	}
	_, _, lost := bring("--edition", "2027")
	names := strings.Split(strings.TrimSpace(lost[strings.LastIndex(lost, ": ")+2:]), ", ")
	if len(names) < 2 {
		t.Fatalf("no categories to map: %q", lost)
	}
	args := []string{"--edition", "2027"}
	for i, n := range names {
		args = append(args, "--category", strings.Trim(n, `"`)+"="+[]string{"short", "long"}[i%2])
	}
	for _, step := range []struct {
		args string
		want string // in the report
	}{
		{"--dry-run", " 0 changed, 0 unchanged"}, {"", " 0 changed, 0 unchanged"}, {"", ": 0 entries new, 0 changed"},
	} {
		code, out, err := bring(append(args, strings.Fields(step.args)...)...)
		if code != exitOK || !strings.Contains(out, step.want) {
			t.Errorf("%q: got %d %q …%q", step.args, code, err, out[max(0, len(out)-300):])
		}
	}
	var entries int
	if err := conn.QueryRow(t.Context(), "select count(*) from entries").Scan(&entries); err != nil || entries < 400 {
		t.Errorf("%d entries, %v", entries, err)
	}
	if found, err := checkInvariants(t.Context(), conn); err != nil || len(found) > 0 {
		t.Errorf("after the import: %q, %v", found, err)
	}
}
