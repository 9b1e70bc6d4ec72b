package jury

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Load is how many films a juror is to be given in a round.
type Load struct {
	Least int
	Most  *int // nil: no limit
}

func loadsOf(ctx context.Context, db pg.DB, round RoundID) (map[account.ID]Load, error) {
	type row struct {
		AccountID account.ID
		Least     int
		Most      *int
	}
	rows, err := pg.Rows[row](ctx, db, `
		select account_id, least, most
		from loads
		where round_id = @round`,
		pg.Args{"round": round})
	if err != nil {
		return nil, fmt.Errorf("list loads: %w", err)
	}
	set := make(map[account.ID]Load, len(rows))
	for _, r := range rows {
		set[r.AccountID] = Load{r.Least, r.Most}
	}
	return set, nil
}

// SetLoad says how many films the juror of a seat is to be given in a round that
// has not ended; the next draft keeps to it. No least and no most is no rule.
func SetLoad(ctx context.Context, tx pgx.Tx, by account.ID, round RoundID, seat string, l Load) error {
	d, err := lockDesk(ctx, tx, round)
	if err != nil {
		return err
	}
	who, ok := d.seat(seat)
	if !ok {
		return problem.Missing()
	}
	_, err = tx.Exec(ctx, `
		insert into loads (round_id, account_id, least, most)
		values (@round, @who, @least, @most)
		on conflict on constraint loads_pkey
		do update set least = excluded.least, most = excluded.most`,
		pg.Args{"round": round, "who": who.AccountID, "least": l.Least, "most": l.Most})
	if err != nil {
		return fmt.Errorf("set load: %w", err)
	}
	_, err = tx.Exec(ctx, `
		delete from loads
		where round_id = @round and account_id = @who and least = 0 and most is null`,
		pg.Args{"round": round, "who": who.AccountID})
	if err != nil {
		return fmt.Errorf("forget load: %w", err)
	}
	return record(ctx, tx, by, d.Round.EditionID, "load.set", "round", int64(round),
		map[string]any{"account": who.AccountID, "least": l.Least, "most": l.Most})
}

func (d Desk) seat(code string) (Seat, bool) {
	for _, s := range d.Seats {
		if s.Code == code {
			return s, true
		}
	}
	return Seat{}, false
}
