package festival

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// EditionID names an edition inside the house; addresses carry both slugs.
type EditionID int64

// An Edition is one year's festival.
type Edition struct {
	ID              EditionID
	FestivalID      ID
	FestivalSlug    string
	FestivalName    string
	FestivalContact string
	Slug            string
	Name            string // "9th edition, 2027"
	Prefix          string // before entry numbers: F9
	Tagline         string // the call's headline
	Intro           string
	Regulations     string // paragraphs, separated by empty lines
	City            string // names the zone for people: "23:59 in Mahabar"
	Zone            string // IANA name
	Country         string // ISO 3166-1 alpha-2; empty: not said
	StartsOn        time.Time
	EndsOn          time.Time
	DecisionsOn     *time.Time // when filmmakers hear; nil: not said
	FeeWords        string     // how fees are paid that are not paid here; empty: not said
	HeroCode        *string    // code of the call's picture
	CallOpenedAt    *time.Time
	LineupAt        *time.Time // since when the line-up is public; nil: it is not, by the database's clock
	LineupDue       *time.Time // when it is to be public; nil: nobody has said so
	AwardsAt        *time.Time
	LastDeadline    *time.Time // the last rung of all its categories
}

// A Phase is where an edition stands.
type Phase string

// The phases of an edition, in order.
const (
	Draft   Phase = "draft"   // the call is not public
	Open    Phase = "open"    // entries are taken
	Judging Phase = "judging" // all deadlines have passed
	Public  Phase = "public"  // the line-up is out
	Awarded Phase = "awarded" // the awards are out
)

// PhaseAt tells where the edition stands at now.
func (e Edition) PhaseAt(now time.Time) Phase {
	switch {
	case e.CallOpenedAt == nil:
		return Draft
	case e.AwardsAt != nil:
		return Awarded
	case e.LineupAt != nil:
		return Public
	case e.LastDeadline != nil && now.Before(*e.LastDeadline):
		return Open
	}
	return Judging
}

// Location is the edition's time zone; an unknown name counts as UTC.
func (e Edition) Location() *time.Location {
	if loc, err := time.LoadLocation(e.Zone); err == nil {
		return loc
	}
	return time.UTC
}

// Path is the edition's public address; Desk is its organizers'.
func (e Edition) Path() string { return "/" + e.FestivalSlug + "/" + e.Slug }

// Desk is the address of the edition's pages for organizers.
func (e Edition) Desk() string { return "/organize" + e.Path() }

const editionColumns = `
	e.id, e.festival_id, f.slug as festival_slug, f.name as festival_name, f.contact as festival_contact,
	e.slug, e.name, e.prefix, e.tagline, e.intro, e.regulations, e.city, e.zone, coalesce(e.country, '') as country,
	e.starts_on, e.ends_on, e.decisions_on, e.fee_words, h.code as hero_code,
	e.call_opened_at, case when e.lineup_at <= clock_timestamp() then e.lineup_at end as lineup_at, e.lineup_at as lineup_due, e.awards_at,
	(select max(d.closes_at) from deadlines d join categories c on c.id = d.category_id where c.edition_id = e.id) as last_deadline
	from editions e
	join festivals f on f.id = e.festival_id
	left join files h on h.id = e.hero_file_id`

// EditionAt finds an edition by the slugs of its address.
func EditionAt(ctx context.Context, db pg.DB, festival, edition string) (Edition, error) {
	return pg.One[Edition](ctx, db, `
		select `+editionColumns+`
		where f.slug = @festival and e.slug = @edition`,
		pg.Args{"festival": festival, "edition": edition})
}

// EditionOf finds an edition by its id.
func EditionOf(ctx context.Context, db pg.DB, id EditionID) (Edition, error) {
	return pg.One[Edition](ctx, db, `
		select `+editionColumns+`
		where e.id = @id`,
		pg.Args{"id": id})
}

// Editions lists a festival's editions, newest first.
func Editions(ctx context.Context, db pg.DB, festival ID) ([]Edition, error) {
	return pg.Rows[Edition](ctx, db, `
		select `+editionColumns+`
		where e.festival_id = @festival
		order by e.starts_on desc, e.id desc`,
		pg.Args{"festival": festival})
}

// PublicEditions lists the editions whose call has been opened, newest first.
func PublicEditions(ctx context.Context, db pg.DB) ([]Edition, error) {
	return pg.Rows[Edition](ctx, db, `
		select `+editionColumns+`
		where e.call_opened_at is not null
		order by e.starts_on desc, e.id desc`,
		pg.Args{})
}

// OfOrganizers lists the editions of all festivals in which the account is an
// organizer, newest first.
func OfOrganizers(ctx context.Context, db pg.DB, by account.ID) ([]Edition, error) {
	return pg.Rows[Edition](ctx, db, `
		select `+editionColumns+`
		join memberships m on m.festival_id = f.id and m.role = 'organizer' and m.account_id = @by
		order by e.starts_on desc, e.id desc`,
		pg.Args{"by": by})
}

// CreateEdition makes an edition whose call is not yet public.
func CreateEdition(ctx context.Context, tx pgx.Tx, by account.ID, e Edition) (EditionID, error) {
	id, err := pg.Value[EditionID](ctx, tx, `
		insert into editions (festival_id, slug, name, prefix, tagline, intro, regulations, city, zone, country, starts_on, ends_on, decisions_on)
		values (@festival, @slug, @name, @prefix, @tagline, @intro, @regulations, @city, @zone, nullif(@country, ''), @starts, @ends, @decisions)
		returning id`,
		pg.Args{
			"festival": e.FestivalID, "slug": e.Slug, "name": e.Name, "prefix": e.Prefix, "tagline": e.Tagline,
			"intro": e.Intro, "regulations": e.Regulations, "city": e.City, "zone": e.Zone, "country": e.Country,
			"starts": e.StartsOn, "ends": e.EndsOn, "decisions": e.DecisionsOn,
		})
	if err != nil {
		return 0, fmt.Errorf("create edition: %w", err)
	}
	return id, record(ctx, tx, by, id, "created", "edition", int64(id), e)
}

// SaveEdition changes an edition's words and dates; its slug and its entries'
// prefix stay.
func SaveEdition(ctx context.Context, tx pgx.Tx, by account.ID, e Edition) error {
	_, err := tx.Exec(ctx, `
		update editions
		set name = @name, tagline = @tagline, intro = @intro, regulations = @regulations,
		    city = @city, zone = @zone, country = nullif(@country, ''), starts_on = @starts, ends_on = @ends, decisions_on = @decisions
		where id = @id`,
		pg.Args{
			"id": e.ID, "name": e.Name, "tagline": e.Tagline, "intro": e.Intro, "regulations": e.Regulations,
			"city": e.City, "zone": e.Zone, "country": e.Country, "starts": e.StartsOn, "ends": e.EndsOn, "decisions": e.DecisionsOn,
		})
	if err != nil {
		return fmt.Errorf("save edition: %w", err)
	}
	return record(ctx, tx, by, e.ID, "changed", "edition", int64(e.ID), e)
}

// SetHero gives the call its picture.
func SetHero(ctx context.Context, tx pgx.Tx, by account.ID, id EditionID, file int64) error {
	_, err := tx.Exec(ctx, `
		update editions
		set hero_file_id = @file
		where id = @id`,
		pg.Args{"id": id, "file": file})
	if err != nil {
		return fmt.Errorf("set hero: %w", err)
	}
	return record(ctx, tx, by, id, "changed", "edition", int64(id), map[string]int64{"hero": file})
}

// MayOpen says what an edition still needs before its call can be opened, or nil.
func (e Edition) MayOpen(categories []Category, now time.Time) error {
	switch {
	case e.CallOpenedAt != nil:
		return problem.New(problem.Conflict, "edition.open-already", "The call is open already.")
	case len(categories) == 0:
		return problem.New(problem.Denied, "edition.no-category", "Add a category first: a film is always entered in one.")
	}
	for _, c := range categories {
		if c.Last() == nil || !now.Before(c.Last().ClosesAt) {
			return problem.New(problem.Denied, "edition.no-deadline",
				"{{.Category}} has no deadline in the future. Give it one first.", "Category", c.Name)
		}
	}
	return nil
}

// OpenCall makes the call public; from now on filmmakers can enter.
func OpenCall(ctx context.Context, tx pgx.Tx, by account.ID, id EditionID, now time.Time) error {
	e, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	categories, err := Categories(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := e.MayOpen(categories, now); err != nil {
		return err
	}
	return stamp(ctx, tx, by, id, "opened the call", `
		update editions
		set call_opened_at = clock_timestamp()
		where id = @id and call_opened_at is null`)
}

// PublishLineup makes the line-up public at an instant, nil for now; as long as
// it has not come it can be moved. It is refused while somebody who was decided
// on has not been told: nobody learns from the web that they are out.
func PublishLineup(ctx context.Context, tx pgx.Tx, by account.ID, id EditionID, at *time.Time) error {
	if _, err := lock(ctx, tx, id); err != nil {
		return err
	}
	waiting, err := pg.Value[int](ctx, tx, `
		select count(*)::int
		from decisions d
		join present_entries e on e.id = d.entry_id
		where e.edition_id = @id and d.released_at is null`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("count untold decisions: %w", err)
	}
	if waiting > 0 {
		return problem.New(problem.Denied, "lineup.untold",
			"Some decisions have not been released. Tell their filmmakers first, then publish the line-up.")
	}
	_, err = tx.Exec(ctx, `
		update editions
		set lineup_at = greatest(clock_timestamp(), @at::timestamptz)
		where id = @id and (lineup_at is null or lineup_at > clock_timestamp())`,
		pg.Args{"id": id, "at": at})
	if err != nil {
		return fmt.Errorf("publish the line-up: %w", err)
	}
	return record(ctx, tx, by, id, "published the line-up", "edition", int64(id), nil)
}

// HoldLineup takes back the instant at which the line-up is to be public, as
// long as it has not come.
func HoldLineup(ctx context.Context, tx pgx.Tx, by account.ID, id EditionID) error {
	return stamp(ctx, tx, by, id, "held the line-up back", `
		update editions
		set lineup_at = null
		where id = @id and lineup_at > clock_timestamp()`)
}

// PublishAwards makes the awards public; the line-up has to be out.
func PublishAwards(ctx context.Context, tx pgx.Tx, by account.ID, id EditionID) error {
	e, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if e.LineupAt == nil {
		return problem.New(problem.Denied, "awards.before-lineup", "Publish the line-up first.")
	}
	return stamp(ctx, tx, by, id, "published the awards", `
		update editions
		set awards_at = clock_timestamp()
		where id = @id and awards_at is null`)
}

func lock(ctx context.Context, tx pgx.Tx, id EditionID) (Edition, error) {
	_, err := pg.Value[EditionID](ctx, tx, `
		select id
		from editions
		where id = @id
		for update`,
		pg.Args{"id": id})
	if err != nil {
		return Edition{}, fmt.Errorf("lock edition: %w", err)
	}
	return EditionOf(ctx, tx, id)
}

func stamp(ctx context.Context, tx pgx.Tx, by account.ID, id EditionID, verb, sql string) error {
	if _, err := tx.Exec(ctx, sql, pg.Args{"id": id}); err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	return record(ctx, tx, by, id, verb, "edition", int64(id), nil)
}

// TakeNumbers gives out n entry numbers of an edition and returns the first.
// The edition stays locked until the transaction ends, so that no number is
// given twice.
func TakeNumbers(ctx context.Context, tx pgx.Tx, id EditionID, n int) (int, error) {
	last, err := pg.Value[int](ctx, tx, `
		update editions
		set last_number = last_number + @n
		where id = @id
		returning last_number`,
		pg.Args{"id": id, "n": n})
	if err != nil {
		return 0, fmt.Errorf("take entry numbers: %w", err)
	}
	return last - n + 1, nil
}
