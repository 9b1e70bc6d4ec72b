package media

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/pg"
)

// looseKey makes the key of a blob for a file and writes it down before
// anything is put under it, so that whoever is killed leaves nothing behind
// that nobody knows of.
func looseKey(ctx context.Context, db pg.DB, id ID) (string, error) {
	key := blob.Key()
	_, err := db.Exec(ctx, `
		insert into loose_blobs (blob_key, file_id)
		values (@key, @id)`,
		pg.Args{"key": key, "id": id})
	if err != nil {
		return "", fmt.Errorf("note blob of file %d: %w", id, err)
	}
	return key, nil
}

// fasten says that loose blobs belong to their file now. It fails when one was
// tidied away meanwhile.
func fasten(ctx context.Context, tx pgx.Tx, id ID, keys []string) error {
	tag, err := tx.Exec(ctx, `
		delete from loose_blobs
		where file_id = @id and blob_key = any(@keys)`,
		pg.Args{"id": id, "keys": keys})
	if err != nil {
		return fmt.Errorf("fasten blobs of file %d: %w", id, err)
	}
	if int(tag.RowsAffected()) != len(keys) {
		return fmt.Errorf("fasten blobs of file %d: somebody else works on it", id)
	}
	return nil
}

// loosen says that blobs do not belong to their file any more.
func loosen(ctx context.Context, tx pgx.Tx, id ID, keys []string) error {
	_, err := tx.Exec(ctx, `
		insert into loose_blobs (blob_key, file_id)
		select key, @id
		from unnest(@keys::text[]) as key`,
		pg.Args{"id": id, "keys": keys})
	if err != nil {
		return fmt.Errorf("loosen blobs of file %d: %w", id, err)
	}
	return nil
}

// Tidy deletes the loose blobs of the file: what somebody who was killed left
// behind, and the original once it is encrypted.
func (w *Work) Tidy(ctx context.Context) error {
	keys, err := pg.Values[string](ctx, w.db, `
		select blob_key
		from loose_blobs
		where file_id = @id
		order by created_at, blob_key`,
		pg.Args{"id": w.id})
	if err != nil {
		return fmt.Errorf("list loose blobs of file %d: %w", w.id, err)
	}
	for _, key := range keys {
		if err := w.vault.Store.Delete(ctx, key); err != nil {
			return fmt.Errorf("tidy file %d: %w", w.id, err)
		}
	}
	_, err = w.db.Exec(ctx, `
		delete from loose_blobs
		where blob_key = any(@keys)`,
		pg.Args{"keys": keys})
	if err != nil {
		return fmt.Errorf("tidy file %d: %w", w.id, err)
	}
	return nil
}
