package entry

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// ID names an entry inside the house.
type ID int64

// A State is where an entry stands. What the jury thinks is no state: the
// decision is kept apart until it is released.
type State string

// The states of an entry.
const (
	Draft      State = "draft"      // only its makers see it
	Submitted  State = "submitted"  // waits to be checked
	Accepted   State = "eligible"   // meets the rules
	Ineligible State = "ineligible" // the organizers say why
	Withdrawn  State = "withdrawn"  // by its makers; for good
	Erased     State = "erased"     // its film is gone, and nobody sees it
)

// States in the order of an entry's way.
var States = []State{Draft, Submitted, Accepted, Ineligible, Withdrawn}

// An Entry is one work submitted to one category. Film is the frozen snapshot
// of what was submitted.
type Entry struct {
	ID          ID
	Code        string
	EditionID   festival.EditionID
	CategoryID  festival.CategoryID
	WorkID      WorkID
	OwnerID     *account.ID // nil: imported, and nobody has claimed it
	Prefix      string
	Number      int
	State       State
	Film        *Film // nil while a draft
	FilmVersion *int  // of the work, when the snapshot was taken
	CreatedAt   time.Time
	SubmittedAt *time.Time // when the first submission reached us
	OpenedAt    *time.Time // when somebody of the festival first opened it
	LateUntil   *time.Time // it may be sent until then, deadlines or not; nil: as its category says
	ToldUntil   *time.Time // of a draft: likewise, for somebody told the festival of its film in time
	ToldAt      *time.Time // when somebody told the festival of it, if it counts by that
}

// Label is how an entry is called in lists and letters: F9-0417.
func (e Entry) Label() string { return Label(e.Prefix, e.Number) }

// Label is the edition's prefix and the entry's number: F9-0417.
func Label(prefix string, number int) string { return fmt.Sprintf("%s-%04d", prefix, number) }

const entryColumns = `
	e.id, e.code, e.edition_id, e.category_id, e.work_id, w.owner_id, ed.prefix, e.number, e.state,
	e.film, e.film_version, e.created_at, e.submitted_at, e.opened_at, e.late_until,
	case when e.state = 'draft' then told_until(e.work_id, e.category_id, e.late_until) end as told_until, e.told_at
	from entries e
	join editions ed on ed.id = e.edition_id
	join works w on w.id = e.work_id`

// ByCode finds an entry for people of the festival; none, one that is erased or
// one that its makers have shut is pgx.ErrNoRows. Whoever calls it knows that
// the reader may see it.
func ByCode(ctx context.Context, db pg.DB, code string) (Entry, error) {
	e, err := pg.One[Entry](ctx, db, `
		select `+entryColumns+`
		where e.code = @code and e.state <> 'erased' and (w.frozen_until is null or w.frozen_until <= statement_timestamp())`,
		pg.Args{"code": code})
	if err != nil {
		return Entry{}, fmt.Errorf("find entry %s: %w", code, err)
	}
	return e, nil
}

// ByID is ByCode for who knows an entry by its number inside the house.
func ByID(ctx context.Context, db pg.DB, id ID) (Entry, error) {
	e, err := pg.One[Entry](ctx, db, `
		select `+entryColumns+`
		where e.id = @id and e.state <> 'erased' and (w.frozen_until is null or w.frozen_until <= statement_timestamp())`,
		pg.Args{"id": id})
	if err != nil {
		return Entry{}, fmt.Errorf("find entry %d: %w", id, err)
	}
	return e, nil
}

// ByMaker finds an entry of a work whose maker may do what need allows; who
// makes it, but may not, is told so. Anybody else's does not exist.
func ByMaker(ctx context.Context, db pg.DB, maker account.ID, code string, need Level) (Entry, error) {
	type row struct {
		Entry
		Level Level
	}
	r, err := pg.One[row](ctx, db, `
		select m.level, `+entryColumns+asMaker+`
		where e.code = @code`,
		pg.Args{"code": code, "maker": maker})
	if err != nil {
		return Entry{}, fmt.Errorf("find entry %s: %w", code, err)
	}
	return r.Entry, r.Level.Refuse(need)
}

// Start enters a maker's work in a category, as a draft with the
// edition's next number. It is refused before the call opens and after the
// last deadline; a work is entered once in a category.
func Start(ctx context.Context, tx pgx.Tx, maker account.ID, work string, category festival.CategoryID) (Entry, error) {
	return StartWith(ctx, tx, maker, work, category, "")
}

// StartWith is Start with a code of the festival, which may let in after the
// last deadline; an empty word is none.
func StartWith(ctx context.Context, tx pgx.Tx, maker account.ID, work string, category festival.CategoryID, typed string) (Entry, error) {
	w, err := WorkBy(ctx, tx, maker, work)
	if err != nil {
		return Entry{}, err
	}
	if err := w.Level.Refuse(LevelSubmit); err != nil {
		return Entry{}, err
	}
	number, err := nextNumber(ctx, tx, category)
	if err != nil {
		return Entry{}, err
	}
	c, err := festival.CategoryOf(ctx, tx, category)
	if err != nil {
		return Entry{}, err
	}
	var got claimed
	if typed != "" {
		if got, err = claim(ctx, tx, c, typed); err != nil {
			return Entry{}, err
		}
	}
	if got.LateUntil == nil {
		if err := open(ctx, tx, c, w.ID); err != nil {
			return Entry{}, err
		}
	}
	code := account.Code()
	id, err := pg.Value[ID](ctx, tx, `
		insert into entries (code, edition_id, category_id, work_id, number, fee)
		values (@code, @edition, @category, @work, @number, 'due')
		returning id`,
		pg.Args{"code": code, "edition": c.EditionID, "category": c.ID, "work": w.ID, "number": number})
	if err != nil {
		return Entry{}, fmt.Errorf("start entry: %w", err)
	}
	if err := attachCode(ctx, tx, id, got); err != nil {
		return Entry{}, err
	}
	if err := note(ctx, tx, step{id, string(Draft), "", maker, c.EditionID}); err != nil {
		return Entry{}, err
	}
	return ByMaker(ctx, tx, maker, code, LevelSubmit)
}

// nextNumber raises the edition's last number; the edition stays locked until
// the transaction ends, so that no number is given twice.
func nextNumber(ctx context.Context, tx pgx.Tx, category festival.CategoryID) (int, error) {
	edition, err := pg.Value[festival.EditionID](ctx, tx, `
		select e.id
		from editions e
		join categories c on c.edition_id = e.id
		where c.id = @category and e.call_opened_at is not null`,
		pg.Args{"category": category})
	if err != nil {
		return 0, fmt.Errorf("find edition of category: %w", err)
	}
	return festival.TakeNumbers(ctx, tx, edition, 1)
}

// open says why a category does not take a work, or nil. The instant is the
// database's.
func open(ctx context.Context, tx pgx.Tx, c festival.Category, work WorkID) error {
	now, err := arrival(ctx, tx, 0)
	if err != nil || c.RungAt(now) != nil {
		return err
	}
	told, err := pg.Value[*time.Time](ctx, tx, `select told_until(@work, @category, null)`, pg.Args{"work": work, "category": c.ID})
	if err != nil {
		return fmt.Errorf("see whether the festival was told of a film: %w", err)
	}
	if told == nil || !now.Before(*told) {
		return closed(c)
	}
	return nil
}

// Grace bounds how long a request may take to arrive whole. An entry counts
// if the beginning of its request reached us before the deadline.
const Grace = 10 * time.Minute

// arrival is the instant at which the request reached us, by the database's
// clock.
func arrival(ctx context.Context, tx pgx.Tx, waited time.Duration) (time.Time, error) {
	waited = min(max(waited, 0), Grace)
	arrived, err := pg.Value[time.Time](ctx, tx, `select clock_timestamp() - @waited::interval`, pg.Args{"waited": waited})
	if err != nil {
		return time.Time{}, fmt.Errorf("read clock: %w", err)
	}
	return arrived, nil
}

func closed(c festival.Category) error {
	return problem.New(problem.Denied, "entry.closed",
		"The call for {{.Category}} has closed. What you have sent stands; nothing can be sent or changed any more.",
		"Category", c.Name)
}
