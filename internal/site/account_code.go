package site

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/web/pages"
)

func (s *Site) codeRoutes() []route {
	return []route{
		{"GET", "/begin", public, s.showBegin},
		{"POST", "/begin", public, s.saveBegin},
		{"GET", "/code", public, s.showCode},
		{"POST", "/code", public, s.saveCode},
		{"GET", "/account/code", signedIn, s.checked(s.showOwnCode)},
		{"POST", "/account/code", signedIn, s.checked(s.renewCode)},
	}
}

// firstPage is where an entry begins.
const firstPage = "/my/entries/new"

// showBegin says in plain words what a person should know before the first
// field, and offers the ways in.
func (s *Site) showBegin(w http.ResponseWriter, r *http.Request) error {
	f := s.entranceFrame(r, locale.T(r.Context(), "begin.title", "Before you begin"))
	f.Leave, f.NoIndex = true, false
	return s.page(w, r, http.StatusOK, pages.BeginPage(f, pages.Begin{Next: ours(r.URL.Query().Get("next"), firstPage), SignedIn: actor(r).SignedIn()}))
}

// saveBegin makes a code and shows it, once. Its account begins when the code is
// typed for the first time, so that nothing is left of codes that nobody took.
func (s *Site) saveBegin(w http.ResponseWriter, r *http.Request) error {
	if err := s.slow(w, r, ""); err != nil {
		return err
	}
	return s.newCodePage(w, r, 0, ours(text(r, "next"), firstPage))
}

// newCodePage makes a code and shows it on the page that asks to type it.
func (s *Site) newCodePage(w http.ResponseWriter, r *http.Request, id account.ID, next string) error {
	var code account.Receipt
	err := pgx.BeginFunc(r.Context(), s.db, func(tx pgx.Tx) (err error) {
		code, err = account.NewEntrance(r.Context(), tx, id)
		return err
	})
	if err != nil {
		return err
	}
	v := pages.NewCode{Written: code.String(), Words: code.Words(), Next: next, Nameless: id == 0}
	f := s.entranceFrame(r, locale.T(r.Context(), "new-code.title", "Your code"))
	f.Leave = true
	return s.page(w, r, http.StatusOK, pages.NewCodePage(f, v))
}

func (s *Site) showCode(w http.ResponseWriter, r *http.Request) error {
	return s.codePage(w, r, http.StatusOK, pages.Code{Onward: pages.Onward{Next: ours(r.URL.Query().Get("next"), "/")}})
}

func (s *Site) codePage(w http.ResponseWriter, r *http.Request, status int, v pages.Code) error {
	f := s.entranceFrame(r, locale.T(r.Context(), "code.title", "Sign in with your code"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.CodePage(f, v))
}

func (s *Site) saveCode(w http.ResponseWriter, r *http.Request) error {
	v := pages.Code{Onward: onward(r), Name: text(r, "name")}
	who, err := s.enterByCode(w, r, v.Name)
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.codePage(w, r, status, v)
	}
	if err != nil {
		return err
	}
	return s.arrive(w, r, who, v.Onward)
}

// enterByCode finds whose code was typed. What cannot be a code is refused
// before anything is looked up.
func (s *Site) enterByCode(w http.ResponseWriter, r *http.Request, name string) (who account.Account, err error) {
	code, err := s.typedCode(w, r)
	if err != nil {
		return account.Account{}, err
	}
	ctx := r.Context()
	if name == "" {
		name = nameless(ctx)
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		who, err = account.EnterByCode(ctx, tx, code, name, string(locale.Of(ctx)))
		return err
	})
	return who, err
}

// nameless stands where others read the name of somebody who gave none. It is
// no name: the person's own pages leave its place empty.
func nameless(ctx context.Context) string {
	return locale.T(ctx, "code.nameless", "Name not given")
}

// typedCode reads the code of a form, and refuses when this visitor, or anybody
// at this code, has tried too often.
func (s *Site) typedCode(w http.ResponseWriter, r *http.Request) (account.Receipt, error) {
	if err := s.slow(w, r, ""); err != nil {
		return account.Receipt{}, err
	}
	code, ok := account.ReadReceipt(r.PostForm.Get("secret"))
	if !ok {
		return account.Receipt{}, account.Malformed()
	}
	return code, s.slowCode(w, r, code)
}

// showOwnCode says whether a person has a code, and offers a new one.
func (s *Site) showOwnCode(w http.ResponseWriter, r *http.Request) error {
	ways, err := account.WaysOf(r.Context(), s.db, actor(r).ID)
	if err != nil {
		return err
	}
	f := s.filmmakerFrame(r, locale.T(r.Context(), "own-code.title", "A code to sign in with"))
	return s.page(w, r, http.StatusOK, pages.OwnCodePage(f, ways.Code))
}

func (s *Site) renewCode(w http.ResponseWriter, r *http.Request) error {
	return s.newCodePage(w, r, actor(r).ID, "/account")
}

// everywhereRoutes sign a person out from any device.
func (s *Site) everywhereRoutes() []route {
	return []route{
		{"GET", "/sign-out-everywhere", public, s.showEverywhere},
		{"POST", "/sign-out-everywhere", public, s.saveEverywhere},
	}
}

func (s *Site) showEverywhere(w http.ResponseWriter, r *http.Request) error {
	return s.everywherePage(w, r, http.StatusOK, pages.Everywhere{})
}

func (s *Site) everywherePage(w http.ResponseWriter, r *http.Request, status int, v pages.Everywhere) error {
	f := s.entranceFrame(r, locale.T(r.Context(), "everywhere.title", "Sign out everywhere"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.EverywherePage(f, v))
}

// saveEverywhere ends all sessions of who can prove who they are, and starts
// none.
func (s *Site) saveEverywhere(w http.ResponseWriter, r *http.Request) error {
	v := pages.Everywhere{Email: text(r, "email")}
	who, err := s.whoeverProves(w, r)
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.everywherePage(w, r, status, v)
	}
	if err != nil {
		return err
	}
	if err := account.EndAllSessions(r.Context(), s.db, who.ID); err != nil {
		return err
	}
	if who.ID == actor(r).ID {
		s.signOut(w)
		r = r.WithContext(context.WithValue(r.Context(), actorKey, account.Actor{}))
	}
	return s.everywherePage(w, r, http.StatusOK, pages.Everywhere{Done: true})
}

// whoeverProves finds the account of a code, or else of an e-mail address and a
// password.
func (s *Site) whoeverProves(w http.ResponseWriter, r *http.Request) (account.Account, error) {
	if text(r, "secret") != "" {
		return s.enterByCode(w, r, "")
	}
	email := text(r, "email")
	if err := s.slow(w, r, email); err != nil {
		return account.Account{}, err
	}
	return account.CheckIn(r.Context(), s.db, email, r.PostForm.Get("password"))
}
