package report

import (
	"context"
	"fmt"

	"laurel/internal/account"
	"laurel/internal/media"
	"laurel/internal/pg"
)

// Glance is the beginning of a film that is still being made, for its makers
// alone. What there is not, and for everybody else, is pgx.ErrNoRows.
func Glance(ctx context.Context, db pg.DB, viewer account.ID, file string) (Shown, error) {
	r, err := pg.One[Shown](ctx, db, `
		select r.name, r.media_type, r.blob_key
		from renditions r
		join files f on f.id = r.file_id and f.code = @file and f.state = 'checking'
		join work_files x on x.file_id = f.id
		join works w on w.id = x.work_id and (w.frozen_until is null or w.frozen_until <= statement_timestamp())
		join makers m on m.work_id = w.id and m.account_id = @viewer
		where r.name = @name
		limit 1`,
		pg.Args{"file": file, "viewer": viewer, "name": string(media.Glance)})
	if err != nil {
		return Shown{}, fmt.Errorf("find the glance of a film: %w", err)
	}
	return r, nil
}
