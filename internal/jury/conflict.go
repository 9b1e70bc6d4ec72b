package jury

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Reason says why somebody must not judge a film.
type Reason string

// The reasons of a conflict of interest.
const (
	Maker  Reason = "maker"  // owns, sent or made the film
	Worked Reason = "worked" // worked on it
	Knows  Reason = "knows"  // knows one of the makers well
	Other  Reason = "other"  // as the note says
)

// Reasons that a person can give for a conflict, in the order of the form.
var Reasons = []Reason{Worked, Knows, Other}

// A Conflict keeps a juror of a panel and an entry apart.
type Conflict struct {
	AccountID   account.ID
	AccountName string
	EntryID     entry.ID
	EntryCode   string
	Title       string
	Reason      Reason
	Note        string
	Declared    bool       // false: found because the juror made or sent the film
	At          *time.Time // nil when found
}

// Conflicts lists what keeps the jurors of a round apart from its entries,
// without those that the reader is kept apart from.
func Conflicts(ctx context.Context, db pg.DB, reader account.ID, r Round) ([]Conflict, error) {
	return pg.Rows[Conflict](ctx, db, `
		select k.account_id, a.name as account_name, e.id as entry_id, e.code as entry_code, e.title,
		       coalesce(c.reason, 'maker') as reason, coalesce(c.note, '') as note, c.id is not null as declared, c.at
		from kept_apart k
		join seats s on s.panel_id = @panel and s.account_id = k.account_id and s.left_at is null
		join accounts a on a.id = k.account_id
		join present_entries e on e.id = k.entry_id and e.category_id = @category and e.state in ('submitted', 'eligible')
		left join conflicts c on c.account_id = k.account_id and c.entry_id = k.entry_id
		where not exists (select from kept_apart own where own.account_id = @reader and own.entry_id = e.id)
		order by a.name, e.title, e.id`,
		pg.Args{"panel": r.PanelID, "category": r.CategoryID, "reader": reader})
}

// Declare keeps an account apart from an entry, at any time and from then on.
// Assignments that it has are recused: what was scored stays on record and does
// not count any more. Declaring again changes the reason.
func Declare(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, who account.ID, film entry.ID, reason Reason, note string) error {
	id, err := pg.Value[int64](ctx, tx, `
		insert into conflicts (account_id, entry_id, reason, note, actor_id)
		select @who, e.id, @reason, @note, @by
		from present_entries e
		where e.id = @film and e.edition_id = @edition
		on conflict on constraint conflicts_once
		do update set reason = excluded.reason, note = excluded.note, actor_id = excluded.actor_id
		returning id`,
		pg.Args{"who": who, "film": film, "edition": edition, "reason": reason, "note": strings.TrimSpace(note), "by": by})
	if err != nil {
		return fmt.Errorf("declare conflict: %w", err)
	}
	_, err = tx.Exec(ctx, `
		update assignments
		set state = 'recused', reason = @reason, note = @note
		where account_id = @who and entry_id = @film`,
		pg.Args{"who": who, "film": film, "reason": reason, "note": strings.TrimSpace(note)})
	if err != nil {
		return fmt.Errorf("recuse: %w", err)
	}
	return record(ctx, tx, by, edition, "conflict.declare", "entry", int64(film), map[string]any{"conflict": id, "reason": reason})
}

// Withdraw takes a declared conflict back. Assignments count again, as far as
// they had been scored.
func Withdraw(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, who account.ID, film entry.ID) error {
	_, err := pg.Value[int64](ctx, tx, `
		delete from conflicts c
		using entries e
		where e.id = c.entry_id and e.edition_id = @edition and c.account_id = @who and c.entry_id = @film
		returning c.id`,
		pg.Args{"edition": edition, "who": who, "film": film})
	if err != nil {
		return fmt.Errorf("withdraw conflict: %w", err)
	}
	_, err = tx.Exec(ctx, `
		update assignments a
		set state = case when exists (select from scores s where s.assignment_id = a.id and s.current and s.complete)
		                 then 'done' else 'open' end,
		    reason = '', note = ''
		where a.account_id = @who and a.entry_id = @film and a.state = 'recused'`,
		pg.Args{"who": who, "film": film})
	if err != nil {
		return fmt.Errorf("restore assignments: %w", err)
	}
	return record(ctx, tx, by, edition, "conflict.withdraw", "entry", int64(film), nil)
}

// Recuse is a juror's own declaration, from an assignment of a round that is
// open. Another's assignment is Missing.
func Recuse(ctx context.Context, tx pgx.Tx, who account.ID, assignment string, reason Reason, note string) error {
	type row struct {
		RoundID   RoundID
		EntryID   entry.ID
		EditionID festival.EditionID
	}
	a, err := pg.One[row](ctx, tx, `
		select a.round_id, a.entry_id, c.edition_id
		from assignments a
		join rounds r on r.id = a.round_id
		join categories c on c.id = r.category_id
		where a.code = @assignment and a.account_id = @who and a.state <> 'recused'`,
		pg.Args{"assignment": assignment, "who": who})
	if err != nil {
		return fmt.Errorf("find assignment: %w", err)
	}
	is, err := lockRound(ctx, tx, a.RoundID)
	if err != nil {
		return err
	}
	over, err := pg.Value[bool](ctx, tx, `
		select coalesce(a.created_at < r.extended_at, false)
		from assignments a
		join rounds r on r.id = a.round_id
		where a.code = @assignment`,
		pg.Args{"assignment": assignment})
	if err != nil {
		return fmt.Errorf("read assignment: %w", err)
	}
	if is.ended || over {
		return problem.New(problem.Denied, "jury.recuse-closed",
			"The round is closed. Write to the festival if you should not have judged this film.")
	}
	return Declare(ctx, tx, who, a.EditionID, who, a.EntryID, reason, note)
}

// KeptApart says whether an account must not see an entry's judging.
func KeptApart(ctx context.Context, db pg.DB, who account.ID, film entry.ID) (bool, error) {
	return pg.Value[bool](ctx, db, `
		select exists (select from kept_apart where account_id = @who and entry_id = @film)`,
		pg.Args{"who": who, "film": film})
}

// Hidden is the entries of a category whose judging an account must not see.
func Hidden(ctx context.Context, db pg.DB, who account.ID, category festival.CategoryID) (map[entry.ID]bool, error) {
	ids, err := pg.Values[entry.ID](ctx, db, `
		select k.entry_id
		from kept_apart k
		join present_entries e on e.id = k.entry_id
		where k.account_id = @who and e.category_id = @category`,
		pg.Args{"who": who, "category": category})
	if err != nil {
		return nil, fmt.Errorf("list hidden entries: %w", err)
	}
	hidden := make(map[entry.ID]bool, len(ids))
	for _, id := range ids {
		hidden[id] = true
	}
	return hidden, nil
}
