package festival

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/money"
	"laurel/internal/pg"
)

// CategoryID names a category inside the house.
type CategoryID int64

// A Category is a competition or section of an edition.
type Category struct {
	ID          CategoryID
	EditionID   EditionID
	Slug        string
	Position    int
	Name        string
	Description string
	Places      *int       // how many films can be selected; nil: open
	BytesHours  int        // how long after the deadline a film that was announced in time may still be on its way; 0 to MaxBytesHours
	Rules       []Rule     `db:"-"`
	Deadlines   []Deadline `db:"-"` // by instant
}

// Hours after a deadline in which a film may still arrive.
const (
	UsualBytesHours = 72
	MaxBytesHours   = 720
)

// A RuleKind says what a rule looks at.
type RuleKind string

// The kinds of eligibility rule.
const (
	RuntimeMin     RuleKind = "runtime-min"     // Seconds at least
	RuntimeMax     RuleKind = "runtime-max"     // Seconds at most
	CompletedAfter RuleKind = "completed-after" // on or after Day
	FromCountry    RuleKind = "country"         // a country of production among Codes
	InLanguage     RuleKind = "language"        // a spoken language among Codes
	WithSubtitles  RuleKind = "subtitles"       // spoken or subtitled in one of Codes, or without dialogue
	FirstFilm      RuleKind = "first-film"
	StudentFilm    RuleKind = "student"
)

// RuleKinds in the order of the form.
var RuleKinds = []RuleKind{RuntimeMin, RuntimeMax, CompletedAfter, FromCountry, InLanguage, WithSubtitles, FirstFilm, StudentFilm}

// A Rule is a condition that an entry must meet.
type Rule struct {
	CategoryID CategoryID
	Kind       RuleKind
	Seconds    *int
	Day        *time.Time
	Codes      []string // ISO codes of countries or languages
}

// A Deadline is a rung of a category's ladder: until ClosesAt an entry costs
// the fee. The window is half-open: at ClosesAt itself the rung is over.
type Deadline struct {
	ID          int64
	CategoryID  CategoryID
	Name        string
	ClosesAt    time.Time
	FeeMinor    int64
	FeeCurrency string
}

// Fee is the rung's fee.
func (d Deadline) Fee() money.Amount {
	return money.Amount{Minor: d.FeeMinor, Currency: d.FeeCurrency}
}

// Last is the last rung, or nil when there is none.
func (c Category) Last() *Deadline {
	if len(c.Deadlines) == 0 {
		return nil
	}
	return &c.Deadlines[len(c.Deadlines)-1]
}

// RungAt is the rung in force at now, or nil when all have passed.
func (c Category) RungAt(now time.Time) *Deadline {
	for i := range c.Deadlines {
		if now.Before(c.Deadlines[i].ClosesAt) {
			return &c.Deadlines[i]
		}
	}
	return nil
}

// Rule is the category's rule of a kind, if it has one.
func (c Category) Rule(kind RuleKind) (Rule, bool) {
	for _, r := range c.Rules {
		if r.Kind == kind {
			return r, true
		}
	}
	return Rule{}, false
}

const categoryColumns = `id, edition_id, slug, position, name, description, places, bytes_hours`

// Categories lists an edition's categories with rules and ladders, in order:
// three queries however many there are.
func Categories(ctx context.Context, db pg.DB, edition EditionID) ([]Category, error) {
	list, err := pg.Rows[Category](ctx, db, `
		select `+categoryColumns+`
		from categories
		where edition_id = @edition
		order by position`,
		pg.Args{"edition": edition})
	if err != nil {
		return nil, fmt.Errorf("list categories: %w", err)
	}
	return list, fill(ctx, db, list)
}

// CategoryAt finds a category of an edition by its slug.
func CategoryAt(ctx context.Context, db pg.DB, edition EditionID, slug string) (Category, error) {
	return oneCategory(ctx, db, `edition_id = @edition and slug = @slug`, pg.Args{"edition": edition, "slug": slug})
}

// CategoryOf finds a category by its id.
func CategoryOf(ctx context.Context, db pg.DB, id CategoryID) (Category, error) {
	return oneCategory(ctx, db, `id = @id`, pg.Args{"id": id})
}

func oneCategory(ctx context.Context, db pg.DB, where string, args pg.Args) (Category, error) {
	c, err := pg.One[Category](ctx, db, `
		select `+categoryColumns+`
		from categories
		where `+where, args)
	if err != nil {
		return Category{}, fmt.Errorf("find category: %w", err)
	}
	list := []Category{c}
	if err := fill(ctx, db, list); err != nil {
		return Category{}, err
	}
	return list[0], nil
}

// fill attaches rules and ladders with one query each.
func fill(ctx context.Context, db pg.DB, list []Category) error {
	at := map[CategoryID]*Category{}
	ids := make([]int64, len(list))
	for i := range list {
		at[list[i].ID] = &list[i]
		ids[i] = int64(list[i].ID)
	}
	rules, err := pg.Rows[Rule](ctx, db, `
		select category_id, kind, seconds, day, codes
		from rules
		where category_id = any(@ids)
		order by category_id, kind`,
		pg.Args{"ids": ids})
	if err != nil {
		return fmt.Errorf("list rules: %w", err)
	}
	for _, r := range rules {
		c := at[r.CategoryID]
		c.Rules = append(c.Rules, r)
	}
	rungs, err := pg.Rows[Deadline](ctx, db, `
		select id, category_id, name, closes_at, fee_minor, fee_currency
		from deadlines
		where category_id = any(@ids)
		order by category_id, closes_at`,
		pg.Args{"ids": ids})
	if err != nil {
		return fmt.Errorf("list deadlines: %w", err)
	}
	for _, d := range rungs {
		c := at[d.CategoryID]
		c.Deadlines = append(c.Deadlines, d)
	}
	return nil
}

// CreateCategory adds a category at the end, with its rules and ladder.
func CreateCategory(ctx context.Context, tx pgx.Tx, by account.ID, c Category) (CategoryID, error) {
	if _, err := lock(ctx, tx, c.EditionID); err != nil {
		return 0, err
	}
	id, err := pg.Value[CategoryID](ctx, tx, `
		insert into categories (edition_id, slug, position, name, description, places, bytes_hours)
		values (@edition, @slug, (select coalesce(max(position), 0) + 1 from categories where edition_id = @edition),
		        @name, @description, @places, @hours)
		returning id`,
		pg.Args{"edition": c.EditionID, "slug": c.Slug, "name": c.Name, "description": c.Description, "places": c.Places, "hours": c.BytesHours})
	if err != nil {
		return 0, fmt.Errorf("create category: %w", err)
	}
	c.ID = id
	if err := writeParts(ctx, tx, c); err != nil {
		return 0, err
	}
	return id, record(ctx, tx, by, c.EditionID, "created", "category", int64(id), c)
}

// SaveCategory changes a category's words, rules and ladder. Entries that were
// submitted keep their place: rules count when an entry is submitted.
func SaveCategory(ctx context.Context, tx pgx.Tx, by account.ID, c Category) error {
	_, err := tx.Exec(ctx, `
		update categories
		set name = @name, description = @description, places = @places, bytes_hours = @hours
		where id = @id`,
		pg.Args{"id": c.ID, "name": c.Name, "description": c.Description, "places": c.Places, "hours": c.BytesHours})
	if err != nil {
		return fmt.Errorf("save category: %w", err)
	}
	if err := writeParts(ctx, tx, c); err != nil {
		return err
	}
	return record(ctx, tx, by, c.EditionID, "changed", "category", int64(c.ID), c)
}

func writeParts(ctx context.Context, tx pgx.Tx, c Category) error {
	if _, err := tx.Exec(ctx, `delete from rules where category_id = @id`, pg.Args{"id": c.ID}); err != nil {
		return fmt.Errorf("clear rules: %w", err)
	}
	for _, r := range c.Rules {
		codes := r.Codes
		if codes == nil {
			codes = []string{}
		}
		_, err := tx.Exec(ctx, `
			insert into rules (category_id, kind, seconds, day, codes)
			values (@category, @kind, @seconds, @day, @codes)`,
			pg.Args{"category": c.ID, "kind": r.Kind, "seconds": r.Seconds, "day": r.Day, "codes": codes})
		if err != nil {
			return fmt.Errorf("write rule %s: %w", r.Kind, err)
		}
	}
	return writeLadder(ctx, tx, c)
}

// writeLadder keeps a rung that only changed its words or fee, so that entries
// go on knowing the rung at which they came.
func writeLadder(ctx context.Context, tx pgx.Tx, c Category) error {
	instants := make([]time.Time, len(c.Deadlines))
	for i, d := range c.Deadlines {
		instants[i] = d.ClosesAt
	}
	_, err := tx.Exec(ctx, `
		delete from deadlines
		where category_id = @category and closes_at <> all(@instants)`,
		pg.Args{"category": c.ID, "instants": instants})
	if err != nil {
		return fmt.Errorf("clear deadlines: %w", err)
	}
	for _, d := range c.Deadlines {
		_, err := tx.Exec(ctx, `
			insert into deadlines (category_id, name, closes_at, fee_minor, fee_currency)
			values (@category, @name, @closes, @fee, @currency)
			on conflict on constraint deadlines_instant_once
			do update set name = excluded.name, fee_minor = excluded.fee_minor, fee_currency = excluded.fee_currency`,
			pg.Args{"category": c.ID, "name": d.Name, "closes": d.ClosesAt, "fee": d.FeeMinor, "currency": d.FeeCurrency})
		if err != nil {
			return fmt.Errorf("write deadline: %w", err)
		}
	}
	return nil
}
