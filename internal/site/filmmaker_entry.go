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

// consentWords are the things that may be public, within a sentence.
func consentWords(ctx context.Context, items []entry.Item) string {
	var names []string
	for _, item := range entry.Items {
		if item.OnPages() && slices.Contains(items, item) {
			names = append(names, itemWords(ctx, item))
		}
	}
	if len(names) == 0 {
		return locale.T(ctx, "item.nothing", "nothing")
	}
	return locale.List(ctx, names)
}

// itemWords name an item in the middle of a sentence.
func itemWords(ctx context.Context, item entry.Item) string {
	switch item {
	case entry.PublishFilm:
		return locale.T(ctx, "item.film", "the film in the line-up")
	case entry.PublishNames:
		return locale.T(ctx, "item.names", "names")
	case entry.PublishCountries:
		return locale.T(ctx, "item.countries", "countries of production")
	case entry.PublishSynopsis:
		return locale.T(ctx, "item.synopsis", "synopsis")
	case entry.PublishStatement:
		return locale.T(ctx, "item.statement", "statement and biography")
	case entry.PublishStills:
		return locale.T(ctx, "item.stills", "stills")
	case entry.PublishTrailer:
		return locale.T(ctx, "item.trailer", "trailer")
	case entry.PublishLinks:
		return locale.T(ctx, "item.links", "website and links")
	}
	return entry.ItemName(ctx, item)
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
