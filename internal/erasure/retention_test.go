package erasure_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/entry"
	"laurel/internal/erasure"
	"laurel/internal/festival"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/seed"
)

// TestEverythingIsKeptForItsTimeAndNoLonger moves what happened into the past,
// a day before and a day after the time is over.
func TestEverythingIsKeptForItsTimeAndNoLonger(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name   string
		days   int
		change func(*seed.E)
		gone   func(s *kept) bool
	}{
		{"the screener of a film that was not selected", entry.KeepFilms, outcome("not-selected"), (*kept).noFilm},
		{"the screener of a film that was withdrawn", entry.KeepFilms, state(entry.Withdrawn), (*kept).noFilm},
		{"the data of a film that was not selected", entry.KeepData, outcome("not-selected"), (*kept).empty},
		{"the data of a film that was withdrawn", entry.KeepData, state(entry.Withdrawn), (*kept).empty},
		{"a draft", entry.KeepDrafts, state(entry.Draft), (*kept).missing},
		{"a juror's private notes", entry.KeepNotes, outcome("selected"), (*kept).noNote},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			s := keep(t, x.change)
			s.expire(x.days - 1)
			if x.gone(s) {
				t.Fatalf("it is gone a day early")
			}
			s.expire(2)
			if !x.gone(s) {
				t.Fatalf("it is there a day later")
			}
		})
	}
}

// TestASelectedFilmIsKept and so is one that its makers have shut meanwhile.
func TestASelectedFilmIsKept(t *testing.T) {
	t.Parallel()
	s := keep(t, outcome("selected"))
	s.expire(1000)
	if s.noFilm() || s.empty() {
		t.Error("it is gone")
	}
}

func TestAWorkThatIsUsedNowhereGoesLast(t *testing.T) {
	t.Parallel()
	s := keep(t, outcome("not-selected"))
	s.expire(entry.KeepData + 1)
	if !s.empty() || s.count(`select count(*)::int from works where owner_id is not null`) != 1 {
		t.Fatal("want the entry empty and the work there")
	}
	s.expire(entry.KeepDrafts - 1)
	if s.count(`select count(*)::int from works where owner_id is not null`) != 1 {
		t.Fatal("the work is gone a day early")
	}
	s.expire(2)
	if s.count(`select count(*)::int from works where owner_id is not null`) != 0 {
		t.Error("the work is still there")
	}
}

// TestMakersReadTheDayOnWhichItHappens: the page and the daily round agree.
func TestMakersReadTheDayOnWhichItHappens(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*seed.E){outcome("not-selected"), state(entry.Withdrawn), state(entry.Draft), outcome("selected")} {
		s := keep(t, change)
		m, err := entry.MineBy(t.Context(), s.pool, s.maker, s.entry.Code)
		ok(t, err)
		told := entry.Kept(m)
		for _, x := range []struct {
			on   *time.Time
			gone func() bool
		}{{told.Films, s.noFilm}, {told.Data, func() bool { return s.empty() || s.missing() }}} {
			if x.on == nil {
				continue
			}
			days := int(x.on.Sub(m.Now).Hours()/24) - s.passed
			s.expire(days - 1)
			if x.gone() {
				t.Errorf("gone before %v", x.on)
			}
			s.expire(3)
			if !x.gone() {
				t.Errorf("there after %v", x.on)
			}
		}
		if told.Data == nil {
			if s.expire(2000); s.empty() || s.missing() {
				t.Error("gone though nobody said so")
			}
		}
	}
}

func outcome(o string) func(*seed.E)    { return func(e *seed.E) { e.Outcome = o } }
func state(s entry.State) func(*seed.E) { return func(e *seed.E) { e.State = s } }

// kept is one entry with a screener and a juror's note, at a time that moves.
type kept struct {
	scene
	entry  entry.Entry
	passed int
}

func keep(t *testing.T, change func(*seed.E)) *kept {
	t.Helper()
	s := &kept{scene: scene{t: t, pool: pgtest.Pool(t), folder: t.TempDir()}}
	var err error
	s.store, err = blob.OpenDir(s.folder)
	ok(t, err)
	t.Cleanup(func() { s.store.Close() })
	s.parts, err = blob.OpenParts(t.TempDir())
	ok(t, err)
	t.Cleanup(func() { s.parts.Close() })
	key := blob.Key()
	_, err = s.store.Put(t.Context(), key, strings.NewReader("film"))
	ok(t, err)
	s.do(func(ctx context.Context, tx pgx.Tx) error {
		c := seed.Category(t, tx, seed.Edition(t, tx), func(c *festival.Category) {})
		s.maker = seed.Account(t, tx, "Ada")
		s.entry = seed.Entry(t, tx, c, func(e *seed.E) { e.Owner = s.maker }, change)
		juror := seed.Account(t, tx, "Jules")
		for _, sql := range []string{
			`insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key) values ('film', @maker, 'screener', 'ready', 'video/mp4', 4, '', @key)`,
			`insert into work_files (work_id, file_id, role) select @work, id, 'screener' from files`,
			`insert into entry_files (entry_id, file_id, role, position) select @entry, id, 'screener', 1 from files`,
			`insert into panels (code, edition_id, name) select 'panel', edition_id, 'Jury' from entries`,
			`insert into rounds (code, category_id, panel_id, name, reviews_per_entry, opens_at, closes_at) select 'round', e.category_id, p.id, 'Round', 1, now(), now() + interval '1 hour' from panels p, entries e`,
			`insert into assignments (code, round_id, entry_id, account_id, position) select 'assignment', id, @entry, @juror, 1 from rounds`,
			`insert into scores (assignment_id, version, complete, note) select id, 1, true, 'note' from assignments`,
		} {
			args := pg.Args{}
			for _, m := range parameter.FindAllStringSubmatch(sql, -1) {
				args[m[1]] = map[string]any{"maker": s.maker, "key": key, "work": s.entry.WorkID, "entry": s.entry.ID, "juror": juror}[m[1]]
			}
			if s.entry.State == entry.Draft && (strings.Contains(sql, "entry_files") || strings.Contains(sql, "into assignments")) {
				continue
			}
			if _, err := tx.Exec(ctx, sql, args); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `update decisions set decided_at = clock_timestamp() - interval '1 hour', released_at = clock_timestamp()`)
		return err
	})
	return s
}

// expire lets so many days pass, and does the daily round.
func (s *kept) expire(days int) {
	s.t.Helper()
	s.pass(days)
	ok(s.t, erasure.Expire(s.t.Context(), s.pool))
	s.finish()
}

// pass lets so many days pass.
func (s *kept) pass(days int) {
	s.t.Helper()
	s.passed += days
	s.do(func(ctx context.Context, tx pgx.Tx) error {
		for _, sql := range []string{
			`set local session_replication_role = replica`, // answers of consent stay as they were written
			`update decisions set released_at = released_at - make_interval(days => @days), decided_at = decided_at - make_interval(days => @days)`,
			`update entry_states set at = at - make_interval(days => @days)`,
			`update works set created_at = created_at - make_interval(days => @days), updated_at = updated_at - make_interval(days => @days)`,
			`update entries set created_at = created_at - make_interval(days => @days)`,
			`update replies set saved_at = saved_at - make_interval(days => @days)`,
			`update consent_acts set at = at - make_interval(days => @days)`,
			`update letters set event_key = split_part(event_key, ':', 1) || ':' || split_part(event_key, ':', 2) || ':'
				|| split_part(event_key, ':', 3)::bigint - @days::bigint * 86400000000 || ':' || split_part(event_key, ':', 4)
			where kind = 'draft-idle'`, // which names the instant of the last change
		} {
			args := pg.Args{}
			if strings.Contains(sql, "@days") {
				args["days"] = days
			}
			if _, err := tx.Exec(ctx, sql, args); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *kept) count(sql string) int {
	s.t.Helper()
	n, err := pg.Value[int](s.t.Context(), s.pool, sql, nil)
	ok(s.t, err)
	return n
}

func (s *kept) noFilm() bool {
	return s.count(`select count(*)::int from files`) == 0 && !strings.Contains(files(s.t, s.folder), "film")
}

func (s *kept) empty() bool {
	return s.count(`select count(*)::int from entries where state = 'erased' and title = '' and film_version is null`) == 1 && s.noFilm()
}

func (s *kept) missing() bool {
	return s.count(`select count(*)::int from entries`) == 0
}

func (s *kept) noNote() bool { return s.count(`select count(*)::int from scores where note = ''`) == 1 }

// TestAFileThatNothingHoldsGoes: a still that was taken out, or a screener whose
// place another took.
func TestAFileThatNothingHoldsGoes(t *testing.T) {
	t.Parallel()
	s := keep(t, outcome("selected"))
	key := blob.Key()
	_, err := s.store.Put(t.Context(), key, strings.NewReader("taken out"))
	ok(t, err)
	_, err = s.pool.Exec(t.Context(), `
		insert into files (code, owner_id, kind, media_type, size, sha256, blob_key, created_at)
		values ('out', $1, 'still', 'image/jpeg', 9, '', $2, now() - interval '25 hours'), ('just-now', $1, 'still', 'image/jpeg', 9, '', $3, now())`,
		s.maker, key, blob.Key())
	ok(t, err)
	s.expire(0)
	left, err := pg.Values[string](t.Context(), s.pool, `select code from files order by code`, nil)
	ok(t, err)
	if len(left) != 2 || left[0] != "film" || left[1] != "just-now" {
		t.Errorf("got %v", left)
	}
	if kept := files(t, s.folder); strings.Contains(kept, "taken out") || !strings.Contains(kept, "film") {
		t.Errorf("on disk: %q", kept)
	}
}

// TestAReplacedFilmGoes: with everything that was made of it, and the key that
// opens it; not before the entry that was sent with it has the new one.
func TestAReplacedFilmGoes(t *testing.T) {
	t.Parallel()
	s := keep(t, outcome("selected"))
	for _, part := range []string{"poster", "vtt", "loose"} {
		_, err := s.store.Put(t.Context(), strings.Repeat(part[:1], 26), strings.NewReader("old "+part))
		ok(t, err)
	}
	var fresh media.ID
	s.do(func(ctx context.Context, tx pgx.Tx) error {
		for _, sql := range []string{
			`update files set created_at = now() - interval '25 hours'`,
			`insert into renditions (file_id, name, media_type, size, blob_key) select id, 'poster', 'image/jpeg', 1, repeat('p', 26) from files`,
			`insert into subtitles (file_id, number, language, cues, seconds, size, sha256, blob_key) select id, 1, 'en', 1, 1, 1, '', repeat('v', 26) from files`,
			`insert into loose_blobs (blob_key, file_id) select repeat('l', 26), id from files`,
			`insert into file_keys (file_id, sealed, sealed_size, sealed_sha256) select id, 'x', 1, '' from files`,
			`insert into uploads (code, work_id, role, size, durable, state, part, file_id) select 'u', work_id, 'screener', 4, 4, 'complete', 'part', file_id from work_files`,
			`insert into viewings (account_id, file_id, seconds) select account_id, f.id, 3 from assignments, files f`,
		} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		var work string
		err := tx.QueryRow(ctx, `insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key) values ('new', $1, 'screener', 'ready', 'video/mp4', 4, '', repeat('n', 26)) returning id, (select code from works)`, s.maker).Scan(&fresh, &work)
		if err != nil {
			return err
		}
		return entry.Attach(ctx, tx, s.maker, work, entry.ScreenerFile, fresh)
	})
	s.expire(0)
	if kept := files(t, s.folder); s.count(`select count(*)::int from files`) != 2 || !strings.Contains(kept, "film") || !strings.Contains(kept, "old poster") {
		t.Fatalf("what the jury was sent is gone: %q", kept)
	}
	_, err := s.pool.Exec(t.Context(), `update entry_files set file_id = $1`, fresh)
	ok(t, err)
	s.expire(0)
	if kept := files(t, s.folder); kept != "" {
		t.Errorf("in the store: %q", kept)
	}
	left := s.count(`select (select count(*) from files where code <> 'new')::int + (select count(*) from file_keys)::int + (select count(*) from renditions)::int
		+ (select count(*) from subtitles)::int + (select count(*) from loose_blobs)::int + (select count(*) from uploads)::int + (select count(*) from viewings)::int`)
	if left != 0 {
		t.Errorf("%d rows are left of it", left)
	}
}
