package jury

import (
	"context"
	"fmt"
	"slices"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/pg"
)

// A Pair is one entry and one juror.
type Pair struct {
	Entry entry.ID
	Juror account.ID
}

// A Film is an entry that a round judges, as its organizers know it.
type Film struct {
	ID        entry.ID
	Code      string
	Number    int
	Title     string
	Directors []string
	Countries []string
	Runtime   int      // seconds
	Languages []string // spoken: ISO 639; empty: not said
	Subtitles []string // of the screener
}

// An Assignment is one entry given to one juror in a round.
type Assignment struct {
	EntryID   entry.ID
	AccountID account.ID
	State     State
	Begun     bool // a score was saved, submitted or not
	Settled   bool // given before the round was extended: it stays as it is
}

// Fixed says that the assignment is never taken away.
func (a Assignment) Fixed() bool { return a.Begun || a.Settled }

// A Desk is everything that giving films to jurors is decided from.
type Desk struct {
	Round       Round
	Films       []Film // entries under consideration that were not turned down, by title
	Seats       []Seat
	Assignments []Assignment
	Apart       map[Pair]bool       // declared conflicts, and makers
	Found       []Found             // suspected conflicts that nobody has answered
	Loads       map[account.ID]Load // of those for whom one was set
}

// DeskOf reads a round's desk, in a fixed number of queries.
func DeskOf(ctx context.Context, db pg.DB, r Round) (Desk, error) {
	d := Desk{Round: r}
	var err error
	if d.Films, err = films(ctx, db, r); err != nil {
		return Desk{}, err
	}
	if d.Seats, err = Seats(ctx, db, r.PanelID); err != nil {
		return Desk{}, fmt.Errorf("list seats: %w", err)
	}
	d.Assignments, err = pg.Rows[Assignment](ctx, db, `
		select a.entry_id, a.account_id, a.state,
		       a.seen_at is not null or exists (select from scores s where s.assignment_id = a.id) as begun,
		       coalesce(a.created_at < r.extended_at, false) as settled
		from assignments a
		join rounds r on r.id = a.round_id
		where a.round_id = @round
		order by a.entry_id, a.account_id`,
		pg.Args{"round": r.ID})
	if err != nil {
		return Desk{}, fmt.Errorf("list assignments: %w", err)
	}
	if d.Apart, err = apart(ctx, db, r); err != nil {
		return Desk{}, err
	}
	if d.Found, err = found(ctx, db, r); err != nil {
		return Desk{}, err
	}
	d.Loads, err = loadsOf(ctx, db, r.ID)
	return d, err
}

func films(ctx context.Context, db pg.DB, r Round) ([]Film, error) {
	list, err := pg.Rows[Film](ctx, db, `
		select e.id, e.code, e.number, e.title, e.directors, e.countries, coalesce(e.runtime, 0) as runtime,
		       text_items(e.film -> 'languages') as languages, text_items(e.film -> 'subtitles') as subtitles
		from present_entries e
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

func apart(ctx context.Context, db pg.DB, r Round) (map[Pair]bool, error) {
	pairs, err := pg.Rows[Pair](ctx, db, `
		select k.entry_id as entry, k.account_id as juror
		from kept_apart k
		join present_entries e on e.id = k.entry_id and e.category_id = @category
		join seats s on s.account_id = k.account_id and s.panel_id = @panel`,
		pg.Args{"category": r.CategoryID, "panel": r.PanelID})
	if err != nil {
		return nil, fmt.Errorf("list conflicts: %w", err)
	}
	set := make(map[Pair]bool, len(pairs))
	for _, p := range pairs {
		set[p] = true
	}
	return set, nil
}

// Now is the desk's assignment as it stands, without recusals.
func (d Desk) Now() map[Pair]bool {
	now := make(map[Pair]bool, len(d.Assignments))
	for _, a := range d.Assignments {
		if a.State != Recused {
			now[Pair{a.EntryID, a.AccountID}] = true
		}
	}
	return now
}

// places are where the films and jurors of the desk stand in its lists.
func (d Desk) places() (films map[entry.ID]int, seats map[account.ID]int) {
	films, seats = make(map[entry.ID]int, len(d.Films)), make(map[account.ID]int, len(d.Seats))
	for i, f := range d.Films {
		films[f.ID] = i
	}
	for i, s := range d.Seats {
		seats[s.AccountID] = i
	}
	return films, seats
}

func (d Desk) knows(p Pair) bool {
	return slices.ContainsFunc(d.Films, func(f Film) bool { return f.ID == p.Entry }) &&
		slices.ContainsFunc(d.Seats, func(s Seat) bool { return s.AccountID == p.Juror })
}

// A Cause says why a juror cannot be given a film.
type Cause string

// The causes.
const (
	Possible   Cause = ""
	Conflicted Cause = "conflict"  // declared, or a maker
	Suspected  Cause = "suspected" // a conflict was found and nobody has answered
	Stepped    Cause = "recused"   // the juror was recused from this viewing
	Unheard    Cause = "language"  // no language in common
)

// The causes why a plan does not give what would be possible.
const (
	Full   Cause = "full"   // the juror has as many films as they can take
	Enough Cause = "enough" // the film has as many jurors as it wants
	Dearer Cause = "dearer" // another assignment is better
)

// Causes tells of any pair of the desk whether it is possible, or why not.
func (d Desk) Causes() func(Film, Seat) Cause {
	barred := make(map[Pair]Cause, len(d.Apart)+len(d.Found))
	for _, a := range d.Assignments {
		if a.State == Recused {
			barred[Pair{a.EntryID, a.AccountID}] = Stepped
		}
	}
	for _, f := range d.Found {
		barred[Pair{f.EntryID, f.AccountID}] = Suspected
	}
	for p := range d.Apart {
		barred[p] = Conflicted
	}
	return func(f Film, s Seat) Cause {
		if cause := barred[Pair{f.ID, s.AccountID}]; cause != Possible {
			return cause
		}
		if Hearing(f, s) == Deaf {
			return Unheard
		}
		return Possible
	}
}

// A Grasp is how well a juror understands a film.
type Grasp int

// The grasps, the best first.
const (
	Speaks  Grasp = iota // a language that is spoken in it, or nobody speaks
	Unknown              // the juror or the film says nothing about languages
	Reads                // only its subtitles
	Deaf                 // nothing of it
)

// Hearing says how a juror understands a film. Where one of the two says nothing,
// no rule about languages is applied.
func Hearing(f Film, s Seat) Grasp {
	if slices.Contains(f.Languages, locale.NoDialogue) {
		return Speaks
	}
	if len(s.Languages) == 0 || len(f.Languages) == 0 {
		return Unknown
	}
	grasp := Deaf
	for _, code := range s.Languages {
		if slices.Contains(f.Languages, code) {
			return Speaks
		}
		if slices.Contains(f.Subtitles, code) {
			grasp = Reads
		}
	}
	return grasp
}
