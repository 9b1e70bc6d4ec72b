package site

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// A filmReader makes a film of what was typed, and gathers what it cannot read.
type filmReader struct {
	ctx    context.Context
	sheet  pages.FilmSheet
	errors components.Errors
}

func (d filmReader) wrong(field string, p *problem.Problem) {
	if _, taken := d.errors[field]; !taken {
		d.errors[field] = locale.Say(d.ctx, p.Say)
	}
}

// read reads one part. The rest of the film is empty.
func (d filmReader) read(part entry.Part) entry.Film {
	var f entry.Film
	s := d.sheet
	switch part {
	case entry.TheFilm:
		d.film(&f)
	case entry.Words:
		d.proses(&f)
	case entry.Tongues:
		d.tongues(&f)
	case entry.People:
		d.people(&f)
	case entry.Companies:
		d.companies(&f)
	case entry.Places:
		d.places(&f)
	case entry.Technical:
		f.AspectRatio, f.FrameRate, f.Sound, f.Colour = s["aspectRatio"], s["frameRate"], s["sound"], s["colour"]
		f.ShootingFormat, f.Exhibition, f.Budget = s["shootingFormat"], unboxed[entry.Exhibition](s["exhibition"]), s["budget"]
	case entry.Showings:
		d.showings(&f)
	case entry.Declarations:
		f.ContentWarnings, f.Warnings = unboxed[entry.Warning](s["contentWarnings"]), s["warnings"]
		f.AI = entry.AI{Used: s["ai.used"], Where: unboxed[entry.AIPart](s["ai.where"]), Tool: s["ai.tool"], Consent: s["ai.consent"], Told: s["ai.told"]}
	case entry.Links:
		f.Website, f.Trailer = s["website"], s["trailer"]
		for i := range s.Rows("links") {
			f.Links = append(f.Links, entry.Link{Kind: entry.LinkKind(s.Cell("links", i, "kind")), URL: s.Cell("links", i, "url")})
		}
	case entry.Screener:
		f.ScreenerLink, f.ScreenerPassword = s["screenerLink"], s["screenerPassword"]
	case entry.Stills:
		f.StillsBy = s["stillsBy"]
	case entry.CategoryPart, entry.Publication, entry.Review:
	}
	return f
}

// unboxed are the ticked values of a field, each once.
func unboxed[T ~string](field string) []T {
	var list []T
	for word := range strings.FieldsSeq(field) {
		if !slices.Contains(list, T(word)) {
			list = append(list, T(word))
		}
	}
	return list
}

func (d filmReader) film(f *entry.Film) {
	s := d.sheet
	f.Title, f.TitleOriginal, f.Transliteration, f.Form = s["title"], s["titleOriginal"], s["transliteration"], entry.Form(s["form"])
	f.LanguageOriginal = d.language("languageOriginal", s["languageOriginal"])
	for i := range s.Rows("titles") {
		f.Titles = append(f.Titles, entry.Title{Kind: entry.TitleKind(s.Cell("titles", i, "kind")), Text: s.Cell("titles", i, "text"),
			Language: d.languageIn("titles", i), Transliteration: s.Cell("titles", i, "transliteration")})
	}
	f.Completed = entry.WriteDate(locale.ASCII(s["completed"]))
	var err error
	if f.Runtime, err = entry.ParseRuntime(s["minutes"], s["seconds"]); err != nil {
		d.wrong("runtime", problem.Of(err))
	}
	f.Techniques, f.Genres = unboxed[entry.Technique](s["techniques"]), unboxed[entry.Genre](s["genres"])
	for _, tag := range parted(s["tags"]) {
		f.Tags = addNew(f.Tags, tag)
	}
}

func (d filmReader) proses(f *entry.Film) {
	s := d.sheet
	f.TextLanguage = d.language("textLanguage", s["textLanguage"])
	f.Logline, f.SynopsisShort, f.Synopsis, f.Statement, f.Biography = s["logline"], s["synopsisShort"], s["synopsis"], s["statement"], s["biography"]
}

func (d filmReader) tongues(f *entry.Film) {
	s := d.sheet
	for _, name := range parted(s["languages"]) {
		f.Languages = addNew(f.Languages, d.language("languages", name))
	}
	for i := range s.Rows("subtitles") {
		f.SubtitleTracks = append(f.SubtitleTracks, entry.SubtitleTrack{Language: d.languageIn("subtitles", i),
			How: entry.SubtitleHow(s.Cell("subtitles", i, "how")), SDH: s.Cell("subtitles", i, "sdh") != ""})
	}
}

func (d filmReader) people(f *entry.Film) {
	s := d.sheet
	for i := range s.Rows("credits") {
		cell := func(field string) string { return s.Cell("credits", i, field) }
		role := entry.Role(cell("role"))
		f.Credits = append(f.Credits, entry.Credit{ID: cell("id"), Role: role, Name: cell("name"), NameLatin: cell("nameLatin"),
			Note: cell("note"), As: entry.As(cell("as")), First: cell("first") != "" && role == entry.Director})
	}
}

func (d filmReader) companies(f *entry.Film) {
	s := d.sheet
	f.Student, f.School = s["student"] != "", s["school"]
	for i := range s.Rows("companies") {
		f.Companies = append(f.Companies, entry.Company{Role: entry.CompanyRole(s.Cell("companies", i, "role")),
			Name: s.Cell("companies", i, "name"), Country: d.countryIn("companies", i, "country")})
	}
}

func (d filmReader) places(f *entry.Film) {
	s := d.sheet
	f.Shares = map[string]int{}
	for i := range s.Rows("countries") {
		code := d.countryIn("countries", i, "name")
		f.Countries = addNew(f.Countries, code)
		if share := strings.TrimSuffix(locale.ASCII(s.Cell("countries", i, "share")), "%"); share != "" {
			percent, err := strconv.Atoi(strings.TrimSpace(share))
			if err != nil || percent < 1 || percent > 100 {
				d.wrong(pages.RowName("countries", i, "share"), entry.NoShare())
			}
			f.Shares[code] = percent
		}
	}
	for _, name := range parted(s["countriesFilming"]) {
		f.CountriesFilming = addNew(f.CountriesFilming, d.country("countriesFilming", name))
	}
	f.HideFilming = s["hideFilming"] != ""
}

func (d filmReader) showings(f *entry.Film) {
	s := d.sheet
	f.Shown = entry.Shown(s["shown"])
	for i := range s.Rows("screenings") {
		cell := func(field string) string { return s.Cell("screenings", i, field) }
		x := entry.Screening{Event: cell("event"), City: cell("city"), Country: d.countryIn("screenings", i, "country"),
			Date: entry.WriteDate(locale.ASCII(cell("date"))), Kind: entry.ScreeningKind(cell("kind")), Premiere: cell("premiere")}
		for _, name := range parted(cell("territory")) {
			x.Territory = addNew(x.Territory, d.country(pages.RowName("screenings", i, "territory"), name))
		}
		f.Screenings = append(f.Screenings, x)
	}
	for i := range s.Rows("awards") {
		f.Awards = append(f.Awards, entry.Prize{Event: s.Cell("awards", i, "event"), Year: locale.ASCII(s.Cell("awards", i, "year")), Name: s.Cell("awards", i, "name")})
	}
}

func (d filmReader) countryIn(list string, i int, field string) string {
	return d.country(pages.RowName(list, i, field), d.sheet.Cell(list, i, field))
}

func (d filmReader) languageIn(list string, i int) string {
	return d.language(pages.RowName(list, i, "language"), d.sheet.Cell(list, i, "language"))
}

// country is the code of a country's name, empty for an empty one.
func (d filmReader) country(field, name string) string {
	code, ok := locale.CountryCode(name)
	if !ok && name != "" {
		d.wrong(field, entry.NoCountry(field, name))
	}
	return code
}

func (d filmReader) language(field, name string) string {
	code, ok := locale.LanguageCode(name)
	if !ok && name != "" {
		d.wrong(field, entry.NoLanguage(field, name))
	}
	return code
}

// parted cuts a line at its commas, in any script.
func parted(line string) []string {
	var parts []string
	for _, p := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",،、;；\n", r) }) {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

// addNew adds a value that the list does not hold yet.
func addNew(list []string, value string) []string {
	if value == "" || slices.Contains(list, value) {
		return list
	}
	return append(list, value)
}
