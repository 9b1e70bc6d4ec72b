package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
)

// Once claims a form's key inside the transaction of its act. first is true
// for the request that may act; a later one, also one that waited while the
// first was at work, gets the answer that the first one stored.
func Once(ctx context.Context, tx pgx.Tx, by ID, key, route string) (first bool, location string, err error) {
	tag, err := tx.Exec(ctx, `
		insert into form_answers (key, actor, route)
		values (@key, @actor, @route)
		on conflict do nothing`,
		pg.Args{"key": key, "actor": by, "route": route})
	if err != nil {
		return false, "", fmt.Errorf("claim form: %w", err)
	}
	if tag.RowsAffected() == 1 {
		return true, "", nil
	}
	location, err = pg.Value[string](ctx, tx, `
		select location
		from form_answers
		where key = @key and actor = @actor`,
		pg.Args{"key": key, "actor": by})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, "", fmt.Errorf("claim form: the first answer is gone")
	}
	return false, location, err
}

// AnswerOf is the answer that a form was given before, if it was.
func AnswerOf(ctx context.Context, db pg.DB, by ID, key string) (location string, ok bool, err error) {
	location, err = pg.Value[string](ctx, db, `
		select location
		from form_answers
		where key = @key and actor = @actor`,
		pg.Args{"key": key, "actor": by})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("look for the answer of a form: %w", err)
	}
	return location, true, nil
}

// Answered stores the answer of a form with its act.
func Answered(ctx context.Context, tx pgx.Tx, by ID, key, location string) error {
	_, err := tx.Exec(ctx, `
		update form_answers
		set location = @location
		where key = @key and actor = @actor`,
		pg.Args{"key": key, "actor": by, "location": location})
	if err != nil {
		return fmt.Errorf("store answer: %w", err)
	}
	return nil
}

// Sweep forgets sessions, links, codes that nobody used and form answers that
// have had their time.
func Sweep(ctx context.Context, db pg.DB) error {
	for _, sql := range []string{
		`delete from sessions where expires_at < clock_timestamp() or seen_at < clock_timestamp() - interval '` + idle + `'`,
		`delete from account_tokens where expires_at < clock_timestamp() - interval '7 days'`,
		`delete from account_codes where begun_at is null and created_at < clock_timestamp() - interval '7 days'`,
		`delete from form_answers where created_at < clock_timestamp() - interval '30 days'`,
	} {
		if _, err := db.Exec(ctx, sql, pg.Args{}); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	return nil
}
