package pg_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/migrations"
)

func TestUpDownUp(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Empty(t)
	nothing := schema(t, dsn)
	migrate(t, dsn, pg.Migrate(t.Context(), dsn))
	first := schema(t, dsn)
	if len(first) < 100 {
		t.Errorf("the schema has only %d parts", len(first))
	}
	migrate(t, dsn, pg.MigrateTo(t.Context(), dsn, 0))
	if d := cmp.Diff(nothing, schema(t, dsn)); d != "" {
		t.Errorf("what the migrations leave behind after going down:\n%s", d)
	}
	migrate(t, dsn, pg.Migrate(t.Context(), dsn))
	if d := cmp.Diff(first, schema(t, dsn)); d != "" {
		t.Errorf("the second time up is not the first:\n%s", d)
	}
}

func TestEachMigrationGoesDown(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	for {
		version, err := pg.Version(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		if version == 0 {
			return
		}
		migrate(t, dsn, pg.MigrateBy(t.Context(), dsn, -1))
	}
}

func TestMigrateTwiceAtOnce(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Empty(t)
	done := make(chan error)
	for range 3 {
		go func() { done <- pg.Migrate(t.Context(), dsn) }()
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestCutShortMigrationSaysWhatToDo(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "update schema_migrations set dirty = true"); err != nil {
		t.Fatal(err)
	}
	err = pg.Migrate(t.Context(), dsn)
	dirty, ok := errors.AsType[*pg.DirtyError](err)
	if !ok || !strings.Contains(err.Error(), fmt.Sprintf("laurel migrate force %d", dirty.Version)) {
		t.Fatalf("got %v", err)
	}
	migrate(t, dsn, pg.ForceVersion(t.Context(), dsn, int(dirty.Version)))
	migrate(t, dsn, pg.Migrate(t.Context(), dsn))
}

func TestMigrationsComeInPairs(t *testing.T) {
	t.Parallel()
	for name := range sums(t) {
		other := strings.NewReplacer(".up.", ".down.", ".down.", ".up.").Replace(name)
		if _, err := fs.Stat(migrations.FS, other); err != nil {
			t.Errorf("%s has no %s", name, other)
		}
	}
}

var update = flag.Bool("update", false, "write down the sums of new migrations")

// TestSums holds fast what has landed: a migration that somebody has run is
// never edited. New ones are written down with -update, which make migration
// tells.
func TestSums(t *testing.T) {
	t.Parallel()
	const file = "../../migrations/SUMS"
	landed, now := readSums(t, file), sums(t)
	for _, name := range slices.Sorted(maps.Keys(landed)) {
		if now[name] != landed[name] {
			t.Errorf("%s has landed and was changed: write a new migration instead", name)
		}
	}
	if *update {
		maps.Copy(now, landed)
		writeSums(t, file, now)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(now)) {
		if _, ok := landed[name]; !ok {
			t.Errorf("%s is not in SUMS: go test ./internal/pg -run Sums -update", name)
		}
	}
}

func sums(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, name := range names {
		b, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = fmt.Sprintf("%x", sha256.Sum256(b))
	}
	return all
}

// readSums reads lines as sha256sum writes them.
func readSums(t *testing.T, file string) map[string]string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	all := map[string]string{}
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		if sum, name, ok := strings.Cut(lines.Text(), "  "); ok {
			all[name] = sum
		}
	}
	return all
}

func writeSums(t *testing.T, file string, all map[string]string) {
	t.Helper()
	var b bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&b, "%s  %s\n", all[name], name)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func migrate(t *testing.T, dsn string, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pg.Version(t.Context(), dsn); err != nil {
		t.Fatal(err)
	}
}

// schema is one line for each part of the database's schema that is ours.
func schema(t *testing.T, dsn string) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), `
		with ours as (
			select c.oid, c.relname, c.relkind
			from pg_class c
			where c.relnamespace = 'public'::regnamespace
			and c.relname not like 'schema_migrations%'
			and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e'))
		select format('%s %s %s %s', relkind, relname, obj_description(oid, 'pg_class'), pg_get_viewdef(oid)) as line
		from ours where relkind in ('r', 'S')
		union all
		select format('view %s %s', relname, pg_get_viewdef(oid)) from ours where relkind = 'v'
		union all
		select format('column %s.%s %s %s %s %s', o.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
			pg_get_expr(d.adbin, d.adrelid), col_description(o.oid, a.attnum))
		from ours o
		join pg_attribute a on a.attrelid = o.oid and a.attnum > 0 and not a.attisdropped
		left join pg_attrdef d on d.adrelid = o.oid and d.adnum = a.attnum
		union all
		select format('constraint %s.%s %s', o.relname, k.conname, pg_get_constraintdef(k.oid))
		from ours o join pg_constraint k on k.conrelid = o.oid
		union all
		select format('index %s', pg_get_indexdef(oid)) from ours where relkind = 'i'
		union all
		select format('function %s', pg_get_functiondef(p.oid))
		from pg_proc p
		where p.pronamespace = 'public'::regnamespace
		and p.prokind = 'f'
		and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
		union all
		select format('trigger %s', pg_get_triggerdef(g.oid))
		from pg_trigger g join ours o on o.oid = g.tgrelid where not g.tgisinternal
		union all
		select format('type %s', typname)
		from pg_type
		where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
		and not exists (select from pg_depend d where d.objid = pg_type.oid and d.deptype = 'e')
		order by line`)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
