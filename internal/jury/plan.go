package jury

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"laurel/internal/account"
	"laurel/internal/assign"
	"laurel/internal/entry"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Way is how films are given to jurors.
type Way string

// The ways of giving films at once.
const (
	ToAll  Way = "all"    // every film to every juror
	Evenly Way = "spread" // so many jurors for each film, all thought anew
	Repair Way = "repair" // the same with the fewest changes
	More   Way = "more"   // one more juror for some films, and nothing else
)

// An Ask says how films are to be given.
type Ask struct {
	Way     Way
	Reviews int        // jurors wanted for each film; unused by ToAll and More
	Seed    uint64     // decides between equals, below 1 << 63
	Films   []entry.ID // for More: those that get one more juror
}

// A Plan is who watches what once it is applied, with the proof that nobody can
// do better. It is made without a database: nothing is locked meanwhile.
type Plan struct {
	Ask   Ask
	Now   map[Pair]bool // as it stood when the plan was made, without recusals
	Pairs map[Pair]bool
	Proof *Proof // nil: nothing was computed
	shape string
	why   func(Pair) assign.Reason // nil: nothing was computed
}

// A Proof is what was minimised and what the prices of the solution say.
type Proof struct {
	Optimal          bool // every level reaches its bound
	Levels           []Level
	Objective, Bound int64 // of the sum of all costs
	Missing          int   // viewings that nobody can take
	Gaps             []Gap
	Components       int  // parts of the jury that share no film; 1: all lists can be compared
	Joined           int  // parts before films were exchanged to join them; 0: that was not needed
	Searched         bool // all other ways of joining them were ruled out
	Thinned          bool // so many pairs are possible that some, by lot, were not looked at
}

// A Level is an aim with what it came to and what it cannot be below.
type Level struct {
	Aim   string `json:"aim"`
	Value int64  `json:"value"`
	Bound int64  `json:"bound"`
}

// A Gap is films that cannot all have the jurors that they want: a violation of
// Hall's condition.
type Gap struct {
	Films  []entry.ID
	Jurors []account.ID // who could watch them
	Demand int
	Supply int
}

// Plan makes a plan. Lists are as even as the limits of the jurors allow, in
// proportion to them, before languages are thought of: nobody watches more films
// because they understand more. When jurors cannot be given as many films as they
// are to have at least, it is refused (Denied) in words.
func (d Desk) Plan(ask Ask) (Plan, error) {
	plan := Plan{Ask: ask, Now: d.Now(), shape: d.shape()}
	if ask.Way == ToAll {
		plan.Pairs = d.everyone()
		return plan, nil
	}
	t := d.task(ask)
	solved, err := t.solve()
	if impossible, ok := errors.AsType[*assign.Infeasible](err); ok {
		return Plan{}, d.tooMuch(impossible)
	}
	if err != nil {
		return Plan{}, fmt.Errorf("plan assignment: %w", err)
	}
	plan.Pairs = d.kept()
	for e, jurors := range solved.Given {
		for _, j := range jurors {
			plan.Pairs[Pair{d.Films[e].ID, d.Seats[j].AccountID}] = true
		}
	}
	plan.Proof = d.proof(solved)
	if t.thinned {
		plan.Proof.Optimal, plan.Proof.Thinned, plan.Proof.Levels, plan.Proof.Gaps = false, true, nil, nil
	}
	films, seats := d.places()
	plan.why = func(p Pair) assign.Reason { return solved.Why(films[p.Entry], seats[p.Juror]) }
	return plan, nil
}

// Standing is the plan that changes nothing.
func (d Desk) Standing() Plan {
	now := d.Now()
	return Plan{Now: now, Pairs: now, shape: d.shape()}
}

// PlanMore plans one more viewer for each of some films of a round, whatever its
// phase: what is given stays, conflicts, limits and languages hold, and lists
// stay as even as they can. Its additions are what Extend takes.
func PlanMore(ctx context.Context, db pg.DB, r Round, films []entry.ID, seed uint64) (Plan, error) {
	d, err := DeskOf(ctx, db, r)
	if err != nil {
		return Plan{}, err
	}
	return d.Plan(Ask{Way: More, Seed: seed, Films: films})
}

// Why says why the plan does not give a film to a juror for whom it would be
// possible; both are on the desk. Possible says that nobody asked.
func (p Plan) Why(pair Pair) Cause {
	if p.why == nil {
		return Possible
	}
	switch p.why(pair) {
	case assign.Full:
		return Full
	case assign.Enough:
		return Enough
	case assign.Dearer:
		return Dearer
	case assign.Given, assign.Done, assign.Unlisted, assign.Conflict, assign.Company, assign.Language, assign.Category,
		assign.NotSeated, assign.Recused:
	}
	return Possible
}

// Change is what the plan adds and takes away, in a fixed order.
func (p Plan) Change() (add, remove []Pair) {
	for pair := range p.Pairs {
		if !p.Now[pair] {
			add = append(add, pair)
		}
	}
	for pair := range p.Now {
		if !p.Pairs[pair] {
			remove = append(remove, pair)
		}
	}
	slices.SortFunc(add, comparePairs)
	slices.SortFunc(remove, comparePairs)
	return add, remove
}

// Question is a name for everything that a plan is made from: the same question
// has the same plan.
func (d Desk) Question(ask Ask) string {
	h := sha256.New()
	fmt.Fprintln(h, d.Round.ID, ask, d.shape())
	for _, a := range d.Assignments {
		fmt.Fprintln(h, a.Begun)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Fingerprint is a name for what a person was shown: the assignment as it stood
// and the plan.
func (p Plan) Fingerprint() string {
	h := sha256.New()
	writePairs(h, p.Now)
	writePairs(h, p.Pairs)
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// shape is a name for everything that a plan depends on, but for how far the
// jurors are: a viewing that is begun while a plan is looked at takes nothing
// from the plan as long as the viewing is part of it.
func (d Desk) shape() string {
	h := sha256.New()
	for _, f := range d.Films {
		fmt.Fprintln(h, f.ID, f.Languages, f.Subtitles)
	}
	for _, s := range d.Seats {
		fmt.Fprintln(h, s.AccountID, s.Languages, d.Loads[s.AccountID].Least, most(d.Loads[s.AccountID].Most))
	}
	for _, a := range d.Assignments {
		fmt.Fprintln(h, a.EntryID, a.AccountID, a.State == Recused, a.Settled)
	}
	for _, f := range d.Found {
		fmt.Fprintln(h, f.EntryID, f.AccountID)
	}
	writePairs(h, d.Apart)
	return hex.EncodeToString(h.Sum(nil))
}

func writePairs(w io.Writer, set map[Pair]bool) {
	for _, p := range slices.SortedFunc(maps.Keys(set), comparePairs) {
		fmt.Fprintf(w, "%d-%d ", p.Entry, p.Juror)
	}
	fmt.Fprintln(w)
}

func comparePairs(a, b Pair) int {
	return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Juror, b.Juror))
}

// most is a limit as a number; below 0 is none.
func most(limit *int) int {
	if limit == nil {
		return -1
	}
	return *limit
}

// everyone gives every film to every juror for whom it is possible.
func (d Desk) everyone() map[Pair]bool {
	plan, cause := d.kept(), d.Causes()
	for _, f := range d.Films {
		for _, s := range d.Seats {
			if cause(f, s) == Possible {
				plan[Pair{f.ID, s.AccountID}] = true
			}
		}
	}
	return plan
}

// kept is what is never taken away, also by jurors and of films that are not on
// the desk any more.
func (d Desk) kept() map[Pair]bool {
	set := map[Pair]bool{}
	for _, a := range d.Assignments {
		if a.State != Recused && a.Fixed() {
			set[Pair{a.EntryID, a.AccountID}] = true
		}
	}
	return set
}

func (d Desk) proof(s assign.Plan) *Proof {
	p := &Proof{
		Optimal: s.Optimal, Objective: s.Objective, Bound: s.DualBound, Missing: s.Missing, Components: s.Components,
	}
	for _, l := range s.Levels {
		names := make([]string, len(l.Aims))
		for i, aim := range l.Aims {
			names[i] = string(aim)
		}
		p.Levels = append(p.Levels, Level{strings.Join(names, "+"), l.Value, l.Bound})
	}
	for _, g := range s.Shortages {
		gap := Gap{Demand: g.Demand, Supply: g.Supply}
		for _, e := range g.Entries {
			gap.Films = append(gap.Films, d.Films[e].ID)
		}
		for _, j := range g.Jurors {
			gap.Jurors = append(gap.Jurors, d.Seats[j].AccountID)
		}
		p.Gaps = append(p.Gaps, gap)
	}
	if s.Repair != nil {
		p.Joined, p.Searched = s.Repair.Before, s.Repair.Searched
	}
	return p
}

// tooMuch says in words whose smallest lists cannot be filled.
func (d Desk) tooMuch(e *assign.Infeasible) error {
	names := make([]string, len(e.Jurors))
	for i, j := range e.Jurors {
		names[i] = d.Seats[j].Name
	}
	return problem.New(problem.Denied, "assignment.least-impossible",
		"{{.Jurors}} are to watch {{.Demand}} films at least, and only {{.Supply}} are possible. Lower what they watch at least.",
		"Jurors", strings.Join(names, ", "), "Demand", e.Demand, "Supply", e.Supply)
}
