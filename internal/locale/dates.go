package locale

import (
	"context"
	"time"
)

// Date writes the day of t, in t's own zone: "30 September 2026".
func Date(_ context.Context, t time.Time) string {
	return t.Format("2 January 2006")
}

// ShortDate is Date where a table has little room: "30 Sep 2026".
func ShortDate(_ context.Context, t time.Time) string {
	return t.Format("2 Jan 2006")
}

// Dates writes a span of days: "26 September – 3 October 2026",
// "3–9 October 2026".
func Dates(ctx context.Context, from, to time.Time) string {
	switch {
	case from.Year() != to.Year():
		return from.Format("2 January 2006") + " – " + Date(ctx, to)
	case from.Month() != to.Month():
		return from.Format("2 January") + " – " + Date(ctx, to)
	case from.Day() != to.Day():
		return from.Format("2") + "–" + Date(ctx, to)
	}
	return Date(ctx, from)
}

// DateTime writes an instant on the clock of a zone and says whose clock it
// is: "Wed 30 September 2026, 23:59 in Mahabar". An empty city says nothing.
func DateTime(ctx context.Context, t time.Time, zone *time.Location, city string) string {
	when := t.In(zone).Format("Mon 2 January 2006, 15:04")
	if city == "" {
		return when
	}
	return T(ctx, "time.in-city", "{{.When}} in {{.City}}", "When", when, "City", city)
}

// Time writes the hour of t in its own zone: "23:59".
func Time(_ context.Context, t time.Time) string { return t.Format("15:04") }

const day = 24 * time.Hour

// TimeLeft says how long d is until something ends: "23 days left", on the
// last day "6 hours left", in the last hour "25 minutes left". What is over
// has "no time left".
func TimeLeft(ctx context.Context, d time.Duration) string {
	switch {
	case d <= 0:
		return T(ctx, "time.none-left", "no time left")
	case d >= day:
		return N(ctx, "time.days-left", int(d/day), "{{.Count}} day left", "{{.Count}} days left")
	case d >= time.Hour:
		return N(ctx, "time.hours-left", int(d/time.Hour), "{{.Count}} hour left", "{{.Count}} hours left")
	}
	minutes := int((d + time.Minute - 1) / time.Minute)
	return N(ctx, "time.minutes-left", minutes, "{{.Count}} minute left", "{{.Count}} minutes left")
}

// Ago says how long before now something happened: "just now",
// "25 minutes ago", "6 hours ago", "3 days ago".
func Ago(ctx context.Context, d time.Duration) string {
	switch {
	case d < time.Minute:
		return T(ctx, "time.just-now", "just now")
	case d < time.Hour:
		return N(ctx, "time.minutes-ago", int(d/time.Minute), "{{.Count}} minute ago", "{{.Count}} minutes ago")
	case d < day:
		return N(ctx, "time.hours-ago", int(d/time.Hour), "{{.Count}} hour ago", "{{.Count}} hours ago")
	}
	return N(ctx, "time.days-ago", int(d/day), "{{.Count}} day ago", "{{.Count}} days ago")
}
