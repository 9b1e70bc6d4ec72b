package site

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/internal/passkey"
	"laurel/internal/problem"
	"laurel/web/pages"
)

func (s *Site) passkeyRoutes() []route {
	return []route{
		{"GET", "/account/passkeys", signedIn, s.checked(s.showPasskeys)},
		{"POST", "/account/passkeys", signedIn, s.checked(s.addPasskey)},
		{"POST", "/account/passkeys/challenge", signedIn, s.askNewPasskey},
		{"POST", "/account/passkeys/{passkey}", signedIn, s.checked(s.renamePasskey)},
		{"POST", "/account/passkeys/{passkey}/removal", signedIn, s.checked(s.removePasskey)},
		{"POST", "/account/check/passkey", signedIn, s.saveCheckByPasskey},
		{"POST", "/sign-in/passkey", public, s.saveSignInByPasskey},
		{"POST", "/sign-in/passkey/challenge", public, s.askPasskey},
		{"POST", "/sign-up/passkey", public, s.saveSignUpByPasskey},
		{"POST", "/sign-up/passkey/challenge", public, s.askFirstPasskey},
	}
}

// newParty is what passkeys of the site at base are made for; nil where there
// can be none.
func newParty(base *url.URL) *passkey.Party {
	party, err := passkey.NewParty(base)
	if err != nil {
		return nil
	}
	return party
}

// browser is the secret of the browser that asks and answers: of its session,
// or of its form cookie.
func browser(r *http.Request) passkey.Browser {
	secret, ok := r.Context().Value(secretKey).(func() string)
	if !ok {
		return ""
	}
	return passkey.Browser(secret())
}

// challenge answers with what a page hands to the device.
func (s *Site) challenge(w http.ResponseWriter, r *http.Request, ask func(context.Context) (passkey.Options, error)) error {
	if s.party == nil {
		return problem.Missing()
	}
	if err := s.slow(w, r, ""); err != nil {
		return err
	}
	options, err := ask(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	return ignoreGone(json.NewEncoder(w).Encode(options))
}

func (s *Site) askPasskey(w http.ResponseWriter, r *http.Request) error {
	return s.challenge(w, r, func(ctx context.Context) (passkey.Options, error) {
		return s.party.AskSignIn(ctx, s.db, browser(r))
	})
}

// askFirstPasskey names the account on the device as the form does.
func (s *Site) askFirstPasskey(w http.ResponseWriter, r *http.Request) error {
	return s.challenge(w, r, func(ctx context.Context) (passkey.Options, error) {
		return s.party.AskSignUp(ctx, s.db, text(r, "name"), browser(r))
	})
}

func (s *Site) askNewPasskey(w http.ResponseWriter, r *http.Request) error {
	return s.challenge(w, r, func(ctx context.Context) (options passkey.Options, err error) {
		err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) (err error) {
			options, err = s.party.AskAdd(ctx, tx, actor(r).Account, browser(r))
			return err
		})
		return options, err
	})
}

// holder is whose passkey answered the page's challenge.
func (s *Site) holder(r *http.Request) (who account.Account, err error) {
	if s.party == nil {
		return who, problem.Missing()
	}
	ctx := r.Context()
	answer, err := s.party.Take(ctx, s.db, browser(r), r.PostForm.Get("credential"))
	if err != nil {
		return who, err
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		id, err := s.party.SignIn(ctx, tx, answer)
		if err != nil {
			return err
		}
		who, err = account.ByID(ctx, tx, id)
		return err
	})
	return who, err
}

// saveSignInByPasskey asks for no second factor: the device made sure of the
// person, which is one.
func (s *Site) saveSignInByPasskey(w http.ResponseWriter, r *http.Request) error {
	on := onward(r)
	err := s.slow(w, r, "")
	var who account.Account
	if err == nil {
		who, err = s.holder(r)
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.signInPage(w, r, status, pages.SignIn{Onward: on, Errors: errs})
	}
	if err != nil {
		return err
	}
	return s.arrived(w, r, who, on)
}

// saveCheckByPasskey is the second check for who has a passkey.
func (s *Site) saveCheckByPasskey(w http.ResponseWriter, r *http.Request) error {
	on := onward(r)
	who, err := s.holder(r)
	if err == nil && who.ID != actor(r).ID {
		err = problem.New(problem.Invalid, "check.other-passkey", "This passkey belongs to another account.")
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.checkPage(w, r, status, on, errs)
	}
	if err != nil {
		return err
	}
	if err := account.NoteCheck(r.Context(), s.db, s.session(r)); err != nil {
		return err
	}
	return s.goOn(w, r, on)
}

// saveSignUpByPasskey makes an account that has a name and a passkey, and
// nothing else.
func (s *Site) saveSignUpByPasskey(w http.ResponseWriter, r *http.Request) error {
	if s.party == nil {
		return problem.Missing()
	}
	v := pages.SignUp{Name: text(r, "name"), Next: wanted(text(r, "next")), Action: "/sign-up", Silent: s.silent}
	return s.makeAccount(w, r, v, func(ctx context.Context, tx pgx.Tx) (account.Account, string, error) {
		label := locale.T(ctx, "passkeys.first", "First passkey")
		a, err := s.party.SignUp(ctx, tx, browser(r), label, r.PostForm.Get("credential"), func() (account.Account, error) {
			return account.Begin(ctx, tx, v.Name, string(locale.Of(ctx)))
		})
		return a, v.Next, err
	})
}

func (s *Site) showPasskeys(w http.ResponseWriter, r *http.Request) error {
	return s.passkeysPage(w, r, http.StatusOK, pages.Passkeys{})
}

func (s *Site) passkeysPage(w http.ResponseWriter, r *http.Request, status int, v pages.Passkeys) error {
	ctx := r.Context()
	list, err := passkey.Of(ctx, s.db, actor(r).ID)
	if err != nil {
		return err
	}
	for _, k := range list {
		row := pages.PasskeyRow{Code: k.Code, Name: k.Name, Since: locale.Date(ctx, k.CreatedAt)}
		if k.UsedAt != nil {
			row.Used = locale.Ago(ctx, s.now().Sub(*k.UsedAt))
		}
		v.List = append(v.List, row)
	}
	v.Off = s.party == nil
	f := s.filmmakerFrame(r, locale.T(ctx, "passkeys.title", "Passkeys"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.PasskeysPage(f, v))
}

func (s *Site) addPasskey(w http.ResponseWriter, r *http.Request) error {
	if s.party == nil {
		return problem.Missing()
	}
	name := text(r, "name")
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "passkeys.added", "You can come in with this passkey from now on.")
		return "/account/passkeys", s.party.Add(ctx, tx, actor(r).ID, browser(r), name, r.PostForm.Get("credential"))
	})
	if errs, status, ok := s.refused(r, err); ok {
		if err := passkey.Forget(r.Context(), s.db, browser(r)); err != nil {
			return err
		}
		return s.passkeysPage(w, r, status, pages.Passkeys{Name: name, Errors: errs})
	}
	return err
}

func (s *Site) renamePasskey(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("passkey")
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "profile.saved", "Saved.")
		return "/account/passkeys", passkey.Rename(ctx, tx, actor(r).ID, code, text(r, "name"))
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.passkeysPage(w, r, status, pages.Passkeys{Renamed: code, Errors: errs})
	}
	return err
}

func (s *Site) removePasskey(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("passkey")
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "passkeys.removed", "The passkey is removed.")
		return "/account/passkeys", passkey.Remove(ctx, tx, actor(r).ID, code)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.passkeysPage(w, r, status, pages.Passkeys{Renamed: code, Errors: errs})
	}
	return err
}
