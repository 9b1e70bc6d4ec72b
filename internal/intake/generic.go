package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"laurel/internal/entry"
	"laurel/internal/problem"
)

// A Field is what a column of any other table is read as.
type Field string

// The fields that a column can be.
const (
	FieldNone      Field = "" // left out
	FieldID        Field = "id"
	FieldTitle     Field = "title"
	FieldTitleOwn  Field = "titleOriginal"
	FieldCategory  Field = "category"
	FieldForm      Field = "form"
	FieldDirectors Field = "directors"
	FieldWriters   Field = "writers"
	FieldProducers Field = "producers"
	FieldCast      Field = "cast"
	FieldCountries Field = "countries"
	FieldLanguages Field = "languages"
	FieldSubtitles Field = "subtitles"
	FieldRuntime   Field = "runtime"
	FieldCompleted Field = "completed"
	FieldGenres    Field = "genres"
	FieldSynopsis  Field = "synopsis"
	FieldWebsite   Field = "website"
	FieldTrailer   Field = "trailer"
	FieldLink      Field = "screenerLink"
	FieldPassword  Field = "screenerPassword"
	FieldName      Field = "contactName"
	FieldEmail     Field = "contactEmail"
	FieldSubmitted Field = "submitted"
	FieldAnswer    Field = "answer" // kept as a question, the column's name, and its answer
)

// Fields in the order in which people choose them.
var Fields = []Field{FieldTitle, FieldTitleOwn, FieldCategory, FieldDirectors, FieldCountries, FieldLanguages, FieldSubtitles,
	FieldRuntime, FieldCompleted, FieldForm, FieldGenres, FieldSynopsis, FieldWriters, FieldProducers, FieldCast, FieldLink,
	FieldPassword, FieldTrailer, FieldWebsite, FieldName, FieldEmail, FieldSubmitted, FieldID, FieldAnswer}

// guesses are folded names of columns by field, in some languages and systems.
var guesses = map[Field][]string{
	FieldID:        {"id", "entry id", "submission id", "film id", "festhome id", "no", "number", "code", "system id"},
	FieldTitle:     {"title", "english title", "title english", "title en", "film title", "project title", "film", "name", "titre", "título", "عنوان"},
	FieldTitleOwn:  {"original title", "title original", "title original language", "titre original"},
	FieldCategory:  {"category", "categories", "section", "competition", "programme", "program", "strand"},
	FieldForm:      {"kind", "type", "form", "film type", "genre type"},
	FieldDirectors: {"director", "directors", "director s", "directed by", "réalisateur", "filmmaker", "filmmakers"},
	FieldWriters:   {"writer", "writers", "screenplay", "screenwriter", "screenwriters"},
	FieldProducers: {"producer", "producers"},
	FieldCast:      {"cast", "key cast", "actors"},
	FieldCountries: {"country", "countries", "country of origin", "country of production", "production country", "production countries", "pays"},
	FieldLanguages: {"language", "languages", "original language", "spoken language"},
	FieldSubtitles: {"subtitles", "subtitle language", "subtitle languages"},
	FieldRuntime:   {"runtime", "duration", "length", "running time", "minutes", "min", "durée"},
	FieldCompleted: {"year", "completed", "completion date", "year of production", "production year", "date of completion"},
	FieldGenres:    {"genre", "genres"},
	FieldSynopsis:  {"synopsis", "description", "logline", "summary"},
	FieldWebsite:   {"website", "web site", "film website"},
	FieldTrailer:   {"trailer", "trailer url", "trailer link"},
	FieldLink:      {"screener", "screener link", "link", "online screener", "screener url", "vimeo"},
	FieldPassword:  {"password", "screener password"},
	FieldName:      {"contact", "contact name", "submitter"},
	FieldEmail:     {"email", "e mail", "contact email", "contact e mail"},
	FieldSubmitted: {"submitted", "submission date", "date submitted", "submitted at"},
}

// Guess maps the columns whose names are known, each field once.
func Guess(header []string) map[string]Field {
	mapping := map[string]Field{}
	used := map[Field]bool{}
	for _, h := range header {
		for field, names := range guesses {
			if !used[field] && slices.Contains(names, fold(h)) {
				mapping[h], used[field] = field, true
				break
			}
		}
	}
	return mapping
}

// Generic understands any table by what its columns are said to be. A mapping
// without a title is an Invalid problem at the field "columns".
func Generic(t Table, mapping map[string]Field, zone *time.Location, now time.Time) (Sheet, error) {
	names := map[Field]string{} // the column of each field
	unread := map[string]bool{}
	for _, h := range t.Header {
		field := mapping[h]
		switch {
		case field == FieldNone:
			unread[fold(h)] = true
		case field != FieldAnswer:
			names[field] = h
		}
	}
	if names[FieldTitle] == "" && names[FieldTitleOwn] == "" {
		return Sheet{}, problem.Field("columns", "intake.no-title-column", "Say which column has the titles of the films.")
	}
	sheet := Sheet{Left: leftColumns(t, unread), Problems: t.Problems}
	columns := columnsOf(t.Header)
	for _, line := range t.Rows {
		row := Row{Number: line.Number, State: entry.Submitted}
		g := generic{cursor{&row, columns, line.Cells}, names}
		g.read(zone, now)
		for i, h := range t.Header {
			if mapping[h] == FieldAnswer {
				g.answer(h, line.Cells[i])
			}
		}
		g.mend(g.origins(), now)
		sheet.Rows = append(sheet.Rows, row)
	}
	return sheet, nil
}

// generic reads a row by fields.
type generic struct {
	cursor
	names map[Field]string
}

func (g generic) of(f Field) string {
	if name := g.names[f]; name != "" {
		return g.get(name)
	}
	return ""
}

func (g generic) read(zone *time.Location, now time.Time) {
	f := &g.Film
	f.Title, f.TitleOriginal = unquote(g.of(FieldTitle)), unquote(g.of(FieldTitleOwn))
	if f.Title == "" && f.TitleOriginal == "" {
		g.skip(g.names[FieldTitle], "intake.no-title", "The film has no title.")
	}
	f.Form, f.Genres = formOf(split(g.of(FieldForm))), genres(g.of(FieldGenres))
	f.Countries = g.countries(g.names[FieldCountries], countryCodes)
	f.Languages = g.languages(g.names[FieldLanguages], languageCodes)
	for _, code := range g.languages(g.names[FieldSubtitles], languageCodes) {
		f.SubtitleTracks = append(f.SubtitleTracks, entry.SubtitleTrack{Language: code})
	}
	f.Runtime, f.Completed = g.runtime(g.names[FieldRuntime]), completion(g.of(FieldCompleted))
	f.Synopsis, f.Website, f.Trailer = g.of(FieldSynopsis), g.of(FieldWebsite), g.of(FieldTrailer)
	f.ScreenerLink, f.ScreenerPassword = g.of(FieldLink), g.of(FieldPassword)
	f.Credits = append(f.Credits, credited(g.of(FieldDirectors), entry.Director)...)
	f.Credits = append(f.Credits, credited(g.of(FieldWriters), entry.Writer)...)
	f.Credits = append(f.Credits, credited(g.of(FieldProducers), entry.Producer)...)
	f.Credits = append(f.Credits, cast(g.of(FieldCast))...)
	g.Contact = g.contact(g.of(FieldName), g.names[FieldEmail])
	g.SubmittedAt = g.submitted(g.names[FieldSubmitted], zone, now)
	g.categoryColumn = g.names[FieldCategory]
	if category := unquote(g.of(FieldCategory)); category != "" {
		g.Categories = []string{category}
	}
	g.SourceID = g.id()
}

// id is the row's own number, or a name made of what a film is known by, so
// that the same film is found again in a later file.
func (g generic) id() string {
	if own := g.of(FieldID); own != "" {
		return strings.NewReplacer("/", "-", " ", "-").Replace(own)
	}
	sum := sha256.Sum256([]byte(fold(g.Film.MainTitle()) + "\n" + fold(strings.Join(g.Film.Credited(entry.Director), ", "))))
	return hex.EncodeToString(sum[:12])
}

// origins say which column a field of the film came from.
func (g generic) origins() map[string]string {
	columns := map[string]string{"credits": g.names[FieldDirectors], "tags": g.names[FieldGenres]}
	for f, name := range g.names {
		columns[string(f)] = name
	}
	return columns
}
