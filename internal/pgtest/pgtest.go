// Package pgtest gives a test a real database: one of its own, or a
// transaction that is rolled back. It finds or starts the server itself.
package pgtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/pg"
	"laurel/migrations"
)

// Tx is a transaction on a migrated database, rolled back when the test ends.
// A statement that fails spoils it: wrap what should fail in pgx.BeginFunc.
func Tx(t testing.TB) pgx.Tx {
	t.Helper()
	pool, err := common()
	check(t, err)
	ctx := context.WithoutCancel(t.Context())
	tx, err := pool.Begin(ctx)
	check(t, err)
	t.Cleanup(func() { tx.Rollback(ctx) })
	return tx
}

// Pool is a migrated database of the test's own, for tests that commit.
func Pool(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return open(t, DSN(t), nil)
}

// Counted is Pool with a counter of the statements sent through it, to catch
// a page that asks once for every row.
func Counted(t testing.TB) (*pgxpool.Pool, *Counter) {
	t.Helper()
	n := new(Counter)
	return open(t, DSN(t), n), n
}

// DSN is the address of a migrated database of the test's own.
func DSN(t testing.TB) string {
	t.Helper()
	tmpl, err := template()
	check(t, err)
	return create(t, "template "+tmpl+" strategy file_copy")
}

// Empty is the address of a database of the test's own without any migration.
func Empty(t testing.TB) string {
	t.Helper()
	return create(t, "template template0")
}

// Counter counts statements; it is a pgx.QueryTracer. What River asks of the
// server itself, to wake its workers at most so often, is not counted: it
// depends on the clock.
type Counter struct{ n atomic.Int64 }

// TraceQueryStart counts one statement.
func (c *Counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if !strings.HasPrefix(data.SQL, "-- name: PG") {
		c.n.Add(1)
	}
	return ctx
}

// TraceQueryEnd does nothing; pgx asks for it.
func (c *Counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Take is the number of statements since the last Take.
func (c *Counter) Take() int64 { return c.n.Swap(0) }

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("pgtest: %v (README, Tests, says what the tests need)", err)
	}
}

// open connects to dsn until the test ends. A nil counter counts nothing.
func open(t testing.TB, dsn string, n *Counter) *pgxpool.Pool {
	t.Helper()
	c, err := pg.Config(dsn)
	check(t, err)
	c.MaxConns = 12
	if n != nil {
		c.ConnConfig.Tracer = n
	}
	pool, err := pgxpool.NewWithConfig(context.WithoutCancel(t.Context()), c)
	check(t, err)
	t.Cleanup(pool.Close)
	return pool
}

var serial atomic.Int64

// create makes a database until the test ends and returns its address.
func create(t testing.TB, how string) string {
	t.Helper()
	name := fmt.Sprintf("laurel_test_%d_%d", os.Getpid(), serial.Add(1))
	check(t, do(t.Context(), "create database "+name+" "+how))
	t.Cleanup(func() {
		if err := do(context.WithoutCancel(t.Context()), "drop database "+name+" with (force)"); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	dsn, err := address(name)
	check(t, err)
	return dsn
}

// do runs one statement on the server's own database.
func do(ctx context.Context, sql string) error {
	return with(ctx, func(c *pgx.Conn) error {
		_, err := c.Exec(ctx, sql)
		return err
	})
}

func with(ctx context.Context, f func(*pgx.Conn) error) error {
	dsn, err := address("postgres")
	if err != nil {
		return err
	}
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	return errors.Join(f(c), c.Close(context.WithoutCancel(ctx)))
}

// address is the server's DSN with db for its database.
func address(db string) (string, error) {
	dsn, err := server()
	if err != nil {
		return "", err
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "", fmt.Errorf("read LAUREL_TEST_DATABASE, which must be a URL: %w", err)
	}
	u.Path = "/" + db
	return u.String(), nil
}

// common is the database of this process in which Tx works.
var common = sync.OnceValues(func() (*pgxpool.Pool, error) {
	ctx := context.Background()
	tmpl, err := template()
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("laurel_test_%d", os.Getpid())
	if err := do(ctx, "drop database if exists "+name); err != nil {
		return nil, err
	}
	if err := do(ctx, "create database "+name+" template "+tmpl+" strategy file_copy"); err != nil {
		return nil, err
	}
	dsn, err := address(name)
	if err != nil {
		return nil, err
	}
	c, err := pg.Config(dsn)
	if err != nil {
		return nil, err
	}
	c.MaxConns = 12
	return pgxpool.NewWithConfig(ctx, c)
})

// template is the name of the migrated database that others are copied from.
// It is made once for every state of the migrations, by whoever comes first,
// under another name first: nobody may copy a half-made one, and Postgres
// copies nothing that somebody is connected to.
var template = sync.OnceValues(func() (string, error) {
	sum, err := fingerprint()
	if err != nil {
		return "", err
	}
	name := "laurel_template_" + sum
	ctx := context.Background()
	return name, with(ctx, func(c *pgx.Conn) error {
		if _, err := c.Exec(ctx, "select pg_advisory_lock(hashtext($1))", name); err != nil {
			return err
		}
		var made bool
		if err := c.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&made); err != nil || made {
			return err
		}
		return makeTemplate(ctx, c, name)
	})
})

func makeTemplate(ctx context.Context, c *pgx.Conn, name string) error {
	draft := name + "_draft"
	for _, sql := range []string{"drop database if exists " + draft, "create database " + draft + " template template0"} {
		if _, err := c.Exec(ctx, sql); err != nil {
			return err
		}
	}
	dsn, err := address(draft)
	if err != nil {
		return err
	}
	if err := pg.Migrate(ctx, dsn); err != nil {
		return err
	}
	_, err = c.Exec(ctx, "alter database "+draft+" rename to "+name)
	return err
}

// fingerprint is a short hash of all migrations.
func fingerprint() (string, error) {
	names, err := fs.Glob(migrations.FS, "*.up.sql")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, n := range names {
		b, err := fs.ReadFile(migrations.FS, n)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n%s", n, len(b), strings.TrimSpace(string(b)))
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8]), nil
}
