package site

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/web/pages"
)

func (s *Site) freezeRoutes() []route {
	return []route{
		{"GET", "/freeze", public, s.showFreeze},
		{"POST", "/freeze", public, s.saveFreeze},
		{"GET", "/account/freeze", signedIn, s.checked(s.showOwnFreeze)},
		{"POST", "/account/freeze", signedIn, s.checked(s.renewFreeze)},
		{"POST", "/account/freeze/end", signedIn, s.checked(s.thaw)},
	}
}

func (s *Site) showFreeze(w http.ResponseWriter, r *http.Request) error {
	return s.freezePage(w, r, http.StatusOK, pages.Freeze{})
}

func (s *Site) freezePage(w http.ResponseWriter, r *http.Request, status int, v pages.Freeze) error {
	f := s.entranceFrame(r, locale.T(r.Context(), "freeze.title", "Shut an account"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.FreezePage(f, v))
}

// saveFreeze shuts the account of a freeze code. It says until when, and
// nothing of whose it is.
func (s *Site) saveFreeze(w http.ResponseWriter, r *http.Request) error {
	until, err := s.freeze(w, r)
	if errs, status, ok := s.refused(r, err); ok {
		return s.freezePage(w, r, status, pages.Freeze{Errors: errs})
	}
	if err != nil {
		return err
	}
	return s.freezePage(w, r, http.StatusOK, pages.Freeze{Until: locale.DateTime(r.Context(), until, time.UTC, "UTC")})
}

func (s *Site) freeze(w http.ResponseWriter, r *http.Request) (until time.Time, err error) {
	code, err := s.typedCode(w, r)
	if err != nil {
		return time.Time{}, err
	}
	ctx := r.Context()
	err = pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		var owner account.ID
		if owner, until, err = account.Freeze(ctx, tx, code); err != nil {
			return err
		}
		return entry.Freeze(ctx, tx, owner, until)
	})
	return until, err
}

// showOwnFreeze offers a freeze code, or while the account is shut to open it.
func (s *Site) showOwnFreeze(w http.ResponseWriter, r *http.Request) error {
	ways, err := account.WaysOf(r.Context(), s.db, actor(r).ID)
	if err != nil {
		return err
	}
	v := pages.OwnFreeze{Has: ways.Freeze}
	if actor(r).Frozen {
		until, err := account.FrozenUntil(r.Context(), s.db, actor(r).ID)
		if err != nil {
			return err
		}
		v.Until = stamp(r.Context(), until, actor(r).Zone)
	}
	f := s.filmmakerFrame(r, locale.T(r.Context(), "own-freeze.title", "A code that shuts your account"))
	return s.page(w, r, http.StatusOK, pages.OwnFreezePage(f, v))
}

// renewFreeze makes a freeze code and shows it, once.
func (s *Site) renewFreeze(w http.ResponseWriter, r *http.Request) error {
	if actor(r).Frozen {
		return to(w, r, "/account/freeze")
	}
	var code account.Receipt
	err := pgx.BeginFunc(r.Context(), s.db, func(tx pgx.Tx) (err error) {
		code, err = account.NewFreezeCode(r.Context(), tx, actor(r).ID)
		return err
	})
	if err != nil {
		return err
	}
	f := s.filmmakerFrame(r, locale.T(r.Context(), "new-freeze.title", "The code that shuts your account"))
	return s.page(w, r, http.StatusOK, pages.NewFreezePage(f, pages.NewCode{Written: code.String(), Words: code.Words()}))
}

// thaw opens the account and its works again.
func (s *Site) thaw(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		if err := account.Thaw(ctx, tx, actor(r).ID); err != nil {
			return "", err
		}
		s.flash(w, "freeze.thawed", "Your account is open again.")
		return "/account", entry.Unfreeze(ctx, tx, actor(r).ID)
	})
}

// whileFrozen are the doors that stay open to who has signed in to a shut
// account: what it takes to open it, and to go.
func whileFrozen(path string) bool {
	return strings.HasPrefix(path, "/account/freeze") || strings.HasPrefix(path, "/account/check") || path == "/sign-out" || path == "/stay" || path == "/leave"
}
