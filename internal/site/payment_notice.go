package site

import (
	"io"
	"net/http"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/problem"
)

// noticePath is where the payment service tells what happened. It carries no
// proof of a form of ours; its signature is its proof.
const noticePath = "/payments/notices"

// maxNotice is the longest message of the payment service, in bytes.
const maxNotice = 256 << 10

// takeNotice answers well to every message that is truly the service's, also
// to one that changes nothing here: it would be sent again for days, and one
// account may serve other shops too. What was refused is written down.
func (s *Site) takeNotice(w http.ResponseWriter, r *http.Request) error {
	if s.till == nil {
		return problem.Missing()
	}
	ctx := r.Context()
	message, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxNotice))
	if err != nil {
		return problem.New(problem.Invalid, "notice.unreadable", "The message could not be read.")
	}
	notice, err := s.till.Read(message, r.Header.Get("Stripe-Signature"))
	if err != nil {
		if s.tellsForgery(w, r) {
			s.log.WarnContext(ctx, "a message that is not the payment service's", "error", scrub(err))
		}
		return problem.New(problem.Denied, "notice.unsigned", "This is no message of the payment service.")
	}
	var why entry.Refusal
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) (err error) {
		why, err = entry.TakeNotice(ctx, tx, notice)
		return err
	})
	if err != nil {
		return err
	}
	if why != "" {
		s.log.WarnContext(ctx, "a payment that changes nothing", "notice", notice.ID, "reason", string(why))
	}
	return plain(w, "noted\n")
}
