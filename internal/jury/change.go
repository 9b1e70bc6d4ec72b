package jury

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// ChangeID names a change of an assignment inside the house; forms carry its
// code.
type ChangeID int64

// A kind says what a change was: a way of giving films at once, or a single act.
type kind string

// The kinds besides the ways.
const (
	gave kind = "give"  // one film to one juror
	took kind = "take"  // one film from one juror
	left kind = "leave" // a juror left, and what they had not begun went back
)

// A change is a change of who watches what while it is made.
type change struct {
	id   ChangeID
	by   account.ID
	kind kind
	plan *Plan // nil: nothing was planned
}

// write takes films away that nobody has begun, gives new ones at the end of
// each juror's own order, and puts all of it on record. A change of nothing
// leaves no trace.
func (d Desk) write(ctx context.Context, tx pgx.Tx, c *change, add, remove []Pair) error {
	if err := c.open(ctx, tx, d.Round.ID); err != nil {
		return err
	}
	gone, err := c.take(ctx, tx, d.Round.ID, remove)
	if err != nil {
		return err
	}
	if err := c.give(ctx, tx, d.Round.ID, add); err != nil {
		return err
	}
	if gone+len(add) > 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, `delete from assignment_changes where id = @id`, pg.Args{"id": c.id}); err != nil {
		return fmt.Errorf("forget a change of nothing: %w", err)
	}
	return nil
}

func (c *change) open(ctx context.Context, tx pgx.Tx, round RoundID) error {
	args := pg.Args{
		"code": account.Code(), "round": round, "by": c.by, "kind": c.kind,
		"reviews": nil, "seed": int64(0), "levels": []byte("[]"), "objective": nil, "bound": nil,
	}
	if c.plan != nil {
		args["seed"] = int64(c.plan.Ask.Seed)
		if c.plan.Ask.Reviews > 0 {
			args["reviews"] = c.plan.Ask.Reviews
		}
		if p := c.plan.Proof; p != nil {
			levels, err := json.Marshal(p.Levels)
			if err != nil {
				return fmt.Errorf("write down levels: %w", err)
			}
			args["levels"], args["objective"], args["bound"] = levels, p.Objective, p.Bound
		}
	}
	var err error
	c.id, err = pg.Value[ChangeID](ctx, tx, `
		insert into assignment_changes (code, round_id, actor_id, kind, reviews, seed, levels, objective, bound)
		values (@code, @round, @by, @kind, @reviews, @seed, @levels, @objective, @bound)
		returning id`, args)
	if err != nil {
		return fmt.Errorf("note change of assignment: %w", err)
	}
	return nil
}

func (c *change) take(ctx context.Context, tx pgx.Tx, round RoundID, pairs []Pair) (int, error) {
	entries, jurors := split(pairs)
	tag, err := tx.Exec(ctx, `
		with gone as (
		  delete from assignments a
		  using unnest(@entries::bigint[], @jurors::bigint[]) as p (entry_id, account_id)
		  where a.round_id = @round and a.entry_id = p.entry_id and a.account_id = p.account_id
		    and a.state = 'open' and a.seen_at is null
		    and not exists (select from scores s where s.assignment_id = a.id)
		  returning a.entry_id, a.account_id, a.code, a.position)
		insert into assignment_moves (change_id, entry_id, account_id, given, code, position)
		select @change, entry_id, account_id, false, code, position
		from gone`,
		pg.Args{"change": c.id, "round": round, "entries": entries, "jurors": jurors})
	if err != nil {
		return 0, fmt.Errorf("take films away: %w", err)
	}
	return int(tag.RowsAffected()), nil
}

func (c *change) give(ctx context.Context, tx pgx.Tx, round RoundID, pairs []Pair) error {
	seed := uint64(c.id)
	if c.plan != nil {
		seed = c.plan.Ask.Seed
	}
	pairs = inOwnOrder(pairs, seed)
	entries, jurors := split(pairs)
	codes := make([]string, len(pairs))
	for i := range codes {
		codes[i] = account.Code()
	}
	_, err := tx.Exec(ctx, `
		with came as (
		  insert into assignments (code, round_id, entry_id, account_id, position)
		  select p.code, @round, p.entry_id, p.account_id,
		         row_number() over (partition by p.account_id order by p.n) + coalesce(held.last, 0)
		  from unnest(@codes::text[], @entries::bigint[], @jurors::bigint[]) with ordinality as p (code, entry_id, account_id, n)
		  left join (
		    select account_id, max(position) as last
		    from assignments
		    where round_id = @round
		    group by account_id) held on held.account_id = p.account_id
		  returning entry_id, account_id, code, position)
		insert into assignment_moves (change_id, entry_id, account_id, given, code, position)
		select @change, entry_id, account_id, true, code, position
		from came`,
		pg.Args{"change": c.id, "round": round, "codes": codes, "entries": entries, "jurors": jurors})
	if err != nil {
		return fmt.Errorf("give films: %w", err)
	}
	return nil
}

// A Change is one change of who watches what in a round, as it is on record.
type Change struct {
	Code      string
	At        time.Time
	ActorName string
	Kind      string  // a Way, or give, take, leave
	Reviews   *int    // viewers wanted for each film; nil: single films
	Seed      int64   // which decided between equals
	Levels    []Level // what was minimised; empty: nothing was computed
	Given     int     // films, of those that the reader may know of
	Taken     int
	UndoneAt  *time.Time
	UndoneBy  string // empty: nobody
	Stayed    int    // films that stayed when it was undone: somebody had begun them
	Absent    int    // films that could not come back when it was undone
	MayUndo   bool   // it is the latest that stands, and the round allows it
}

// Changes lists what was changed in a round, the latest first, at most a number
// of them, without films that the reader is kept apart from. A change of nothing
// else is not listed.
func Changes(ctx context.Context, db pg.DB, reader account.ID, round RoundID, most int) ([]Change, error) {
	list, err := pg.Rows[Change](ctx, db, `
		select c.code, c.at, a.name as actor_name, c.kind, c.reviews, c.seed, c.levels,
		       n.given, n.taken, c.undone_at, coalesce(u.name, '') as undone_by, c.stayed, c.absent,
		       coalesce(c.id = last.id, false) and c.at >= coalesce(r.extended_at, c.at) as may_undo
		from assignment_changes c
		join rounds r on r.id = c.round_id
		join accounts a on a.id = c.actor_id
		left join accounts u on u.id = c.undone_by
		cross join lateral (
		  select count(*) filter (where m.given)::int as given, count(*) filter (where not m.given)::int as taken
		  from assignment_moves m
		  where m.change_id = c.id
		    and not exists (select from kept_apart k where k.account_id = @reader and k.entry_id = m.entry_id)) n
		cross join (select max(id) as id from assignment_changes where round_id = @round and undone_at is null) last
		where c.round_id = @round and n.given + n.taken > 0
		order by c.id desc
		limit @most`,
		pg.Args{"reader": reader, "round": round, "most": most})
	if err != nil {
		return nil, fmt.Errorf("list changes of assignment: %w", err)
	}
	return list, nil
}
