// Package problem is the one error that a person may see. Any other error is a
// fault of ours: it is logged whole and shown as "something went wrong".
package problem

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A Kind decides the HTTP status and nothing else.
type Kind int

// The kinds of problem.
const (
	Internal Kind = iota // a fault of ours; never constructed by hand
	Invalid              // the input breaks a rule: 422
	NotFound             // it does not exist, or the person may not know that it does: 404
	Denied               // the person may know it, but not do this: 403
	Conflict             // somebody was faster, or it exists already: 409
	Busy                 // try again soon: 503
	TooLarge             // more than is taken at all: 413
	Full                 // there is no room for it now: 507
)

// A Say is a sentence for people: a key of the catalogue, its English text and
// the values of its placeholders as name, value pairs.
type Say struct {
	Key     string
	English string
	Args    []any
}

// A Problem says what is wrong, in words that can be translated.
type Problem struct {
	Kind   Kind
	Say    Say
	Fields map[string]Say // by the name of the form's field; empty when the problem is of the whole
	cause  error
}

// New makes a problem. The key is unique for its English text.
func New(kind Kind, key, english string, args ...any) *Problem {
	return &Problem{Kind: kind, Say: Say{key, english, args}}
}

// Field makes an Invalid problem that stands beside one field of a form.
func Field(name, key, english string, args ...any) *Problem {
	say := Say{key, english, args}
	return &Problem{Kind: Invalid, Say: say, Fields: map[string]Say{name: say}}
}

// Together joins problems of several fields, so that a form names them all at
// once. An error that is no problem of a field goes before them.
func Together(errs ...error) error {
	var all *Problem
	for _, err := range errs {
		p := Of(err)
		switch {
		case p == nil:
		case len(p.Fields) == 0:
			return err
		case all == nil:
			all = &Problem{Kind: p.Kind, Say: p.Say, Fields: maps.Clone(p.Fields)}
		default:
			maps.Copy(all.Fields, p.Fields)
		}
	}
	if all == nil {
		return nil
	}
	return all
}

// Missing is the problem of something that does not exist, or that the person
// may not know to exist: the two look the same.
func Missing() *Problem {
	return New(NotFound, "problem.not-found", "There is nothing at this address, or it is not for you to see.")
}

func (p *Problem) Error() string {
	if p.cause != nil {
		return fmt.Sprintf("%s: %v", p.Say.Key, p.cause)
	}
	return p.Say.Key
}

func (p *Problem) Unwrap() error { return p.cause }

// Of returns the problem inside err, or nil for nil. A missing row is NotFound;
// a broken constraint is Invalid or Conflict with the sentence that Constraints
// has for it, so that a constraint needs a sentence and no Go.
func Of(err error) *Problem {
	if err == nil {
		return nil
	}
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if errors.Is(err, pgx.ErrNoRows) {
		p := Missing()
		p.cause = err
		return p
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return ofPostgres(e)
	}
	if lineLost(err) {
		return lost(err)
	}
	return internal(err)
}

// lineLost tells whether the database could not be reached, or went away in the
// middle of an act.
func lineLost(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return true
	}
	return pgconn.SafeToRetry(err) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// lost does not say that nothing was saved: an answer to COMMIT that never came
// tells nothing. A form carries its key, so sending it again is safe either way.
func lost(err error) *Problem {
	p := New(Busy, "problem.lost", "The database did not answer, so it is not certain that this was saved. Send it again in a moment: it counts once either way.")
	p.cause = err
	return p
}

func internal(err error) *Problem {
	p := New(Internal, "problem.internal", "Something went wrong on our side. Nothing was lost that you saw saved.")
	p.cause = err
	return p
}

func ofPostgres(e *pgconn.PgError) *Problem {
	kind := Internal
	switch e.Code {
	case "23514": // check_violation
		kind = Invalid
	case "23505", "23P01", "23503": // unique, exclusion, foreign key
		kind = Conflict
	case "55P03", "40P01", "40001", "57014", "53300": // locked, deadlock, serialization, timeout, too many connections
		p := New(Busy, "problem.busy", "Many people are at work here right now. Try again in a moment.")
		p.cause = e
		return p
	}
	if strings.HasPrefix(e.Code, "57P") || strings.HasPrefix(e.Code, "08") { // the server stops or starts; the connection broke
		return lost(e)
	}
	sentence, ok := Constraints[e.ConstraintName]
	if kind == Internal || !ok {
		return internal(e)
	}
	p := &Problem{Kind: kind, Say: Say{Key: "constraint." + e.ConstraintName, English: sentence.English}, cause: e}
	if sentence.Field != "" {
		p.Fields = map[string]Say{sentence.Field: p.Say}
	}
	return p
}
