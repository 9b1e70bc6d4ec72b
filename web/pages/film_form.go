package pages

import (
	"slices"
	"strconv"
	"strings"

	"laurel/web/components"
)

// FilmSheet is a film as it stands in its forms: texts, as they are typed, by
// the name of their field. Ticked boxes of one name are one text, their values
// with spaces between; the fields of a row are named by RowName.
type FilmSheet map[string]string

// RowName is the name of a field in the i-th row of a list: "credits.0.name".
func RowName(list string, i int, field string) string {
	return list + "." + strconv.Itoa(i) + "." + field
}

// Cell is a field of a row.
func (s FilmSheet) Cell(list string, i int, field string) string { return s[RowName(list, i, field)] }

// Rows is how many rows a list has.
func (s FilmSheet) Rows(list string) int {
	n := 0
	for name := range s {
		if rest, in := strings.CutPrefix(name, list+"."); in {
			number, _, _ := strings.Cut(rest, ".")
			if i, err := strconv.Atoi(number); err == nil {
				n = max(n, i+1)
			}
		}
	}
	return n
}

// Ticked says whether a box of a name is ticked.
func (s FilmSheet) Ticked(name, value string) bool {
	return slices.Contains(strings.Fields(s[name]), value)
}

// FilmForm is one section of the form in which makers describe a film.
type FilmForm struct {
	Work      string // address of the work
	Heading   string // the film's title
	HeadingIn string // its language; empty: the page's
	Other     string // its other title, when there are two
	OtherIn   string // that title's language code
	Part      string
	Name      string // of the part
	Lede      string // empty: none
	Step      int
	Steps     int
	Saved     string // "Saved on 7 September 2026, 14:32"
	Just      bool   // it was saved just now
	Mark      string // of the part when it was drawn
	Locked    string // why the reader can only look; empty: they can change it

	Sheet    FilmSheet
	Add      string // the list that gets one more empty row
	Errors   components.Errors
	Broken   components.Errors // what is missing or breaks a rule, by field
	Conflict FilmConflict
	Choices  map[string][]components.Option
	Tongues  []string // names of languages, to choose from; empty: not needed here
	Places   []string // names of countries
	Sections []FilmSection
	Next     string // address of the next section

	In        string // of texts: the code of the language that is open; empty: the main one
	InName    string
	Languages []FilmLanguage // of texts: all that there are
	Premieres []Fact         // of showings: what they make of one at each festival; a label only where there is one
	Length    string         // of the film: its class by length
}

// FilmLanguage is a language in which there are texts.
type FilmLanguage struct {
	URL     string
	Name    string
	Current bool
}

// FilmSection is a line of the list of sections.
type FilmSection struct {
	URL     string
	Name    string
	State   string // done, bad, part or empty
	Words   string // what is missing; for done ones only readers hear it
	Current bool
}

func (v FilmForm) action() string {
	if v.In != "" {
		return v.Work + "/form/" + v.Part + "?in=" + v.In
	}
	return v.Work + "/form/" + v.Part
}

// wrong is the sentence beside a field: of the form that came back, or of what
// is saved.
func (v FilmForm) wrong(name string) string {
	if sentence := v.Errors[name]; sentence != "" || v.Errors.Any() {
		return sentence
	}
	return v.Broken[name]
}

// at fills in what every field of the form has.
func (v FilmForm) at(name string, f components.Field) components.Field {
	f.Name, f.Value, f.Error = name, v.Sheet[name], v.wrong(name)
	return f
}

// cell is at for a field of a row.
func (v FilmForm) cell(list string, i int, field string, f components.Field) components.Field {
	return v.at(RowName(list, i, field), f)
}

// rows are the numbers of a list's rows, the empty one that was asked for
// included; least are shown in any case.
func (v FilmForm) rows(list string, least int) []int {
	n := v.Sheet.Rows(list)
	if v.Add == list {
		n++
	}
	all := make([]int, max(n, least))
	for i := range all {
		all[i] = i
	}
	return all
}

// chosen are the names of a field's ticked boxes.
func (v FilmForm) chosen(name string) []string {
	var names []string
	for _, o := range v.Choices[name] {
		if v.Sheet.Ticked(name, o.Value) {
			names = append(names, o.Label)
		}
	}
	return names
}

// filmOrder names the fields of all sections from top to bottom, for the list of
// errors.
var filmOrder = []string{"title", "titleOriginal", "languageOriginal", "transliteration", "form", "runtime", "completed", "genres", "tags", "techniques",
	"textLanguage", "logline", "synopsisShort", "synopsis", "statement", "biography", "languages", "subtitles", "credits", "companies", "student",
	"school", "countries", "countriesFilming", "aspectRatio", "frameRate", "sound", "colour", "shootingFormat", "budget", "shown", "screenings",
	"awards", "contentWarnings", "warnings", "ai.used", "ai.tool", "ai.told", "website", "trailer", "links", "screener", "screener-file",
	"screenerLink", "screenerPassword", "stills", "still-file", "stillsBy"}
