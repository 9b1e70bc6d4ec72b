package jury_test

import (
	"testing"

	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// Whoever makes a film with its owner is kept apart from its judging, even who
// may only read it, and judges it again once they make it no more.
func TestCollaboratorsAreKeptApart(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 1, 2)
	assigned := s.Give(s.Jurors[0], s.Films...)[0]
	sees := func() bool {
		n, err := pg.Value[int](t.Context(), tx, `
			select count(*)::int
			from juror_films
			where account_id = @who and entry_id = @film`,
			pg.Args{"who": s.Jurors[0], "film": s.Films[0]})
		must(t, err)
		return n > 0
	}
	for _, level := range []string{"view", "edit", "submit"} {
		_, err := tx.Exec(t.Context(), `
			insert into collaborators (work_id, account_id, level)
			select work_id, @who, @level
			from entries
			where id = @film`,
			pg.Args{"who": s.Jurors[0], "film": s.Films[0], "level": level})
		must(t, err)
		apart, err := jury.KeptApart(t.Context(), tx, s.Jurors[0], s.Films[0])
		must(t, err)
		if !apart || sees() {
			t.Errorf("%s: kept apart %v, sees the film %v", level, apart, sees())
		}
		_, err = tx.Exec(t.Context(), `delete from collaborators where account_id = @who`, pg.Args{"who": s.Jurors[0]})
		must(t, err)
		if !sees() {
			t.Errorf("%s: %s is lost after the juror left the film", level, assigned)
		}
	}
}
