package pg_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// TestConsentsBecomeALedgerAndBack migrates consents as they were once kept: one
// tick for all names becomes an answer for each name, and back again a tick only
// where no name was withheld.
func TestConsentsBecomeALedgerAndBack(t *testing.T) {
	t.Parallel()
	dsn := pgtest.DSN(t)
	migrate(t, dsn, pg.MigrateTo(t.Context(), dsn, 18))
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	run := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	list := func(sql string) []string {
		t.Helper()
		items, err := pg.Values[string](t.Context(), conn, sql, nil)
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return items
	}
	run(`
		insert into festivals (slug, name) values ('farsang', 'Farsang');
		insert into editions (festival_id, slug, name, prefix, city, zone, starts_on, ends_on) select id, '9', '9th', 'F9', 'Mahabar', 'UTC', now(), now() from festivals;
		insert into categories (edition_id, slug, position, name) select id, 'shorts', 1, 'Shorts' from editions;
		insert into works (code, film) values ('work', '{"title": "Salt", "stillsBy": "Stella", "credits": [{"role": "director", "name": "Ada"}, {"role": "cast", "name": "Bo"}]}');
		insert into entries (code, edition_id, category_id, work_id, number, state, film, submitted_at)
			select 'entry', c.edition_id, c.id, w.id, 1, 'eligible', w.film, now() from categories c, works w;
		insert into consents (entry_id, item, granted_at) select id, item, '2026-05-01' from entries, unnest(array['film', 'names', 'synopsis']) as item`)

	migrate(t, dsn, pg.MigrateTo(t.Context(), dsn, 19))
	people := list(`
		select c ->> 'name' from consents x, works w, jsonb_array_elements(w.film -> 'credits') as c
		where x.item = 'names' and x.decision = 'yes' and x.subject = c ->> 'id' and x.at = '2026-05-01' order by 1`)
	if d := cmp.Diff([]string{"Ada", "Bo"}, people); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"film", "names", "names", "names", "synopsis"}, list(`select item from consents where decision = 'yes' order by 1`)); d != "" {
		t.Error(d)
	}
	if same := list(`select (w.film = e.film)::text from works w, entries e`); same[0] != "true" {
		t.Error("the names of credits differ between the work and what was sent")
	}
	run(`insert into consent_acts (entry_id, edition_id, item, subject, decision) select entry_id, edition_id, item, subject, 'no' from consent_acts where subject = 'stillsBy'`)

	migrate(t, dsn, pg.MigrateTo(t.Context(), dsn, 18))
	if d := cmp.Diff([]string{"film", "synopsis"}, list(`select item from consents order by 1`)); d != "" {
		t.Error(d)
	}
}
