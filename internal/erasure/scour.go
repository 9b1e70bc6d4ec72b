package erasure

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/pg"
)

// Scour has Postgres write anew every table that erasures have emptied, if
// there were any since the last time. A deleted row's bytes stay in the holes of
// its page, in indexes, in the samples that the planner keeps, and in the log of
// changes; afterwards they are in none of the server's files. Each table is shut
// while it is written, so this is for once a day; a table that is in use for
// long is left to the next day.
func Scour(ctx context.Context, db *pgxpool.Pool) error {
	ids, err := pg.Values[int64](ctx, db, `
		select id
		from erasures
		where finished_at is not null and scoured_at is null
		order by id`,
		nil)
	if err != nil {
		return fmt.Errorf("list erasures to scour: %w", err)
	}
	if len(ids) == 0 {
		return nil
	}
	if err := db.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		defer conn.Conn().Close(context.WithoutCancel(ctx)) // with its settings
		return rewrite(ctx, conn.Conn())
	}); err != nil {
		return err
	}
	_, err = db.Exec(ctx, `
		update erasures
		set scoured_at = clock_timestamp()
		where id = any(@ids)`,
		pg.Args{"ids": ids})
	if err != nil {
		return fmt.Errorf("note scouring: %w", err)
	}
	return nil
}

// rewrite writes the tables of the inventory anew, then what the planner has
// learned of them, and begins a new log of changes. On somebody else's server
// the last two may not be ours to do.
func rewrite(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, "set statement_timeout = 0"); err != nil {
		return fmt.Errorf("scour: %w", err)
	}
	for _, table := range emptied() {
		if _, err := conn.Exec(ctx, "vacuum (full, analyze) "+table); err != nil {
			return fmt.Errorf("write table %s anew: %w", table, err)
		}
	}
	for _, sql := range []string{"vacuum full pg_catalog.pg_statistic", "select pg_switch_wal()", "checkpoint"} {
		_, err := conn.Exec(ctx, sql)
		if denied, ok := errors.AsType[*pgconn.PgError](err); ok && denied.Code == "42501" {
			continue
		}
		if err != nil {
			return fmt.Errorf("scour: %w", err)
		}
	}
	return nil
}

// emptied are the tables of the inventory, each once.
func emptied() []string {
	var tables []string
	for _, s := range append(append([]store{}, stores...), ofPerson...) {
		tables = append(tables, s.table)
	}
	slices.Sort(tables)
	return slices.Compact(tables)
}
