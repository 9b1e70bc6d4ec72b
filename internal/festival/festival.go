// Package festival owns festivals, their editions with stages, the call's
// texts, categories with eligibility rules and deadline ladders, and what of an
// edition is public.
package festival

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/pg"
)

// ID names a festival inside the house; addresses carry the slug.
type ID int64

// A Festival is an organization that runs editions.
type Festival struct {
	ID      ID
	Slug    string
	Name    string
	About   string
	Contact string // an e-mail address or a web address; empty: none shown
}

// Create makes a festival and gives its maker the organizer's role in it.
func Create(ctx context.Context, tx pgx.Tx, by account.ID, f Festival) (ID, error) {
	id, err := pg.Value[ID](ctx, tx, `
		insert into festivals (slug, name, about, contact)
		values (@slug, @name, @about, @contact)
		returning id`,
		pg.Args{"slug": f.Slug, "name": f.Name, "about": f.About, "contact": f.Contact})
	if err != nil {
		return 0, fmt.Errorf("create festival: %w", err)
	}
	if err := account.Join(ctx, tx, by, int64(id)); err != nil {
		return 0, err
	}
	return id, record(ctx, tx, by, 0, "created", "festival", int64(id), f)
}

// Save changes the words about a festival; its slug stays, because addresses
// with it have been handed out.
func Save(ctx context.Context, tx pgx.Tx, by account.ID, f Festival) error {
	_, err := tx.Exec(ctx, `
		update festivals
		set name = @name, about = @about, contact = @contact
		where id = @id`,
		pg.Args{"id": f.ID, "name": f.Name, "about": f.About, "contact": f.Contact})
	if err != nil {
		return fmt.Errorf("save festival: %w", err)
	}
	return record(ctx, tx, by, 0, "changed", "festival", int64(f.ID), f)
}

// OfOrganizer lists the festivals in which the account is an organizer, by name.
func OfOrganizer(ctx context.Context, db pg.DB, by account.ID) ([]Festival, error) {
	return pg.Rows[Festival](ctx, db, `
		select f.id, f.slug, f.name, f.about, f.contact
		from festivals f
		join memberships m on m.festival_id = f.id and m.role = 'organizer'
		where m.account_id = @by
		order by f.name`,
		pg.Args{"by": by})
}

// BySlug finds a festival; none is pgx.ErrNoRows.
func BySlug(ctx context.Context, db pg.DB, slug string) (Festival, error) {
	return pg.One[Festival](ctx, db, `
		select id, slug, name, about, contact
		from festivals
		where slug = @slug`,
		pg.Args{"slug": slug})
}

// record writes an act on something of an edition into the record of events;
// edition 0 means that it belongs to no single edition.
func record(ctx context.Context, tx pgx.Tx, by account.ID, edition EditionID, verb, kind string, subject int64, after any) error {
	actor := int64(by)
	event := audit.Event{Actor: &actor, Verb: verb, Kind: kind, Subject: subject, After: after}
	if edition != 0 {
		event.Edition = new(int64(edition))
	}
	return audit.Record(ctx, tx, event)
}

// Day is a date without a time of day, in no zone.
func Day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Only is the installation's festival when it holds just one; otherwise its
// name is empty.
func Only(ctx context.Context, db pg.DB) (Festival, error) {
	list, err := pg.Rows[Festival](ctx, db, `
		select id, slug, name, about, contact
		from festivals
		limit 2`,
		pg.Args{})
	if err != nil || len(list) != 1 {
		return Festival{}, err
	}
	return list[0], nil
}
