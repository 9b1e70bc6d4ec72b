package pg

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Value is One for statements that return one column.
func Value[T any](ctx context.Context, db DB, sql string, args Args) (T, error) {
	rows, err := db.Query(ctx, sql, args)
	if err != nil {
		var zero T
		return zero, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
}

// Values is Rows for statements that return one column.
func Values[T any](ctx context.Context, db DB, sql string, args Args) ([]T, error) {
	rows, err := db.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[T])
}
