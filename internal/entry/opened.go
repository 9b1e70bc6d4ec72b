package entry

import (
	"context"
	"fmt"

	"laurel/internal/pg"
)

// Opened notes that somebody of the festival has an entry before them that was
// sent. Its makers see when that was first.
func Opened(ctx context.Context, db pg.DB, id ID) error {
	_, err := db.Exec(ctx, `
		update entries
		set opened_at = clock_timestamp()
		where id = @id and opened_at is null and state in ('submitted', 'eligible', 'ineligible')`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("note that entry %d was opened: %w", id, err)
	}
	return nil
}
