package pg_test

import (
	"strings"
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

// TestCreditIDsAreOfChance migrates what 000019 named by computing: nobody who
// knows a name finds its id any more, the same person has one id in the work,
// in what was sent and in earlier versions, and what they answered stays theirs.
func TestCreditIDsAreOfChance(t *testing.T) {
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
		insert into works (code, film) values
			('work', '{"title": "Salt", "stillsBy": "Stella", "credits": [{"role": "director", "name": "Ada"}, {"role": "cast", "name": "Bo"}, {"role": "cast", "name": "Cy", "id": "chance1234"}]}'),
			('none', '{"title": "Silent", "credits": []}'), ('bare', '{"title": "Bare"}'), ('twin', '{"title": "Twin", "credits": [{"role": "director", "name": "Ada"}]}');
		insert into work_versions (work_id, version, film) select id, 1, film from works where code = 'work';
		insert into entries (code, edition_id, category_id, work_id, number, state, film, submitted_at)
			select w.code, c.edition_id, c.id, w.id, row_number() over (order by w.id), 'eligible', w.film, now() from categories c, works w;
		insert into consents (entry_id, item, granted_at) select id, item, '2026-05-01' from entries, unnest(array['film', 'names']) as item`)
	migrate(t, dsn, pg.MigrateTo(t.Context(), dsn, 28))
	run(`update work_versions v set film = w.film from works w where w.id = v.work_id`)
	computed := list(`
		select left(md5(concat_ws(chr(10), w.id::text, c ->> 'role', c ->> 'name', c ->> 'nameLatin', c ->> 'note')), 16)
		from works w, jsonb_array_elements(w.film -> 'credits') as c
		where c ->> 'id' ~ '^[0-9a-f]{16}$'`)
	if len(computed) != 3 {
		t.Fatalf("%d ids are computed before, want 3: this test looks at the wrong thing", len(computed))
	}
	const answers = `
		select e.code || ' ' || coalesce(c ->> 'name', a.subject) || ' ' || a.decision || ' ' || a.at::date
		from consent_acts a
		join entries e on e.id = a.entry_id
		left join lateral jsonb_array_elements(e.film -> 'credits') as c on c ->> 'id' = a.subject
		where a.item = 'names'
		order by 1`
	before, other := list(answers), list(`select (film - 'credits')::text from works order by id`)

	migrate(t, dsn, pg.MigrateTo(t.Context(), dsn, 29))
	if d := cmp.Diff(before, list(answers)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(other, list(`select (film - 'credits')::text from works order by id`)); d != "" {
		t.Error(d)
	}
	everywhere := strings.Join(list(`
		select film::text from works
		union all
		select film::text from entries
		union all
		select film::text from work_versions
		union all
		select subject from consent_acts`), "\n")
	for _, id := range computed {
		if strings.Contains(everywhere, id) {
			t.Errorf("%s can still be computed from a name", id)
		}
	}
	if !strings.Contains(everywhere, "chance1234") {
		t.Error("an id of chance was changed")
	}
	if n := list(`select count(*)::text from works w join entries e on e.work_id = w.id and e.film = w.film left join work_versions v on v.work_id = w.id where v.id is null or v.film = w.film`); n[0] != "4" {
		t.Errorf("%s of 4 films are the same in the work, in what was sent and in the version before", n[0])
	}
	if n := list(`select count(distinct c ->> 'id')::text from works w, jsonb_array_elements(w.film -> 'credits') as c`); n[0] != "4" {
		t.Errorf("%s names for 4 credits", n[0])
	}
	if _, err := conn.Exec(t.Context(), `update consent_acts set decision = 'no'`); err == nil {
		t.Error("answers can be changed after the migration")
	}
	migrate(t, dsn, pg.MigrateTo(t.Context(), dsn, 28))
	if d := cmp.Diff(before, list(answers)); d != "" {
		t.Error(d)
	}
}
