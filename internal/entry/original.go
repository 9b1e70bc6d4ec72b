package entry

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/media"
	"laurel/internal/pg"
)

// An Original is the film of an entry as it was sent, and whether the festival
// may have it to show it on a screen: once the makers know that it is selected,
// and as long as they agree.
type Original struct {
	FileID    media.ID
	Code      string
	MediaType string
	Size      int64
	Selected  bool // and its makers have been told
	Agreed    bool
	In        bool // the entry is neither withdrawn nor out
}

// Free says whether the festival may have it now.
func (o Original) Free() bool { return o.Selected && o.Agreed && o.In }

// OriginalsOf lists the films of an entry as they were sent.
func OriginalsOf(ctx context.Context, db pg.DB, id ID) ([]Original, error) {
	list, err := pg.Rows[Original](ctx, db, `
		select f.id as file_id, f.code, f.media_type, f.size,
		       exists (select from decisions d where d.entry_id = e.id and d.outcome = 'selected' and d.released_at is not null) as selected,
		       exists (select from consents c where c.entry_id = e.id and c.item = 'original' and c.decision = 'yes') as agreed,
		       e.state in ('submitted', 'eligible') as in
		from entries e
		join entry_files x on x.entry_id = e.id and x.role = 'screener'
		join files f on f.id = x.file_id and f.state = 'ready'
		where e.id = @id
		order by x.position, f.id`,
		pg.Args{"id": id})
	if err != nil {
		return nil, fmt.Errorf("list originals: %w", err)
	}
	return list, nil
}

// Taken writes down that somebody of the festival downloads the film as it was
// sent. The makers read of it, as a role and a day. The parts of one download
// are one.
func Taken(ctx context.Context, tx pgx.Tx, by account.ID, e Entry, file string) error {
	known, err := pg.Value[bool](ctx, tx, `
		select exists (
			select from events
			where kind = 'entry' and subject_id = @entry and verb = 'entry.original' and actor_id = @by
			  and after ->> 'file' = @file and at > clock_timestamp() - interval '1 hour')`,
		pg.Args{"entry": e.ID, "by": by, "file": file})
	if err != nil {
		return fmt.Errorf("look for a download: %w", err)
	}
	if known {
		return nil
	}
	return record(ctx, tx, by, new(int64(e.EditionID)), "entry.original", "entry", int64(e.ID), map[string]any{"file": file})
}
