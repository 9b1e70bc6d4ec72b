package deliberation

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// Follow sets up the ballot that comes after one without a winner: on the tied
// films only, or, where too few were cast, on all that still stand. Rules stay as
// they were, except that after a second ballot there is no third; its vote runs
// from now for as many days as the organizer sets afterwards. It returns the new
// ballot's code. Keys of films stay the same.
func Follow(ctx context.Context, tx pgx.Tx, by account.ID, d Deliberation) (string, error) {
	if _, err := lock(ctx, tx, d.ID); err != nil {
		return "", err
	}
	r, err := recordOf(ctx, tx, d.ID)
	if err != nil {
		return "", err
	}
	films := r.Candidates
	switch {
	case r.Outcome == Tied:
		films = r.Winners
	case r.Outcome != NoQuorum:
		return "", problem.New(problem.Denied, "ballot.decided", "This ballot has a winner. There is nothing to repeat.")
	}
	args := pg.Args{"id": d.ID, "code": account.Code(), "again": d.Again && r.Outcome == NoQuorum, "by": by}
	args["seed"], args["commitment"] = newSeed()
	id, err := pg.Value[ID](ctx, tx, `
		insert into deliberations (code, edition_id, panel_id, award_id, parent_id, name, blind, publish, method, strength,
		                           quorum, quorum_unit, again, tie_rule, seed, commitment, opens_at, closes_at)
		select @code, edition_id, panel_id, award_id, id, name, blind, publish, method, strength,
		       quorum, quorum_unit, @again, tie_rule, @seed, @commitment, now.at, now.at + interval '1 day'
		from deliberations
		cross join (select clock_timestamp() as at) now
		where id = @id
		  and not exists (
		    select from finalists f
		    join kept_apart k on k.entry_id = f.entry_id and k.account_id = @by
		    where f.deliberation_id = @id)
		returning id`, args)
	if err != nil {
		return "", fmt.Errorf("set up next ballot: %w", err)
	}
	_, err = tx.Exec(ctx, `
		insert into finalists (deliberation_id, entry_id, position, calibrated)
		select @id, f.entry_id, f.position, f.calibrated
		from finalists f
		join present_entries e on e.id = f.entry_id and e.state in ('submitted', 'eligible')
		where f.deliberation_id = @parent and 'film-' || f.position = any(@films::text[])`,
		pg.Args{"id": id, "parent": d.ID, "films": films})
	if err != nil {
		return "", fmt.Errorf("take films over: %w", err)
	}
	return args["code"].(string), record(ctx, tx, &by, Deliberation{ID: id, EditionID: d.EditionID}, "ballot.create")
}
