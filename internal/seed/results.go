package seed

import (
	"context"
	"fmt"
	"time"

	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
	"laurel/internal/result"
)

// results are what the organizer read of the rounds of an edition, at an
// instant: from them the next edition's rounds are planned.
func (h *house) results(ctx context.Context, id festival.EditionID, at time.Time) error {
	rounds, err := jury.Rounds(ctx, h.tx, id)
	if err != nil {
		return err
	}
	for _, r := range rounds {
		in, err := result.Read(ctx, h.tx, h.organizer, r)
		if err != nil {
			return err
		}
		body, err := result.Compute(in)
		if err != nil {
			return err
		}
		kept, err := result.Keep(ctx, h.tx, h.organizer, r, in, body, "demo")
		if err != nil {
			return err
		}
		_, err = h.tx.Exec(ctx, `
			update results
			set computed_at = @at, shown_at = @at
			where code = @code`,
			pg.Args{"at": at, "code": kept.Code})
		if err != nil {
			return fmt.Errorf("date result: %w", err)
		}
	}
	return nil
}
