package deliberation_test

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/deliberation"
	"laurel/internal/jury"
	"laurel/internal/pgtest"
	"laurel/internal/tally/ballot"
)

var ratCompare = cmp.Comparer(func(a, b *big.Rat) bool { return a == b || a != nil && b != nil && a.Cmp(b) == 0 })

// evenly casts so that films 1 and 2 are equal in every way, and film 3 is last:
// half of four jurors each put one of them first.
func (x table) evenly() {
	x.t.Helper()
	for i, who := range x.Jurors {
		if i%2 == 0 {
			x.cast(who, 1, 2, 3)
		} else {
			x.cast(who, 2, 1, 3)
		}
	}
}

func (x table) preside(who account.ID) {
	x.t.Helper()
	_, err := x.db.Exec(x.t.Context(), `update seats set president = account_id = $1 where panel_id = $2`, who, x.Panel)
	must(x.t, err)
}

func kinds(r deliberation.Record) []ballot.StepKind {
	var list []ballot.StepKind
	for _, s := range r.Settled.Steps {
		list = append(list, s.Kind)
	}
	return list
}

// The festival's rules, each straight after Borda.
func TestTieRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		rule    deliberation.TieRule
		set     func(x table)
		outcome deliberation.Outcome
		winners []string
		steps   []ballot.StepKind
	}{
		{"president", deliberation.President, func(x table) { x.preside(x.Jurors[1]) }, deliberation.Won, []string{"film-2"},
			[]ballot.StepKind{ballot.StepBorda, ballot.StepCasting}},
		{"calibrated", deliberation.Calibrated, nil, deliberation.Won, []string{"film-2"},
			[]ballot.StepKind{ballot.StepBorda, ballot.StepCalibrated}},
		{"ex aequo", deliberation.ExAequo, nil, deliberation.Shared, []string{"film-1", "film-2"},
			[]ballot.StepKind{ballot.StepBorda, ballot.StepShared}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tx := pgtest.Tx(t)
			x := seated(t, tx, 4, 3, func(p *deliberation.Plan) {
				p.Again, p.TieRule = false, c.rule
				p.Scores = map[string]float64{p.Films[0]: 7.1, p.Films[1]: 7.2, p.Films[2]: 9}
			})
			if c.set != nil {
				c.set(x)
			}
			x.evenly()
			r := x.result()
			if r.Outcome != c.outcome || !slices.Equal(r.Winners, c.winners) || !slices.Equal(kinds(r), c.steps) {
				t.Errorf("%s %v by %v", r.Outcome, r.Winners, kinds(r))
			}
		})
	}
}

// The lot is drawn from the seed whose hash was shown before the vote.
func TestLotComesFromTheCommittedSeed(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 4, 3, func(p *deliberation.Plan) { p.Again, p.TieRule = false, deliberation.Lot })
	promised := x.at(x.db).Commitment
	x.evenly()
	r := x.result()
	if r.Commitment != promised || sha(r.Seed) != promised {
		t.Errorf("promised %s, opened %s", promised, r.Seed)
	}
	want := "film-1"
	if sha(r.Seed+"film-2") < sha(r.Seed+"film-1") {
		want = "film-2"
	}
	if !slices.Equal(r.Winners, []string{want}) || r.Outcome != deliberation.Won {
		t.Errorf("%v won, want %s", r.Winners, want)
	}
	if r.RulesHash != sha(r.Rules) {
		t.Errorf("the hash of the rules is %s", r.RulesHash)
	}
}

// A president who must not judge one of the tied films, or who has not cast,
// does not decide: the lot does.
func TestRecusedPresidentDoesNotDecide(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 5, 3, func(p *deliberation.Plan) { p.Again = false })
	x.preside(x.Jurors[4])
	must(t, x.do(func(tx pgx.Tx) error {
		return deliberation.Recuse(t.Context(), tx, x.Jurors[4], x.code, films(t, tx)[0], jury.Knows, "", software)
	}))
	x.Jurors = x.Jurors[:4]
	x.evenly()
	x.close()
	must(t, x.open())
	if got := kinds(x.result()); !slices.Equal(got, []ballot.StepKind{ballot.StepBorda, ballot.StepLot}) {
		t.Errorf("steps %v", got)
	}
}

// A tie goes to a second ballot on the tied films only; what it decides stands
// in the record of the second with every step.
func TestSecondBallot(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 4, 3, nil)
	x.preside(x.Jurors[0])
	x.evenly()
	first := x.result()
	if first.Outcome != deliberation.Tied || !slices.Equal(first.Winners, []string{"film-1", "film-2"}) {
		t.Fatalf("%s %v", first.Outcome, first.Winners)
	}
	second := x.follow()
	refused(t, second.do(func(tx pgx.Tx) error {
		_, err := deliberation.Follow(t.Context(), tx, x.Organizer, x.at(tx))
		return err
	}), "constraint.deliberations_parent_once")
	if d := second.at(x.db); !d.Second || d.Again {
		t.Errorf("second %v, again %v", d.Second, d.Again)
	}
	if got := len(second.paper(x.Jurors[0]).Finalists); got != 2 {
		t.Fatalf("%d films in the second ballot", got)
	}
	second.cast(x.Jurors[0], 1, 2)
	for _, who := range x.Jurors[1:] {
		second.cast(who, 2, 1)
	}
	r := second.result()
	if r.Outcome != deliberation.Won || !slices.Equal(r.Winners, []string{"film-2"}) || !slices.Equal(kinds(r), []ballot.StepKind{ballot.StepBorda, ballot.StepSecond}) {
		t.Errorf("%s %v by %v", r.Outcome, r.Winners, kinds(r))
	}
	if d := cmp.Diff([][]string{{"film-2"}, {"film-1"}}, r.Ranking()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(first, x.result(), ratCompare); d != "" {
		t.Errorf("the second ballot changed the first's record: %s", d)
	}
}

// A second ballot that is tied again is decided by the festival's rule.
func TestSecondBallotTiedAgain(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 4, 3, nil)
	x.preside(x.Jurors[1])
	x.evenly()
	second := x.follow()
	for i, who := range x.Jurors {
		second.cast(who, 1+i%2, 2-i%2)
	}
	r := second.result()
	want := []ballot.StepKind{ballot.StepBorda, ballot.StepSecond, ballot.StepCasting}
	if r.Outcome != deliberation.Won || !slices.Equal(r.Winners, []string{"film-2"}) || !slices.Equal(kinds(r), want) {
		t.Errorf("%s %v by %v", r.Outcome, r.Winners, kinds(r))
	}
}

// follow sets up the next ballot and calls the jury to it.
func (x table) follow() table {
	x.t.Helper()
	next := x
	must(x.t, x.do(func(tx pgx.Tx) (err error) {
		next.code, err = deliberation.Follow(x.t.Context(), tx, x.Organizer, x.at(tx))
		if err != nil {
			return err
		}
		return deliberation.Call(x.t.Context(), tx, x.Organizer, next.at(tx).ID)
	}))
	return next
}

// Too few ballots: the vote can be held again, on all films, with its second
// ballot still to come.
func TestHeldAgainAfterTooFew(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 4, 3, nil)
	x.cast(x.Jurors[0], 1, 2, 3)
	x.close()
	must(t, x.open())
	again := x.follow()
	d := again.at(x.db)
	if d.Films != 3 || !d.Again || d.Second || d.ParentCode != x.code || d.ClosesAt.Sub(d.OpensAt) != 24*time.Hour {
		t.Errorf("%+v", d)
	}
	again.evenly()
	if r := again.result(); r.Outcome != deliberation.Tied || r.First != nil {
		t.Errorf("%s, first %v", r.Outcome, r.First)
	}
	refused(t, x.do(func(tx pgx.Tx) error {
		_, err := deliberation.Follow(t.Context(), tx, x.Organizer, x.at(tx))
		return err
	}), "constraint.deliberations_parent_once")
}
