package site_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// set changes what no form of these tests changes.
func (x trial) set(sql string, args pg.Args) {
	x.house.t.Helper()
	if _, err := x.DB.Exec(x.house.t.Context(), sql, args); err != nil {
		x.house.t.Fatal(err)
	}
}

func TestJurorSaysWhatTheyUnderstand(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 2, 2)
	v := x.as(x.Jurors[0])
	v.get("/account", 200).says("Languages you understand")
	v.send(v.form("/account/judging").Set("languages", "Farsi، French, Elvish").Set("affiliations", "Atelier Demi-Lune\n\nUniversity of Mahabar"), 422).
		says("There is no language called “Elvish” in our list.").says("University of Mahabar")
	v.send(v.form("/account/judging").Set("languages", "Farsi، French"), 200).says("Saved.")
	b, err := account.BackgroundOf(t.Context(), x.DB, x.Jurors[0])
	if err != nil || fmt.Sprint(b) != "{[fa fr] [Atelier Demi-Lune University of Mahabar]}" {
		t.Errorf("kept %v, %v", b, err)
	}
	o := x.as(x.Organizer).get(x.round+"/assignment", 200)
	o.says("fa, fr").says("Atelier Demi-Lune, University of Mahabar").says("One juror has not said which languages they understand")
	if o.get("/account", 200); o.Page.Has(`form[action="/account/judging"]`) {
		t.Error("who sits on no jury is asked as a juror")
	}
}

func TestDraftIsProvedAppliedAndUndone(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 4, 6)
	v := x.as(x.Organizer)
	v.get(x.round+"/assignment?way=spread&reviews=2", 200).
		says("6 of 6").says("3 and 3").says("No other plan does better: a second calculation proves it.").says("Unevenness of the lists")
	v.says("Apply, and tell 4 jurors")
	v.send(v.form(x.round+"/assignment"), 200).says("The draft is applied.").says("12 viewings given").says("New draft, 2 viewers each").says("12 new")
	v.get(x.round+"/assignment?way=repair&reviews=2", 200)
	if v.Page.Has(`.page-head button.btn-main`) {
		t.Error("there is something to repair")
	}
	v.get(x.round+"/assignment", 200)
	undo := v.form(x.round + "/assignment/undo")
	undo.Values.Set("change", v.Page.First(`button[name=change]`).Attr("value"))
	code, err := pg.Value[string](t.Context(), x.DB, `select code from assignments order by id limit 1`, pg.Args{})
	if err != nil {
		t.Fatal(err)
	}
	x.Score(code, 6, 6)
	v.send(undo, 200).says("The change is undone.").says("One film stayed: it had been begun.").says("one viewing given")
	v.send(undo, 200)
	x.Close()
	if v.get(x.round+"/assignment", 200).says("who watched what stays as it was"); v.Page.Has(`main form[method=post]`) {
		t.Error("a closed round can be changed")
	}
	v.get(x.round+"/assignment?way=spread", 200)
	if v.Page.Has(`input[name=seen]`) {
		t.Error("a closed round is drafted for")
	}
}

func TestRepairAfterAJurorLeft(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 4, 6)
	v := x.as(x.Organizer)
	v.get(x.round+"/assignment?way=spread&reviews=2", 200)
	v.send(v.form(x.round+"/assignment"), 200)
	x.do(func(ctx context.Context, tx pgx.Tx) error {
		return jury.Leave(ctx, tx, x.Organizer, jury.Panel{ID: x.Panel, EditionID: x.Edition}, x.Email("juror2"))
	})
	v.get(x.round+"/assignment", 200).says("A juror left the jury").says("3 taken away")
	v.get(x.round+"/assignment?way=repair", 200).says("with the fewest changes").says("6 of 6").says("Apply, and tell 3 jurors").says("What changes for whom")
	if n := len(v.Page.All(`td[title="taken away"]`)); n != 0 {
		t.Errorf("%d films are taken away", n)
	}
	if n := len(v.Page.All(`td[title="new"]`)); n != 3 {
		t.Errorf("%d films are new, want 3", n)
	}
}

func TestFoundConflictsAreAnswered(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 1, 2)
	x.Juror("Otto Canary", "otto@example.org")
	v := x.as(x.Organizer)
	v.get(x.round+"/assignment?way=all", 200).says("Same surname in the crew: Ada Canary").says("conflict found, nobody has answered")
	answer := func(n int) {
		f := v.form(x.round + "/conflicts/answer")
		f.Values.Set("answer", v.Page.All(`button[name=answer]`)[n].Attr("value"))
		v.send(f, 200)
	}
	answer(0)
	v.says("They are kept apart from now on.").says("A draft that gives").says("Kept apart")
	answer(1)
	v.says("No conflict. They can be given to each other").says("One that was found is none, you said").says("Darya Mirzaei")
	if n := len(v.Page.All(`td[title="new"]`)); n != 3 {
		t.Errorf("%d films in the draft, want 3", n)
	}
	answer(0)
	v.says("What was found asks again.")
	if n := len(v.Page.All(`td[title="new"]`)); n != 2 {
		t.Errorf("%d films in the draft, want 2", n)
	}
	note, err := pg.Value[string](t.Context(), x.DB, `select note from conflicts`, pg.Args{})
	if err != nil || note != "Same surname in the crew: Ada Canary" {
		t.Errorf("note %q, %v", note, err)
	}
}

// TestAssignmentHidesFilmsOfAConflict: an organizer who is kept apart from a film
// sees neither it nor anything that counts it.
func TestAssignmentHidesFilmsOfAConflict(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 2, 3)
	x.Juror("Otto Canary", "otto@example.org")
	x.set(`insert into conflicts (account_id, entry_id, reason, actor_id) values (@who, @film, 'knows', @who)`, pg.Args{"who": x.Organizer, "film": x.Films[0]})
	v := x.as(x.Organizer)
	for _, path := range []string{"/assignment?way=all", "/assignment?way=spread&reviews=2"} {
		if v.get(x.round+path, 200).says("One film is neither shown nor counted"); strings.Contains(v.mainText(), "Film 001") {
			t.Errorf("%s names the film", path)
		}
	}
	before := v.get(x.round+"/assignment", 200).mainText()
	x.do(func(ctx context.Context, tx pgx.Tx) error {
		return jury.Give(ctx, tx, x.Organizer, x.Round, jury.Pair{Entry: x.Films[0], Juror: x.Jurors[0]})
	})
	if after := v.get(x.round+"/assignment", 200).mainText(); before != after {
		t.Errorf("the page tells that the film was given:\n%s\n%s", before, after)
	}
}

func TestLimitsThroughThePage(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 2, 4)
	v := x.as(x.Organizer)
	v.get(x.round+"/assignment", 200)
	v.send(v.form(x.round+"/loads").Set("least", "many"), 422).says("Write a number from 0 to 20,000, or leave it empty.")
	v.send(v.form(x.round+"/loads").Set("least", "3").Set("most", "۲"), 422).says("The most is below the least.")
	v.send(v.form(x.round+"/loads").Set("least", "").Set("most", "۱"), 200).says("The limit is set.").says("1 at most")
	v.get(x.round+"/assignment?way=spread&reviews=1", 200).says("3 and 1")
	v.get(x.round+"/assignment?way=spread&reviews=2", 200).says("3 films have fewer viewers than wanted").says("viewings are wanted")
	v.get(x.round+"/assignment", 200)
	v.send(v.form(x.round+"/loads").Set("least", "9").Set("most", ""), 200)
	v.get(x.round+"/assignment?way=spread&reviews=1", 403).says("Lower what they watch at least.")
}

// TestAssignmentAsksEquallyOften for the ways that are solved.
func TestAssignmentAsksEquallyOften(t *testing.T) {
	t.Parallel()
	count := func(n int) map[string]int64 {
		pool, counter := pgtest.Counted(t)
		s := jurytest.New(t, pool, n, n)
		for i := range n {
			s.Juror("Otto Canary", s.Email(fmt.Sprint("otto", i)))
		}
		h := openOn(t, pool)
		v := h.visitor()
		v.signInAs(s.Organizer)
		round := "/organize/" + s.Slug + "/9/rounds/" + s.RoundCode + "/assignment"
		asked := map[string]int64{}
		for _, way := range []string{"spread", "repair"} {
			v.get(round+"?way="+way+"&reviews=1", 200)
			counter.Take()
			v.get(round+"?way="+way+"&reviews=1", 200)
			asked[way] = counter.Take()
			v.send(v.form(round), 200)
			asked["apply "+way] = counter.Take()
		}
		return asked
	}
	one, three := count(1), count(3)
	for name, n := range one {
		if three[name] != n && !strings.HasPrefix(name, "apply") {
			t.Errorf("%s asks %d times for one, %d for three", name, n, three[name])
		}
	}
}

// BenchmarkAssignmentPage opens the page of a round with 500 films and 40 jurors:
// a draft that nobody has looked at yet, the same again, and what stands.
func BenchmarkAssignmentPage(b *testing.B) {
	x := openTrial(b, 40, 0)
	x.set(`
		with w as (
		  insert into works (code, film)
		  select 'bench-' || n, jsonb_build_object('title', 'Film ' || n, 'runtime', 900, 'languages', jsonb_build_array((array['fa', 'ar', 'fr'])[1 + n % 3]),
		    'subtitles', jsonb_build_array('en'), 'school', 'School ' || n % 40, 'credits', (
		      select jsonb_agg(jsonb_build_object('role', 'cast', 'name', 'Given' || n || ' Family' || n * 8 + c))
		      from generate_series(1, 8) as c))
		  from generate_series(1, 500) as n
		  returning id, code, film)
		insert into entries (code, edition_id, category_id, work_id, number, state, film, film_version, submitted_at)
		select code, @edition, @category, id, row_number() over (order by id), 'eligible', film, 1, now()
		from w`, pg.Args{"edition": x.Edition, "category": x.Category})
	x.set(`update accounts set languages = (array['{en}', '{fa,en}', '{ar,fr,en}'])[1 + id % 3]::text[], affiliations = array['School ' || id % 60]`, pg.Args{})
	v := x.as(x.Organizer)
	seed := 0
	for name, path := range map[string]func() string{
		"new":   func() string { seed++; return fmt.Sprint("?way=spread&reviews=3&seed=", seed) },
		"again": func() string { return "?way=spread&reviews=3&seed=7" },
		"now":   func() string { return "" },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				v.get(x.round+"/assignment"+path(), 200)
			}
		})
	}
}
