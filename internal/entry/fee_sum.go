package entry

import (
	"context"
	"fmt"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/money"
	"laurel/internal/pg"
)

// A FeeSum is what is due, or paid, in one currency.
type FeeSum struct {
	Fee      FeeState
	Currency string
	Entries  int
	Minor    int64
}

// Amount is the sum.
func (s FeeSum) Amount() money.Amount { return money.Amount{Minor: s.Minor, Currency: s.Currency} }

// FeeSums adds up the fees of an edition's entries that viewer may see: what is
// due, then what is paid. Entries of which nothing is due are not counted.
func FeeSums(ctx context.Context, db pg.DB, edition festival.EditionID, viewer account.ID) ([]FeeSum, error) {
	sums, err := pg.Rows[FeeSum](ctx, db, `
		select e.fee, e.fee_currency as currency, count(*)::int as entries, sum(e.fee_minor)::bigint as minor
		from entries e
		where e.edition_id = @edition
		  and e.state not in ('draft', 'withdrawn', 'erased')
		  and e.fee_minor is not null
		  and e.id not in (select k.entry_id from kept_apart k where k.account_id = @viewer)
		group by e.fee, e.fee_currency
		order by e.fee, e.fee_currency`,
		pg.Args{"edition": edition, "viewer": viewer})
	if err != nil {
		return nil, fmt.Errorf("add up fees: %w", err)
	}
	return sums, nil
}
