// Package award owns prizes: their names, citations and, once given, the films
// that won them. They are public when the edition's awards are published.
package award

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
)

// ID names an award inside the house; addresses carry its code.
type ID int64

// An Award is a prize of an edition.
type Award struct {
	ID           ID
	Code         string
	CategoryID   *festival.CategoryID // nil: of the whole edition
	CategoryName string               // empty: of the whole edition
	Name         string
	Prize        string // "€3,000 and a residency"; may be empty
	Citation     string // the jury's reasons
	EntryID      *entry.ID
	EntryCode    string // of the winner; empty: not given yet
	Title        string // of the winner
	Directors    []string
}

const columns = `
	a.id, a.code, a.category_id, coalesce(c.name, '') as category_name, a.name, a.prize,
	case when a.entry_id is null or e.id is not null then a.citation else '' end as citation,
	e.id as entry_id, coalesce(e.code, '') as entry_code, coalesce(e.title, '') as title, coalesce(e.directors, '{}') as directors
	from awards a
	left join categories c on c.id = a.category_id
	join editions ed on ed.id = a.edition_id
	left join present_entries e on e.id = a.entry_id
	  and (ed.awards_at is not null or not exists (select from kept_apart k where k.account_id = @reader and k.entry_id = e.id))`

// List gives an edition's awards in their order. Until they are public, a winner
// that the reader (0: nobody) must not judge is left out with the reasons: to
// them the prize looks as if it had not been given.
func List(ctx context.Context, db pg.DB, reader account.ID, edition festival.EditionID) ([]Award, error) {
	return pg.Rows[Award](ctx, db, `
		select `+columns+`
		where a.edition_id = @edition
		order by a.position, a.id`,
		pg.Args{"edition": edition, "reader": reader})
}

// At finds an award of an edition by its code, as List shows it; none is
// pgx.ErrNoRows.
func At(ctx context.Context, db pg.DB, reader account.ID, edition festival.EditionID, code string) (Award, error) {
	a, err := pg.One[Award](ctx, db, `
		select `+columns+`
		where a.edition_id = @edition and a.code = @code`,
		pg.Args{"edition": edition, "code": code, "reader": reader})
	if err != nil {
		return Award{}, fmt.Errorf("find award: %w", err)
	}
	return a, nil
}

// A Candidate is a film that can win: selected, whether or not it was told.
type Candidate struct {
	Code         string
	CategoryID   festival.CategoryID
	CategoryName string
	Title        string
	Directors    []string
}

// Candidates lists an edition's selected films by category and title, without
// those that the organizer must not judge.
func Candidates(ctx context.Context, db pg.DB, by account.ID, edition festival.EditionID) ([]Candidate, error) {
	return pg.Rows[Candidate](ctx, db, `
		select e.code, e.category_id, c.name as category_name, e.title, e.directors
		from present_entries e
		join categories c on c.id = e.category_id
		join decisions d on d.entry_id = e.id and d.outcome = 'selected'
		where e.edition_id = @edition and e.state in ('submitted', 'eligible')
		  and not exists (select from kept_apart k where k.account_id = @by and k.entry_id = e.id)
		order by c.position, e.title, e.id`,
		pg.Args{"edition": edition, "by": by})
}

// Create adds an award at the end of an edition's list and returns its code. A
// category or a winner of another edition is Missing, as is a winner that was
// not selected.
func Create(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, a Award) (string, error) {
	a.Code = account.Code()
	id, err := pg.Value[ID](ctx, tx, `
		insert into awards (code, edition_id, category_id, position, name, prize, citation)
		select @code, ed.id, c.id, (select coalesce(max(position), 0) + 1 from awards where edition_id = @edition), @name, @prize, @citation
		from editions ed
		left join categories c on c.id = @category and c.edition_id = ed.id
		where ed.id = @edition and (@category::bigint is null or c.id is not null)
		returning id`,
		pg.Args{"code": a.Code, "edition": edition, "category": a.CategoryID, "name": strings.TrimSpace(a.Name),
			"prize": strings.TrimSpace(a.Prize), "citation": strings.TrimSpace(a.Citation)})
	if err != nil {
		return "", fmt.Errorf("create award: %w", err)
	}
	if err := give(ctx, tx, by, edition, id, a.EntryCode); err != nil {
		return "", err
	}
	return a.Code, record(ctx, tx, by, edition, "award.create", id)
}

// Save changes an award's words, category and winner; see Create. Who must not
// judge the winner cannot take the prize from it: without another one, winner and
// citation stay.
func Save(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, a Award) error {
	id, err := pg.Value[ID](ctx, tx, `
		update awards a
		set name = @name, prize = @prize, category_id = @category,
		    citation = case when @winner = '' and exists (select from kept_apart k where k.account_id = @by and k.entry_id = a.entry_id)
		                    then citation else @citation end
		where a.edition_id = @edition and a.code = @code
		  and (@category::bigint is null or exists (select from categories c where c.id = @category and c.edition_id = @edition))
		returning id`,
		pg.Args{"code": a.Code, "edition": edition, "category": a.CategoryID, "name": strings.TrimSpace(a.Name),
			"prize": strings.TrimSpace(a.Prize), "citation": strings.TrimSpace(a.Citation), "winner": a.EntryCode, "by": by})
	if err != nil {
		return fmt.Errorf("save award: %w", err)
	}
	if err := give(ctx, tx, by, edition, id, a.EntryCode); err != nil {
		return err
	}
	return record(ctx, tx, by, edition, "award.save", id)
}

// give names the winner; an empty code takes the prize back.
func give(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, id ID, winner string) error {
	var film *entry.ID
	if winner != "" {
		found, err := pg.Value[entry.ID](ctx, tx, `
			select e.id
			from present_entries e
			join decisions d on d.entry_id = e.id and d.outcome = 'selected'
			where e.edition_id = @edition and e.code = @winner
			  and not exists (select from kept_apart k where k.account_id = @by and k.entry_id = e.id)`,
			pg.Args{"edition": edition, "winner": winner, "by": by})
		if err != nil {
			return fmt.Errorf("find winner: %w", err)
		}
		film = &found
	}
	_, err := tx.Exec(ctx, `
		update awards a
		set entry_id = @film
		where a.id = @id
		  and (@film::bigint is not null or not exists (select from kept_apart k where k.account_id = @by and k.entry_id = a.entry_id))`,
		pg.Args{"id": id, "film": film, "by": by})
	if err != nil {
		return fmt.Errorf("give award: %w", err)
	}
	return nil
}

// Remove deletes an award.
func Remove(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, code string) error {
	id, err := pg.Value[ID](ctx, tx, `
		delete from awards
		where edition_id = @edition and code = @code
		returning id`,
		pg.Args{"edition": edition, "code": code})
	if err != nil {
		return fmt.Errorf("remove award: %w", err)
	}
	return record(ctx, tx, by, edition, "award.remove", id)
}

// Move puts an award one place up (-1) or down (+1); at the end of the list it
// stays.
func Move(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, code string, step int) error {
	list, err := List(ctx, tx, by, edition)
	if err != nil {
		return fmt.Errorf("list awards: %w", err)
	}
	ids := make([]int64, len(list))
	here := -1
	for i, a := range list {
		ids[i] = int64(a.ID)
		if a.Code == code {
			here = i
		}
	}
	if here < 0 {
		return pgx.ErrNoRows
	}
	if to := here + step; to >= 0 && to < len(ids) {
		ids[here], ids[to] = ids[to], ids[here]
	}
	_, err = tx.Exec(ctx, `
		update awards a
		set position = o.n
		from unnest(@ids::bigint[]) with ordinality as o (id, n)
		where a.id = o.id`,
		pg.Args{"ids": ids})
	if err != nil {
		return fmt.Errorf("order awards: %w", err)
	}
	return record(ctx, tx, by, edition, "award.move", ID(ids[max(0, here)]))
}

func record(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, verb string, id ID) error {
	return audit.Record(ctx, tx, audit.Event{Actor: new(int64(by)), Edition: new(int64(edition)), Verb: verb, Kind: "award", Subject: int64(id)})
}
