package entry

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// An Item is something that can stand on public pages, if its makers agree.
type Item string

// The items of consent.
const (
	PublishFilm      Item = "film" // its title and facts in the line-up; without it nothing is public
	PublishNames     Item = "names"
	PublishCountries Item = "countries"
	PublishSynopsis  Item = "synopsis"
	PublishStills    Item = "stills"
)

// Items in the order of the form.
var Items = []Item{PublishFilm, PublishNames, PublishCountries, PublishSynopsis, PublishStills}

// Consent says what of a maker's entry may be public, instead of what was
// said before. It holds at once and at any time, also after the deadline: what
// is taken back is gone from every page with the next request.
func Consent(ctx context.Context, tx pgx.Tx, maker account.ID, code string, items []Item) error {
	for _, item := range items {
		if !slices.Contains(Items, item) {
			return problem.Missing()
		}
	}
	e, err := ByMaker(ctx, tx, maker, code, LevelSubmit)
	if err != nil {
		return err
	}
	if e, err = lockEntry(ctx, tx, e.ID); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		delete from consents
		where entry_id = @entry and item <> all(@items)`,
		pg.Args{"entry": e.ID, "items": words(items)})
	if err != nil {
		return fmt.Errorf("take consent back: %w", err)
	}
	_, err = tx.Exec(ctx, `
		insert into consents (entry_id, item)
		select @entry, item
		from unnest(@items::text[]) as item
		on conflict do nothing`,
		pg.Args{"entry": e.ID, "items": words(items)})
	if err != nil {
		return fmt.Errorf("give consent: %w", err)
	}
	return record(ctx, tx, maker, new(int64(e.EditionID)), "entry.consent", "entry", int64(e.ID), map[string]any{"items": words(items)})
}

func words(items []Item) []string {
	all := make([]string, len(items))
	for i, item := range items {
		all[i] = string(item)
	}
	return all
}

// Consents are what the makers of entries agreed to, by entry.
func Consents(ctx context.Context, db pg.DB, ids []ID) (map[ID][]Item, error) {
	type row struct {
		EntryID ID
		Item    Item
	}
	rows, err := pg.Rows[row](ctx, db, `
		select entry_id, item
		from consents
		where entry_id = any(@ids)
		order by entry_id, item`,
		pg.Args{"ids": numbers(ids)})
	if err != nil {
		return nil, fmt.Errorf("list consents: %w", err)
	}
	by := map[ID][]Item{}
	for _, r := range rows {
		by[r.EntryID] = append(by[r.EntryID], r.Item)
	}
	return by, nil
}
