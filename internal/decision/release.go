package decision

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Standing is how far the decisions of a category are.
type Standing struct {
	CategoryID  festival.CategoryID
	Slug        string
	Name        string
	Places      *int // nil: open
	Entries     int  // under consideration
	Selected    int  // pending
	NotSelected int  // pending
	Told        int  // released
	Undecided   int
	Scoring     bool // a round of the category is open, or has not begun
}

// Pending is the number of decisions that a release would tell.
func (s Standing) Pending() int { return s.Selected + s.NotSelected }

// Standings lists an edition's categories with their decisions, in order.
func Standings(ctx context.Context, db pg.DB, edition festival.EditionID) ([]Standing, error) {
	return pg.Rows[Standing](ctx, db, `
		select c.id as category_id, c.slug, c.name, c.places,
		       count(e.id)::int as entries,
		       count(*) filter (where d.outcome = 'selected' and d.released_at is null)::int as selected,
		       count(*) filter (where d.outcome = 'not-selected' and d.released_at is null)::int as not_selected,
		       count(d.released_at)::int as told,
		       (count(e.id) - count(d.entry_id))::int as undecided,
		       exists (select from rounds r
		               where r.category_id = c.id and r.closed_at is null
		                 and (r.opened_at is null or r.closes_at > clock_timestamp())) as scoring
		from categories c
		left join present_entries e on e.category_id = c.id and e.state in ('submitted', 'eligible')
		left join decisions d on d.entry_id = e.id
		where c.edition_id = @edition
		group by c.id
		order by c.position`,
		pg.Args{"edition": edition})
}

// A Notice is the letter that tells one decision.
type Notice struct {
	EntryID   entry.ID
	Code      string
	Number    int
	Category  string
	Outcome   Outcome
	Message   string
	Comments  []string    // of jurors, in the order in which they were saved; without names
	AccountID *account.ID // nil: the filmmaker has no account
	Email     string      // of who sent an imported entry; empty: there is an account, or nobody to write to
	Locale    locale.Locale
	Apart     bool // the reader has a conflict with the film: not to be shown to them
}

// Notices lists what a release of these categories would tell, selected entries
// first. Comments are those of submitted scores in rounds that ask for them and
// have ended: before, nobody reads them.
func Notices(ctx context.Context, db pg.DB, reader account.ID, edition festival.EditionID, categories []festival.CategoryID) ([]Notice, error) {
	ids := make([]int64, len(categories))
	for i, id := range categories {
		ids[i] = int64(id)
	}
	return pg.Rows[Notice](ctx, db, `
		select e.id as entry_id, e.code, e.number, c.name as category, d.outcome, d.message,
		       array(select s.feedback
		             from scores s
		             join assignments a on a.id = s.assignment_id and a.state = 'done'
		             join rounds r on r.id = a.round_id and r.feedback and (r.closed_at is not null or r.closes_at <= clock_timestamp())
		             where a.entry_id = e.id and s.current and s.complete and s.feedback <> ''
		             order by s.saved_at) as comments,
		       o.id as account_id,
		       case when o.id is null then coalesce(e.contact ->> 'email', '') else '' end as email,
		       coalesce(o.locale, 'en') as locale,
		       exists (select from kept_apart k where k.account_id = @reader and k.entry_id = e.id) as apart
		from decisions d
		join present_entries e on e.id = d.entry_id and e.state in ('submitted', 'eligible')
		join categories c on c.id = e.category_id
		join works w on w.id = e.work_id
		left join accounts o on o.id = w.owner_id
		where e.edition_id = @edition and e.category_id = any(@categories) and d.released_at is null
		order by d.outcome desc, c.position, e.number`,
		pg.Args{"edition": edition, "categories": ids, "reader": reader})
}

// A Release is what a release did.
type Release struct {
	Selected    int
	NotSelected int
	Letters     int // fewer than decisions where nobody can be told
}

// Tell releases all pending decisions of the categories at once: from then on
// the filmmakers see them, and their letters are in the outbox. Nothing pending
// is refused.
func Tell(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.Edition, categories []festival.CategoryID) (Release, error) {
	if err := lock(ctx, tx, edition.ID); err != nil {
		return Release{}, err
	}
	notices, err := Notices(ctx, tx, by, edition.ID, categories)
	if err != nil {
		return Release{}, fmt.Errorf("list notices: %w", err)
	}
	if len(notices) == 0 {
		return Release{}, problem.New(problem.Denied, "decision.nothing-pending", "There is no decision to release here.")
	}
	var done Release
	ids := make([]int64, len(notices))
	for i, n := range notices {
		ids[i] = int64(n.EntryID)
		if n.Outcome == Selected {
			done.Selected++
		} else {
			done.NotSelected++
		}
		if !n.Reachable() {
			continue
		}
		if _, err := mail.Queue(ctx, tx, n.Letter(edition)); err != nil {
			return Release{}, fmt.Errorf("queue decision: %w", err)
		}
		done.Letters++
	}
	_, err = tx.Exec(ctx, `
		update decisions
		set released_at = clock_timestamp()
		where entry_id = any(@ids) and released_at is null`,
		pg.Args{"ids": ids})
	if err != nil {
		return Release{}, fmt.Errorf("release decisions: %w", err)
	}
	return done, audit.Record(ctx, tx, audit.Event{Actor: new(int64(by)), Edition: new(int64(edition.ID)),
		Verb: "decision.release", Kind: "edition", Subject: int64(edition.ID), After: done})
}

// lock makes releases and publishing of one edition happen one after another.
func lock(ctx context.Context, tx pgx.Tx, edition festival.EditionID) error {
	_, err := pg.Value[festival.EditionID](ctx, tx, `
		select id
		from editions
		where id = @edition
		for update`,
		pg.Args{"edition": edition})
	if err != nil {
		return fmt.Errorf("lock edition: %w", err)
	}
	return nil
}

// Reachable says whether there is somebody to tell: an account, where the news
// waits inside, or an address to write to.
func (n Notice) Reachable() bool {
	_, err := mail.Address(n.Email)
	return err == nil || n.AccountID != nil
}

// Letter is the notice as a letter.
func (n Notice) Letter(edition festival.Edition) mail.Letter {
	kind := mail.NotSelected
	if n.Outcome == Selected {
		kind = mail.Selected
	}
	letter := mail.Letter{
		Kind: kind, To: n.Email, Edition: new(int64(edition.ID)), Locale: n.Locale,
		EventKey: fmt.Sprintf("decision:%d", n.EntryID),
		Args: mail.Args{
			Festival: edition.FestivalName, Edition: edition.Name, Category: n.Category,
			Number: entry.Label(edition.Prefix, n.Number), Message: n.Message, Comments: n.Comments,
		},
	}
	if n.AccountID != nil {
		letter.Account = new(int64(*n.AccountID))
		letter.Args.Link = "/my/entries/" + n.Code
	}
	return letter
}

// MayPublish says why the line-up must not be published yet: somebody whose film
// is under consideration has not been told. nil when everybody has.
func MayPublish(ctx context.Context, db pg.DB, edition festival.EditionID) error {
	waiting, err := pg.Value[int](ctx, db, `
		select count(*)::int
		from present_entries e
		left join decisions d on d.entry_id = e.id
		where e.edition_id = @edition and e.state in ('submitted', 'eligible') and d.released_at is null`,
		pg.Args{"edition": edition})
	if err != nil {
		return fmt.Errorf("count entries without an answer: %w", err)
	}
	if waiting > 0 {
		return problem.New(problem.Denied, "decision.untold",
			"The line-up waits until every filmmaker has been told. Films without an answer: {{.Count}}.", "Count", waiting)
	}
	return nil
}

// SelectedAndTold counts the films of an edition whose makers know that they
// were selected.
func SelectedAndTold(ctx context.Context, db pg.DB, edition festival.EditionID) (int, error) {
	n, err := pg.Value[int](ctx, db, `
		select count(*)::int
		from decisions d
		join present_entries e on e.id = d.entry_id and e.state in ('submitted', 'eligible')
		where e.edition_id = @edition and d.outcome = 'selected' and d.released_at is not null`,
		pg.Args{"edition": edition})
	if err != nil {
		return 0, fmt.Errorf("count selected films: %w", err)
	}
	return n, nil
}
