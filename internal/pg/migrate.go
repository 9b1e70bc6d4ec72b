package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/golang-migrate/migrate/v4"
	migratepgx "github.com/golang-migrate/migrate/v4/database/pgx/v5"
	"github.com/golang-migrate/migrate/v4/source/iofs"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"laurel/migrations"
)

// A DirtyError says that a migration stopped half-way and a person must look.
type DirtyError struct {
	Version uint // the migration that did not finish
}

func (e *DirtyError) Error() string {
	return fmt.Sprintf("migration %06d was cut short: compare the database with migrations/%06d_*.up.sql, "+
		"finish or undo it by hand, then run `laurel migrate force %d` (finished) or `laurel migrate force %d` (undone)",
		e.Version, e.Version, e.Version, int(e.Version)-1)
}

// Migrate brings the database at dsn up to the newest migration. Several
// processes may call it at once: one works, the others wait for it.
func Migrate(ctx context.Context, dsn string) error {
	return withMigrations(ctx, dsn, func(m *migrate.Migrate) error { return m.Up() })
}

// MigrateTo brings the database at dsn up or down to version; 0 is an empty
// database.
func MigrateTo(ctx context.Context, dsn string, version uint) error {
	return withMigrations(ctx, dsn, func(m *migrate.Migrate) error {
		if version == 0 {
			return m.Down()
		}
		return m.Migrate(version)
	})
}

// MigrateBy goes steps migrations up, or down when steps is negative.
func MigrateBy(ctx context.Context, dsn string, steps int) error {
	return withMigrations(ctx, dsn, func(m *migrate.Migrate) error { return m.Steps(steps) })
}

// ForceVersion notes that the database stands at version, changing nothing
// else: the way out of a DirtyError.
func ForceVersion(ctx context.Context, dsn string, version int) error {
	return withMigrations(ctx, dsn, func(m *migrate.Migrate) error {
		if version <= 0 {
			version = -1
		}
		return m.Force(version)
	})
}

// Version is the newest migration the database at dsn has, 0 for none, with a
// DirtyError when that one did not finish.
func Version(ctx context.Context, dsn string) (version uint, err error) {
	err = withMigrations(ctx, dsn, func(m *migrate.Migrate) error {
		v, dirty, err := m.Version()
		version = v
		switch {
		case errors.Is(err, migrate.ErrNilVersion):
			return nil
		case dirty:
			return &DirtyError{Version: v}
		}
		return err
	})
	return version, err
}

// withMigrations runs do on connections of its own: the migration driver keeps
// one open until it is closed, and a shared pool could never close then. ctx
// stops between two migrations, never inside one.
func withMigrations(ctx context.Context, dsn string, do func(*migrate.Migrate) error) (err error) {
	c, err := pgx.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("read database address: %w", err)
	}
	c.RuntimeParams["application_name"] = "laurel migrate"
	c.RuntimeParams["timezone"] = "UTC"
	db := sql.OpenDB(stdlib.GetConnector(*c))
	defer db.Close()
	if err := db.PingContext(ctx); err != nil {
		return fmt.Errorf("reach database: %w", err)
	}
	m, err := newMigrate(db)
	if err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	defer func() {
		source, driver := m.Close()
		err = errors.Join(err, source, driver)
	}()
	defer context.AfterFunc(ctx, func() { m.GracefulStop <- true })()
	return explain(do(m))
}

func newMigrate(db *sql.DB) (*migrate.Migrate, error) {
	src, err := iofs.New(migrations.FS, ".")
	if err != nil {
		return nil, err
	}
	driver, err := migratepgx.WithInstance(db, &migratepgx.Config{})
	if err != nil {
		return nil, err
	}
	m, err := migrate.NewWithInstance("iofs", src, "pgx5", driver)
	if err != nil {
		return nil, err
	}
	m.LockTimeout = time.Minute
	return m, nil
}

func explain(err error) error {
	switch dirty, isDirty := errors.AsType[migrate.ErrDirty](err); {
	case err == nil, errors.Is(err, migrate.ErrNoChange):
		return nil
	case isDirty:
		return &DirtyError{Version: uint(dirty.Version)}
	}
	return fmt.Errorf("migrate: %w", err)
}
