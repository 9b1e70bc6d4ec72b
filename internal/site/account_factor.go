package site

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/factor"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/seal"
	"laurel/web/pages"
)

func (s *Site) factorRoutes() []route {
	return []route{
		{"POST", "/sign-in/code", public, s.saveSecondStep},
		{"GET", "/account/second-factor", signedIn, s.checked(s.showFactor)},
		{"POST", "/account/second-factor", signedIn, s.checked(s.beginFactor)},
		{"POST", "/account/second-factor/confirmation", signedIn, s.checked(s.confirmFactor)},
		{"POST", "/account/second-factor/codes", signedIn, s.checked(s.renewRecoveryCodes)},
		{"POST", "/account/second-factor/removal", signedIn, s.checked(s.removeFactor)},
	}
}

// newKeeper seals second factors with a key, or with chance.
func newKeeper(key []byte) *factor.Keeper {
	if key == nil {
		key = make([]byte, seal.KeySize)
		rand.Read(key)
	}
	keeper, err := factor.NewKeeper(key)
	if err != nil {
		panic(err)
	}
	return keeper
}

func (s *Site) stepCookie() string { return s.hostCookie("laurel_step") }

// askSecond asks who proved a first factor for the second.
func (s *Site) askSecond(w http.ResponseWriter, r *http.Request, who account.ID, on pages.Onward) error {
	step, err := factor.Ask(r.Context(), s.db, who)
	if err != nil {
		return err
	}
	s.setCookie(w, s.stepCookie(), string(step), 600)
	return s.secondStepPage(w, r, http.StatusOK, pages.SecondStep{Onward: on})
}

func (s *Site) secondStepPage(w http.ResponseWriter, r *http.Request, status int, v pages.SecondStep) error {
	f := s.entranceFrame(r, locale.T(r.Context(), "step.title", "One more code"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.SecondStepPage(f, v))
}

func (s *Site) step(r *http.Request) factor.Step {
	c, err := r.Cookie(s.stepCookie())
	if err != nil {
		return ""
	}
	return factor.Step(c.Value)
}

func (s *Site) saveSecondStep(w http.ResponseWriter, r *http.Request) error {
	ctx, on := r.Context(), onward(r)
	id, err := factor.Asked(ctx, s.db, s.step(r))
	if err != nil {
		return err
	}
	if id == 0 {
		err := problem.New(problem.Denied, "step.late", "This took too long. Sign in again; what you wrote is kept.")
		errs, status, _ := s.refused(r, err)
		return s.signInPage(w, r, status, pages.SignIn{Onward: on, Errors: errs})
	}
	who, err := s.passStep(r, id)
	if errs, status, ok := s.refused(r, err); ok {
		return s.secondStepPage(w, r, status, pages.SecondStep{Onward: on, Errors: errs})
	}
	if err != nil {
		return err
	}
	s.setCookie(w, s.stepCookie(), "", -1)
	return s.arrived(w, r, who, on)
}

// passStep counts the attempt first, so that a wrong one is counted too.
func (s *Site) passStep(r *http.Request, id account.ID) (who account.Account, err error) {
	ctx := r.Context()
	if err := factor.Try(ctx, s.db, id); err != nil {
		return who, err
	}
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		if err := s.keeper.Pass(ctx, tx, s.step(r), id, r.PostForm.Get("code")); err != nil {
			return err
		}
		who, err = account.ByID(ctx, tx, id)
		return err
	})
	return who, err
}

func (s *Site) showFactor(w http.ResponseWriter, r *http.Request) error {
	return s.factorPage(w, r, http.StatusOK, pages.Factor{})
}

func (s *Site) factorPage(w http.ResponseWriter, r *http.Request, status int, v pages.Factor) error {
	ctx := r.Context()
	state, err := factor.Of(ctx, s.db, actor(r).ID)
	if err != nil {
		return err
	}
	switch {
	case state.Since != nil:
		v.Since = locale.Date(ctx, *state.Since)
		v.Left = locale.N(ctx, "factor.left", state.Left, "One recovery code has not been used.", "{{.Count}} recovery codes have not been used.")
		v.Few = state.Left < 4
	case state.Begun:
		if v.Offer, err = s.factorOffer(r); err != nil {
			return err
		}
	}
	f := s.filmmakerFrame(r, locale.T(ctx, "factor.title", "Second factor"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.FactorPage(f, v))
}

// factorOffer is the secret as text and picture. The app lists it under the
// site's host, which says nothing of what the site is for.
func (s *Site) factorOffer(r *http.Request) (*pages.FactorOffer, error) {
	offer, err := s.keeper.Offered(r.Context(), s.db, actor(r).Account, s.base.Hostname())
	if err != nil {
		return nil, err
	}
	picture, err := offer.Picture()
	return &pages.FactorOffer{Secret: offer.Secret, Size: picture.Size, Path: picture.Path}, err
}

func (s *Site) beginFactor(w http.ResponseWriter, r *http.Request) error {
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		return "/account/second-factor", s.keeper.Begin(ctx, tx, actor(r).ID)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.factorPage(w, r, status, pages.Factor{Errors: errs})
	}
	return err
}

// confirmFactor shows the recovery codes in its own answer: they stand nowhere
// from which another page could read them.
func (s *Site) confirmFactor(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), actor(r).ID
	err := factor.Try(ctx, s.db, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return to(w, r, "/account/second-factor")
	}
	var codes []string
	if err == nil {
		err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) (err error) {
			codes, err = s.keeper.Confirm(ctx, tx, id, r.PostForm.Get("code"))
			return err
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.factorPage(w, r, status, pages.Factor{Errors: errs})
	}
	if err != nil {
		return err
	}
	return s.recoveryCodesPage(w, r, codes)
}

func (s *Site) recoveryCodesPage(w http.ResponseWriter, r *http.Request, codes []string) error {
	f := s.filmmakerFrame(r, locale.T(r.Context(), "recovery.title", "Your recovery codes"))
	return s.page(w, r, http.StatusOK, pages.RecoveryCodesPage(f, pages.RecoveryCodes{Codes: codes}))
}

func (s *Site) renewRecoveryCodes(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), actor(r).ID
	on, err := factor.Active(ctx, s.db, id)
	if err != nil {
		return err
	}
	if !on {
		return to(w, r, "/account/second-factor")
	}
	var codes []string
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) (err error) {
		codes, err = factor.NewCodes(ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	return s.recoveryCodesPage(w, r, codes)
}

func (s *Site) removeFactor(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "factor.removed", "The second factor is switched off.")
		return "/account/second-factor", factor.Remove(ctx, tx, actor(r).ID)
	})
}
