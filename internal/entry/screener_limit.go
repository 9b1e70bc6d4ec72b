package entry

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A ScreenerLimit is something that makers ask about how their film is watched.
// Each holds from the next piece of the film that somebody asks for.
type ScreenerLimit string

// The limits.
const (
	StreamOnly   ScreenerLimit = "stream"   // in pieces, never as one file
	CategoryOnly ScreenerLimit = "category" // by jurors of the entry's category, not by other juries or the office
	RoomOnly     ScreenerLimit = "room"     // by nobody at home: the festival shows it to the jury in a room
)

// ScreenerLimits in the order of the form.
var ScreenerLimits = []ScreenerLimit{StreamOnly, CategoryOnly, RoomOnly}

// ScreenerLimitName is what is asked, in a few words, and what it means.
func ScreenerLimitName(ctx context.Context, l ScreenerLimit) (name, means string) {
	switch l {
	case StreamOnly:
		return locale.T(ctx, "limit.stream", "To be watched, not taken along"),
			locale.T(ctx, "limit.stream-means", "The film comes in small pieces and is never given out as one file. A juror can still film the screen.")
	case CategoryOnly:
		return locale.T(ctx, "limit.category", "Only jurors of its category"),
			locale.T(ctx, "limit.category-means", "Neither the festival’s office nor other juries can play it. The office still reads everything else that you sent.")
	case RoomOnly:
		return locale.T(ctx, "limit.room", "Only in a room with somebody of the festival"),
			locale.T(ctx, "limit.room-means", "Jurors cannot play it at home: the festival’s office plays it for them. Who sits in the room can still film the screen.")
	}
	return string(l), ""
}

// ScreenerLimitsOf are the limits of a work, for whoever may know the work.
func ScreenerLimitsOf(ctx context.Context, db pg.DB, id WorkID) ([]ScreenerLimit, error) {
	limits, err := pg.Values[ScreenerLimit](ctx, db, `
		select unnest(screener_limits)
		from works
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return nil, fmt.Errorf("find limits of screener: %w", err)
	}
	return limits, nil
}

// LimitScreener writes down how the makers of a work want its film to be
// watched, in all its entries.
func LimitScreener(ctx context.Context, tx pgx.Tx, maker account.ID, code string, limits []ScreenerLimit) error {
	w, err := lockWork(ctx, tx, maker, code, LevelSubmit)
	if err != nil {
		return err
	}
	kept := make([]string, 0, len(limits))
	for _, l := range ScreenerLimits {
		if slices.Contains(limits, l) {
			kept = append(kept, string(l))
		}
	}
	if len(kept) != len(limits) {
		return problem.Missing()
	}
	_, err = tx.Exec(ctx, `
		update works
		set screener_limits = @limits
		where id = @id`,
		pg.Args{"id": w.ID, "limits": kept})
	if err != nil {
		return fmt.Errorf("limit screener: %w", err)
	}
	return record(ctx, tx, maker, nil, "work.limits", "work", int64(w.ID), map[string]any{"limits": kept})
}
