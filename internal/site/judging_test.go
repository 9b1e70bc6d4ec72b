package site_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/htmltest"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/score"
)

// A trial is a festival in which a jury judges one category.
type trial struct {
	*house
	*jurytest.Stage
	desk  string // the edition's address for organizers
	round string // the round's
}

func openTrial(t testing.TB, jurors, films int) trial {
	t.Helper()
	pool := pgtest.Pool(t)
	s := jurytest.New(t, pool, jurors, films)
	desk := "/organize/" + s.Slug + "/9"
	return trial{house: openOn(t, pool), Stage: s, desk: desk, round: desk + "/rounds/" + s.RoundCode}
}

func (x trial) as(who account.ID) *visitor {
	v := x.visitor()
	v.signInAs(who)
	return v
}

// scored fills the score form of the open page.
func (v *visitor) scored(s *jurytest.Stage, code, act string, marks ...int) *htmltest.Form {
	v.t.Helper()
	f := v.form("/jury/" + code + "/score")
	for i, m := range marks {
		f.Set(score.FieldOf(s.Criteria[i]), fmt.Sprint(m))
	}
	f.Values.Set("act", act)
	return f
}

func TestJurorSavesSubmitsAndGoesOn(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 2, 2)
	codes := x.Give(x.Jurors[0], x.Films...)
	v := x.as(x.Jurors[0])
	v.get("/jury", 200).says("2 films to go")
	v.get("/jury/"+codes[0], 200).says("Film 001")
	v.send(v.scored(x.Stage, codes[0], "save", 8), 200).says("Saved. It counts once you submit it.")
	v.send(v.scored(x.Stage, codes[0], "submit"), 422).says("Score Craft.")
	v.send(v.scored(x.Stage, codes[0], "submit", 8, 7), 200).says("Submitted. Here is the next film.").says("Film 002")
	v.send(v.scored(x.Stage, codes[1], "submit", 4, 4), 200).says("That was the last one")
	v.says("Every film is scored")
	x.as(x.Jurors[1]).get("/jury/"+codes[0], 404)
}

func TestSecondTabKeepsBothTexts(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 1, 1)
	code := x.Give(x.Jurors[0], x.Films[0])[0]
	one, two := x.as(x.Jurors[0]), x.as(x.Jurors[0])
	one.get("/jury/"+code, 200)
	two.get("/jury/"+code, 200)
	one.send(one.scored(x.Stage, code, "save", 9).Set("note", "words of the first tab"), 200)
	two.send(two.scored(x.Stage, code, "save", 2).Set("note", "words of the second tab"), 409)
	two.says("words of the first tab").says("You saved this score from another window")
	if got := two.form("/jury/" + code + "/score").Values.Get("note"); got != "words of the second tab" {
		t.Errorf("the second tab's words became %q", got)
	}
	two.send(two.scored(x.Stage, code, "save"), 200)
	two.get("/jury", 200).says("Resume")
	kept, err := pg.Values[string](t.Context(), x.DB, `select note from scores order by version`, pg.Args{})
	if err != nil || strings.Join(kept, "; ") != "words of the first tab; words of the second tab" {
		t.Errorf("kept %q, %v", kept, err)
	}
}

func TestPressingTwiceSavesOnce(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 1, 1)
	code := x.Give(x.Jurors[0], x.Films[0])[0]
	v := x.as(x.Jurors[0])
	v.get("/jury/"+code, 200)
	f := v.scored(x.Stage, code, "submit", 9, 9)
	v.send(f, 200)
	v.send(f, 200)
	n, err := pg.Value[int](t.Context(), x.DB, `select count(*)::int from scores`, pg.Args{})
	if err != nil || n != 1 {
		t.Errorf("%d versions, %v", n, err)
	}
}

func TestScoreAfterTheCloseLosesNoWord(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 1, 1)
	code := x.Give(x.Jurors[0], x.Films[0])[0]
	v := x.as(x.Jurors[0])
	v.get("/jury/"+code, 200)
	f := v.scored(x.Stage, code, "submit", 9, 9).Set("note", "written too late")
	x.Close()
	v.send(f, 403).says("The round is closed.").says("it was not saved").says("written too late")
	v.get("/jury/"+code, 200).says("nothing can be changed now")
	if v.Page.Has(`button[value=submit]`) {
		t.Error("a closed round offers to submit")
	}
}

func TestBlindPageNamesNobody(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 1, 1)
	code := x.Give(x.Jurors[0], x.Films[0])[0]
	v := x.as(x.Jurors[0])
	if v.get("/jury/"+code, 200).says("Ada Canary"); v.Status != 200 {
		t.Fatal(v.Status)
	}
	if _, err := x.DB.Exec(t.Context(), `update rounds set blind = true`); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/jury/" + code, "/jury"} {
		if v.get(path, 200); strings.Contains(strings.ToLower(v.Body), "canary") {
			t.Errorf("%s names the makers", path)
		}
	}
}

func TestRecusal(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 1, 2)
	codes := x.Give(x.Jurors[0], x.Films...)
	v := x.as(x.Jurors[0])
	v.get("/jury/"+codes[0], 200)
	f := v.Page.Form(`form[action="/jury/` + codes[0] + `/recusal"]`)
	if got := f.Values.Get("reason"); got != string(jury.Other) {
		t.Errorf("who chooses no reason says %q", got)
	}
	f.Values.Set("reason", "knows")
	f.Values.Set("note", "I taught the director")
	v.send(f, 200).says("You are recused").says("One film to go")
	v.get("/jury/"+codes[0], 404)
	x.as(x.Organizer).get(x.round+"/assignment", 200).says("I taught the director")
}

// TestNobodySeesScoresOfAnOpenRound changes one hidden score and compares every
// page of everybody else.
func TestNobodySeesScoresOfAnOpenRound(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 2, 2)
	mine, other := x.Give(x.Jurors[0], x.Films...), x.Give(x.Jurors[1], x.Films...)
	x.Score(mine[0], 3, 3)
	pages := func() string {
		var all strings.Builder
		for who, paths := range map[account.ID][]string{
			x.Jurors[1]: {"/jury", "/jury/" + other[0]},
			x.Organizer: {x.round, x.round + "/assignment", x.round + "/results", x.desk + "/results", x.desk + "/juries", x.desk, x.desk + "/entries", x.desk + "/line-up"},
		} {
			for _, path := range paths {
				v := x.as(who).get(path, 200)
				all.WriteString(path + "\n" + v.mainText() + "\n")
			}
		}
		return all.String()
	}
	before := strings.Split(pages(), "\n")
	if _, err := x.DB.Exec(t.Context(), `update marks set value = 9`); err != nil {
		t.Fatal(err)
	}
	after := strings.Split(pages(), "\n")
	seen := map[string]bool{}
	for _, line := range before {
		seen[line] = true
	}
	for _, line := range after {
		if !seen[line] {
			t.Errorf("a hidden score changes: %.300s", line)
		}
	}
	x.as(x.Organizer).get(x.round+"/results", 200).says("The scores are sealed")
	x.as(x.Organizer).get(x.round+"/results.csv", 403)
}

func TestOrganizerSetsUpARound(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 3, 4)
	v := x.as(x.Organizer)
	v.get(x.desk+"/juries", 200)
	v.send(v.form(x.desk+"/juries").Set("name", "Second jury"), 200).says("Nobody sits on this jury yet")
	v.get(x.desk+"/rounds/new", 200)
	f := v.form(x.desk+"/rounds/new").Set("panel", x.PanelCode).Set("name", "Final").Set("reviews_per_entry", "۲")
	f.Values.Set("add", "criterion")
	v.send(f, 200)
	if n := len(v.Page.All(`input[name=criterion]`)); n != 5 {
		t.Fatalf("%d lines after adding one", n)
	}
	f = v.form(x.desk + "/rounds/new")
	f.Values["weight"][0] = "many"
	v.send(f, 422).says("Write a weight from 0 to 1,000 for Direction.")
	f = v.form(x.desk + "/rounds/new")
	f.Values["weight"][0] = "30"
	v.send(f, 200).says("The round is saved.").says("Being set up")
	round := v.Path
	v.get(round+"/assignment?way=spread&reviews=2", 200).says("Nobody watches more than one film more than another")
	v.send(v.form(round+"/assignment"), 200).says("The draft is applied.").says("8 viewings given")
	v.get(round, 200)
	v.send(v.form(round+"/opening"), 200).says("The round is open.")
	x.as(x.Jurors[0]).get("/jury", 200).says("Final")
	v.get(round+"/settings", 200)
	if v.Page.Has(`select[name=panel]`) {
		t.Error("an open round offers another jury")
	}
	v.get(round, 200)
	v.send(v.form(round+"/closing"), 200).says("The round is closed.")
	n, err := pg.Value[int](t.Context(), x.DB, `select count(*)::int from letters where kind = 'assignments'`, pg.Args{})
	if err != nil || n != 3 {
		t.Errorf("%d letters to jurors, %v", n, err)
	}
}

func TestAppliedDraftIsTheOneSeen(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 2, 2)
	v := x.as(x.Organizer)
	v.get(x.round+"/assignment?way=all", 200)
	f := v.form(x.round + "/assignment")
	x.Film("Came meanwhile", 0)
	v.send(f, 409).says("Something changed since this draft was made.")
	v.send(v.form(x.round+"/assignment"), 200).says("6 viewings given")
}

func TestGivingByHand(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 2, 1)
	v := x.as(x.Organizer)
	press := func(want int) {
		v.get(x.round+"/assignment", 200)
		f := v.form(x.round + "/viewing")
		f.Values.Set("viewing", v.Page.First(`button[name=viewing]`).Attr("value"))
		v.send(f, want)
	}
	press(200)
	v.says("one viewing given")
	press(200)
	v.says("0 viewings given")
	f := v.form(x.round + "/conflicts")
	v.send(f.Set("reason", "worked").Set("note", "Wrote the score"), 200).says("kept apart from now on").says("Wrote the score")
	if n := len(v.Page.All(`button[name=viewing]`)); n != 1 {
		t.Errorf("%d films can be given, want one", n)
	}
	v.send(v.form(x.round+"/conflicts/withdrawal").Set("film", v.Page.First(`button[name=film]`).Attr("value")), 200).says("taken back")
}

func TestResultsDecisionsReleaseAndAwards(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 2, 0)
	maker := x.Account("Noor Al-Qattan", x.Email("noor"))
	for i := range 4 {
		film := x.Film(fmt.Sprintf("Film %c", 'A'+i), maker)
		for _, who := range x.Jurors {
			x.Score(x.give(who, film, i+1), 9-2*i, 9-2*i)
		}
	}
	x.Close()
	v := x.as(x.Organizer)
	v.get(x.round+"/results", 200).says("4 films, 2 jurors, 8 scores.").says("The 2 places end here")
	v.get(x.round+"/results?view=criteria", 200).says("Craft")
	if v.get(x.round+"/results?view=scores", 200); strings.Contains(v.mainText(), "Juror 01") {
		t.Error("names stand in the table without being asked for")
	}
	v.get(x.round+"/results?view=scores&names=1", 200).says("Juror 01")
	v.get(x.round+"/results", 200)
	f := v.Page.Form(`form.row.mb`)
	f.Values.Set("act", "first")
	v.send(f, 200).says("Nobody is told before you release")
	v.send(v.press(x, "clear", 0), 200)
	v.send(v.press(x, "select", 0), 200)
	if maker := x.as(maker); maker.get("/my/entries", 200).Status != 200 || strings.Contains(maker.mainText(), "elected") {
		t.Error("a filmmaker sees a decision that was not released")
	}
	v.get(x.desk+"/line-up", 200).says("Films without an answer: 4.")
	v.get(x.desk+"/line-up?look=1&category=shorts", 200).says("4 decisions are told").says("4 letters go out")
	v.send(v.form(x.desk+"/line-up/release"), 200).says("The decisions are released")
	v.send(v.form(x.desk+"/line-up/publication"), 200).says("The line-up is public.")
	v.get(x.desk+"/awards", 200)
	v.send(v.form(x.desk+"/awards").Set("name", "Golden Farsang"), 200).says("The prize is saved.")
	v.get(v.Page.First(`main .list h3 a`).Attr("href"), 200)
	award := v.Path
	v.send(v.form(award).Set("winner", v.Page.All(`select[name=winner] option`)[1].Attr("value")).Set("citation", "For a silence"), 200)
	v.send(v.form(x.desk+"/awards/publication"), 200).says("The awards are public.")
	letters, err := pg.Value[int](t.Context(), x.DB, `select count(*)::int from letters where kind in ('selected', 'not-selected')`, pg.Args{})
	if err != nil || letters != 4 {
		t.Errorf("%d letters, %v", letters, err)
	}
}

// give hands one film to a juror and returns the assignment's code.
func (x trial) give(who account.ID, film entry.ID, place int) string {
	x.house.t.Helper()
	code := fmt.Sprintf("a-%d-%d", who, film)
	_, err := x.DB.Exec(x.house.t.Context(), `
		insert into assignments (code, round_id, entry_id, account_id, position)
		values ($1, $2, $3, $4, $5)`, code, x.Round, film, who, place)
	if err != nil {
		x.house.t.Fatal(err)
	}
	return code
}

// press is the form that decides on films, with one of its buttons pressed.
func (v *visitor) press(x trial, act string, n int) *htmltest.Form {
	v.t.Helper()
	f := v.Page.Form(`form#decide`)
	f.Values.Set(act, v.Page.All(`button[name=` + act + `]`)[n].Attr("value"))
	return f
}

func TestReleaseRefusesWhatWasNotSeen(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 1, 2)
	for i, code := range x.Give(x.Jurors[0], x.Films...) {
		x.Score(code, 9-i, 9)
	}
	x.Close()
	v := x.as(x.Organizer)
	v.get(x.round+"/results", 200)
	v.send(v.press(x, "select", 0), 200)
	v.get(x.desk+"/line-up?look=1&category=shorts", 200)
	f := v.form(x.desk + "/line-up/release")
	v.get(x.round+"/results", 200)
	v.send(v.press(x, "decline", 0), 200)
	v.send(f, 409).says("Decisions changed since you looked.")
	told, err := pg.Value[int](t.Context(), x.DB, `select count(released_at)::int from decisions`, pg.Args{})
	if err != nil || told != 0 {
		t.Errorf("%d told, %v", told, err)
	}
}

func TestOrganizerWithAConflictSeesNoFigure(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 1, 2)
	for i, code := range x.Give(x.Jurors[0], x.Films...) {
		x.Score(code, 9-i, 9)
	}
	if _, err := x.DB.Exec(t.Context(), `insert into conflicts (account_id, entry_id, reason, actor_id) values ($1, $2, $3, $1)`,
		x.Organizer, x.Films[0], jury.Knows); err != nil {
		t.Fatal(err)
	}
	x.Close()
	v := x.as(x.Organizer).get(x.round+"/results", 200).says("You have a conflict with this film").says("One film, one juror, one score.")
	for _, b := range v.Page.All(`button[name=select]`) {
		if strings.HasPrefix(b.Attr("value"), "Film 001") {
			t.Error("the film with a conflict can be decided on")
		}
	}
	csv := x.as(x.Organizer).get(x.round+"/results.csv", 200)
	if strings.Contains(csv.Body, "Film 001") {
		t.Error("the file holds the film with a conflict")
	}
}

func TestJudgingOfAnotherEditionIsMissing(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 1, 1)
	if _, err := x.DB.Exec(t.Context(), `
		insert into editions (festival_id, slug, name, prefix, city, zone, starts_on, ends_on)
		values ($1, '10', '10th edition', 'F10', 'Mahabar', 'Asia/Tehran', '2028-05-01', '2028-05-09')`, x.Festival); err != nil {
		t.Fatal(err)
	}
	v := x.as(x.Organizer)
	other := strings.Replace(x.round, "/9/", "/10/", 1)
	for _, path := range []string{other, other + "/results", other + "/assignment", other + "/settings", other + "/results.csv"} {
		v.get(path, 404)
	}
	v.get(x.desk+"/juries", 200)
	f := v.form(x.desk + "/juries")
	v.post(other+"/closing", url.Values{"_token": f.Values["_token"], "_key": f.Values["_key"]}, 404)
}

func TestJudgingPagesAskEquallyOften(t *testing.T) {
	t.Parallel()
	count := func(n int) map[string]int64 {
		pool, counter := pgtest.Counted(t)
		s := jurytest.New(t, pool, n, n)
		var code string
		for _, who := range s.Jurors {
			for _, code = range s.Give(who, s.Films...) {
				s.Score(code, 7, 7)
			}
		}
		h := openOn(t, pool)
		organizer, juror := h.visitor(), h.visitor()
		organizer.signInAs(s.Organizer)
		juror.signInAs(s.Jurors[n-1])
		desk := "/organize/" + s.Slug + "/9"
		round := desk + "/rounds/" + s.RoundCode
		asked := map[string]int64{}
		visit := func(v *visitor, path, name string) {
			v.get(path, 200)
			counter.Take()
			v.get(path, 200)
			asked[name] = counter.Take()
		}
		visit(juror, "/jury", "queue")
		visit(juror, "/jury/"+code, "score")
		visit(organizer, desk+"/juries", "juries")
		visit(organizer, desk+"/juries/"+s.PanelCode, "panel")
		visit(organizer, round, "round")
		visit(organizer, round+"/assignment", "assignment")
		visit(organizer, round+"/assignment?way=all", "draft")
		s.Close()
		visit(organizer, round+"/results", "results")
		visit(organizer, desk+"/line-up?look=1&category=shorts", "release")
		visit(organizer, desk+"/awards", "awards")
		return asked
	}
	one, three := count(1), count(3)
	for name, n := range one {
		if three[name] != n {
			t.Errorf("%s asks %d times for one, %d for three", name, n, three[name])
		}
	}
}

// TestTitlesAreReadInTheirLanguage: a film that has no English title is named in
// its own language, and pages say which that is, so that a voice reads it so.
func TestTitlesAreReadInTheirLanguage(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 1, 1)
	maker, id := x.person("Yevheniya", "yevheniya@example.org")
	const title = "Дочка лінійника"
	film := x.Film(title, id)
	code := x.Give(x.Jurors[0], film)[0]
	for _, table := range []string{"works", "entries"} {
		_, err := x.DB.Exec(t.Context(), `
			update `+table+`
			set film = film || jsonb_build_object('title', '', 'titleOriginal', $1::text, 'languageOriginal', 'uk')
			where film ->> 'title' = $1`, title)
		if err != nil {
			t.Fatal(err)
		}
	}
	own, err := pg.Value[string](t.Context(), x.DB, `select code from entries where id = @id`, pg.Args{"id": film})
	if err != nil {
		t.Fatal(err)
	}
	for path, v := range map[string]*visitor{"/jury": x.as(x.Jurors[0]), "/jury/" + code: x.as(x.Jurors[0]), "/my/entries/" + url.PathEscape(own): maker} {
		if got := v.get(path, 200).Page.Texts(`[lang=uk]`); !slices.Contains(got, title) {
			t.Errorf("%s says that %q is Ukrainian", path, got)
		}
	}
}
