package factor

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// A Step is the secret of a browser in which somebody proved the first factor
// and has not yet proved the second. Only its hash is stored.
type Step string

func (s Step) hash() []byte {
	sum := sha256.Sum256([]byte("step:" + string(s)))
	return sum[:]
}

// Ask begins the step for an account whose first factor was proved just now.
func Ask(ctx context.Context, db pg.DB, who account.ID) (Step, error) {
	step := Step(rand.Text())
	_, err := db.Exec(ctx, `
		insert into second_steps (token_hash, account_id, expires_at)
		values (@hash, @who, clock_timestamp() + interval '10 minutes')`,
		pg.Args{"hash": step.hash(), "who": who})
	if err != nil {
		return "", fmt.Errorf("ask for the second factor: %w", err)
	}
	return step, nil
}

// Asked tells who stands at a step; 0 is nobody, or nobody any more.
func Asked(ctx context.Context, db pg.DB, step Step) (account.ID, error) {
	who, err := pg.Value[account.ID](ctx, db, `
		select s.account_id
		from second_steps s
		join accounts a on a.id = s.account_id and a.disabled_at is null
		where s.token_hash = @hash and s.expires_at > clock_timestamp()`,
		pg.Args{"hash": step.hash()})
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find step: %w", err)
	}
	return who, nil
}

// Pass checks the code of somebody at a step and ends the step.
func (k *Keeper) Pass(ctx context.Context, tx pgx.Tx, step Step, who account.ID, code string) error {
	if err := k.Check(ctx, tx, who, code); err != nil {
		return err
	}
	return End(ctx, tx, step)
}

// End ends a step.
func End(ctx context.Context, db pg.DB, step Step) error {
	if _, err := db.Exec(ctx, `delete from second_steps where token_hash = @hash`, pg.Args{"hash": step.hash()}); err != nil {
		return fmt.Errorf("end step: %w", err)
	}
	return nil
}

// Sweep forgets steps that nobody took.
func Sweep(ctx context.Context, db pg.DB) error {
	if _, err := db.Exec(ctx, `delete from second_steps where expires_at < clock_timestamp()`, pg.Args{}); err != nil {
		return fmt.Errorf("sweep steps: %w", err)
	}
	return nil
}
