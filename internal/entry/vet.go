package entry

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"laurel/internal/locale"
	"laurel/internal/problem"
)

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
	v.lists(f)
	v.links(f)
	v.people(f)
	v.showings(f)
	v.shares(f)
	return v
}

func (v findings) links(f Film) {
	for field, link := range map[string]string{"website": f.Website, "trailer": f.Trailer} {
		v.link(field, link)
	}
	v.screenerLink(f.ScreenerLink)
	for i, l := range f.Links {
		v.choice(row("links", i, "kind"), slices.Contains(LinkKinds, l.Kind))
		v.link(row("links", i, "url"), l.URL)
	}
}

func (v findings) link(field, link string) {
	if link != "" && !webAddress(link) {
		v.add(problem.Field(field, "film.link", "Write a web address that begins with http:// or https://."))
	}
}

func (v findings) people(f Film) {
	for i, c := range f.Credits {
		if c.Name == "" && (c.NameLatin != "" || c.Note != "") {
			v.add(problem.Field(row("credits", i, "name"), "film.credit-name", "Write the name as credited, or remove this row."))
		}
		v.choice(row("credits", i, "role"), slices.Contains(Roles, c.Role))
		v.choice(row("credits", i, "as"), slices.Contains(CreditWays, c.As))
	}
	for i, c := range f.Companies {
		if c.Name == "" && c.Country != "" {
			v.add(problem.Field(row("companies", i, "name"), "film.company-name", "Write the name of the company, or remove this row."))
		}
		v.choice(row("companies", i, "role"), slices.Contains(CompanyRoles, c.Role))
	}
}

func (v findings) showings(f Film) {
	for i, s := range f.Screenings {
		if s.Event == "" && (s.City+s.Country+s.Date+s.Premiere != "" || len(s.Territory) > 0) {
			v.add(problem.Field(row("screenings", i, "event"), "film.showing-event", "Write where the film was shown, or remove this row."))
		}
		v.choice(row("screenings", i, "kind"), slices.Contains(ScreeningKinds, s.Kind) || s.Kind == "")
		v.choice(row("screenings", i, "premiere"), slices.Contains(Premieres, s.Premiere) || s.Premiere == "")
	}
	for i, p := range f.Awards {
		if p.Name == "" && p.Event+p.Year != "" {
			v.add(problem.Field(row("awards", i, "name"), "film.award-name", "Write the name of the award, or remove this row."))
		}
	}
}

// NoShare says that a share of a country is none.
func NoShare() *problem.Problem {
	return problem.Field("countries", "film.share", "Write a share from 1 to 100 per cent, or leave it empty.")
}

// shares of countries are parts of a whole.
func (v findings) shares(f Film) {
	sum := 0
	for i, country := range f.Countries {
		percent := f.Shares[country]
		if percent < 0 || percent > 100 {
			v[row("countries", i, "share")] = NoShare().Say
		}
		sum += percent
	}
	if sum > 100 {
		v.add(problem.Field("countries", "film.shares", "The shares add up to {{.Sum}} per cent. Write parts of 100.", "Sum", sum))
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
	if p := problem.Hidden(t.field, s, t.lines); p != nil {
		v.add(p)
	}
	if n := utf8.RuneCountInString(s); n > t.max {
		v.add(problem.Field(t.field, "text.too-long", "Shorten this to {{.Max}} letters; it has {{.Have}}.", "Max", t.max, "Have", n))
	}
}

func (v findings) lengths(f Film) {
	if f.Runtime < 0 || f.Runtime > MaxRuntime {
		v.add(runtimeProblem())
	}
	for _, l := range []struct {
		field     string
		have, max int
	}{
		{"credits", len(f.Credits), MaxCredits}, {"companies", len(f.Companies), MaxCompanies}, {"countries", len(f.Countries), MaxCountries},
		{"countriesFilming", len(f.CountriesFilming), MaxCountries}, {"languages", len(f.Languages), MaxLanguages},
		{"subtitles", len(f.SubtitleTracks), MaxLanguages}, {"screenings", len(f.Screenings), MaxScreenings},
		{"awards", len(f.Awards), MaxScreenings}, {"genres", len(f.Genres), MaxGenres}, {"tags", len(f.Tags), MaxGenres},
		{"titles", len(f.Titles), MaxTitles}, {"texts", len(f.Texts), MaxTexts}, {"links", len(f.Links), MaxLinks},
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
	v.choice("shown", slices.Contains([]Shown{NotAnswered, NotShown, ShownInPublic, ShownOnline}, f.Shown))
	v.choice("ai.used", slices.Contains([]string{"", "yes", "no"}, f.AI.Used))
	v.choice("ai.consent", f.AI.Consent == "" || slices.Contains(AIConsents, f.AI.Consent))
	v.choice("techniques", all(Techniques, f.Techniques))
	v.choice("genres", all(Genres, f.Genres))
	v.choice("exhibition", all(Exhibitions, f.Exhibition))
	v.choice("contentWarnings", all(ContentWarnings, f.ContentWarnings))
	v.choice("ai.where", all(AIParts, f.AI.Where))
}

// all says whether each of some values is known.
func all[T comparable](known, some []T) bool {
	return !slices.ContainsFunc(some, func(one T) bool { return !slices.Contains(known, one) })
}

// lists refuses rows of texts and titles that say nothing of use.
func (v findings) lists(f Film) {
	languages := map[string]bool{}
	for i, t := range f.Texts {
		if languages[t.Language] {
			v.add(problem.Field(row("texts", i, "language"), "film.text-twice", "There are texts in this language already. Write them together, or choose another language."))
		}
		languages[t.Language] = true
		if t.Language == "" {
			v.add(problem.Field(row("texts", i, "language"), "film.text-which", "Write in which language these texts are, or remove them."))
		}
	}
	for i, t := range f.Titles {
		v.choice(row("titles", i, "kind"), slices.Contains(TitleKinds, t.Kind))
		if t.Text == "" {
			v.add(problem.Field(row("titles", i, "text"), "film.title-text", "Write the title, or remove this row."))
		}
	}
	for i, t := range f.SubtitleTracks {
		v.choice(row("subtitles", i, "how"), t.How == "" || slices.Contains(SubtitleHows, t.How))
		if t.Language == "" {
			v.add(problem.Field(row("subtitles", i, "language"), "film.subtitle-language", "Write the language of the subtitles, or remove this row."))
		}
	}
	if slices.Contains(f.Languages, NoDialogue) && len(f.Languages) > 1 {
		v.add(problem.Field("languages", "film.none-and-some", "A film with no dialogue has no other language. Write one or the other."))
	}
}

// codes refuses what is not a code of a country or a language.
func (v findings) codes(f Film) {
	for _, code := range f.Countries {
		v.country("countries", code)
	}
	for _, code := range f.CountriesFilming {
		v.country("countriesFilming", code)
	}
	for i, s := range f.Screenings {
		v.country(row("screenings", i, "country"), s.Country)
		for _, code := range s.Territory {
			v.country(row("screenings", i, "territory"), code)
		}
	}
	for i, c := range f.Companies {
		v.country(row("companies", i, "country"), c.Country)
	}
	for _, code := range f.Languages {
		v.language("languages", code)
	}
	v.language("languageOriginal", f.LanguageOriginal)
	v.language("textLanguage", f.TextLanguage)
	for i, t := range f.Texts {
		v.language(row("texts", i, "language"), t.Language)
	}
	for i, t := range f.Titles {
		v.language(row("titles", i, "language"), t.Language)
	}
	for i, t := range f.SubtitleTracks {
		v.language(row("subtitles", i, "language"), t.Language)
	}
}

func (v findings) country(field, code string) {
	if known, _ := locale.CountryCode(code); code != "" && known != code {
		v.add(NoCountry(field, code))
	}
}

func (v findings) language(field, code string) {
	if known, _ := locale.LanguageCode(code); code != "" && known != code {
		v.add(NoLanguage(field, code))
	}
}

// NoCountry says of a field that it names a country which nobody knows.
func NoCountry(field, name string) *problem.Problem {
	return problem.Field(field, "film.country", "There is no country called “{{.Name}}” in our list. Write another name for it.", "Name", name)
}

// NoLanguage is NoCountry for languages.
func NoLanguage(field, name string) *problem.Problem {
	return problem.Field(field, "film.language", "There is no language called “{{.Name}}” in our list. Write another name for it.", "Name", name)
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
