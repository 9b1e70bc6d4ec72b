package report_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/report"
)

// nobodys are the tables that hold nothing about a person, each with why. A
// new table stands here or among the shares.
var nobodys = map[string]string{
	"festivals": "the festival's own", "editions": "the festival's own", "stages": "the festival's own", "call_notes": "the festival's own",
	"categories": "the festival's own", "rules": "the festival's own", "deadlines": "the festival's own", "questions": "the festival's own",
	"fee_codes": "the festival's own", "shutdowns": "the festival's own", "fingerprints": "of a file, not of a person", "panels": "the festival's own", "rounds": "the festival's own", "criteria": "the festival's own",
	"extensions": "the festival's own", "assignment_changes": "the festival's own", "results": "of a round, not of a person",
	"deliberations": "of a jury, not of a person", "finalists": "of a jury, not of a person", "deliberation_results": "without names",
	"payment_notices": "numbers of messages", "passkey_challenges": "of a browser for minutes, of nobody", "erasures": "of what is gone", "file_keys": "keys of ours", "loose_blobs": "keys of ours",
	"schema_migrations": "the schema",
}

// acts are the columns in which somebody acts for a festival: what they did
// stands among their acts, not the rows that they changed.
var acts = []string{
	"assignment_changes.actor_id", "assignment_changes.undone_by", "conflicts.actor_id", "dismissals.actor_id", "extensions.actor_id",
	"results.actor_id", "entry_states.actor_id", "decisions.actor_id", "shutdowns.actor_id", "fingerprints.actor_id", "payments.actor_id", "invitations.invited_by",
}

// theirs is one row of every share, of @me and of the entry @entry of the work
// @work. Triggers sleep, so that the rows stand alone.
var theirs = []string{
	`insert into account_codes (kind, lookup, account_id, hash) values ('entrance', @me, @me, 'secret')`,
	`insert into account_tokens (token_hash, kind, account_id, expires_at) values (@bytes, 'reset', @me, now())`,
	`insert into sessions (token_hash, code, account_id, expires_at) values (@bytes, @text, @me, now())`,
	`insert into second_steps (token_hash, account_id, expires_at) values (@bytes, @me, now())`,
	`insert into passkeys (code, account_id, credential_id, public_key, sign_count, flags, name) values (@text, @me, @bytes, '\x01', 0, 0, 'Key')`,
	`insert into passkey_handles (account_id, handle) values (@me, sha256(@bytes))`,
	`insert into second_factors (account_id, sealed) values (@me, 'secret')`,
	`insert into recovery_codes (account_id, hash) values (@me, 'secret')`,
	`insert into channels (account_id) values (@me)`,
	`insert into letters (code, kind, account_id, locale, event_key, args) values (@text, 'selected', @me, 'en', @text, '{}')`,
	`insert into form_answers (key, actor, route) values (@text || '0123456789abcdef', @me, '/')`,
	`insert into events (actor_id, verb, kind, subject_id) values (@me, 'save', 'work', @work)`,
	`insert into memberships (account_id, festival_id, role) values (@me, 1, 'organizer')`,
	`insert into invitations (code, token_hash, email, role, festival_id, account_id, expires_at) values (@text, @bytes, @text || '@b.example', 'organizer', 1, @me, now())`,
	`insert into imports (code, edition_id, kind, content, created_by) values (@text, 1, 'csv', 'secret', @me)`,
	`insert into work_versions (work_id, version, film, account_id) values (@work, 1, '{}', @me)`,
	`insert into collaborators (work_id, account_id, level) values (@work, @me + 1000, 'edit')`,
	`insert into collaborators (work_id, account_id, level) values (@work + 1000, @me, 'edit')`,
	`insert into maker_invitations (code, token_hash, work_id, level, invited_by, expires_at) values (@text, @bytes, @work, 'view', @me, now())`,
	`insert into files (code, owner_id, kind, media_type, size, sha256, blob_key) values (@text, @me, 'still', 'image/png', 1, '\x00', @text)`,
	`insert into renditions (file_id, name, media_type, size, blob_key) select id, 'w480', 'image/webp', 1, @text || 's' from files where owner_id = @me`,
	`insert into blob_readings (blob_key, file_id, read_at) select blob_key, id, now() from files where owner_id = @me`,
	`insert into work_files (work_id, file_id, role) select @work, id, 'still' from files where owner_id = @me`,
	`insert into entry_files (entry_id, file_id, role, position) select @entry, id, 'still', 1 from files where owner_id = @me`,
	`insert into subtitles (file_id, number, language, cues, seconds, size, sha256, blob_key) select id, 1, 'fa', 1, 1, 1, @bytes, @text || 't' from files where owner_id = @me`,
	`insert into uploads (code, work_id, role, size, part, created_by) values (@text, @work, 'screener', 1, @text, @me)`,
	`insert into upload_links (code, work_id, role, hash, label, created_by, expires_at) values (@text, @work, 'screener', sha256(@bytes), @text, @me, now())`,
	`insert into upload_keys (upload_id, hash, kind) select id, sha256(@bytes), 'own' from uploads where created_by = @me`,
	`insert into promises (entry_id, size, sha256, closes_at) values (@entry, 1, sha256('x'), now())`,
	`insert into entry_states (entry_id, state, actor_id) values (@entry, 'submitted', @me)`,
	`insert into replies (entry_id, question_id, value, account_id) values (@entry, 1, '{yes}', @me)`,
	`insert into consent_acts (entry_id, edition_id, item, decision, actor_id) values (@entry, 1, 'film', 'yes', @me)`,
	`insert into payments (code, entry_id, minor, currency) values (@text, @entry, 1, 'EUR')`,
	`insert into messages (code, entry_id, side, author_id, body) values (@text, @entry, 'makers', @me, 'Hello')`,
	`insert into cleared_threads (entry_id) values (@entry)`,
	`insert into tasks (code, entry_id, body, due_on, author_id) values (@text, @entry, 'Subtitles', now(), @me)`,
	`insert into faults (code, entry_id, source, reason, side, reporter_id) values (@text, @entry, @text, 'sound', 'juror', @me)`,
	`insert into viewings (account_id, file_id, seconds) select @me, id, 7 from files where owner_id = @me`,
	`insert into decisions (entry_id, outcome, actor_id, released_at) values (@entry, 'selected', 1, now())`,
	`insert into awards (code, edition_id, position, name, entry_id) select @text, edition_id, @me, @text, @entry from entries where id = @entry`,
	`insert into seats (code, panel_id, account_id) values (@text, 1, @me)`,
	`insert into loads (round_id, account_id, least) values (1, @me, 1)`,
	`insert into assignments (code, round_id, entry_id, account_id, position) values (@text, 1, @entry + 1000, @me, 1)`,
	`insert into assignment_moves (change_id, entry_id, account_id, given, code, position) values (1, @entry + 1000, @me, true, @text, 1)`,
	`insert into scores (assignment_id, version, complete, note) select id, 1, true, 'Mine' from assignments where account_id = @me`,
	`insert into marks (score_id, criterion_id, value) select s.id, 1, 5 from scores s join assignments a on a.id = s.assignment_id where a.account_id = @me`,
	`insert into ballots (code, deliberation_id, account_id, version, films, places) values (@text, 1, @me, 1, '{1}', '{1}')`,
	`insert into conflicts (account_id, entry_id, reason, actor_id) values (@me, @entry + 1000, 'knows', 1)`,
	`insert into dismissals (account_id, entry_id, evidence, actor_id) values (@me, @entry + 1000, 'surname', 1)`,
}

// person makes somebody with one row of everything.
func person(t *testing.T, tx pgx.Tx, s *jurytest.Stage, name string) account.ID {
	t.Helper()
	me := s.Account(name, s.Email(name))
	film := s.Film("Film of "+name, me)
	work, err := pg.Value[entry.WorkID](t.Context(), tx, `select work_id from entries where id = @id`, pg.Args{"id": film})
	must(t, err)
	typed := strings.NewReplacer("@me", "@me::bigint", "@entry", "@entry::bigint", "@work", "@work::bigint", "@text", "@text::text", "@bytes", "@bytes::bytea")
	for _, sql := range theirs {
		_, err := tx.Exec(t.Context(), typed.Replace(sql), pgx.NamedArgs{"me": int64(me), "entry": int64(film), "work": int64(work), "text": name, "bytes": []byte(name)})
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	return me
}

// sleepingTriggers is a transaction in which rows need no others around them.
func sleepingTriggers(t *testing.T) pgx.Tx {
	t.Helper()
	tx := pgtest.Tx(t)
	_, err := tx.Exec(t.Context(), `set local session_replication_role = replica`)
	must(t, err)
	return tx
}

// Every row that names a person stands in the copy, as far as the schema can
// tell: the columns are read from it, not from the shares.
func TestTheCopyLeavesOutNoRow(t *testing.T) {
	t.Parallel()
	tx := sleepingTriggers(t)
	s := jurytest.New(t, tx, 0, 0)
	_, err := tx.Exec(t.Context(), `update editions set awards_at = now()`)
	must(t, err)
	me, other := person(t, tx, s, "mine"), person(t, tx, s, "other")
	byTable := map[string]report.Share{}
	for _, share := range report.Shares {
		byTable[share.Table()] = share
		mine, err := share.Of(t.Context(), tx, me)
		must(t, err)
		if len(mine) == 0 {
			t.Errorf("%s: the test has no row of it", share.Name)
		}
		others, err := share.Of(t.Context(), tx, other)
		must(t, err)
		for _, row := range mine {
			if slices.ContainsFunc(others, func(o json.RawMessage) bool { return string(o) == string(row) }) {
				t.Errorf("%s: two people have %s", share.Name, row)
			}
		}
	}
	for _, c := range columnsOfPeople(t, tx) {
		table, column, _ := strings.Cut(c, ".")
		share, shared := byTable[table]
		if slices.Contains(acts, c) {
			continue
		}
		if !shared {
			t.Errorf("%s names a person and is in no share", c)
			continue
		}
		missing, err := pg.Values[string](t.Context(), tx, `
			select (to_jsonb(x) - @without::text[])::text
			from `+table+` x
			where x.`+column+` = @me
			  and not exists (select from unnest(@copy::text[]) as row where row::jsonb @> to_jsonb(x) - @without::text[])`,
			pg.Args{"me": me, "without": share.Without(), "copy": texts(t, tx, share, me)})
		must(t, err)
		for _, row := range missing {
			t.Errorf("%s: the copy lacks %s", c, row)
		}
	}
}

func texts(t *testing.T, tx pgx.Tx, s report.Share, who account.ID) []string {
	t.Helper()
	rows, err := s.Of(t.Context(), tx, who)
	must(t, err)
	var list []string
	for _, row := range rows {
		list = append(list, string(row))
	}
	return list
}

// columnsOfPeople are all columns that point at accounts, by a constraint or by
// their name.
func columnsOfPeople(t *testing.T, tx pgx.Tx) []string {
	t.Helper()
	list, err := pg.Values[string](t.Context(), tx, `
		select distinct c.relname || '.' || a.attname as name
		from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		left join pg_constraint f on f.conrelid = c.oid and f.contype = 'f' and a.attnum = any(f.conkey)
		where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
		  and (f.confrelid = 'accounts'::regclass or a.attname in ('account_id', 'actor', 'actor_id', 'author_id', 'owner_id', 'created_by', 'invited_by', 'undone_by'))
		order by name`, pg.Args{})
	must(t, err)
	if len(list) < 30 {
		t.Fatalf("the schema names people in %d columns only: %q", len(list), list)
	}
	return list
}

func TestEveryTableIsSharedOrNobodys(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	tables, err := pg.Values[string](t.Context(), tx, `
		select relname::text
		from pg_class
		where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like 'river%'
		order by relname`, pg.Args{})
	must(t, err)
	for _, table := range tables {
		shared := slices.ContainsFunc(report.Shares, func(s report.Share) bool { return s.Table() == table })
		if _, other := nobodys[table]; shared == other {
			t.Errorf("%s must stand among the shares or be nobody's, and not both", table)
		}
	}
}

// Secrets that open a door stay, whatever their column is called.
func TestTheCopyHoldsNoSecret(t *testing.T) {
	t.Parallel()
	tx := sleepingTriggers(t)
	me := person(t, tx, jurytest.New(t, tx, 0, 0), "mine")
	secret := []string{"hash", "secret", "token", "sealed", "blob_key", "lookup", "password"}
	allowed := []string{"entries.sent_hash", "consent_acts.shown_hash"}
	for _, share := range report.Shares {
		for _, row := range texts(t, tx, share, me) {
			var fields map[string]any
			must(t, json.Unmarshal([]byte(row), &fields))
			for name := range fields {
				if slices.ContainsFunc(secret, func(s string) bool { return strings.Contains(name, s) }) && !slices.Contains(allowed, share.Table()+"."+name) {
					t.Errorf("%s shows %s", share.Name, name)
				}
			}
			if strings.Contains(row, "secret") || strings.Contains(row, "736563726574") {
				t.Errorf("%s shows %s", share.Name, row)
			}
		}
	}
}

// Nothing of a decision or an award is in the copy before its makers may know.
func TestTheCopyKeepsTheSealOfDecisions(t *testing.T) {
	t.Parallel()
	tx := sleepingTriggers(t)
	me := person(t, tx, jurytest.New(t, tx, 0, 0), "mine")
	_, err := tx.Exec(t.Context(), `update decisions set released_at = null`)
	must(t, err)
	for _, share := range report.Shares {
		if name := share.Table(); name == "decisions" || name == "awards" {
			if rows := texts(t, tx, share, me); len(rows) != 0 {
				t.Errorf("%s: %s", name, rows)
			}
		}
	}
}
