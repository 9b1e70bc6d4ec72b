package upload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/blob"
	"laurel/internal/pg"
)

// A Misfit is where tables and disk do not agree about files on their way.
type Misfit struct {
	Upload  string // code; empty: a part belongs to no upload
	Part    string // key
	Durable int64  // bytes that were acknowledged
	Found   int64  // bytes that are there; -1: there is no part
}

// Misfits are the open uploads of which the disk has less than was acknowledged,
// and the parts of no upload that the sweep should have removed by now. What
// moves while it is looked at is looked at again.
func Misfits(ctx context.Context, db pg.DB, store blob.Store, parts *blob.Parts) ([]Misfit, error) {
	ids, err := pg.Values[ID](ctx, db, `
		select id
		from uploads
		where state = 'open'
		order by id`,
		nil)
	if err != nil {
		return nil, fmt.Errorf("list open uploads: %w", err)
	}
	var found []Misfit
	for _, id := range ids {
		m, err := misfit(ctx, db, store, parts, id)
		if m != nil && err == nil {
			m, err = misfit(ctx, db, store, parts, id)
		}
		if err != nil {
			return nil, err
		}
		if m != nil {
			found = append(found, *m)
		}
	}
	lost, err := lostParts(ctx, db, parts, 25*time.Hour)
	for _, key := range lost {
		found = append(found, Misfit{Part: key})
	}
	return found, err
}

// misfit holds one upload against the disk; nil: they agree, or it is over.
func misfit(ctx context.Context, db pg.DB, store blob.Store, parts *blob.Parts, id ID) (*Misfit, error) {
	u, err := byID(ctx, db, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil || u.State != Open {
		return nil, err
	}
	size, err := parts.Size(ctx, u.Part)
	if errors.Is(err, blob.ErrMissing) && u.Whole() { // it may be in its place already
		var kept io.Closer
		if kept, size, err = store.Open(ctx, u.Part); err == nil {
			err = kept.Close()
		}
	}
	if errors.Is(err, blob.ErrMissing) {
		size, err = -1, nil
	}
	if err != nil || size >= u.Durable {
		return nil, err
	}
	return &Misfit{u.Code, u.Part, u.Durable, size}, nil
}
