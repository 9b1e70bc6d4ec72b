package site

import (
	"context"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// invitedCookie carries the link of an invitation from the answer in which it
// was made to the page that shows it, once: it is stored nowhere.
const invitedCookie = "laurel_invited"

func (s *Site) showMakers(w http.ResponseWriter, r *http.Request) error {
	v := pages.FilmmakerMakers{Level: string(entry.LevelEdit)}
	if c, err := r.Cookie(invitedCookie); err == nil {
		token, by, _ := strings.Cut(c.Value, ".")
		v.Link, v.Sent = s.base.String()+entry.MakerLink(account.Token(token)), by == "letter"
		s.setCookie(w, invitedCookie, "", -1)
	}
	return s.makersPage(w, r, http.StatusOK, v)
}

func (s *Site) makersPage(w http.ResponseWriter, r *http.Request, status int, v pages.FilmmakerMakers) error {
	work, err := s.work(r)
	if err != nil {
		return err
	}
	ctx, me := r.Context(), actor(r).ID
	makers, err := entry.Makers(ctx, s.db, me, work.Code)
	if err != nil {
		return err
	}
	v.Code, v.Title, v.Owner, v.Levels = work.Code, work.Film.MainTitle(), work.Level == entry.LevelOwner, levelOptions(ctx)
	for _, m := range makers {
		one := pages.FilmmakerMaker{Code: m.Code, Name: m.Name, Level: string(m.Level), Words: mayWords(ctx, m.Level), You: m.AccountID == me, Owner: m.Level == entry.LevelOwner}
		if one.Owner {
			one.Words = locale.T(ctx, "level.owner", "Owner: decides who makes it, and can erase it")
		}
		v.Makers = append(v.Makers, one)
	}
	if v.Owner {
		if v.Invitations, err = s.openInvitations(r, work); err != nil {
			return err
		}
	}
	f := s.workFrame(r, work)
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.FilmmakerMakersPage(f, v))
}

func (s *Site) openInvitations(r *http.Request, work entry.Work) ([]pages.FilmmakerInvitation, error) {
	ctx := r.Context()
	open, err := entry.Invitations(ctx, s.db, actor(r).ID, work.Code)
	if err != nil {
		return nil, err
	}
	var list []pages.FilmmakerInvitation
	for _, i := range open {
		one := pages.FilmmakerInvitation{Code: i.Code, For: i.Note, Words: joined(ctx, mayWords(ctx, i.Level),
			locale.T(ctx, "makers.until", "until {{.Day}}", "Day", stamp(ctx, i.ExpiresAt, actor(r).Zone)))}
		if one.For == "" {
			one.For = i.Email
		}
		if one.For == "" {
			one.For = locale.T(ctx, "makers.unnamed", "A link without a name")
		}
		list = append(list, one)
	}
	return list, nil
}

func levelOptions(ctx context.Context) []components.Option {
	var list []components.Option
	for _, l := range entry.Levels {
		if l != entry.LevelOwner {
			list = append(list, components.Option{Value: string(l), Label: mayWords(ctx, l)})
		}
	}
	return list
}

// saveMakers invites somebody, or changes who makes the work.
func (s *Site) saveMakers(w http.ResponseWriter, r *http.Request) error {
	if text(r, "do") == "invite" {
		return s.inviteMaker(w, r)
	}
	what, whom, _ := strings.Cut(text(r, "do"), ":")
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		me, work := actor(r), r.PathValue("work")
		back := "/my/works/" + work + "/makers"
		switch what {
		case "level":
			s.flash(w, "makers.changed", "Changed. It holds from their next click on.")
			return back, entry.SetLevel(ctx, tx, me.ID, work, whom, entry.Level(text(r, "level")))
		case "remove":
			if whom == me.Code {
				back = "/my/entries"
			}
			s.flash(w, "makers.removed", "Done. It holds at once.")
			return back, entry.RemoveMaker(ctx, tx, me.ID, work, whom)
		case "uninvite":
			s.flash(w, "makers.uninvited", "The invitation is taken back. Its link opens nothing any more.")
			return back, entry.Uninvite(ctx, tx, me.ID, work, whom)
		}
		return "", problem.Missing()
	})
}

func (s *Site) inviteMaker(w http.ResponseWriter, r *http.Request) error {
	v := pages.FilmmakerMakers{Level: text(r, "level"), Note: text(r, "note"), Email: text(r, "email")}
	var token account.Token
	err := s.onceThen(w, r, func(ctx context.Context, tx pgx.Tx) (to string, err error) {
		if err := s.slowLetter(w, r, v.Email); err != nil {
			return "", err
		}
		work := r.PathValue("work")
		token, err = entry.Invite(ctx, tx, actor(r).ID, work, entry.Invitation{Level: entry.Level(v.Level), Note: v.Note, Email: v.Email})
		return "/my/works/" + work + "/makers", err
	}, func() {
		way := "hand"
		if v.Email != "" {
			way = "letter"
		}
		if token != "" {
			s.setCookie(w, invitedCookie, string(token)+"."+way, 60)
		}
	})
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.makersPage(w, r, status, v)
	}
	return err
}

// showJoin shows an invitation to whoever has its link.
func (s *Site) showJoin(w http.ResponseWriter, r *http.Request) error {
	return s.joinPage(w, r, http.StatusOK, nil)
}

func (s *Site) joinPage(w http.ResponseWriter, r *http.Request, status int, errs components.Errors) error {
	i, err := entry.Invited(r.Context(), s.db, account.Token(r.PathValue("token")))
	if err != nil {
		return err
	}
	ctx, a := r.Context(), actor(r)
	v := pages.FilmmakerJoin{
		Action: r.URL.Path, From: i.From, May: mayWords(ctx, i.Level), Until: locale.DateTime(ctx, i.ExpiresAt, zoneOf(a.Zone), zoneOf(a.Zone).String()),
		SignedIn: a.SignedIn(), Person: a.Name, Errors: errs,
	}
	return s.page(w, r, status, pages.FilmmakerJoinPage(s.entranceFrame(r, locale.T(ctx, "join.title", "An invitation to work together")), v))
}

// join accepts an invitation.
func (s *Site) join(w http.ResponseWriter, r *http.Request) error {
	err := s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		work, err := entry.Join(ctx, tx, actor(r).ID, account.Token(r.PathValue("token")))
		return "/my/works/" + work, err
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.joinPage(w, r, status, errs)
	}
	return err
}
