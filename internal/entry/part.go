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
	TheFilm      Part = "basics"
	Words        Part = "texts"
	Tongues      Part = "languages"
	People       Part = "people"
	Companies    Part = "companies"
	Places       Part = "countries"
	Technical    Part = "technical"
	Showings     Part = "showings"
	Declarations Part = "declarations"
	Links        Part = "links"
	Screener     Part = "screener"
	Stills       Part = "stills"
	Publication  Part = "publication"
	Review       Part = "review"
)

// Parts in the order of the form.
var Parts = []Part{TheFilm, Words, Tongues, People, Companies, Places, Technical, Showings, Declarations, Links, Screener, Stills, Publication, Review}

// FilmParts are those that Save takes.
var FilmParts = Parts[:12]

// Known says whether p is one of FilmParts.
func (p Part) Known() bool {
	return slices.Contains(FilmParts, p)
}

// copy writes the part's answers of src over those of dst.
func (p Part) copy(dst *Film, src Film) {
	switch p {
	case TheFilm:
		copyFilm(dst, src)
	case Words:
		dst.Logline, dst.SynopsisShort, dst.Synopsis = src.Logline, src.SynopsisShort, src.Synopsis
		dst.Statement, dst.Biography, dst.TextLanguage, dst.Texts = src.Statement, src.Biography, src.TextLanguage, src.Texts
	case Tongues:
		dst.Languages, dst.SubtitleTracks = src.Languages, src.SubtitleTracks
	case People:
		dst.Credits = src.Credits
	case Companies:
		dst.Companies, dst.Student, dst.School = src.Companies, src.Student, src.School
	case Places:
		dst.Countries, dst.Shares = src.Countries, src.Shares
		dst.CountriesFilming, dst.HideFilming = src.CountriesFilming, src.HideFilming
	case Technical:
		dst.AspectRatio, dst.FrameRate, dst.Sound, dst.Colour = src.AspectRatio, src.FrameRate, src.Sound, src.Colour
		dst.ShootingFormat, dst.Exhibition, dst.Budget = src.ShootingFormat, src.Exhibition, src.Budget
	case Showings:
		dst.Shown, dst.Screenings, dst.Awards = src.Shown, src.Screenings, src.Awards
	case Declarations:
		dst.ContentWarnings, dst.Warnings, dst.AI = src.ContentWarnings, src.Warnings, src.AI
	case Links:
		dst.Website, dst.Trailer, dst.Links = src.Website, src.Trailer, src.Links
	case Screener:
		dst.ScreenerLink, dst.ScreenerPassword = src.ScreenerLink, src.ScreenerPassword
	case Stills:
		dst.StillsBy = src.StillsBy
	}
}

func copyFilm(dst *Film, src Film) {
	dst.Title, dst.TitleOriginal, dst.LanguageOriginal = src.Title, src.TitleOriginal, src.LanguageOriginal
	dst.Transliteration, dst.Titles = src.Transliteration, src.Titles
	dst.Runtime, dst.Completed, dst.Form = src.Runtime, src.Completed, src.Form
	dst.Techniques, dst.Genres, dst.Tags = src.Techniques, src.Genres, src.Tags
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
