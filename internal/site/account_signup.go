package site

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/pages"
)

// longestNext is how long an address may be that somebody wants to go to once
// they have an account.
const longestNext = 500

// wanted is where who makes an account wants to go.
func wanted(path string) string {
	const work = "/my/entries"
	if len(path) > longestNext {
		return work
	}
	return ours(path, work)
}

func (s *Site) showSignUp(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := pages.SignUp{Next: wanted(q.Get("next")), Action: "/sign-up", Sent: q.Get("sent") != "", Silent: s.silent}
	return s.signUpPage(w, r, http.StatusOK, v)
}

func (s *Site) signUpPage(w http.ResponseWriter, r *http.Request, status int, v pages.SignUp) error {
	title := locale.T(r.Context(), "sign-up.title", "Make an account")
	if v.Setup {
		title = locale.T(r.Context(), "setup.title", "Set up Laurel")
	}
	f := s.entranceFrame(r, title)
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.SignUpPage(f, v))
}

// saveSignUp answers alike whether or not there is an account with the address:
// only the letter tells, and only its reader.
func (s *Site) saveSignUp(w http.ResponseWriter, r *http.Request) error {
	v := pages.SignUp{Email: text(r, "email"), Next: wanted(text(r, "next")), Action: "/sign-up"}
	err := s.slow(w, r, "")
	if err == nil {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			if err := s.slowLetter(w, r, v.Email); err != nil {
				return "", err
			}
			return "/sign-up?" + url.Values{"sent": {"1"}, "next": {v.Next}}.Encode(), account.AskSignUp(ctx, tx, v.Email, v.Next)
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.signUpPage(w, r, status, v)
	}
	return err
}

// proving is the form behind the link of a sign-up.
func (s *Site) proving(r *http.Request) (pages.SignUp, account.Token, error) {
	token := account.Token(r.PathValue("token"))
	email, err := account.Proving(r.Context(), s.db, token)
	return pages.SignUp{Proved: true, Email: email, Name: text(r, "name"), Action: r.URL.Path}, token, err
}

func (s *Site) showProved(w http.ResponseWriter, r *http.Request) error {
	v, _, err := s.proving(r)
	if err != nil {
		return err
	}
	return s.signUpPage(w, r, http.StatusOK, v)
}

func (s *Site) saveProved(w http.ResponseWriter, r *http.Request) error {
	v, token, err := s.proving(r)
	if p := problem.Of(err); p != nil && p.Kind != problem.NotFound { // a used link may be a second press: the form's key knows
		return err
	}
	return s.makeAccount(w, r, v, func(ctx context.Context, tx pgx.Tx) (account.Account, string, error) {
		return account.SignUpProved(ctx, tx, token, v.Name, r.PostForm.Get("password"), string(locale.Of(ctx)))
	})
}

// makeAccount makes an account, signs it in and goes where create says.
func (s *Site) makeAccount(w http.ResponseWriter, r *http.Request, v pages.SignUp, create func(context.Context, pgx.Tx) (account.Account, string, error)) error {
	var session account.Token
	err := s.slow(w, r, "")
	if err == nil {
		err = s.onceThen(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			a, next, err := create(ctx, tx)
			if err != nil {
				return "", err
			}
			session, err = account.StartSession(ctx, tx, a.ID)
			return next, err
		}, func() {
			if session != "" {
				s.signIn(w, session)
			}
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.signUpPage(w, r, status, v)
	}
	return err
}

func (s *Site) showSetup(w http.ResponseWriter, r *http.Request) error {
	ok, err := account.MaySetUp(r.Context(), s.db, account.Token(r.PathValue("token")))
	if err != nil || !ok {
		return errors.Join(err, problem.Missing())
	}
	return s.signUpPage(w, r, http.StatusOK, pages.SignUp{Setup: true, Action: r.URL.Path})
}

func (s *Site) saveSetup(w http.ResponseWriter, r *http.Request) error {
	v := pages.SignUp{Setup: true, Name: text(r, "name"), Email: text(r, "email"), Action: r.URL.Path}
	return s.makeAccount(w, r, v, func(ctx context.Context, tx pgx.Tx) (account.Account, string, error) {
		a, err := account.SetUp(ctx, tx, account.Token(r.PathValue("token")), v.Name, v.Email, r.PostForm.Get("password"), string(locale.Of(ctx)))
		return a, "/organize", err
	})
}
