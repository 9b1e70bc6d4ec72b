package site

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// Two colours of a laurel: for light and for dark grounds.
const (
	darkInk  = "#0f1413"
	lightInk = "#ffffff"
)

func (s *Site) laurelRoutes() []route {
	return []route{
		{"GET", "/my/entries/{entry}/laurel.svg", signedIn, s.showLaurel},
		{"GET", "/my/entries/{entry}/certificate", signedIn, s.showCertificate},
		{"POST", "/my/entries/{entry}/certificate", signedIn, s.showCertificate},
	}
}

// honours are what an entry has been given, the selection first, as far as its
// makers may know: a selection once it is told, awards once they are public.
func honours(ctx context.Context, m entry.Mine) []string {
	if m.Decision == nil || !m.Decision.Selected() || m.State == entry.Withdrawn || m.Film == nil {
		return nil
	}
	return append([]string{locale.T(ctx, "laurel.selection", "Official selection")}, m.Decision.Awards...)
}

// honoured finds the entry of the path with what it has been given, and which of
// it the address means; an entry without any has no such page.
func (s *Site) honoured(r *http.Request) (m entry.Mine, all []string, chosen int, err error) {
	if m, err = s.mine(r); err != nil {
		return m, nil, 0, err
	}
	all = honours(r.Context(), m)
	if n := r.FormValue("award"); n != "" {
		if chosen, err = strconv.Atoi(n); err != nil {
			return m, nil, 0, problem.Missing()
		}
	}
	if chosen < 0 || chosen >= len(all) {
		return m, nil, 0, problem.Missing()
	}
	return m, all, chosen, nil
}

// showLaurel is a picture for posters and pages of the makers' own.
func (s *Site) showLaurel(w http.ResponseWriter, r *http.Request) error {
	m, all, chosen, err := s.honoured(r)
	if err != nil {
		return err
	}
	ink := darkInk
	if r.URL.Query().Get("ground") == "dark" {
		ink = lightInk
	}
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Content-Disposition", `attachment; filename="picture.svg"`)
	h.Set("Cache-Control", "no-store")
	return ignoreGone(components.LaurelFile(makersLaurel(m, all[chosen]), ink).Render(r.Context(), w))
}

func makersLaurel(m entry.Mine, honour string) components.LaurelView {
	where, year := m.Edition.Name, strconv.Itoa(m.Edition.StartsOn.Year())
	if !strings.Contains(where, year) {
		where += ", " + year
	}
	return components.LaurelView{Award: m.Edition.FestivalName, Title: honour, Where: where}
}

// showCertificate is a page for printing. The names on it are those that the
// credits print; another can be typed, and is kept nowhere, in no address either.
func (s *Site) showCertificate(w http.ResponseWriter, r *http.Request) error {
	m, all, chosen, err := s.honoured(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	name := locale.List(ctx, m.Film.Credited(entry.Director))
	if r.Method == http.MethodPost {
		name = text(r, "name")
	}
	v := pages.Certificate{
		Page: "/my/entries/" + m.Code, Label: m.Label(), Festival: m.Edition.FestivalName, Edition: m.Edition.Name, Title: m.Film.MainTitle(), Other: m.Film.OtherTitle(),
		OtherIn: m.Film.LanguageOriginal, Category: m.Category.Name, Name: name, Honour: all[chosen], Chosen: chosen, Awarded: chosen > 0,
		Laurel: makersLaurel(m, all[chosen]), Day: locale.Date(ctx, m.Decision.ReleasedAt.In(m.Edition.Location())), City: m.Edition.City,
	}
	if v.Awarded {
		v.Day = locale.Date(ctx, m.Edition.AwardsAt.In(m.Edition.Location()))
	}
	for i, honour := range all {
		v.All = append(v.All, components.Option{Value: strconv.Itoa(i), Label: honour})
	}
	return s.page(w, r, http.StatusOK, pages.CertificatePage(s.makerFrame(r, m, locale.T(ctx, "certificate.title", "Certificate")), v))
}
