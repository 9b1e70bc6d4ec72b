package jury

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// RoundID names a round inside the house; addresses carry its code.
type RoundID int64

// A Round is a phase of judging in a category by a panel. Jurors score while it
// is open: an organizer has opened it, opens_at has come, nobody has closed it,
// and closes_at has not come.
type Round struct {
	ID              RoundID
	Code            string
	EditionID       festival.EditionID
	CategoryID      festival.CategoryID
	CategoryName    string
	Places          *int // of the category; nil: open
	PanelID         PanelID
	PanelCode       string
	PanelName       string
	Name            string
	Blind           bool // jurors are not told who made the films
	Feedback        bool // jurors may write to the filmmakers
	ReviewsPerEntry int
	ReviewsMost     *int    // viewers of a film when the round is extended; nil: it is not
	Binding         Binding // fixed once opened, as ReviewsMost is; empty, for a new round, is Raw
	ScaleMin        int     // 0 or 1
	ScaleMax        int     // up to 10
	OpensAt         time.Time
	ClosesAt        time.Time
	OpenedAt        *time.Time // nil: still being set up
	ClosedAt        *time.Time // nil: not closed by hand
	ExtendedAt      *time.Time // nil: never opened again; else only what was given since can be scored
	Scored          bool       // somebody has saved a score: the rubric is fixed
}

// A Binding names the list that decides.
type Binding string

// The lists of a round, of which one decides.
const (
	Calibrated Binding = "calibrated" // corrected for how strict each juror is
	Raw        Binding = "raw"        // means of the scores as they were given
)

// A Phase is where a round stands.
type Phase string

// The phases of a round, in order.
const (
	Setup   Phase = "setup"   // jurors know nothing of it
	Waiting Phase = "waiting" // opened, and opens_at has not come
	Open    Phase = "open"    // jurors score
	Closed  Phase = "closed"  // results can be read
)

// PhaseAt tells where the round stands at now. It is for pages; whether a score
// is taken or results are shown is decided by the database's clock.
func (r Round) PhaseAt(now time.Time) Phase {
	switch {
	case r.OpenedAt == nil:
		return Setup
	case r.ClosedAt != nil || !now.Before(r.ClosesAt):
		return Closed
	case now.Before(r.OpensAt):
		return Waiting
	}
	return Open
}

// EndedAt is when scoring ended or will end.
func (r Round) EndedAt() time.Time {
	if r.ClosedAt != nil && r.ClosedAt.Before(r.ClosesAt) {
		return *r.ClosedAt
	}
	return r.ClosesAt
}

// Scale lists the values that a mark can have, in order.
func (r Round) Scale() []int {
	var values []int
	for v := r.ScaleMin; v <= r.ScaleMax; v++ {
		values = append(values, v)
	}
	return values
}

const roundColumns = `
	r.id, r.code, c.edition_id, r.category_id, c.name as category_name, c.places,
	r.panel_id, p.code as panel_code, p.name as panel_name, r.name, r.blind, r.feedback,
	r.reviews_per_entry, r.reviews_most, r.binding, r.scale_min, r.scale_max,
	r.opens_at, r.closes_at, r.opened_at, r.closed_at, r.extended_at,
	exists (select from scores s join assignments a on a.id = s.assignment_id where a.round_id = r.id) as scored
	from rounds r
	join categories c on c.id = r.category_id
	join panels p on p.id = r.panel_id`

// Rounds lists an edition's rounds in the order of categories and dates.
func Rounds(ctx context.Context, db pg.DB, edition festival.EditionID) ([]Round, error) {
	return pg.Rows[Round](ctx, db, `
		select `+roundColumns+`
		where c.edition_id = @edition
		order by c.position, r.opens_at, r.id`,
		pg.Args{"edition": edition})
}

// RoundAt finds a round of an edition by its code; none is pgx.ErrNoRows.
func RoundAt(ctx context.Context, db pg.DB, edition festival.EditionID, code string) (Round, error) {
	r, err := pg.One[Round](ctx, db, `
		select `+roundColumns+`
		where c.edition_id = @edition and r.code = @code`,
		pg.Args{"edition": edition, "code": code})
	if err != nil {
		return Round{}, fmt.Errorf("find round: %w", err)
	}
	return r, nil
}

// RoundOf finds a round by its id.
func RoundOf(ctx context.Context, db pg.DB, id RoundID) (Round, error) {
	r, err := pg.One[Round](ctx, db, `
		select `+roundColumns+`
		where r.id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return Round{}, fmt.Errorf("find round: %w", err)
	}
	return r, nil
}

// CreateRound sets up a round with its rubric in a category and for a panel of
// the edition; a category or panel of another one is Missing. It returns the
// round's code.
func CreateRound(ctx context.Context, tx pgx.Tx, by account.ID, r Round, rubric []Criterion) (string, error) {
	r.Code = account.Code()
	id, err := pg.Value[RoundID](ctx, tx, `
		insert into rounds (code, category_id, panel_id, name, blind, feedback, reviews_per_entry,
		                    reviews_most, binding, scale_min, scale_max, opens_at, closes_at)
		select @code, c.id, p.id, @name, @blind, @feedback, @reviews,
		       @most, @binding, @min, @max, @opens, @closes
		from categories c
		join panels p on p.edition_id = c.edition_id
		where c.edition_id = @edition and c.id = @category and p.id = @panel
		returning id`,
		pg.Args{
			"code": r.Code, "edition": r.EditionID, "category": r.CategoryID, "panel": r.PanelID,
			"name": strings.TrimSpace(r.Name), "blind": r.Blind, "feedback": r.Feedback, "reviews": r.ReviewsPerEntry,
			"most": r.ReviewsMost, "binding": cmp.Or(r.Binding, Raw), "min": r.ScaleMin, "max": r.ScaleMax, "opens": r.OpensAt, "closes": r.ClosesAt,
		})
	if err != nil {
		return "", fmt.Errorf("create round: %w", err)
	}
	r.ID = id
	if err := writeRubric(ctx, tx, id, rubric); err != nil {
		return "", err
	}
	return r.Code, record(ctx, tx, by, r.EditionID, "round.create", "round", int64(id), nil)
}

// SaveRound changes a round that is not closed. Once it has been opened its
// panel, blindness, scale, opening and how it is decided stay as they are; once
// somebody has scored, the rubric stays too.
func SaveRound(ctx context.Context, tx pgx.Tx, by account.ID, r Round, rubric []Criterion) error {
	is, err := lockRound(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	if is.ended {
		return problem.New(problem.Denied, "round.closed-fixed", "The round is closed. Its dates and its rubric stay as they were.")
	}
	_, err = tx.Exec(ctx, `
		update rounds
		set name = @name, feedback = @feedback, reviews_per_entry = @reviews, closes_at = @closes,
		    panel_id = case when opened_at is null then @panel else panel_id end,
		    blind = case when opened_at is null then @blind else blind end,
		    binding = case when opened_at is null then @binding else binding end,
		    reviews_most = case when opened_at is null then @most::integer else reviews_most end,
		    scale_min = case when opened_at is null then @min else scale_min end,
		    scale_max = case when opened_at is null then @max else scale_max end,
		    opens_at = case when opened_at is null then @opens else opens_at end
		where id = @id`,
		pg.Args{
			"id": r.ID, "name": strings.TrimSpace(r.Name), "feedback": r.Feedback, "reviews": r.ReviewsPerEntry,
			"closes": r.ClosesAt, "panel": r.PanelID, "blind": r.Blind, "binding": cmp.Or(r.Binding, Raw),
			"most": r.ReviewsMost, "min": r.ScaleMin, "max": r.ScaleMax, "opens": r.OpensAt,
		})
	if err != nil {
		return fmt.Errorf("save round: %w", err)
	}
	if !is.scored {
		if err := writeRubric(ctx, tx, r.ID, rubric); err != nil {
			return err
		}
	}
	return record(ctx, tx, by, r.EditionID, "round.save", "round", int64(r.ID), nil)
}

// MayOpen says what a round still needs before jurors can begin, or nil.
func (r Round) MayOpen(rubric []Criterion, assignments int) error {
	counted := false
	for _, c := range rubric {
		counted = counted || c.Counted && c.Weight > 0
	}
	switch {
	case r.OpenedAt != nil:
		return problem.New(problem.Conflict, "round.open-already", "The round is open already.")
	case !counted:
		return problem.New(problem.Denied, "round.no-criterion", "Give the rubric a criterion that counts.")
	case assignments == 0:
		return problem.New(problem.Denied, "round.no-assignment", "Give the jurors films first.")
	}
	return nil
}

// OpenRound lets the jurors begin, at once or when opens_at comes, and queues the
// letters that tell them.
func OpenRound(ctx context.Context, tx pgx.Tx, by account.ID, id RoundID) error {
	is, err := lockRound(ctx, tx, id)
	if err != nil {
		return err
	}
	r, err := RoundOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if is.late {
		return problem.New(problem.Denied, "round.ended-before", "The day on which scoring ends has passed. Move it first.")
	}
	rubric, err := Rubric(ctx, tx, id)
	if err != nil {
		return err
	}
	given, err := pg.Value[int](ctx, tx, `
		select count(*)::int
		from assignments
		where round_id = @id and state <> 'recused'`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("count assignments: %w", err)
	}
	if err := r.MayOpen(rubric, given); err != nil {
		return err
	}
	if err := stamp(ctx, tx, id, "update rounds set opened_at = clock_timestamp() where id = @id"); err != nil {
		return err
	}
	if err := tellAll(ctx, tx, id); err != nil {
		return err
	}
	return record(ctx, tx, by, r.EditionID, "round.open", "round", int64(id), nil)
}

// CloseRound ends scoring. It waits for scores that are being saved; after it
// no score is taken. A round that is closed already stays so.
//
// The instant is read in a statement of its own: in the one that takes the lock
// it could be earlier than the last score that it waited for.
func CloseRound(ctx context.Context, tx pgx.Tx, by account.ID, id RoundID) error {
	is, err := lockRound(ctx, tx, id)
	if err != nil {
		return err
	}
	if !is.opened {
		return problem.New(problem.Denied, "round.not-open", "The round has not been opened.")
	}
	if is.stamped {
		return nil
	}
	if err := stamp(ctx, tx, id, "update rounds set closed_at = clock_timestamp() where id = @id"); err != nil {
		return err
	}
	r, err := RoundOf(ctx, tx, id)
	if err != nil {
		return err
	}
	return record(ctx, tx, by, r.EditionID, "round.close", "round", int64(id), nil)
}

func stamp(ctx context.Context, tx pgx.Tx, id RoundID, sql string) error {
	if _, err := tx.Exec(ctx, sql, pg.Args{"id": id}); err != nil {
		return fmt.Errorf("stamp round: %w", err)
	}
	return nil
}

// standing is what a round is by the database's clock, under a lock.
type standing struct {
	opened  bool // by an organizer
	stamped bool // closed by an organizer
	late    bool // closes_at has come
	ended   bool // closed by an organizer, or by its date
	scored  bool
}

// lockRound keeps savers of scores and others who change the round out until the
// transaction ends, and then reads the clock.
func lockRound(ctx context.Context, tx pgx.Tx, id RoundID) (standing, error) {
	_, err := pg.Value[RoundID](ctx, tx, `
		select id
		from rounds
		where id = @id
		for update`,
		pg.Args{"id": id})
	if err != nil {
		return standing{}, fmt.Errorf("lock round: %w", err)
	}
	type row struct{ Opened, Stamped, Late, Scored bool }
	s, err := pg.One[row](ctx, tx, `
		select opened_at is not null as opened,
		       closed_at is not null as stamped,
		       closes_at <= clock_timestamp() as late,
		       exists (select from scores s join assignments a on a.id = s.assignment_id where a.round_id = @id) as scored
		from rounds
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return standing{}, fmt.Errorf("read round: %w", err)
	}
	return standing{s.Opened, s.Stamped, s.Late, s.Stamped || s.Opened && s.Late, s.Scored}, nil
}

// Unseal returns nil once nothing can change in a round any more, and otherwise
// the reason why its scores are hidden from everybody. It waits for scores whose
// saving began before the end. Whoever reads scores calls it first, in the same
// transaction.
func Unseal(ctx context.Context, tx pgx.Tx, id RoundID) error {
	is, err := lockRound(ctx, tx, id)
	if err != nil {
		return err
	}
	if !is.ended {
		return problem.New(problem.Denied, "round.sealed",
			"Scores stay sealed until the round is closed: nobody sees them before, organizers included.")
	}
	return nil
}
