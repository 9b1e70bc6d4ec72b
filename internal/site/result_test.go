package site_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"laurel/internal/account"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
)

// judgedTrial is a closed round of twelve films and five jurors with a harsh one
// among them. Each film was seen by three; two places, up to five viewers.
func judgedTrial(t testing.TB) trial {
	t.Helper()
	x := openTrial(t, 5, 12)
	x.run(t, `update rounds set binding = 'calibrated', reviews_most = 5`)
	for f, film := range x.Films {
		for k := range 3 {
			j := (f + k) % 5
			value := 4 + f/3 + (f*k)%2
			if j == 0 {
				value -= 2
			}
			x.Score(x.give(x.Jurors[j], film, f+1), value, value)
		}
	}
	x.Close()
	return x
}

func (x trial) run(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := x.DB.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func (x trial) results(t testing.TB) int {
	t.Helper()
	n, err := pg.Value[int](t.Context(), x.DB, `select count(*)::int from results`, pg.Args{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// table is the figures of the page's list.
func (v *visitor) table() string {
	v.t.Helper()
	var rows []string
	for _, row := range v.Page.All(`table.results tbody tr`) {
		rows = append(rows, row.Text())
	}
	return strings.Join(rows, "\n")
}

func TestResultsSayHowSureTheyAre(t *testing.T) {
	t.Parallel()
	x := judgedTrial(t)
	v := x.as(x.Organizer).get(x.round+"/results", 200)
	v.says("12 films, 5 jurors, 36 scores.").says("There are 2 places.").says("too close to the line for the numbers alone")
	v.says("The list that counts is corrected").says("The 2 places end here").says("Juror severity").says("nineteen times in twenty")
	if severity := v.Page.All(`section.block table tbody th`); len(severity) < 5 || severity[0].Text() != "Juror 01" {
		t.Error("the harsh juror does not stand first")
	}
	v.get(v.Page.First(`.page-head .btn-main`).Attr("href"), 200).says("Talk about the films, not about the decimals").says("Thank you for the silence.")
	if strings.Contains(v.mainText(), "Juror 01") {
		t.Error("the discussion names jurors")
	}
	v.get(x.round+"/results?view=raw", 200).says("Spread")
	if v.Page.Has(`button[name=select]`) {
		t.Error("the list that does not count can be decided from")
	}
	v.get(x.round+"/results?view=correction", 200).says("By raw mean").says("Who moves, and why").says("harsher jurors")
	csv := x.as(x.Organizer).get(x.round+"/results.csv", 200)
	if n := strings.Count(csv.Body, "\n"); n != 13 || !strings.Contains(csv.Body, "rank from,rank to,probability,Direction") {
		t.Errorf("%d lines in the file: %.200s", n, csv.Body)
	}
}

// TestReopeningChangesNoNumber recuses a juror late: the numbers stay until
// somebody asks for others, and the old ones can still be read.
func TestReopeningChangesNoNumber(t *testing.T) {
	t.Parallel()
	x := judgedTrial(t)
	v := x.as(x.Organizer).get(x.round+"/results", 200)
	before := v.table()
	x.run(t, `insert into conflicts (account_id, entry_id, reason, actor_id) values ($1, $2, 'knows', $1)`, x.Jurors[3], x.Films[11])
	x.run(t, `update assignments set state = 'recused' where account_id = $1 and entry_id = $2`, x.Jurors[3], x.Films[11])
	v.get(x.round+"/results", 200).says("One score counts no more: its juror has been recused.")
	if v.table() != before {
		t.Error("the numbers changed by themselves")
	}
	all := v.Page.Form(`form.row.mb`)
	all.Values.Set("act", "first")
	again := v.form(x.round + "/results")
	v.send(all, 409).says("Compute them again, then decide on all at once.")
	v.send(again, 200).says("Computed again.").says("35 scores")
	if v.table() == before || x.results(t) != 2 {
		t.Errorf("%d results stored, or nothing changed", x.results(t))
	}
	first, err := pg.Value[string](t.Context(), x.DB, `select code from results order by id limit 1`, pg.Args{})
	if err != nil || !v.Page.Has(`a[href="`+x.round+`/results?computed=`+first+`"]`) {
		t.Fatalf("no way to the earlier result, %v", err)
	}
	v.get(x.round+"/results?computed="+first, 200).says("This is an earlier result.").says("36 scores")
	if v.Page.Has(`button[name=select]`) {
		t.Error("an earlier result can be decided from")
	}
	if n, err := pg.Value[int](t.Context(), x.DB, `select count(*)::int from events where verb = 'result.compute'`, pg.Args{}); err != nil || n != 2 {
		t.Errorf("%d acts on record, %v", n, err)
	}
}

func TestAnotherReadersResultIsMissing(t *testing.T) {
	t.Parallel()
	x := judgedTrial(t)
	x.as(x.Organizer).get(x.round+"/results", 200)
	code, err := pg.Value[string](t.Context(), x.DB, `select code from results`, pg.Args{})
	if err != nil {
		t.Fatal(err)
	}
	x.run(t, `insert into conflicts (account_id, entry_id, reason, actor_id) values ($1, $2, 'knows', $1)`, x.Organizer, x.Films[11])
	v := x.as(x.Organizer)
	v.get(x.round+"/results?computed="+code, 404)
	v.get(x.round+"/results.csv?computed="+code, 404)
	v.get(x.round+"/results", 200).says("everything here is computed without its scores").says("11 films")
	if x.results(t) != 2 {
		t.Error("a result without the film was not stored apart")
	}
}

// TestStoppingRuleBindsWhoeverAsks asks for viewings with a form from before the
// result that says that none is worth it.
func TestStoppingRuleBindsWhoeverAsks(t *testing.T) {
	t.Parallel()
	x := judgedTrial(t)
	v := x.as(x.Organizer).get(x.round+"/results?view=viewings&budget=2", 200)
	form := v.form(x.round+"/extension").Set("until", time.Now().AddDate(0, 0, 3).Format("2006-01-02T15:04"))
	x.run(t, `insert into results (code, round_id, apart, inputs_hash, seed, version, body, actor_id)
		select 'enough', round_id, apart, repeat('0', 64), seed, version, jsonb_set(body::jsonb, '{extra,stop}', '"errors"'), actor_id from results`)
	v.send(form, 409).says("Something changed since this list was made.").says("No viewing is worth it")
	if fresh := x.fresh(t); len(fresh) != 0 {
		t.Errorf("%d viewings were asked for", len(fresh))
	}
}

func TestOneMoreViewingWhereItHelps(t *testing.T) {
	t.Parallel()
	x := judgedTrial(t)
	v := x.as(x.Organizer).get(x.round+"/results?view=viewings&budget=2", 200)
	v.says("Jurors were told before they scored that a film can have up to 5 viewers").says("2 viewings, by")
	old := v.form(x.round + "/extension")
	v.send(v.form(x.round+"/extension").Set("until", "2020-01-01T10:00"), 422).says("This day has passed.")
	v.send(v.form(x.round+"/extension").Set("seen", "another plan"), 409).says("Something changed since this list was made.")
	v.send(old.Set("until", time.Now().AddDate(0, 0, 3).Format("2006-01-02T15:04")), 200).says("The round is open again for these viewings.")
	v.says("only those are scored")
	v.get(x.round+"/results", 200).says("More viewings are under way until").says("sealed")
	v.get(x.round+"/results.csv", 403)
	fresh := x.fresh(t)
	if len(fresh) != 2 {
		t.Fatalf("%d viewings were asked for, want 2", len(fresh))
	}
	for code, who := range fresh {
		juror := x.as(who)
		juror.get("/jury", 200).says("film to go")
		juror.get("/jury/"+code, 200)
		juror.send(juror.scored(x.Stage, code, "submit", 9, 9), 200)
	}
	before := fmt.Sprintf("a-%d-%d", x.Jurors[0], x.Films[0])
	x.as(x.Jurors[0]).get("/jury/"+before, 200).says("nothing can be changed now")
	v.get(x.round, 200)
	v.send(v.form(x.round+"/closing"), 200)
	v.get(x.round+"/results", 200).says("2 scores count that did not.")
	v.send(v.form(x.round+"/results"), 200).says("38 scores")
}

// fresh are the assignments of the extension, with their jurors.
func (x trial) fresh(t *testing.T) map[string]account.ID {
	t.Helper()
	type row struct {
		Code      string
		AccountID account.ID
	}
	rows, err := pg.Rows[row](t.Context(), x.DB, `
		select a.code, a.account_id
		from assignments a
		join rounds r on r.id = a.round_id
		where a.created_at >= r.extended_at`, pg.Args{})
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]account.ID{}
	for _, r := range rows {
		list[r.Code] = r.AccountID
	}
	return list
}

func TestViewingsStopInWords(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]string{
		"No extra viewings were announced for this round":   `update rounds set reviews_most = null`,
		"has as many viewers as was announced":              `update rounds set reviews_most = 3, reviews_per_entry = 2`,
		"There is no line":                                  `update categories set places = 40`,
		"Filmmakers have been told a decision":              `insert into decisions (entry_id, outcome, actor_id, released_at) select entry_id, 'selected', account_id, now() from assignments limit 1`,
		"no fixed number of places, so there is no line":    `update categories set places = null`,
		"One juror gave all scores":                         `delete from marks where score_id in (select s.id from scores s join assignments a on a.id = s.assignment_id where a.account_id <> (select min(account_id) from assignments))`,
		"The films fall into 2 groups that no juror links.": `delete from marks where score_id in (select s.id from scores s join assignments a on a.id = s.assignment_id join (select id, row_number() over (order by id) as n from entries) e on e.id = a.entry_id join (select account_id, row_number() over (order by account_id) as n from seats) j on j.account_id = a.account_id where (e.n <= 6) <> (j.n <= 2))`,
	} {
		x := judgedTrial(t)
		x.run(t, change)
		v := x.as(x.Organizer).get(x.round+"/results?view=viewings", 200).says(want)
		if v.Page.Has(`form[action="` + x.round + `/extension"]`) {
			t.Errorf("%s, and a viewing can be asked for", want)
		}
	}
}

func TestJurorsKnowHowTheirRoundIsDecided(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 1, 1)
	code := x.Give(x.Jurors[0], x.Films[0])[0]
	v := x.as(x.Jurors[0])
	v.get("/jury", 200).says("The list that counts is the plain mean of the scores")
	x.run(t, `update rounds set binding = 'calibrated', reviews_most = 4`)
	for _, path := range []string{"/jury", "/jury/" + code} {
		v.get(path, 200).says("corrected for how strict or kind each juror is").says("may get more viewers, up to 4")
	}
}

func TestJurorsSeeTheirOwnRecordOnly(t *testing.T) {
	t.Parallel()
	x := judgedTrial(t)
	path := "/jury/rounds/" + x.RoundCode
	x.run(t, `update rounds set closed_at = null`)
	v := x.as(x.Jurors[0]).get(path, 200).says("Scores stay sealed until the round is closed.")
	x.Close()
	v.get("/jury?show=closed", 200)
	v.get(v.Page.First(`a[href="`+path+`"]`).Attr("href"), 200).says("How harsh or kind you are").says("You")
	for _, other := range []string{"Juror 02", "Film 001"} {
		if strings.Contains(v.mainText(), other) {
			t.Errorf("the page tells of %s", other)
		}
	}
	v.get(path+"/relations", 404)
	x.as(x.Organizer).get(path, 404)
	x.run(t, `update seats set president = true where account_id = $1`, x.Jurors[0])
	v.get(path, 200)
	v.get(v.Page.First(`a[href="`+path+`/relations"]`).Attr("href"), 200).says("that you opened it is on record")
	x.as(x.Jurors[1]).get(path+"/relations", 404)
	x.as(x.Organizer).get(path+"/relations", 404)
	n, err := pg.Value[int](t.Context(), x.DB, `select count(*)::int from events where verb = 'result.relations-read' and actor_id = @who`, pg.Args{"who": x.Jurors[0]})
	if err != nil || n != 1 {
		t.Errorf("%d readings on record, %v", n, err)
	}
}

func TestRoundIsPlanned(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 7, 20)
	v := x.as(x.Organizer).get(x.desk+"/rounds/new", 200)
	v.says("How many jurors for each film?").says("rests on what is usual").says("each film needs")
	if n := len(v.Page.All(`#plan tbody tr`)); n != 5 {
		t.Errorf("%d rows, want one for each of 2 to 6 viewers", n)
	}
	f := v.form(x.desk+"/rounds/new").Set("panel", x.PanelCode).Set("plan_entries", "70").Set("plan_minutes", "30").Set("name", "Kept name")
	f.Values.Set("plan", "1")
	v.send(f, 200)
	if row := v.Page.All(`#plan tbody tr`)[0].Text(); !strings.Contains(row, "20") || !strings.Contains(row, "10 h") {
		t.Errorf("70 films of 30 minutes, two viewers, seven jurors: %s", row)
	}
	if got := v.form(x.desk + "/rounds/new").Values.Get("name"); got != "Kept name" {
		t.Errorf("what was typed became %q", got)
	}
	f = v.form(x.desk+"/rounds/new").Set("plan_jurors", "none")
	f.Values.Set("plan", "1")
	v.send(f, 200).says("Write how many films, jurors and minutes")
}

func TestHowARoundIsDecidedIsFixedOnceOpen(t *testing.T) {
	t.Parallel()
	x := openTrial(t, 2, 2)
	v := x.as(x.Organizer).get(x.desk+"/rounds/new", 200)
	f := v.form(x.desk+"/rounds/new").Set("panel", x.PanelCode).Set("name", "Final").Set("reviews_per_entry", "2").Set("reviews_most", "2")
	if f.Values.Get("binding") != "calibrated" {
		t.Errorf("a new round begins with %q", f.Values.Get("binding"))
	}
	v.send(f, 422).says("Write a number above the jurors for each film")
	v.send(v.form(x.desk+"/rounds/new").Set("reviews_most", "4"), 200).says("Adjusted for juror severity, up to 4 viewers")
	x.run(t, `update rounds set opened_at = now() where name = 'Final'`)
	v.get(v.Path+"/settings", 200).says("The jurors have been told, so this stays as it is.")
	v.send(v.form(v.Path).Set("binding", "raw").Set("reviews_most", ""), 200).says("Adjusted for juror severity, up to 4 viewers")
}

func TestResultViewsAskEquallyOften(t *testing.T) {
	t.Parallel()
	count := func(n int) map[string]int64 {
		pool, counter := pgtest.Counted(t)
		s := jurytest.New(t, pool, 3, n)
		for _, who := range s.Jurors {
			for i, code := range s.Give(who, s.Films...) {
				s.Score(code, 3+i, 3+i)
			}
		}
		s.Close()
		v := openOn(t, pool).visitor()
		v.signInAs(s.Organizer)
		asked := map[string]int64{}
		for _, view := range []string{"calibrated", "raw", "criteria", "scores", "discussion", "correction"} {
			path := "/organize/" + s.Slug + "/9/rounds/" + s.RoundCode + "/results?view=" + view
			v.get(path, 200)
			counter.Take()
			v.get(path, 200)
			asked[view] = counter.Take()
		}
		return asked
	}
	two, five := count(2), count(5)
	for view, n := range two {
		if five[view] != n {
			t.Errorf("%s asks %d times for two films, %d for five", view, n, five[view])
		}
	}
}

// BenchmarkResults opens the results of a round with a stored result.
func BenchmarkResults(b *testing.B) {
	x := openTrial(b, 40, 500)
	for f, film := range x.Films {
		for k := range 3 {
			x.Score(x.give(x.Jurors[(f+k*7)%40], film, f+1), 1+(f+k)%10, 1+(f*k)%10)
		}
	}
	x.run(b, `update rounds set binding = 'calibrated'`)
	x.run(b, `update categories set places = 50`)
	x.Close()
	v := x.as(x.Organizer).get(x.round+"/results", 200)
	for b.Loop() {
		v.get(x.round+"/results", 200)
	}
}
