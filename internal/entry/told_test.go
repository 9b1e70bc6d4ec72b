package entry_test

import (
	"bytes"
	"encoding/hex"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// figures are the whole fingerprint of a film with that sum.
func figures(sum []byte) string { return hex.EncodeToString(sum) }

// tell notes a fingerprint for the stage's edition.
func tell(t testing.TB, tx pgx.Tx, s stage, figures string) {
	t.Helper()
	_, err := festival.NoteFingerprint(t.Context(), tx, s.other, s.edition, figures)
	ok(t, err)
}

// telephoned is a stage whose category closes in an hour and gives films 72 more.
func telephoned(t testing.TB, tx pgx.Tx) stage {
	t.Helper()
	s := set(t, tx, time.Hour)
	_, err := tx.Exec(t.Context(), `update categories set bytes_hours = 72 where id = @id`, pg.Args{"id": s.category})
	ok(t, err)
	return s
}

// pass moves everything that happened so long into the past.
func pass(t testing.TB, tx pgx.Tx, ago time.Duration) {
	t.Helper()
	for _, sql := range []string{
		`update deadlines set closes_at = closes_at - @ago::interval`,
		`update fingerprints set noted_at = noted_at - @ago::interval`,
		`update shutdowns set declared_at = declared_at - @ago::interval`,
	} {
		_, err := tx.Exec(t.Context(), sql, pg.Args{"ago": ago})
		ok(t, err)
	}
}

// TestAFilmThatWasToldOfCountsLater goes through what decides: the deadline is
// an hour after the call, and the entry is sent so long after the call.
func TestAFilmThatWasToldOfCountsLater(t *testing.T) {
	t.Parallel()
	other := bytes.Repeat([]byte{8}, 32)
	for name, c := range map[string]struct {
		told      string // empty: nobody called
		hours     int    // of the category's window
		after     time.Duration
		countries []string // of a shutdown; nil: none was declared
		want      string
	}{
		"the beginning":               {figures(sum)[:32], 72, 2 * time.Hour, nil, ""},
		"all of it":                   {figures(sum), 72, 2 * time.Hour, nil, ""},
		"as the window ends":          {figures(sum)[:40], 72, 72*time.Hour + 59*time.Minute, nil, ""},
		"after the window":            {figures(sum)[:40], 72, 73*time.Hour + time.Minute, nil, "entry.closed"},
		"nobody called":               {"", 72, 2 * time.Hour, nil, "entry.closed"},
		"another film":                {figures(other), 72, 2 * time.Hour, nil, "entry.closed"},
		"alike in 32, not in 33":      {figures(sum)[:32] + "f", 72, 2 * time.Hour, nil, "entry.closed"},
		"the category wants it here":  {figures(sum), 0, 2 * time.Hour, nil, "not noted"},
		"a shutdown for its country":  {figures(sum), 72, 14*24*time.Hour + 59*time.Minute, []string{"KW"}, ""},
		"a shutdown that is over":     {figures(sum), 72, 14*24*time.Hour + 61*time.Minute, []string{"KW"}, "entry.closed"},
		"a shutdown for somebody":     {figures(sum), 72, 100 * time.Hour, []string{"CH"}, "entry.closed"},
		"before the deadline as well": {"", 72, 0, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tx := pgtest.Tx(t)
			s, e, w := promised(t, tx, c.hours)
			if c.countries != nil {
				ok(t, festival.DeclareShutdown(t.Context(), tx, s.other, s.edition, festival.Shutdown{Countries: c.countries, Words: "The net is cut."}))
			}
			if c.told != "" {
				_, err := festival.NoteFingerprint(t.Context(), tx, s.other, s.edition, c.told)
				if (key(err) == "fingerprint.closed") != (c.want == "not noted") {
					t.Fatalf("noted: %v", err)
				}
			}
			pass(t, tx, c.after)
			if c.want == "not noted" {
				return
			}
			announce(t, tx, w, sum)
			if got := submit(t.Context(), tx, s, e); got != c.want {
				t.Fatalf("%q, want %q", got, c.want)
			}
			m := mineOf(t, tx, s, e)
			if sent := c.want == ""; (m.ToldAt != nil) != (sent && c.told != "") || (m.Promise != nil) != sent {
				t.Errorf("told at %v, promise %+v", m.ToldAt, m.Promise)
			}
			if c.told != "" && c.want == "" && m.MayChange() == nil {
				t.Error("it was sent after the deadline, and can be sent again")
			}
		})
	}
}

// TestTheFilmItselfIsHere: nothing is on its way any more, and the entry has no
// promise to keep.
func TestTheFilmItselfIsHere(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s, e, w := promised(t, tx, 72)
	tell(t, tx, s, figures(sum)[:32])
	pass(t, tx, 30*time.Hour)
	if got := submit(t.Context(), tx, s, e); got != "entry.closed" {
		t.Fatalf("without a film: %q", got)
	}
	arrive(t, tx, s, w, 1000, sum)
	if got := submit(t.Context(), tx, s, e); got != "" {
		t.Fatalf("with the film: %q", got)
	}
	if m := mineOf(t, tx, s, e); m.ToldAt == nil || m.Promise != nil || len(m.Sent) != 2 {
		t.Errorf("told at %v, promise %+v, %d files", m.ToldAt, m.Promise, len(m.Sent))
	}
}

// TestAnotherFilmThanToldDoesNotCount: one that is here in the place of the one
// that was told of, which is only announced.
func TestAnotherFilmThanToldDoesNotCount(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s, e, w := promised(t, tx, 72)
	tell(t, tx, s, figures(sum))
	pass(t, tx, 2*time.Hour)
	arrive(t, tx, s, w, 1000, bytes.Repeat([]byte{8}, 32))
	announce(t, tx, w, sum)
	if got := submit(t.Context(), tx, s, e); got != "entry.closed" {
		t.Errorf("%q", got)
	}
}

// TestAnotherEditionWasTold: what one festival was told is nothing to another.
func TestAnotherEditionWasTold(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s, e, w := promised(t, tx, 72)
	tell(t, tx, telephoned(t, tx), figures(sum))
	pass(t, tx, 2*time.Hour)
	announce(t, tx, w, sum)
	if got := submit(t.Context(), tx, s, e); got != "entry.closed" {
		t.Errorf("%q", got)
	}
	if told, err := entry.Told(t.Context(), tx, s.maker); err != nil || len(told) != 1 || !told[s.category].IsZero() {
		t.Errorf("the maker is shown %v, %v", told, err)
	}
}

// TestAnEntryIsBegunLater by who had no net before the deadline, and of the film
// that was told of only.
func TestAnEntryIsBegunLater(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := telephoned(t, tx)
	tell(t, tx, s, figures(sum))
	works := make([]entry.Work, 2)
	for i := range works {
		var err error
		works[i], err = entry.Create(t.Context(), tx, s.maker, complete())
		ok(t, err)
	}
	start := func(w entry.Work) string {
		_, err := entry.Start(t.Context(), tx, s.maker, w.Code, s.category)
		return key(err)
	}
	pass(t, tx, 2*time.Hour)
	if got := start(works[0]); got != "entry.closed" {
		t.Errorf("before its film is announced: %q", got)
	}
	announce(t, tx, works[0], sum)
	if told, err := entry.Told(t.Context(), tx, s.maker); err != nil || told[s.category].IsZero() {
		t.Errorf("the maker is shown %v, %v", told, err)
	}
	if told, err := entry.Told(t.Context(), tx, s.other); err != nil || len(told) != 0 {
		t.Errorf("somebody else is shown %v, %v", told, err)
	}
	if got := start(works[1]); got != "entry.closed" {
		t.Errorf("another film: %q", got)
	}
	if got := start(works[0]); got != "" {
		t.Errorf("the film: %q", got)
	}
}

// TestNothingIsNotedAfterTheDeadline by the database's clock, nor taken back.
func TestNothingIsNotedAfterTheDeadline(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := telephoned(t, tx)
	code, err := festival.NoteFingerprint(t.Context(), tx, s.other, s.edition, figures(sum))
	ok(t, err)
	pass(t, tx, time.Hour)
	if _, err := festival.NoteFingerprint(t.Context(), tx, s.other, s.edition, figures(sum)[:32]+"0"); key(err) != "fingerprint.closed" {
		t.Errorf("noted: %v", err)
	}
	if err := festival.TakeBackFingerprint(t.Context(), tx, s.other, s.edition, code); key(err) != "fingerprint.closed" {
		t.Errorf("taken back: %v", err)
	}
}

// TestATellingIsOnTheRecord without what was told, and a mistake is taken back.
func TestATellingIsOnTheRecord(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := telephoned(t, tx)
	code, err := festival.NoteFingerprint(t.Context(), tx, s.other, s.edition, figures(sum))
	ok(t, err)
	if err := festival.TakeBackFingerprint(t.Context(), tx, s.other, telephoned(t, tx).edition, code); err == nil {
		t.Error("taken back by another edition")
	}
	ok(t, festival.TakeBackFingerprint(t.Context(), tx, s.other, s.edition, code))
	acts, err := pg.Rows[struct{ Verb, After string }](t.Context(), tx, `
		select verb, after::text
		from events
		where kind = 'fingerprint' and actor_id = @actor and edition_id = @edition
		order by id`,
		pg.Args{"actor": s.other, "edition": s.edition})
	ok(t, err)
	if len(acts) != 2 || acts[0].Verb != "noted" || acts[1].Verb != "taken-back" || acts[0].After != `{"code": "`+code+`"}` {
		t.Errorf("on the record: %+v", acts)
	}
	if list, err := festival.Fingerprints(t.Context(), tx, s.edition); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestFingerprintsAreReadAsTheyAreTyped however people write what they hear.
func TestFingerprintsAreReadAsTheyAreTyped(t *testing.T) {
	t.Parallel()
	const want = "0123456789abcdef0123456789abcdef"
	for _, typed := range []string{
		want, "0123 4567 89AB CDEF 0123 4567 89ab cdef", "0123-4567-89ab-cdef-0123-4567-89ab-cdef\n",
		"o123456789abcdefOl23456789abcdef", "01 23 45 67 89 ab cd ef 01:23:45:67:89:ab:cd:ef", "۰۱۲۳۴۵۶۷۸۹abcdef۰۱۲۳۴۵۶۷۸۹abcdef", "\u200f" + want,
	} {
		if got, err := festival.ReadFingerprint(typed); err != nil || got != want {
			t.Errorf("%q is read as %q, %v", typed, got, err)
		}
	}
	for typed, wrong := range map[string]string{
		"": "fingerprint.short", want[1:]: "fingerprint.short", want + want + "0": "fingerprint.long", want[1:] + "g": "fingerprint.letters", want + "é": "fingerprint.letters",
	} {
		if _, err := festival.ReadFingerprint(typed); key(err) != wrong {
			t.Errorf("%q: %v, want %s", typed, err, wrong)
		}
	}
	if got := festival.GroupFigures("0123456789"); got != "0123 4567 89" {
		t.Errorf("in fours: %q", got)
	}
}

// TestWhoMaySendMayAnswer what the category asks, also after its deadline: with
// a code of the festival, or because somebody told it of the film.
func TestWhoMaySendMayAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		how  string
		want string
	}{
		"told of": {"told", ""}, "with a code": {"code", ""}, "too late": {"", "reply.refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tx := pgtest.Tx(t)
			s, e, w := promised(t, tx, 72)
			_, err := tx.Exec(t.Context(), `insert into questions (code, category_id, position, kind, label, required) values (@code, @category, 1, 'text', 'Why salt?', true)`, pg.Args{"code": e.Code, "category": s.category})
			ok(t, err)
			tell(t, tx, s, figures(sum))
			if c.how == "code" {
				_, err := tx.Exec(t.Context(), `update entries set late_until = clock_timestamp() + interval '1 hour' where id = @id`, pg.Args{"id": e.ID})
				ok(t, err)
			}
			pass(t, tx, 2*time.Hour)
			if c.how == "told" {
				announce(t, tx, w, sum)
			}
			err = entry.SaveReplies(t.Context(), tx, s.maker, e.Code, map[string]entry.Typed{e.Code: {Value: []string{"The sea."}}}, 0)
			if key(err) != c.want {
				t.Fatalf("answered: %v", err)
			}
			if c.how == "code" {
				announce(t, tx, w, sum)
			}
			if got := submit(t.Context(), tx, s, e); c.want == "" && got != "" {
				t.Errorf("sent: %q", got)
			}
		})
	}
}
