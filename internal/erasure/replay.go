package erasure

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/blob"
	"laurel/internal/pg"
)

// Replay erases again what the record says and the database still holds: after
// a backup was brought back, and after a Laurel that was killed between the
// record and its commit. It also writes into the record what only the database
// knows. It runs before anybody is let in, and returns how many erasures had to
// be made again.
func (o Office) Replay(ctx context.Context, pool *pgxpool.Pool, store blob.Store, parts *blob.Parts) (int, error) {
	lines, err := o.Book.Lines()
	if err != nil {
		return 0, err
	}
	again := 0
	for _, l := range lines {
		done, err := o.replay(ctx, pool, l)
		if err != nil {
			return again, fmt.Errorf("erase %s again: %w", l.Code, err)
		}
		for _, key := range l.Blobs {
			if err := remove(ctx, store, parts, key); err != nil {
				return again, fmt.Errorf("delete files again: %w", err)
			}
		}
		if done {
			again++
		}
	}
	return again, o.catchUp(ctx, pool, lines)
}

// replay erases what is there of one line.
func (o Office) replay(ctx context.Context, pool *pgxpool.Pool, l Line) (done bool, err error) {
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		works, err := hashed(ctx, tx, `select id from works where encode(sha256(convert_to(code, 'UTF8')), 'hex') = any(@hashes) order by id`, l.Works)
		if err != nil {
			return err
		}
		accounts, err := hashed(ctx, tx, `select id from accounts where encode(sha256(convert_to(code, 'UTF8')), 'hex') = any(@hashes) order by id`, l.Accounts)
		if err != nil {
			return err
		}
		if len(works)+len(accounts) == 0 {
			return nil
		}
		s, err := scopeOf(ctx, tx, works, accounts)
		if err != nil {
			return err
		}
		done = true
		for _, key := range s.blobs {
			if !slices.Contains(l.Blobs, key) {
				l.Blobs = append(l.Blobs, key)
			}
		}
		return o.eraseAs(ctx, tx, l, s)
	})
	return done, err
}

func hashed(ctx context.Context, db pg.DB, sql string, hashes []string) ([]int64, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	ids, err := pg.Values[int64](ctx, db, sql, pg.Args{"hashes": hashes})
	if err != nil {
		return nil, fmt.Errorf("look for what was erased: %w", err)
	}
	return ids, nil
}

// catchUp writes the erasures of the database that the record lacks: its folder
// was lost, or the answer to a commit.
func (o Office) catchUp(ctx context.Context, db pg.DB, lines []Line) error {
	records, err := pg.Values[string](ctx, db, `
		select record
		from erasures
		where record <> ''
		order by id`,
		pg.Args{})
	if err != nil {
		return fmt.Errorf("list erasures: %w", err)
	}
	for _, text := range records {
		var l Line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			return fmt.Errorf("read erasure: %w", err)
		}
		if slices.ContainsFunc(lines, func(x Line) bool { return x.Code == l.Code }) {
			continue
		}
		if err := o.Book.Write(l); err != nil {
			return err
		}
	}
	return nil
}
