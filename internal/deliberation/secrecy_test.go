package deliberation_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"laurel/internal/deliberation"
	"laurel/internal/jury"
	"laurel/internal/pgtest"
	"laurel/internal/tally/ballot"
)

// Of few ballots on few films there are so few kinds that a fingerprint would
// tell them: whoever tries all of them finds the one that fits.
func TestNoFingerprintOfBallotsThatAreNotShown(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 2, 3, nil)
	x.cast(x.Jurors[0], 1, 2, 3)
	x.cast(x.Jurors[1], 1, 3, 2)
	shown := x.result().BallotsHash
	one, two, three := []string{"film-1"}, []string{"film-2"}, []string{"film-3"}
	orders := [][][]string{{one, two, three}, {one, three, two}, {two, one, three}, {two, three, one}, {three, one, two}, {three, two, one}}
	for _, a := range orders {
		for _, b := range orders {
			text, err := json.Marshal([]deliberation.Sheet{{Name: "A", Ranking: a}, {Name: "B", Ranking: b}})
			must(t, err)
			if sha(string(text)) == shown {
				t.Errorf("the ballots are %s", text)
			}
		}
	}
}

// The record of a second ballot places the films of the first one too, so who
// is kept apart from one of those has no second ballot either.
func TestSecondBallotTellsNothingOfFilmsOfTheFirst(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 4, 3, nil)
	x.evenly()
	second := x.follow()
	must(t, jury.Declare(t.Context(), x.db.(pgx.Tx), x.Organizer, x.Edition, x.Jurors[3], x.Films[2], jury.Knows, ""))
	if second.paper(x.Jurors[3]).Whole || !second.paper(x.Jurors[0]).Whole {
		t.Error("a juror who is kept apart from a film of the first ballot may read the count of the second, or another may not")
	}
	other := x.Account("Sam Other", x.Email("sam"))
	must(t, jury.Declare(t.Context(), x.db.(pgx.Tx), x.Organizer, x.Edition, other, x.Films[2], jury.Knows, ""))
	_, err := deliberation.At(t.Context(), x.db, other, x.Edition, second.code)
	refused(t, err, "problem.not-found")
	list, err := deliberation.List(t.Context(), x.db, other, x.Edition)
	if err != nil || len(list) != 0 {
		t.Errorf("listed %v, %v", list, err)
	}
}

// Once the ballots of the first vote are known, its rules are nobody's to
// choose: a second ballot has them too, whatever is asked for.
func TestSecondBallotKeepsTheRules(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 4, 3, nil)
	x.evenly()
	second := x
	must(t, x.do(func(tx pgx.Tx) (err error) {
		second.code, err = deliberation.Follow(t.Context(), tx, x.Organizer, x.at(tx))
		return err
	}))
	before := second.at(x.db)
	p := plan(x.Stage, nil)
	p.Name, p.Method, p.Strength, p.Quorum, p.Unit, p.TieRule = "Once more", ballot.MethodBorda, ballot.Margins, 1, deliberation.Ballots, deliberation.Calibrated
	p.Blind, p.Publish, p.Again = true, true, true
	p.OpensAt, p.ClosesAt = time.Now().Truncate(time.Second), time.Now().Add(time.Hour).Truncate(time.Second)
	must(t, second.do(func(tx pgx.Tx) error { return deliberation.Save(t.Context(), tx, x.Organizer, before, p) }))
	want := before
	want.Name, want.OpensAt, want.ClosesAt = p.Name, p.OpensAt, p.ClosesAt
	if d := cmp.Diff(want, second.at(x.db)); d != "" {
		t.Error(d)
	}
}

// What a ballot says of a film stays as it was cast: a film that its juror could
// not rank then is compared with no other, also when the conflict is taken back
// afterwards.
func TestConflictTakenBackAfterCasting(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 4, 4, nil)
	tx := x.db.(pgx.Tx)
	must(t, jury.Declare(t.Context(), tx, x.Organizer, x.Edition, x.Jurors[0], x.Films[0], jury.Worked, ""))
	x.cast(x.Jurors[0], 3, 2)
	must(t, jury.Withdraw(t.Context(), tx, x.Organizer, x.Edition, x.Jurors[0], x.Films[0]))
	for _, who := range x.Jurors[1:] {
		x.cast(who, 1, 2, 3, 4)
	}
	want := [][]int64{{0, 3, 3, 3}, {0, 0, 3, 4}, {0, 1, 0, 4}, {0, 0, 0, 0}}
	if d := cmp.Diff(want, x.result().Count.Pairwise); d != "" {
		t.Error(d)
	}
}

// A quorum is of those who were called: nobody meets it by unseating jurors who
// have not cast, nor opens a single ballot that way.
func TestQuorumIsOfTheJurorsWhoWereCalled(t *testing.T) {
	t.Parallel()
	x := seated(t, pgtest.Tx(t), 5, 3, nil)
	x.cast(x.Jurors[0], 1, 2, 3)
	x.cast(x.Jurors[1], 1, 2, 3)
	_, err := x.db.Exec(t.Context(), `update seats set left_at = clock_timestamp() where account_id = any($1)`, ids(x.Jurors[2:]))
	must(t, err)
	must(t, x.open())
	if r := x.result(); r.Outcome != deliberation.NoQuorum || r.Needed != 3 || r.Winners != nil {
		t.Errorf("%s, %d needed, %v in front", r.Outcome, r.Needed, r.Winners)
	}
}
