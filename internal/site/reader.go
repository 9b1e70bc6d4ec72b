package site

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
)

// A reader turns the fields of a sent form into values and gathers what is
// wrong with them. Persian and Arabic figures are taken like Latin ones.
type reader struct {
	ctx    context.Context
	r      *http.Request
	errors components.Errors
}

func newReader(r *http.Request) *reader {
	return &reader{ctx: r.Context(), r: r, errors: components.Errors{}}
}

// wrong notes the problem of a field, unless it has one already.
func (in *reader) wrong(name string, err error) {
	if _, ok := in.errors[name]; !ok && err != nil {
		in.errors[name] = locale.Say(in.ctx, problem.Of(err).Say)
	}
}

func (in *reader) figure(name string) string {
	return locale.ASCII(text(in.r, name))
}

// day reads a date such as 2026-11-30.
func (in *reader) day(name string) time.Time {
	t, err := time.Parse(time.DateOnly, in.figure(name))
	if err != nil {
		in.wrong(name, problem.Field(name, "form.day", "Write a day, such as 2026-11-30."))
	}
	return t
}

// instant reads a day and an hour on the clock of a zone.
func (in *reader) instant(name string, zone *time.Location) time.Time {
	return in.instantOf(name, in.figure(name), zone)
}

// instantOf is instant for a value that stands in a row of fields.
func (in *reader) instantOf(name, value string, zone *time.Location) time.Time {
	value = strings.Replace(locale.ASCII(value), " ", "T", 1)
	t, err := time.ParseInLocation("2006-01-02T15:04", value, zone)
	if err != nil {
		in.wrong(name, problem.Field(name, "form.instant", "Write a day and an hour, such as 2026-11-30 23:59."))
	}
	return t.UTC()
}

// number reads a whole number; empty is 0 where that is allowed.
func (in *reader) number(name string) int { return in.numberOf(name, in.figure(name)) }

// numberOf is number for a value that stands in a row of fields.
func (in *reader) numberOf(name, value string) int {
	n, err := strconv.Atoi(locale.ASCII(strings.TrimSpace(value)))
	if err != nil {
		in.wrong(name, problem.Field(name, "form.number", "Write a whole number in figures."))
	}
	return n
}

// forInput writes an instant as the browser's field for it wants it.
func forInput(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2006-01-02T15:04")
}

// dayForInput writes a day as the browser's field for it wants it.
func dayForInput(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
