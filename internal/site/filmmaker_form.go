package site

import (
	"context"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// written is a film as its form shows it.
func written(ctx context.Context, f entry.Film) pages.FilmForm {
	w := pages.FilmForm{
		Title: f.Title, TitleOriginal: f.TitleOriginal, Form: string(f.Form), Completed: f.Completed,
		Languages: locale.LanguageNames(ctx, f.Languages), Subtitles: locale.LanguageNames(ctx, f.Subtitles()),
		Genres: locale.List(ctx, entry.GenresOf(ctx, f)), Logline: f.Logline, Synopsis: f.Synopsis, Statement: f.Statement, Warnings: f.Warnings,
		FirstFilm: f.Debut(), Student: f.Student, School: f.School, Biography: f.Biography,
		CountriesFilming: locale.CountryNames(ctx, f.CountriesFilming),
		AspectRatio:      f.AspectRatio, FrameRate: f.FrameRate, Sound: f.Sound, Colour: f.Colour,
		ShootingFormat: f.ShootingFormat, Budget: f.Budget, Shown: string(f.Shown), Website: f.Website, Trailer: f.Trailer,
		ScreenerLink: f.ScreenerLink, ScreenerPassword: f.ScreenerPassword, StillsBy: f.StillsBy,
	}
	if f.Runtime > 0 {
		w.Minutes, w.Seconds = strconv.Itoa(f.Runtime/60), strconv.Itoa(f.Runtime%60)
	}
	for _, c := range f.Credits {
		w.Credits = append(w.Credits, pages.CreditForm{Role: string(c.Role), Name: c.Name, NameLatin: c.NameLatin, Note: c.Note})
	}
	for _, code := range f.Countries {
		w.Countries = append(w.Countries, locale.Country(ctx, code))
	}
	for _, s := range f.Screenings {
		w.Screenings = append(w.Screenings, pages.ScreeningForm{Event: s.Event, City: s.City, Country: locale.Country(ctx, s.Country), Date: s.Date, Kind: s.Premiere})
	}
	for _, p := range f.Awards {
		w.Awards = append(w.Awards, pages.PrizeForm{Event: p.Event, Year: p.Year, Name: p.Name})
	}
	return w
}

// typedPart writes what was typed into a part over what the form showed.
// Rows in which nothing was typed are dropped.
func typedPart(r *http.Request, part entry.Part, w *pages.FilmForm) {
	switch part {
	case entry.TheFilm:
		typedFilm(r, w)
	case entry.People:
		w.Credits, w.Biography = typedCredits(r), text(r, "biography")
	case entry.Places:
		w.Countries, w.CountriesFilming = typedCountries(r), text(r, "countriesFilming")
	case entry.Technical:
		w.AspectRatio, w.FrameRate, w.Sound, w.Colour = text(r, "aspectRatio"), text(r, "frameRate"), text(r, "sound"), text(r, "colour")
		w.ShootingFormat, w.Budget = text(r, "shootingFormat"), text(r, "budget")
	case entry.Showings:
		w.Shown, w.Website, w.Trailer = text(r, "shown"), text(r, "website"), text(r, "trailer")
		w.Screenings, w.Awards = typedScreenings(r), typedAwards(r)
	case entry.Screener:
		w.ScreenerLink, w.ScreenerPassword = text(r, "screenerLink"), text(r, "screenerPassword")
	case entry.Stills:
		w.StillsBy = text(r, "stillsBy")
	case entry.Publication, entry.Review:
	}
}

func typedFilm(r *http.Request, w *pages.FilmForm) {
	w.Title, w.TitleOriginal, w.Form = text(r, "title"), text(r, "titleOriginal"), text(r, "form")
	w.Minutes, w.Seconds, w.Completed = text(r, "minutes"), text(r, "seconds"), text(r, "completed")
	w.Languages, w.Subtitles, w.Genres = text(r, "languages"), text(r, "subtitles"), text(r, "genres")
	w.Logline, w.Synopsis, w.Statement = text(r, "logline"), text(r, "synopsis"), text(r, "statement")
	w.Warnings, w.School = text(r, "warnings"), text(r, "school")
	w.FirstFilm, w.Student = text(r, "firstFilm") != "", text(r, "student") != ""
}

var rowField = regexp.MustCompile(`^([a-z]+)\.([0-9]{1,3})(?:\.[A-Za-z]+)?$`)

// rows are the numbers of a list's rows in a sent form, in the order in which
// the reader left them: a button of a row moves it or takes it away.
func rows(r *http.Request, list string, alike func(a, b int) bool) []int {
	seen := map[int]bool{}
	for name := range r.PostForm {
		if m := rowField.FindStringSubmatch(name); m != nil && m[1] == list {
			n, _ := strconv.Atoi(m[2])
			seen[n] = true
		}
	}
	order := slices.Sorted(maps.Keys(seen))
	verb, rest, _ := strings.Cut(text(r, "do"), ":")
	in, number, _ := strings.Cut(rest, ":")
	n, err := strconv.Atoi(number)
	at := slices.Index(order, n)
	if in != list || err != nil || at < 0 {
		return order
	}
	if verb == "remove" {
		return slices.Delete(order, at, at+1)
	}
	for before := at - 1; verb == "up" && before >= 0; before-- {
		if alike(order[before], n) {
			order[before], order[at] = order[at], order[before]
			break
		}
	}
	return order
}

func always(int, int) bool { return true }

// cell is a field of a row of a sent form.
func cell(r *http.Request, list string, row int, field string) string {
	return text(r, list+"."+strconv.Itoa(row)+"."+field)
}

func typedCredits(r *http.Request) []pages.CreditForm {
	director := func(n int) bool { return cell(r, "credits", n, "role") == string(entry.Director) }
	var list []pages.CreditForm
	for _, n := range rows(r, "credits", func(a, b int) bool { return director(a) == director(b) }) {
		c := pages.CreditForm{
			Role: cell(r, "credits", n, "role"), Name: cell(r, "credits", n, "name"),
			NameLatin: cell(r, "credits", n, "nameLatin"), Note: cell(r, "credits", n, "note"),
		}
		if c.Name+c.NameLatin+c.Note != "" {
			list = append(list, c)
		}
	}
	return list
}

func typedCountries(r *http.Request) []string {
	var list []string
	for _, n := range rows(r, "countries", always) {
		if name := text(r, "countries."+strconv.Itoa(n)); name != "" {
			list = append(list, name)
		}
	}
	return list
}

func typedScreenings(r *http.Request) []pages.ScreeningForm {
	var list []pages.ScreeningForm
	for _, n := range rows(r, "screenings", always) {
		s := pages.ScreeningForm{
			Event: cell(r, "screenings", n, "event"), City: cell(r, "screenings", n, "city"),
			Country: cell(r, "screenings", n, "country"), Date: cell(r, "screenings", n, "date"), Kind: cell(r, "screenings", n, "kind"),
		}
		if s.Event+s.City+s.Country+s.Date+s.Kind != "" {
			list = append(list, s)
		}
	}
	return list
}

func typedAwards(r *http.Request) []pages.PrizeForm {
	var list []pages.PrizeForm
	for _, n := range rows(r, "awards", always) {
		p := pages.PrizeForm{Event: cell(r, "awards", n, "event"), Year: cell(r, "awards", n, "year"), Name: cell(r, "awards", n, "name")}
		if p.Event+p.Year+p.Name != "" {
			list = append(list, p)
		}
	}
	return list
}

// A decoder makes a film of what was typed, and gathers what it cannot read.
type decoder struct {
	ctx    context.Context
	errors components.Errors
}

func (d decoder) wrong(field string, p *problem.Problem) {
	if _, taken := d.errors[field]; !taken {
		d.errors[field] = locale.Say(d.ctx, p.Say)
	}
}

// decode reads the part of a form. The rest of the film is empty.
func (d decoder) decode(part entry.Part, w pages.FilmForm) entry.Film {
	var f entry.Film
	switch part {
	case entry.TheFilm:
		d.film(w, &f)
	case entry.People:
		f.Biography = w.Biography
		for _, c := range w.Credits {
			f.Credits = append(f.Credits, entry.Credit{Role: entry.Role(c.Role), Name: c.Name, NameLatin: c.NameLatin, Note: c.Note})
		}
	case entry.Places:
		for i, name := range w.Countries {
			f.Countries = addNew(f.Countries, d.country("countries."+strconv.Itoa(i), name))
		}
		f.CountriesFilming = d.codes("countriesFilming", w.CountriesFilming, d.country)
	case entry.Technical:
		f.AspectRatio, f.FrameRate, f.Sound, f.Colour = w.AspectRatio, w.FrameRate, w.Sound, w.Colour
		f.ShootingFormat, f.Budget = w.ShootingFormat, w.Budget
	case entry.Showings:
		d.showings(w, &f)
	case entry.Screener:
		f.ScreenerLink, f.ScreenerPassword = w.ScreenerLink, w.ScreenerPassword
	case entry.Stills:
		f.StillsBy = w.StillsBy
	case entry.Publication, entry.Review:
	}
	return f
}

func (d decoder) film(w pages.FilmForm, f *entry.Film) {
	f.Title, f.TitleOriginal, f.Form = w.Title, w.TitleOriginal, entry.Form(w.Form)
	f.Logline, f.Synopsis, f.Statement, f.Warnings = w.Logline, w.Synopsis, w.Statement, w.Warnings
	f.Student, f.School = w.Student, w.School
	f.Completed = entry.WriteDate(locale.ASCII(w.Completed))
	var err error
	if f.Runtime, err = entry.ParseRuntime(w.Minutes, w.Seconds); err != nil {
		d.wrong("runtime", problem.Of(err))
	}
	for _, genre := range parted(w.Genres) {
		f.Tags = addNew(f.Tags, genre)
	}
	f.Languages = d.codes("languages", w.Languages, d.language)
	for _, code := range d.codes("subtitles", w.Subtitles, d.language) {
		f.SubtitleTracks = append(f.SubtitleTracks, entry.SubtitleTrack{Language: code})
	}
	if f.TitleOriginal != "" && len(f.Languages) > 0 && f.Languages[0] != entry.NoDialogue {
		f.LanguageOriginal = f.Languages[0]
	}
}

func (d decoder) showings(w pages.FilmForm, f *entry.Film) {
	f.Shown, f.Website, f.Trailer = entry.Shown(w.Shown), w.Website, w.Trailer
	for i, s := range w.Screenings {
		country := ""
		if s.Country != "" {
			country = d.country("screenings."+strconv.Itoa(i)+".country", s.Country)
		}
		f.Screenings = append(f.Screenings, entry.Screening{
			Event: s.Event, City: s.City, Country: country, Date: entry.WriteDate(locale.ASCII(s.Date)), Premiere: s.Kind,
		})
	}
	for _, p := range w.Awards {
		f.Awards = append(f.Awards, entry.Prize{Event: p.Event, Year: locale.ASCII(p.Year), Name: p.Name})
	}
}

// codes reads names with commas between them.
func (d decoder) codes(field, names string, code func(field, name string) string) []string {
	var list []string
	for _, name := range parted(names) {
		list = addNew(list, code(field, name))
	}
	return list
}

func (d decoder) country(field, name string) string {
	code, ok := locale.CountryCode(name)
	if !ok {
		d.wrong(field, problem.Field(field, "film.country", "There is no country called “{{.Name}}” in our list. Write another name for it.", "Name", name))
	}
	return code
}

func (d decoder) language(field, name string) string {
	code, ok := locale.LanguageCode(name)
	if !ok {
		d.wrong(field, problem.Field(field, "film.language", "There is no language called “{{.Name}}” in our list. Write another name for it.", "Name", name))
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
