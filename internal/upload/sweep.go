package upload

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"laurel/internal/blob"
	"laurel/internal/job"
	"laurel/internal/pg"
)

// Sweep ends the uploads whose time is over, has those finished that were cut
// off after their last byte, and removes parts that belong to no upload.
func Sweep(ctx context.Context, pool *pgxpool.Pool, parts *blob.Parts) error {
	return errors.Join(expire(ctx, pool, parts), finishWhole(ctx, pool), removeLost(ctx, pool, parts), forget(ctx, pool))
}

// expire ends what nobody has sent a byte of for too long.
func expire(ctx context.Context, db pg.DB, parts *blob.Parts) error {
	over, err := pg.Values[string](ctx, db, `
		update uploads
		set state = 'stopped', hash_state = '', pieces = '{}',
			refusal = case
				when at_once then @form
				when upload_end(uploads) > expires_at then @long
				else @short end
		where state = 'open' and upload_end(uploads) < clock_timestamp() and durable is distinct from size
		returning part`,
		pg.Args{"form": stopped.Key, "long": expiredLong.Key, "short": expired.Key})
	if err != nil {
		return fmt.Errorf("end uploads: %w", err)
	}
	for _, part := range over {
		err = errors.Join(err, parts.Remove(ctx, part))
	}
	return err
}

// finishWhole asks for each that has arrived whole to be finished.
func finishWhole(ctx context.Context, pool *pgxpool.Pool) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		whole, err := pg.Values[int64](ctx, tx, `
			select id
			from uploads
			where state = 'open' and durable = size
			order by id`,
			pg.Args{})
		if err != nil {
			return fmt.Errorf("list uploads to finish: %w", err)
		}
		for _, id := range whole {
			if err := job.Enqueue(ctx, tx, job.UploadArgs{UploadID: id}); err != nil {
				return err
			}
		}
		return nil
	})
}

// removeLost removes the parts that no open upload knows of: of one whose
// beginning was not committed, or whose end was cut off. A young one may be of
// an upload that begins just now.
func removeLost(ctx context.Context, db pg.DB, parts *blob.Parts) error {
	lost, err := lostParts(ctx, db, parts, 24*time.Hour)
	for _, key := range lost {
		err = errors.Join(err, parts.Remove(ctx, key))
	}
	return err
}

// lostParts are the parts of that age that no open upload knows of.
func lostParts(ctx context.Context, db pg.DB, parts *blob.Parts, age time.Duration) ([]string, error) {
	keys, err := parts.Keys(ctx)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	known, err := pg.Values[string](ctx, db, `
		select part
		from uploads
		where state = 'open' and part = any(@keys)`,
		pg.Args{"keys": keys})
	if err != nil {
		return nil, fmt.Errorf("list open parts: %w", err)
	}
	now, err := pg.Value[time.Time](ctx, db, `select clock_timestamp() as now`, pg.Args{})
	if err != nil {
		return nil, fmt.Errorf("ask the clock: %w", err)
	}
	var lost []string
	for _, key := range keys {
		if slices.Contains(known, key) {
			continue
		}
		changed, err := changedAt(ctx, parts, key)
		if err != nil {
			return nil, err
		}
		if changed.Before(now.Add(-age)) {
			lost = append(lost, key)
		}
	}
	return lost, nil
}

// changedAt is when a part was last written to; one that is gone meanwhile
// changes for ever.
func changedAt(ctx context.Context, parts *blob.Parts, key string) (time.Time, error) {
	f, err := parts.Open(ctx, key)
	if errors.Is(err, blob.ErrMissing) {
		return time.Unix(1<<40, 0), nil
	}
	if err != nil {
		return time.Time{}, err
	}
	info, err := f.Stat()
	if err := errors.Join(err, f.Close()); err != nil {
		return time.Time{}, fmt.Errorf("look at part: %w", err)
	}
	return info.ModTime(), nil
}

// forget removes the rows of what ended without a file, once nobody looks for
// them any more.
func forget(ctx context.Context, db pg.DB) error {
	_, err := db.Exec(ctx, `
		delete from uploads
		where state in ('refused', 'stopped') and greatest(last_byte_at, upload_end(uploads)) < clock_timestamp() - interval '60 days'`,
		pg.Args{})
	if err != nil {
		return fmt.Errorf("forget uploads: %w", err)
	}
	return nil
}
