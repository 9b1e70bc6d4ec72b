package site

import (
	"context"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/upload"
	"laurel/web/pages"
)

// sendingCookie carries a helper's link from the answer in which it was made to
// the page that shows it, once: it is stored nowhere.
const sendingCookie = "laurel_sending"

func (s *Site) linkRoutes() []route {
	return []route{
		{"GET", "/my/works/{work}/files/links", signedIn, s.showLinks},
		{"POST", "/my/works/{work}/files/links", signedIn, s.makeLink},
		{"POST", "/my/works/{work}/files/links/{link}", signedIn, s.revokeLink},
		{"GET", "/send/{key}", public, s.showSend},
		{"POST", "/send/{key}", public, s.sendWhole},
		{"POST", "/send/{key}/uploads", public, s.beginSending},
		{"POST", "/send/{key}/key", public, s.goOnSending},
	}
}

func (s *Site) showLinks(w http.ResponseWriter, r *http.Request) error {
	v := pages.FilmLinks{Days: "14"}
	if c, err := r.Cookie(sendingCookie); err == nil {
		v.Link = s.base.JoinPath("/send", c.Value).String()
		s.setCookie(w, sendingCookie, "", -1)
	}
	return s.linksPage(w, r, http.StatusOK, v)
}

func (s *Site) linksPage(w http.ResponseWriter, r *http.Request, status int, v pages.FilmLinks) error {
	work, err := s.editable(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	list, err := upload.Links(ctx, s.db, work.ID)
	if err != nil {
		return err
	}
	v.Code, v.Title, v.Most = work.Code, work.Film.MainTitle(), upload.MaxLinkDays
	for _, l := range list {
		v.Links = append(v.Links, pages.FilmLink{
			Code: l.Code, For: l.Label, Open: l.Open, Words: joined(ctx, linkWords(ctx, l), linkUntil(ctx, l, actor(r).Zone)),
		})
	}
	f := s.workFrame(r, work)
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.FilmLinksPage(f, v))
}

// linkWords says what has come by a link.
func linkWords(ctx context.Context, l upload.Link) string {
	switch {
	case l.State == nil:
		return locale.T(ctx, "links.nothing", "Nothing has been sent with it yet")
	case *l.State == upload.Complete:
		return locale.T(ctx, "links.arrived", "The file has arrived")
	case *l.State == upload.Open && l.Size != nil && l.Durable != nil:
		return locale.T(ctx, "links.coming", "{{.Durable}} of {{.Size}} have arrived", "Durable", locale.Size(ctx, *l.Durable), "Size", locale.Size(ctx, *l.Size))
	}
	return locale.T(ctx, "links.ended", "What was sent with it was stopped or refused")
}

func linkUntil(ctx context.Context, l upload.Link, zone string) string {
	switch {
	case l.RevokedAt != nil:
		return locale.T(ctx, "links.revoked", "taken back on {{.Day}}", "Day", stamp(ctx, *l.RevokedAt, zone))
	case !l.Open:
		return locale.T(ctx, "links.over", "over since {{.Day}}", "Day", stamp(ctx, l.ExpiresAt, zone))
	}
	return locale.T(ctx, "makers.until", "until {{.Day}}", "Day", stamp(ctx, l.ExpiresAt, zone))
}

// makeLink makes a helper's link and shows it, once.
func (s *Site) makeLink(w http.ResponseWriter, r *http.Request) error {
	in := newReader(r)
	v := pages.FilmLinks{Label: text(r, "label"), Days: text(r, "days")}
	days := in.number("days")
	if v.Errors = in.errors; v.Errors.Any() {
		return s.linksPage(w, r, http.StatusUnprocessableEntity, v)
	}
	var key account.Token
	err := s.onceThen(w, r, func(ctx context.Context, tx pgx.Tx) (to string, err error) {
		key, err = upload.NewLink(ctx, tx, actor(r).ID, r.PathValue("work"), v.Label, days)
		return r.URL.Path, err
	}, func() {
		if key != "" {
			s.setCookie(w, sendingCookie, string(key), 60)
		}
	})
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.linksPage(w, r, status, v)
	}
	return err
}

func (s *Site) revokeLink(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "links.taken-back", "Taken back. The link opens nothing any more, and nothing more is taken from it.")
		return "/my/works/" + r.PathValue("work") + "/files/links", upload.Revoke(ctx, tx, actor(r).ID, r.PathValue("work"), r.PathValue("link"))
	})
}

// sendingFor is the link of the path, if it opens something, and its work.
func (s *Site) sendingFor(r *http.Request) (upload.Link, entry.Work, error) {
	return upload.LinkByKey(r.Context(), s.db, account.Token(r.PathValue("key")))
}

// showSend is all that a helper sees: where to put one file, and how far it is.
func (s *Site) showSend(w http.ResponseWriter, r *http.Request) error {
	l, _, err := s.sendingFor(r)
	if err != nil {
		return err
	}
	return s.sendPage(w, r, http.StatusOK, l, pages.Send{})
}

func (s *Site) sendPage(w http.ResponseWriter, r *http.Request, status int, l upload.Link, v pages.Send) error {
	ctx := r.Context()
	v.Action, v.Until, v.Most = "/send/"+r.PathValue("key"), locale.DateTime(ctx, l.ExpiresAt, time.UTC, "UTC"), locale.Size(ctx, s.room.Screener)
	if l.State != nil {
		v.Words = linkWords(ctx, l)
		v.Done = *l.State == upload.Complete
		if *l.State == upload.Open && l.Size != nil {
			v.Size, v.Durable = *l.Size, *l.Durable
		}
	}
	f := s.frame(r, locale.T(ctx, "send.title", "Send a file")) // whose site it is would say what the file is for
	f.Token, f.Bad = formToken(r), v.Errors.Any()
	return s.page(w, r, status, pages.SendPage(f, v))
}

// beginSending begins an upload on the right of the maker who made the link.
func (s *Site) beginSending(w http.ResponseWriter, r *http.Request) error {
	l, work, err := s.sendingFor(r)
	if err != nil {
		return err
	}
	return s.begin(w, r, &tusRequest{maker: *l.CreatedBy, work: work, link: &l})
}

// goOnSending lets the helper's device, which may be another one by now, send
// the rest.
func (s *Site) goOnSending(w http.ResponseWriter, r *http.Request) error {
	l, _, err := s.sendingFor(r)
	if err != nil {
		return err
	}
	u, err := upload.ByLink(r.Context(), s.db, l.ID)
	if err != nil {
		return err
	}
	return s.giveKey(w, r, u, &tusRequest{link: &l})
}

// sendWhole takes a whole file in one form, for who has no script.
func (s *Site) sendWhole(w http.ResponseWriter, r *http.Request) error {
	l, work, err := s.sendingFor(r)
	if err != nil {
		return err
	}
	u, err := s.pourWhole(w, r, *l.CreatedBy, work, upload.Wish{Role: l.Role, Link: &l.ID}, s.room.Screener)
	if err == nil {
		l.State, l.Size, l.Durable = &u.State, u.Size, &u.Durable
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.sendPage(w, r, status, l, pages.Send{Errors: errs})
	}
	if err != nil {
		return err
	}
	return s.sendPage(w, r, http.StatusOK, l, pages.Send{})
}
