package deliberation_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/deliberation"
	"laurel/internal/jury"
	"laurel/internal/jurytest"
	"laurel/internal/pg"
	"laurel/internal/pgtest"
	"laurel/internal/problem"
	"laurel/internal/tally/ballot"
)

const software = "laurel test"

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil {
		t.Fatalf("accepted, want %s", want)
	}
	if got := problem.Of(err).Say.Key; got != want {
		t.Errorf("refused with %s (%v), want %s", got, err, want)
	}
}

// A table is a jury before its final ballot.
type table struct {
	t testing.TB
	*jurytest.Stage
	db   db
	code string
}

// db is a pool or a transaction.
type db interface {
	pg.DB
	Begin(ctx context.Context) (pgx.Tx, error)
}

// do acts in a transaction, which is a savepoint inside of another.
func (x table) do(act func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(x.t.Context(), x.db, act)
}

func films(t testing.TB, db pg.DB) []string {
	t.Helper()
	codes, err := pg.Values[string](t.Context(), db, `select code from entries order by id`, pg.Args{})
	must(t, err)
	return codes
}

func plan(s *jurytest.Stage, films []string) deliberation.Plan {
	now := time.Now()
	return deliberation.Plan{
		Name: "Golden Farsang", Panel: s.Panel, Films: films, Method: ballot.MethodSchulze, Strength: ballot.WinningVotes,
		Quorum: 50, Unit: deliberation.Percent, Again: true, TieRule: deliberation.President,
		OpensAt: now.Add(-time.Hour), ClosesAt: now.Add(time.Hour),
	}
}

// seated sets up a final ballot of so many films and calls so many jurors to it.
func seated(t testing.TB, on db, jurors, count int, change func(*deliberation.Plan)) table {
	t.Helper()
	x := table{t: t, Stage: jurytest.New(t, on, jurors, count), db: on}
	p := plan(x.Stage, films(t, on))
	if change != nil {
		change(&p)
	}
	must(t, x.do(func(tx pgx.Tx) (err error) {
		if x.code, err = deliberation.Create(t.Context(), tx, x.Organizer, x.Edition, p); err != nil {
			return err
		}
		return deliberation.Call(t.Context(), tx, x.Organizer, x.at(tx).ID)
	}))
	return x
}

// at is the ballot as its organizer sees it.
func (x table) at(db pg.DB) deliberation.Deliberation {
	x.t.Helper()
	d, err := deliberation.At(x.t.Context(), db, x.Organizer, x.Edition, x.code)
	must(x.t, err)
	return d
}

func (x table) paper(who account.ID) deliberation.Paper {
	x.t.Helper()
	p, err := deliberation.PaperOf(x.t.Context(), x.db, who, x.code)
	must(x.t, err)
	return p
}

// rank puts films, by their number from 1, into a juror's order, one after the
// other.
func (x table) rank(who account.ID, order ...int) {
	x.t.Helper()
	for _, n := range order {
		p := x.paper(who)
		i := slices.IndexFunc(p.Finalists, func(f deliberation.Finalist) bool { return f.Position == n })
		must(x.t, x.do(func(tx pgx.Tx) error {
			return deliberation.Press(x.t.Context(), tx, who, x.code, p.Ballot.Version, deliberation.In, p.Finalists[i].Code)
		}))
	}
}

func (x table) cast(who account.ID, order ...int) (opened bool) {
	x.t.Helper()
	x.rank(who, order...)
	must(x.t, x.do(func(tx pgx.Tx) (err error) {
		opened, err = deliberation.Cast(x.t.Context(), tx, who, x.code, x.paper(who).Ballot.Version, len(order) == 0, software)
		return err
	}))
	return opened
}

func (x table) open() error {
	return x.do(func(tx pgx.Tx) error { return deliberation.Open(x.t.Context(), tx, x.Organizer, x.at(tx).ID, software) })
}

func (x table) result() deliberation.Record {
	x.t.Helper()
	r, err := deliberation.ResultOf(x.t.Context(), x.db, x.at(x.db).ID)
	must(x.t, err)
	return r
}

// close lets the vote's end pass.
func (x table) close() {
	x.t.Helper()
	_, err := x.db.Exec(x.t.Context(), `update deliberations set opens_at = clock_timestamp() - interval '2 hours', closes_at = clock_timestamp() where code = $1`, x.code)
	must(x.t, err)
}

func TestOrderMoves(t *testing.T) {
	t.Parallel()
	start := deliberation.Order{{"a"}, {"b", "c"}, {"d"}}
	for _, c := range []struct {
		move deliberation.Move
		film string
		want deliberation.Order
	}{
		{deliberation.Up, "a", deliberation.Order{{"a"}, {"b", "c"}, {"d"}}},
		{deliberation.Up, "d", deliberation.Order{{"a"}, {"d"}, {"b", "c"}}},
		{deliberation.Up, "c", deliberation.Order{{"a"}, {"c"}, {"b"}, {"d"}}},
		{deliberation.Down, "a", deliberation.Order{{"b", "c"}, {"a"}, {"d"}}},
		{deliberation.Down, "b", deliberation.Order{{"a"}, {"c"}, {"b"}, {"d"}}},
		{deliberation.Down, "d", deliberation.Order{{"a"}, {"b", "c"}, {"d"}}},
		{deliberation.Join, "d", deliberation.Order{{"a"}, {"b", "c", "d"}}},
		{deliberation.Join, "a", deliberation.Order{{"a"}, {"b", "c"}, {"d"}}},
		{deliberation.Out, "b", deliberation.Order{{"a"}, {"c"}, {"d"}}},
		{deliberation.Out, "a", deliberation.Order{{"b", "c"}, {"d"}}},
		{deliberation.In, "e", deliberation.Order{{"a"}, {"b", "c"}, {"d"}, {"e"}}},
		{deliberation.In, "b", deliberation.Order{{"a"}, {"b", "c"}, {"d"}}},
		{deliberation.Up, "e", deliberation.Order{{"a"}, {"b", "c"}, {"d"}}},
	} {
		if d := cmp.Diff(c.want, start.After(c.move, c.film)); d != "" {
			t.Errorf("%s %s: %s", c.move, c.film, d)
		}
	}
	if d := cmp.Diff(deliberation.Order{{"a"}, {"b", "c"}, {"d"}}, start); d != "" {
		t.Errorf("a move changed the order it was made on: %s", d)
	}
}

// The example of seven jurors and six films is the demo's: the first is
// preferred to every other, its closest contest is 5 to 2.
func TestFromCallToResult(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 7, 6, nil)
	orders := [][]int{{1, 2, 3, 4, 5, 6}, {2, 1, 4, 3, 6, 5}, {1, 3, 2, 5, 4, 6}, {3, 1, 2, 6, 5, 4}, {1, 2, 4, 5, 3, 6}, {2, 1, 3, 4, 6, 5}, {1, 4, 2, 3, 5, 6}}
	for i, o := range orders {
		if opened := x.cast(x.Jurors[i], o...); opened != (i == 6) {
			t.Fatalf("after %d of 7 ballots: opened %v", i+1, opened)
		}
	}
	r := x.result()
	if d := cmp.Diff([]string{"film-1"}, r.Winners); d != "" || r.Outcome != deliberation.Won || r.Voters != 7 || r.Cast != 7 || r.Needed != 4 {
		t.Errorf("%s %+v", d, r)
	}
	if got := r.Count.Pairwise[0]; !slices.Equal(got, []int64{0, 5, 6, 7, 7, 7}) {
		t.Errorf("the winner against the others: %v", got)
	}
	if r.Shown != deliberation.Everything || len(r.Ballots) != 7 || r.Ballots[0].Name != "A" || r.Ballots[6].Name != "G" {
		t.Errorf("ballots %+v", r.Ballots)
	}
	got := map[string]int{}
	for _, b := range r.Ballots {
		got[fmt.Sprint(b.Ranking)]++
	}
	for _, o := range orders {
		var want [][]string
		for _, n := range o {
			want = append(want, []string{deliberation.Key(n)})
		}
		if got[fmt.Sprint(want)] == 0 {
			t.Errorf("the ballot %v is not among those opened", want)
		}
	}
	if len(r.Others) != 6 {
		t.Errorf("others %v", r.Others)
	}
	before := x.result()
	must(t, x.open())
	if d := cmp.Diff(before, x.result(), ratCompare); d != "" {
		t.Errorf("opening again changed the count: %s", d)
	}
}

func TestCastCountsUntilCastAgain(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 3, 3, nil)
	x.cast(x.Jurors[0], 1, 2, 3)
	p := x.paper(x.Jurors[0])
	must(t, x.do(func(tx pgx.Tx) error {
		return deliberation.Press(t.Context(), tx, x.Jurors[0], x.code, p.Ballot.Version, deliberation.Up, p.Finalists[2].Code)
	}))
	p = x.paper(x.Jurors[0])
	if p.Ballot.CastAt != nil || p.Counts.Order.Level(p.Finalists[2].Code) != 2 || p.Ballot.Order.Level(p.Finalists[2].Code) != 1 {
		t.Errorf("counts %v, shows %v", p.Counts.Order, p.Ballot.Order)
	}
	x.cast(x.Jurors[1], 1, 2, 3)
	x.cast(x.Jurors[2], 1, 2, 3)
	for _, b := range x.result().Ballots {
		if d := cmp.Diff([][]string{{"film-1"}, {"film-2"}, {"film-3"}}, b.Ranking); d != "" {
			t.Errorf("what was saved and not cast has counted: %s", d)
		}
	}
}

func TestStaleWindowChangesNothing(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 3, 3, nil)
	x.rank(x.Jurors[0], 1, 2)
	for _, err := range []error{
		x.do(func(tx pgx.Tx) error {
			return deliberation.Press(t.Context(), tx, x.Jurors[0], x.code, 1, deliberation.In, films(t, tx)[2])
		}),
		x.do(func(tx pgx.Tx) error {
			_, err := deliberation.Cast(t.Context(), tx, x.Jurors[0], x.code, 1, false, software)
			return err
		}),
	} {
		refused(t, err, "ballot.stale")
	}
	if p := x.paper(x.Jurors[0]); p.Ballot.Version != 2 || p.Counts.Version != 0 {
		t.Errorf("ballot %+v", p.Ballot)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 3, 3, nil)
	stranger := x.Account("Sasha", x.Email("sasha"))
	press := func(who account.ID, film string) error {
		return x.do(func(tx pgx.Tx) error {
			return deliberation.Press(t.Context(), tx, who, x.code, 0, deliberation.In, film)
		})
	}
	cast := func(who account.ID) error {
		return x.do(func(tx pgx.Tx) error {
			_, err := deliberation.Cast(t.Context(), tx, who, x.code, 0, false, software)
			return err
		})
	}
	refused(t, press(stranger, films(t, x.db)[0]), "problem.not-found")
	refused(t, press(x.Jurors[0], "nothing"), "problem.not-found")
	refused(t, cast(x.Jurors[0]), "ballot.empty")
	refused(t, x.open(), "ballot.sealed")
	_, err := deliberation.ResultOf(t.Context(), x.db, x.at(x.db).ID)
	refused(t, err, "problem.not-found")
	refused(t, x.do(func(tx pgx.Tx) error {
		return deliberation.Save(t.Context(), tx, x.Organizer, x.at(tx), plan(x.Stage, films(t, tx)))
	}), "ballot.fixed")
	refused(t, x.do(func(tx pgx.Tx) error { return deliberation.Remove(t.Context(), tx, x.Organizer, x.at(tx)) }), "ballot.fixed")
	x.close()
	refused(t, press(x.Jurors[0], films(t, x.db)[0]), "ballot.closed")
	refused(t, cast(x.Jurors[0]), "ballot.closed")
	must(t, x.open())
	refused(t, cast(x.Jurors[0]), "ballot.closed")
}

func TestSetupRefusals(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	s := jurytest.New(t, tx, 3, 3)
	other := jurytest.New(t, tx, 1, 1)
	create := func(change func(*deliberation.Plan)) error {
		p := plan(s, films(t, tx)[:3])
		change(&p)
		return pgx.BeginFunc(t.Context(), tx, func(tx pgx.Tx) error {
			_, err := deliberation.Create(t.Context(), tx, s.Organizer, s.Edition, p)
			return err
		})
	}
	refused(t, create(func(p *deliberation.Plan) { p.Films = p.Films[:1] }), "ballot.two-films")
	refused(t, create(func(p *deliberation.Plan) { p.Films = []string{p.Films[0], p.Films[0]} }), "ballot.two-films")
	refused(t, create(func(p *deliberation.Plan) { p.Quorum = 101 }), "ballot.quorum")
	refused(t, create(func(p *deliberation.Plan) { p.TieRule = deliberation.Calibrated }), "ballot.no-score")
	refused(t, create(func(p *deliberation.Plan) { p.Name = " " }), "constraint.deliberations_name_length")
	refused(t, create(func(p *deliberation.Plan) { p.OpensAt = p.ClosesAt }), "constraint.deliberations_dates_order")
	refused(t, create(func(p *deliberation.Plan) { p.Panel = other.Panel }), "problem.not-found")
	refused(t, create(func(p *deliberation.Plan) { p.Award = "nothing" }), "problem.not-found")
	refused(t, create(func(p *deliberation.Plan) { p.Films = films(t, tx) }), "problem.not-found")
	must(t, jury.Declare(t.Context(), tx, s.Organizer, s.Edition, s.Organizer, s.Films[0], jury.Knows, ""))
	refused(t, create(func(*deliberation.Plan) {}), "problem.not-found")
}

// A juror who is kept apart from a film has it nowhere, and their ballot is
// counted in no pair with it.
func TestRecusedPairIsLeftOut(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 4, 3, nil)
	must(t, x.do(func(tx pgx.Tx) error {
		return deliberation.Recuse(t.Context(), tx, x.Jurors[0], x.code, films(t, tx)[0], jury.Knows, "", software)
	}))
	p := x.paper(x.Jurors[0])
	if len(p.Finalists) != 2 || p.Whole {
		t.Fatalf("%d films, whole %v", len(p.Finalists), p.Whole)
	}
	x.cast(x.Jurors[0], 3, 2)
	for _, who := range x.Jurors[1:] {
		x.cast(who, 1, 2, 3)
	}
	r := x.result()
	if got, want := r.Count.Pairwise, [][]int64{{0, 3, 3}, {0, 0, 3}, {0, 1, 0}}; !cmp.Equal(got, want) {
		t.Errorf("pairs %v, want %v", got, want)
	}
	if r.Shown != deliberation.Figures || r.Ballots != nil || r.BallotsHash != "" {
		t.Errorf("one ballot looks like no other, and is listed: %v", r.Ballots)
	}
}

// A juror whom recusals leave nothing to compare is not waited for any more.
func TestRecusalOfTheLastOneOpens(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 4, 3, nil)
	for _, who := range x.Jurors[:3] {
		x.cast(who, 1, 2, 3)
	}
	for i, film := range films(t, x.db)[:2] {
		must(t, x.do(func(tx pgx.Tx) error {
			return deliberation.Recuse(t.Context(), tx, x.Jurors[3], x.code, film, jury.Knows, "", software)
		}))
		if opened := x.at(x.db).UnsealedAt != nil; opened != (i == 1) {
			t.Errorf("opened %v after %d recusals", opened, i+1)
		}
	}
	if r := x.result(); r.Voters != 3 || r.Cast != 3 {
		t.Errorf("%d of %d counted", r.Cast, r.Voters)
	}
}

// Who declares a conflict after casting keeps their vote on the other films.
func TestConflictAfterCasting(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 4, 3, nil)
	x.cast(x.Jurors[0], 1, 3, 2)
	must(t, jury.Declare(t.Context(), x.db.(pgx.Tx), x.Organizer, x.Edition, x.Jurors[0], x.Films[0], jury.Worked, ""))
	for _, who := range x.Jurors[1:] {
		x.cast(who, 2, 1, 3)
	}
	if got, want := x.result().Count.Pairwise, [][]int64{{0, 0, 3}, {3, 0, 3}, {0, 1, 0}}; !cmp.Equal(got, want) {
		t.Errorf("pairs %v, want %v", got, want)
	}
}

// Who could compare nothing has no vote, is not waited for and is not told.
func TestRecusedFromAllButOne(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	x := table{t: t, Stage: jurytest.New(t, tx, 4, 2), db: tx}
	must(t, jury.Declare(t.Context(), tx, x.Organizer, x.Edition, x.Jurors[0], x.Films[0], jury.Knows, ""))
	code, err := deliberation.Create(t.Context(), tx, x.Organizer, x.Edition, plan(x.Stage, films(t, tx)))
	must(t, err)
	x.code = code
	must(t, deliberation.Call(t.Context(), tx, x.Organizer, x.at(tx).ID))
	_, err = deliberation.PaperOf(t.Context(), tx, x.Jurors[0], code)
	refused(t, err, "problem.not-found")
	if called, err := deliberation.Called(t.Context(), tx, x.Jurors[0]); err != nil || called {
		t.Errorf("called %v, %v", called, err)
	}
	letters, err := pg.Value[int](t.Context(), tx, `select count(*)::int from letters where kind = 'ballot'`, pg.Args{})
	if err != nil || letters != 3 {
		t.Errorf("%d letters, %v", letters, err)
	}
	for i, who := range x.Jurors[1:] {
		if opened := x.cast(who, 1, 2); opened != (i == 2) {
			t.Errorf("opened %v after %d", opened, i+1)
		}
	}
}

// For an organizer who must not judge one of its films a ballot does not exist.
func TestOrganizerWithAConflict(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 3, 3, nil)
	other := x.Account("Sam Other", x.Email("sam"))
	must(t, jury.Declare(t.Context(), x.db.(pgx.Tx), x.Organizer, x.Edition, other, x.Films[1], jury.Knows, ""))
	_, err := deliberation.At(t.Context(), x.db, other, x.Edition, x.code)
	refused(t, err, "problem.not-found")
	list, err := deliberation.List(t.Context(), x.db, other, x.Edition)
	if err != nil || len(list) != 0 {
		t.Errorf("listed %v, %v", list, err)
	}
	if list, err = deliberation.List(t.Context(), x.db, x.Organizer, x.Edition); err != nil || len(list) != 1 {
		t.Errorf("to the other organizer %v, %v", list, err)
	}
}

func TestQuorum(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		quorum int
		unit   deliberation.Unit
		cast   int
		needed int
		met    bool
	}{
		{50, deliberation.Percent, 2, 3, false}, {50, deliberation.Percent, 3, 3, true},
		{60, deliberation.Percent, 3, 3, true}, {61, deliberation.Percent, 3, 4, false},
		{4, deliberation.Ballots, 3, 4, false}, {4, deliberation.Ballots, 4, 4, true},
		{100, deliberation.Percent, 4, 5, false},
	} {
		t.Run(fmt.Sprint(c.quorum, c.unit, c.cast), func(t *testing.T) {
			t.Parallel()
			x := seated(t, pgtest.Tx(t), 5, 2, func(p *deliberation.Plan) { p.Quorum, p.Unit = c.quorum, c.unit })
			for _, who := range x.Jurors[:c.cast] {
				x.cast(who, 1, 2)
			}
			x.close()
			must(t, x.open())
			r := x.result()
			if r.Needed != c.needed || r.Cast != c.cast || (r.Outcome != deliberation.NoQuorum) != c.met {
				t.Errorf("needed %d, cast %d, %s", r.Needed, r.Cast, r.Outcome)
			}
			if !c.met && (r.Ballots != nil || r.BallotsHash != "" || r.Count != nil || r.Winners != nil) {
				t.Errorf("without a quorum the ballots are opened: %+v", r)
			}
		})
	}
}

// With two ballots each juror could work the other's out.
func TestTwoBallotsShowTheOrderOnly(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 2, 3, nil)
	x.cast(x.Jurors[0], 1, 2, 3)
	x.cast(x.Jurors[1], 1, 3, 2)
	r := x.result()
	if r.Ballots != nil || r.Count != nil || r.Others != nil || r.Outcome != deliberation.Won || r.Shown != deliberation.OrderOnly {
		t.Errorf("shows %+v", r)
	}
}

func TestFilmWithdrawnMeanwhileIsNotCounted(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 3, 3, nil)
	x.cast(x.Jurors[0], 1, 2, 3)
	x.cast(x.Jurors[1], 1, 2, 3)
	_, err := x.db.Exec(t.Context(), `update entries set state = 'withdrawn' where id = $1`, x.Films[0])
	must(t, err)
	x.cast(x.Jurors[2], 3, 2)
	r := x.result()
	if d := cmp.Diff([]string{"film-2"}, r.Winners); d != "" || !slices.Equal(r.Withdrawn, []string{"film-1"}) || len(r.Candidates) != 2 {
		t.Errorf("%s %+v", d, r)
	}
}

func TestAuditTellsNobodyWhoCast(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 3, 2, nil)
	x.cast(x.Jurors[0], 1, 2)
	named, err := pg.Value[int](t.Context(), x.db, `
		select count(*)::int from events where verb like 'ballot.%' and actor_id = any(@jurors::bigint[])`, pg.Args{"jurors": ids(x.Jurors)})
	if err != nil || named != 0 {
		t.Errorf("%d events name a juror, %v", named, err)
	}
	cast, err := pg.Value[int](t.Context(), x.db, `select count(*)::int from events where verb = 'ballot.cast'`, pg.Args{})
	if err != nil || cast != 1 {
		t.Errorf("%d casts on record, %v", cast, err)
	}
}

func ids[T ~int64](list []T) []int64 {
	out := make([]int64, len(list))
	for i, id := range list {
		out[i] = int64(id)
	}
	return out
}
