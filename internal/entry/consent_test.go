package entry_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// choose answers every question of an entry's form as say wants it.
func choose(t *testing.T, tx pgx.Tx, id entry.ID, say func(entry.Asked) entry.Permission) []entry.Choice {
	t.Helper()
	asked, err := entry.Asks(t.Context(), tx, id)
	ok(t, err)
	choices := make([]entry.Choice, len(asked))
	for i, a := range asked {
		choices[i] = entry.Choice{Item: a.Item, Subject: a.Subject, Answer: say(a), Hash: a.Hash()}
	}
	return choices
}

func always(p entry.Permission) func(entry.Asked) entry.Permission {
	return func(entry.Asked) entry.Permission { return p }
}

func TestConsentGrowsByWhatWasAnsweredAnew(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, _ := drafted(t, tx, s)
	rows := func() int {
		n, err := pg.Value[int](t.Context(), tx, `select count(*)::int from consent_acts`, nil)
		ok(t, err)
		return n
	}
	ok(t, entry.Consent(t.Context(), tx, s.maker, e.Code, choose(t, tx, e.ID, always(entry.Agreed))))
	all := rows()
	if all == 0 {
		t.Fatal("nothing was written")
	}
	ok(t, entry.Consent(t.Context(), tx, s.maker, e.Code, choose(t, tx, e.ID, always(entry.Agreed))))
	if got := rows(); got != all {
		t.Errorf("the same answers again wrote %d rows", got-all)
	}
	onlyFilm := func(a entry.Asked) entry.Permission {
		if a.Item == entry.PublishFilm {
			return entry.Agreed
		}
		return entry.Later
	}
	ok(t, entry.Consent(t.Context(), tx, s.maker, e.Code, choose(t, tx, e.ID, onlyFilm)))
	if got := rows(); got != 2*all-1 {
		t.Errorf("got %d rows, want %d: what is taken back is a row of its own", got, 2*all-1)
	}
	got, err := entry.Consents(t.Context(), tx, []entry.ID{e.ID})
	ok(t, err)
	if !slices.Equal(got[e.ID], []entry.Item{entry.PublishFilm}) {
		t.Errorf("got %v", got[e.ID])
	}
}

func TestTheLedgerHoldsWhatWasRead(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, _ := drafted(t, tx, s)
	asked, err := entry.Asks(t.Context(), tx, e.ID)
	ok(t, err)
	ok(t, entry.Consent(t.Context(), tx, s.maker, e.Code, choose(t, tx, e.ID, always(entry.Refused))))
	acts, err := entry.Ledger(t.Context(), tx, e.ID, s.maker)
	ok(t, err)
	if len(acts) != len(asked) {
		t.Fatalf("got %d acts for %d questions", len(acts), len(asked))
	}
	for _, a := range acts {
		i := slices.IndexFunc(asked, func(q entry.Asked) bool { return q.Item == a.Item && q.Subject == a.Subject })
		sum := sha256.Sum256([]byte(a.Shown))
		if hex.EncodeToString(sum[:]) != a.Hash || !strings.Contains(a.Shown, asked[i].Shown) || a.Locale != "en" || !a.Mine {
			t.Errorf("%s: got %+v, shown was %q", a.Item, a, asked[i].Shown)
		}
	}
}

func TestAnAnswerIsOnlyToTheTextThatWasRead(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, _ := drafted(t, tx, s)
	choices := choose(t, tx, e.ID, always(entry.Agreed))
	_, err := tx.Exec(t.Context(), `update works set film = film || '{"synopsis": "Somebody changed it meanwhile."}'`)
	ok(t, err)
	if got := key(entry.Consent(t.Context(), tx, s.maker, e.Code, choices)); got != "consent.changed" {
		t.Errorf("got %q", got)
	}
	if got := key(entry.Consent(t.Context(), tx, s.maker, e.Code, []entry.Choice{{Item: "address", Answer: entry.Agreed}})); got != "consent.changed" {
		t.Errorf("an item of one's own: got %q", got)
	}
	if got := key(entry.Consent(t.Context(), tx, s.other, e.Code, nil)); got != "problem.not-found" {
		t.Errorf("somebody else: got %q", got)
	}
}

// TestTheLedgerIsNeverRewritten asks the database itself, whatever a program
// does.
func TestTheLedgerIsNeverRewritten(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, _ := drafted(t, tx, s)
	ok(t, entry.Consent(t.Context(), tx, s.maker, e.Code, choose(t, tx, e.ID, always(entry.Refused))))
	for sql, want := range map[string]bool{
		`update consent_acts set decision = 'yes'`:                             false,
		`update consent_acts set at = at - interval '1 day'`:                   false,
		`update consent_acts set shown = 'another text'`:                       false,
		`update consent_acts set shown_hash = repeat('0', 64)`:                 false,
		`delete from consent_acts`:                                             false,
		`update consent_acts set shown = '', shown_hash = ''`:                  true,
		`update consent_acts set shown = '', shown_hash = '', actor_id = null`: true,
	} {
		err := pgx.BeginFunc(t.Context(), tx, func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), sql)
			return err
		})
		if (err == nil) != want {
			t.Errorf("%s: %v", sql, err)
		}
	}
	_, err := tx.Exec(t.Context(), `delete from entries where id = $1`, e.ID)
	ok(t, err)
}

// TestNamesAreAskedOneByOne: who is credited by initials is asked about the
// initials, and who is not to be named is not asked.
func TestNamesAreAskedOneByOne(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	film := complete()
	film.Credits = []entry.Credit{
		{Role: entry.Director, Name: "Ada Canary"},
		{Role: entry.Writer, Name: "Wen-Ying Tsai", As: entry.ByInitials},
		{Role: entry.Producer, Name: "Nobody Known", As: entry.Unnamed},
	}
	film.StillsBy = "Stella Still"
	e := draftOf(t, tx, s, film)
	asked, err := entry.Asks(t.Context(), tx, e.ID)
	ok(t, err)
	var names []string
	for _, a := range asked {
		if a.Item == entry.PublishNames {
			names = append(names, a.Shown)
		}
	}
	if !slices.Equal(names, []string{"Ada Canary", "W. Y. T.", "Stella Still"}) {
		t.Errorf("got %q", names)
	}
	ok(t, entry.Consent(t.Context(), tx, s.maker, e.Code, choose(t, tx, e.ID, always(entry.Agreed))))
	shown, public, err := entry.Previewed(t.Context(), tx, e.ID)
	ok(t, err)
	if got := shown.Film.Credits; !public || len(got) != 2 || got[0].Name != "Ada Canary" || got[1].Name != "W. Y. T." {
		t.Errorf("got %+v", got)
	}
}

// TestANameThatChangesIsAskedAboutAgain: a credit keeps its id when another name
// or way of naming is written into it, and what was agreed to stays with the
// name that was read.
func TestANameThatChangesIsAskedAboutAgain(t *testing.T) {
	t.Parallel()
	for name, sentBefore := range map[string]bool{"as a draft": false, "after it was sent": true} {
		for _, kept := range []bool{true, false} { // whether the ledger holds the texts
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				if !kept && !sentBefore {
					t.Skip("answers without a text were given to what had been sent")
				}
				askedAgain(t, sentBefore, kept)
			})
		}
	}
}

func askedAgain(t *testing.T, sentBefore, kept bool) {
	t.Helper()
	tx := pgtest.Tx(t)
	s := set(t, tx, time.Hour)
	e, w := drafted(t, tx, s)
	film := w.Film
	film.Credits = []entry.Credit{{ID: "same", Role: entry.Director, Name: "Ada Same"}, {ID: "short", Role: entry.Writer, Name: "Wen Canary", As: entry.ByInitials},
		{ID: "other", Role: entry.Producer, Name: "Paul Agreed"}, {ID: "moved", Role: entry.Producer, Name: "Mina Moved"}}
	rewrite := func(f entry.Film) {
		_, err := tx.Exec(t.Context(), `update works set film = $2, version = version + 1 where id = $1`, w.ID, f)
		ok(t, err)
	}
	rewrite(film)
	if sentBefore {
		ok(t, entry.Submit(t.Context(), tx, s.maker, e.Code, 0))
	}
	ok(t, entry.Consent(t.Context(), tx, s.maker, e.Code, choose(t, tx, e.ID, always(entry.Agreed))))
	if !kept {
		_, err := tx.Exec(t.Context(), `update consent_acts set shown = '', shown_hash = ''`)
		ok(t, err)
	}
	film.Credits = slices.Clone(film.Credits)
	film.Credits[3].Role = entry.Writer
	film.Credits[1].As = entry.ByName
	film.Credits[2].Name = "Petra Canary"
	rewrite(film)
	ok(t, entry.Submit(t.Context(), tx, s.maker, e.Code, 0))
	shown, _, err := entry.Previewed(t.Context(), tx, e.ID)
	ok(t, err)
	if got := shown.Film.Credits; len(got) != 2 || got[0].Name != "Ada Same" || got[1].Name != "Mina Moved" {
		t.Errorf("public without an answer: %+v", got)
	}
}

// TestAYesIsToTheTextAndPictureThatWereSeen: another synopsis, or a still that
// came later, waits for an answer of its own; what stayed the same stays public.
func TestAYesIsToTheTextAndPictureThatWereSeen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change string
		hidden []entry.Item
	}{
		"nothing":     {`update works set version = version + 1 where id = $1`, nil},
		"a synopsis":  {`update works set film = film || '{"synopsis": "Canary."}', version = version + 1 where id = $1`, []entry.Item{entry.PublishSynopsis}},
		"a statement": {`update works set film = film || '{"statement": "Canary."}', version = version + 1 where id = $1`, []entry.Item{entry.PublishStatement}},
		"a still": {`
			with made as (
				insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key, created_at)
				select 'canary', owner_id, 'still', 'ready', 'image/jpeg', 1, '', 'canary', clock_timestamp() from works where id = $1
				returning id),
			placed as (
				insert into work_files (work_id, file_id, role, position) select $1, id, 'still', 9 from made)
			update works set version = version + 1 where id = $1`, []entry.Item{entry.PublishStills}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tx := pgtest.Tx(t)
			s := set(t, tx, time.Hour)
			e, w := drafted(t, tx, s)
			exec := func(sql string) {
				_, err := tx.Exec(t.Context(), sql, w.ID)
				ok(t, err)
			}
			exec(`update works set film = film || '{"synopsis": "A clerk counts.", "statement": "Why."}' where id = $1`)
			exec(`
				with made as (
					insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key, created_at)
					select 'agreed', owner_id, 'still', 'ready', 'image/jpeg', 1, '', 'agreed', clock_timestamp() from works where id = $1
					returning id)
				insert into work_files (work_id, file_id, role, position) select $1, id, 'still', 8 from made`)
			ok(t, entry.Submit(t.Context(), tx, s.maker, e.Code, 0))
			ok(t, entry.Consent(t.Context(), tx, s.maker, e.Code, choose(t, tx, e.ID, always(entry.Agreed))))
			before := public(t, tx, e.ID)
			exec(c.change)
			ok(t, entry.Submit(t.Context(), tx, s.maker, e.Code, 0))
			var hidden []entry.Item
			after := public(t, tx, e.ID)
			for _, item := range before {
				if !slices.Contains(after, item) {
					hidden = append(hidden, item)
				}
			}
			if !slices.Equal(hidden, c.hidden) || !slices.Contains(before, entry.PublishStills) {
				t.Errorf("hidden are %v, want %v; of %v", hidden, c.hidden, before)
			}
		})
	}
}

func public(t *testing.T, tx pgx.Tx, id entry.ID) []entry.Item {
	t.Helper()
	all, err := entry.Consents(t.Context(), tx, []entry.ID{id})
	ok(t, err)
	return all[id]
}

func draftOf(t *testing.T, tx pgx.Tx, s stage, film entry.Film) entry.Entry {
	t.Helper()
	w, err := entry.Create(t.Context(), tx, s.maker, film)
	ok(t, err)
	e, err := entry.Start(t.Context(), tx, s.maker, w.Code, s.category)
	ok(t, err)
	return e
}
