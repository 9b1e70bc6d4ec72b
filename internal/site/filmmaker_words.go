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
	return pages.FilmmakerDue{
		Left:  locale.TimeLeft(ctx, last.ClosesAt.Sub(now)),
		ISO:   last.ClosesAt.In(e.Location()).Format(time.RFC3339),
		When:  locale.DateTime(ctx, last.ClosesAt, e.Location(), e.City),
		Yours: yours(ctx, e, last.ClosesAt, zone),
	}
}

// yours is an instant on the reader's own clock, when it shows another hour
// than the festival's; else empty.
func yours(ctx context.Context, e festival.Edition, t time.Time, zone string) string {
	own, err := time.LoadLocation(zone)
	if err != nil || t.In(own).Format("02 15:04") == t.In(e.Location()).Format("02 15:04") {
		return ""
	}
	place := strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
	at := locale.Time(ctx, t.In(own))
	if t.In(own).Day() != t.In(e.Location()).Day() {
		at = locale.ShortDate(ctx, t.In(own)) + ", " + at
	}
	if place == "UTC" {
		return locale.T(ctx, "time.utc", "That is {{.Time}} UTC.", "Time", at)
	}
	return locale.T(ctx, "time.yours", "That is {{.Time}} where you are ({{.Place}}).", "Time", at, "Place", place)
}

// stamp is an instant on the reader's clock: "7 September 2026, 14:32".
func stamp(ctx context.Context, t time.Time, zone string) string {
	own, err := time.LoadLocation(zone)
	if err != nil {
		own = time.UTC
	}
	return locale.Date(ctx, t.In(own)) + ", " + locale.Time(ctx, t.In(own))
}

// facts says the answers of a part in words; what was not answered is left out.
func facts(ctx context.Context, part entry.Part, f entry.Film) []pages.FilmFact {
	list := factList{part: string(part)}
	switch part {
	case entry.TheFilm:
		list.film(ctx, f)
	case entry.People:
		list.people(ctx, f)
	case entry.Places:
		list.add(locale.T(ctx, "countries.production", "Countries of production"), locale.CountryNames(ctx, f.Countries))
		list.add(locale.T(ctx, "countries.filming", "Filmed in"), locale.CountryNames(ctx, f.CountriesFilming))
	case entry.Technical:
		list.technical(ctx, f)
	case entry.Showings:
		list.showings(ctx, f)
	case entry.Screener:
		list.add(locale.T(ctx, "screener.link", "Link to the film"), f.ScreenerLink)
		list.add(locale.T(ctx, "screener.password", "Its password"), f.ScreenerPassword)
	case entry.Stills:
		list.add(locale.T(ctx, "stills.by", "Photographs by"), f.StillsBy)
	case entry.Publication, entry.Review:
	}
	return list.facts
}

// A factList gathers answers in words.
type factList struct {
	part  string
	facts []pages.FilmFact
}

func (l *factList) add(label, value string) {
	if value != "" {
		l.facts = append(l.facts, pages.FilmFact{Part: l.part, Label: label, Value: value})
	}
}

func (l *factList) film(ctx context.Context, f entry.Film) {
	l.add(locale.T(ctx, "film.title-original", "Original title"), f.TitleOriginal)
	l.add(locale.T(ctx, "film.title", "English title"), f.Title)
	l.add(locale.T(ctx, "film.form", "Kind of film"), entry.FormName(ctx, f.Form))
	if f.Runtime > 0 {
		l.add(locale.T(ctx, "film.length", "Length"), entry.Length(ctx, f.Runtime))
	}
	l.add(locale.T(ctx, "film.completed", "Completed in"), entry.DateWords(ctx, f.Completed))
	l.add(locale.T(ctx, "film.genres", "Genres and themes"), locale.List(ctx, f.Genres))
	l.add(locale.T(ctx, "film.languages-spoken", "Languages spoken"), locale.LanguageNames(ctx, f.Languages))
	l.add(locale.T(ctx, "film.subtitles-of", "Subtitles in the screener"), locale.LanguageNames(ctx, f.Subtitles))
	l.add(locale.T(ctx, "film.synopsis", "Synopsis"), f.Synopsis)
	l.add(locale.T(ctx, "film.logline", "In one sentence"), f.Logline)
	l.add(locale.T(ctx, "film.statement", "Director’s statement"), f.Statement)
	l.add(locale.T(ctx, "film.warnings", "What some viewers should know beforehand"), f.Warnings)
	yes := map[bool]string{true: locale.T(ctx, "film.yes", "Yes")}
	l.add(locale.T(ctx, "film.first", "It is its director’s first film"), yes[f.FirstFilm])
	l.add(locale.T(ctx, "film.student", "It was made at a school"), yes[f.Student])
	l.add(locale.T(ctx, "film.school", "Name of the school"), f.School)
}

func (l *factList) people(ctx context.Context, f entry.Film) {
	for _, role := range entry.Roles {
		var names []string
		for _, c := range f.Credits {
			if c.Role == role {
				names = append(names, credit(ctx, c))
			}
		}
		l.add(entry.RoleName(ctx, role), strings.Join(names, "\n"))
	}
	l.add(locale.T(ctx, "people.biography", "About the makers"), f.Biography)
}

// credit is one name as it was given, with its Latin form and its note.
func credit(ctx context.Context, c entry.Credit) string {
	words := []string{c.Name}
	for _, more := range []string{c.NameLatin, c.Note} {
		if more != "" {
			words = append(words, more)
		}
	}
	return locale.List(ctx, words)
}

func (l *factList) technical(ctx context.Context, f entry.Film) {
	l.add(locale.T(ctx, "technical.ratio", "Picture format"), f.AspectRatio)
	l.add(locale.T(ctx, "technical.rate", "Frames per second"), f.FrameRate)
	l.add(locale.T(ctx, "technical.sound", "Sound"), f.Sound)
	l.add(locale.T(ctx, "technical.colour", "Colour"), f.Colour)
	l.add(locale.T(ctx, "technical.format", "Shot on"), f.ShootingFormat)
	l.add(locale.T(ctx, "technical.budget", "Budget"), f.Budget)
}

func (l *factList) showings(ctx context.Context, f entry.Film) {
	l.add(locale.T(ctx, "showings.shown", "Has the film been shown?"), entry.ShownName(ctx, f.Shown))
	var rows []string
	for _, s := range f.Screenings {
		rows = append(rows, joined(ctx, s.Event, s.City, locale.Country(ctx, s.Country), entry.DateWords(ctx, s.Date), premiereName(ctx, s.Kind)))
	}
	l.add(locale.T(ctx, "showings.list", "Showings"), strings.Join(rows, "\n"))
	rows = nil
	for _, p := range f.Awards {
		rows = append(rows, joined(ctx, p.Name, p.Event, p.Year))
	}
	l.add(locale.T(ctx, "showings.awards", "Awards"), strings.Join(rows, "\n"))
	l.add(locale.T(ctx, "film.website", "Website"), f.Website)
	l.add(locale.T(ctx, "film.trailer", "Trailer"), f.Trailer)
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

func premiereName(ctx context.Context, kind string) string {
	switch kind {
	case "world":
		return locale.T(ctx, "premiere.world", "World premiere")
	case "international":
		return locale.T(ctx, "premiere.international", "International premiere")
	case "national":
		return locale.T(ctx, "premiere.national", "National premiere")
	case "online":
		return locale.T(ctx, "premiere.online", "Online")
	}
	return kind
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
