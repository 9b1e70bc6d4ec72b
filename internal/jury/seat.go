package jury

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
)

// A Seat is a juror on a panel.
type Seat struct {
	Code      string
	AccountID account.ID
	Name      string
	Email     string
	President bool
	JoinedAt  time.Time
	Films     int // given to the juror in rounds of the panel, without recusals
	Done      int // of these, scored

	Languages    []string // that the juror understands: ISO 639; empty: not said
	Affiliations []string // companies, schools and festivals
}

// Seats lists who sits on a panel, the president first, then by name.
func Seats(ctx context.Context, db pg.DB, panel PanelID) ([]Seat, error) {
	return SeatsFor(ctx, db, 0, panel)
}

// SeatsFor is Seats as a reader may know them: their films are counted without
// those that the reader is kept apart from.
func SeatsFor(ctx context.Context, db pg.DB, reader account.ID, panel PanelID) ([]Seat, error) {
	return pg.Rows[Seat](ctx, db, `
		select s.code, s.account_id, a.name, coalesce(a.email::text, '') as email, s.president, s.joined_at,
		       coalesce(n.films, 0)::int as films,
		       coalesce(n.done, 0)::int as done,
		       a.languages, a.affiliations
		from seats s
		join accounts a on a.id = s.account_id
		left join lateral (
		  select count(*) filter (where g.state <> 'recused') as films,
		         count(*) filter (where g.state = 'done') as done
		  from assignments g
		  join rounds r on r.id = g.round_id
		  where g.account_id = s.account_id and r.panel_id = s.panel_id
		    and g.entry_id <> all (array(select k.entry_id from kept_apart k where k.account_id = @reader))) n on true
		where s.panel_id = @panel and s.left_at is null
		order by s.president desc, a.name, s.id`,
		pg.Args{"panel": panel, "reader": reader})
}

// Join gives an account a seat on a panel, again if it had left.
func Join(ctx context.Context, tx pgx.Tx, panel PanelID, who account.ID) error {
	_, err := tx.Exec(ctx, `
		insert into seats (code, panel_id, account_id)
		values (@code, @panel, @who)
		on conflict on constraint seats_once
		do update set left_at = null, joined_at = clock_timestamp()
		where seats.left_at is not null`,
		pg.Args{"code": account.Code(), "panel": panel, "who": who})
	if err != nil {
		return fmt.Errorf("join panel: %w", err)
	}
	edition, err := editionOfPanel(ctx, tx, panel)
	if err != nil {
		return err
	}
	return record(ctx, tx, who, edition, "seat.join", "panel", int64(panel), nil)
}

func editionOfPanel(ctx context.Context, db pg.DB, panel PanelID) (festival.EditionID, error) {
	return pg.Value[festival.EditionID](ctx, db, `
		select edition_id
		from panels
		where id = @panel`,
		pg.Args{"panel": panel})
}

// Leave takes a juror's seat away. Films that they have begun to score stay
// theirs on record; the others go back to be given to somebody else.
func Leave(ctx context.Context, tx pgx.Tx, by account.ID, p Panel, seat string) error {
	who, err := pg.Value[account.ID](ctx, tx, `
		update seats
		set left_at = clock_timestamp(), president = false
		where panel_id = @panel and code = @seat and left_at is null
		returning account_id`,
		pg.Args{"panel": p.ID, "seat": seat})
	if err != nil {
		return fmt.Errorf("leave panel: %w", err)
	}
	if err := returnFilms(ctx, tx, by, p.ID, who); err != nil {
		return err
	}
	return record(ctx, tx, by, p.EditionID, "seat.leave", "panel", int64(p.ID), map[string]int64{"account": int64(who)})
}

// returnFilms takes what a juror has not begun away in every round of the panel
// that has not ended; each round has it on record as a change of its own.
func returnFilms(ctx context.Context, tx pgx.Tx, by account.ID, panel PanelID, who account.ID) error {
	type row struct {
		RoundID RoundID
		EntryID entry.ID
	}
	open, err := pg.Rows[row](ctx, tx, `
		select a.round_id, a.entry_id
		from assignments a
		join rounds r on r.id = a.round_id
		where r.panel_id = @panel and r.closed_at is null and a.account_id = @who and a.state = 'open' and a.seen_at is null
		  and a.created_at >= coalesce(r.extended_at, a.created_at)
		order by a.round_id, a.entry_id`,
		pg.Args{"panel": panel, "who": who})
	if err != nil {
		return fmt.Errorf("list films of a juror who left: %w", err)
	}
	byRound := map[RoundID][]Pair{}
	var rounds []RoundID
	for _, x := range open {
		if byRound[x.RoundID] == nil {
			rounds = append(rounds, x.RoundID)
		}
		byRound[x.RoundID] = append(byRound[x.RoundID], Pair{x.EntryID, who})
	}
	for _, id := range rounds {
		is, err := lockRound(ctx, tx, id)
		if err != nil {
			return err
		}
		if is.ended {
			continue
		}
		d := Desk{Round: Round{ID: id}}
		if err := d.write(ctx, tx, &change{by: by, kind: left}, nil, byRound[id]); err != nil {
			return err
		}
	}
	return nil
}

// Preside makes the juror on a seat the president of the panel; the one before
// stays on as a juror. An empty seat leaves the panel without a president.
func Preside(ctx context.Context, tx pgx.Tx, by account.ID, p Panel, seat string) error {
	_, err := tx.Exec(ctx, `
		update seats
		set president = false
		where panel_id = @panel and president`,
		pg.Args{"panel": p.ID})
	if err != nil {
		return fmt.Errorf("clear president: %w", err)
	}
	if seat != "" {
		_, err = pg.Value[account.ID](ctx, tx, `
			update seats
			set president = true
			where panel_id = @panel and code = @seat and left_at is null
			returning account_id`,
			pg.Args{"panel": p.ID, "seat": seat})
		if err != nil {
			return fmt.Errorf("name president: %w", err)
		}
	}
	return record(ctx, tx, by, p.EditionID, "panel.preside", "panel", int64(p.ID), nil)
}

// SitsSomewhere says whether an account has a seat on any panel.
func SitsSomewhere(ctx context.Context, db pg.DB, who account.ID) (bool, error) {
	return pg.Value[bool](ctx, db, `
		select exists (select from seats where account_id = @who and left_at is null)`,
		pg.Args{"who": who})
}
