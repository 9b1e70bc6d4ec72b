package entry

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// How many rows a film's lists may have.
const (
	MaxCredits    = 50
	MaxCountries  = 20
	MaxLanguages  = 20
	MaxScreenings = 25
	MaxTitles     = 8
	MaxTexts      = 6
	MaxCompanies  = 20
	MaxLinks      = 10
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
		{"transliteration", &f.Transliteration, 300, false},
		{"textLanguage", &f.TextLanguage, 8, false},
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
		{"ai.tool", &f.AI.Tool, 300, false},
		{"ai.told", &f.AI.Told, 1000, true},
		{"screenerLink", &f.ScreenerLink, 1000, false},
		{"screenerPassword", &f.ScreenerPassword, 200, false},
		{"stillsBy", &f.StillsBy, 200, false},
	}
	for i := range f.Tags {
		all = append(all, text{"tags", &f.Tags[i], 60, false})
	}
	all = append(all, f.wordTexts()...)
	all = append(all, f.peopleTexts()...)
	return append(all, f.showingTexts()...)
}

// wordTexts are the further titles, and the texts in all languages.
func (f *Film) wordTexts() []text {
	all := proses("", &f.Logline, &f.SynopsisShort, &f.Synopsis, &f.Statement, &f.Biography)
	for i := range f.Texts {
		t := &f.Texts[i]
		all = append(all, text{row("texts", i, "language"), &t.Language, 8, false})
		all = append(all, proses(row("texts", i, ""), &t.Logline, &t.SynopsisShort, &t.Synopsis, &t.Statement, &t.Biography)...)
	}
	for i := range f.Titles {
		t := &f.Titles[i]
		all = append(all,
			text{row("titles", i, "text"), &t.Text, 300, false},
			text{row("titles", i, "language"), &t.Language, 8, false},
			text{row("titles", i, "transliteration"), &t.Transliteration, 300, false})
	}
	return all
}

// proses are a film's five texts in one language; before stands before the
// names of their fields.
func proses(before string, logline, short, synopsis, statement, biography *string) []text {
	return []text{
		{before + "logline", logline, 300, false},
		{before + "synopsisShort", short, 600, true},
		{before + "synopsis", synopsis, 3000, true},
		{before + "statement", statement, 3000, true},
		{before + "biography", biography, 3000, true},
	}
}

func (f *Film) peopleTexts() []text {
	var all []text
	for i := range f.Credits {
		c := &f.Credits[i]
		all = append(all,
			text{row("credits", i, "id"), &c.ID, 26, false},
			text{row("credits", i, "name"), &c.Name, 200, false},
			text{row("credits", i, "nameLatin"), &c.NameLatin, 200, false},
			text{row("credits", i, "note"), &c.Note, 200, false})
	}
	for i := range f.Companies {
		c := &f.Companies[i]
		all = append(all, text{row("companies", i, "name"), &c.Name, 200, false}, text{row("companies", i, "country"), &c.Country, 2, false})
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
	for i := range f.Links {
		all = append(all, text{row("links", i, "url"), &f.Links[i].URL, 500, false})
	}
	return all
}

// row is the name of a field in the i-th row of a list: "credits.0.name".
func row(list string, i int, field string) string {
	return fmt.Sprintf("%s.%d.%s", list, i, field)
}

// tidy trims every text, gives lines one kind of ending, puts genres and tags
// apart, and makes empty lists out of missing ones, so that the JSON always has
// arrays.
func (f *Film) tidy() {
	for _, t := range f.texts() {
		*t.value = strings.TrimSpace(strings.ReplaceAll(*t.value, "\r\n", "\n"))
	}
	f.sortGenres()
	for _, list := range []*[]string{&f.Tags, &f.Countries, &f.CountriesFilming, &f.Languages} {
		filled(list)
	}
	filled(&f.Titles)
	filled(&f.Texts)
	filled(&f.Techniques)
	filled(&f.SubtitleTracks)
	filled(&f.Credits)
	filled(&f.Companies)
	filled(&f.Exhibition)
	filled(&f.Screenings)
	filled(&f.Awards)
	filled(&f.ContentWarnings)
	filled(&f.AI.Where)
	filled(&f.Links)
	for i := range f.Screenings {
		filled(&f.Screenings[i].Territory)
	}
	for i := range f.Titles {
		f.Titles[i].Script = script(f.Titles[i].Text)
	}
	f.tidyShares()
}

// filled makes an empty list out of a missing one.
func filled[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

// tidyShares forgets shares that nobody has. It never writes into a map that
// another film may hold too.
func (f *Film) tidyShares() {
	shares := maps.Clone(f.Shares)
	if shares == nil {
		shares = map[string]int{}
	}
	maps.DeleteFunc(shares, func(country string, percent int) bool {
		return percent == 0 || !slices.Contains(f.Countries, country)
	})
	f.Shares = shares
}

// scripts are those that titles are mostly written in, by their ISO 15924 code.
var scripts = []struct {
	code    string
	letters *unicode.RangeTable
}{
	{"Latn", unicode.Latin}, {"Arab", unicode.Arabic}, {"Cyrl", unicode.Cyrillic}, {"Grek", unicode.Greek}, {"Hebr", unicode.Hebrew},
	{"Armn", unicode.Armenian}, {"Geor", unicode.Georgian}, {"Deva", unicode.Devanagari}, {"Beng", unicode.Bengali}, {"Taml", unicode.Tamil},
	{"Telu", unicode.Telugu}, {"Mlym", unicode.Malayalam}, {"Knda", unicode.Kannada}, {"Gujr", unicode.Gujarati}, {"Guru", unicode.Gurmukhi},
	{"Sinh", unicode.Sinhala}, {"Thai", unicode.Thai}, {"Laoo", unicode.Lao}, {"Khmr", unicode.Khmer}, {"Mymr", unicode.Myanmar},
	{"Tibt", unicode.Tibetan}, {"Mong", unicode.Mongolian}, {"Ethi", unicode.Ethiopic}, {"Tfng", unicode.Tifinagh}, {"Hang", unicode.Hangul},
	{"Jpan", unicode.Hiragana}, {"Jpan", unicode.Katakana}, {"Hani", unicode.Han},
}

// script is the script of a text's first letter that is of one, as its
// ISO 15924 code; Japanese is known by its syllables.
func script(text string) string {
	found := ""
	for _, r := range text {
		for _, s := range scripts {
			if unicode.Is(s.letters, r) {
				if s.code == "Jpan" || found == "" {
					found = s.code
				}
				break
			}
		}
	}
	return found
}
