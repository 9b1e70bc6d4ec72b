package erasure

import (
	"maps"
	"slices"
	"testing"

	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// numbers are the types of columns that hold no words and no bytes.
const numbers = `'bigint', 'integer', 'smallint', 'boolean', 'double precision', 'timestamp with time zone', 'timestamp without time zone', 'date', 'bigint[]', 'integer[]', 'bit(8)'`

// A column of the schema; words says that it can hold words or bytes.
type column struct {
	Relation, Name string
	Words          bool
}

func columnsOf(t *testing.T) []column {
	t.Helper()
	columns, err := pg.Rows[column](t.Context(), pgtest.Tx(t), `
		select c.relname::text as relation, a.attname::text as name,
		       format_type(a.atttypid, a.atttypmod) not in (`+numbers+`) and format_type(a.atttypid, a.atttypmod) not like 'numeric%' as words
		from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations'
		order by 1, 2`, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(columns) < 300 {
		t.Fatalf("the schema has only %d columns", len(columns))
	}
	return columns
}

// TestEveryColumnIsInTheInventory reads every column that can hold words or
// bytes out of the schema: each is deleted with its row, cleared, kept for a
// reason, or of a table that holds nothing of a maker. A new column fails here
// until somebody has said which.
func TestEveryColumnIsInTheInventory(t *testing.T) {
	t.Parallel()
	columns, said := columnsOf(t), whatIsSaid()
	for _, c := range columns {
		if full := c.Relation + "." + c.Name; c.Words && said[c.Relation] == "" && said[full] == "" {
			t.Errorf("%s: say in the inventory whether it holds anything of a maker", full)
		}
	}
	for name := range said {
		if !slices.ContainsFunc(columns, func(c column) bool { return name == c.Relation || name == c.Relation+"."+c.Name }) {
			t.Errorf("%s is in the inventory and not in the schema", name)
		}
	}
}

// TestTombstonesKeepNoWords: of a work, an entry and an account that leave a row
// behind, every column with words is written over or made from one that is.
func TestTombstonesKeepNoWords(t *testing.T) {
	t.Parallel()
	said := whatIsSaid()
	for _, c := range columnsOf(t) {
		if slices.Contains([]string{"works", "entries", "accounts"}, c.Relation) && c.Words && said[c.Relation+"."+c.Name] == "" {
			t.Errorf("%s.%s stays in a tombstone", c.Relation, c.Name)
		}
	}
}

// whatIsSaid is the inventory by table, and by table and column.
func whatIsSaid() map[string]string {
	said := map[string]string{}
	maps.Copy(said, untouched)
	for _, s := range append(append([]store{}, stores...), ofPerson...) {
		if len(s.clear) == 0 {
			said[s.table] = "deleted"
		}
		for _, a := range s.clear {
			said[s.table+"."+a.column] = "cleared"
		}
		for column, why := range s.why {
			said[s.table+"."+column] = why
		}
	}
	return said
}
