package jury

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
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

// A Film is an entry that a round judges, as its organizers know it.
type Film struct {
	ID        entry.ID
	Code      string
	Number    int
	Title     string
	Directors []string
	Countries []string
	Runtime   int // seconds
}

// An Assignment is one entry given to one juror in a round.
type Assignment struct {
	EntryID   entry.ID
	AccountID account.ID
	State     State
	Begun     bool // a score was saved, submitted or not
}

// A Desk is everything that giving films to jurors is decided from.
type Desk struct {
	Round       Round
	Films       []Film // entries under consideration that were not turned down, by title
	Seats       []Seat
	Assignments []Assignment
	Apart       map[Pair]bool
}

// DeskOf reads a round's desk, in a fixed number of queries.
func DeskOf(ctx context.Context, db pg.DB, r Round) (Desk, error) {
	d := Desk{Round: r, Apart: map[Pair]bool{}}
	var err error
	if d.Films, err = films(ctx, db, r); err != nil {
		return Desk{}, err
	}
	if d.Seats, err = Seats(ctx, db, r.PanelID); err != nil {
		return Desk{}, fmt.Errorf("list seats: %w", err)
	}
	d.Assignments, err = pg.Rows[Assignment](ctx, db, `
		select a.entry_id, a.account_id, a.state,
		       exists (select from scores s where s.assignment_id = a.id) as begun
		from assignments a
		where a.round_id = @round
		order by a.entry_id, a.account_id`,
		pg.Args{"round": r.ID})
	if err != nil {
		return Desk{}, fmt.Errorf("list assignments: %w", err)
	}
	type apart struct {
		AccountID account.ID
		EntryID   entry.ID
	}
	pairs, err := pg.Rows[apart](ctx, db, `
		select k.account_id, k.entry_id
		from kept_apart k
		join entries e on e.id = k.entry_id and e.category_id = @category
		join seats s on s.account_id = k.account_id and s.panel_id = @panel`,
		pg.Args{"category": r.CategoryID, "panel": r.PanelID})
	if err != nil {
		return Desk{}, fmt.Errorf("list conflicts: %w", err)
	}
	for _, p := range pairs {
		d.Apart[Pair{p.EntryID, p.AccountID}] = true
	}
	return d, nil
}

func films(ctx context.Context, db pg.DB, r Round) ([]Film, error) {
	list, err := pg.Rows[Film](ctx, db, `
		select e.id, e.code, e.number, e.title, e.directors, e.countries, coalesce(e.runtime, 0) as runtime
		from entries e
		where e.category_id = @category and e.state in ('submitted', 'eligible')
		  and (not exists (select from decisions d where d.entry_id = e.id and d.outcome = 'not-selected')
		       or exists (select from assignments a where a.round_id = @round and a.entry_id = e.id))
		order by e.title, e.id`,
		pg.Args{"category": r.CategoryID, "round": r.ID})
	if err != nil {
		return nil, fmt.Errorf("list films of round: %w", err)
	}
	return list, nil
}

// Draft is the desk as a new assignment is made from it.
func (d Desk) Draft(reviews int, seed uint64) Draft {
	draft := Draft{Apart: d.Apart, Fixed: map[Pair]bool{}, Given: map[Pair]bool{}, Reviews: reviews, Seed: seed}
	for _, f := range d.Films {
		draft.Entries = append(draft.Entries, f.ID)
	}
	for _, s := range d.Seats {
		draft.Jurors = append(draft.Jurors, s.AccountID)
	}
	for _, a := range d.Assignments {
		p := Pair{a.EntryID, a.AccountID}
		switch {
		case a.State == Recused:
			draft.Apart[p] = true
		case a.Begun:
			draft.Fixed[p] = true
		default:
			draft.Given[p] = true
		}
	}
	return draft
}

// Now is the desk's assignment as it stands, without recusals.
func (d Desk) Now() map[Pair]bool {
	now := map[Pair]bool{}
	for _, a := range d.Assignments {
		if a.State != Recused {
			now[Pair{a.EntryID, a.AccountID}] = true
		}
	}
	return now
}

// Change is what a plan adds and takes away, in a fixed order.
func Change(now, plan map[Pair]bool) (add, remove []Pair) {
	for p := range plan {
		if !now[p] {
			add = append(add, p)
		}
	}
	for p := range now {
		if !plan[p] {
			remove = append(remove, p)
		}
	}
	slices.SortFunc(add, comparePairs)
	slices.SortFunc(remove, comparePairs)
	return add, remove
}

func comparePairs(a, b Pair) int {
	return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Juror, b.Juror))
}

// Fingerprint is a name for what a person was shown: the assignment as it stood
// and the plan. Apply refuses when either has changed.
func Fingerprint(now, plan map[Pair]bool) string {
	h := sha256.New()
	for _, set := range []map[Pair]bool{now, plan} {
		for _, p := range slices.SortedFunc(maps.Keys(set), comparePairs) {
			fmt.Fprintf(h, "%d-%d ", p.Entry, p.Juror)
		}
		fmt.Fprintln(h)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// A Way is how an assignment is made.
type Way string

// The ways of giving films to jurors at once.
const (
	ToAll  Way = "all"    // every film to every juror
	Evenly Way = "spread" // so many jurors for each film, lists as even as possible
)

// Plan is the desk's assignment made in a way.
func (d Desk) Plan(way Way, reviews int, seed uint64) map[Pair]bool {
	draft := d.Draft(reviews, seed)
	if way == ToAll {
		return draft.Everyone()
	}
	return draft.Spread()
}

// Apply makes the plan that a person has seen true, and says how many films were
// given and taken away. When anything has changed since they saw it, the plan is
// made again and refused: they look at the new one first. When the round has been
// opened, the jurors with new films are told.
func Apply(ctx context.Context, tx pgx.Tx, by account.ID, round RoundID, way Way, reviews int, seed uint64, seen string) (added, removed int, err error) {
	d, err := lockDesk(ctx, tx, round)
	if err != nil {
		return 0, 0, err
	}
	now, plan := d.Now(), d.Plan(way, reviews, seed)
	if Fingerprint(now, plan) != seen {
		return 0, 0, problem.New(problem.Conflict, "assignment.changed",
			"Something changed since this draft was made. Look at the new one, then apply it.")
	}
	add, remove := Change(now, plan)
	last, err := lastAssignment(ctx, tx, round)
	if err != nil {
		return 0, 0, fmt.Errorf("find last assignment: %w", err)
	}
	if err := d.write(ctx, tx, add, remove, seed); err != nil {
		return 0, 0, err
	}
	if err := tell(ctx, tx, round, last); err != nil {
		return 0, 0, err
	}
	return len(add), len(remove), record(ctx, tx, by, d.Round.EditionID, "assignment.apply", "round", int64(round),
		map[string]any{"way": way, "reviews": reviews, "added": len(add), "removed": len(remove)})
}

// Give hands one film to one juror; a conflict, or a juror or film that does not
// belong to the round, is refused.
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
	if err := d.write(ctx, tx, []Pair{p}, nil, 0); err != nil {
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
		if a.EntryID == p.Entry && a.AccountID == p.Juror && a.Begun {
			return problem.New(problem.Denied, "assignment.begun",
				"This juror has begun to score the film. Scores stay on record; declare a conflict if the score must not count.")
		}
	}
	if err := d.write(ctx, tx, nil, []Pair{p}, 0); err != nil {
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

func (d Desk) knows(p Pair) bool {
	return slices.ContainsFunc(d.Films, func(f Film) bool { return f.ID == p.Entry }) &&
		slices.ContainsFunc(d.Seats, func(s Seat) bool { return s.AccountID == p.Juror })
}

// lockDesk reads the desk of a round that has not ended, and keeps others from
// changing it and jurors from saving meanwhile.
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
	return DeskOf(ctx, tx, r)
}

// write takes films away that nobody has begun to score, and gives new ones at
// the end of each juror's own order.
func (d Desk) write(ctx context.Context, tx pgx.Tx, add, remove []Pair, seed uint64) error {
	entries, jurors := split(remove)
	_, err := tx.Exec(ctx, `
		delete from assignments a
		using unnest(@entries::bigint[], @jurors::bigint[]) as p (entry_id, account_id)
		where a.round_id = @round and a.entry_id = p.entry_id and a.account_id = p.account_id and a.state = 'open'
		  and not exists (select from scores s where s.assignment_id = a.id)`,
		pg.Args{"round": d.Round.ID, "entries": entries, "jurors": jurors})
	if err != nil {
		return fmt.Errorf("take films away: %w", err)
	}
	add = inOwnOrder(add, seed)
	entries, jurors = split(add)
	codes := make([]string, len(add))
	for i := range codes {
		codes[i] = account.Code()
	}
	_, err = tx.Exec(ctx, `
		insert into assignments (code, round_id, entry_id, account_id, position)
		select p.code, @round, p.entry_id, p.account_id,
		       row_number() over (partition by p.account_id order by p.n)
		       + coalesce((select max(position) from assignments where round_id = @round and account_id = p.account_id), 0)
		from unnest(@codes::text[], @entries::bigint[], @jurors::bigint[]) with ordinality as p (code, entry_id, account_id, n)`,
		pg.Args{"round": d.Round.ID, "codes": codes, "entries": entries, "jurors": jurors})
	if err != nil {
		return fmt.Errorf("give films: %w", err)
	}
	return nil
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
