package site

import (
	"net/http"
	"slices"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/factor"
	"laurel/internal/locale"
	"laurel/internal/passkey"
	"laurel/internal/seed"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) checkRoutes() []route {
	return []route{{"POST", "/account/check", signedIn, s.saveCheck}}
}

// checked lets through who has proved again, in the last ten minutes, who they
// are. Others are asked first; a form that they sent waits meanwhile. It stands
// before what cannot be taken back.
func (s *Site) checked(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ok, err := account.Checked(r.Context(), s.db, s.session(r))
		if err != nil {
			return err
		}
		if ok {
			return h(w, r)
		}
		on := pages.Onward{Next: ours(r.URL.RequestURI(), "/account")}
		if r.Method == http.MethodPost {
			on = keeping(r)
		}
		return s.checkPage(w, r, http.StatusForbidden, on, nil)
	}
}

// checkPage asks for a second check.
func (s *Site) checkPage(w http.ResponseWriter, r *http.Request, status int, on pages.Onward, errs components.Errors) error {
	ways, err := account.WaysOf(r.Context(), s.db, actor(r).ID)
	if err != nil {
		return err
	}
	keys, err := passkey.Of(r.Context(), s.db, actor(r).ID)
	if err != nil {
		return err
	}
	second, err := factor.Active(r.Context(), s.db, actor(r).ID)
	if err != nil {
		return err
	}
	f := s.filmmakerFrame(r, locale.T(r.Context(), "check.title", "Is it you?"))
	f.Bad = errs.Any()
	v := pages.Check{
		Onward: on, Errors: errs, Password: ways.Password, Code: ways.Code, Passkey: len(keys) > 0, Second: second, Shut: actor(r).Frozen,
		Demo: s.demoPerson(r) && !ways.Password && !ways.Code,
	}
	return s.page(w, r, status, pages.CheckPage(f, v))
}

func (s *Site) saveCheck(w http.ResponseWriter, r *http.Request) error {
	on := onward(r)
	err := s.slow(w, r, actor(r).Code)
	if err == nil {
		err = s.recheck(r)
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.checkPage(w, r, status, on, errs)
	}
	if err != nil {
		return err
	}
	return s.goOn(w, r, on)
}

// recheck takes what proves a person again: the password or the code, and where
// they have a second factor that too. The attempt at the second is counted
// first, so that a wrong one is counted.
func (s *Site) recheck(r *http.Request) error {
	ctx, who, typed := r.Context(), actor(r).ID, r.PostForm.Get("secret")
	if typed == "" && s.demoPerson(r) {
		ways, err := account.WaysOf(ctx, s.db, who)
		if err == nil && !ways.Password && !ways.Code {
			return account.NoteCheck(ctx, s.db, s.session(r))
		}
	}
	if err := account.Prove(ctx, s.db, who, typed); err != nil {
		return err
	}
	second, err := factor.Active(ctx, s.db, who)
	if err == nil && second {
		err = factor.Try(ctx, s.db, who)
	}
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if second {
			if err := s.keeper.Check(ctx, tx, who, r.PostForm.Get("code")); err != nil {
				return err
			}
		}
		return account.NoteCheck(ctx, tx, s.session(r))
	})
}

// goOn leads on after a second check, or gives back the form that waited.
func (s *Site) goOn(w http.ResponseWriter, r *http.Request, on pages.Onward) error {
	if on.Resume != "" {
		return s.resume(w, r, actor(r).Account, s.session(r), on)
	}
	return to(w, r, on.Next)
}

// demoPerson tells whether this is one of the demo's people, who have neither
// password nor code.
func (s *Site) demoPerson(r *http.Request) bool {
	return s.demo && slices.Contains([]string{seed.DemoOrganizer, seed.DemoJuror, seed.DemoFilmmaker}, actor(r).Email)
}
