package site

import (
	"net/http"
	"strings"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/web/pages"
)

// review is what a draft would send, in the few lines by which its makers know
// it, each with the way to change it.
func (s *Site) review(r *http.Request, m entry.Mine) ([]pages.FilmmakerReview, error) {
	ctx, film, page := r.Context(), m.Work.Film, "/my/entries/"+m.Code
	screening := film.ScreenerLink
	if one := screener(ctx, m.Files); one != nil {
		screening = one.Words
	}
	title := strings.TrimSuffix(film.MainTitle()+", "+workFacts(ctx, film), ", ")
	list := []pages.FilmmakerReview{
		{Label: entry.PartName(ctx, entry.TheFilm), Value: title, URL: sectionURL(m.Work, entry.TheFilm)},
		{Label: locale.T(ctx, "review.directors", "Directors"), Value: locale.List(ctx, film.Credited(entry.Director)), URL: sectionURL(m.Work, entry.People)},
		{Label: entry.PartName(ctx, entry.Places), Value: locale.CountryNames(ctx, film.Countries), URL: sectionURL(m.Work, entry.Places)},
		{Label: entry.PartName(ctx, entry.Screener), Value: screening, URL: sectionURL(m.Work, entry.Screener)},
		{Label: entry.PartName(ctx, entry.Stills), Value: countWords(ctx, len(stills(ctx, m.Files))), URL: sectionURL(m.Work, entry.Stills)},
		{Label: locale.T(ctx, "receipt.consents", "May be public if selected"), Value: consentWords(ctx, m.Consents), URL: page + "/publication"},
	}
	fee, err := s.feeLine(r, m)
	if err != nil {
		return nil, err
	}
	for _, l := range fee {
		list = append(list, pages.FilmmakerReview{Label: l.Name, Value: l.Words, URL: l.URL})
	}
	return list, nil
}
