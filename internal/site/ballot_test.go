package site_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/deliberation"
	"laurel/internal/htmltest"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/tally/ballot"
)

// hiddenFields are what differs between two readings of one page.
var hiddenFields = regexp.MustCompile(`(name="_(?:token|key)" value="[^"]*")|(_(?:token|key)=[^"&]*)|(signed in until \d\d:\d\d)`)

// A vote is a jury that was called to a final ballot.
type vote struct {
	trial
	code string
	one  string // the ballot's address for organizers
	mine string // and for jurors
}

// openVote sets up a ballot on all films and calls the jurors.
func openVote(t testing.TB, jurors, films int, change func(*deliberation.Plan)) vote {
	t.Helper()
	x := vote{trial: openTrial(t, jurors, films)}
	x.call(change)
	return x
}

func (x *vote) call(change func(*deliberation.Plan)) {
	x.house.t.Helper()
	x.do(func(ctx context.Context, tx pgx.Tx) error {
		codes, err := pg.Values[string](ctx, tx, `select code from entries order by id`, pg.Args{})
		if err != nil {
			return err
		}
		now := time.Now()
		p := deliberation.Plan{
			Name: "Golden Farsang", Panel: x.Panel, Films: codes, Method: ballot.MethodSchulze, Strength: ballot.WinningVotes,
			Quorum: 50, Unit: deliberation.Percent, Again: true, TieRule: deliberation.President, OpensAt: now.Add(-time.Hour), ClosesAt: now.Add(time.Hour),
		}
		if change != nil {
			change(&p)
		}
		if x.code, err = deliberation.Create(ctx, tx, x.Organizer, x.Edition, p); err != nil {
			return err
		}
		d, err := deliberation.At(ctx, tx, x.Organizer, x.Edition, x.code)
		if err != nil {
			return err
		}
		return deliberation.Call(ctx, tx, x.Organizer, d.ID)
	})
	x.one, x.mine = x.desk+"/ballots/"+x.code, "/jury/ballots/"+x.code
}

// pressed is the open ballot's form with a button pressed on the film of a title.
func (v *visitor) pressed(x vote, name, title string) *htmltest.Form {
	v.t.Helper()
	f := v.form(x.mine)
	for _, b := range v.Page.First("main").All(`button[name=` + name + `]`) {
		if strings.Contains(b.Text(), title) {
			f.Values.Set(name, b.Attr("value"))
			return f
		}
	}
	v.t.Fatalf("no button %s for %s:\n%s", name, title, v.mainText())
	return nil
}

// setup is the form that sets a ballot up; the other one at its address only asks.
func (v *visitor) setup(x vote) *htmltest.Form {
	v.t.Helper()
	return v.Page.First("main").Form(`form[method="post"][action="` + x.desk + `/ballots/new"]`)
}

// casts ranks films by their titles and casts the ballot.
func (v *visitor) casts(x vote, titles ...string) *visitor {
	v.t.Helper()
	v.get(x.mine, 200)
	for _, title := range titles {
		v.send(v.pressed(x, "in", title), 200)
	}
	f := v.form(x.mine)
	f.Values.Set("cast", "order")
	return v.send(f, 200)
}

// order is what the juror reads of their order, also who hears it: "1 Film 001".
func (v *visitor) order() []string {
	var list []string
	for _, li := range v.Page.All(`ol.ballot li`) {
		place, ok := strings.CutPrefix(li.First(".pos").Text(), "Place ")
		if !ok || li.First(".pos").HasAttr("aria-hidden") {
			v.t.Errorf("the place is said as %q", place)
		}
		list = append(list, place+" "+li.First(".title").Text())
	}
	return list
}

func TestJurorRanksByButtons(t *testing.T) {
	t.Parallel()
	x := openVote(t, 3, 4, nil)
	v := x.as(x.Jurors[0]).get("/jury", 200)
	if got := v.Page.First(`nav a[href="/jury/ballots"]`).Text(); got != "Final ballot" {
		t.Errorf("the way to the ballot is called %q", got)
	}
	v.get("/jury/ballots", 200).says("Final ballot: Golden Farsang").says("No film is ranked.").says("0 of 3 have cast.")
	for _, title := range []string{"Film 002", "Film 001", "Film 003"} {
		v.send(v.pressed(x, "in", title), 200)
	}
	v.send(v.pressed(x, "up", "Film 001"), 200)
	v.send(v.pressed(x, "join", "Film 003"), 200)
	if got, want := v.order(), []string{"1 Film 001", "2 Film 002", "2 Film 003"}; !slices.Equal(got, want) {
		t.Errorf("order %q, want %q", got, want)
	}
	v.send(v.pressed(x, "out", "Film 002"), 200)
	v.send(v.pressed(x, "down", "Film 001"), 200)
	if got, want := v.order(), []string{"1 Film 003", "2 Film 001"}; !slices.Equal(got, want) {
		t.Errorf("order %q, want %q", got, want)
	}
	v.says("Order saved at")
	f := v.form(x.mine)
	f.Values.Set("cast", "order")
	v.send(f, 200).says("Your ballot is cast, as it stands above").says("1 of 3 have cast.")
	v.send(v.pressed(x, "up", "Film 001"), 200).says("You changed the order after you cast.")
}

func TestEmptyBallotIsCastOnPurposeOnly(t *testing.T) {
	t.Parallel()
	x := openVote(t, 3, 2, nil)
	v := x.as(x.Jurors[0]).get(x.mine, 200)
	f := v.form(x.mine)
	f.Values.Set("cast", "order")
	v.send(f, 422).says("Rank at least one film before you cast your ballot.")
	f = v.form(x.mine)
	f.Values.Set("cast", "blank")
	v.send(f, 200).says("1 of 3 have cast.")
}

func TestSecondWindowOfABallotChangesNothing(t *testing.T) {
	t.Parallel()
	x := openVote(t, 3, 3, nil)
	one, two := x.as(x.Jurors[0]).get(x.mine, 200), x.as(x.Jurors[0]).get(x.mine, 200)
	one.send(one.pressed(x, "in", "Film 003"), 200)
	two.send(two.pressed(x, "in", "Film 001"), 409).says("You changed this ballot in another window meanwhile.")
	if got, want := two.order(), []string{"1 Film 003"}; !slices.Equal(got, want) {
		t.Errorf("the second window shows %q, want %q", got, want)
	}
	two.send(two.pressed(x, "in", "Film 001"), 200)
	if got, want := two.order(), []string{"1 Film 003", "2 Film 001"}; !slices.Equal(got, want) {
		t.Errorf("order %q, want %q", got, want)
	}
}

func TestBallotFromSetupToPublicCount(t *testing.T) {
	t.Parallel()
	x := vote{trial: openTrial(t, 3, 3)}
	x.selectAll()
	v := x.as(x.Organizer).get(x.desk+"/ballots", 200).says("No final ballot yet")
	v.get(x.desk+"/ballots/new", 200).says("Elimination rounds are not offered")
	f := v.setup(x)
	f.Values.Set("quorum", "many")
	v.send(f, 422).says("Write a whole number in figures.")
	f = v.setup(x)
	if n := len(f.Values["film"]); n != 3 {
		t.Fatalf("%d films are ticked, want the three that were selected", n)
	}
	award := v.Page.All(`select[name=award] option`)[1].Attr("value")
	f.Set("award", award).Set("quorum", "۶۰").Set("opens_at", time.Now().UTC().Add(-48*time.Hour).Format("2006-01-02T15:04"))
	v.send(f, 200).says("The ballot is saved.").says("The jury knows nothing of it yet.")
	x.one = v.Path
	x.code = x.one[strings.LastIndex(x.one, "/")+1:]
	x.mine = "/jury/ballots/" + x.code
	x.as(x.Jurors[0]).get(x.mine, 404)
	v.send(v.form(x.one+"/call"), 200).says("The jury is called.").says("0 of 3 have cast.")
	v.get(x.one+"/settings", 200)
	if v.Path != x.one {
		t.Errorf("the settings of a called ballot lead to %s", v.Path)
	}
	x.as(x.Jurors[0]).casts(x, "Film 001", "Film 002")
	x.as(x.Jurors[1]).casts(x, "Film 002", "Film 001", "Film 003")
	v.get(x.one+"/"+"ballots.json", 404)
	last := x.as(x.Jurors[2]).casts(x, "Film 001", "Film 003").says("It was the last one: the ballots are opened.")
	last.says("Winner, no tie").says("by a majority of the jury. Its closest contest: 2 to 1 against Film 002.").says("Ballot C").says("The quorum of 2 was met.")
	v.get(x.one, 200).says("Winner, no tie").says("laurel count ballots.json --method schulze --strength winning")
	x.files(v, x.one)
	x.files(last, x.mine+"/result")
	v.get(x.one, 200)
	g := v.form(x.one + "/award")
	g.Values.Set("winner", v.Page.First(`button[name=winner]`).Attr("value"))
	v.send(g, 200).says("“Grand prize” is given to Film 001.")
	public := x.visitor()
	path := "/" + x.Slug + "/9/awards/" + x.code
	public.get(path, 404)
	x.publish("Film 001", "Film 002")
	public.get("/"+x.Slug+"/9/awards", 200)
	public.get(public.Page.First(`main a[href="`+path+`"]`).Attr("href"), 200).says("Film 001").says("Film 3, not public")
	if strings.Contains(public.Body, "Film 003") {
		t.Error("the public page names a film that is not public")
	}
	for _, file := range []string{"ballots.json", "ballots.csv", "record.json"} {
		if public.get(path+"/"+file, 200); strings.Contains(public.Body, "Film 003") {
			t.Errorf("%s names a film that is not public", file)
		}
	}
}

// selectAll decides for all films and makes a prize.
func (x *vote) selectAll() {
	x.house.t.Helper()
	x.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			with d as (insert into decisions (entry_id, outcome, actor_id, released_at) select id, 'selected', $1, now() from entries)
			insert into awards (code, edition_id, position, name) values ('grand', $2, 1, 'Grand prize')`, x.Organizer, x.Edition)
		return err
	})
}

// publish puts the line-up and the awards out; only films of these titles have
// their makers' consent.
func (x *vote) publish(titles ...string) {
	x.house.t.Helper()
	x.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			with c as (insert into consent_acts (entry_id, edition_id, item, decision) select id, edition_id, 'film', 'yes' from entries where title = any($1))
			update editions set lineup_at = now(), awards_at = now() where id = $2`, titles, x.Edition)
		return err
	})
}

// files reads what can be taken away, as `laurel count` does.
func (x vote) files(v *visitor, url string) {
	v.t.Helper()
	v.get(url+"/ballots.json", 200)
	var doc struct {
		Titles     map[string]string
		Candidates []string
		Ballots    []struct {
			Weight  int
			Ranking [][]string
			Recused []string
		}
	}
	if err := json.Unmarshal([]byte(v.Body), &doc); err != nil {
		v.t.Fatal(err)
	}
	if len(doc.Candidates) != 3 || len(doc.Ballots) != 3 || doc.Ballots[0].Weight != 1 || doc.Ballots[0].Recused == nil || doc.Titles["film-2"] != "Film 002" {
		v.t.Errorf("ballots %+v", doc)
	}
	v.get(url+"/ballots.csv", 200)
	rows, err := csv.NewReader(strings.NewReader(v.Body)).ReadAll()
	if err != nil || len(rows) != 4 || !slices.Equal(rows[0], []string{"weight", "film-1", "film-2", "film-3"}) {
		v.t.Fatalf("table %v, %v", rows, err)
	}
	slices.SortFunc(rows[1:], func(a, b []string) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	if got, want := fmt.Sprint(rows[1:]), "[[1 1  2] [1 1 2 ] [1 2 1 3]]"; got != want {
		v.t.Errorf("places %s, want %s", got, want)
	}
	v.get(url+"/record.json", 200)
	var record struct{ Record deliberation.Record }
	if err := json.Unmarshal([]byte(v.Body), &record); err != nil || !slices.Equal(record.Record.Winners, []string{"film-1"}) {
		v.t.Errorf("record %+v, %v", record, err)
	}
}

// TestNobodySeesASealedBallot turns what one juror has cast round, and compares
// every page and file of everybody else.
func TestNobodySeesASealedBallot(t *testing.T) {
	t.Parallel()
	x := openVote(t, 4, 3, func(p *deliberation.Plan) { p.Publish = true })
	x.as(x.Jurors[0]).casts(x, "Film 001", "Film 002", "Film 003")
	x.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update seats set president = account_id = $1`, x.Jurors[1])
		return err
	})
	people := []*visitor{x.as(x.Organizer), x.as(x.Jurors[1]), x.as(x.Jurors[2]), x.visitor()}
	paths := []string{
		x.desk, x.desk + "/ballots", x.one, x.one + "/settings", x.one + "/ballots.json", x.one + "/ballots.csv", x.one + "/record.json",
		x.desk + "/awards", x.desk + "/juries/" + x.PanelCode, x.desk + "/letters", x.desk + "/results", x.desk + "/entries.csv",
		"/jury", "/jury/ballots", x.mine, x.mine + "/result", x.mine + "/result/ballots.json", x.mine + "/result/record.json",
		"/" + x.Slug + "/9/awards/" + x.code,
	}
	read := func() []string {
		var all []string
		for i, v := range people {
			for _, path := range paths {
				res, err := v.client.Get(x.URL + path)
				if err != nil {
					t.Fatal(err)
				}
				v.read(res, res.StatusCode)
				all = append(all, fmt.Sprintf("%d %s %d %s", i, path, v.Status, hiddenFields.ReplaceAllString(v.Body, "")))
			}
		}
		return all
	}
	before := read()
	x.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into ballots (code, deliberation_id, account_id, version, cast_at, films, places)
			select 'turned', deliberation_id, account_id, version + 1, clock_timestamp(),
			       array(select f from unnest(films) with ordinality as u (f, n) order by n desc), places
			from ballots where cast_at is not null`)
		return err
	})
	after := read()
	for i := range before {
		if before[i] != after[i] {
			t.Errorf("a sealed ballot changes what is read at %.80s", before[i])
		}
	}
	if !strings.Contains(before[2], "1 of 4 have cast.") {
		t.Error("the pages that were compared do not show the ballot at all")
	}
}

func TestJurorWithAConflictSeesNothingOfTheFilm(t *testing.T) {
	t.Parallel()
	x := vote{trial: openTrial(t, 4, 0)}
	for _, title := range []string{"Alpha", "Canary", "Gamma", "Delta"} {
		x.Film(title, 0)
	}
	x.do(func(ctx context.Context, tx pgx.Tx) error {
		return jury.Declare(ctx, tx, x.Organizer, x.Edition, x.Jurors[0], x.Films[1], jury.Knows, "")
	})
	x.call(nil)
	v := x.as(x.Jurors[0])
	silent := func(path string) {
		t.Helper()
		if v.get(path, 200); strings.Contains(v.Body, "Canary\"") || strings.Contains(v.mainText(), "Canary") && !strings.Contains(v.mainText(), "Ada Canary") || strings.Contains(v.Body, "film-2") {
			t.Errorf("%s tells of the film:\n%s", path, v.mainText())
		}
	}
	silent(x.mine)
	v.casts(x, "Gamma", "Alpha")
	silent(x.mine)
	for _, who := range x.Jurors[1:] {
		x.as(who).casts(x, "Canary", "Alpha", "Gamma", "Delta")
	}
	silent(x.mine)
	v.says("You learn the result when the awards are announced.")
	for _, path := range []string{"/result", "/result/ballots.json", "/result/ballots.csv", "/result/record.json"} {
		v.get(x.mine+path, 404)
	}
	o := x.as(x.Organizer).get(x.one, 200).says("The single ballots are not shown, because one of them could be told apart")
	if o.Page.Has(`a[href="`+x.one+`/ballots.json"]`) || strings.Contains(o.mainText(), "Ballot A") {
		t.Error("single ballots are shown though one can be told apart")
	}
	o.get(x.one+"/ballots.json", 404)
	if o.get(x.one+"/record.json", 200); strings.Contains(o.Body, `"recused"`) {
		t.Error("the record tells of a recusal")
	}
}

func TestRecusalOnTheBallot(t *testing.T) {
	t.Parallel()
	x := openVote(t, 3, 3, nil)
	v := x.as(x.Jurors[0]).get(x.mine, 200)
	v.send(v.pressed(x, "in", "Film 001"), 200)
	f := v.form(x.mine + "/recusal")
	f.Values.Set("film", v.Page.All(`select[name=film] option`)[0].Attr("value"))
	v.send(f.Set("note", "We share a flat"), 200).says("You are recused from that film.").says("No film is ranked.")
	if strings.Contains(v.mainText(), "Film 001") {
		t.Error("the film is still on the ballot")
	}
}

func TestOrganizerWithAConflictFindsNoBallot(t *testing.T) {
	t.Parallel()
	x := openVote(t, 3, 3, nil)
	x.do(func(ctx context.Context, tx pgx.Tx) error {
		return jury.Declare(ctx, tx, x.Organizer, x.Edition, x.Organizer, x.Films[0], jury.Worked, "")
	})
	v := x.as(x.Organizer).get(x.desk+"/ballots", 200).says("No final ballot yet")
	for _, path := range []string{"", "/settings", "/ballots.json", "/ballots.csv", "/record.json"} {
		v.get(x.one+path, 404)
	}
	if v.get(x.desk+"/letters", 200); strings.Contains(v.Body, "vote") {
		t.Error("the outbox tells of a ballot")
	}
	v.get(x.desk+"/ballots/new", 200)
	if strings.Contains(v.mainText(), "Film 001") {
		t.Error("the film can be chosen")
	}
	f := v.setup(x)
	for _, act := range []string{"/call", "/opening", "/next", "/award", "/removal", "/settings"} {
		v.post(x.one+act, url.Values{"_token": f.Values["_token"], "_key": {account.Code()}}, 404)
	}
}

func TestTieLeadsToASecondBallot(t *testing.T) {
	t.Parallel()
	x := openVote(t, 4, 3, nil)
	for i, who := range x.Jurors {
		x.as(who).casts(x, fmt.Sprintf("Film 00%d", 1+i%2), fmt.Sprintf("Film 00%d", 2-i%2))
	}
	v := x.as(x.Organizer).get(x.one, 200).says("Tied: a second ballot decides").says("Points over all ballots (Borda)").says("Film 001: 6").says("Film 002: 6")
	v.send(v.form(x.one+"/next"), 200).says("The next ballot is set up.").says("They were fixed before the first ballot")
	next := x
	next.one = strings.TrimSuffix(v.Path, "/settings")
	next.code = next.one[strings.LastIndex(next.one, "/")+1:]
	next.mine = "/jury/ballots/" + next.code
	v.send(v.Page.First("main").Form(`form[method="post"][action="`+next.one+`/settings"]`).Set("opens_at", time.Now().UTC().Add(-48*time.Hour).Format("2006-01-02T15:04")), 200)
	v.send(v.form(next.one+"/call"), 200)
	x.as(x.Jurors[0]).get(x.mine+"/result", 200)
	for i, who := range x.Jurors {
		x.as(who).casts(next, fmt.Sprintf("Film 00%d", min(2, 1+i)), fmt.Sprintf("Film 00%d", max(1, 2-i)))
	}
	v.get(next.one, 200).says("Winner, after a tie").says("The second ballot").says("Film 001 1, Film 002 3").says("In front: Film 002")
	v.get(x.one, 200).says("The next ballot")
}

func TestPresidentOpensAfterTheClose(t *testing.T) {
	t.Parallel()
	x := openVote(t, 3, 2, func(p *deliberation.Plan) { p.Quorum, p.Unit = 3, deliberation.Ballots })
	x.as(x.Jurors[0]).casts(x, "Film 001")
	x.do(func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update deliberations set opens_at = now() - interval '2 hours', closes_at = now()`)
		if err == nil {
			_, err = tx.Exec(ctx, `update seats set president = account_id = $1`, x.Jurors[1])
		}
		return err
	})
	v := x.as(x.Jurors[0]).get(x.mine, 200).says("The vote is closed.")
	if v.Page.Has(`button[name=up]`) || v.Page.Has(`form[action="`+x.mine+`/opening"]`) {
		t.Error("a juror can act on a closed vote")
	}
	f := v.form(x.mine)
	f.Values.Set("cast", "order")
	v.send(f, 403).says("Your ballot stands as you last cast it; nothing can be changed now.")
	p := x.as(x.Jurors[1]).get(x.mine, 200)
	p.send(p.form(x.mine+"/opening"), 200).says("The quorum of 3 was not met.").says("what was cast stays sealed")
	x.as(x.Organizer).get(x.one, 200).says("Hold it again")
}

func TestBallotPagesAskEquallyOften(t *testing.T) {
	t.Parallel()
	count := func(n int) map[string]int64 {
		pool, counter := pgtest.Counted(t)
		s := jurytest.New(t, pool, 3, n+1)
		x := vote{trial: trial{house: openOn(t, pool), Stage: s, desk: "/organize/" + s.Slug + "/9"}}
		asked := map[string]int64{}
		visit := func(v *visitor, path, name string) {
			v.get(path, 200)
			counter.Take()
			v.get(path, 200)
			asked[name] = counter.Take()
		}
		for range n {
			x.call(func(p *deliberation.Plan) { p.Publish = true })
		}
		organizer, juror := x.as(s.Organizer), x.as(s.Jurors[0])
		visit(organizer, x.desk+"/ballots", "list")
		visit(organizer, x.desk+"/ballots/new", "form")
		visit(organizer, x.one, "sealed")
		visit(juror, x.mine, "ballot")
		for _, who := range s.Jurors {
			x.as(who).casts(x, "Film 001", "Film 002")
		}
		visit(organizer, x.one, "opened")
		visit(juror, x.mine+"/result", "result")
		x.publish("Film 001", "Film 002")
		visit(x.visitor(), "/"+s.Slug+"/9/awards/"+x.code, "public")
		return asked
	}
	one, three := count(1), count(3)
	for name, n := range one {
		if three[name] != n {
			t.Errorf("%s asks %d times for one, %d for three", name, n, three[name])
		}
	}
}

// A finalist is watched on a page of the ballot's own, with pieces and
// subtitles, also one that its makers let nobody take along and whose round is
// over. When the vote ends, page and pieces say so with the next request.
func TestFinalistIsWatchedOnTheBallot(t *testing.T) {
	t.Parallel()
	c := newCinema(t, 3, 10_000)
	c.st.Film("Another", 0)
	c.st.Film("A third", 0)
	x := vote{trial: trial{house: c.house, Stage: c.st, desk: "/organize/" + c.st.Slug + "/9"}}
	x.call(nil)
	run := func(sql string) {
		t.Helper()
		if _, err := c.DB.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	run(`update rounds set closes_at = clock_timestamp() - interval '1 minute'`)
	run(`update works set screener_limits = '{stream}'`)
	v, base := c.enter(c.st.Jurors[0]), "/files/"+c.file+"/"
	v.get(x.mine, 200)
	watch := ""
	for _, a := range v.Page.First("main").All("a") {
		if strings.Contains(a.Text(), "Watch") && strings.Contains(a.Text(), "Ours") {
			watch = a.Attr("href")
		}
	}
	if !strings.HasPrefix(watch, x.mine+"/films/") {
		t.Fatalf("the film is watched at %q", watch)
	}
	v.get(watch, 200)
	if !v.Page.Has(`source[src="`+base+`master.m3u8"]`) || !v.Page.Has(`track[src="`+base+`subtitles/1.vtt"]`) || !strings.Contains(v.Body, "data-speed") || v.Page.Has(`source[type="video/mp4"]`) {
		t.Error("the page has no pieces or subtitles, no speed, or gives the film in one piece")
	}
	if !strings.Contains(v.Header.Get("Content-Security-Policy"), "media-src 'self' blob:") {
		t.Error("the player may not play")
	}
	if got := v.piece(base+"hls-360", "0-99").status; got != 206 {
		t.Errorf("a piece is answered %d", got)
	}
	if got := v.piece(base+"video", "0-99").status; got != 404 {
		t.Errorf("the film in one piece is answered %d", got)
	}
	run(`update works set screener_limits = '{}'`)
	if v.get(watch, 200); !v.Page.Has(`source[src="`+base+`video"][type="video/mp4"]`) || v.piece(base+"video", "0-99").status != 206 {
		t.Error("without script there is nothing to play")
	}
	run(`update works set screener_limits = '{room}'`)
	if v.get(watch, 200).says("only shown in a room"); v.Page.Has("video") {
		t.Error("it is played at home")
	}
	run(`update works set screener_limits = '{}'`)
	apart := c.enter(c.st.Jurors[1])
	apart.get(watch, 200)
	run(fmt.Sprintf(`insert into conflicts (account_id, entry_id, reason, actor_id) values (%d, %d, 'knows', %[1]d)`, c.st.Jurors[1], c.film))
	apart.get(watch, 404)
	c.enter(c.maker).get(watch, 404)
	c.enter(c.st.Organizer).get(watch, 404)
	run(`update deliberations set closes_at = clock_timestamp()`)
	if got := v.piece(base+"hls-360", "0-99").status; got != 404 {
		t.Errorf("after the vote a piece is answered %d", got)
	}
	if v.get(watch, 200).says("The vote is over."); v.Page.Has("video") {
		t.Error("after the vote it is played")
	}
	if v.get(x.mine, 200); strings.Contains(v.Body, "/films/") {
		t.Error("after the vote a link leads to a film that is not played")
	}
}
