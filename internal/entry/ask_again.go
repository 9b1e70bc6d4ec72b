package entry

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// askAgain asks anew about every name that is printed otherwise in what is sent
// now than when it was agreed to: who agreed to initials has not agreed to a
// name, nor has whoever's name took another's place. Until somebody answers,
// such a name is not public.
func (s submission) askAgain(ctx context.Context, tx pgx.Tx, maker account.ID) error {
	agreed, err := agreedNames(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	if s.Film != nil { // agreed to before the texts were kept: what was sent then was shown
		for _, a := range namesAsked(ctx, *s.Film) {
			if shown, yes := agreed[a.Subject]; yes && shown == "" {
				agreed[a.Subject] = a.Text()
			}
		}
	}
	for _, a := range namesAsked(ctx, s.work.Film) {
		if shown, yes := agreed[a.Subject]; !yes || shown == "" || strings.HasSuffix(shown, "\n"+a.Shown) {
			continue
		}
		if err := answer(ctx, tx, maker, s.Entry, a, Later); err != nil {
			return err
		}
	}
	return nil
}

// agreedNames are the names of an entry that may be public, with what was shown
// when that was said.
func agreedNames(ctx context.Context, db pg.DB, id ID) (map[string]string, error) {
	rows, err := pg.Rows[struct{ Subject, Shown string }](ctx, db, `
		select subject, shown
		from (
			select distinct on (subject) subject, decision, shown
			from consent_acts
			where entry_id = @id and item = 'names'
			order by subject, id desc) newest
		where decision = 'yes'`,
		pg.Args{"id": id})
	if err != nil {
		return nil, fmt.Errorf("list names agreed to: %w", err)
	}
	agreed := map[string]string{}
	for _, r := range rows {
		agreed[r.Subject] = r.Shown
	}
	return agreed, nil
}
