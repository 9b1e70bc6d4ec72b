package site_test

import (
	"strings"
	"testing"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// troubled gives an entry a file in a state.
func troubled(t *testing.T, db pg.DB, film entry.ID, state, refusal, age string) (code string) {
	t.Helper()
	code = account.Code()
	_, err := db.Exec(t.Context(), `
		with f as (
			insert into files (code, kind, state, refusal, step, progress, media_type, size, sha256, blob_key, created_at)
			values (@code, 'screener', @state, @refusal, case when @state = 'checking' then 'making' else '' end, 37, 'video/mp4', 1500000000, sha256('x'), @code,
			        now() - @age::interval)
			returning id)
		insert into entry_files (entry_id, file_id, role, position)
		select @entry, id, 'screener', 1
		from f`,
		pg.Args{"code": code, "state": state, "refusal": refusal, "age": age, "entry": film})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestStuckFiles(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t)
	st := jurytest.New(t, pool, 0, 6)
	h := openOn(t, pool)
	v := h.visitor()
	v.signInAs(st.Organizer)
	page := "/organize/" + st.Slug + "/9/files"
	v.get(page, 200).says("Every file of every entry has arrived")
	refused := troubled(t, pool, st.Films[0], "refused", "media.no-picture", "1 hour")
	stalled := troubled(t, pool, st.Films[1], "checking", "", "1 hour")
	young := troubled(t, pool, st.Films[2], "checking", "", "1 second")
	damaged := troubled(t, pool, st.Films[3], "ready", "", "1 hour")
	apart := troubled(t, pool, st.Films[4], "refused", "media.no-picture", "1 hour")
	exec := func(sql string, args pg.Args) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), sql, args); err != nil {
			t.Fatal(err)
		}
	}
	exec(`insert into blob_readings (blob_key, file_id, read_at, fault) select blob_key, id, now(), 'content' from files where code = @code`, pg.Args{"code": damaged})
	exec(`insert into conflicts (account_id, entry_id, reason, actor_id) values (@who, @entry, 'knows', @who)`, pg.Args{"who": st.Organizer, "entry": st.Films[4]})
	exec(`insert into promises (entry_id, size, sha256, closes_at) values (@entry, 1000000, sha256('x'), now())`, pg.Args{"entry": st.Films[5]})
	v.get(page, 200).says("There is no moving picture in this file.").says("We make the copies that jurors watch: 37 %.").
		says("What lies in the store is not what was kept there.").says("0 % have arrived. It counts until")
	for code, want := range map[string]bool{refused: true, stalled: true, young: false, damaged: false, apart: false} {
		if got := v.Page.Has(`button[name="retry"][value="` + code + `"]`); got != want {
			t.Errorf("the file of %s can be tried again: %t", code, got)
		}
	}
	if strings.Contains(v.mainText(), "Film 005") {
		t.Error("a film that the organizer is kept apart from is shown")
	}
	v.post(page, withProof(v, "retry", damaged), 404)
	v.get(page, 200)
	v.post(page, withProof(v, "retry", apart), 404)
	v.get(page, 200)
	v.post(page, withProof(v, "retry", refused), 200)
	again, err := pg.Value[bool](t.Context(), pool, `
		select f.state = 'checking' and f.refusal = '' and exists (select from river_job j where j.kind = 'media' and (j.args ->> 'file_id')::bigint = f.id)
		from files f
		where f.code = @code`,
		pg.Args{"code": refused})
	if err != nil || !again {
		t.Errorf("the file is not worked on again: %v", err)
	}
}

// Drafts are their makers' alone; the page asks equally often for one file and
// for three.
func TestStuckFilesAskEquallyOften(t *testing.T) {
	t.Parallel()
	pool, count := pgtest.Counted(t)
	st := jurytest.New(t, pool, 0, 4)
	v := openOn(t, pool).visitor()
	v.signInAs(st.Organizer)
	if _, err := pool.Exec(t.Context(), `update entries set state = 'draft' where id = @id`, pg.Args{"id": st.Films[3]}); err != nil {
		t.Fatal(err)
	}
	troubled(t, pool, st.Films[3], "refused", "media.no-picture", "1 hour")
	page := "/organize/" + st.Slug + "/9/files"
	v.get(page, 200).says("Every file of every entry has arrived")
	var asked []int64
	for _, film := range st.Films[:3] {
		troubled(t, pool, film, "checking", "", "1 hour")
		v.get(page, 200)
		count.Take()
		v.get(page, 200)
		asked = append(asked, count.Take())
	}
	if asked[0] != asked[2] {
		t.Errorf("it asks %v times for one, two and three files", asked)
	}
}
