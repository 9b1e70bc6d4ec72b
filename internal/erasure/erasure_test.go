package erasure_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/account"
	"laurel/internal/blob"
	"laurel/internal/entry"
	"laurel/internal/erasure"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
	"laurel/internal/seed"
)

// canary is in every word that the scene plants about its work.
const canary = "canary"

// A scene is a work that has been everywhere: sent, judged, decided, written
// about, with files; and another one that nobody touches.
type scene struct {
	t           *testing.T
	pool        *pgxpool.Pool
	store       *blob.Dir
	parts       *blob.Parts
	folder      string // of the files
	office      erasure.Office
	bookFolder  string
	maker       account.ID
	work        entry.Work
	sent, draft entry.Entry
	other       entry.Entry // of another maker, with a name of its own
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func set(t *testing.T) *scene {
	t.Helper()
	s := &scene{t: t, pool: pgtest.Pool(t), folder: t.TempDir(), bookFolder: t.TempDir()}
	var err error
	s.store, err = blob.OpenDir(s.folder)
	ok(t, err)
	t.Cleanup(func() { s.store.Close() })
	s.parts, err = blob.OpenParts(filepath.Join(s.folder, "parts"))
	ok(t, err)
	t.Cleanup(func() { s.parts.Close() })
	book, err := erasure.OpenBook(s.bookFolder)
	ok(t, err)
	t.Cleanup(func() { book.Close() })
	s.office = erasure.Office{Book: book, Backups: 35}
	s.do(func(ctx context.Context, tx pgx.Tx) error {
		e := seed.Edition(t, tx)
		c := seed.Category(t, tx, e)
		second := seed.Category(t, tx, e, func(c *festival.Category) { c.Slug, c.Name = "second", "Second" })
		s.maker = seed.Account(t, tx, canary+" maker")
		s.sent = seed.Entry(t, tx, c, func(x *seed.E) { x.Owner, x.Slug, x.Outcome = s.maker, canary, "selected" })
		s.other = seed.Entry(t, tx, c, func(x *seed.E) { x.Film.Title = "Survivor" })
		s.work, err = entry.WorkBy(ctx, tx, s.maker, s.workCode(tx))
		ok(t, err)
		s.draft, err = entry.Start(ctx, tx, s.maker, s.work.Code, second.ID)
		ok(t, err)
		s.plant(ctx, tx)
		return nil
	})
	return s
}

func (s *scene) do(act func(ctx context.Context, tx pgx.Tx) error) {
	s.t.Helper()
	ok(s.t, pgx.BeginFunc(s.t.Context(), s.pool, func(tx pgx.Tx) error { return act(s.t.Context(), tx) }))
}

func (s *scene) workCode(db pg.DB) string {
	s.t.Helper()
	code, err := pg.Value[string](s.t.Context(), db, `select code from works where id = @id`, pg.Args{"id": s.sent.WorkID})
	ok(s.t, err)
	return code
}

// fill writes canaries into every text of v, and one element into every list.
func fill(v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(canary + " " + name)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), v.Type().Field(i).Name)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		if v.Type().Key().Kind() == reflect.String {
			v.SetMapIndex(reflect.ValueOf(canary+" "+name).Convert(v.Type().Key()), reflect.Zero(v.Type().Elem()))
		}
	}
}

// planted are the rows of the work, with a canary in every column that can hold
// words of people.
var planted = []string{
	`update works set film = @film where id = @work`,
	`update entries set film = @film, contact = '{"name": "canary", "email": "canary@mail.example"}', answers = '[{"question": "canary", "answer": "canary"}]',
		source = 'csv', source_id = 'canary-17' where id = @sent`,
	`insert into work_versions (work_id, version, film, account_id) values (@work, 90, @film, @maker)`,
	`insert into maker_invitations (code, token_hash, work_id, level, note, email, expires_at) values ('made', 'x', @work, 'edit', 'canary', 'canary@mail.example', now())`,
	`insert into collaborators (work_id, account_id, level) values (@work, @juror, 'view')`,
	`insert into files (code, owner_id, kind, media_type, size, sha256, blob_key) values ('file', @maker, 'still', 'canary/x', 6, 'canary', @key)`,
	`insert into files (code, owner_id, kind, media_type, size, sha256, blob_key) values ('loose', @maker, 'still', 'canary/x', 6, 'canary', @key3)`,
	`insert into renditions (file_id, name, media_type, size, blob_key) select id, 'w480', 'canary/x', 6, @key2 from files where code = 'file'`,
	`insert into file_keys (file_id, sealed, sealed_size, sealed_sha256) select id, 'canary', 1, 'canary' from files where code = 'file'`,
	`insert into loose_blobs (blob_key, file_id) select @key4, id from files where code = 'file'`,
	`insert into subtitles (file_id, number, language, cues, seconds, size, sha256, blob_key) select id, 1, 'xx-canary', 1, 1, 1, 'canary', @key5 from files where code = 'file'`,
	`insert into work_files (work_id, file_id, role) select @work, id, 'still' from files where code = 'file'`,
	`insert into entry_files (entry_id, file_id, role, position) select @sent, id, 'still', 1 from files where code = 'file'`,
	`insert into uploads (code, work_id, role, size, durable, part, created_by, claimed, hash_state) values ('upload', @work, 'screener', 7, 6, @part, @maker, sha256('x'), 'canary')`,
	`insert into upload_links (code, work_id, role, hash, label, expires_at) values ('link', @work, 'screener', sha256('x'), 'canary', now())`,
	`insert into upload_keys (upload_id, hash, kind, label) select id, sha256('x'), 'helper', 'canary' from uploads where code = 'upload'`,
	`insert into promises (entry_id, size, sha256, closes_at) values (@sent, 1, sha256('x'), now())`,
	`update entry_states set reason = 'canary' where entry_id = @sent`,
	`update decisions set message = 'canary' where entry_id = @sent`,
	`insert into awards (code, edition_id, position, name, entry_id, citation) values ('award', @edition, 1, 'Golden', @sent, 'canary')`,
	`insert into consent_acts (entry_id, edition_id, item, decision, shown, shown_hash, locale, actor_id)
		values (@sent, @edition, 'synopsis', 'yes', 'canary', repeat('c', 64), 'en', @maker)`,
	`insert into messages (code, entry_id, side, author_id, body) values ('message', @sent, 'makers', @maker, 'canary')`,
	`insert into tasks (code, entry_id, body, due_on, author_id) values ('task', @sent, 'canary', now(), @juror)`,
	`insert into questions (code, category_id, position, kind, label) values ('question', @category, 1, 'text', 'Why?')`,
	`insert into replies (entry_id, question_id, value, account_id) select @sent, id, '{canary}', @maker from questions`,
	`insert into payments (code, entry_id, minor, currency, url, intent, note) values ('payment', @sent, 100, 'EUR', 'https://canary.example', 'canary', 'canary')`,
	`insert into panels (code, edition_id, name) values ('panel', @edition, 'Jury')`,
	`insert into rounds (code, category_id, panel_id, name, reviews_per_entry, opens_at, closes_at) select 'round', @category, id, 'Round', 1, now() - interval '1 day', now() from panels`,
	`insert into seats (code, panel_id, account_id) select 'seat', id, @juror from panels`,
	`insert into assignments (code, round_id, entry_id, account_id, position, state, note) select 'assignment', id, @sent, @juror, 1, 'done', 'canary' from rounds`,
	`insert into scores (assignment_id, version, complete, note, feedback) select id, 1, true, 'canary', 'canary' from assignments`,
	`insert into conflicts (account_id, entry_id, reason, note, actor_id) values (@stranger, @sent, 'knows', 'canary', @stranger)`,
	`insert into dismissals (account_id, entry_id, evidence, actor_id) values (@juror, @sent, 'surname', @juror)`,
	`insert into events (actor_id, edition_id, verb, kind, subject_id, before, after) values
		(@maker, @edition, 'entry.submit', 'entry', @sent, '{"x": "canary"}', '{"x": "canary"}'), (@maker, null, 'work.save', 'work', @work, null, '{"x": "canary"}')`,
	`insert into events (actor_id, edition_id, verb, kind, subject_id) select @maker, @edition, 'message.write', 'message', id from messages`,
	`insert into events (actor_id, edition_id, verb, kind, subject_id) select @maker, @edition, 'task.done', 'task', id from tasks`,
	`insert into letters (code, kind, account_id, edition_id, email, locale, event_key, args) values
		('letter', 'entry-received', @maker, @edition, 'canary@mail.example', 'en', 'canary:1', jsonb_build_object('link', '/my/entries/' || @sentcode::text, 'message', 'canary')),
		('letter2', 'entry-received', null, @edition, 'other@mail.example', 'en', 'about:1', jsonb_build_object('number', @label::text, 'message', 'canary'))`,
	`insert into river_job (kind, args, max_attempts) select 'letter', jsonb_build_object('letter_id', id, 'canary', 'canary'), 1 from letters`,
	`insert into form_answers (key, actor, route, location) values ('0123456789abcdef', @maker, '/', '/my/entries/' || @sentcode::text || '?canary')`,
	`insert into imports (code, edition_id, kind, content, created_by) values ('import', @edition, 'csv', convert_to('id,title' || chr(10) || 'canary-17,Canary', 'UTF8'), @juror)`,
	`insert into imports (code, edition_id, kind, mapping, report, created_by, applied_at)
		values ('import2', @edition, 'csv', '{"x": "canary"}', '{"rows": 1, "problems": ["canary"], "outcomes": [{"title": "canary"}]}', @juror, now())`,
	`insert into sessions (token_hash, code, account_id, expires_at) values ('canary', 'canary', @maker, now() + interval '1 day')`,
	`insert into account_tokens (token_hash, kind, account_id, email, expires_at) values ('canary', 'email', @maker, 'canary@mail.example', now())`,
	`insert into account_codes (kind, lookup, account_id, hash) values ('entrance', 1, @maker, 'canary')`,
	`insert into passkey_handles (account_id, handle) values (@maker, convert_to('canary canary canary canary 1234', 'UTF8'))`,
	`insert into passkeys (code, account_id, credential_id, public_key, sign_count, flags, name) values ('passkey', @maker, 'canary', 'canary', 0, 0, 'canary')`,
	`insert into channels (account_id, channel, sentence) values (@maker, 'neutral', 'canary')`,
	`insert into invitations (code, token_hash, email, name, role, festival_id, account_id, expires_at)
		select 'invitation', 'i', 'canary@mail.example', 'canary', 'organizer', festival_id, @maker, now() from editions`,
	`update accounts set email = 'canary@mail.example', password_hash = 'canary', languages = '{canary}', affiliations = '{canary}' where id = @maker`,
}

// plant writes the rows, and the files that they speak of.
func (s *scene) plant(ctx context.Context, tx pgx.Tx) {
	s.t.Helper()
	var film entry.Film
	fill(reflect.ValueOf(&film).Elem(), "film")
	film.Runtime = 600
	keys := []string{blob.Key(), blob.Key(), blob.Key(), blob.Key(), blob.Key()}
	for _, key := range keys {
		_, err := s.store.Put(ctx, key, strings.NewReader(canary))
		ok(s.t, err)
	}
	part := blob.Key()
	ok(s.t, s.parts.Create(ctx, part))
	_, err := s.parts.Write(ctx, part, 0, strings.NewReader(canary), nil)
	ok(s.t, err)
	args := pg.Args{
		"part": part, "film": film, "work": s.work.ID, "sent": s.sent.ID, "maker": s.maker, "edition": s.sent.EditionID, "category": s.sent.CategoryID, "sentcode": s.sent.Code,
		"label": s.sent.Label(), "key": keys[0], "key2": keys[1], "key3": keys[2], "key4": keys[3], "key5": keys[4], "juror": seed.Account(s.t, tx, "Juror"), "stranger": seed.Account(s.t, tx, "Stranger"),
	}
	for _, sql := range planted {
		used := pg.Args{}
		for _, m := range parameter.FindAllStringSubmatch(quoted.ReplaceAllString(sql, ""), -1) {
			used[m[1]] = args[m[1]]
		}
		if _, err := tx.Exec(ctx, sql, used); err != nil {
			s.t.Fatalf("%s: %v", sql, err)
		}
	}
}

var (
	quoted    = regexp.MustCompile(`'[^']*'`)
	parameter = regexp.MustCompile(`@([a-z0-9]+)`)
)

// found are the columns in which a canary stands.
func found(t *testing.T, db pg.DB) []string {
	t.Helper()
	columns, err := pg.Rows[struct{ Relation, Name, Kind string }](t.Context(), db, `
		select c.relname::text as relation, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as kind
		from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
		order by 1, 2`, nil)
	ok(t, err)
	var all []string
	for _, c := range columns {
		words := c.Name + "::text"
		if c.Kind == "bytea" {
			words = "encode(" + c.Name + ", 'escape')"
		}
		n, err := pg.Value[int](t.Context(), db, fmt.Sprintf(`select count(*)::int from %s where %s ilike '%%canary%%'`, c.Relation, words), nil)
		ok(t, err)
		if n > 0 {
			all = append(all, c.Relation+"."+c.Name)
		}
	}
	return all
}

// files are the contents of all files in a folder.
func files(t *testing.T, folder string) string {
	t.Helper()
	var all strings.Builder
	ok(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all.Write(b)
		return err
	}))
	return all.String()
}

// finish does what the jobs of all erasures do.
func (s *scene) finish() {
	s.t.Helper()
	ids, err := pg.Values[int64](s.t.Context(), s.pool, `select id from erasures where finished_at is null order by id`, nil)
	ok(s.t, err)
	for _, id := range ids {
		ok(s.t, erasure.Finish(s.t.Context(), s.pool, s.store, s.parts, id))
	}
}

func (s *scene) eraseWork() (code string) {
	s.t.Helper()
	s.do(func(ctx context.Context, tx pgx.Tx) (err error) {
		code, err = s.office.Work(ctx, tx, s.maker, s.work.Code)
		return err
	})
	return code
}

// ofThePerson are the columns that say something of the maker and nothing of a
// work: they stay when only the work is erased.
func ofThePerson(column string) bool {
	table, _, _ := strings.Cut(column, ".")
	return slices.Contains([]string{"accounts", "sessions", "account_tokens", "account_codes", "passkeys", "passkey_handles", "channels", "invitations", "letters", "river_job"}, table)
}

func TestErasingAWorkLeavesNothingOfItAnywhere(t *testing.T) {
	t.Parallel()
	s := set(t)
	before := found(t, s.pool)
	if len(before) < 50 {
		t.Fatalf("the scene plants canaries in only %d columns: %v", len(before), before)
	}
	code := s.eraseWork()
	s.finish()
	for _, column := range found(t, s.pool) {
		if !ofThePerson(column) {
			t.Errorf("%s still speaks of the work", column)
		}
	}
	if strings.Contains(files(t, s.folder), canary) {
		t.Error("a file is still there")
	}
	if strings.Contains(files(t, s.bookFolder), canary) {
		t.Error("the record speaks of the work")
	}
	if wrote, err := pg.Value[int](t.Context(), s.pool, `select count(*)::int from events where actor_id = @maker and edition_id is not null`, pg.Args{"maker": s.maker}); err != nil || wrote > 0 {
		t.Errorf("%d acts tell at which festival the maker was: %v", wrote, err)
	}
	s.tombstone()
	s.receipt(code)
}

// tombstone wants the number of the sent entry and nothing else, no draft, and
// the other maker's entry as it was.
func (s *scene) tombstone() {
	s.t.Helper()
	type stone struct {
		ID     entry.ID
		Number int
		State  string
		Code   string
	}
	stones, err := pg.Rows[stone](s.t.Context(), s.pool, `select id, number, state, code from entries order by id`, nil)
	ok(s.t, err)
	if len(stones) != 2 || stones[0].ID != s.sent.ID || stones[0].Number != s.sent.Number || stones[0].State != "erased" || stones[0].Code == s.sent.Code {
		s.t.Errorf("got %+v", stones)
	}
	if stones[1].ID != s.other.ID || stones[1].State != string(s.other.State) || stones[1].Code != s.other.Code {
		s.t.Errorf("the other entry: got %+v", stones[1])
	}
}

// keys are the blobs and the part that planted puts down.
const keys = 6

// receipt wants a genuine receipt that lists where something was.
func (s *scene) receipt(code string) {
	s.t.Helper()
	given, err := erasure.ReceiptOf(s.t.Context(), s.pool, code)
	ok(s.t, err)
	r, err := erasure.Check([]byte(given.Receipt), s.office.Book.PublicKey())
	ok(s.t, err)
	if r.Code != code || r.Kind != erasure.OfWork || r.BackupsUntil != r.ErasedAt.AddDate(0, 0, 35).Format("2006-01-02") || r.Files != keys || given.FinishedAt == nil {
		s.t.Errorf("got %+v", r)
	}
	for _, x := range r.Stores {
		if x.Records == 0 {
			s.t.Errorf("the receipt knows of nothing in %s", x.Name)
		}
	}
}

func TestErasingAPersonLeavesNothingOfThemAnywhere(t *testing.T) {
	t.Parallel()
	s := set(t)
	s.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := s.office.Account(ctx, tx, s.maker)
		return err
	})
	s.finish()
	if left := found(t, s.pool); len(left) > 0 {
		t.Errorf("still in %v", left)
	}
	if strings.Contains(files(t, s.folder), canary) {
		t.Error("a file is still there")
	}
}

func TestTheLastOrganizerStays(t *testing.T) {
	t.Parallel()
	s := set(t)
	by, err := pg.Value[account.ID](t.Context(), s.pool, `select account_id from memberships`, nil)
	ok(t, err)
	err = pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) error {
		_, err := s.office.Account(t.Context(), tx, by)
		return err
	})
	if p := problem.Of(err); p == nil || p.Say.Key != "erasure.last-organizer" {
		t.Errorf("got %v", err)
	}
}

func TestOnlyTheOwnerErases(t *testing.T) {
	t.Parallel()
	s := set(t)
	for who, need := range map[account.ID]string{s.maker + 9999: "problem.not-found", s.collaborator(): "maker.not-owner"} {
		err := pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) error {
			_, err := s.office.Work(t.Context(), tx, who, s.work.Code)
			return err
		})
		if p := problem.Of(err); p == nil || p.Say.Key != need {
			t.Errorf("got %v, want %s", err, need)
		}
	}
	lines, err := s.office.Book.Lines()
	ok(t, err)
	if len(lines) != 0 {
		t.Errorf("the record has %v", lines)
	}
}

func (s *scene) collaborator() account.ID {
	s.t.Helper()
	who, err := pg.Value[account.ID](s.t.Context(), s.pool, `select account_id from collaborators`, nil)
	ok(s.t, err)
	return who
}

// TestErasingIsWholeOrNothing: a transaction that ends before its commit, as one
// of a process that is killed does, has erased nothing; what the record says is
// made up for at the next start, and what was taken back is not.
func TestErasingIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	for _, voided := range []bool{true, false} {
		s := set(t)
		before := found(t, s.pool)
		var code string
		killed := errors.New("killed")
		err := pgx.BeginFunc(t.Context(), s.pool, func(tx pgx.Tx) (err error) {
			if code, err = s.office.Work(t.Context(), tx, s.maker, s.work.Code); err != nil {
				return err
			}
			return killed
		})
		if !errors.Is(err, killed) {
			t.Fatal(err)
		}
		if got := found(t, s.pool); !slices.Equal(got, before) {
			t.Fatalf("half erased: %v", got)
		}
		if voided {
			ok(t, s.office.Book.Void(code))
		}
		again, err := s.office.Replay(t.Context(), s.pool, s.store, s.parts)
		ok(t, err)
		left := slices.DeleteFunc(found(t, s.pool), ofThePerson)
		if gone := len(left) == 0; gone == voided || (again == 1) == voided {
			t.Errorf("voided %v: erased again %d, left %v", voided, again, left)
		}
	}
}

// TestARestoredBackupIsErasedAgain copies the database before, as a backup does.
func TestARestoredBackupIsErasedAgain(t *testing.T) {
	t.Parallel()
	s := set(t)
	backup, keep := s.backup()
	code := s.eraseWork()
	s.finish()

	s.pool = s.restore(backup)
	ok(t, os.CopyFS(s.folder, keep))
	if !slices.Contains(found(t, s.pool), "works.film") || !strings.Contains(files(t, s.folder), canary) {
		t.Fatal("the backup does not hold the work")
	}
	again, err := s.office.Replay(t.Context(), s.pool, s.store, s.parts)
	ok(t, err)
	s.finish()
	if left := slices.DeleteFunc(found(t, s.pool), ofThePerson); again != 1 || len(left) > 0 || strings.Contains(files(t, s.folder), canary) {
		t.Errorf("erased %d again, left %v", again, left)
	}
	s.tombstone()
	s.receipt(code)
	if again, err := s.office.Replay(t.Context(), s.pool, s.store, s.parts); err != nil || again != 0 {
		t.Errorf("a second start erases %d again: %v", again, err)
	}
}

// backup writes the whole database and the files down, as pg_dump does; restore
// reads it into a database that is empty.
func (s *scene) backup() (dump []byte, files fs.FS) {
	s.t.Helper()
	var out, said bytes.Buffer
	run := exec.Command(program(s.t, "pg_dump"), "--no-owner", "-d", s.pool.Config().ConnString())
	run.Stdout, run.Stderr = &out, &said
	if err := run.Run(); err != nil {
		s.t.Fatalf("%v: %s", err, said.Bytes())
	}
	copied := s.t.TempDir()
	ok(s.t, os.CopyFS(copied, os.DirFS(s.folder)))
	return out.Bytes(), os.DirFS(copied)
}

func (s *scene) restore(dump []byte) *pgxpool.Pool {
	s.t.Helper()
	dsn := pgtest.Empty(s.t)
	run := exec.Command(program(s.t, "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-d", dsn)
	run.Stdin = bytes.NewReader(dump)
	if said, err := run.CombinedOutput(); err != nil {
		s.t.Fatalf("%v: %s", err, said)
	}
	pool, err := pg.Open(s.t.Context(), dsn)
	ok(s.t, err)
	s.t.Cleanup(pool.Close)
	return pool
}

// program finds one of Postgres's own programs.
func program(t *testing.T, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		t.Fatalf("there is no %s: README, Tests, says what the tests need", name)
	}
	return found[len(found)-1]
}

// TestTheRecordIsCaughtUp: what only one of the two
// knows is in both after a start.
func TestTheRecordIsCaughtUp(t *testing.T) {
	t.Parallel()
	s := set(t)
	code := s.eraseWork()
	empty, err := erasure.OpenBook(t.TempDir())
	ok(t, err)
	defer empty.Close()
	s.office.Book = empty
	_, err = s.office.Replay(t.Context(), s.pool, s.store, s.parts)
	ok(t, err)
	lines, err := empty.Lines()
	ok(t, err)
	if len(lines) != 1 || lines[0].Code != code {
		t.Errorf("got %+v", lines)
	}
}

func TestALineThatWasCutShortIsPassedOver(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	book, err := erasure.OpenBook(folder)
	ok(t, err)
	defer book.Close()
	ok(t, book.Write(erasure.Line{Code: "one", Kind: erasure.OfWork}))
	f, err := os.OpenFile(filepath.Join(folder, "record.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	ok(t, err)
	_, err = f.WriteString(`{"code": "two", "kin`)
	ok(t, errors.Join(err, f.Close()))
	ok(t, book.Write(erasure.Line{Code: "three", Kind: erasure.OfWork}))
	lines, err := book.Lines()
	ok(t, err)
	if len(lines) != 2 || lines[0].Code != "one" || lines[1].Code != "three" {
		t.Errorf("got %+v", lines)
	}
}

func TestAReceiptThatWasTouchedIsForged(t *testing.T) {
	t.Parallel()
	s := set(t)
	code := s.eraseWork()
	given, err := erasure.ReceiptOf(t.Context(), s.pool, code)
	ok(t, err)
	text := []byte(given.Receipt)
	var indented bytes.Buffer
	ok(t, json.Indent(&indented, text, "", "  "))
	if _, err := erasure.Check(indented.Bytes(), ""); err != nil {
		t.Errorf("laid out in lines: %v", err)
	}
	for i := bytes.Index(text, []byte(`{"version"`)); i < bytes.Index(text, []byte(`,"publicKey"`)); i++ {
		changed := bytes.Clone(text)
		changed[i] ^= 1
		if r, err := erasure.Check(changed, s.office.Book.PublicKey()); err == nil {
			t.Fatalf("byte %d changed, and the receipt is genuine: %+v", i, r)
		}
	}
	other, err := erasure.OpenBook(t.TempDir())
	ok(t, err)
	defer other.Close()
	if _, err := erasure.Check(text, other.PublicKey()); !errors.Is(err, erasure.ErrForged) {
		t.Errorf("another installation's key: got %v", err)
	}
}
