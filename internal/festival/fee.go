package festival

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/pg"
)

// SaveFeeWords changes what filmmakers read about how fees are paid.
func SaveFeeWords(ctx context.Context, tx pgx.Tx, by account.ID, id EditionID, words string) error {
	_, err := tx.Exec(ctx, `
		update editions
		set fee_words = @words
		where id = @id`,
		pg.Args{"id": id, "words": strings.TrimSpace(words)})
	if err != nil {
		return fmt.Errorf("save words about fees: %w", err)
	}
	return record(ctx, tx, by, id, "changed", "edition", int64(id), nil)
}
