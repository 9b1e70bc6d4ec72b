package factor

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// period is how long a code lasts; one period before and after is taken too,
// because clocks differ (RFC 6238, section 5.2).
const period = 30

// TriesAMinute bounds guessing at one account, from wherever it comes.
const TriesAMinute = 5

// Try counts an attempt before its code is looked at. Too many in a minute are
// Denied, right or wrong. It stands outside the transaction of the attempt, so
// that a wrong one is counted too.
func Try(ctx context.Context, db pg.DB, who account.ID) error {
	tries, err := pg.Value[int](ctx, db, `
		update second_factors
		set tries = case when tries_since > clock_timestamp() - interval '1 minute' then tries + 1 else 1 end,
		    tries_since = case when tries_since > clock_timestamp() - interval '1 minute' then tries_since else clock_timestamp() end
		where account_id = @who
		returning tries`,
		pg.Args{"who": who})
	if err != nil {
		return fmt.Errorf("count tries: %w", err)
	}
	if tries > TriesAMinute {
		return problem.Field("code", "factor.slow", "There were too many attempts. Wait a minute, then try again.")
	}
	return nil
}

func wrong() error {
	return problem.Field("code", "factor.wrong", "This code does not fit. Wait for the next one in your app, or use a recovery code.")
}

// Check takes a code of the app, or a recovery code; each works once. A wrong
// one is Invalid.
func (k *Keeper) Check(ctx context.Context, tx pgx.Tx, who account.ID, typed string) error {
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(locale.ASCII(typed)))
	if len(code) == recoverySize {
		return useRecovery(ctx, tx, who, code)
	}
	return k.takeCode(ctx, tx, who, code)
}

// takeCode takes a code of the app, unless one of its time or later was taken
// before.
func (k *Keeper) takeCode(ctx context.Context, tx pgx.Tx, who account.ID, typed string) error {
	type row struct {
		Sealed   []byte
		LastStep int64
		Now      time.Time
	}
	r, err := pg.One[row](ctx, tx, `
		select sealed, last_step, clock_timestamp() as now
		from second_factors
		where account_id = @who
		for update`,
		pg.Args{"who": who})
	if err != nil {
		return fmt.Errorf("find second factor: %w", err)
	}
	secret, err := k.open(who, r.Sealed)
	if err != nil {
		return err
	}
	step, err := stepOf(plain.EncodeToString(secret), strings.Join(strings.Fields(locale.ASCII(typed)), ""), r.Now)
	if err != nil {
		return err
	}
	if step <= r.LastStep {
		return wrong()
	}
	_, err = tx.Exec(ctx, `
		update second_factors
		set last_step = @step
		where account_id = @who`,
		pg.Args{"who": who, "step": step})
	if err != nil {
		return fmt.Errorf("note time step: %w", err)
	}
	return nil
}

// stepOf is the time step that a code belongs to, around now; 0 is none.
func stepOf(secret, code string, now time.Time) (int64, error) {
	here, found := now.Unix()/period, int64(0)
	for step := here - 1; step <= here+1; step++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, fmt.Errorf("make code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = step
		}
	}
	return found, nil
}

// There are recoveryCount recovery codes of recoverySize letters, five bits in
// each: 80 bits, which is why a plain hash keeps them.
const (
	recoveryCount = 10
	recoverySize  = 16
)

// NewCodes gives an account ten recovery codes in the place of those it had.
func NewCodes(ctx context.Context, tx pgx.Tx, who account.ID) ([]string, error) {
	if _, err := tx.Exec(ctx, `delete from recovery_codes where account_id = @who`, pg.Args{"who": who}); err != nil {
		return nil, fmt.Errorf("forget recovery codes: %w", err)
	}
	codes := make([]string, recoveryCount)
	hashes := make([][]byte, recoveryCount)
	for i := range codes {
		code := rand.Text()[:recoverySize]
		codes[i], hashes[i] = strings.ReplaceAll(grouped(code), " ", "-"), hash(code)
	}
	_, err := tx.Exec(ctx, `
		insert into recovery_codes (account_id, hash)
		select @who, hash
		from unnest(@hashes::bytea[]) as hash`,
		pg.Args{"who": who, "hashes": hashes})
	if err != nil {
		return nil, fmt.Errorf("keep recovery codes: %w", err)
	}
	return codes, nil
}

func hash(code string) []byte {
	sum := sha256.Sum256([]byte("recovery:" + code))
	return sum[:]
}

func useRecovery(ctx context.Context, tx pgx.Tx, who account.ID, code string) error {
	_, err := pg.Value[account.ID](ctx, tx, `
		update recovery_codes
		set used_at = clock_timestamp()
		where account_id = @who and hash = @hash and used_at is null
		returning account_id`,
		pg.Args{"who": who, "hash": hash(code)})
	if errors.Is(err, pgx.ErrNoRows) {
		return wrong()
	}
	if err != nil {
		return fmt.Errorf("use recovery code: %w", err)
	}
	return record(ctx, tx, who, "used a recovery code of")
}
