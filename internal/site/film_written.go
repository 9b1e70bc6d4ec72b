package site

import (
	"context"
	"strconv"
	"strings"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/web/pages"
)

// writtenSheet is a film as its forms show it.
func writtenSheet(ctx context.Context, f entry.Film) pages.FilmSheet {
	w := writer{ctx, pages.FilmSheet{}}
	w.film(f)
	w.proses(f)
	w.tongues(f)
	w.people(f)
	w.places(f)
	w.technical(f)
	w.showings(f)
	w.declarations(f)
	return w.sheet
}

type writer struct {
	ctx   context.Context
	sheet pages.FilmSheet
}

// row writes fields of a row: names and values in turn.
func (w writer) row(list string, i int, pairs ...string) {
	for at := 0; at < len(pairs); at += 2 {
		w.sheet[pages.RowName(list, i, pairs[at])] = pairs[at+1]
	}
}

func (w writer) language(code string) string { return locale.Language(w.ctx, code) }

func (w writer) country(code string) string { return locale.Country(w.ctx, code) }

func ticked(yes bool) string {
	if yes {
		return "1"
	}
	return ""
}

// boxed are the values of ticked boxes in one field.
func boxed[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, one := range list {
		words[i] = string(one)
	}
	return strings.Join(words, " ")
}

func (w writer) film(f entry.Film) {
	s := w.sheet
	s["title"], s["titleOriginal"], s["transliteration"] = f.Title, f.TitleOriginal, f.Transliteration
	s["languageOriginal"] = w.language(f.LanguageOriginal)
	for i, t := range f.Titles {
		w.row("titles", i, "kind", string(t.Kind), "text", t.Text, "language", w.language(t.Language), "transliteration", t.Transliteration)
	}
	if f.Runtime > 0 {
		s["minutes"], s["seconds"] = strconv.Itoa(f.Runtime/60), strconv.Itoa(f.Runtime%60)
	}
	s["completed"], s["form"] = f.Completed, string(f.Form)
	s["techniques"], s["genres"], s["tags"] = boxed(f.Techniques), boxed(f.Genres), locale.List(w.ctx, f.Tags)
}

func (w writer) proses(f entry.Film) {
	s := w.sheet
	s["textLanguage"] = w.language(f.TextLanguage)
	s["logline"], s["synopsisShort"], s["synopsis"], s["statement"], s["biography"] = f.Logline, f.SynopsisShort, f.Synopsis, f.Statement, f.Biography
}

func (w writer) tongues(f entry.Film) {
	w.sheet["languages"] = locale.LanguageNames(w.ctx, f.Languages)
	for i, t := range f.SubtitleTracks {
		w.row("subtitles", i, "language", w.language(t.Language), "how", string(t.How), "sdh", ticked(t.SDH))
	}
}

func (w writer) people(f entry.Film) {
	for i, c := range f.Credits {
		w.row("credits", i, "id", c.ID, "role", string(c.Role), "name", c.Name, "nameLatin", c.NameLatin, "note", c.Note,
			"as", string(c.As), "first", ticked(c.First))
	}
	for i, c := range f.Companies {
		w.row("companies", i, "role", string(c.Role), "name", c.Name, "country", w.country(c.Country))
	}
	w.sheet["student"], w.sheet["school"] = ticked(f.Student), f.School
}

func (w writer) places(f entry.Film) {
	for i, code := range f.Countries {
		share := ""
		if percent := f.Shares[code]; percent > 0 {
			share = strconv.Itoa(percent)
		}
		w.row("countries", i, "name", w.country(code), "share", share)
	}
	w.sheet["countriesFilming"], w.sheet["hideFilming"] = locale.CountryNames(w.ctx, f.CountriesFilming), ticked(f.HideFilming)
}

func (w writer) technical(f entry.Film) {
	s := w.sheet
	s["aspectRatio"], s["frameRate"], s["sound"], s["colour"] = f.AspectRatio, f.FrameRate, f.Sound, f.Colour
	s["shootingFormat"], s["exhibition"], s["budget"] = f.ShootingFormat, boxed(f.Exhibition), f.Budget
	s["website"], s["trailer"] = f.Website, f.Trailer
	for i, l := range f.Links {
		w.row("links", i, "kind", string(l.Kind), "url", l.URL)
	}
	s["screenerLink"], s["screenerPassword"], s["stillsBy"] = f.ScreenerLink, f.ScreenerPassword, f.StillsBy
}

func (w writer) showings(f entry.Film) {
	w.sheet["shown"] = string(f.Shown)
	for i, x := range f.Screenings {
		w.row("screenings", i, "event", x.Event, "city", x.City, "country", w.country(x.Country), "date", x.Date,
			"kind", string(x.Kind), "territory", locale.CountryNames(w.ctx, x.Territory), "premiere", x.Premiere)
	}
	for i, p := range f.Awards {
		w.row("awards", i, "event", p.Event, "year", p.Year, "name", p.Name)
	}
}

func (w writer) declarations(f entry.Film) {
	s := w.sheet
	s["contentWarnings"], s["warnings"] = boxed(f.ContentWarnings), f.Warnings
	s["ai.used"], s["ai.where"], s["ai.tool"], s["ai.consent"], s["ai.told"] = f.AI.Used, boxed(f.AI.Where), f.AI.Tool, f.AI.Consent, f.AI.Told
}
