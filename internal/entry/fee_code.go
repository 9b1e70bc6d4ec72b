package entry

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/money"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A FeeCode is a word that lowers a fee, lets an entry in after the last
// deadline, or both.
type FeeCode struct {
	Code       string // in addresses
	CategoryID *festival.CategoryID
	Category   *string // nil: all of the edition
	Reduction
	Uses      int
	UsesMost  *int       // nil: without end
	ExpiresAt *time.Time // nil: never
	LateUntil *time.Time
	Note      string // among organizers
	CreatedAt time.Time
	EndedAt   *time.Time
}

// FeeCodes lists an edition's codes, the newest first.
func FeeCodes(ctx context.Context, db pg.DB, edition festival.EditionID) ([]FeeCode, error) {
	list, err := pg.Rows[FeeCode](ctx, db, `
		select f.code, f.category_id, c.name as category, f.word, f.percent, f.minor, f.currency,
		       f.uses, f.uses_most, f.expires_at, f.late_until, f.note, f.created_at, f.ended_at
		from fee_codes f
		left join categories c on c.id = f.category_id
		where f.edition_id = @edition
		order by f.ended_at is not null, f.id desc`,
		pg.Args{"edition": edition})
	if err != nil {
		return nil, fmt.Errorf("list fee codes: %w", err)
	}
	return list, nil
}

// AddFeeCode makes a code of an edition.
func AddFeeCode(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, c FeeCode) error {
	id, err := pg.Value[int64](ctx, tx, `
		insert into fee_codes (code, edition_id, category_id, word, percent, minor, currency, uses_most, expires_at, late_until, note)
		values (@code, @edition, @category, @word, @percent, @minor, @currency, @most, @expires, @late, @note)
		returning id`,
		pg.Args{
			"code": account.Code(), "edition": edition, "category": c.CategoryID, "word": wordOf(*c.Word), "percent": c.Percent,
			"minor": c.Minor, "currency": c.Currency, "most": c.UsesMost, "expires": c.ExpiresAt, "late": c.LateUntil, "note": strings.TrimSpace(c.Note),
		})
	if err != nil {
		return fmt.Errorf("add fee code: %w", err)
	}
	return record(ctx, tx, by, new(int64(edition)), "entry.add-fee-code", "fee code", id, nil)
}

// EndFeeCode makes a code good for nobody else. Who has it keeps what it gave.
func EndFeeCode(ctx context.Context, tx pgx.Tx, by account.ID, edition festival.EditionID, code string) error {
	id, err := pg.Value[int64](ctx, tx, `
		update fee_codes
		set ended_at = coalesce(ended_at, clock_timestamp())
		where edition_id = @edition and code = @code
		returning id`,
		pg.Args{"edition": edition, "code": code})
	if err != nil {
		return fmt.Errorf("end fee code: %w", err)
	}
	return record(ctx, tx, by, new(int64(edition)), "entry.end-fee-code", "fee code", id, nil)
}

// wordOf is how a code is kept, however it was typed.
func wordOf(typed string) string {
	return strings.ToUpper(strings.Join(strings.Fields(locale.ASCII(typed)), ""))
}

// claimed is a code that was taken for an entry.
type claimed struct {
	ID        int64
	LateUntil *time.Time
	Reduction
}

// claim takes one use of a code. What a filmmaker was shown with it holds from
// then on, whoever else comes and whenever the code ends.
func claim(ctx context.Context, tx pgx.Tx, c festival.Category, typed string) (claimed, error) {
	got, err := pg.One[claimed](ctx, tx, `
		update fee_codes
		set uses = uses + 1
		where edition_id = @edition
		  and word = @word
		  and (category_id is null or category_id = @category)
		  and ended_at is null
		  and (expires_at is null or expires_at > clock_timestamp())
		  and (late_until is null or late_until > clock_timestamp())
		  and (currency is null or currency = @currency)
		returning id, late_until, word, percent, minor, currency`,
		pg.Args{"edition": c.EditionID, "category": c.ID, "word": wordOf(typed), "currency": feeCurrency(c)})
	if errors.Is(err, pgx.ErrNoRows) {
		return claimed{}, problem.Field("code", "fee.no-code", "There is no such code for {{.Category}}, or its time is over. Check how it is written.", "Category", c.Name)
	}
	if err != nil {
		return claimed{}, fmt.Errorf("take fee code: %w", err)
	}
	return got, nil
}

// LateCategories lists the categories that a code lets in after their last
// deadline.
func LateCategories(ctx context.Context, db pg.DB, typed string) ([]festival.CategoryID, error) {
	list, err := pg.Values[festival.CategoryID](ctx, db, `
		select distinct c.id
		from fee_codes f
		join categories c on c.edition_id = f.edition_id and (f.category_id is null or f.category_id = c.id)
		where f.word = @word
		  and f.ended_at is null
		  and (f.expires_at is null or f.expires_at > clock_timestamp())
		  and f.late_until > clock_timestamp()
		  and (f.uses_most is null or f.uses < f.uses_most)
		order by c.id`,
		pg.Args{"word": wordOf(typed)})
	if err != nil {
		return nil, fmt.Errorf("list late categories: %w", err)
	}
	return list, nil
}

// feeCurrency is the currency of a category's fees.
func feeCurrency(c festival.Category) string {
	if last := c.Last(); last != nil {
		return last.FeeCurrency
	}
	return ""
}

// release gives back the use of an entry's code, unless the entry came in late
// by it.
func release(ctx context.Context, tx pgx.Tx, id ID) error {
	_, err := tx.Exec(ctx, `
		update fee_codes
		set uses = uses - 1
		where id = (select fee_code_id from entries where id = @id) and late_until is null`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("give back fee code: %w", err)
	}
	return nil
}

// UseFeeCode takes a code for a maker's entry in the place of the one it had;
// an empty word takes none. One that was sent already costs what is left then,
// unless it is paid.
func UseFeeCode(ctx context.Context, tx pgx.Tx, maker account.ID, code, typed string) error {
	e, f, err := lockFee(ctx, tx, maker, code)
	if err != nil {
		return err
	}
	if f.Fee != FeeDue {
		return notDue()
	}
	if f.Word != nil && *f.Word == wordOf(typed) || f.Word == nil && wordOf(typed) == "" {
		return nil
	}
	if err := release(ctx, tx, e.ID); err != nil {
		return err
	}
	var got claimed
	if wordOf(typed) != "" {
		c, err := festival.CategoryOf(ctx, tx, e.CategoryID)
		if err != nil {
			return err
		}
		if got, err = claim(ctx, tx, c, typed); err != nil {
			return err
		}
	}
	if err := attachCode(ctx, tx, e.ID, got); err != nil {
		return err
	}
	if f.FeeBase == nil {
		return nil
	}
	base := money.Amount{Minor: *f.FeeBase, Currency: *f.FeeCurrency}
	return setFee(ctx, tx, e.ID, base, got.Off(base))
}

// attachCode keeps with an entry what its code gives. The right to come late
// stays with it.
func attachCode(ctx context.Context, tx pgx.Tx, id ID, got claimed) error {
	_, err := tx.Exec(ctx, `
		update entries
		set fee_code_id = nullif(@code::bigint, 0),
		    late_until = greatest(late_until, @late)
		where id = @id`,
		pg.Args{"id": id, "code": got.ID, "late": got.LateUntil})
	if err != nil {
		return fmt.Errorf("keep fee code: %w", err)
	}
	return nil
}
