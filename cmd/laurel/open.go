package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/blob"
	"laurel/internal/cluster"
	"laurel/internal/erasure"
	"laurel/internal/pg"
)

// database is the name of Laurel's database on a server of its own.
const database = "laurel"

// server is a reachable Postgres: the one that was named, or our own.
type server struct {
	dsn     string
	private *cluster.Cluster // nil when somebody else runs it
}

// openServer finds the database server. Without DATABASE_URL it starts the one
// in the data folder; if another Laurel runs that already, a command that may
// share it (anything but serving) does.
func openServer(ctx context.Context, c *common, log *slog.Logger, share bool) (*server, error) {
	if c.Database != "" {
		return &server{dsn: c.Database}, nil
	}
	private, err := cluster.Start(ctx, cluster.Options{Dir: c.Data, Log: log})
	if _, held := errors.AsType[*cluster.HeldError](err); held && share {
		dsn, err := cluster.Address(c.Data, database)
		return &server{dsn: dsn}, err
	}
	if err != nil {
		return nil, err
	}
	if err := private.Ensure(ctx, database); err != nil {
		return nil, errors.Join(fmt.Errorf("make database: %w", err), private.Stop())
	}
	return &server{dsn: private.DSN(database), private: private}, nil
}

// failed is closed when a server of our own cannot be kept running.
func (s *server) failed() <-chan struct{} {
	if s.private == nil {
		return nil
	}
	return s.private.Ended()
}

func (s *server) close() error {
	if s.private == nil {
		return nil
	}
	return s.private.Stop()
}

// A house is everything a command needs to work on a festival's data.
type house struct {
	*server
	pool  *pgxpool.Pool
	store closableStore
	parts *blob.Parts
	erase erasure.Office
	log   *slog.Logger
}

// openHouse opens database and files, the database at the schema of this
// program. Close gives them back.
func openHouse(ctx context.Context, c *common, log *slog.Logger, share bool) (*house, error) {
	s, err := openServer(ctx, c, log, share)
	if err != nil {
		return nil, err
	}
	h := &house{server: s, log: log}
	if err := h.open(ctx, c); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

func (h *house) open(ctx context.Context, c *common) (err error) {
	if err := pg.Migrate(ctx, h.dsn); err != nil {
		return err
	}
	if h.pool, err = pg.Open(ctx, h.dsn); err != nil {
		return err
	}
	if err := requireSettings(ctx, h.pool, c.Lossy); err != nil {
		return err
	}
	if h.store, err = c.Bucket.openStore(ctx, c.Data); err != nil {
		return err
	}
	if h.parts, err = blob.OpenParts(filepath.Join(c.Data, "parts")); err != nil {
		return err
	}
	return h.forget(ctx, c)
}

// forget erases again what a backup has brought back, before anybody looks.
func (h *house) forget(ctx context.Context, c *common) (err error) {
	h.erase.Backups = c.BackupDays
	if h.erase.Book, err = erasure.OpenBook(filepath.Join(c.Data, "erasures")); err != nil {
		return err
	}
	again, err := h.erase.Replay(ctx, h.pool, h.store, h.parts)
	if again > 0 {
		h.log.Info("erased again what a backup had brought back", "erasures", again)
	}
	return err
}

// Close gives back what was opened, the server last.
func (h *house) Close() error {
	var err error
	if h.pool != nil {
		h.pool.Close()
	}
	if h.store != nil {
		err = h.store.Close()
	}
	if h.parts != nil {
		err = errors.Join(err, h.parts.Close())
	}
	if h.erase.Book != nil {
		err = errors.Join(err, h.erase.Book.Close())
	}
	return errors.Join(err, h.server.close())
}
