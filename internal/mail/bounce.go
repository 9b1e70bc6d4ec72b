package mail

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/audit"
	"laurel/internal/pg"
)

// ErrUnknownLetter is a report about a letter that is not here.
var ErrUnknownLetter = errors.New("there is no such letter here")

// TakeBack does what a report asks for. A letter that was not delivered counts
// as failed, and later ones to its address stay inside; a complaint ends what is
// sent to the addressee. Either way the news waits inside. A report that comes
// twice does the same.
func TakeBack(ctx context.Context, tx pgx.Tx, r Report) error {
	c, err := pg.One[Copy](ctx, tx, `
		select `+columns+`
		from letters
		where code = @code
		for update`,
		pg.Args{"code": r.Letter})
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrUnknownLetter
	}
	if err != nil {
		return fmt.Errorf("find returned letter: %w", err)
	}
	verb := "letter.returned"
	if r.Complaint {
		verb = "letter.complaint"
		err = c.silence(ctx, tx)
	} else {
		err = c.fail(ctx, tx)
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{Verb: verb, Kind: "letter", Subject: int64(c.ID)})
}

// silence chooses for the addressee that nothing is sent, if the letter went to
// the address that is theirs now.
func (c Copy) silence(ctx context.Context, tx pgx.Tx) error {
	if c.AccountID == nil || c.State != Sent {
		return nil
	}
	contact, err := ContactOf(ctx, tx, *c.AccountID)
	if err != nil || contact.Email != c.Email {
		return err
	}
	return choose(ctx, tx, *c.AccountID, None, "")
}

// fail marks the letter and its address.
func (c Copy) fail(ctx context.Context, tx pgx.Tx) error {
	if c.State != Sent && c.State != Queued {
		return nil
	}
	_, err := tx.Exec(ctx, `
		update letters
		set state = 'failed'
		where id = @id`,
		pg.Args{"id": c.ID})
	if err != nil {
		return fmt.Errorf("mark returned letter: %w", err)
	}
	if c.AccountID == nil {
		return nil
	}
	return returned(ctx, tx, *c.AccountID, c.Email)
}
