package entry

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"laurel/internal/locale"
	"laurel/internal/problem"
)

// How many rows a film's lists may have.
const (
	MaxCredits    = 40
	MaxCountries  = 20
	MaxLanguages  = 20
	MaxScreenings = 20
	MaxGenres     = 10
	MaxRuntime    = 24 * 60 * 60 // seconds
)

// A text is one text of a film: the form's field, how long it may be in
// letters, and whether it may have several lines.
type text struct {
	field string
	value *string
	max   int
	lines bool
}

// texts lists all texts of f, so that no rule about texts forgets one.
func (f *Film) texts() []text {
	all := []text{
		{"title", &f.Title, 300, false},
		{"titleOriginal", &f.TitleOriginal, 300, false},
		{"languageOriginal", &f.LanguageOriginal, 8, false},
		{"logline", &f.Logline, 300, false},
		{"synopsis", &f.Synopsis, 3000, true},
		{"statement", &f.Statement, 3000, true},
		{"biography", &f.Biography, 3000, true},
		{"completed", &f.Completed, 10, false},
		{"school", &f.School, 200, false},
		{"aspectRatio", &f.AspectRatio, 40, false},
		{"frameRate", &f.FrameRate, 40, false},
		{"sound", &f.Sound, 40, false},
		{"colour", &f.Colour, 40, false},
		{"shootingFormat", &f.ShootingFormat, 200, false},
		{"budget", &f.Budget, 60, false},
		{"website", &f.Website, 500, false},
		{"trailer", &f.Trailer, 500, false},
		{"warnings", &f.Warnings, 1000, true},
		{"screenerLink", &f.ScreenerLink, 1000, false},
		{"screenerPassword", &f.ScreenerPassword, 200, false},
		{"stillsBy", &f.StillsBy, 200, false},
	}
	for i := range f.Genres {
		all = append(all, text{"genres", &f.Genres[i], 60, false})
	}
	all = append(all, f.creditTexts()...)
	return append(all, f.showingTexts()...)
}

func (f *Film) creditTexts() []text {
	var all []text
	for i := range f.Credits {
		c := &f.Credits[i]
		all = append(all,
			text{row("credits", i, "name"), &c.Name, 200, false},
			text{row("credits", i, "nameLatin"), &c.NameLatin, 200, false},
			text{row("credits", i, "note"), &c.Note, 200, false})
	}
	return all
}

func (f *Film) showingTexts() []text {
	var all []text
	for i := range f.Screenings {
		s := &f.Screenings[i]
		all = append(all,
			text{row("screenings", i, "event"), &s.Event, 200, false},
			text{row("screenings", i, "city"), &s.City, 120, false},
			text{row("screenings", i, "date"), &s.Date, 10, false})
	}
	for i := range f.Awards {
		p := &f.Awards[i]
		all = append(all,
			text{row("awards", i, "event"), &p.Event, 200, false},
			text{row("awards", i, "year"), &p.Year, 4, false},
			text{row("awards", i, "name"), &p.Name, 200, false})
	}
	return all
}

// row is the name of a field in the i-th row of a list: "credits.0.name".
func row(list string, i int, field string) string {
	return fmt.Sprintf("%s.%d.%s", list, i, field)
}

// tidy trims every text, gives lines one kind of ending, and makes empty lists
// out of missing ones, so that the JSON always has arrays.
func (f *Film) tidy() {
	for _, t := range f.texts() {
		*t.value = strings.TrimSpace(strings.ReplaceAll(*t.value, "\r\n", "\n"))
	}
	for _, list := range []*[]string{&f.Genres, &f.Countries, &f.CountriesFilming, &f.Languages, &f.Subtitles} {
		if *list == nil {
			*list = []string{}
		}
	}
	if f.Credits == nil {
		f.Credits = []Credit{}
	}
	if f.Screenings == nil {
		f.Screenings = []Screening{}
	}
	if f.Awards == nil {
		f.Awards = []Prize{}
	}
}

// Vet says what cannot be saved of f, by form field; nothing for a film that
// can. What is merely missing is fine: a draft is saved as far as it goes.
// now decides which dates lie in the future.
func Vet(f Film, now time.Time) map[string]problem.Say {
	f.tidy()
	v := findings{}
	for _, t := range f.texts() {
		v.text(t)
	}
	v.lengths(f)
	v.dates(f, now)
	v.choices(f)
	v.codes(f)
	for field, link := range map[string]string{"website": f.Website, "trailer": f.Trailer, "screenerLink": f.ScreenerLink} {
		if link != "" && !webAddress(link) {
			v.add(problem.Field(field, "film.link", "Write a web address that begins with http:// or https://."))
		}
	}
	for i, c := range f.Credits {
		if c.Name == "" && (c.NameLatin != "" || c.Note != "") {
			v.add(problem.Field(row("credits", i, "name"), "film.credit-name", "Write the name as credited, or remove this row."))
		}
	}
	v.showings(f)
	return v
}

func (v findings) showings(f Film) {
	for i, s := range f.Screenings {
		if s.Event == "" && (s.City+s.Country+s.Date+s.Kind) != "" {
			v.add(problem.Field(row("screenings", i, "event"), "film.showing-event", "Write where the film was shown, or remove this row."))
		}
		v.choice(row("screenings", i, "kind"), slices.Contains(Premieres, s.Kind) || s.Kind == "")
	}
	for i, p := range f.Awards {
		if p.Name == "" && p.Event+p.Year != "" {
			v.add(problem.Field(row("awards", i, "name"), "film.award-name", "Write the name of the award, or remove this row."))
		}
	}
}

// findings collects what is wrong; the first word on a field counts.
type findings map[string]problem.Say

func (v findings) add(p *problem.Problem) {
	for field, say := range p.Fields {
		if _, taken := v[field]; !taken {
			v[field] = say
		}
	}
}

func (v findings) text(t text) {
	s := *t.value
	if !utf8.ValidString(s) {
		v.add(problem.Field(t.field, "text.encoding", "Some letters did not arrive whole. Write this again."))
		return
	}
	for _, r := range s {
		switch {
		case overrides(r):
			v.add(problem.Field(t.field, "text.direction",
				"There is a hidden character in this text that turns the direction of writing (U+{{.Code}}). Remove it: texts take their direction by themselves.",
				"Code", fmt.Sprintf("%04X", r)))
		case r == '\n' && t.lines, r == '\t' && t.lines:
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			v.add(problem.Field(t.field, "text.control",
				"There is a hidden control character in this text (U+{{.Code}}). Remove it, or write the text again.",
				"Code", fmt.Sprintf("%04X", r)))
		}
	}
	if n := utf8.RuneCountInString(s); n > t.max {
		v.add(problem.Field(t.field, "text.too-long", "Shorten this to {{.Max}} letters; it has {{.Have}}.", "Max", t.max, "Have", n))
	}
}

// overrides is true for the characters that force a direction on the text
// after them: a file name or a title can lie with them.
func overrides(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

func (v findings) lengths(f Film) {
	if f.Runtime < 0 || f.Runtime > MaxRuntime {
		v.add(runtimeProblem())
	}
	for _, l := range []struct {
		field     string
		have, max int
	}{
		{"credits", len(f.Credits), MaxCredits}, {"countries", len(f.Countries), MaxCountries},
		{"countriesFilming", len(f.CountriesFilming), MaxCountries}, {"languages", len(f.Languages), MaxLanguages},
		{"subtitles", len(f.Subtitles), MaxLanguages}, {"screenings", len(f.Screenings), MaxScreenings},
		{"awards", len(f.Awards), MaxScreenings}, {"genres", len(f.Genres), MaxGenres},
	} {
		if l.have > l.max {
			v.add(problem.Field(l.field, "film.too-many", "Name up to {{.Max}}; there are {{.Have}}.", "Max", l.max, "Have", l.have))
		}
	}
}

// ParseRuntime reads a length written as minutes and seconds, in any digits.
// Two empty texts are 0: not said.
func ParseRuntime(minutes, seconds string) (int, error) {
	if minutes == "" && seconds == "" {
		return 0, nil
	}
	m, okM := figure(minutes)
	s, okS := figure(seconds)
	switch total := m*60 + s; {
	case !okM || !okS || total < 1 || total > MaxRuntime:
		return 0, runtimeProblem()
	case minutes != "" && s > 59:
		return 0, problem.Field("runtime", "film.seconds", "Write the seconds as a number from 0 to 59.")
	default:
		return total, nil
	}
}

// figure reads a whole number of up to six figures; an empty text is 0.
func figure(written string) (int, bool) {
	written = strings.TrimSpace(locale.ASCII(written))
	if written == "" {
		return 0, true
	}
	n, err := strconv.ParseUint(written, 10, 32)
	return int(n), err == nil && len(written) <= 6
}

func runtimeProblem() *problem.Problem {
	return problem.Field("runtime", "film.runtime", "Write a length between 1 second and 24 hours.")
}

func (v findings) dates(f Film, now time.Time) {
	v.date("completed", f.Completed, now)
	for i, s := range f.Screenings {
		v.date(row("screenings", i, "date"), s.Date, now)
	}
	for i, p := range f.Awards {
		v.date(row("awards", i, "year"), p.Year, now)
	}
}

func (v findings) date(field, written string, now time.Time) {
	if written == "" {
		return
	}
	d, ok := ParseDate(written)
	switch {
	case !ok:
		v.add(problem.Field(field, "film.date", "Write a year, or a year with month and day, in the Gregorian calendar: 2026 or 2026-03-14."))
	case d.First.After(now.Add(14 * time.Hour)): // the day that has begun somewhere on earth
		v.add(problem.Field(field, "film.date-future", "This date lies in the future. Write the day on which it happened."))
	}
}

func (v findings) choices(f Film) {
	v.choice("form", f.Form == "" || slices.Contains(Forms, f.Form))
	for i, c := range f.Credits {
		v.choice(row("credits", i, "role"), slices.Contains(Roles, c.Role))
	}
	v.choice("shown", slices.Contains([]Shown{NotAnswered, NotShown, ShownInPublic, ShownOnline}, f.Shown))
}

// codes refuses what is not a code of a country or a language.
func (v findings) codes(f Film) {
	for field, list := range map[string][]string{"countries": f.Countries, "countriesFilming": f.CountriesFilming} {
		for _, code := range list {
			if known, _ := locale.CountryCode(code); known != code {
				v.add(problem.Field(field, "film.country", "There is no country called “{{.Name}}” in our list. Write another name for it.", "Name", code))
			}
		}
	}
	for field, list := range map[string][]string{"languages": f.Languages, "subtitles": f.Subtitles, "languageOriginal": present(f.LanguageOriginal)} {
		for _, code := range list {
			if known, _ := locale.LanguageCode(code); known != code {
				v.add(problem.Field(field, "film.language", "There is no language called “{{.Name}}” in our list. Write another name for it.", "Name", code))
			}
		}
	}
	for i, s := range f.Screenings {
		if known, _ := locale.CountryCode(s.Country); s.Country != "" && known != s.Country {
			v.add(problem.Field(row("screenings", i, "country"), "film.country", "There is no country called “{{.Name}}” in our list. Write another name for it.", "Name", s.Country))
		}
	}
}

// present is a list of the one value, or of none when it is empty.
func present(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

func (v findings) choice(field string, known bool) {
	if !known {
		v.add(problem.Field(field, "film.choice", "Choose one of the answers in the list."))
	}
}

func webAddress(link string) bool {
	u, err := url.Parse(link)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && !strings.ContainsAny(link, " \t\n")
}
