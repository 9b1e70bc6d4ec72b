package erasure

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/blob"
	"laurel/internal/pg"
)

// Finish deletes the files of an erasure and has Postgres clean the tables that
// it emptied, so that nothing finds the rows any more; Scour then takes their
// bytes away. It may run twice.
func Finish(ctx context.Context, db *pgxpool.Pool, store blob.Store, parts *blob.Parts, id int64) error {
	keys, err := pg.Values[string](ctx, db, `
		select unnest(blobs)
		from erasures
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("list files to delete: %w", err)
	}
	for _, key := range keys {
		if err := remove(ctx, store, parts, key); err != nil {
			return fmt.Errorf("delete files of erasure %d: %w", id, err)
		}
	}
	if err := clean(ctx, db); err != nil {
		return err
	}
	_, err = db.Exec(ctx, `
		update erasures
		set blobs = '{}', finished_at = clock_timestamp()
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("note erasure %d: %w", id, err)
	}
	return nil
}

// remove deletes the bytes of a key, whether they have arrived or not.
func remove(ctx context.Context, store blob.Store, parts *blob.Parts, key string) error {
	return errors.Join(store.Delete(ctx, key), parts.Remove(ctx, key))
}

// clean vacuums every table of the inventory, each in a statement of its own:
// Postgres allows it in no transaction. A large table may take its time.
func clean(ctx context.Context, db *pgxpool.Pool) error {
	return db.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		if _, err := conn.Exec(ctx, "set statement_timeout = 0"); err != nil {
			return err
		}
		defer conn.Conn().Close(context.WithoutCancel(ctx)) // with its setting
		for _, table := range emptied() {
			if _, err := conn.Exec(ctx, "vacuum "+table); err != nil {
				return fmt.Errorf("clean table %s: %w", table, err)
			}
		}
		return nil
	})
}
