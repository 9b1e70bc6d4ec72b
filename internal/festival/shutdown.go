package festival

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// ShutdownDays is how long after a deadline films may arrive from where a
// shutdown was declared.
const ShutdownDays = 14

// A Shutdown is a time in which people cannot send, as organizers declared it.
type Shutdown struct {
	Code       string
	Countries  []string // ISO codes of countries of production; empty: everybody
	Words      string   // for everybody to read
	DeclaredAt time.Time
}

// Shutdowns lists what was declared for an edition, the latest first.
func Shutdowns(ctx context.Context, db pg.DB, edition EditionID) ([]Shutdown, error) {
	list, err := pg.Rows[Shutdown](ctx, db, `
		select code, countries, words, declared_at
		from shutdowns
		where edition_id = @edition
		order by id desc`,
		pg.Args{"edition": edition})
	if err != nil {
		return nil, fmt.Errorf("list shutdowns: %w", err)
	}
	return list, nil
}

// DeclareShutdown gives entrants from some countries, or all, ShutdownDays for
// the films that they announced in time. It cannot be taken back: people have
// relied on it.
func DeclareShutdown(ctx context.Context, tx pgx.Tx, by account.ID, edition EditionID, d Shutdown) error {
	if d.Countries == nil {
		d.Countries = []string{}
	}
	id, err := pg.Value[int64](ctx, tx, `
		insert into shutdowns (code, edition_id, countries, words, actor_id)
		values (@code, @edition, @countries, @words, @by)
		returning id`,
		pg.Args{"code": account.Code(), "edition": edition, "countries": d.Countries, "words": d.Words, "by": by})
	if err != nil {
		return fmt.Errorf("declare shutdown: %w", err)
	}
	return record(ctx, tx, by, edition, "declared", "shutdown", id, map[string]any{"countries": d.Countries, "words": d.Words})
}
