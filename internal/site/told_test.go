package site_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

const fingerprintsPage = "/organize/farsang/ninth/fingerprints"

// switchboard is an open call whose films may follow for 72 hours, with an
// organizer at the telephone.
func switchboard(h *house) (openCall, *visitor) {
	h.t.Helper()
	c := openTheCallOn(h)
	c.let(72)
	v := c.visitor()
	v.signInAs(c.organizer)
	return c, v
}

func (c openCall) let(hours int) {
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update categories set bytes_hours = @hours`, pg.Args{"hours": hours})
		return err
	})
}

// since lets so many hours pass after the deadline.
func (c openCall) since(hours int) {
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		for _, sql := range []string{
			`update fingerprints set noted_at = noted_at - interval '40 days'`,
			`update deadlines set closes_at = clock_timestamp() - make_interval(hours => @hours) - interval '1 minute'`,
		} {
			args := pg.Args{}
			if strings.Contains(sql, "@hours") {
				args["hours"] = hours
			}
			if _, err := tx.Exec(ctx, sql, args); err != nil {
				return err
			}
		}
		return nil
	})
}

// note types what a caller reads out.
func note(v *visitor, figures string, want int) *visitor {
	v.get(fingerprintsPage, 200)
	return v.send(v.form(fingerprintsPage).Set("fingerprint", figures), want)
}

func TestAFingerprintIsNotedReadBackAndTakenBack(t *testing.T) {
	t.Parallel()
	_, v := switchboard(open(t))
	note(v, "0123", 422).says("Here are 4.")
	if got := v.Page.First(`input[name="fingerprint"]`).Attr("value"); got != "0123" {
		t.Errorf("what was typed is %q", got)
	}
	note(v, strings.Repeat("xyz", 20), 422).says("the letters a to f")
	note(v, strings.Repeat("0123-ABCD ", 4), 200).says("Read it back to the caller").says(strings.TrimSpace(strings.Repeat("0123 abcd ", 4)))
	note(v, strings.Repeat("0123abcd", 4)+"ff", 409).says("noted already")
	v.get(fingerprintsPage, 200).says("by Organizer")
	for _, f := range v.Page.All("form") {
		if to := f.Attr("action"); strings.HasPrefix(to, fingerprintsPage+"/") {
			v.post(to, withProof(v, "", ""), 200).says("The fingerprint is taken back.").says("Nothing yet.")
			return
		}
	}
	t.Error("it cannot be taken back")
}

func TestNothingIsNotedOnceTheCallHasClosed(t *testing.T) {
	t.Parallel()
	c, v := switchboard(open(t))
	v.get(fingerprintsPage, 200)
	form := v.form(fingerprintsPage).Set("fingerprint", strings.Repeat("0", 32))
	c.since(0)
	v.send(form, 403).says("Nothing can be noted")
	v.get(fingerprintsPage, 200).says("No deadline lies ahead")
	if v.Page.Has(`input[name="fingerprint"]`) {
		t.Error("the page still asks for one")
	}
}

// TestTheCallAndTheCallerAreToldUntilWhen, and neither where a category wants
// its films here.
func TestTheCallAndTheCallerAreToldUntilWhen(t *testing.T) {
	t.Parallel()
	c, v := switchboard(open(t))
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update festivals set contact = 'office@farsang.example'`, pg.Args{})
		return err
	})
	public := c.visitor()
	public.get("/farsang/ninth", 200).says("Anybody can call or write to us before the deadline").says("Where we are reached: office@farsang.example").says("sha256sum film.mp4")
	v.get(fingerprintsPage, 200).says("If it is noted before").says("Until ")
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		return festival.DeclareShutdown(ctx, tx, c.organizer, c.edition, festival.Shutdown{Countries: []string{"IR"}, Words: "The net is cut."})
	})
	v.get(fingerprintsPage, 200).says("Films from Iran: until ")
	c.since(80)
	public.get("/farsang/ninth", 200).says("If we noted the fingerprint of your film")
	c.since(15 * 24)
	for _, hours := range []int{72, 0} {
		if text := public.get("/farsang/ninth", 200).mainText(); strings.Contains(text, "fingerprint") {
			t.Errorf("%d hours: the call speaks of fingerprints: %s", hours, text)
		}
		c.let(0)
		c.do(func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `update deadlines set closes_at = clock_timestamp() + interval '1 day'`, pg.Args{})
			return err
		})
	}
}

// filled makes the sender's work complete but for its film.
func (s *sender) filled() {
	s.t.Helper()
	s.h.do(func(ctx context.Context, tx pgx.Tx) error {
		film := entry.Film{
			Title: "Salt", Form: entry.Documentary, Runtime: 600, Completed: "2026", Languages: []string{"fa"},
			SubtitleTracks: []entry.SubtitleTrack{{Language: "en"}}, Synopsis: "A clerk counts salt.", Countries: []string{"IR"}, Shown: entry.NotShown,
			Credits: []entry.Credit{{Role: entry.Director, Name: "Mana"}},
		}
		_, err := tx.Exec(ctx, `update works set film = @film where code = @work`, pg.Args{"film": film, "work": s.work})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			with f as (
				insert into files (code, owner_id, kind, state, media_type, size, sha256, blob_key)
				select 'still-' || code, owner_id, 'still', 'ready', 'image/jpeg', 1, '\x00', 'still-' || code
				from works
				where code = @work
				returning id)
			insert into work_files (work_id, file_id, role)
			select w.id, f.id, 'still'
			from works w, f
			where w.code = @work`, pg.Args{"work": s.work})
		return err
	})
}

// begun starts the entry of the sender's work; want is how the form is answered.
func (s *sender) begun(want int) *visitor {
	s.t.Helper()
	s.get("/my/entries/new?category="+documentary, 200)
	token := withProof(s.visitor, "work", s.work)
	token.Set("category", documentary)
	return s.post("/my/entries/new", token, want)
}

// TestWhoHadNoNetIsInTime is the whole way, without script: somebody calls, the
// deadline passes, the makers come, announce the film, enter it and send the
// rest of its bytes.
func TestWhoHadNoNetIsInTime(t *testing.T) {
	t.Parallel()
	h := open(t)
	c, v := switchboard(h)
	s := newSender(h, 300_000)
	s.filled()
	sum := sha256.Sum256(s.film)
	note(v, hex.EncodeToString(sum[:])[:32], 200)
	c.since(71)
	if text := s.get("/my/entries/new", 200).mainText(); !strings.Contains(text, "No call is open") {
		t.Errorf("before anything is announced: %s", text)
	}
	s.begin(meta("role", "screener", "sha256", s.claim()))
	s.get("/my/entries/new", 200).says("whose fingerprint the festival noted in time")
	s.begun(200).says("Draft, ready to send")
	entryPage := s.Path
	send := s.form(entryPage+"/submission").Set("rights", "1")
	s.send(send, 200).says("In time: the festival noted the fingerprint of the film on")
	if text := s.get(entryPage, 200).says("In time: the festival noted the fingerprint of the film on").says("nothing can be sent or changed any more").mainText(); strings.Contains(text, "sent before the deadline") {
		t.Errorf("what was sent after the deadline is said to be from before: %s", text)
	}
	if res, said := s.patch(0, bytes.NewReader(s.film)); res.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", res.StatusCode, said)
	}
	kept, err := pg.Value[bool](t.Context(), h.DB, `select p.kept_at is not null and e.told_at < (select closes_at from deadlines) from promises p join entries e on e.id = p.entry_id`, nil)
	if err != nil || !kept {
		t.Errorf("the film that was told of does not keep the promise: %v", err)
	}
	s.get(s.files(), 200).says(festival.GroupFigures(hex.EncodeToString(sum[:])))
	code := strings.TrimPrefix(entryPage, "/my/entries/")
	v.get("/organize/farsang/ninth/entries/"+code, 200).says("In time: the festival noted the fingerprint of the film on")
}

// TestNobodyToldOfThisFilm: who announces another film, or comes after the
// window, is late like anybody, and reads to the letter what they would read if
// the festival had been told of no film at all.
func TestNobodyToldOfThisFilm(t *testing.T) {
	t.Parallel()
	h := open(t)
	c, v := switchboard(h)
	s, other, fresh := newSender(h, 300_000), newSender(h, 300_000), newSender(h, 300_000)
	other.film[200_000] ^= 1
	for _, one := range []*sender{s, other, fresh} {
		one.filled()
		one.begun(200)
	}
	sum := sha256.Sum256(s.film)
	note(v, hex.EncodeToString(sum[:]), 200)
	c.since(1)
	other.begin(meta("role", "screener", "sha256", other.claim()))
	s.begin(meta("role", "screener", "sha256", s.claim()))
	for _, one := range []*sender{other, fresh} {
		page := one.entryPage()
		if text := one.get(page, 200).mainText(); !strings.Contains(text, "closed before this entry was sent") {
			t.Errorf("the entry reads %s", text)
		}
		one.late(page)
	}
	s.get(s.entryPage(), 200).form(s.entryPage() + "/submission")
	c.since(73)
	s.late(s.entryPage())
	pages := []string{other.entryPage(), other.files(), "/my/entries", "/my/entries/new", "/farsang/ninth"}
	read := func() (texts []string) {
		for _, page := range pages {
			texts = append(texts, other.get(page, 200).mainText())
		}
		return texts
	}
	with := read()
	c.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from fingerprints`)
		return err
	})
	for i, without := range read() {
		if without != with[i] {
			t.Errorf("%s reads %s, and without the fingerprint %s", pages[i], with[i], without)
		}
	}
}

// late sends the entry by a form that stands on no page any more.
func (s *sender) late(page string) {
	s.t.Helper()
	s.get(s.files(), 200)
	s.post(page+"/submission", withProof(s.visitor, "rights", "1"), 403).says("has closed")
}

// entryPage is the page of the one entry of the sender's work.
func (s *sender) entryPage() string {
	s.t.Helper()
	code, err := pg.Value[string](s.t.Context(), s.h.DB, `select e.code from entries e join works w on w.id = e.work_id where w.code = @work`, pg.Args{"work": s.work})
	if err != nil {
		s.t.Fatal(err)
	}
	return "/my/entries/" + code
}

// TestAFilmThatDiffersFromWhatWasToldIsRefused when its last byte has come.
func TestAFilmThatDiffersFromWhatWasToldIsRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	c, v := switchboard(h)
	s := newSender(h, 300_000)
	s.filled()
	s.begun(200)
	sum := sha256.Sum256(s.film)
	note(v, hex.EncodeToString(sum[:]), 200)
	c.since(1)
	s.begin(meta("role", "screener", "sha256", s.claim()))
	s.get(s.entryPage(), 200)
	s.send(s.form(s.entryPage()+"/submission").Set("rights", "1"), 200)
	s.film[250_000] ^= 1
	if res, _ := s.patch(0, bytes.NewReader(s.film)); res.StatusCode < 400 {
		t.Errorf("another film was taken: %d", res.StatusCode)
	}
	n, err := pg.Value[int](t.Context(), h.DB, `select count(*)::integer from entry_files where role = 'screener'`, nil)
	if err != nil || n != 0 {
		t.Errorf("%d films stand in the entry, %v", n, err)
	}
}

func TestFingerprintsAskEquallyOften(t *testing.T) {
	t.Parallel()
	pool, count := pgtest.Counted(t)
	c, v := switchboard(openOn(t, pool))
	ask := func() int64 {
		v.get(fingerprintsPage, 200)
		count.Take()
		v.get(fingerprintsPage, 200)
		return count.Take()
	}
	add := func(from, to int) {
		c.do(func(ctx context.Context, tx pgx.Tx) error {
			for i := from; i < to; i++ {
				if _, err := festival.NoteFingerprint(ctx, tx, c.organizer, c.edition, fmt.Sprintf("%032x", i)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	add(0, 1)
	one := ask()
	add(1, 3)
	if three := ask(); three != one {
		t.Errorf("%d questions for one and %d for three", one, three)
	}
}

// TestAFilmIsBegunWithoutAnEntry, also while no call is open.
func TestAFilmIsBegunWithoutAnEntry(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	c.close()
	v, _ := c.person("Mana", "mana@example.org")
	v.get("/my/entries/new", 200)
	v.send(v.form("/my/works").Set("title", "Salt"), 200).says("Salt")
	if !strings.HasPrefix(v.Path, "/my/works/") {
		t.Errorf("it leads to %s", v.Path)
	}
}

// TestAFilmThatCannotBeBegunSaysWhy, beside what was typed, whether a call is
// open or not.
func TestAFilmThatCannotBeBegunSaysWhy(t *testing.T) {
	t.Parallel()
	c := openTheCall(t)
	v, _ := c.person("Mana", "mana@example.org")
	for _, title := range []string{"Salt\u202etlaS", strings.Repeat("salt ", 200)} {
		v.get("/my/entries/new", 200)
		v.send(v.form("/my/works").Set("title", title), 422)
		field := v.Page.First("details[open] #work-title")
		if got := field.Attr("value"); got != strings.TrimSpace(title) {
			t.Errorf("typed was %q, kept is %q", title, got)
		}
		why := v.Page.First("#work-title-e").Text()
		if why == "" || v.Page.Has("#title-e") || !strings.Contains(v.Page.First(`.err-sum a[href="#work-title"]`).Text(), strings.TrimPrefix(why, "Error: ")) {
			t.Errorf("beside the field stands %q", why)
		}
		c.close()
	}
}
