package emails

import (
	"context"

	"laurel/internal/locale"
	"laurel/internal/mail"
)

// neutral is all that is sent to who wants no letters: the sentence of their
// choice, as subject and as text, and the name of the site's address.
func neutral(ctx context.Context, base string, s mail.Sentence) Content {
	words := Sentence(ctx, s)
	return Content{Subject: words, Paragraphs: []string{words, host(base)}}
}

// Sentence is a neutral sentence in words.
func Sentence(ctx context.Context, s mail.Sentence) string {
	switch s {
	case "reading":
		return locale.T(ctx, "neutral.reading", "There is something new to read.")
	case "notice":
		return locale.T(ctx, "neutral.notice", "A notice waits for you.")
	case "update":
		return locale.T(ctx, "neutral.update", "There is an update.")
	}
	return locale.T(ctx, "neutral.library", "The library has news.")
}
