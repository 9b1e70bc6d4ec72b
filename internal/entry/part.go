package entry

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
)

// A Part is a section of the form in which filmmakers describe a work. Each is
// saved by itself.
type Part string

// The parts of the form, in order. The last two are not of the film itself:
// consent belongs to the entry, and review only looks.
const (
	TheFilm     Part = "film"
	People      Part = "people"
	Places      Part = "countries"
	Technical   Part = "technical"
	Showings    Part = "showings"
	Screener    Part = "screener"
	Stills      Part = "stills"
	Publication Part = "publication"
	Review      Part = "review"
)

// Parts in the order of the form.
var Parts = []Part{TheFilm, People, Places, Technical, Showings, Screener, Stills, Publication, Review}

// FilmParts are those that Save takes.
var FilmParts = Parts[:7]

// Known says whether p is one of FilmParts.
func (p Part) Known() bool {
	return slices.Contains(FilmParts, p)
}

// copy writes the part's answers of src over those of dst.
func (p Part) copy(dst *Film, src Film) {
	switch p {
	case TheFilm:
		copyFilm(dst, src)
	case People:
		dst.Credits, dst.Biography = src.Credits, src.Biography
	case Places:
		dst.Countries, dst.CountriesFilming = src.Countries, src.CountriesFilming
	case Technical:
		dst.AspectRatio, dst.FrameRate, dst.Sound = src.AspectRatio, src.FrameRate, src.Sound
		dst.Colour, dst.ShootingFormat, dst.Budget = src.Colour, src.ShootingFormat, src.Budget
	case Showings:
		dst.Shown, dst.Screenings, dst.Awards = src.Shown, src.Screenings, src.Awards
		dst.Website, dst.Trailer = src.Website, src.Trailer
	case Screener:
		dst.ScreenerLink, dst.ScreenerPassword = src.ScreenerLink, src.ScreenerPassword
	case Stills:
		dst.StillsBy = src.StillsBy
	}
}

func copyFilm(dst *Film, src Film) {
	dst.Title, dst.TitleOriginal, dst.LanguageOriginal = src.Title, src.TitleOriginal, src.LanguageOriginal
	dst.Logline, dst.Synopsis, dst.Statement, dst.Warnings = src.Logline, src.Synopsis, src.Statement, src.Warnings
	dst.Runtime, dst.Completed, dst.Form, dst.Genres = src.Runtime, src.Completed, src.Form, src.Genres
	dst.Languages, dst.Subtitles = src.Languages, src.Subtitles
	dst.FirstFilm, dst.Student, dst.School = src.FirstFilm, src.Student, src.School
}

// Of is f with nothing but the answers of p.
func (p Part) Of(f Film) Film {
	var only Film
	p.copy(&only, f)
	return only
}

// Mark is a short fingerprint of the part's answers in f. A form carries the
// mark of what it was drawn with, so that a save can tell whether somebody
// else changed the part meanwhile.
func (p Part) Mark(f Film) string {
	only := p.Of(f)
	only.tidy()
	text, err := json.Marshal(only)
	if err != nil {
		panic("entry: a film is always JSON: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
