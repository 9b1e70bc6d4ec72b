package report

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/media"
	"laurel/internal/pg"
)

//go:embed stuck.sql
var stuckSQL string

// A Trouble is why a file is not as it should be, or not yet.
type Trouble string

// The troubles.
const (
	Coming   Trouble = "coming"   // announced, and on its way
	Checking Trouble = "checking" // being worked on, or waiting for it
	Refused  Trouble = "refused"
	Damaged  Trouble = "damaged" // in the store, since it was kept
)

// A StuckFile is a file of an entry that was sent.
type StuckFile struct {
	Number  int
	Code    string // of the entry
	Title   string
	Trouble Trouble
	Kind    media.Kind
	File    string // its code; empty: it is not here
	Refusal string // see media.Why
	Step    media.Step
	Percent int
	Size    int64      // bytes
	Since   time.Time  // the last sign of life, or when the trouble was seen
	Until   *time.Time // when an announced film comes too late
}

// StuckFiles lists them for an organizer.
func StuckFiles(ctx context.Context, db pg.DB, edition festival.EditionID, viewer account.ID) ([]StuckFile, error) {
	list, err := pg.Rows[StuckFile](ctx, db, stuckSQL, pg.Args{"edition": edition, "viewer": viewer})
	if err != nil {
		return nil, fmt.Errorf("list stuck files: %w", err)
	}
	return list, nil
}
