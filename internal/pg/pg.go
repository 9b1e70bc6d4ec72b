// Package pg holds what every query needs: connecting, the DB interface, rows
// collected by column name, and the schema's migrations. It knows no table.
package pg

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DB is what a single statement needs: a pool, or a transaction.
// A function that must be atomic takes a pgx.Tx instead.
type DB interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Args names a statement's parameters; an unknown or missing name is an error.
type Args = pgx.StrictNamedArgs

// session is how long a connection of ours may hold others up, and the zone
// in which Postgres prints. A setting in the DSN wins over this list.
var session = map[string]string{
	"application_name":                    "laurel",
	"statement_timeout":                   "5s",
	"lock_timeout":                        "3s",
	"idle_in_transaction_session_timeout": "15s",
	"timezone":                            "UTC",
}

// maxConns is how many connections one process opens unless the DSN says
// pool_max_conns: enough that a page does not wait behind the jobs.
const maxConns = 20

// Config reads dsn (a URL or key=value words) and adds the session settings
// and types that all of Laurel's connections share.
func Config(dsn string) (*pgxpool.Config, error) {
	c, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read database address: %w", err)
	}
	for name, value := range session {
		if _, ok := c.ConnConfig.RuntimeParams[name]; !ok {
			c.ConnConfig.RuntimeParams[name] = value
		}
	}
	if !strings.Contains(dsn, "pool_max_conns") {
		c.MaxConns = maxConns
	}
	c.AfterConnect = registerTypes
	return c, nil
}

// Open connects to dsn and asks the server once whether it is there.
func Open(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	c, err := Config(dsn)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach database: %w", err)
	}
	return pool, nil
}

// registerTypes makes every instant arrive in UTC, whatever zone the process
// runs in.
func registerTypes(_ context.Context, conn *pgx.Conn) error {
	m := conn.TypeMap()
	instant := &pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC}}
	m.RegisterType(instant)
	m.RegisterType(&pgtype.Type{Name: "_timestamptz", OID: pgtype.TimestamptzArrayOID, Codec: &pgtype.ArrayCodec{ElementType: instant}})
	m.RegisterType(&pgtype.Type{Name: "tstzrange", OID: pgtype.TstzrangeOID, Codec: &pgtype.RangeCodec{ElementType: instant}})
	return nil
}

// Rows runs sql and collects every row into a T, column names to field names.
// A surplus or missing column is an error. No row is an empty slice.
func Rows[T any](ctx context.Context, db DB, sql string, args Args) ([]T, error) {
	rows, err := db.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// One is Rows for exactly one row; none is pgx.ErrNoRows, and more than one is
// pgx.ErrTooManyRows.
func One[T any](ctx context.Context, db DB, sql string, args Args) (T, error) {
	rows, err := db.Query(ctx, sql, args)
	if err != nil {
		var zero T
		return zero, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
}
