package entry

import (
	"context"
	"slices"

	"laurel/internal/locale"
)

// A Premiere is what a showing at a festival would be for a film.
type Premiere string

// The kinds of a premiere, from the first to none.
const (
	PremiereUnknown     Premiere = ""              // its makers have not said enough
	WorldPremiere       Premiere = "world"         // nobody has seen it in public
	InternationalFirst  Premiere = "international" // the first outside the countries of production
	ContinentalPremiere Premiere = "continental"   // the first on the festival's continent
	NationalPremiere    Premiere = "national"      // the first in the festival's country
	NoPremiere          Premiere = "none"          // it has been seen in the festival's country
)

// PremiereIn says what a showing in a country would be for the film, from the
// showings that its makers list, and why, in a sentence. Showings in public,
// online and on television count; those for the press and at markets do not.
// Online counts everywhere unless a territory is named. country may be empty
// while it is not known.
func PremiereIn(ctx context.Context, f Film, country string) (Premiere, string) {
	seen := counted(f.Screenings)
	switch {
	case len(seen) == 0 && f.Shown == NotAnswered:
		return PremiereUnknown, locale.T(ctx, "premiere.ask", "It is not said yet whether the film has been shown.")
	case len(seen) == 0 && f.Shown != NotShown:
		return PremiereUnknown, locale.T(ctx, "premiere.list", "The film has been shown, and no showing in public is listed yet.")
	case len(seen) == 0:
		return WorldPremiere, locale.T(ctx, "premiere.why-world", "World premiere: no showing in public, online or on television is listed.")
	}
	for _, s := range seen {
		if s.everywhere() {
			return NoPremiere, locale.T(ctx, "premiere.why-online", "No premiere: “{{.Event}}” could be watched everywhere.", "Event", s.Event)
		}
	}
	for _, s := range seen {
		if len(s.where()) == 0 {
			return PremiereUnknown, locale.T(ctx, "premiere.where", "Not a world premiere. What else it would be depends on the country of “{{.Event}}”, which is not said.", "Event", s.Event)
		}
	}
	if country == "" {
		return PremiereUnknown, locale.T(ctx, "premiere.festival", "Not a world premiere: it was shown at {{.Event}}. What else it would be depends on the country of the festival.", "Event", seen[0].Event)
	}
	return f.premiere(ctx, seen, country)
}

// premiere compares where a film was seen with the festival's country, which
// is known, as is every place.
func (f Film) premiere(ctx context.Context, seen []Screening, country string) (Premiere, string) {
	here := locale.Country(ctx, country)
	if s, found := first(seen, func(in string) bool { return in == country }); found {
		return NoPremiere, locale.T(ctx, "premiere.why-none", "No premiere: it was shown in {{.Country}}, at {{.Event}}.", "Event", s.Event, "Country", here)
	}
	abroad := func(in string) bool { return !slices.Contains(f.Countries, in) }
	if _, away := first(seen, abroad); !away && abroad(country) && len(f.Countries) > 0 {
		return InternationalFirst, locale.T(ctx, "premiere.why-international",
			"International premiere: it was shown only where it was produced, in {{.Countries}}.", "Countries", locale.CountryNames(ctx, places(seen)))
	}
	continent := locale.Continent(country)
	if _, near := first(seen, func(in string) bool { return locale.Continent(in) == continent }); !near && continent != "" {
		return ContinentalPremiere, locale.T(ctx, "premiere.why-continental",
			"Continental premiere: it was shown in {{.Countries}}, and not in {{.Continent}}.",
			"Countries", locale.CountryNames(ctx, places(seen)), "Continent", locale.ContinentName(ctx, continent))
	}
	return NationalPremiere, locale.T(ctx, "premiere.why-national",
		"National premiere: it was shown in {{.Countries}}, and not in {{.Country}}.",
		"Countries", locale.CountryNames(ctx, places(seen)), "Country", here)
}

// counted are the showings that take a premiere away.
func counted(all []Screening) []Screening {
	var seen []Screening
	for _, s := range all {
		if s.Event != "" && s.Kind != PressScreening && s.Kind != MarketScreening {
			seen = append(seen, s)
		}
	}
	return seen
}

// everywhere says whether a showing could be watched all over the world.
func (s Screening) everywhere() bool { return s.Kind == OnlineScreening && len(s.Territory) == 0 }

// where are the countries in which a showing could be watched.
func (s Screening) where() []string {
	if len(s.Territory) > 0 {
		return s.Territory
	}
	return present(s.Country)
}

// first is the first showing in a country of a kind.
func first(seen []Screening, is func(country string) bool) (Screening, bool) {
	at := slices.IndexFunc(seen, func(s Screening) bool { return slices.ContainsFunc(s.where(), is) })
	if at < 0 {
		return Screening{}, false
	}
	return seen[at], true
}

// places are the countries of showings, each once, as they come.
func places(seen []Screening) []string {
	var all []string
	for _, s := range seen {
		for _, code := range s.where() {
			all = addOnce(all, code)
		}
	}
	return all
}
