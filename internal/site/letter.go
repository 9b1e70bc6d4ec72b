package site

import (
	"context"
	"net/http"
	"time"

	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/web/emails"
	"laurel/web/pages"
)

// shownLetters is how many letters a page of them holds.
const shownLetters = 200

// letterLine is a letter in a list. Whether a person with an account has it by
// mail or waiting inside is the person's own affair: both are delivered.
func (s *Site) letterLine(ctx context.Context, c mail.Copy, base string, zone *time.Location) (pages.LetterLine, error) {
	content, err := emails.Compose(ctx, s.base.String(), c)
	if err != nil {
		return pages.LetterLine{}, err
	}
	kind, state := letterState(ctx, c)
	to := c.Email
	switch {
	case c.AccountID != nil && c.Args.Number != "":
		to = c.Args.Number
	case to == "":
		to = locale.T(ctx, "letters.inside", "the page of messages")
	}
	return pages.LetterLine{
		URL: base + "/" + c.Code, Subject: content.Subject, To: to, When: locale.DateTime(ctx, c.CreatedAt, zone, ""),
		StateKind: kind, State: state,
	}, nil
}

func letterState(ctx context.Context, c mail.Copy) (kind, word string) {
	if c.AccountID != nil && c.State != mail.Held {
		return "on", locale.T(ctx, "letter.delivered", "Delivered")
	}
	switch c.State {
	case mail.Sent:
		return "on", locale.T(ctx, "letter.sent", "Sent")
	case mail.Failed:
		return "bad", locale.T(ctx, "letter.failed", "Not delivered")
	case mail.Held:
		return "", locale.T(ctx, "letter.held", "To be read here")
	case mail.Queued:
		return "warn", locale.T(ctx, "letter.queued", "Waits to be sent")
	case mail.Inside:
	}
	return "", string(c.State)
}

func (s *Site) letterLines(ctx context.Context, list []mail.Copy, base string, zone *time.Location) ([]pages.LetterLine, error) {
	lines := make([]pages.LetterLine, 0, len(list))
	for _, c := range list {
		line, err := s.letterLine(ctx, c, base, zone)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// letter puts a letter into words.
func (s *Site) letter(ctx context.Context, c mail.Copy, base string, zone *time.Location) (pages.Letter, error) {
	line, err := s.letterLine(ctx, c, base, zone)
	if err != nil {
		return pages.Letter{}, err
	}
	content, err := emails.Compose(ctx, s.base.String(), c)
	if err != nil {
		return pages.Letter{}, err
	}
	return pages.Letter{LetterLine: line, Back: base, Content: content}, nil
}

func (s *Site) listLetters(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	list, err := mail.OfEdition(ctx, s.db, int64(e.ID), int64(actor(r).ID), shownLetters)
	if err != nil {
		return err
	}
	lines, err := s.letterLines(ctx, list, e.Desk()+"/letters", e.Location())
	if err != nil {
		return err
	}
	f := s.organizerFrame(r, e, locale.T(ctx, "rail.letters", "Letters"), "letters")
	return s.page(w, r, http.StatusOK, pages.OrganizerLettersPage(f, lines))
}

func (s *Site) showLetter(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	c, err := mail.ForDesk(r.Context(), s.db, int64(e.ID), int64(actor(r).ID), r.PathValue("letter"))
	if err != nil {
		return err
	}
	v, err := s.letter(r.Context(), c, e.Desk()+"/letters", e.Location())
	if err != nil {
		return err
	}
	v.Content.Link = "" // a link is its reader's alone
	f := s.organizerFrame(r, e, v.Subject, "letters")
	return s.page(w, r, http.StatusOK, pages.OrganizerLetterPage(f, v))
}
