package entry_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/media"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// promised is a stage whose category closes in an hour and gives films that
// many hours more, with an entry that lacks its film.
func promised(t testing.TB, tx pgx.Tx, hours int) (stage, entry.Entry, entry.Work) {
	t.Helper()
	s := set(t, tx, time.Hour)
	_, err := tx.Exec(t.Context(), `update categories set bytes_hours = @hours where id = @id`, pg.Args{"hours": hours, "id": s.category})
	ok(t, err)
	f := complete()
	f.ScreenerLink = ""
	w, err := entry.Create(t.Context(), tx, s.maker, f)
	ok(t, err)
	still, _ := file(t, tx, s.maker, entry.StillFile)
	ok(t, entry.Attach(t.Context(), tx, s.maker, w.Code, entry.StillFile, still))
	e, err := entry.Start(t.Context(), tx, s.maker, w.Code, s.category)
	ok(t, err)
	return s, e, w
}

var sum = bytes.Repeat([]byte{7}, 32)

// announce begins an upload of a film with its length, and its sum unless nil.
func announce(t testing.TB, tx pgx.Tx, w entry.Work, sum []byte) {
	t.Helper()
	_, err := tx.Exec(t.Context(), `
		insert into uploads (code, work_id, role, size, claimed, part)
		values (@code, @work, 'screener', 1000, @sum, @code)`,
		pg.Args{"code": account.Code(), "work": w.ID, "sum": sum})
	ok(t, err)
}

// arrive makes the film be here and gives it to the work.
func arrive(t testing.TB, tx pgx.Tx, s stage, w entry.Work, size int, sum []byte) media.ID {
	t.Helper()
	id, err := pg.Value[media.ID](t.Context(), tx, `
		insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key)
		values (@code, @owner, 'screener', 'checking', 'video/mp4', @size, @sum, @code)
		returning id`,
		pg.Args{"code": account.Code(), "owner": s.maker, "size": size, "sum": sum})
	ok(t, err)
	_, err = tx.Exec(t.Context(), `update uploads set state = 'complete', durable = size, file_id = @file where work_id = @work`, pg.Args{"file": id, "work": w.ID})
	ok(t, err)
	ok(t, entry.Attach(t.Context(), tx, s.maker, w.Code, entry.ScreenerFile, id))
	return id
}

func mineOf(t testing.TB, tx pgx.Tx, s stage, e entry.Entry) entry.Mine {
	t.Helper()
	m, err := entry.MineBy(t.Context(), tx, s.maker, e.Code)
	ok(t, err)
	return m
}

func submit(ctx context.Context, tx pgx.Tx, s stage, e entry.Entry) string {
	return key(entry.Submit(ctx, tx, s.maker, e.Code, 0))
}

func TestAFilmThatWasAnnouncedInTimeCounts(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s, e, w := promised(t, tx, 72)
	if got := submit(t.Context(), tx, s, e); got != "entry.not-ready" {
		t.Fatalf("without a film: %q", got)
	}
	announce(t, tx, w, nil)
	if got := submit(t.Context(), tx, s, e); got != "entry.not-ready" {
		t.Fatalf("without a sum: %q", got)
	}
	announce(t, tx, w, sum)
	if got := submit(t.Context(), tx, s, e); got != "" {
		t.Fatalf("announced: %q", got)
	}
	sent := mineOf(t, tx, s, e)
	if p := sent.Promise; p == nil || p.KeptAt != nil || p.Over || !p.Until.Equal(sent.Category.Last().ClosesAt.Add(72*time.Hour)) {
		t.Fatalf("promise %+v", sent.Promise)
	}
	_, err := tx.Exec(t.Context(), `update promises set closes_at = clock_timestamp() - interval '71 hours' where entry_id = @id`, pg.Args{"id": e.ID})
	ok(t, err)
	id := arrive(t, tx, s, w, 1000, sum)
	m := mineOf(t, tx, s, e)
	if m.Promise.KeptAt == nil || len(m.Sent) != 2 || m.Sent[0].FileID != id {
		t.Errorf("promise %+v, sent %+v", m.Promise, m.Sent)
	}
	if m.SentHash != sent.SentHash || m.Unsent() {
		t.Errorf("the film that was promised changes what was sent: unsent %v, hash before %s, after %s", m.Unsent(), sent.SentHash, m.SentHash)
	}
	again, err := pg.Value[string](t.Context(), tx, `select encode(sha256(convert_to(sent_document(@id), 'UTF8')), 'hex')`, pg.Args{"id": e.ID})
	ok(t, err)
	if again != sent.SentHash {
		t.Errorf("the document's sum was %s and is %s", sent.SentHash, again)
	}
}

// TestOnlyThePromisedFilmInTimeKeepsThePromise is the other half: a film of
// another length or sum, or one that comes after the window, is the work's and
// not the entry's.
func TestOnlyThePromisedFilmInTimeKeepsThePromise(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		size int
		sum  []byte
		late bool
		kept bool
	}{
		"the film":      {1000, sum, false, true},
		"longer":        {1001, sum, false, false},
		"another":       {1000, bytes.Repeat([]byte{8}, 32), false, false},
		"a minute late": {1000, sum, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tx := pgtest.Tx(t)
			s, e, w := promised(t, tx, 72)
			announce(t, tx, w, sum)
			if got := submit(t.Context(), tx, s, e); got != "" {
				t.Fatal(got)
			}
			if c.late {
				_, err := tx.Exec(t.Context(), `update promises set closes_at = clock_timestamp() - interval '72 hours 1 minute' where entry_id = @id`, pg.Args{"id": e.ID})
				ok(t, err)
			}
			arrive(t, tx, s, w, c.size, c.sum)
			m := mineOf(t, tx, s, e)
			if kept := m.Promise.KeptAt != nil; kept != c.kept || (len(m.Sent) == 2) != c.kept || m.Promise.Over != c.late {
				t.Errorf("kept %v, over %v, files sent %d", kept, m.Promise.Over, len(m.Sent))
			}
		})
	}
}

func TestACategoryMayWantTheFilmHere(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s, e, w := promised(t, tx, 0)
	announce(t, tx, w, sum)
	if got := submit(t.Context(), tx, s, e); got != "entry.not-ready" {
		t.Fatalf("on its way: %q", got)
	}
	arrive(t, tx, s, w, 1000, sum)
	if got := submit(t.Context(), tx, s, e); got != "" {
		t.Fatalf("here: %q", got)
	}
	if m := mineOf(t, tx, s, e); m.Promise != nil {
		t.Errorf("promise %+v", m.Promise)
	}
}

// TestAShutdownGivesFourteenDays to whom it names, if it is declared before the
// category's own window is over.
func TestAShutdownGivesFourteenDays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		countries []string
		declared  string // how long ago the deadline was by then
		days      int
	}{
		"everybody":        {nil, "0 hours", 14},
		"a named country":  {[]string{"KW"}, "71 hours", 14},
		"another country":  {[]string{"CH"}, "0 hours", 3},
		"after the window": {nil, "73 hours", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tx := pgtest.Tx(t)
			s, e, w := promised(t, tx, 72)
			announce(t, tx, w, sum)
			if got := submit(t.Context(), tx, s, e); got != "" {
				t.Fatal(got)
			}
			_, err := tx.Exec(t.Context(), `update promises set closes_at = clock_timestamp() - @declared::interval where entry_id = @id`, pg.Args{"declared": c.declared, "id": e.ID})
			ok(t, err)
			ok(t, festival.DeclareShutdown(t.Context(), tx, s.other, s.edition, festival.Shutdown{Countries: c.countries, Words: "The net is cut."}))
			closed, err := pg.Value[time.Time](t.Context(), tx, `select closes_at from promises where entry_id = @id`, pg.Args{"id": e.ID})
			ok(t, err)
			if got := mineOf(t, tx, s, e).Promise.Until.Sub(closed); got != time.Duration(c.days)*24*time.Hour {
				t.Errorf("%v after the deadline, want %d days", got, c.days)
			}
		})
	}
}
