package mail

import (
	"context"
	"errors"
	"fmt"

	"laurel/internal/pg"
)

// Text is a letter in words: one line of subject, and the same content plain
// and as HTML.
type Text struct {
	Subject string
	Plain   string
	HTML    string
}

// Render puts a letter into words, in the addressee's language.
type Render func(ctx context.Context, c Copy) (Text, error)

// A Transport hands one message to a mail server.
type Transport interface {
	// Deliver returns when the server has taken the message. An error that
	// wraps Refused will not go away by trying again.
	Deliver(ctx context.Context, m Message) error
}

// A Message is what goes to the mail server. ID is the same each time that a
// letter is tried, so that a copy sent twice is seen as one.
type Message struct {
	ID   string
	To   string
	Text Text
	Bare bool // no name stands before the sender's address
}

// Refused marks an error of a mail server that is final.
type Refused struct {
	Err     error
	Address bool // it is the address that is refused
}

func (r Refused) Error() string { return "mail server refused: " + r.Err.Error() }
func (r Refused) Unwrap() error { return r.Err }

// maxTries is how often a letter is tried before it counts as failed: with the
// growing pauses of the job queue, about two days.
const maxTries = 15

// Send brings a queued letter to the transport and notes what became of it. A
// letter in any other state is left alone, so that running twice sends once;
// one whose addressee has meanwhile chosen that nothing is sent stays inside.
// Without a transport (nil) the letter is held for reading in the outbox. An
// error asks to be called again later.
func Send(ctx context.Context, db pg.DB, id ID, render Render, transport Transport) error {
	c, err := byID(ctx, db, id)
	if err != nil || c.State != Queued {
		return err
	}
	if transport == nil {
		return settle(ctx, db, c, Held)
	}
	w, err := wayTo(ctx, db, Letter{Kind: c.Kind, To: c.Email, Account: c.AccountID})
	if err != nil {
		return err
	}
	if !w.open(c.Kind) {
		return settle(ctx, db, c, Inside)
	}
	if w.Channel == Neutral {
		c.Neutral = w.Sentence
	}
	text, err := render(ctx, c)
	if err != nil {
		return fmt.Errorf("send letter %d: %w", id, err)
	}
	return c.delivered(ctx, db, transport.Deliver(ctx, Message{ID: c.Code, To: c.Email, Text: text, Bare: c.Neutral != ""}))
}

// delivered notes what the transport answered.
func (c Copy) delivered(ctx context.Context, db pg.DB, answer error) error {
	refused, final := errors.AsType[Refused](answer)
	switch {
	case answer == nil:
		return settle(ctx, db, c, Sent)
	case final && refused.Address && c.AccountID != nil:
		if err := returned(ctx, db, *c.AccountID, c.Email); err != nil {
			return err
		}
		return settle(ctx, db, c, Failed)
	case final, c.Tries+1 >= maxTries:
		return settle(ctx, db, c, Failed)
	}
	if again := count(ctx, db, c.ID); again != nil {
		return again
	}
	return fmt.Errorf("send letter %d: %w", c.ID, answer)
}

// settle ends a letter's way through the outbox.
func settle(ctx context.Context, db pg.DB, c Copy, s State) error {
	carried := s == Sent && c.Neutral == "" || s != Held && c.AccountID == nil
	_, err := db.Exec(ctx, `
		update letters
		set state = @state,
			tries = tries + 1,
			sent_at = case when @state::text = 'sent' then clock_timestamp() end,
			email = case when @state::text = 'inside' then null else email end,
			args = case when @keep then args else args - 'link' end
		where id = @id and state = 'queued'`,
		pg.Args{"id": c.ID, "state": string(s), "keep": s == Held || c.Kind.keepsLink(carried)})
	if err != nil {
		return fmt.Errorf("settle letter %d: %w", c.ID, err)
	}
	return nil
}

func count(ctx context.Context, db pg.DB, id ID) error {
	_, err := db.Exec(ctx, `
		update letters
		set tries = tries + 1
		where id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return fmt.Errorf("count tries of letter %d: %w", id, err)
	}
	return nil
}
