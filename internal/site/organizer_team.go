package site

import (
	"context"
	"net/http"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/locale"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) showTeam(w http.ResponseWriter, r *http.Request) error {
	return s.teamPage(w, r, http.StatusOK, nil)
}

func (s *Site) teamPage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	members, err := account.Members(ctx, s.db, int64(e.FestivalID))
	if err != nil {
		return err
	}
	invitations, err := account.Invitations(ctx, s.db, int64(e.FestivalID), nil)
	if err != nil {
		return err
	}
	v := pages.Team{Desk: e.Desk(), Name: text(r, "name"), Email: text(r, "email"), Errors: errs}
	for _, m := range members {
		v.Members = append(v.Members, pages.TeamMember{
			Code: m.Code, Name: m.Name, Email: m.Email, Since: locale.Date(ctx, m.Since), Self: m.Code == actor(r).Code,
		})
	}
	for _, i := range invitations {
		v.Invitations = append(v.Invitations, pages.TeamInvitation{
			Code: i.Code, Name: i.Name, Email: i.Email, State: i.State(s.now()), When: locale.Date(ctx, i.CreatedAt),
		})
	}
	f := s.organizerFrame(r, e, locale.T(ctx, "rail.team", "Organizers"), "team")
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.TeamPage(f, v))
}

func (s *Site) inviteOrganizer(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "team.invited", "The invitation is on its way.")
		return e.Desk() + "/team", account.Invite(ctx, tx, account.Invitation{
			Email: text(r, "email"), Name: text(r, "name"), Role: account.AsOrganizer, FestivalID: int64(e.FestivalID), By: actor(r).ID,
		})
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.teamPage(w, r, status, errs)
	}
	return err
}

// removeOrganizer takes back a role or an invitation.
func (s *Site) removeOrganizer(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		if code := r.PostForm.Get("invitation"); code != "" {
			return e.Desk() + "/team", account.Revoke(ctx, tx, actor(r).ID, int64(e.FestivalID), code)
		}
		return e.Desk() + "/team", account.RemoveMember(ctx, tx, actor(r).ID, int64(e.FestivalID), r.PostForm.Get("member"))
	})
}
