package jury

import (
	"context"
	"fmt"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// Seated finds a round by its code for a juror who sits on its panel, and says
// whether they preside over it; anybody else is pgx.ErrNoRows.
func Seated(ctx context.Context, db pg.DB, who account.ID, code string) (r Round, president bool, err error) {
	type row struct {
		ID        RoundID
		President bool
	}
	seat, err := pg.One[row](ctx, db, `
		select r.id, s.president
		from rounds r
		join seats s on s.panel_id = r.panel_id and s.left_at is null
		where r.code = @code and s.account_id = @who and r.opened_at is not null`,
		pg.Args{"code": code, "who": who})
	if err != nil {
		return Round{}, false, fmt.Errorf("find seat: %w", err)
	}
	r, err = RoundOf(ctx, db, seat.ID)
	return r, seat.President, err
}
