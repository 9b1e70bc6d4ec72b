package entry

import (
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"laurel/internal/problem"
)

// Mended says what was changed or dropped in one field of an imported film.
type Mended struct {
	Field string // as Vet names it
	Say   problem.Say
}

// Mend makes an imported film one that Vet has nothing against, by changing as
// little as it can: texts are cut, hidden characters removed, lists cut, and
// what cannot be read is dropped. Each change that loses something is said.
// Codes of countries, languages, roles and forms are the importer's to map.
func Mend(f *Film, now time.Time) []Mended {
	m := mender{}
	for _, t := range f.texts() {
		m.text(t)
	}
	m.links(f)
	m.dates(f, now)
	m.lists(f)
	if f.Runtime < 0 || f.Runtime > MaxRuntime {
		f.Runtime = 0
		m.add(problem.Field("runtime", "film.runtime", "Write a length between 1 second and 24 hours."))
	}
	f.tidy()
	return m.changes
}

type mender struct{ changes []Mended }

func (m *mender) add(p *problem.Problem) {
	for field, say := range p.Fields {
		m.changes = append(m.changes, Mended{field, say})
	}
}

// text leaves only characters that the text may have, and not too many.
func (m *mender) text(t text) {
	turned := strings.ContainsFunc(*t.value, problem.Turns)
	plain := strings.Map(func(r rune) rune {
		switch {
		case problem.Turns(r):
			return -1
		case r == '\n' && t.lines, r == '\t' && t.lines:
			return r
		case r == '\n', r == '\t', r == '\r', r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(*t.value, "\ufffd"), "\r\n", "\n"))
	plain = strings.TrimSpace(plain)
	if turned {
		m.add(problem.Field(t.field, "import.direction", "A hidden character that turns the direction of writing was removed."))
	}
	if n := utf8.RuneCountInString(plain); n > t.max {
		plain = strings.TrimSpace(string([]rune(plain)[:t.max]))
		m.add(problem.Field(t.field, "import.cut", "Cut to {{.Max}} letters; there are {{.Have}}.", "Max", t.max, "Have", n))
	}
	*t.value = plain
}

func (m *mender) links(f *Film) {
	type link struct {
		field string
		value *string
	}
	all := []link{{"website", &f.Website}, {"trailer", &f.Trailer}, {"screenerLink", &f.ScreenerLink}}
	for i := range f.Links {
		all = append(all, link{row("links", i, "url"), &f.Links[i].URL})
	}
	for _, l := range all {
		if *l.value == "" {
			continue
		}
		whole := *l.value
		if u, err := url.Parse(whole); err == nil && u.Scheme == "" && strings.Contains(whole, ".") {
			whole = "https://" + whole
		}
		if !webAddress(whole) {
			whole = ""
			m.add(problem.Field(l.field, "import.link", "This is not a web address; it was left out."))
		}
		*l.value = whole
	}
}

func (m *mender) dates(f *Film, now time.Time) {
	m.date("completed", &f.Completed, now)
	for i := range f.Screenings {
		m.date(row("screenings", i, "date"), &f.Screenings[i].Date, now)
	}
	for i := range f.Awards {
		m.date(row("awards", i, "year"), &f.Awards[i].Year, now)
	}
}

func (m *mender) date(field string, value *string, now time.Time) {
	v := findings{}
	v.date(field, *value, now)
	if len(v) > 0 {
		*value = ""
		m.add(problem.Field(field, "import.date", "This is not a date, or it lies in the future; it was left out."))
		return
	}
	*value = WriteDate(*value)
}

func (m *mender) lists(f *Film) {
	shorten(m, "credits", &f.Credits, MaxCredits)
	shorten(m, "countries", &f.Countries, MaxCountries)
	shorten(m, "countriesFilming", &f.CountriesFilming, MaxCountries)
	shorten(m, "languages", &f.Languages, MaxLanguages)
	shorten(m, "subtitles", &f.SubtitleTracks, MaxLanguages)
	shorten(m, "screenings", &f.Screenings, MaxScreenings)
	shorten(m, "awards", &f.Awards, MaxScreenings)
	f.sortGenres()
	shorten(m, "genres", &f.Genres, MaxGenres)
	shorten(m, "tags", &f.Tags, MaxGenres)
	shorten(m, "companies", &f.Companies, MaxCompanies)
	shorten(m, "titles", &f.Titles, MaxTitles)
	shorten(m, "texts", &f.Texts, MaxTexts)
	shorten(m, "links", &f.Links, MaxLinks)
}

func shorten[T any](m *mender, field string, list *[]T, most int) {
	if n := len(*list); n > most {
		*list = (*list)[:most]
		m.add(problem.Field(field, "import.list-cut", "The first {{.Max}} were taken; there are {{.Have}}.", "Max", most, "Have", n))
	}
}
