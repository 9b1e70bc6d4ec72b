package pg

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Value runs sql for exactly one row of one column; none is pgx.ErrNoRows.
func Value[T any](ctx context.Context, db DB, sql string, args Args) (T, error) {
	rows, err := db.Query(ctx, sql, args)
	if err != nil {
		var zero T
		return zero, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
}

// Values is Value for any number of rows.
func Values[T any](ctx context.Context, db DB, sql string, args Args) ([]T, error) {
	rows, err := db.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[T])
}
