package site

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/factor"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/pages"
)

func (s *Site) showInvitation(w http.ResponseWriter, r *http.Request) error {
	v, err := s.invitation(r)
	if err != nil {
		return err
	}
	return s.invitationPage(w, r, http.StatusOK, v)
}

// invitation gathers what the page of an invitation shows.
func (s *Site) invitation(r *http.Request) (pages.Invitation, error) {
	i, err := account.Invited(r.Context(), s.db, account.Token(r.PathValue("token")))
	if err != nil {
		return pages.Invitation{}, err
	}
	v := pages.Invitation{
		Action: r.URL.Path, Festival: i.Festival, Email: i.Email, Name: i.Name,
		SignedIn: actor(r).SignedIn(), Person: actor(r).Name,
	}
	if i.Panel != nil {
		v.Panel = *i.Panel
	}
	if i.InviterName != nil {
		v.Inviter = *i.InviterName
	}
	_, err = account.ByEmail(r.Context(), s.db, i.Email)
	v.HasOne = err == nil
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return v, err
	}
	return v, nil
}

func (s *Site) invitationPage(w http.ResponseWriter, r *http.Request, status int, v pages.Invitation) error {
	f := s.entranceFrame(r, locale.T(r.Context(), "invitation.title", "Invitation"))
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.InvitationPage(f, v))
}

func (s *Site) saveInvitation(w http.ResponseWriter, r *http.Request) error {
	v, err := s.invitation(r)
	if err != nil {
		return err
	}
	if r.PostForm.Get("answer") == "decline" {
		return s.declineInvitation(w, r)
	}
	v.Name = strings.TrimSpace(r.PostForm.Get("name"))
	if !v.SignedIn {
		err = s.slow(w, r, v.Email)
	}
	if err == nil {
		err = s.accept(w, r, v)
	}
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.invitationPage(w, r, status, v)
	}
	return err
}

// accept takes what an invitation offers, and signs in who was not.
func (s *Site) accept(w http.ResponseWriter, r *http.Request, v pages.Invitation) error {
	var session account.Token
	return s.onceThen(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		who, err := s.invitee(ctx, tx, r, v)
		if err != nil {
			return "", err
		}
		if !v.SignedIn {
			if session, err = account.StartSession(ctx, tx, who); err != nil {
				return "", err
			}
		}
		return acceptInvitation(ctx, tx, account.Token(r.PathValue("token")), who)
	}, func() {
		if session != "" {
			s.signIn(w, session)
		}
	})
}

// invitee is the account that accepts: the signed-in one, the one whose
// password was written, or a new one.
func (s *Site) invitee(ctx context.Context, tx pgx.Tx, r *http.Request, v pages.Invitation) (account.ID, error) {
	if v.SignedIn {
		return actor(r).ID, nil
	}
	password := r.PostForm.Get("password")
	if v.HasOne {
		a, err := account.CheckIn(ctx, tx, v.Email, password)
		if p := problem.Of(err); p != nil && p.Kind == problem.Invalid {
			return 0, problem.Field("password", "invitation.password-wrong", "This is not the password of the account.")
		}
		if err != nil {
			return 0, err
		}
		return a.ID, needsOneFactor(ctx, tx, a.ID)
	}
	a, err := account.SignUp(ctx, tx, v.Name, v.Email, password, string(locale.Of(ctx)))
	return a.ID, err
}

// needsOneFactor refuses an account that is asked for a second factor: the
// page of an invitation has no place to ask.
func needsOneFactor(ctx context.Context, tx pgx.Tx, who account.ID) error {
	second, err := factor.Active(ctx, tx, who)
	if err == nil && second {
		err = problem.Field("password", "invitation.second-factor", "This account has a second factor. Sign in first, then open the link of the invitation again.")
	}
	return err
}

// acceptInvitation writes what the invitation opens and says where to begin.
func acceptInvitation(ctx context.Context, tx pgx.Tx, token account.Token, who account.ID) (string, error) {
	i, err := account.Answer(ctx, tx, token, who, true)
	if err != nil {
		return "", err
	}
	if i.Role == account.AsOrganizer {
		return "/organize", account.Join(ctx, tx, who, i.FestivalID)
	}
	return "/jury", jury.Join(ctx, tx, jury.PanelID(*i.PanelID), who)
}

func (s *Site) declineInvitation(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		_, err := account.Answer(ctx, tx, account.Token(r.PathValue("token")), actor(r).ID, false)
		s.flash(w, "invitation.declined", "You have declined the invitation. The festival sees that, and nothing else.")
		return "/", err
	})
}
