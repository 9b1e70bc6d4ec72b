package site_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/erasure"
	"laurel/internal/pg"
	"laurel/internal/seed"
)

// judged gives an entry to a juror of two rounds, one blind, that are open, and
// returns the addresses of the juror's pages: openly and blind.
func judged(t *testing.T, tx pgx.Tx, e entry.Entry, juror account.ID) (openly, blind string) {
	t.Helper()
	_, err := tx.Exec(t.Context(), `
		with p as (
			insert into panels (code, edition_id, name) values ('panel', @edition, 'Jury') returning id),
		s as (
			insert into seats (code, panel_id, account_id) select 'seat', id, @juror from p),
		r as (
			insert into rounds (code, category_id, panel_id, name, blind, reviews_per_entry, opens_at, closes_at, opened_at)
			select x.code, @category, p.id, x.code, x.blind, 1, now() - interval '1 hour', now() + interval '1 day', now()
			from p, (values ('openly', false), ('blind', true)) as x (code, blind)
			returning id, code),
		c as (
			insert into criteria (round_id, position, name, weight) select id, 1, 'Direction', 1 from r)
		insert into assignments (code, round_id, entry_id, account_id, position)
		select 'to-' || r.code, r.id, @entry, @juror, 1 from r`,
		pg.Args{"edition": e.EditionID, "category": e.CategoryID, "entry": e.ID, "juror": juror})
	if err != nil {
		t.Fatal(err)
	}
	return "/jury/to-openly", "/jury/to-blind"
}

// TestMakersSeeTheJurorsOwnPage compares the film as a juror reads it with what
// its makers are shown: every byte is the same but the mark with the reader's
// name over the picture.
func TestMakersSeeTheJurorsOwnPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	maker, owner := h.person("Ada", "ada@mail.example")
	juror, judge := h.person("Jules", "jules@mail.example")
	var one entry.Entry
	var openly, blind string
	h.build(func(tx pgx.Tx) {
		one = seed.Entry(t, tx, seed.Category(t, tx, seed.Edition(t, tx)), withCanaries("seen"), func(e *seed.E) { e.Owner = owner })
		shownStill(t, h, tx, one)
		openly, blind = judged(t, tx, one, judge)
	})
	films := map[string]string{openly: "/my/entries/" + one.Code + "/readers", blind: "/my/entries/" + one.Code + "/readers?blind=1"}
	for theirs, ours := range films {
		want := juror.get(theirs, http.StatusOK).Page.First("main .watch-main").HTML()
		got := maker.get(ours, http.StatusOK).Page.First("main .watch-main").HTML()
		if strings.ReplaceAll(want, "Jules · ", "") != strings.ReplaceAll(got, "Ada · ", "") || len(want) < 500 {
			t.Errorf("%s is not what the juror reads at %s", ours, theirs)
		}
		if names := strings.Contains(got, "seen-latin"); names == (theirs == blind) {
			t.Errorf("%s: the director is named: %v", ours, names)
		}
		if maker.Page.Has(`button[name="act"]`) {
			t.Errorf("%s has a button", ours)
		}
	}
}

// TestErasingFromThePage goes the whole way without script: the list of what
// goes, who you are, the receipt, and what is left for anybody.
func TestErasingFromThePage(t *testing.T) {
	t.Parallel()
	h := open(t)
	maker, owner := h.person("Ada", "ada@mail.example")
	juror, judge := h.person("Jules", "jules@mail.example")
	other, _ := h.person("Eve", "eve@mail.example")
	var one entry.Entry
	var work, picture, theirs string
	h.build(func(tx pgx.Tx) {
		one = seed.Entry(t, tx, seed.Category(t, tx, seed.Edition(t, tx, past)), told, func(e *seed.E) { e.Owner = owner })
		picture = shownStill(t, h, tx, one)
		theirs, _ = judged(t, tx, one, judge)
		var err error
		if work, err = pg.Value[string](t.Context(), tx, `select code from works where id = @id`, pg.Args{"id": one.WorkID}); err != nil {
			t.Fatal(err)
		}
	})
	page := "/my/works/" + work + "/erasure"
	juror.get(theirs, http.StatusOK)
	h.visitor().get("/farsang/9/films/told", http.StatusOK)
	other.get(page, http.StatusNotFound)
	form := maker.get(page, http.StatusOK).says("What goes, at once").form(page)
	maker.send(form, http.StatusForbidden)
	maker.send(maker.form("/account/check").Set("secret", password), http.StatusOK)
	maker.send(maker.Page.First("main").Form("form"), http.StatusOK).says("A work is erased")
	receipt := maker.Path

	h.visitor().get(receipt, http.StatusOK).says("names nobody")
	h.visitor().get(receipt+"/receipt", http.StatusOK)
	file := h.visitor().get(receipt+"/receipt", http.StatusOK).Body
	if _, err := erasure.Check([]byte(file), ""); err != nil {
		t.Error(err)
	}
	for path, v := range map[string]*visitor{
		"/farsang/9/films/told": h.visitor(), "/files/" + picture + "/w480": h.visitor(), theirs: juror, page: maker, "/my/entries/" + one.Code: maker,
		"/my/entries/" + one.Code + "/publication": maker, "/erasures/somebody-elses-code": h.visitor(),
	} {
		v.get(path, http.StatusNotFound)
	}
	if strings.Contains(read(h.visitor()), "film-word") {
		t.Error("the public still reads of it")
	}
	if strings.Contains(juror.get("/jury", http.StatusOK).Body, "film-word") {
		t.Error("the juror's queue still has it")
	}
}

// TestErasingAnAccountSignsOut also wants every session of the person to end.
func TestErasingAnAccountSignsOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	maker, owner := h.person("Ada", "ada@mail.example")
	second := h.visitor()
	second.signInAs(owner)
	second.get("/account", http.StatusOK)
	maker.send(maker.get("/account/erasure", http.StatusOK).form("/account/erasure"), http.StatusForbidden)
	maker.send(maker.form("/account/check").Set("secret", password), http.StatusOK)
	maker.send(maker.Page.First("main").Form("form"), http.StatusOK).says("An account and its works are erased")
	for _, v := range []*visitor{maker, second} {
		if got := v.get("/account", http.StatusOK).Path; !strings.HasPrefix(got, "/sign-in") {
			t.Errorf("still signed in: %s", got)
		}
	}
}

// TestWhoLookedNamesRolesAndDays: what the festival does with an entry is on its
// makers' page, without a name, and what is decided is not.
func TestWhoLookedNamesRolesAndDays(t *testing.T) {
	t.Parallel()
	h := open(t)
	maker, owner := h.person("Ada", "ada@mail.example")
	staff, organizer := h.person("Omid Organizer", "omid@mail.example")
	juror, judge := h.person("Jules Juror", "jules@mail.example")
	var one entry.Entry
	var theirs string
	h.build(func(tx pgx.Tx) {
		e := seed.Edition(t, tx)
		one = seed.Entry(t, tx, seed.Category(t, tx, e), func(x *seed.E) { x.Owner = owner })
		theirs, _ = judged(t, tx, one, judge)
		if err := account.Join(t.Context(), tx, organizer, int64(e.FestivalID)); err != nil {
			t.Fatal(err)
		}
	})
	page := "/my/entries/" + one.Code + "/looked"
	maker.get(page, http.StatusOK).says("Nobody of the festival has opened it yet.")
	staff.get("/organize/farsang/9/entries/"+one.Code, http.StatusOK)
	staff.get("/organize/farsang/9/entries.csv", http.StatusOK)
	juror.get(theirs, http.StatusOK)
	h.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into decisions (entry_id, outcome, actor_id) values ($1, 'selected', $2)`, one.ID, organizer)
		return err
	})
	maker.get(page, http.StatusOK).says("The festival opened it for the first time").says("The festival took a list that holds it")
	for _, never := range []string{"Omid", "Jules", "selected"} {
		if strings.Contains(maker.mainText(), never) {
			t.Errorf("the page says %q", never)
		}
	}
}

// publicSources are the files that answer the public.
var publicSources = []string{"public_*.go", "file.go"}

// TestThePublicReadsThroughTheView reads the sources: what answers the public
// asks for films by the functions that rest on public_films, and no others.
func TestThePublicReadsThroughTheView(t *testing.T) {
	t.Parallel()
	allowed := []string{"entry.Lineup(", "entry.Published", "entry.Picture", "entry.Film", "entry.ID", "entry.Director", "entry.FormName(", "entry.RoleName(", "entry.LinkKindName(", "entry.RuleWords(", "entry.WarningsOf("}
	read := 0
	for _, pattern := range publicSources {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			read++
			source := string(text)
			for _, use := range allowed {
				source = strings.ReplaceAll(source, use, "")
			}
			for line := range strings.SplitSeq(source, "\n") {
				if strings.Contains(line, "entry.") && !strings.Contains(line, `"entry.`) || strings.Contains(line, "pg.Rows") || strings.Contains(line, "pg.One") || strings.Contains(line, "s.db.Query") {
					t.Errorf("%s: %s", name, strings.TrimSpace(line))
				}
			}
		}
	}
	if read < 4 {
		t.Errorf("only %d sources were read", read)
	}
}
