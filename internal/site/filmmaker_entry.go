package site

import (
	"context"
	"net/http"
	"slices"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/web/components"
	"laurel/web/pages"
)

// mine is the entry of the path, if it is the reader's own.
func (s *Site) mine(r *http.Request) (entry.Mine, error) {
	return entry.MineBy(r.Context(), s.db, actor(r).ID, r.PathValue("entry"))
}

// makerFrame surrounds a page about one entry with its festival's name.
func (s *Site) makerFrame(r *http.Request, m entry.Mine, title string) components.Frame {
	f := s.filmmakerFrame(r, title)
	f.Brand = components.Brand{Name: m.Edition.FestivalName, Sub: m.Edition.Name, URL: m.Edition.Path()}
	return f
}

func countWords(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return locale.N(ctx, "stills.count", n, "{{.Count}} still", "{{.Count}} stills")
}

func consentWords(ctx context.Context, items []entry.Item) string {
	var names []string
	for _, item := range entry.Items {
		if slices.Contains(items, item) {
			names = append(names, entry.ItemName(ctx, item))
		}
	}
	if len(names) == 0 {
		return locale.T(ctx, "receipt.no-consent", "Nothing")
	}
	return locale.List(ctx, names)
}

func consents(ctx context.Context, given []entry.Item) []pages.FilmmakerConsent {
	hints := map[entry.Item]string{
		entry.PublishFilm:      locale.T(ctx, "consent.film-hint", "Its titles, length, year and languages. Without this tick nothing of the film is public."),
		entry.PublishNames:     locale.T(ctx, "consent.names-hint", "Directors and everybody else. Without it the page says “Name withheld at the filmmakers’ request”."),
		entry.PublishCountries: locale.T(ctx, "consent.countries-hint", "Where the producers are, never where you filmed."),
		entry.PublishSynopsis:  locale.T(ctx, "consent.synopsis-hint", "And the sentence about the film."),
		entry.PublishStills:    locale.T(ctx, "consent.stills-hint", "On this site and for printing."),
	}
	var list []pages.FilmmakerConsent
	for _, item := range entry.Items {
		list = append(list, pages.FilmmakerConsent{
			Item: string(item), Label: entry.ItemName(ctx, item), Hint: hints[item], On: slices.Contains(given, item),
		})
	}
	return list
}
