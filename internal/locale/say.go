package locale

import (
	"context"
	"embed"
	"fmt"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"

	"laurel/internal/problem"
)

//go:embed *.toml
var files embed.FS

// A catalogue is one language's file, read once.
type catalogue struct {
	lines     map[string]*i18n.Message
	localizer *i18n.Localizer
}

var catalogues = sync.OnceValue(func() map[Locale]catalogue {
	bundle := i18n.NewBundle(English.tag())
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	all := map[Locale]catalogue{}
	for _, l := range []Locale{English, Persian} {
		file, err := bundle.LoadMessageFileFS(files, string(l)+".toml")
		if err != nil {
			continue // the language has no file yet: everything falls back to English
		}
		c := catalogue{map[string]*i18n.Message{}, i18n.NewLocalizer(bundle, string(l))}
		for _, m := range file.Messages {
			c.lines[m.ID] = m
		}
		all[l] = c
	}
	return all
})

// translated says whether the locale has words of its own.
func (l Locale) translated() bool { return l != English && l != RightToLeft }

// T says the sentence called key, whose English is given. A placeholder
// {{.Name}} takes its value from the name/value pairs that follow:
//
//	T(ctx, "entry.for", "For {{.Film}}", "Film", title)
//
// Key and English are literals, so that the catalogue can be made from the
// code; one key has one English text.
func T(ctx context.Context, key, english string, pairs ...any) string {
	text := english
	if l := Of(ctx); l.translated() {
		if m, ok := catalogues()[l].lines[key]; ok {
			text = m.Other
		}
	}
	return fill(text, pairs)
}

// N is T for a sentence that counts: one is its English for exactly one,
// other for every other number. {{.Count}} stands for n as the reader writes
// numbers.
func N(ctx context.Context, key string, n int, one, other string, pairs ...any) string {
	pairs = append(pairs, "Count", Number(ctx, n))
	if l := Of(ctx); l.translated() {
		if c, ok := catalogues()[l]; ok {
			if text, ok := c.plural(key, n, pairs); ok {
				return text
			}
		}
	}
	if n == 1 {
		return fill(one, pairs)
	}
	return fill(other, pairs)
}

// plural picks the language's own form for n.
func (c catalogue) plural(key string, n int, pairs []any) (string, bool) {
	if _, ok := c.lines[key]; !ok {
		return "", false
	}
	data := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		data[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	text, err := c.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: data})
	return text, err == nil
}

// Say says a sentence that travelled as data: a problem's, or a reason's.
func Say(ctx context.Context, s problem.Say) string {
	return T(ctx, s.Key, s.English, s.Args...)
}

// fill puts the pairs' values in the place of their names.
func fill(text string, pairs []any) string {
	if len(pairs) == 0 || !strings.Contains(text, "{{.") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{{.")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}}")
		if !closed {
			b.WriteString("{{." + rest)
			return b.String()
		}
		b.WriteString(value(name, pairs))
		text = after
	}
}

// value is the text of the pair called name, or the placeholder itself.
func value(name string, pairs []any) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			if s, ok := pairs[i+1].(string); ok {
				return s
			}
			return fmt.Sprint(pairs[i+1])
		}
	}
	return "{{." + name + "}}"
}
