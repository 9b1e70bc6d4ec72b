package seed

import (
	"hash/fnv"
	"math/rand/v2"

	"laurel/internal/entry"
)

// further fills in what some makers say of a film and others leave out. It
// draws from a lot of the film's own, so that other films stay as they are.
func (h *house) further(f *entry.Film) {
	sum := fnv.New64a()
	sum.Write([]byte(f.Title))
	r := rand.New(rand.NewPCG(sum.Sum64(), 13))
	f.SynopsisShort, f.Shares, f.Companies, f.Screenings = f.Logline, nil, nil, nil
	f.Genres = []entry.Genre{pick(r, []entry.Genre{"drama", "social", "poetic", "family", "comedy", "essay", "portrait", "coming-of-age"})}
	f.Exhibition = []entry.Exhibition{"dcp"}
	f.AI = entry.AI{Used: "no"}
	if f.Form == entry.Animation {
		f.Techniques = []entry.Technique{pick(r, []entry.Technique{"drawn", "cut-out", "stop-motion", "computer-2d", "paint", "sand"})}
	}
	if len(f.Countries) == 2 {
		f.Shares = map[string]int{f.Countries[0]: 60, f.Countries[1]: 40}
	}
	if f.Warnings == "Strobing light." {
		f.ContentWarnings, f.Warnings = []entry.Warning{entry.FlashingLight}, ""
	}
	if chance(r, 6) {
		f.AI = entry.AI{Used: "yes", Where: []entry.AIPart{entry.AIRestoration}, Tool: "A program that removes noise", Consent: "not-applicable", Told: "A line in the end credits."}
	}
	if chance(r, 35) {
		f.Companies = []entry.Company{{Role: "production", Name: pick(r, []string{"Atelier Demi-Lune", "Salt House Films", "North Quay Pictures", "Kite and Lantern"}), Country: f.Countries[0]}}
	}
	h.showings(r, f)
}

// showings are those of a film that says it has been seen.
func (h *house) showings(r *rand.Rand, f *entry.Film) {
	day := h.today.AddDate(0, -1-r.IntN(3), -r.IntN(20)).Format("2006-01-02")
	switch f.Shown {
	case entry.ShownInPublic:
		where := pick(r, []struct{ event, city, country string }{
			{"Harbour Film Days", "Gdynia", "PL"}, {"Short Nights", "Leuven", "BE"}, {"Lantern Festival of Film", "Incheon", "KR"}, {"Cine del Puerto", "Valparaíso", "CL"},
		})
		f.Screenings = []entry.Screening{{Event: where.event, City: where.city, Country: where.country, Date: day, Kind: entry.PublicScreening, Premiere: "world"}}
	case entry.ShownOnline:
		f.Screenings = []entry.Screening{{Event: "An online festival", Country: f.Countries[0], Date: day, Kind: entry.OnlineScreening, Territory: f.Countries[:1]}}
	case entry.NotAnswered, entry.NotShown:
	}
}
