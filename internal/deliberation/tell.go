package deliberation

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/pg"
)

// tell queues a letter to each juror who may vote. It stands in no edition's
// outbox: an organizer who must not judge one of the films would learn there that
// a ballot is kept from them.
func tell(ctx context.Context, tx pgx.Tx, id ID) error {
	type row struct {
		AccountID    account.ID
		Locale       locale.Locale
		Code         string
		FestivalName string
		EditionName  string
		PanelName    string
		ClosesAt     time.Time
		Zone         string
		City         string
	}
	rows, err := pg.Rows[row](ctx, tx, `
		select a.id as account_id, a.locale, d.code, f.name as festival_name,
		       ed.name as edition_name, p.name as panel_name, d.closes_at, ed.zone, ed.city
		from deliberations d
		join voters v on v.deliberation_id = d.id
		join accounts a on a.id = v.account_id
		join panels p on p.id = d.panel_id
		join editions ed on ed.id = d.edition_id
		join festivals f on f.id = ed.festival_id
		where d.id = @id
		order by a.id`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("list jurors to call: %w", err)
	}
	for _, r := range rows {
		_, err := mail.Queue(ctx, tx, mail.Letter{
			Kind: mail.Ballot, Account: new(int64(r.AccountID)), Locale: r.Locale,
			EventKey: fmt.Sprintf("ballot:%d:%d", id, r.AccountID),
			Args: mail.Args{
				Festival: r.FestivalName, Edition: r.EditionName, Panel: r.PanelName,
				Link: "/jury/ballots/" + r.Code, Until: r.ClosesAt, Zone: r.Zone, City: r.City,
			},
		})
		if err != nil {
			return fmt.Errorf("call juror: %w", err)
		}
	}
	return nil
}
