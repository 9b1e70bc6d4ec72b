package thread

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/pg"
)

// An addressee is one person who is told.
type addressee struct {
	AccountID account.ID
	Locale    locale.Locale
}

// makersOf are the people of an entry.
func makersOf(ctx context.Context, tx pgx.Tx, e entry.Entry) ([]addressee, error) {
	return pg.Rows[addressee](ctx, tx, `
		select a.id as account_id, a.locale
		from makers m
		join accounts a on a.id = m.account_id
		where m.work_id = @work
		order by a.id`,
		pg.Args{"work": e.WorkID})
}

// organizersOf are the festival's organizers who may know of an entry.
func organizersOf(ctx context.Context, tx pgx.Tx, e entry.Entry) ([]addressee, error) {
	return pg.Rows[addressee](ctx, tx, `
		select a.id as account_id, a.locale
		from memberships m
		join editions ed on ed.festival_id = m.festival_id and ed.id = @edition
		join accounts a on a.id = m.account_id
		where m.role = 'organizer'
		  and not exists (select from kept_apart k where k.entry_id = @entry and k.account_id = a.id)
		order by a.id`,
		pg.Args{"edition": e.EditionID, "entry": e.ID})
}

// facts are what letters about an entry say of it.
type facts struct {
	FestivalName string
	FestivalSlug string
	EditionName  string
	EditionSlug  string
	Zone         string
	City         string
}

func factsOf(ctx context.Context, tx pgx.Tx, e entry.Entry) (facts, error) {
	f, err := pg.One[facts](ctx, tx, `
		select f.name as festival_name, f.slug as festival_slug, ed.name as edition_name, ed.slug as edition_slug, ed.zone, ed.city
		from editions ed
		join festivals f on f.id = ed.festival_id
		where ed.id = @edition`,
		pg.Args{"edition": e.EditionID})
	if err != nil {
		return facts{}, fmt.Errorf("read facts of entry %s: %w", e.Code, err)
	}
	return f, nil
}

func (f facts) args(e entry.Entry) mail.Args {
	return mail.Args{Festival: f.FestivalName, Edition: f.EditionName, Number: e.Label(), Link: "/my/entries/" + e.Code + "/messages", Zone: f.Zone, City: f.City}
}

// tellMessage queues a letter to everybody of the other side. It is named after
// the first message that waits, so that a second one is not written. Letters to
// organizers stand in no edition's outbox, where those who are kept apart look.
func tellMessage(ctx context.Context, tx pgx.Tx, by account.ID, e entry.Entry, from Side) error {
	first, err := pg.Value[int64](ctx, tx, `
		select min(id)
		from messages
		where entry_id = @entry and side = @side and read_at is null`,
		pg.Args{"entry": e.ID, "side": string(from)})
	if err != nil {
		return fmt.Errorf("find the first message that waits: %w", err)
	}
	f, err := factsOf(ctx, tx, e)
	if err != nil {
		return err
	}
	list, letter := makersOf, mail.Letter{Kind: mail.MessageWaits, Edition: new(int64(e.EditionID)), Args: f.args(e)}
	if from == Makers {
		list, letter.Edition = organizersOf, nil
		letter.Args.Link = "/organize/" + f.FestivalSlug + "/" + f.EditionSlug + "/entries/" + e.Code + "/messages"
	}
	people, err := list(ctx, tx, e)
	if err != nil {
		return fmt.Errorf("list who is told of a message: %w", err)
	}
	return tell(ctx, tx, by, people, letter, fmt.Sprintf("message:%d", first))
}

// tellTask queues a letter to the makers that says what is needed.
func tellTask(ctx context.Context, tx pgx.Tx, by account.ID, e entry.Entry, id int64, body string, due time.Time) error {
	f, err := factsOf(ctx, tx, e)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(f.Zone)
	if err != nil {
		return fmt.Errorf("read the edition's zone: %w", err)
	}
	args := f.args(e)
	args.Message = body
	args.Until = time.Date(due.Year(), due.Month(), due.Day(), 12, 0, 0, 0, zone)
	people, err := makersOf(ctx, tx, e)
	if err != nil {
		return fmt.Errorf("list the makers of entry %s: %w", e.Code, err)
	}
	return tell(ctx, tx, by, people, mail.Letter{Kind: mail.TaskSet, Edition: new(int64(e.EditionID)), Args: args}, fmt.Sprintf("task:%d", id))
}

func tell(ctx context.Context, tx pgx.Tx, by account.ID, people []addressee, l mail.Letter, event string) error {
	for _, p := range people {
		if p.AccountID == by {
			continue
		}
		l.Account, l.Locale, l.EventKey = new(int64(p.AccountID)), p.Locale, fmt.Sprintf("%s:%d", event, p.AccountID)
		if _, err := mail.Queue(ctx, tx, l); err != nil {
			return fmt.Errorf("tell of %s: %w", event, err)
		}
	}
	return nil
}
