package site

import (
	"context"
	"net/http"

	"laurel/internal/deliberation"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/problem"
	"laurel/web/pages"
)

func (s *Site) publicBallotRoutes() []route {
	const one = "/{festival}/{edition}/awards/{ballot}"
	return []route{
		{"GET", one, public, s.showPublicCount},
		{"GET", one + "/" + ballotsJSON, public, s.publicCountFile(ballotsJSON)},
		{"GET", one + "/" + ballotsCSV, public, s.publicCountFile(ballotsCSV)},
		{"GET", one + "/" + recordJSON, public, s.publicCountFile(recordJSON)},
	}
}

func publicBallotURL(e festival.Edition, code string) string { return e.Path() + "/awards/" + code }

// publicCounts are the addresses of published counts, by the code of the award
// that they decided; of several the last.
func (s *Site) publicCounts(ctx context.Context, e festival.Edition) (map[string]string, error) {
	list, err := deliberation.Public(ctx, s.db, e.ID)
	counts := map[string]string{}
	for _, d := range list {
		if d.AwardCode != "" {
			counts[d.AwardCode] = publicBallotURL(e, d.Code)
		}
	}
	return counts, err
}

// publicReading is the count of the path once the awards are out, where the
// festival said before the vote that it publishes it. Of films it knows what the
// line-up shows.
func (s *Site) publicReading(r *http.Request) (festival.Edition, reading, error) {
	ctx := r.Context()
	e, films, err := s.shownEdition(r)
	if err != nil {
		return e, reading{}, err
	}
	if e.AwardsAt == nil {
		return e, reading{}, problem.Missing()
	}
	d, err := deliberation.PublicAt(ctx, s.db, e.ID, r.PathValue("ballot"))
	if err != nil {
		return e, reading{}, err
	}
	record, err := deliberation.ResultOf(ctx, s.db, d.ID)
	if err != nil {
		return e, reading{}, err
	}
	finalists, err := deliberation.Finalists(ctx, s.db, d.ID)
	if err != nil {
		return e, reading{}, err
	}
	shown := map[entry.ID]entry.Published{}
	for _, f := range films {
		shown[f.EntryID] = f
	}
	known := map[string]countedFilm{}
	for _, f := range finalists {
		if p, ok := shown[f.EntryID]; ok {
			card := filmCard(ctx, e, p)
			known[f.Key()] = countedFilm{Title: card.Title, Other: card.Other, Language: card.OtherLang, By: card.Directors, Still: card.Still}
		}
	}
	return e, reading{ctx, d, record, known}, nil
}

func (s *Site) showPublicCount(w http.ResponseWriter, r *http.Request) error {
	e, in, err := s.publicReading(r)
	if err != nil {
		return err
	}
	v := pages.PublicCount{
		Awards: e.Path() + "/awards", Title: countTitle(r.Context(), in.d), Lede: in.lede(e.Location(), e.City), Result: in.view(),
	}
	v.Result.Files = in.files(publicBallotURL(e, in.d.Code))
	f := s.publicFrame(r, e, v.Title, "awards")
	f.Summary = v.Lede
	return s.publicPage(w, r, pages.PublicCountPage(f, v))
}

func (s *Site) publicCountFile(file string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		_, in, err := s.publicReading(r)
		if err != nil {
			return err
		}
		return in.serve(w, file)
	}
}
