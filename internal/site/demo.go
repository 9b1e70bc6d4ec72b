package site

import (
	"context"
	"net/http"
	"slices"
	"time"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/problem"
	"laurel/internal/seed"
	"laurel/web/pages"
)

// demoRoutes are there in demo mode only, when Laurel sends no mail and shows
// an invented festival.
func (s *Site) demoRoutes() []route {
	return []route{
		{"POST", "/demo/enter", public, s.enterDemo},
		{"GET", "/demo/letters", public, s.listDemoLetters},
		{"GET", "/demo/letters/{letter}", public, s.showDemoLetter},
	}
}

func demoRoles(ctx context.Context) []pages.DemoRole {
	return []pages.DemoRole{
		{Email: seed.DemoOrganizer, Label: locale.T(ctx, "demo.organizer", "As organizer"), Hint: locale.T(ctx, "demo.organizer-hint", "Darya Mirzaei runs the ninth Farsang.")},
		{Email: seed.DemoJuror, Label: locale.T(ctx, "demo.juror", "As juror"), Hint: locale.T(ctx, "demo.juror-hint", "Roya Kamravan has films to watch and score.")},
		{Email: seed.DemoFilmmaker, Label: locale.T(ctx, "demo.filmmaker", "As filmmaker"), Hint: locale.T(ctx, "demo.filmmaker-hint", "Siavash Mehrabadi is entering a film.")},
	}
}

// enterDemo signs in as one of the offered people, and as nobody else.
func (s *Site) enterDemo(w http.ResponseWriter, r *http.Request) error {
	email := text(r, "email")
	if !slices.Contains([]string{seed.DemoOrganizer, seed.DemoJuror, seed.DemoFilmmaker}, email) {
		return problem.Missing()
	}
	who, err := account.ByEmail(r.Context(), s.db, email)
	if err != nil {
		return err
	}
	if _, err := s.enter(w, r, who.ID); err != nil {
		return err
	}
	return to(w, r, s.start(r, who, "/"))
}

func (s *Site) listDemoLetters(w http.ResponseWriter, r *http.Request) error {
	list, err := mail.List(r.Context(), s.db, shownLetters)
	if err != nil {
		return err
	}
	lines, err := s.letterLines(r.Context(), list, "/demo/letters", time.UTC)
	if err != nil {
		return err
	}
	f := s.frame(r, locale.T(r.Context(), "demo.letters", "Letters of the demo"))
	return s.page(w, r, http.StatusOK, pages.DemoLettersPage(f, lines))
}

func (s *Site) showDemoLetter(w http.ResponseWriter, r *http.Request) error {
	c, err := mail.ByCode(r.Context(), s.db, r.PathValue("letter"))
	if err != nil {
		return err
	}
	v, err := s.letter(r.Context(), c, "/demo/letters", time.UTC)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, pages.DemoLetterPage(s.frame(r, v.Subject), v))
}
