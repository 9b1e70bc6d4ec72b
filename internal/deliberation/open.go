package deliberation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// standing is what a final ballot is by the database's clock, under a lock.
type standing struct {
	Phase    Phase
	Complete bool // everybody who may vote has cast
}

// lock keeps voters and others who open the ballots out until the transaction
// ends, and then reads the clock: in the statement that takes the lock it could
// be earlier than a ballot that it waited for.
func lock(ctx context.Context, tx pgx.Tx, id ID) (standing, error) {
	_, err := pg.Value[ID](ctx, tx, `
		select id
		from deliberations
		where id = @id
		for update`,
		pg.Args{"id": id})
	if err != nil {
		return standing{}, fmt.Errorf("lock final ballot: %w", err)
	}
	s, err := pg.One[standing](ctx, tx, `
		select case
		         when d.called_at is null then 'setup'
		         when d.unsealed_at is not null then 'opened'
		         when d.closes_at <= clock_timestamp() then 'closed'
		         when d.opens_at > clock_timestamp() then 'waiting'
		         else 'voting' end as phase,
		       exists (select from voters v where v.deliberation_id = d.id)
		       and not exists (
		         select from voters v
		         where v.deliberation_id = d.id
		           and not exists (
		             select from ballots b
		             where b.deliberation_id = d.id and b.account_id = v.account_id and b.cast_at is not null)) as complete
		from deliberations d
		where d.id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return standing{}, fmt.Errorf("read final ballot: %w", err)
	}
	return s, nil
}

// Open opens the ballots and counts them, once, by the program called software:
// when the vote has closed, or when everybody has cast. Ballots that are open
// already stay as they were counted.
func Open(ctx context.Context, tx pgx.Tx, by account.ID, id ID, software string) error {
	is, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	switch {
	case is.Phase == Opened:
		return nil
	case is.Phase == Setup:
		return problem.New(problem.Denied, "ballot.not-called", "The jury has not been called to this ballot.")
	case is.Phase != Closed && !is.Complete:
		return problem.New(problem.Denied, "ballot.sealed",
			"The ballots stay sealed until everybody has cast or the vote has closed: nobody sees them before, organizers included.")
	}
	return unseal(ctx, tx, &by, id, software)
}

// OpenAsPresident is Open for the juror who presides over the panel; nobody
// else's ballot is found.
func OpenAsPresident(ctx context.Context, tx pgx.Tx, who account.ID, code, software string) error {
	id, err := pg.Value[ID](ctx, tx, `
		select d.id
		from deliberations d
		join seats s on s.panel_id = d.panel_id and s.account_id = @who and s.president and s.left_at is null
		where d.code = @code and d.called_at is not null`,
		pg.Args{"code": code, "who": who})
	if err != nil {
		return fmt.Errorf("find final ballot of a president: %w", err)
	}
	return Open(ctx, tx, who, id, software)
}

// openWhenComplete opens the ballots once everybody has cast.
func openWhenComplete(ctx context.Context, tx pgx.Tx, id ID, software string) (bool, error) {
	is, err := lock(ctx, tx, id)
	if err != nil || !is.Complete || is.Phase == Opened {
		return false, err
	}
	return true, unseal(ctx, tx, nil, id, software)
}

// unseal stamps the opening and keeps the count.
func unseal(ctx context.Context, tx pgx.Tx, by *account.ID, id ID, software string) error {
	_, err := tx.Exec(ctx, `
		update deliberations
		set unsealed_at = clock_timestamp()
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("open ballots: %w", err)
	}
	d, err := of(ctx, tx, id)
	if err != nil {
		return err
	}
	r, err := count(ctx, tx, d, software)
	if err != nil {
		return err
	}
	if err := keep(ctx, tx, id, r); err != nil {
		return err
	}
	return record(ctx, tx, by, d, "ballot.open")
}
