package main

import (
	"context"
	"fmt"

	"laurel/internal/pg"
)

// migrateCmd looks after the schema.
type migrateCmd struct {
	Up      migrateUp      `cmd:"" default:"1" help:"Bring the database to the newest schema. The default."`
	Down    migrateDown    `cmd:"" help:"Undo the newest migrations. Data they brought is lost."`
	To      migrateTo      `cmd:"" help:"Go up or down to one version; 0 empties the database."`
	Force   migrateForce   `cmd:"" help:"Note that the database stands at a version, after mending it by hand."`
	Version migrateVersion `cmd:"" help:"Print the version of the database's schema."`
}

type (
	migrateUp   struct{}
	migrateDown struct {
		Steps int `arg:"" default:"1" help:"How many."`
	}
	migrateTo struct {
		Version uint `arg:"" help:"Number of a migration."`
	}
	migrateForce struct {
		Version int `arg:"" help:"Number of a migration."`
	}
	migrateVersion struct{}
)

// Run brings the database to the newest schema.
func (*migrateUp) Run(ctx context.Context, c *common, s streams) error {
	return migrate(ctx, c, s, func(dsn string) error { return pg.Migrate(ctx, dsn) })
}

// Run undoes the newest migrations.
func (m *migrateDown) Run(ctx context.Context, c *common, s streams) error {
	if m.Steps < 1 {
		return &usageError{"the number of migrations to undo must be 1 or more"}
	}
	return migrate(ctx, c, s, func(dsn string) error { return pg.MigrateBy(ctx, dsn, -m.Steps) })
}

// Run goes to one version.
func (m *migrateTo) Run(ctx context.Context, c *common, s streams) error {
	return migrate(ctx, c, s, func(dsn string) error { return pg.MigrateTo(ctx, dsn, m.Version) })
}

// Run notes a version.
func (m *migrateForce) Run(ctx context.Context, c *common, s streams) error {
	return migrate(ctx, c, s, func(dsn string) error { return pg.ForceVersion(ctx, dsn, m.Version) })
}

// Run prints the version.
func (*migrateVersion) Run(ctx context.Context, c *common, s streams) error {
	return migrate(ctx, c, s, func(string) error { return nil })
}

// migrate does something to the schema and prints where it stands then.
func migrate(ctx context.Context, c *common, s streams, do func(dsn string) error) (err error) {
	server, err := openServer(ctx, c, c.logger(s.err), true)
	if err != nil {
		return err
	}
	defer func() {
		if stopped := server.close(); err == nil {
			err = stopped
		}
	}()
	if err := do(server.dsn); err != nil {
		return err
	}
	version, err := pg.Version(ctx, server.dsn)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "schema version %d\n", version)
	return err
}
