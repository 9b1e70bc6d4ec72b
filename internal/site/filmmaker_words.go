package site

import (
	"context"
	"strings"
	"time"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/web/pages"
)

// due says when a category closes, on the festival's clock and on the
// reader's where they differ. Once closed it says nothing.
func due(ctx context.Context, e festival.Edition, c festival.Category, zone string, now time.Time) pages.FilmmakerDue {
	last := c.Last()
	if last == nil || !now.Before(last.ClosesAt) {
		return pages.FilmmakerDue{}
	}
	return dueAt(ctx, e, last.ClosesAt, zone, now)
}

// dueOf says until when an entry can be sent, which may be later than its
// category closes. Nothing, when it cannot be.
func dueOf(ctx context.Context, m entry.Mine, zone string) pages.FilmmakerDue {
	until := m.Until(m.Category, m.Now)
	if until == nil {
		return pages.FilmmakerDue{}
	}
	return dueAt(ctx, m.Edition, *until, zone, m.Now)
}

func dueAt(ctx context.Context, e festival.Edition, until time.Time, zone string, now time.Time) pages.FilmmakerDue {
	return pages.FilmmakerDue{
		Left:  locale.TimeLeft(ctx, until.Sub(now)),
		ISO:   until.In(e.Location()).Format(time.RFC3339),
		When:  locale.DateTime(ctx, until, e.Location(), e.City),
		Yours: yours(ctx, e, until, zone),
	}
}

// yours is an instant on the reader's own clock, when it shows another hour
// than the festival's; else empty.
func yours(ctx context.Context, e festival.Edition, t time.Time, zone string) string {
	own, err := time.LoadLocation(zone)
	if err != nil || t.In(own).Format("02 15:04") == t.In(e.Location()).Format("02 15:04") {
		return ""
	}
	place := placeOf(own)
	at := locale.Time(ctx, t.In(own))
	if t.In(own).Day() != t.In(e.Location()).Day() {
		at = locale.ShortDate(ctx, t.In(own)) + ", " + at
	}
	if place == "UTC" {
		return locale.T(ctx, "time.utc", "That is {{.Time}} UTC.", "Time", at)
	}
	return locale.T(ctx, "time.yours", "That is {{.Time}} where you are ({{.Place}}).", "Time", at, "Place", place)
}

// placeOf is the town that a time zone is named after: "Tehran", or "UTC".
func placeOf(zone *time.Location) string {
	name := zone.String()
	return strings.ReplaceAll(name[strings.LastIndex(name, "/")+1:], "_", " ")
}

// stamp is an instant on the reader's clock: "7 September 2026, 14:32".
func stamp(ctx context.Context, t time.Time, zone string) string {
	return day(ctx, t, zone) + ", " + locale.Time(ctx, t.In(zoneOf(zone)))
}

// day is the day of an instant where its reader is.
func day(ctx context.Context, t time.Time, zone string) string {
	return locale.Date(ctx, t.In(zoneOf(zone)))
}

// joined lists what is not empty.
func joined(ctx context.Context, words ...string) string {
	var said []string
	for _, w := range words {
		if w != "" {
			said = append(said, w)
		}
	}
	return locale.List(ctx, said)
}

// changes are the answers in which two films differ.
func changes(ctx context.Context, sent, now entry.Film) []pages.FilmmakerChange {
	var list []pages.FilmmakerChange
	for _, part := range entry.FilmParts {
		if part.Mark(sent) == part.Mark(now) {
			continue
		}
		was, is := facts(ctx, part, sent), facts(ctx, part, now)
		for _, fact := range is {
			if old := valueOf(was, fact.Label); old != fact.Value {
				list = append(list, pages.FilmmakerChange{Label: fact.Label, Sent: old, Now: fact.Value})
			}
		}
		for _, fact := range was {
			if valueOf(is, fact.Label) == "" {
				list = append(list, pages.FilmmakerChange{Label: fact.Label, Sent: fact.Value})
			}
		}
	}
	return list
}

func valueOf(facts []pages.FilmFact, label string) string {
	for _, f := range facts {
		if f.Label == label {
			return f.Value
		}
	}
	return ""
}
