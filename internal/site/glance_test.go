package site_test

import (
	"net/http"
	"testing"
)

// TestAGlanceIsForItsMakersWhileTheFilmIsMade asks as everybody for the
// beginning of a film, before and after the whole of it is there.
func TestAGlanceIsForItsMakersWhileTheFilmIsMade(t *testing.T) {
	t.Parallel()
	c := newCinema(t, 1, 1000)
	change := func(sql string) {
		t.Helper()
		if _, err := c.DB.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	change(`update renditions set name = 'glance' where name = 'video'`)
	change(`update files set state = 'checking', step = 'making', progress = 7`)
	at, maker := "/files/"+c.file+"/glance", c.enter(c.maker)
	for who, v := range map[string]*visitor{"juror": c.enter(c.st.Jurors[0]), "organizer": c.enter(c.st.Organizer), "stranger": c.enter(c.st.Account("Nobody", c.st.Email("nobody"))), "nobody": c.visitor()} {
		if got := v.piece(at, ""); got.status != http.StatusNotFound {
			t.Errorf("a %s got %d", who, got.status)
		}
	}
	if got := maker.piece(at, "0-99"); got.status != http.StatusPartialContent || string(got.body) != string(c.bytes[:100]) {
		t.Errorf("its maker got %d and %d bytes", got.status, len(got.body))
	}
	var work string
	if err := c.DB.QueryRow(t.Context(), `select w.code from works w join entries e on e.work_id = w.id where e.id = $1`, c.film).Scan(&work); err != nil {
		t.Fatal(err)
	}
	maker.get("/my/works/"+work+"/files", http.StatusOK)
	maker.says("The first half minute, as the jury will see it.")
	if !maker.Page.Has(`video[src="` + at + `"]`) {
		t.Error("the page of its files does not show it")
	}
	change(`update works set frozen_until = clock_timestamp() + interval '1 hour'`)
	if got := maker.piece(at, ""); got.status != http.StatusNotFound {
		t.Errorf("of a film that is shut its maker got %d", got.status)
	}
	change(`update works set frozen_until = null`)
	change(`update files set state = 'ready'`)
	if got := maker.piece(at, ""); got.status != http.StatusNotFound {
		t.Errorf("once the film was there its maker got %d", got.status)
	}
}
