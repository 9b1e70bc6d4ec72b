// Package locale says things in the reader's language: sentences, plurals,
// numbers, dates, and the names of countries and languages. English stands in
// the code beside its key; en.toml is generated from the code, other languages
// are files beside it and fall back to English line by line.
package locale

import (
	"context"
	"strings"

	"golang.org/x/text/language"
)

//go:generate go run ./extract

// A Locale is the language a page is written in: "en" or "fa".
type Locale string

// The languages that have a catalogue. RightToLeft is English that calls
// itself right to left, for looking at a mirrored page before a translation
// exists; it is offered only after Review.
const (
	English     Locale = "en"
	Persian     Locale = "fa"
	RightToLeft Locale = "en-XB"
)

var offered = []Locale{English}

// Review offers the pseudo-locale RightToLeft too. It is called once, before
// the first request: by a test or by a developer's switch.
func Review() {
	offered = []Locale{English, RightToLeft}
}

// Known returns the offered locale called name, or English.
func Known(name string) Locale {
	for _, l := range offered {
		if string(l) == name {
			return l
		}
	}
	return English
}

// Match picks the offered locale that suits an Accept-Language header best.
// The pseudo-locale is chosen only by its name. A header that cannot be read
// means English.
func Match(acceptLanguage string) Locale {
	if strings.HasPrefix(acceptLanguage, string(RightToLeft)) {
		return Known(string(RightToLeft))
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(wanted) == 0 {
		return English
	}
	var tags []language.Tag
	var locales []Locale
	for _, l := range offered {
		if l != RightToLeft {
			tags, locales = append(tags, l.tag()), append(locales, l)
		}
	}
	_, i, confidence := language.NewMatcher(tags).Match(wanted...)
	if confidence == language.No {
		return English
	}
	return locales[i]
}

// tag is the locale as x/text knows it.
func (l Locale) tag() language.Tag {
	if l == Persian {
		return language.Persian
	}
	return language.BritishEnglish
}

type contextKey struct{}

// With returns a context in which every sentence is said in l.
func With(ctx context.Context, l Locale) context.Context {
	return context.WithValue(ctx, contextKey{}, l)
}

// Of is the context's locale, English when none was set.
func Of(ctx context.Context) Locale {
	if l, ok := ctx.Value(contextKey{}).(Locale); ok && l != "" {
		return l
	}
	return English
}

// Lang is the value of the html element's lang attribute.
func Lang(ctx context.Context) string {
	if Of(ctx) == Persian {
		return "fa"
	}
	return "en"
}

// Dir is the value of the html element's dir attribute: "ltr" or "rtl".
func Dir(ctx context.Context) string {
	switch Of(ctx) {
	case Persian, RightToLeft:
		return "rtl"
	}
	return "ltr"
}
