package site

import (
	"context"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/web/pages"
)

func (s *Site) showProfile(w http.ResponseWriter, r *http.Request) error {
	return s.profilePage(w, r, http.StatusOK, pages.Profile{Name: actor(r).Name, Zone: actor(r).Zone})
}

func (s *Site) profilePage(w http.ResponseWriter, r *http.Request, status int, v pages.Profile) error {
	ctx, a := r.Context(), actor(r)
	sessions, err := account.Sessions(ctx, s.db, a.ID, s.session(r))
	if err != nil {
		return err
	}
	for _, one := range sessions {
		v.Sessions = append(v.Sessions, pages.ProfileSession{
			Code: one.Code, Here: one.Here, Since: locale.Date(ctx, one.CreatedAt), Seen: locale.Ago(ctx, s.now().Sub(one.SeenAt)),
		})
	}
	if a.Juror && v.Background == nil {
		if v.Background, err = s.background(ctx, a.ID); err != nil {
			return err
		}
	}
	if v.Name == nameless(ctx) {
		v.Name = ""
	}
	v.Email, v.Zones = a.Email, locale.Zones()
	f := s.filmmakerFrame(r, locale.T(ctx, "profile.title", "Account and sessions"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.ProfilePage(f, v))
}

func (s *Site) saveProfile(w http.ResponseWriter, r *http.Request) error {
	v := pages.Profile{Name: text(r, "name"), Zone: text(r, "zone"), Part: "name"}
	return s.savePart(w, r, v, func(ctx context.Context, tx pgx.Tx) (string, error) {
		name := v.Name
		if name == "" && actor(r).Name == nameless(ctx) {
			name = actor(r).Name
		}
		s.flash(w, "profile.saved", "Saved.")
		return "/account", account.SaveProfile(ctx, tx, actor(r).ID, name, v.Zone)
	})
}

func (s *Site) savePassword(w http.ResponseWriter, r *http.Request) error {
	v := pages.Profile{Name: actor(r).Name, Zone: actor(r).Zone, Part: "password"}
	return s.savePart(w, r, v, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "profile.password-saved", "Your password is changed. All other browsers are signed out.")
		return "/account", account.ChangePassword(ctx, tx, actor(r).Account, r.PostForm.Get("current"), r.PostForm.Get("password"), s.session(r))
	})
}

func (s *Site) saveEmail(w http.ResponseWriter, r *http.Request) error {
	v := pages.Profile{Name: actor(r).Name, Zone: actor(r).Zone, Part: "email", NewEmail: text(r, "email")}
	return s.savePart(w, r, v, func(ctx context.Context, tx pgx.Tx) (string, error) {
		if err := s.slowLetter(w, r, v.NewEmail); err != nil {
			return "", err
		}
		s.flash(w, "profile.email-sent", "A link is on its way to the new address. It works for two days.")
		return "/account", account.AskEmail(ctx, tx, actor(r).Account, v.NewEmail)
	})
}

// savePart acts on one of the page's forms and shows its errors in place.
func (s *Site) savePart(w http.ResponseWriter, r *http.Request, v pages.Profile, act func(context.Context, pgx.Tx) (string, error)) error {
	err := s.slow(w, r, actor(r).Email)
	if err == nil {
		err = s.once(w, r, act)
	}
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.profilePage(w, r, status, v)
	}
	return err
}

// background is what a juror has said, as the form writes it.
func (s *Site) background(ctx context.Context, who account.ID) (*pages.ProfileBackground, error) {
	b, err := account.BackgroundOf(ctx, s.db, who)
	if err != nil {
		return nil, err
	}
	form := &pages.ProfileBackground{Affiliations: strings.Join(b.Affiliations, "\n")}
	if len(b.Languages) > 0 {
		form.Languages = locale.LanguageNames(ctx, b.Languages)
	}
	return form, nil
}

// saveBackground reads languages by their names; a name that is none is refused
// by the noun with that name in its sentence.
func (s *Site) saveBackground(w http.ResponseWriter, r *http.Request) error {
	form := &pages.ProfileBackground{Languages: text(r, "languages"), Affiliations: text(r, "affiliations")}
	b := account.Background{Affiliations: strings.Split(form.Affiliations, "\n")}
	for _, name := range parted(form.Languages) {
		code, ok := locale.LanguageCode(name)
		if !ok {
			code = name
		}
		b.Languages = append(b.Languages, code)
	}
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "profile.saved", "Saved.")
		return "/account#s-judging", account.SaveBackground(ctx, tx, actor(r).ID, b)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.profilePage(w, r, status, pages.Profile{Name: actor(r).Name, Zone: actor(r).Zone, Part: "judging", Background: form, Errors: errs})
	}
	return err
}

func (s *Site) saveSessions(w http.ResponseWriter, r *http.Request) error {
	if r.PostForm.Get("session") != "all" {
		return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			return "/account#s-sessions", account.EndSessionNamed(ctx, tx, actor(r).ID, r.PostForm.Get("session"))
		})
	}
	if err := account.EndAllSessions(r.Context(), s.db, actor(r).ID); err != nil {
		return err
	}
	s.signOut(w)
	return to(w, r, "/sign-in")
}
