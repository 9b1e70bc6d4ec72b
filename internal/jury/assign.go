package jury

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// AssignmentID names an assignment inside the house; addresses carry its code.
type AssignmentID int64

// A State says how far an assignment is.
type State string

// The states of an assignment.
const (
	ToDo    State = "open"    // not submitted, perhaps begun
	Done    State = "done"    // submitted; may still be changed
	Recused State = "recused" // the juror must not judge the film
)

// Apply makes the plan true that a person has seen, and says how many films were
// given and taken away. It solves nothing, so that the round is locked for no
// longer than writing takes. When the desk is not the one that the plan was made
// from, or somebody has begun a film that the plan takes away, it is refused
// (Conflict): they look at a new one first. When the round has been opened, the
// jurors whose lists change are told.
func Apply(ctx context.Context, tx pgx.Tx, by account.ID, round RoundID, plan Plan, seen string) (added, removed int, err error) {
	d, err := lockDesk(ctx, tx, round)
	if err != nil {
		return 0, 0, err
	}
	if plan.Fingerprint() != seen || d.shape() != plan.shape || d.loses(plan) {
		return 0, 0, problem.New(problem.Conflict, "assignment.changed",
			"Something changed since this draft was made. Look at the new one, then apply it.")
	}
	add, remove := plan.Change()
	c := change{by: by, kind: kind(plan.Ask.Way), plan: &plan}
	if err := d.write(ctx, tx, &c, add, remove); err != nil {
		return 0, 0, err
	}
	if err := c.tell(ctx, tx, round); err != nil {
		return 0, 0, err
	}
	return len(add), len(remove), record(ctx, tx, by, d.Round.EditionID, "assignment.apply", "round", int64(round),
		map[string]any{"way": plan.Ask.Way, "reviews": plan.Ask.Reviews, "added": len(add), "removed": len(remove)})
}

// loses says whether a plan takes away what somebody has begun.
func (d Desk) loses(plan Plan) bool {
	return slices.ContainsFunc(d.Assignments, func(a Assignment) bool {
		return a.State != Recused && a.Fixed() && !plan.Pairs[Pair{a.EntryID, a.AccountID}]
	})
}

// Give hands one film to one juror; a conflict, also one that is only suspected,
// or a juror or film that does not belong to the round, is refused. Languages
// and limits bind drafts only.
func Give(ctx context.Context, tx pgx.Tx, by account.ID, round RoundID, p Pair) error {
	d, err := lockDesk(ctx, tx, round)
	if err != nil {
		return err
	}
	if !d.knows(p) {
		return problem.Missing()
	}
	if d.Apart[p] {
		return problem.New(problem.Denied, "assignment.conflict", "There is a conflict of interest between this juror and this film.")
	}
	if slices.ContainsFunc(d.Found, func(f Found) bool { return f.EntryID == p.Entry && f.AccountID == p.Juror }) {
		return problem.New(problem.Denied, "assignment.suspected",
			"Something suggests a conflict of interest between this juror and this film. Answer it under Conflicts of interest first.")
	}
	if err := d.write(ctx, tx, &change{by: by, kind: gave}, []Pair{p}, nil); err != nil {
		return err
	}
	return record(ctx, tx, by, d.Round.EditionID, "assignment.give", "entry", int64(p.Entry), p)
}

// TakeBack takes one film from one juror who has not begun to score it.
func TakeBack(ctx context.Context, tx pgx.Tx, by account.ID, round RoundID, p Pair) error {
	d, err := lockDesk(ctx, tx, round)
	if err != nil {
		return err
	}
	for _, a := range d.Assignments {
		if a.EntryID == p.Entry && a.AccountID == p.Juror && a.Fixed() {
			return problem.New(problem.Denied, "assignment.begun",
				"This juror has begun to score the film. Scores stay on record; declare a conflict if the score must not count.")
		}
	}
	if err := d.write(ctx, tx, &change{by: by, kind: took}, nil, []Pair{p}); err != nil {
		return err
	}
	return record(ctx, tx, by, d.Round.EditionID, "assignment.take-back", "entry", int64(p.Entry), p)
}

// Progressed notes that a score was saved for an assignment that is not recused:
// done when it is submitted.
func Progressed(ctx context.Context, tx pgx.Tx, id AssignmentID, submitted bool) error {
	_, err := tx.Exec(ctx, `
		update assignments
		set state = case when @submitted then 'done' else 'open' end,
		    seen_at = coalesce(seen_at, clock_timestamp())
		where id = @id and state <> 'recused'`,
		pg.Args{"id": id, "submitted": submitted})
	if err != nil {
		return fmt.Errorf("note progress: %w", err)
	}
	return nil
}

// lockDesk reads the desk of a round that has not ended, and keeps others from
// changing it and jurors from saving meanwhile. A round that was opened again is
// refused: only Extend adds to it.
func lockDesk(ctx context.Context, tx pgx.Tx, round RoundID) (Desk, error) {
	is, err := lockRound(ctx, tx, round)
	if err != nil {
		return Desk{}, err
	}
	if is.ended {
		return Desk{}, problem.New(problem.Denied, "assignment.closed", "The round is closed. Who watched what stays as it was.")
	}
	r, err := RoundOf(ctx, tx, round)
	if err != nil {
		return Desk{}, err
	}
	if r.ExtendedAt != nil {
		return Desk{}, problem.New(problem.Denied, "assignment.extended", "The round is open for the extra viewings only. Close it first, then ask for others with its results.")
	}
	return DeskOf(ctx, tx, r)
}

func split(pairs []Pair) (entries, jurors []int64) {
	entries, jurors = make([]int64, len(pairs)), make([]int64, len(pairs))
	for i, p := range pairs {
		entries[i], jurors[i] = int64(p.Entry), int64(p.Juror)
	}
	return entries, jurors
}

// inOwnOrder lists pairs juror by juror, each in an order of their own.
func inOwnOrder(pairs []Pair, seed uint64) []Pair {
	byJuror := map[account.ID][]entry.ID{}
	for _, p := range pairs {
		byJuror[p.Juror] = append(byJuror[p.Juror], p.Entry)
	}
	ordered := make([]Pair, 0, len(pairs))
	for _, who := range slices.Sorted(maps.Keys(byJuror)) {
		for _, film := range shuffled(byJuror[who], who, seed) {
			ordered = append(ordered, Pair{film, who})
		}
	}
	return ordered
}

// shuffled is the entries in an order of a juror's own, so that no film comes
// last for everybody.
func shuffled(films []entry.ID, who account.ID, seed uint64) []entry.ID {
	films = slices.Clone(films)
	slices.Sort(films)
	lot := rand.New(rand.NewPCG(seed, uint64(who)))
	lot.Shuffle(len(films), func(i, k int) { films[i], films[k] = films[k], films[i] })
	return films
}
