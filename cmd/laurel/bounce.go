package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"laurel/internal/mail"
)

// bounceCmd reads what another mail server says of one of our letters.
type bounceCmd struct{}

// Help is shown by `laurel help bounce`.
func (bounceCmd) Help() string {
	return `Reads one delivery report (RFC 3464) or complaint (ARF, RFC 5965) and finds the letter by its Message-ID, or by the address that LAUREL_MAIL_RETURN gave it. A letter that was not delivered is marked, and later ones wait inside until the person tries the address again; after a complaint nothing is sent to the person any more. The news is never lost: it waits on the person's page of messages. Anything else is refused and changes nothing.

A mail server calls it through an alias. With LAUREL_MAIL_RETURN=bounces@example.org and Postfix, in /etc/aliases:

  bounces: "|env DATABASE_URL=postgres://… /usr/local/bin/laurel bounce"

and recipient_delimiter = + in main.cf. Exit code: 0 when the report was taken or says nothing final, 2 when it is refused, 1 for a fault.`
}

// Run takes the report in one transaction. What the message says is never
// printed: anybody can have written it.
func (c bounceCmd) Run(ctx context.Context, common *common, s streams) (err error) {
	report, err := mail.ReadReport(s.in)
	if errors.Is(err, mail.ErrNotFinal) {
		fmt.Fprintln(s.out, "The letter is delayed or was delivered: nothing to do.")
		return nil
	}
	if err != nil {
		return &usageError{err.Error()}
	}
	h, err := openHouse(ctx, common, common.logger(s.err), true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	err = pgx.BeginFunc(ctx, h.pool, func(tx pgx.Tx) error {
		return mail.TakeBack(ctx, tx, report)
	})
	if errors.Is(err, mail.ErrUnknownLetter) {
		return &usageError{err.Error()}
	}
	if err != nil {
		return err
	}
	if report.Complaint {
		fmt.Fprintln(s.out, "Nothing is sent to this person any more; the news waits inside.")
	} else {
		fmt.Fprintln(s.out, "The letter is marked as not delivered; the news waits inside.")
	}
	return nil
}
