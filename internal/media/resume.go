package media

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/job"
	"laurel/internal/pg"
)

// Resume asks for some of the originals that lie in the store as they came to
// be encrypted: those from before that was done, and those over which a job
// gave up; and for some films from before films were measured and cut into
// pieces, to be made once more.
func Resume(ctx context.Context, tx pgx.Tx) error {
	ids, err := pg.Values[int64](ctx, tx, `
		select f.id
		from files f
		where f.state <> 'checking'
		  and f.created_at < clock_timestamp() - interval '1 hour'
		  and (not exists (select from file_keys k where k.file_id = f.id)
		       or f.kind = 'screener' and f.state = 'ready' and f.findings is null)
		  and not exists (
		    select from river_job j
		    where j.kind = 'media' and (j.args ->> 'file_id')::bigint = f.id
		      and j.state not in ('completed', 'cancelled', 'discarded'))
		order by f.id
		limit 50`,
		nil)
	if err != nil {
		return fmt.Errorf("list files to take up again: %w", err)
	}
	for _, id := range ids {
		if err := job.Enqueue(ctx, tx, job.MediaArgs{FileID: id}); err != nil {
			return err
		}
	}
	return nil
}
