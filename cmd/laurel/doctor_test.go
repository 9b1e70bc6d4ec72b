package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/seed"
)

// sound is a small festival in which every rule holds: one round that was
// closed, one film in it, one juror who scored it, a decision that was told,
// an award.
const sound = `
	insert into accounts (id, code, email, name) overriding system value values
		(1, 'organizer', 'o@mail.example', 'O'), (2, 'juror', 'j@mail.example', 'J'), (3, 'maker', 'm@mail.example', 'M');
	insert into festivals (id, slug, name) overriding system value values (1, 'mahabar', 'Mahabar');
	insert into memberships (account_id, festival_id, role) values (1, 1, 'organizer');
	insert into editions (id, festival_id, slug, name, prefix, city, zone, starts_on, ends_on, last_number, lineup_at) overriding system value values
		(1, 1, '2027', 'Mahabar 2027', 'M7', 'Shiraz', 'Asia/Tehran', '2027-09-01', '2027-09-08', 1, '2027-08-10'),
		(2, 1, '2028', 'Mahabar 2028', 'M8', 'Shiraz', 'Asia/Tehran', '2028-09-01', '2028-09-08', 0, null);
	insert into categories (id, edition_id, slug, position, name) overriding system value values
		(1, 1, 'short', 1, 'Short'), (2, 1, 'long', 2, 'Long'), (3, 2, 'short', 1, 'Short');
	insert into works (id, code, owner_id, film) overriding system value values (1, 'work', 3, '{"title": "A"}');
	insert into entries (id, code, edition_id, category_id, work_id, number, state, film, submitted_at) overriding system value values
		(1, 'entry', 1, 1, 1, 1, 'eligible', '{"title": "A"}', '2027-05-01');
	insert into entry_states (entry_id, state) values (1, 'submitted'), (1, 'eligible');
	insert into panels (id, code, edition_id, name) overriding system value values (1, 'panel', 1, 'Jury'), (2, 'other', 2, 'Jury');
	insert into seats (code, panel_id, account_id) values ('seat', 1, 2);
	insert into rounds (id, code, category_id, panel_id, name, reviews_per_entry, opens_at, closes_at, opened_at, closed_at) overriding system value values
		(1, 'round', 1, 1, 'First', 1, '2027-06-01', '2027-07-01', '2027-06-01', '2027-07-01');
	insert into criteria (id, round_id, position, name, weight) overriding system value values (1, 1, 1, 'Story', 1);
	insert into assignments (id, code, round_id, entry_id, account_id, position, state) overriding system value values
		(1, 'assignment', 1, 1, 2, 1, 'done');
	insert into scores (id, assignment_id, version, current, complete, saved_at) overriding system value values
		(1, 1, 1, false, true, '2027-06-10'), (2, 1, 2, true, true, '2027-06-11');
	insert into marks (score_id, criterion_id, value) values (1, 1, 7), (2, 1, 8);
	insert into decisions (entry_id, outcome, actor_id, decided_at, released_at) values (1, 'selected', 1, '2027-08-01', '2027-08-09');
	insert into awards (code, edition_id, category_id, position, name, entry_id) values ('award', 1, 1, 1, 'Best', 1);
	select setval(pg_get_serial_sequence(t, 'id'), 100)
	from unnest(array['accounts', 'festivals', 'editions', 'categories', 'works', 'entries', 'panels', 'rounds', 'criteria', 'assignments', 'scores']) as t;
`

// faults breaks each rule once.
var faults = map[string]string{
	"schema-valid":        `alter table awards add constraint awards_test check (position > 5) not valid`,
	"festival-organizers": `delete from memberships`,
	"entry-edition":       `update entries set edition_id = 2`,
	"entry-number":        `update entries set number = 2`,
	"entry-state":         `insert into entry_states (entry_id, state) values (1, 'withdrawn')`,
	"round-panel":         `update rounds set panel_id = 2`,
	"assignment-category": `update entries set category_id = 2`,
	"assignment-seat":     `delete from seats`,
	"assignment-conflict": `insert into conflicts (account_id, entry_id, reason, actor_id) values (2, 1, 'knows', 2)`,
	"assignment-maker":    `update works set owner_id = 2`,
	"assignment-done":     `update scores set complete = false`,
	"score-current":       `update scores set current = false`,
	"score-versions":      `update scores set version = 3 where version = 2`,
	"score-open":          `update scores set saved_at = '2027-07-02' where version = 2`,
	"score-extension":     `with x as (insert into extensions (round_id, ended_at, at, until, viewings, actor_id) select 1, saved_at - interval '1 minute', saved_at + interval '1 minute', saved_at + interval '2 years', 1, 1 from scores where version = 2 returning at, until) update rounds set extended_at = x.at, closes_at = x.until from x`,
	"round-extended":      `update rounds set extended_at = opened_at`,
	"result-seed":         `insert into results (code, round_id, apart, inputs_hash, seed, version, body, actor_id) values ('result', 1, '{}', repeat('0', 64), 1, 'v1', '{}', 1)`,
	"score-complete":      `insert into criteria (round_id, position, name, weight) values (1, 2, 'Sound', 1)`,
	"mark-scale":          `update marks set value = 0`,
	"decision-judged":     `update rounds set closed_at = null`,
	"decision-submitted":  `update entries set state = 'draft'`,
	"lineup-told":         `with o as (update editions set lineup_at = now() - interval '1 day' where id = 1) update decisions set released_at = null, decided_at = now() - interval '1 year'`,
	"award-edition":       `update awards set edition_id = 2`,
	"finalist-edition":    `with d as (insert into deliberations (code, edition_id, panel_id, name, quorum, seed, commitment, rules, opens_at, closes_at, called_at, unsealed_at) values ('vote', 2, 1, 'Vote', 1, 's', 'c', '{}', now(), now() + interval '1 hour', null, null) returning id) insert into finalists (deliberation_id, entry_id, position) select id, 1, 1 from d`,
	"ballot-sealed":       `insert into deliberations (code, edition_id, panel_id, name, quorum, seed, commitment, rules, opens_at, closes_at, called_at, unsealed_at) values ('vote', 1, 1, 'Vote', 1, 's', 'c', '{}', now(), now() + interval '1 hour', now(), now())`,
	"ballot-open":         `with d as (insert into deliberations (code, edition_id, panel_id, name, quorum, seed, commitment, rules, opens_at, closes_at, called_at, unsealed_at) values ('vote', 1, 1, 'Vote', 1, 's', 'c', '{}', now(), now() + interval '1 hour', now() + interval '1 day', null) returning id) insert into ballots (code, deliberation_id, account_id, version, films, places) select 'paper', id, 1, 1, '{}', '{}' from d`,
	"letter-job":          `insert into letters (code, kind, email, locale, event_key, args) values ('letter', 'reset', 'm@mail.example', 'en', 'k', '{}')`,
	"file-job":            `insert into files (code, kind, media_type, size, sha256, blob_key) values ('file', 'still', 'image/png', 1, '', 'key')`,
	"import-content":      `insert into imports (code, edition_id, kind, content, created_by, applied_at) values ('import', 1, 'csv', 'a', 1, now())`,
}

func TestInvariantsHoldInASoundFestival(t *testing.T) {
	t.Parallel()
	tx := soundFestival(t)
	found, err := checkInvariants(t.Context(), tx)
	if err != nil || len(found) > 0 {
		t.Errorf("got %q, %v", found, err)
	}
}

func TestInvariantsHoldInTheDemo(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := seed.Demo(t.Context(), pool, store, time.Now()); err != nil {
		t.Fatal(err)
	}
	found, err := checkInvariants(t.Context(), pool)
	if err != nil || len(found) > 0 {
		t.Errorf("got %q, %v", found, err)
	}
	if found, err = checkFiles(t.Context(), pool, store); err != nil || len(found) > 0 {
		t.Errorf("got %q, %v", found, err)
	}
}

// TestInvariantsFindTheirFault proves that each rule can fail.
func TestInvariantsFindTheirFault(t *testing.T) {
	t.Parallel()
	for _, i := range invariants {
		t.Run(i.name, func(t *testing.T) {
			t.Parallel()
			tx := soundFestival(t)
			if _, err := tx.Exec(t.Context(), faults[i.name]); err != nil || faults[i.name] == "" {
				t.Fatalf("plant %q: %v", faults[i.name], err)
			}
			found, err := checkInvariants(t.Context(), tx)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				if strings.HasPrefix(string(f), i.name+":") {
					return
				}
			}
			t.Errorf("%s: the fault was not found; found %q", i.name, found)
		})
	}
}

func TestSettingsOfATestServerAreRefused(t *testing.T) {
	t.Parallel()
	pool, err := pg.Open(t.Context(), pgtest.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	err = requireSettings(t.Context(), pool, false)
	if err == nil || !strings.Contains(err.Error(), "fsync") {
		t.Errorf("a server that may lose data was accepted: %v", err)
	}
	if err := requireSettings(t.Context(), pool, true); err != nil {
		t.Error(err)
	}
}

func TestFilesAreComparedWithWhatArrived(t *testing.T) {
	t.Parallel()
	store, err := blob.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	tx := pgtest.Tx(t)
	for name, content := range map[string]string{"whole": "abc", "damaged": "abd", "missing": ""} {
		key := blob.Key()
		var kept blob.Stored
		if content != "" {
			if kept, err = store.Put(t.Context(), key, strings.NewReader(content)); err != nil {
				t.Fatal(err)
			}
		}
		sum := kept.SHA256
		if name != "whole" {
			sum = bytes.Repeat([]byte{1}, 32)
		}
		_, err := tx.Exec(t.Context(), `
			insert into files (code, kind, state, media_type, size, sha256, blob_key)
			values (@code, 'still', 'ready', 'image/png', 3, @sum, @key)`,
			pg.Args{"code": name, "sum": sum, "key": key})
		if err != nil {
			t.Fatal(err)
		}
	}
	found, err := checkFiles(t.Context(), tx, store)
	if err != nil || len(found) != 2 {
		t.Errorf("got %q, %v", found, err)
	}
}

// What the weekly reading found is repeated until it is put right, and files
// that nobody reads are found too.
func TestReadingsAreRepeated(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	if found, err := checkReadings(t.Context(), tx); err != nil || len(found) > 0 {
		t.Fatalf("got %q, %v", found, err)
	}
	_, err := tx.Exec(t.Context(), `
		insert into files (code, kind, state, media_type, size, sha256, blob_key, created_at)
		select code, 'still', 'ready', 'image/png', 3, sha256('x'), code, now() - age
		from (values ('young', interval '1 day'), ('unread', '20 days'), ('rotten', '20 days')) as f (code, age)`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = tx.Exec(t.Context(), `insert into blob_readings (blob_key, file_id, read_at, fault) select blob_key, id, now(), 'length' from files where code = 'rotten'`)
	if err != nil {
		t.Fatal(err)
	}
	want := []finding{"file rotten is shorter or longer than what was kept", "blobs that nobody has read for two weeks: 1; laurel serve or laurel work has to run, and reads them"}
	if found, err := checkReadings(t.Context(), tx); err != nil || !slices.Equal(found, want) {
		t.Errorf("got %q, %v", found, err)
	}
}

func soundFestival(t *testing.T) pgx.Tx {
	t.Helper()
	tx := pgtest.Tx(t)
	if _, err := tx.Exec(t.Context(), sound); err != nil {
		t.Fatal(err)
	}
	return tx
}
