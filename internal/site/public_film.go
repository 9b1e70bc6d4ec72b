package site

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"laurel/internal/award"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// shownEdition is the edition of the path when its line-up is out. Nobody sees
// a line-up or a film's page before, organizers neither: there is nothing yet.
func (s *Site) shownEdition(r *http.Request) (festival.Edition, []entry.Published, error) {
	e, err := s.publicEdition(r)
	if err != nil {
		return e, nil, err
	}
	if e.LineupAt == nil {
		return e, nil, problem.Missing()
	}
	films, err := entry.Lineup(r.Context(), s.db, e.ID)
	return e, films, err
}

func (s *Site) showLineup(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, films, err := s.shownEdition(r)
	if err != nil {
		return err
	}
	v := pages.Lineup{Lede: lineupLede(ctx, e, films)}
	for start := 0; start < len(films); {
		end := start
		for end < len(films) && films[end].CategoryID == films[start].CategoryID {
			end++
		}
		section := pages.LineupSection{
			Name:  films[start].CategoryName,
			Count: locale.N(ctx, "lineup.films", end-start, "{{.Count}} film", "{{.Count}} films"),
		}
		for _, one := range films[start:end] {
			section.Films = append(section.Films, filmCard(ctx, e, one))
		}
		v.Sections = append(v.Sections, section)
		start = end
	}
	f := s.publicFrame(r, e, locale.T(ctx, "lineup.title", "Line-up"), "lineup")
	f.Summary = v.Lede
	if len(films) > 0 && len(films[0].Stills) > 0 {
		f.Picture = s.absolute(still(films[0].Stills[0], 960))
	}
	return s.publicPage(w, r, pages.LineupPage(f, v))
}

func still(p entry.Picture, wanted int) string { return picture(p.Code, p.Width, wanted) }

// lineupLede says how much there is to see, from how many countries, and when.
func lineupLede(ctx context.Context, e festival.Edition, films []entry.Published) string {
	countries := map[string]bool{}
	for _, one := range films {
		for _, c := range one.Film.Countries {
			countries[c] = true
		}
	}
	number := locale.N(ctx, "lineup.films", len(films), "{{.Count}} film", "{{.Count}} films")
	when := locale.Dates(ctx, e.StartsOn, e.EndsOn)
	if len(countries) < 2 {
		return locale.T(ctx, "lineup.lede", "{{.Films}}, {{.When}} in {{.City}}.", "Films", number, "When", when, "City", e.City)
	}
	return locale.T(ctx, "lineup.lede-countries", "{{.Films}} from {{.Countries}}, {{.When}} in {{.City}}.", "Films", number,
		"Countries", locale.N(ctx, "lineup.countries", len(countries), "{{.Count}} country", "{{.Count}} countries"), "When", when, "City", e.City)
}

// filmCard is a film in a list.
func filmCard(ctx context.Context, e festival.Edition, one entry.Published) pages.PublicFilm {
	film := one.Film
	v := pages.PublicFilm{
		URL: e.Path() + "/films/" + one.Slug, Title: film.MainTitle(), Other: film.OtherTitle(), OtherLang: film.LanguageOriginal,
		Directors: directors(ctx, film),
		Facts:     inLine(locale.CountryNames(ctx, film.Countries), runtimeWords(ctx, film.Runtime)),
	}
	if len(one.Stills) > 0 {
		v.Still = still(one.Stills[0], 960)
	}
	return v
}

func directors(ctx context.Context, f entry.Film) string {
	if names := f.Credited(entry.Director); len(names) > 0 {
		return locale.List(ctx, names)
	}
	return locale.T(ctx, "film.names-withheld", "Names withheld at the filmmakers’ request")
}

func runtimeWords(ctx context.Context, seconds int) string {
	if seconds == 0 {
		return ""
	}
	return locale.Runtime(ctx, seconds)
}

// inLine sets short facts in one line.
func inLine(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

func (s *Site) showPublicFilm(w http.ResponseWriter, r *http.Request) error {
	e, films, err := s.shownEdition(r)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(films, func(p entry.Published) bool { return p.Slug == r.PathValue("film") })
	if i < 0 {
		return problem.Missing()
	}
	awards, err := s.publicAwards(r.Context(), e)
	if err != nil {
		return err
	}
	f, v := s.filmPage(r, e, films, i, awards)
	return s.publicPage(w, r, pages.PublicFilmPage(f, v))
}

// filmPage is the public page of one of the films, with everything that stands
// in its head. Makers see what it makes before anybody else does.
func (s *Site) filmPage(r *http.Request, e festival.Edition, films []entry.Published, i int, awards []award.Award) (components.Frame, pages.PublicFilmView) {
	v := filmView(r.Context(), e, films[i])
	for _, a := range awards {
		if a.EntryID != nil && *a.EntryID == films[i].EntryID {
			v.Awards = append(v.Awards, laurelOf(e, a, v.PublicFilm))
		}
	}
	v.Also = also(r.Context(), e, films, i)
	f := s.publicFrame(r, e, v.Title, "lineup")
	f.Wide = true
	f.Summary = v.Logline
	if f.Summary == "" {
		f.Summary = inLine(v.Directors, v.PublicFilm.Facts)
	}
	f.Picture = s.absolute(v.Hero)
	return f, v
}

func filmView(ctx context.Context, e festival.Edition, one entry.Published) pages.PublicFilmView {
	film := one.Film
	v := pages.PublicFilmView{
		PublicFilm: filmCard(ctx, e, one), Logline: film.Logline, Warnings: entry.WarningsOf(ctx, film), Film: film,
		Withheld: len(film.Credits) == 0, StillsBy: film.StillsBy, Section: one.CategoryName, Lineup: e.Path() + "/line-up",
	}
	v.Links = filmLinks(ctx, film)
	if film.Synopsis != film.Logline {
		v.Synopsis = split(film.Synopsis)
	}
	if len(one.Stills) > 0 {
		v.Hero = still(one.Stills[0], 1920)
		for _, p := range one.Stills[1:] {
			v.Stills = append(v.Stills, still(p, 960))
		}
	}
	add := func(name, value string) {
		if value != "" {
			v.Facts = append(v.Facts, [2]string{name, value})
		}
	}
	add(locale.T(ctx, "film.section", "Section"), one.CategoryName)
	if kind := entry.FormName(ctx, film.Form); kind != one.CategoryName {
		add(locale.T(ctx, "film.form", "Kind of film"), kind)
	}
	add(locale.T(ctx, "film.year", "Year"), film.Year())
	add(locale.T(ctx, "film.length", "Length"), runtimeWords(ctx, film.Runtime))
	add(locale.T(ctx, "film.countries", "Countries"), locale.CountryNames(ctx, film.Countries))
	add(locale.T(ctx, "film.languages", "Languages"), locale.LanguageNames(ctx, film.Languages))
	add(locale.T(ctx, "film.subtitles", "Subtitles"), locale.LanguageNames(ctx, film.Subtitles()))
	return v
}

// filmLinks lead to what the makers show elsewhere.
func filmLinks(ctx context.Context, film entry.Film) []components.Link {
	var list []components.Link
	add := func(label, url string) {
		if strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://") {
			list = append(list, components.Link{Label: label, URL: url})
		}
	}
	add(locale.T(ctx, "film.trailer", "Trailer"), film.Trailer)
	add(locale.T(ctx, "film.website", "Website"), film.Website)
	for _, l := range film.Links {
		add(entry.LinkKindName(ctx, l.Kind), l.URL)
	}
	return list
}

// also are up to three other films of the section, those after the film first.
func also(ctx context.Context, e festival.Edition, films []entry.Published, at int) []pages.PublicFilm {
	var list []pages.PublicFilm
	for n := 1; n < len(films) && len(list) < 3; n++ {
		if other := films[(at+n)%len(films)]; other.CategoryID == films[at].CategoryID {
			list = append(list, filmCard(ctx, e, other))
		}
	}
	return list
}

// publicAwards are an edition's awards once they are out.
func (s *Site) publicAwards(ctx context.Context, e festival.Edition) ([]award.Award, error) {
	if e.AwardsAt == nil {
		return nil, nil
	}
	return award.List(ctx, s.db, 0, e.ID)
}

// laurelOf is the wreath of an award; a film without an address here is not
// named in it.
func laurelOf(e festival.Edition, a award.Award, film pages.PublicFilm) components.LaurelView {
	return components.LaurelView{Award: a.Name, Title: film.Title, Where: e.FestivalName + " " + strconv.Itoa(e.StartsOn.Year())}
}

func (s *Site) showAwards(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, films, err := s.shownEdition(r)
	if err != nil {
		return err
	}
	if e.AwardsAt == nil {
		return problem.Missing()
	}
	awards, err := s.publicAwards(ctx, e)
	if err != nil {
		return err
	}
	counts, err := s.publicCounts(ctx, e)
	if err != nil {
		return err
	}
	v := pages.Awards{
		Title: locale.T(ctx, "awards.title", "Awards"),
		Lede:  locale.T(ctx, "awards.lede", "{{.Edition}}, {{.When}} in {{.City}}.", "Edition", e.Name, "When", locale.Dates(ctx, e.StartsOn, e.EndsOn), "City", e.City),
	}
	for _, a := range awards {
		one := pages.Award{Name: a.Name, Prize: a.Prize, Given: a.EntryID != nil, Count: counts[a.Code]}
		var card pages.PublicFilm
		if film := winner(a, films); film != nil {
			one.Citation = a.Citation // what is said of a film tells which it is
			card = filmCard(ctx, e, *film)
			one.Film = &card
			if v.Hero == "" && len(film.Stills) > 0 {
				v.Hero = still(film.Stills[0], 1920)
			}
		}
		one.Laurel = laurelOf(e, a, card)
		v.Awards = append(v.Awards, one)
	}
	f := s.publicFrame(r, e, v.Title, "awards")
	f.Wide = true
	f.Summary, f.Picture = v.Lede, s.absolute(v.Hero)
	return s.publicPage(w, r, pages.AwardsPage(f, v))
}

// winner is the film of an award if everybody may know it.
func winner(a award.Award, films []entry.Published) *entry.Published {
	i := slices.IndexFunc(films, func(p entry.Published) bool { return a.EntryID != nil && p.EntryID == *a.EntryID })
	if i < 0 {
		return nil
	}
	return &films[i]
}
