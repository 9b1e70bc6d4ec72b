package site

import (
	"context"
	"net/http"
	"net/url"

	"github.com/jackc/pgx/v5"

	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/web/emails"
	"laurel/web/pages"
)

// inboxPage is how many letters a page of the inbox holds.
const inboxPage = 20

func (s *Site) correspondenceRoutes() []route {
	const entry = "/organize/{festival}/{edition}/entries/{entry}"
	return []route{
		{"GET", "/account/channel", signedIn, s.showChannel},
		{"POST", "/account/channel", signedIn, s.saveChannel},
		{"GET", "/my/messages", signedIn, s.showInbox},
		{"POST", "/my/messages/reading", signedIn, s.readLetters},
		{"GET", "/my/messages/{letter}", signedIn, s.showReceived},
		{"GET", "/my/entries/{entry}/messages", signedIn, s.showThread},
		{"POST", "/my/entries/{entry}/messages", signedIn, s.writeToFestival},
		{"POST", "/my/entries/{entry}/messages/reading", signedIn, s.readFestival},
		{"POST", "/my/entries/{entry}/tasks", signedIn, s.finishTask},
		{"GET", "/organize/{festival}/{edition}/messages", organizer, s.listUnanswered},
		{"GET", entry + "/messages", organizer, s.showEntryThread},
		{"POST", entry + "/messages", organizer, s.writeToMakers},
		{"POST", entry + "/messages/reading", organizer, s.readMakers},
		{"POST", entry + "/tasks", organizer, s.askTask},
		{"POST", entry + "/tasks/change", organizer, s.changeTask},
	}
}

// showInbox lists the letters to the reader as they would have come by mail.
func (s *Site) showInbox(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), int64(actor(r).ID)
	list, err := mail.Inbox(ctx, s.db, who, r.URL.Query().Get("before"), inboxPage+1)
	if err != nil {
		return err
	}
	contact, err := mail.ContactOf(ctx, s.db, who)
	if err != nil {
		return err
	}
	unread, err := mail.Unread(ctx, s.db, who)
	if err != nil {
		return err
	}
	v := pages.Inbox{Unread: unread, Back: contact.ReturnedAt != nil, Silent: contact.Channel != mail.Letters}
	if len(list) > inboxPage {
		list = list[:inboxPage]
		v.Older = "/my/messages?" + url.Values{"before": {list[inboxPage-1].Code}}.Encode()
	}
	for _, c := range list {
		content, err := emails.Compose(ctx, s.base.String(), c)
		if err != nil {
			return err
		}
		v.Letters = append(v.Letters, pages.InboxLine{
			URL: "/my/messages/" + c.Code, Subject: content.Subject, About: c.Args.Number, When: stamp(ctx, c.CreatedAt, actor(r).Zone), Unread: c.ReadAt == nil,
		})
	}
	return s.page(w, r, http.StatusOK, pages.InboxPage(s.filmmakerFrame(r, locale.T(ctx, "inbox.title", "Messages")), v))
}

func (s *Site) showReceived(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := mail.Received(ctx, s.db, int64(actor(r).ID), r.PathValue("letter"))
	if err != nil {
		return err
	}
	content, err := emails.Compose(ctx, s.base.String(), c)
	if err != nil {
		return err
	}
	content.Link = c.Args.Link // on this site, whatever its name was when the letter was written
	v := pages.Received{Code: c.Code, When: stamp(ctx, c.CreatedAt, actor(r).Zone), Unread: c.ReadAt == nil, Content: content}
	return s.page(w, r, http.StatusOK, pages.ReceivedPage(s.filmmakerFrame(r, content.Subject), v))
}

// readLetters calls one letter read, or all of them.
func (s *Site) readLetters(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		who, letter := int64(actor(r).ID), text(r, "letter")
		if letter == "all" {
			return "/my/messages", mail.ReadAll(ctx, tx, who)
		}
		return "/my/messages", mail.Read(ctx, tx, who, letter)
	})
}
