package intake

import (
	"regexp"
	"strings"
	"time"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/money"
	"laurel/internal/problem"
)

// The columns of a FilmFreeway export that a film and its entry are made of.
// They are found by their names, wherever they stand.
const (
	ffID         = "Submission ID"
	ffTitle      = "Project Title"
	ffTitleOwn   = "Project Title (Original Language)"
	ffSynopsis   = "Synopsis"
	ffSynopsis2  = "Synopsis (Original Language)"
	ffDuration   = "Duration"
	ffCountry    = "Country of Origin"
	ffFilmedIn   = "Country of Filming"
	ffLanguage   = "Language"
	ffTrailer    = "Trailer URL"
	ffWebsite    = "Project Website"
	ffType       = "Project Type"
	ffGenres     = "Genres"
	ffStudent    = "Student Project"
	ffCompleted  = "Completion Date"
	ffBudget     = "Production Budget"
	ffFormat     = "Shooting Format"
	ffAspect     = "Aspect Ratio"
	ffColour     = "Film Color"
	ffFirst      = "First-time Filmmaker"
	ffDirectors  = "Directors"
	ffWriters    = "Writers"
	ffProducers  = "Producers"
	ffCast       = "Key Cast"
	ffOthers     = "Other Credits"
	ffStatement  = "Submitter Statement"
	ffBiography  = "Submitter Biography"
	ffDate       = "Submission Date"
	ffStatus     = "Submission Status"
	ffJudging    = "Judging Status"
	ffDeadline   = "Submission Deadlines"
	ffCategories = "Submission Categories"
	ffFee        = "Submission Fee"
	ffLink       = "Submission Link"
	ffPassword   = "Submission Password"
	ffShowings   = "Screenings / Awards"
	ffEmail      = "Email"
	ffGiven      = "First Name"
	ffFamily     = "Last Name"
)

// taken are the columns above.
var taken = folded(ffID, ffTitle, ffTitleOwn, ffSynopsis, ffSynopsis2, ffDuration, ffCountry, ffFilmedIn, ffLanguage, ffTrailer,
	ffWebsite, ffType, ffGenres, ffStudent, ffCompleted, ffBudget, ffFormat, ffAspect, ffColour, ffFirst, ffDirectors, ffWriters,
	ffProducers, ffCast, ffOthers, ffStatement, ffBiography, ffDate, ffStatus, ffDeadline, ffCategories, ffLink, ffPassword,
	ffShowings, ffEmail, ffGiven, ffFamily)

// left are columns that stay outside: what a festival does not need to know of
// a person, and what was judged and paid elsewhere. Every other column is a
// question of the festival's own, or a fact that has no field here, and is
// kept with its heading as a question and an answer.
var left = folded("Birthdate", "Gender", "Phone", "Address", "Address 2", "City", "State", "Postal Code", "Country", "Twitter", "Facebook",
	"Rating", "Flag", ffJudging, ffFee, "Discount Code", "Assigned Judges", "Submission Notes")

func folded(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, n := range names {
		set[fold(n)] = true
	}
	return set
}

// FilmFreeway understands a table as a FilmFreeway export. Days are those of
// the zone. A table without the columns that name a submission is an Invalid
// problem at the field "file".
func FilmFreeway(t Table, zone *time.Location, now time.Time) (Sheet, error) {
	columns := columnsOf(t.Header)
	for _, needed := range []string{ffID, ffTitle} {
		if columns.find(needed) < 0 {
			return Sheet{}, problem.Field("file", "intake.not-filmfreeway",
				"This is not a FilmFreeway export: it has no column “{{.Column}}”. Export the submissions as CSV, with all columns.", "Column", needed)
		}
	}
	sheet := Sheet{Left: leftColumns(t, left), Problems: t.Problems}
	for _, line := range t.Rows {
		row := Row{Number: line.Number}
		c := cursor{&row, columns, line.Cells}
		c.filmFreeway(zone, now)
		sheet.Rows = append(sheet.Rows, row)
	}
	return sheet, nil
}

// leftColumns are the names of those columns that have something in them.
func leftColumns(t Table, names map[string]bool) []string {
	var all []string
	for i, h := range t.Header {
		if !names[fold(h)] {
			continue
		}
		for _, line := range t.Rows {
			if line.Cells[i] != "" {
				all = append(all, h)
				break
			}
		}
	}
	return all
}

func (c cursor) filmFreeway(zone *time.Location, now time.Time) {
	c.SourceID = c.get(ffID)
	if c.SourceID == "" || strings.ContainsAny(c.SourceID, "/ ") {
		c.skip(ffID, "intake.no-id", "There is no number of the submission here, so that the row could not be found again.")
	}
	c.texts()
	c.facts()
	c.ownSynopsis()
	c.people()
	c.Contact = c.contact(strings.TrimSpace(c.get(ffGiven)+" "+c.get(ffFamily)), ffEmail)
	c.Film.Screenings, c.Film.Awards = showings(c.get(ffShowings))
	if len(c.Film.Screenings) > 0 {
		c.Film.Shown = entry.ShownInPublic
	}
	c.Categories, c.categoryColumn = split(c.get(ffCategories)), ffCategories
	c.SubmittedAt = c.submitted(ffDate, zone, now)
	c.Deadline = strings.TrimSpace(strings.TrimSuffix(c.get(ffDeadline), "Deadline"))
	c.Judging = c.get(ffJudging)
	c.Fee, _ = money.ParseCoded(c.get(ffFee))
	c.status()
	c.answers()
	c.mend(filmFreewayColumns, now)
}

func (c cursor) texts() {
	f := &c.Film
	f.Title, f.TitleOriginal = unquote(c.get(ffTitle)), unquote(c.get(ffTitleOwn))
	if f.Title == "" && f.TitleOriginal == "" {
		c.skip(ffTitle, "intake.no-title", "The film has no title.")
	}
	f.Synopsis = c.get(ffSynopsis)
	f.Statement, f.Biography = c.get(ffStatement), c.get(ffBiography)
	f.Trailer, f.Website = c.get(ffTrailer), c.get(ffWebsite)
	f.ScreenerLink, f.ScreenerPassword = c.get(ffLink), c.get(ffPassword)
	f.Budget, f.ShootingFormat = c.get(ffBudget), c.get(ffFormat)
	f.AspectRatio, f.Colour = c.get(ffAspect), c.get(ffColour)
}

func (c cursor) facts() {
	f := &c.Film
	f.Runtime = c.runtime(ffDuration)
	f.Completed = completion(c.get(ffCompleted))
	f.Form = formOf(split(c.get(ffType)))
	f.Genres = genres(c.get(ffGenres))
	f.Countries = c.countries(ffCountry, countryCodes)
	f.CountriesFilming = c.countries(ffFilmedIn, countryCodes)
	f.Languages = c.languages(ffLanguage, languageCodes)
	f.Student = yes(c.get(ffStudent))
}

// ownSynopsis puts the synopsis in the original language where it belongs: it
// is the only one, or one in a further language. Without a language it stays
// an answer.
func (c cursor) ownSynopsis() {
	f, own := &c.Film, c.get(ffSynopsis2)
	language := ""
	if len(f.Languages) > 0 && f.Languages[0] != entry.NoDialogue {
		language = f.Languages[0]
	}
	switch {
	case own == "" || own == f.Synopsis:
	case f.Synopsis == "":
		f.Synopsis, f.TextLanguage = own, language
	case language != "" && language != "en":
		f.Texts = append(f.Texts, entry.Texts{Language: language, Synopsis: own})
	default:
		c.answer(ffSynopsis2, own)
	}
}

func countryCodes(cell string) ([]string, []string)  { return codes(cell, locale.CountryCode) }
func languageCodes(cell string) ([]string, []string) { return codes(cell, locale.LanguageCode) }

// formOf finds the kind of film-making among FilmFreeway's types of project,
// of which most are lengths and occasions.
func formOf(types []string) entry.Form {
	has := map[string]bool{}
	for _, t := range types {
		has[fold(t)] = true
	}
	for _, k := range []struct {
		name string
		form entry.Form
	}{
		{"music video", entry.MusicVideo}, {"animation", entry.Animation}, {"documentary", entry.Documentary},
		{"experimental", entry.Experimental}, {"hybrid", entry.Hybrid},
		{"fiction", entry.Fiction}, {"film", entry.Fiction}, {"narrative", entry.Fiction}, {"short", entry.Fiction}, {"feature", entry.Fiction}, {"student", entry.Fiction},
	} {
		if has[k.name] {
			return k.form
		}
	}
	if len(has) == 0 {
		return ""
	}
	return entry.OtherForm
}

func (c cursor) people() {
	f := &c.Film
	f.Credits = append(f.Credits, credited(c.get(ffDirectors), entry.Director)...)
	for i := range f.Credits {
		f.Credits[i].First = yes(c.get(ffFirst))
	}
	f.Credits = append(f.Credits, credited(c.get(ffWriters), entry.Writer)...)
	f.Credits = append(f.Credits, credited(c.get(ffProducers), entry.Producer)...)
	f.Credits = append(f.Credits, cast(c.get(ffCast))...)
	f.Credits = append(f.Credits, others(c.get(ffOthers))...)
}

// contact is who submitted; an address that is none is left out.
func (c cursor) contact(name, column string) entry.Contact {
	email := c.get(column)
	if email != "" {
		if _, err := mail.Address(email); err != nil {
			c.problem(column, "intake.email", "This is not an e-mail address; it was left out.")
			email = ""
		}
	}
	return entry.Contact{Name: name, Email: email}
}

// status maps the state of a submission. What was begun there and not finished
// is not a submission yet.
func (c cursor) status() {
	c.Status, c.State = c.get(ffStatus), entry.Submitted
	switch fold(c.Status) {
	case "withdrawn":
		c.State = entry.Withdrawn
	case "disqualified":
		c.State = entry.Ineligible
	case "incomplete":
		c.skip(ffStatus, "intake.incomplete", "The submission is not complete on FilmFreeway. It comes in with a later export, once it is.")
	}
}

var customField = regexp.MustCompile(`^submission custom (field|answer) (\d+)$`)

// answers keeps what has no field here: a festival's own questions, as pairs of
// question and answer or as columns headed by the question.
func (c cursor) answers() {
	for i, name := range c.columns.folded {
		if c.cells[i] == "" {
			continue
		}
		switch m := customField.FindStringSubmatch(name); {
		case m != nil && m[1] == "answer":
		case m != nil:
			c.answer(c.cells[i], c.get("Submission Custom Answer "+m[2]))
		case !taken[name] && !left[name]:
			c.answer(c.columns.header[i], c.cells[i])
		}
	}
}

// maxAnswer bounds an answer, in letters.
const maxAnswer = 5000

func (c cursor) answer(question, answer string) {
	if strings.TrimSpace(answer) == "" || strings.TrimSpace(question) == "" {
		return
	}
	clean := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(answer, "\ufffd"))
	if letters := []rune(clean); len(letters) > maxAnswer {
		clean = string(letters[:maxAnswer])
		c.problem(question, "import.cut", "Cut to {{.Max}} letters; there are {{.Have}}.", "Max", maxAnswer, "Have", len(letters))
	}
	c.Answers = append(c.Answers, entry.Answer{Question: strings.ToValidUTF8(question, "\ufffd"), Answer: clean})
}

// filmFreewayColumns say where a field of a film came from.
var filmFreewayColumns = map[string]string{
	"title": ffTitle, "titleOriginal": ffTitleOwn, "synopsis": ffSynopsis, "statement": ffStatement, "biography": ffBiography,
	"runtime": ffDuration, "completed": ffCompleted, "genres": ffGenres, "tags": ffGenres, "texts": ffSynopsis2, "countries": ffCountry, "countriesFilming": ffFilmedIn,
	"languages": ffLanguage, "credits": ffDirectors, "aspectRatio": ffAspect, "colour": ffColour, "shootingFormat": ffFormat,
	"budget": ffBudget, "website": ffWebsite, "trailer": ffTrailer, "screenings": ffShowings, "awards": ffShowings,
	"screenerLink": ffLink, "screenerPassword": ffPassword,
}

// mend makes the film one that can be kept, and says what that cost.
func (c cursor) mend(columns map[string]string, now time.Time) {
	for _, m := range entry.Mend(&c.Film, now) {
		field, _, _ := strings.Cut(m.Field, ".")
		c.Problems = append(c.Problems, Problem{Row: c.Number, Column: columns[field], Say: m.Say})
	}
	for field, say := range entry.Vet(c.Film, now) {
		c.Problems = append(c.Problems, Problem{Row: c.Number, Column: columns[field], Say: say, Skips: true})
	}
}
