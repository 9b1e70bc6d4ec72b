package score

import (
	"context"
	"fmt"

	"laurel/internal/account"
	"laurel/internal/pg"
	"laurel/internal/problem"
)

// MaxPlace is the latest second of a film that is kept; no film plays longer
// than a day.
const MaxPlace = 90_000

// KeepPlace notes where somebody stopped watching a film, from its beginning.
// It is kept here and not in their browser, so that it goes on from there on any
// device, and nothing of it is left on one that others use. Whoever calls it
// knows that they may see the film.
func KeepPlace(ctx context.Context, db pg.DB, who account.ID, file string, seconds int) error {
	if seconds < 0 || seconds > MaxPlace {
		return problem.New(problem.Invalid, "form.unreadable", "The form could not be read. Open the page again and send it once more.")
	}
	_, err := db.Exec(ctx, `
		insert into viewings as v (account_id, file_id, seconds)
		select @who, id, @seconds
		from files
		where code = @file
		on conflict on constraint viewings_pkey do update
		set seconds = excluded.seconds, at = excluded.at`,
		pg.Args{"who": who, "file": file, "seconds": seconds})
	if err != nil {
		return fmt.Errorf("keep place in film: %w", err)
	}
	return nil
}
