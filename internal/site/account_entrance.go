package site

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/pages"
)

func (s *Site) accountRoutes() []route {
	return []route{
		{"GET", "/sign-in", public, s.showSignIn},
		{"POST", "/sign-in", public, s.saveSignIn},
		{"GET", "/sign-up", public, s.showSignUp},
		{"POST", "/sign-up", public, s.saveSignUp},
		{"GET", "/sign-up/{token}", public, s.showProved},
		{"POST", "/sign-up/{token}", public, s.saveProved},
		{"GET", "/forgotten", public, s.showForgotten},
		{"POST", "/forgotten", public, s.saveForgotten},
		{"GET", "/reset/{token}", public, s.showReset},
		{"POST", "/reset/{token}", public, s.saveReset},
		{"GET", "/setup/{token}", public, s.showSetup},
		{"POST", "/setup/{token}", public, s.saveSetup},
		{"GET", "/invitations/{token}", public, s.showInvitation},
		{"POST", "/invitations/{token}", public, s.saveInvitation},
		{"GET", "/account/email/{token}", public, s.showEmailLink},
		{"POST", "/account/email/{token}", public, s.saveEmailLink},
		{"POST", "/sign-out", signedIn, s.saveSignOut},
		{"GET", "/account", signedIn, s.showProfile},
		{"POST", "/account", signedIn, s.saveProfile},
		{"POST", "/account/judging", juror, s.saveBackground},
		{"POST", "/account/password", signedIn, s.savePassword},
		{"POST", "/account/email", signedIn, s.checked(s.saveEmail)},
		{"POST", "/account/sessions", signedIn, s.saveSessions},
		{"POST", "/theme", public, s.setTheme},
	}
}

func (s *Site) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := ours(r.URL.Query().Get("next"), "/")
	if actor(r).SignedIn() {
		return to(w, r, next)
	}
	return s.signInPage(w, r, http.StatusOK, pages.SignIn{Onward: pages.Onward{Next: next}})
}

func (s *Site) signInPage(w http.ResponseWriter, r *http.Request, status int, v pages.SignIn) error {
	if s.demo {
		v.Demo = demoRoles(r.Context())
	}
	f := s.entranceFrame(r, locale.T(r.Context(), "sign-in.title", "Sign in"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.SignInPage(f, v))
}

// askWhoKeeping answers a form that came from somebody whose session has ended.
func (s *Site) askWhoKeeping(w http.ResponseWriter, r *http.Request) error {
	return s.signInPage(w, r, http.StatusForbidden, pages.SignIn{Onward: keeping(r)})
}

func (s *Site) saveSignIn(w http.ResponseWriter, r *http.Request) error {
	email := text(r, "email")
	v := pages.SignIn{Email: email, Onward: onward(r)}
	err := s.slow(w, r, email)
	var who account.Account
	if err == nil {
		who, err = account.CheckIn(r.Context(), s.db, email, r.PostForm.Get("password"))
	}
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.signInPage(w, r, status, v)
	}
	if err != nil {
		return err
	}
	return s.arrive(w, r, who, v.Onward)
}

func (s *Site) showForgotten(w http.ResponseWriter, r *http.Request) error {
	return s.forgottenPage(w, r, http.StatusOK, pages.Forgotten{Sent: r.URL.Query().Get("sent") != ""})
}

func (s *Site) forgottenPage(w http.ResponseWriter, r *http.Request, status int, v pages.Forgotten) error {
	f := s.entranceFrame(r, locale.T(r.Context(), "forgotten.title", "Forgotten password"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.ForgottenPage(f, v))
}

func (s *Site) saveForgotten(w http.ResponseWriter, r *http.Request) error {
	email := text(r, "email")
	err := s.slow(w, r, email)
	if err == nil && !strings.Contains(email, "@") {
		err = problem.Field("email", "constraint.accounts_email_shape", problem.Constraints["accounts_email_shape"].English)
	}
	if err == nil {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			return "/forgotten?sent=1", account.AskReset(ctx, tx, email)
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.forgottenPage(w, r, status, pages.Forgotten{Email: email, Errors: errs})
	}
	return err
}

func (s *Site) showReset(w http.ResponseWriter, r *http.Request) error {
	ok, err := account.MayReset(r.Context(), s.db, account.Token(r.PathValue("token")))
	if err != nil || !ok {
		return errors.Join(err, problem.Missing())
	}
	return s.resetPage(w, r, http.StatusOK, pages.NewPassword{Action: r.URL.Path})
}

func (s *Site) resetPage(w http.ResponseWriter, r *http.Request, status int, v pages.NewPassword) error {
	f := s.entranceFrame(r, locale.T(r.Context(), "reset.title", "Choose a new password"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.NewPasswordPage(f, v))
}

func (s *Site) saveReset(w http.ResponseWriter, r *http.Request) error {
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		_, err := account.Reset(ctx, tx, account.Token(r.PathValue("token")), r.PostForm.Get("password"))
		s.flash(w, "reset.done", "Your new password is set. Sign in with it.")
		return "/sign-in", err
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.resetPage(w, r, status, pages.NewPassword{Action: r.URL.Path, Errors: errs})
	}
	return err
}

func (s *Site) showEmailLink(w http.ResponseWriter, r *http.Request) error {
	ok, err := account.MayChangeEmail(r.Context(), s.db, account.Token(r.PathValue("token")))
	if err != nil || !ok {
		return errors.Join(err, problem.Missing())
	}
	ctx := r.Context()
	title := locale.T(ctx, "email-link.title", "Use this address from now on?")
	return s.page(w, r, http.StatusOK, pages.ConfirmPage(s.entranceFrame(r, title), pages.Confirm{
		Title: title, Action: r.URL.Path,
		Text: locale.T(ctx, "email-link.text", "Letters go to this address, and you sign in with it. The old address stops working."),
		Do:   locale.T(ctx, "email-link.do", "Use this address"),
	}))
}

func (s *Site) saveEmailLink(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "email-link.done", "Your e-mail address is changed.")
		return "/account", account.ChangeEmail(ctx, tx, account.Token(r.PathValue("token")))
	})
}

func (s *Site) saveSignOut(w http.ResponseWriter, r *http.Request) error {
	if err := account.EndSession(r.Context(), s.db, s.session(r)); err != nil {
		return err
	}
	s.signOut(w)
	return to(w, r, "/sign-in?next="+url.QueryEscape("/"))
}
