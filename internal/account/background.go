package account

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/locale"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// A Background is what jurors say of themselves, so that they get films that
// they understand and none by people they belong with.
type Background struct {
	Languages    []string // that the person understands: ISO 639; empty: not said
	Affiliations []string // companies, schools and festivals, one an item
}

// BackgroundOf reads what a person has said.
func BackgroundOf(ctx context.Context, db pg.DB, id ID) (Background, error) {
	b, err := pg.One[Background](ctx, db, `
		select languages, affiliations
		from accounts
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return Background{}, fmt.Errorf("read background: %w", err)
	}
	return b, nil
}

// SaveBackground replaces what a person has said. Empty lines and what is said
// twice are left out; a language that is no code of ours is refused.
func SaveBackground(ctx context.Context, tx pgx.Tx, id ID, b Background) error {
	for _, code := range b.Languages {
		if known, ok := locale.LanguageCode(code); !ok || known != code || code == locale.NoDialogue {
			return problem.Field("languages", "film.language", "There is no language called “{{.Name}}” in our list. Write another name for it.", "Name", code)
		}
	}
	_, err := tx.Exec(ctx, `
		update accounts
		set languages = @languages, affiliations = @affiliations
		where id = @id`,
		pg.Args{"id": id, "languages": present(b.Languages), "affiliations": present(b.Affiliations)})
	if err != nil {
		return fmt.Errorf("save background: %w", err)
	}
	return record(ctx, tx, id, "said their background", "account", int64(id))
}

// present is a list without empty items and repetitions, in its order.
func present(list []string) []string {
	kept := []string{}
	for _, item := range list {
		if item = strings.Join(strings.Fields(item), " "); item != "" && !slices.Contains(kept, item) {
			kept = append(kept, item)
		}
	}
	return kept
}
