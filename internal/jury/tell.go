package jury

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/pg"
)

// news is what changed for a juror: films that are new on the list and films
// that went from it.
type news struct{ New, Gone int }

// tell queues a letter to each juror whose list the change has changed, when the
// round has been opened.
func (c *change) tell(ctx context.Context, tx pgx.Tx, round RoundID) error {
	pairs := func(given bool) ([]Pair, error) {
		return pg.Rows[Pair](ctx, tx, `
			select entry_id as entry, account_id as juror
			from assignment_moves
			where change_id = @id and given = @given`,
			pg.Args{"id": c.id, "given": given})
	}
	given, err := pairs(true)
	if err != nil {
		return fmt.Errorf("list what was given: %w", err)
	}
	taken, err := pairs(false)
	if err != nil {
		return fmt.Errorf("list what was taken: %w", err)
	}
	return tellOf(ctx, tx, round, given, taken, fmt.Sprintf("change-%d", c.id))
}

// tellAll queues a letter to each juror of a round that has just been opened who
// has films.
func tellAll(ctx context.Context, tx pgx.Tx, round RoundID) error {
	open, err := pg.Rows[Pair](ctx, tx, `
		select entry_id as entry, account_id as juror
		from assignments
		where round_id = @round and state = 'open'`,
		pg.Args{"round": round})
	if err != nil {
		return fmt.Errorf("list what is open: %w", err)
	}
	return tellOf(ctx, tx, round, open, nil, "opened")
}

// tellOf queues the letters; event tells them from others about the same round.
func tellOf(ctx context.Context, tx pgx.Tx, round RoundID, given, taken []Pair, event string) error {
	changed := map[account.ID]news{}
	for _, p := range given {
		n := changed[p.Juror]
		n.New++
		changed[p.Juror] = n
	}
	for _, p := range taken {
		n := changed[p.Juror]
		n.Gone++
		changed[p.Juror] = n
	}
	rows, err := addressees(ctx, tx, round)
	if err != nil {
		return err
	}
	for _, r := range rows {
		n, ok := changed[r.AccountID]
		if !ok {
			continue
		}
		_, err := mail.Queue(ctx, tx, mail.Letter{
			Kind: mail.Assignments, Account: new(int64(r.AccountID)), Edition: new(int64(r.EditionID)), Locale: r.Locale,
			EventKey: fmt.Sprintf("assignments:%d:%d:%s", round, r.AccountID, event),
			Args: mail.Args{
				Festival: r.FestivalName, Edition: r.EditionName, Panel: r.PanelName, Count: n.New, Fewer: n.Gone,
				Link: "/jury", Until: r.ClosesAt, Zone: r.Zone, City: r.City,
			},
		})
		if err != nil {
			return fmt.Errorf("tell juror: %w", err)
		}
	}
	return nil
}

// An addressee is a juror of an opened round, with what a letter says of it.
type addressee struct {
	AccountID    account.ID
	Locale       locale.Locale
	EditionID    festival.EditionID
	FestivalName string
	EditionName  string
	PanelName    string
	ClosesAt     time.Time
	Zone         string
	City         string
}

func addressees(ctx context.Context, tx pgx.Tx, round RoundID) ([]addressee, error) {
	rows, err := pg.Rows[addressee](ctx, tx, `
		select p.id as account_id, p.locale,
		       ed.id as edition_id, f.name as festival_name, ed.name as edition_name, n.name as panel_name,
		       r.closes_at, ed.zone, ed.city
		from rounds r
		join panels n on n.id = r.panel_id
		join editions ed on ed.id = n.edition_id
		join festivals f on f.id = ed.festival_id
		join seats s on s.panel_id = n.id and s.left_at is null
		join accounts p on p.id = s.account_id
		where r.id = @round and r.opened_at is not null
		order by p.id`,
		pg.Args{"round": round})
	if err != nil {
		return nil, fmt.Errorf("list jurors to tell: %w", err)
	}
	return rows, nil
}
