package jury

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// Undo takes the latest change of a round back: what it gave and nobody has begun
// goes, and what it took away comes back to the same place of each list. Films
// that were begun meanwhile stay; films whose juror has left, or must not judge
// them any more, do not come back. A change that is not the latest, or older than
// the round's extension, is refused (Conflict); scores are never touched.
func Undo(ctx context.Context, tx pgx.Tx, by account.ID, round RoundID, code string) error {
	d, err := lockDesk(ctx, tx, round)
	if err != nil {
		return err
	}
	c, err := latest(ctx, tx, round, code)
	if err != nil {
		return err
	}
	c.by = by
	back, absent, err := c.bringBack(ctx, tx, d)
	if err != nil {
		return err
	}
	gone, stayed, err := c.takeBack(ctx, tx, d.Round.ID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update assignment_changes
		set undone_at = clock_timestamp(), undone_by = @by, stayed = @stayed, absent = @absent
		where id = @id`,
		pg.Args{"id": c.id, "by": by, "stayed": stayed, "absent": absent})
	if err != nil {
		return fmt.Errorf("note undoing: %w", err)
	}
	if err := tellOf(ctx, tx, round, back, gone, fmt.Sprintf("undo-%d", c.id)); err != nil {
		return err
	}
	return record(ctx, tx, by, d.Round.EditionID, "assignment.undo", "round", int64(round),
		map[string]any{"change": c.id, "back": len(back), "gone": len(gone), "stayed": stayed, "absent": absent})
}

// latest finds the newest change that stands, which must be the one of the code.
func latest(ctx context.Context, tx pgx.Tx, round RoundID, code string) (change, error) {
	type row struct {
		ID      ChangeID
		Code    string
		Settled bool
	}
	x, err := pg.One[row](ctx, tx, `
		select c.id, c.code, coalesce(c.at < r.extended_at, false) as settled
		from assignment_changes c
		join rounds r on r.id = c.round_id
		where c.round_id = @round and c.undone_at is null
		order by c.id desc
		limit 1`,
		pg.Args{"round": round})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return change{}, problem.Missing()
	case err != nil:
		return change{}, fmt.Errorf("find latest change: %w", err)
	case x.Code != code || x.Settled:
		return change{}, problem.New(problem.Conflict, "assignment.not-latest",
			"Something was changed after that. Only the latest change can be undone.")
	}
	return change{id: x.ID}, nil
}

// bringBack gives what the change took away to whom it was taken from, where
// that is still possible.
func (c *change) bringBack(ctx context.Context, tx pgx.Tx, d Desk) (back []Pair, absent int, err error) {
	type row struct {
		Pair
		Code     string
		Position int
	}
	taken, err := pg.Rows[row](ctx, tx, `
		select entry_id as entry, account_id as juror, code, position
		from assignment_moves
		where change_id = @id and not given
		order by entry_id, account_id`,
		pg.Args{"id": c.id})
	if err != nil {
		return nil, 0, fmt.Errorf("list what was taken: %w", err)
	}
	may := d.returnable()
	var codes []string
	var positions []int
	for _, m := range taken {
		if !may(m.Pair) {
			absent++
			continue
		}
		back, codes, positions = append(back, m.Pair), append(codes, m.Code), append(positions, m.Position)
	}
	entries, jurors := split(back)
	_, err = tx.Exec(ctx, `
		insert into assignments (code, round_id, entry_id, account_id, position)
		select p.code, @round, p.entry_id, p.account_id, p.position
		from unnest(@codes::text[], @entries::bigint[], @jurors::bigint[], @positions::int[]) as p (code, entry_id, account_id, position)`,
		pg.Args{"round": d.Round.ID, "codes": codes, "entries": entries, "jurors": jurors, "positions": positions})
	if err != nil {
		return nil, 0, fmt.Errorf("bring films back: %w", err)
	}
	return back, absent, nil
}

// returnable says whether a film may come back to a juror: both are on the desk,
// nothing keeps them apart, and the juror does not have it.
func (d Desk) returnable() func(Pair) bool {
	films, seats := d.places()
	barred := map[Pair]bool{}
	for _, a := range d.Assignments {
		barred[Pair{a.EntryID, a.AccountID}] = true
	}
	for _, f := range d.Found {
		barred[Pair{f.EntryID, f.AccountID}] = true
	}
	return func(p Pair) bool {
		_, judged := films[p.Entry]
		_, sits := seats[p.Juror]
		return judged && sits && !barred[p] && !d.Apart[p]
	}
}

// takeBack takes away what the change gave and nobody has begun.
func (c *change) takeBack(ctx context.Context, tx pgx.Tx, round RoundID) (gone []Pair, stayed int, err error) {
	gone, err = pg.Rows[Pair](ctx, tx, `
		delete from assignments a
		using assignment_moves m
		where m.change_id = @id and m.given
		  and a.round_id = @round and a.entry_id = m.entry_id and a.account_id = m.account_id
		  and a.state = 'open' and a.seen_at is null
		  and not exists (select from scores s where s.assignment_id = a.id)
		returning a.entry_id as entry, a.account_id as juror`,
		pg.Args{"id": c.id, "round": round})
	if err != nil {
		return nil, 0, fmt.Errorf("take films back: %w", err)
	}
	stayed, err = pg.Value[int](ctx, tx, `
		select count(*)::int
		from assignment_moves m
		join assignments a on a.round_id = @round and a.entry_id = m.entry_id and a.account_id = m.account_id
		where m.change_id = @id and m.given and a.state <> 'recused'`,
		pg.Args{"id": c.id, "round": round})
	if err != nil {
		return nil, 0, fmt.Errorf("count what stayed: %w", err)
	}
	return gone, stayed, nil
}
