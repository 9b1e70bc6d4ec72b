package mail

import (
	"context"
	"fmt"

	"laurel/internal/pg"
)

// Inbox lists the letters to an account, the newest first, at most limit; older
// than the letter with the code before, unless that is empty.
func Inbox(ctx context.Context, db pg.DB, account int64, before string, limit int) ([]Copy, error) {
	copies, err := pg.Rows[Copy](ctx, db, `
		select `+columns+`
		from letters
		where account_id = @account
		  and (@before::text = '' or id < (select id from letters where code = @before and account_id = @account))
		order by id desc
		limit @limit`,
		pg.Args{"account": account, "before": before, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("list letters to an account: %w", err)
	}
	return copies, nil
}

// Received is one letter to an account; any other is pgx.ErrNoRows.
func Received(ctx context.Context, db pg.DB, account int64, code string) (Copy, error) {
	c, err := pg.One[Copy](ctx, db, `
		select `+columns+`
		from letters
		where account_id = @account and code = @code`,
		pg.Args{"account": account, "code": code})
	if err != nil {
		return Copy{}, fmt.Errorf("read letter: %w", err)
	}
	return c, nil
}

// Unread counts the letters that an account has not called read.
func Unread(ctx context.Context, db pg.DB, account int64) (int, error) {
	n, err := pg.Value[int](ctx, db, `
		select count(*)::int
		from letters
		where account_id = @account and read_at is null`,
		pg.Args{"account": account})
	if err != nil {
		return 0, fmt.Errorf("count unread letters: %w", err)
	}
	return n, nil
}

// Read notes that an account calls a letter read.
func Read(ctx context.Context, db pg.DB, account int64, code string) error {
	_, err := db.Exec(ctx, `
		update letters
		set read_at = clock_timestamp()
		where account_id = @account and code = @code and read_at is null`,
		pg.Args{"account": account, "code": code})
	if err != nil {
		return fmt.Errorf("call a letter read: %w", err)
	}
	return nil
}

// ReadAll notes that an account calls all its letters read.
func ReadAll(ctx context.Context, db pg.DB, account int64) error {
	_, err := db.Exec(ctx, `
		update letters
		set read_at = clock_timestamp()
		where account_id = @account and read_at is null`,
		pg.Args{"account": account})
	if err != nil {
		return fmt.Errorf("call all letters read: %w", err)
	}
	return nil
}
