// Package jury owns who judges what: panels and their seats, rounds with their
// rubric, conflicts of interest, and assignments.
package jury

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/festival"
	"laurel/internal/pg"
)

// PanelID names a panel inside the house; addresses carry its code.
type PanelID int64

// A Panel is a group of jurors. It may judge several rounds.
type Panel struct {
	ID        PanelID
	Code      string
	EditionID festival.EditionID
	Name      string
	Seats     int // people who sit on it now
	Invited   int // people who have not answered yet
	Rounds    int
}

const panelColumns = `
	p.id, p.code, p.edition_id, p.name,
	(select count(*)::int from seats s where s.panel_id = p.id and s.left_at is null) as seats,
	(select count(*)::int from invitations i
	 where i.panel_id = p.id and num_nonnulls(i.accepted_at, i.declined_at, i.revoked_at) = 0) as invited,
	(select count(*)::int from rounds r where r.panel_id = p.id) as rounds
	from panels p`

// Panels lists an edition's panels by name.
func Panels(ctx context.Context, db pg.DB, edition festival.EditionID) ([]Panel, error) {
	return pg.Rows[Panel](ctx, db, `
		select `+panelColumns+`
		where p.edition_id = @edition
		order by p.name`,
		pg.Args{"edition": edition})
}

// PanelAt finds a panel of an edition by its code; none is pgx.ErrNoRows.
func PanelAt(ctx context.Context, db pg.DB, edition festival.EditionID, code string) (Panel, error) {
	p, err := pg.One[Panel](ctx, db, `
		select `+panelColumns+`
		where p.edition_id = @edition and p.code = @code`,
		pg.Args{"edition": edition, "code": code})
	if err != nil {
		return Panel{}, fmt.Errorf("find panel: %w", err)
	}
	return p, nil
}

// CreatePanel makes a panel without seats.
func CreatePanel(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, name string) (Panel, error) {
	p := Panel{Code: account.Code(), EditionID: edition, Name: strings.TrimSpace(name)}
	id, err := pg.Value[PanelID](ctx, tx, `
		insert into panels (code, edition_id, name)
		values (@code, @edition, @name)
		returning id`,
		pg.Args{"code": p.Code, "edition": edition, "name": p.Name})
	if err != nil {
		return Panel{}, fmt.Errorf("create panel: %w", err)
	}
	p.ID = id
	return p, record(ctx, tx, by, edition, "panel.create", "panel", int64(id), nil)
}

// RenamePanel gives a panel another name.
func RenamePanel(ctx context.Context, tx pgx.Tx, by account.ID, p Panel, name string) error {
	_, err := tx.Exec(ctx, `
		update panels
		set name = @name
		where id = @id`,
		pg.Args{"id": p.ID, "name": strings.TrimSpace(name)})
	if err != nil {
		return fmt.Errorf("rename panel: %w", err)
	}
	return record(ctx, tx, by, p.EditionID, "panel.rename", "panel", int64(p.ID), nil)
}

func record(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, verb, kind string, subject int64, after any) error {
	return audit.Record(ctx, tx, audit.Event{
		Actor: new(int64(by)), Edition: new(int64(edition)), Verb: verb, Kind: kind, Subject: subject, After: after,
	})
}
