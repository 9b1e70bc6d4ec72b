// Package emails has the words of every letter.
package emails

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"laurel/internal/locale"
	"laurel/internal/mail"
)

// Content is what a letter says, before it is plain text or HTML. No part of
// it but Subject reaches a header, and Subject is the same for everyone.
type Content struct {
	Subject    string
	Paragraphs []string
	Quote      string   // the organizer's own words; empty: none
	QuotesLead string   // the line above Quotes
	Quotes     []string // the jurors' words
	Action     string   // what the link does
	Link       string   // whole address; empty: no link (forgotten after sending)
	After      []string // below the link
}

// Renderer makes the mail.Render of a site whose pages begin at base:
// "https://laurel.example".
func Renderer(base string) mail.Render {
	return func(ctx context.Context, c mail.Copy) (mail.Text, error) {
		return Render(locale.With(ctx, c.Locale), base, c)
	}
}

// Render puts a letter into words in the context's language: the neutral
// sentence alone where the addressee wants no more.
func Render(ctx context.Context, base string, c mail.Copy) (mail.Text, error) {
	content := neutral(ctx, base, c.Neutral)
	if c.Neutral == "" {
		var err error
		if content, err = Compose(ctx, base, c); err != nil {
			return mail.Text{}, err
		}
	}
	var html bytes.Buffer
	if err := letter(content).Render(ctx, &html); err != nil {
		return mail.Text{}, fmt.Errorf("write letter %s as HTML: %w", c.Kind, err)
	}
	return mail.Text{Subject: content.Subject, Plain: content.plain(), HTML: html.String()}, nil
}

// Compose says what a letter says.
func Compose(ctx context.Context, base string, c mail.Copy) (Content, error) {
	write, ok := writers[c.Kind]
	if !ok {
		return Content{}, fmt.Errorf("write letter: there are no words for kind %q", c.Kind)
	}
	if c.Args.Festival == "" {
		c.Args.Festival = host(base) // letters about an account are no festival's
	}
	content := write(ctx, c.Args)
	if c.Args.Link != "" {
		content.Link = strings.TrimSuffix(base, "/") + c.Args.Link
	}
	return content, nil
}

// host is the name of the site in its address.
func host(base string) string {
	if u, err := url.Parse(base); err == nil && u.Host != "" {
		return u.Host
	}
	return "Laurel"
}

// plain is the letter as text.
func (c Content) plain() string {
	parts := append([]string{}, c.Paragraphs...)
	if c.Quote != "" {
		parts = append(parts, c.Quote)
	}
	if len(c.Quotes) > 0 {
		parts = append(parts, c.QuotesLead)
		for _, q := range c.Quotes {
			parts = append(parts, "> "+strings.ReplaceAll(q, "\n", "\n> "))
		}
	}
	if c.Link != "" {
		parts = append(parts, c.Action+":\n"+c.Link)
	}
	return strings.Join(append(parts, c.After...), "\n\n") + "\n"
}

// until says when something ends, on the festival's clock where it has one.
func until(ctx context.Context, a mail.Args) string {
	zone, err := time.LoadLocation(a.Zone)
	if err != nil || a.Zone == "" || a.City == "" {
		return locale.T(ctx, "time.in-utc", "{{.When}} UTC", "When", locale.DateTime(ctx, a.Until, time.UTC, ""))
	}
	return locale.DateTime(ctx, a.Until, zone, a.City)
}

// linkEnds is the sentence about how long a link works; empty without an end or
// a link.
func linkEnds(ctx context.Context, a mail.Args) []string {
	if a.Until.IsZero() || a.Link == "" {
		return nil
	}
	return []string{locale.T(ctx, "letter.link-ends", "The link works once, until {{.When}}.", "When", until(ctx, a))}
}
