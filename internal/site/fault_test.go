package site_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
)

// TestItDoesNotPlay: a juror reports it, the makers and the festival read it
// without a name, and it is over when the festival says so.
func TestItDoesNotPlay(t *testing.T) {
	t.Parallel()
	c := newCinema(t, 1, 1000)
	juror, maker, office := c.enter(c.st.Jurors[0]), c.enter(c.maker), c.enter(c.st.Organizer)
	var code, assignment string
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select e.code, a.code from entries e join assignments a on a.entry_id = e.id`).Scan(&code, &assignment)
	})
	page := "/jury/" + assignment
	juror.get(page, 200)
	if !strings.Contains(juror.Header.Get("Content-Security-Policy"), "media-src 'self' blob:") || !juror.Page.Has(`video track[kind="subtitles"]`) ||
		!juror.Page.Has(`[data-ladder="/files/`+c.file+`/master.m3u8"]`) {
		t.Errorf("the player is not whole: %s", juror.Header.Get("Content-Security-Policy"))
	}
	juror.send(juror.form(page+"/fault"), 422).says("Choose what is wrong.")
	juror.send(juror.form(page+"/fault").Set("fault-reason", "other"), 422).says("Say in a few words what happens.")
	juror.send(juror.form(page+"/fault").Set("fault-reason", "sound").Set("fault-words", "Silence from the third minute."), 200).says("Reported: No sound.")
	own := "/organize/" + c.st.Slug + "/9/entries/" + strings.ReplaceAll(code, " ", "%20")
	for _, v := range []*visitor{maker.get("/my/entries/"+strings.ReplaceAll(code, " ", "%20"), 200), office.get(own, 200)} {
		v.says("A juror reports: No sound").says("Silence from the third minute.")
		if strings.Contains(v.Body, "Juror 01") {
			t.Errorf("%s names who reported it", v.Path)
		}
	}
	var fault string
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select code from faults`).Scan(&fault)
	})
	office.send(office.form(strings.ReplaceAll(own, "%20", " ")+"/faults/"+fault+"/end"), 200)
	if maker.get("/my/entries/"+strings.ReplaceAll(code, " ", "%20"), 200); strings.Contains(maker.Body, "Silence from") {
		t.Error("the makers still read what is done")
	}
}

// TestOriginalForTheProjection: the film as it was sent is the festival's once it
// is selected, its makers know and agree, and as long as that holds; each
// download is written down for them.
func TestOriginalForTheProjection(t *testing.T) {
	t.Parallel()
	c := newCinema(t, 1, 1000)
	who := map[string]account.ID{"juror": c.st.Jurors[0], "maker": c.maker, "organizer": c.st.Organizer, "nobody": 0}
	var code, key string
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select e.code, f.blob_key from entries e cross join files f`).Scan(&code, &key)
	})
	if _, err := c.Store.Put(t.Context(), key, strings.NewReader("as it was sent")); err != nil {
		t.Fatal(err)
	}
	path := "/organize/" + c.st.Slug + "/9/entries/" + strings.ReplaceAll(code, " ", "%20") + "/original/" + c.file
	office := c.enter(who["organizer"])
	for _, step := range []struct {
		sql  string
		want int
	}{
		{`select 1`, 404},
		{`insert into decisions (entry_id, outcome, actor_id) select id, 'selected', (select min(id) from accounts) from entries`, 404},
		{`update decisions set released_at = clock_timestamp()`, 404},
		{`insert into consent_acts (entry_id, edition_id, item, decision) select id, edition_id, 'original', 'yes' from entries`, 206},
		{`insert into consent_acts (entry_id, edition_id, item, decision) select id, edition_id, 'original', 'no' from entries`, 404},
		{`insert into consent_acts (entry_id, edition_id, item, decision) select id, edition_id, 'original', 'yes' from entries`, 206},
		{`update entries set state = 'withdrawn'`, 404},
	} {
		c.do(func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, step.sql)
			return err
		})
		got := office.piece(path, "3-4")
		if got.status != step.want || step.want == 206 && (string(got.body) != "it" || got.header.Get("Content-Disposition") != "attachment; filename=F9-0001.mp4") {
			t.Errorf("after %q it is answered %d %q %v", step.sql, got.status, got.body, got.header)
		}
		for _, other := range []string{"juror", "maker"} {
			if got := c.enter(who[other]).piece(path, ""); got.status != 404 {
				t.Errorf("after %q the %s is answered %d", step.sql, other, got.status)
			}
		}
	}
	maker := c.enter(c.maker).get("/my/entries/"+strings.ReplaceAll(code, " ", "%20")+"/looked", 200)
	maker.says("The festival downloaded the film as you sent it, to show it")
}
