package thread_test

import (
	"testing"

	"laurel/internal/entry"
	"laurel/internal/jurytest"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/thread"
)

// A report reaches the makers and the festival once, names nobody, and is over
// when another film is sent or an organizer says so.
func TestFaults(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 2, 0)
	maker := s.Account("Mana", s.Email("mana"))
	film := s.Film("Ours", maker)
	do := func(sql string) {
		t.Helper()
		if _, err := tx.Exec(t.Context(), sql, pg.Args{"entry": film}); err != nil {
			t.Fatal(err)
		}
	}
	x, err := entry.ByID(t.Context(), tx, film)
	if err != nil {
		t.Fatal(err)
	}
	report := func(who int, reason thread.FaultReason, words string) error {
		return thread.Report(t.Context(), tx, s.Jurors[who], x, thread.Fault{Reason: reason, Words: words, Side: thread.FromJuror})
	}
	open := func() []thread.Fault {
		t.Helper()
		by, err := thread.Faults(t.Context(), tx, []entry.ID{film})
		if err != nil {
			t.Fatal(err)
		}
		return by[film]
	}
	if err := report(0, thread.NoSound, ""); err != nil || len(open()) != 0 {
		t.Errorf("where there is no film, %v and %v", err, open())
	}
	do(`with f as (insert into files (code, kind, state, media_type, size, sha256, blob_key) values ('first', 'screener', 'ready', 'video/mp4', 1, '\x00', 'first') returning id)
		insert into entry_files (entry_id, file_id, role, position) select @entry, id, 'screener', 1 from f`)
	for who := range 2 {
		if err := report(who, thread.NoSound, "Silence from the third minute."); err != nil {
			t.Fatal(err)
		}
	}
	if err := report(1, thread.OtherFault, "  "); err == nil {
		t.Error("something else, and nobody says what")
	}
	got := open()
	if len(got) != 1 || got[0].Reason != thread.NoSound || got[0].Words != "Silence from the third minute." || got[0].Side != thread.FromJuror {
		t.Fatalf("got %+v", got)
	}
	if makers, office := told(t, tx, maker, mail.FilmFault), told(t, tx, s.Organizer, mail.FilmFault); makers != 1 || office != 1 {
		t.Errorf("letters to makers %d, to the festival %d", makers, office)
	}
	if err := thread.Mended(t.Context(), tx, s.Organizer, x, got[0].Code); err != nil || len(open()) != 0 {
		t.Errorf("called done: %v, %v", err, open())
	}
	if err := report(0, thread.Stops, ""); err != nil || len(open()) != 1 {
		t.Errorf("reported anew: %v, %v", err, open())
	}
	do(`delete from entry_files where entry_id = @entry`)
	if len(open()) != 0 {
		t.Errorf("the film is another one, and %v is reported", open())
	}
}
