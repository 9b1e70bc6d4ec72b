package seed

import (
	"context"
	"fmt"
	"slices"
	"time"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/pg"
)

// edition makes an edition with its call, which has been open for so many days.
func (h *house) edition(ctx context.Context, e festival.Edition, open int, stages []festival.Stage) (festival.EditionID, error) {
	e.FestivalID, e.City, e.Country, e.Zone, e.Regulations = h.festival, city, country, zone, regulations
	id, err := festival.CreateEdition(ctx, h.tx, h.organizer, e)
	if err != nil {
		return 0, err
	}
	if err := festival.SaveCall(ctx, h.tx, h.organizer, id, stages, notes); err != nil {
		return 0, err
	}
	if err := festival.SetHero(ctx, h.tx, h.organizer, id, int64(h.files.hero)); err != nil {
		return 0, err
	}
	_, err = h.tx.Exec(ctx, `update editions set call_opened_at = @at, created_at = @made where id = @id`,
		pg.Args{"id": id, "at": h.ago(open), "made": h.ago(open + 30)})
	return id, err
}

// presentEdition is the ninth: its call is open.
func (h *house) presentEdition(ctx context.Context) error {
	starts, decided := h.day(170), h.day(85)
	id, err := h.edition(ctx, festival.Edition{
		Slug: "9", Prefix: "F9", Name: fmt.Sprintf("9th edition, %d", starts.Year()), Tagline: "Films the length of a walk",
		Intro:    "A farsang is the distance a person covers on foot in an hour. The ninth Farsang festival of short film takes works up to thirty minutes, from anywhere, in any language.",
		StartsOn: starts, EndsOn: h.day(178), DecisionsOn: &decided,
	}, 85, h.stages9())
	if err != nil {
		return err
	}
	categories, err := h.categories(ctx, id, rooms9, h.day(-700))
	if err != nil {
		return err
	}
	if err := h.ask(ctx, categories); err != nil {
		return err
	}
	list := h.add(readKnown("9"), categories, 84)
	for i, n := range []int{191, 78, 56, 42, 45} {
		list = append(list, h.crowd(categories[i], n, 84)...)
	}
	h.claim(list)
	relate(list)
	h.unsettle(list)
	list = append(list, h.drafts(categories)...)
	list = append(list, h.mine(categories)...)
	if err := h.enter(ctx, id, list); err != nil {
		return err
	}
	if err := h.reply(ctx, list); err != nil {
		return err
	}
	return h.juriesPresent(ctx, id, categories, list)
}

// claim gives the demo's filmmaker the films that carry his name.
func (h *house) claim(list []*submission) {
	for _, s := range list {
		if s.film.Credits[0].NameLatin == "Siavash Mehrabadi" {
			s.owner = h.filmmaker
		}
	}
}

// unsettle leaves some entries as they are in a festival at work: new ones to
// be checked, some refused, some withdrawn.
func (h *house) unsettle(list []*submission) {
	for _, s := range list {
		switch late := h.now.Sub(s.submitted) < 8*24*time.Hour; {
		case s.known:
		case late && s.category.RungAt(h.now) != nil:
			s.state = entry.Submitted
		case chance(h.r, 2):
			s.state, s.reason = entry.Ineligible, h.refusal(s)
		case chance(h.r, 2):
			s.state = entry.Withdrawn
		}
	}
}

// refusal makes the film break a rule and says which.
func (h *house) refusal(s *submission) string {
	reasons := h.phrases["refusal"]
	n := h.r.IntN(len(reasons))
	switch n {
	case 0:
		rule, _ := s.category.Rule(festival.RuntimeMax)
		s.film.Runtime = *rule.Seconds + 60*(2+h.r.IntN(9))
	case 1:
		s.film.Completed = h.today.AddDate(-3, 0, 0).Format("2006-01")
	}
	return reasons[n]
}

// drafts are entries that only their makers see.
func (h *house) drafts(categories []festival.Category) []*submission {
	var list []*submission
	for _, c := range categories {
		if c.RungAt(h.now) == nil {
			continue
		}
		for range 9 {
			s := &submission{film: h.film(c), category: c, state: entry.Draft, created: h.now.Add(-time.Duration(1+h.r.IntN(30*24)) * time.Hour)}
			if chance(h.r, 50) {
				s.film.Synopsis, s.film.Shown, s.film.Screenings = "", entry.NotAnswered, nil
			}
			list = append(list, s)
		}
	}
	return list
}

// mine is what the demo's filmmaker is at work on: one with answers
// missing and too long, one ready to be sent.
func (h *house) mine(categories []festival.Category) []*submission {
	i := slices.IndexFunc(categories, func(c festival.Category) bool { return c.Slug == "short-fiction" })
	c := categories[i]
	fa := h.tongueOf("fa")
	begun := &submission{film: h.film(c), category: c, owner: h.filmmaker, state: entry.Draft, created: h.ago(9), stills: []int{h.files.index["tide"]}}
	byFilmmaker(&begun.film, "رسیدِ قایقران", "", 31*60+12, fa)
	h.further(&begun.film)
	begun.film.Shown, begun.film.Screenings, begun.film.StillsBy = entry.NotAnswered, nil, ""
	ready := &submission{film: h.film(c), category: c, owner: h.filmmaker, state: entry.Draft, created: h.ago(4), screener: true, stills: []int{h.files.index["lantern"], h.files.index["lantern-detail"]}}
	byFilmmaker(&ready.film, "ساعتِ بدونِ عقربه", "A Clock Without Hands", 14*60, fa)
	ready.film.Logline = "A boy who repairs radios is brought a clock that has never been wound."
	ready.film.Synopsis = ready.film.Logline + " He decides not to ask whose it is."
	h.further(&ready.film)
	return []*submission{begun, ready}
}

// byFilmmaker makes a film one of the demo filmmaker's.
func byFilmmaker(f *entry.Film, own, english string, seconds int, t tongue) {
	f.Title, f.TitleOriginal, f.LanguageOriginal, f.Runtime = english, own, t.code, seconds
	f.Countries, f.Languages, f.SubtitleTracks, f.Warnings = []string{"IR"}, []string{t.code}, inEnglish(), ""
	f.Credits[0] = credit(entry.Director, word{"سیاوش مهرابادی", "Siavash Mehrabadi"})
}
