package entry

import (
	"context"
	"fmt"

	"laurel/internal/pg"
)

// Particulars are what came with an entry besides the film: who sent it, if it
// was imported, and the answers to another system's questions.
type Particulars struct {
	Contact Contact
	Answers []Answer
}

// ParticularsOf finds what came with an entry. Whoever calls it knows that the
// reader may see it.
func ParticularsOf(ctx context.Context, db pg.DB, id ID) (Particulars, error) {
	p, err := pg.One[Particulars](ctx, db, `
		select contact, answers
		from entries
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return Particulars{}, fmt.Errorf("find particulars: %w", err)
	}
	return p, nil
}
