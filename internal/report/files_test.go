package report_test

import (
	"testing"

	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/report"
)

// A juror who has left the jury keeps the score on record, and no way to the
// film that it was given for.
func TestJurorWhoLeftSeesNoFile(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 1)
	_, err := tx.Exec(t.Context(), `
		with film as (
			insert into files (code, kind, media_type, size, sha256, blob_key)
			values ('screener-code', 'screener', 'video/mp4', 1, '\x00', 'a/b')
			returning id)
		insert into entry_files (entry_id, file_id, role, position)
		select @entry, id, 'screener', 0
		from film`,
		pg.Args{"entry": s.Films[0]})
	must(t, err)
	s.Score(s.Give(s.Jurors[0], s.Films[0])[0], 8, 8)
	sees := func() bool {
		ok, err := report.MaySee(t.Context(), tx, s.Jurors[0], "screener-code")
		must(t, err)
		return ok
	}
	if !sees() {
		t.Fatal("a juror does not see the film")
	}
	panels, err := jury.Panels(t.Context(), tx, s.Edition)
	must(t, err)
	seats, err := jury.Seats(t.Context(), tx, panels[0].ID)
	must(t, err)
	must(t, jury.Leave(t.Context(), tx, s.Organizer, panels[0], seats[0].Code))
	if sees() {
		t.Error("a juror who left still sees the film")
	}
}
