package site

import (
	"context"
	"net/http"
	"slices"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) watchingRoutes() []route {
	return []route{
		{"GET", "/my/works/{work}/watching", signedIn, s.showWatching},
		{"POST", "/my/works/{work}/watching", signedIn, s.saveWatching},
	}
}

// filesWatched adds to the page of a work's files how its film plays, and what
// somebody reported about it.
func (s *Site) filesWatched(r *http.Request, work entry.Work, v *pages.FilmFiles) error {
	var err error
	if v.Faults, err = s.makersFaults(r, work.ID, 0); err != nil || v.Screener == nil {
		return err
	}
	v.Screener.Player, _, err = s.filmPlayer(r, 0, v.Screener.Code)
	v.Screener.Player.Label = locale.T(r.Context(), "part.screener", "Screener")
	return err
}

// showWatching is how the makers of a work ask for its film to be watched.
func (s *Site) showWatching(w http.ResponseWriter, r *http.Request) error {
	return s.watchingPage(w, r, http.StatusOK, nil)
}

func (s *Site) watchingPage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	ctx := r.Context()
	work, err := s.work(r)
	if err != nil {
		return err
	}
	limits, err := entry.ScreenerLimitsOf(ctx, s.db, work.ID)
	if err != nil {
		return err
	}
	v := pages.Watching{Action: workURL(work) + "/watching", Back: filesURL(work), Title: work.Film.MainTitle(), Errors: errs, Asked: len(limits)}
	if err := work.Level.Refuse(entry.LevelSubmit); err != nil {
		v.Locked = locale.Say(ctx, problem.Of(err).Say)
	}
	for _, l := range entry.ScreenerLimits {
		name, means := entry.ScreenerLimitName(ctx, l)
		v.Limits = append(v.Limits, pages.WatchingLimit{Value: string(l), Name: name, Means: means, Asked: slices.Contains(limits, l)})
	}
	f := s.filmmakerFrame(r, locale.T(ctx, "limit.title", "How it may be watched"))
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.WatchingPage(f, v))
}

func (s *Site) saveWatching(w http.ResponseWriter, r *http.Request) error {
	work, err := s.work(r)
	if err != nil {
		return err
	}
	var limits []entry.ScreenerLimit
	for _, l := range entry.ScreenerLimits {
		if r.PostForm.Get(string(l)) != "" {
			limits = append(limits, l)
		}
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "limit.saved", "Saved. It holds from now on, also for a film that is being watched.")
		return workURL(work) + "/watching", entry.LimitScreener(ctx, tx, actor(r).ID, work.Code, limits)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.watchingPage(w, r, status, errs)
	}
	return err
}
