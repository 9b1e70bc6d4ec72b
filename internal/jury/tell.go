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

// tell queues a letter to each juror of an opened round who has been given films
// after the assignment with id since, and has not submitted them.
func tell(ctx context.Context, tx pgx.Tx, round RoundID, since AssignmentID) error {
	type row struct {
		AccountID    account.ID
		Email        string
		Locale       locale.Locale
		Films        int
		Last         AssignmentID
		EditionID    festival.EditionID
		FestivalName string
		EditionName  string
		PanelName    string
		ClosesAt     time.Time
		Zone         string
		City         string
	}
	rows, err := pg.Rows[row](ctx, tx, `
		select p.id as account_id, p.email::text as email, p.locale, count(*)::int as films, max(a.id) as last,
		       ed.id as edition_id, f.name as festival_name, ed.name as edition_name, n.name as panel_name,
		       r.closes_at, ed.zone, ed.city
		from assignments a
		join rounds r on r.id = a.round_id and r.opened_at is not null
		join panels n on n.id = r.panel_id
		join editions ed on ed.id = n.edition_id
		join festivals f on f.id = ed.festival_id
		join accounts p on p.id = a.account_id
		where a.round_id = @round and a.id > @since and a.state = 'open'
		group by p.id, ed.id, f.id, n.id, r.id
		order by p.id`,
		pg.Args{"round": round, "since": since})
	if err != nil {
		return fmt.Errorf("list jurors to tell: %w", err)
	}
	for _, r := range rows {
		_, err := mail.Queue(ctx, tx, mail.Letter{
			Kind: mail.Assignments, To: r.Email, Account: new(int64(r.AccountID)), Edition: new(int64(r.EditionID)), Locale: r.Locale,
			EventKey: fmt.Sprintf("assignments:%d:%d:%d", round, r.AccountID, r.Last),
			Args: mail.Args{
				Festival: r.FestivalName, Edition: r.EditionName, Panel: r.PanelName, Count: r.Films,
				Link: "/jury", Until: r.ClosesAt, Zone: r.Zone, City: r.City,
			},
		})
		if err != nil {
			return fmt.Errorf("tell juror: %w", err)
		}
	}
	return nil
}

// lastAssignment is the newest assignment of a round, 0 when there is none.
func lastAssignment(ctx context.Context, tx pgx.Tx, round RoundID) (AssignmentID, error) {
	return pg.Value[AssignmentID](ctx, tx, `
		select coalesce(max(id), 0)
		from assignments
		where round_id = @round`,
		pg.Args{"round": round})
}
