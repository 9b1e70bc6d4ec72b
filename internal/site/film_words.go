package site

import (
	"context"
	"maps"
	"slices"
	"strings"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/web/pages"
)

// facts says the answers of a part in words; what was not answered is left out.
func facts(ctx context.Context, part entry.Part, f entry.Film) []pages.FilmFact {
	list := factList{part: string(part)}
	switch part {
	case entry.TheFilm:
		list.film(ctx, f)
	case entry.Words:
		list.texts(ctx, f)
	case entry.Tongues:
		list.add(locale.T(ctx, "film.languages-spoken", "Languages spoken"), locale.LanguageNames(ctx, f.Languages))
		list.add(locale.T(ctx, "film.subtitles-of", "Subtitles in the screener"), entry.SubtitlesWords(ctx, f))
	case entry.People:
		list.people(ctx, f)
	case entry.Companies:
		list.companies(ctx, f)
	case entry.Places:
		list.places(ctx, f)
	case entry.Technical:
		list.technical(ctx, f)
	case entry.Showings:
		list.showings(ctx, f)
	case entry.Declarations:
		list.add(locale.T(ctx, "facts.warnings", "Content"), entry.WarningsOf(ctx, f))
		list.add(locale.T(ctx, "facts.ai", "Use of AI"), entry.AIWords(ctx, f.AI))
	case entry.Links:
		list.add(locale.T(ctx, "film.website", "Website"), f.Website)
		list.add(locale.T(ctx, "film.trailer", "Trailer"), f.Trailer)
		lined(&list, locale.T(ctx, "film.links", "Further links"), f.Links, func(l entry.Link) string {
			return joined(ctx, entry.LinkKindName(ctx, l.Kind), l.URL)
		})
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

func (l *factList) yes(ctx context.Context, label string, said bool) {
	if said {
		l.add(label, locale.T(ctx, "film.yes", "Yes"))
	}
}

// lined is one answer of several lines, each said by word.
func lined[T any](l *factList, label string, list []T, word func(T) string) {
	lines := make([]string, len(list))
	for i, one := range list {
		lines[i] = word(one)
	}
	l.add(label, strings.Join(lines, "\n"))
}

func (l *factList) film(ctx context.Context, f entry.Film) {
	l.add(locale.T(ctx, "film.title", "English title"), f.Title)
	l.add(locale.T(ctx, "film.title-original", "Original title"), f.TitleOriginal)
	l.add(locale.T(ctx, "film.title-language", "Language of the original title"), locale.Language(ctx, f.LanguageOriginal))
	l.add(locale.T(ctx, "film.transliteration", "Original title in Latin letters"), f.Transliteration)
	lined(l, locale.T(ctx, "film.titles", "Further titles"), f.Titles, func(t entry.Title) string {
		return entry.TitleKindName(ctx, t.Kind) + ": " + t.Text + entry.TitleNote(ctx, t)
	})
	l.add(locale.T(ctx, "film.form", "Kind of film"), entry.FormName(ctx, f.Form))
	l.add(locale.T(ctx, "film.techniques", "Techniques of animation"), locale.List(ctx, entry.Names(ctx, f.Techniques, entry.TechniqueName)))
	l.add(locale.T(ctx, "film.genres", "Genres"), locale.List(ctx, entry.Names(ctx, f.Genres, entry.GenreName)))
	l.add(locale.T(ctx, "film.tags", "Themes in your own words"), locale.List(ctx, f.Tags))
	if f.Runtime > 0 {
		l.add(locale.T(ctx, "film.length", "Length"), entry.Length(ctx, f.Runtime))
	}
	l.add(locale.T(ctx, "film.completed", "Completed in"), entry.DateWords(ctx, f.Completed))
}

func (l *factList) texts(ctx context.Context, f entry.Film) {
	l.add(locale.T(ctx, "film.text-language", "Language of these texts"), locale.Language(ctx, f.TextLanguage))
	l.prose(ctx, "", entry.Texts{Logline: f.Logline, SynopsisShort: f.SynopsisShort, Synopsis: f.Synopsis, Statement: f.Statement, Biography: f.Biography})
	for _, t := range f.Texts {
		l.prose(ctx, locale.Language(ctx, t.Language), t)
	}
}

// prose are the texts in one language, with its name where it is a further one.
func (l *factList) prose(ctx context.Context, language string, t entry.Texts) {
	in := func(label string) string {
		if language == "" {
			return label
		}
		return locale.T(ctx, "film.text-in", "{{.Text}} ({{.Language}})", "Text", label, "Language", language)
	}
	l.add(in(locale.T(ctx, "film.logline", "In one sentence")), t.Logline)
	l.add(in(locale.T(ctx, "film.synopsis-short", "Short synopsis")), t.SynopsisShort)
	l.add(in(locale.T(ctx, "film.synopsis", "Synopsis")), t.Synopsis)
	l.add(in(locale.T(ctx, "film.statement", "Director’s statement")), t.Statement)
	l.add(in(locale.T(ctx, "people.biography", "About the makers")), t.Biography)
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
}

// credit is one name as it was given, with all that was said of it.
func credit(ctx context.Context, c entry.Credit) string {
	way, first := "", ""
	if c.As != entry.ByName {
		way = locale.T(ctx, "people.as", "credited: {{.How}}", "How", strings.ToLower(entry.CreditWayName(ctx, c.As)))
	}
	if c.First {
		first = locale.T(ctx, "people.first-film", "first film")
	}
	return joined(ctx, c.Name, c.NameLatin, c.Note, way, first)
}

func (l *factList) companies(ctx context.Context, f entry.Film) {
	lined(l, locale.T(ctx, "part.companies", "Companies and schools"), f.Companies, func(c entry.Company) string {
		return entry.CompanyRoleName(ctx, c.Role) + ": " + joined(ctx, c.Name, locale.Country(ctx, c.Country))
	})
	l.yes(ctx, locale.T(ctx, "film.student", "It was made at a school"), f.Student)
	l.add(locale.T(ctx, "film.school", "Name of the school"), f.School)
}

func (l *factList) places(ctx context.Context, f entry.Film) {
	if len(f.Countries) == 0 { // a film of which only the shares are asked for
		f.Countries = slices.Sorted(maps.Keys(f.Shares))
	}
	l.add(locale.T(ctx, "countries.production", "Countries of production"), entry.CountriesWords(ctx, f))
	l.add(locale.T(ctx, "countries.filming", "Filmed in"), locale.CountryNames(ctx, f.CountriesFilming))
	l.yes(ctx, locale.T(ctx, "countries.hide", "Keep to ourselves where we filmed"), f.HideFilming)
}

func (l *factList) technical(ctx context.Context, f entry.Film) {
	l.add(locale.T(ctx, "technical.ratio", "Picture format"), f.AspectRatio)
	l.add(locale.T(ctx, "technical.rate", "Frames per second"), f.FrameRate)
	l.add(locale.T(ctx, "technical.sound", "Sound"), f.Sound)
	l.add(locale.T(ctx, "technical.colour", "Colour"), f.Colour)
	l.add(locale.T(ctx, "technical.format", "Shot on"), f.ShootingFormat)
	l.add(locale.T(ctx, "technical.exhibition", "Formats that you can send to a cinema"), locale.List(ctx, entry.Names(ctx, f.Exhibition, entry.ExhibitionName)))
	l.add(locale.T(ctx, "technical.budget", "Budget"), f.Budget)
}

func (l *factList) showings(ctx context.Context, f entry.Film) {
	l.add(locale.T(ctx, "showings.shown", "Has the film been shown?"), entry.ShownName(ctx, f.Shown))
	lined(l, locale.T(ctx, "showings.list", "Showings"), f.Screenings, func(s entry.Screening) string { return entry.ScreeningWords(ctx, s) })
	lined(l, locale.T(ctx, "showings.awards", "Awards"), f.Awards, func(p entry.Prize) string { return joined(ctx, p.Name, p.Event, p.Year) })
}
