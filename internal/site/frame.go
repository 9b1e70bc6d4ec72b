package site

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"laurel/internal/account"
	"laurel/internal/deliberation"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/report"
	"laurel/web/components"
)

const themeCookie = "laurel_theme"

// frame is what surrounds any page.
func (s *Site) frame(r *http.Request, title string) components.Frame {
	ctx, a := r.Context(), actor(r)
	f := components.Frame{
		Title: title, Theme: chosenTheme(r), Chosen: chosenTheme(r), Path: r.URL.RequestURI(), Flash: flashed(r), NewKey: account.Code,
		Brand: components.Brand{Name: "Laurel", URL: "/"}, NoIndex: true, Window: window(r),
	}
	if r.Method != http.MethodGet {
		f.Path = r.URL.Path
	}
	if !a.SignedIn() {
		return f
	}
	f.Person, f.Token, f.Leave, f.Session = a.Name, formToken(r), isPrivate(r), s.sessionNote(ctx, a)
	if f.Person == nameless(ctx) {
		f.Person = locale.T(ctx, "frame.nameless", "Account")
	}
	if a.Frozen { // all other doors lead to the page they are on
		f.Account = []components.Link{signOut(ctx)}
		return f
	}
	inbox := s.inboxLink(r, a)
	f.Account = menu(r, a, inbox)
	f.Nav = []components.Link{{URL: "/my/entries", Label: locale.T(ctx, "nav.my-entries", "My entries"), Current: strings.HasPrefix(r.URL.Path, "/my/") && !inbox.Current}, inbox}
	if a.Juror {
		f.Nav = append(f.Nav, components.Link{URL: "/jury", Label: locale.T(ctx, "nav.queue", "My queue"), Current: strings.HasPrefix(r.URL.Path, "/jury")})
	}
	if a.Organizer || a.Admin {
		f.Nav = append(f.Nav, components.Link{URL: "/organize", Label: locale.T(ctx, "nav.organize", "Organize"), Current: strings.HasPrefix(r.URL.Path, "/organize")})
	}
	return f
}

// sessionNote says how long a reader stays signed in.
func (s *Site) sessionNote(ctx context.Context, a account.Actor) *components.Session {
	zone := zoneOf(a.Zone)
	until := s.now().Add(time.Duration(a.Left) * time.Second)
	return &components.Session{Left: a.Left, Until: locale.Time(ctx, until.In(zone)), Place: placeOf(zone)}
}

// branded puts the festival's name where Laurel's stands, on an installation
// that holds just one.
func (s *Site) branded(r *http.Request, f components.Frame) components.Frame {
	only, err := festival.Only(r.Context(), s.db)
	if err != nil {
		s.log.WarnContext(r.Context(), "festival's name", "error", scrub(err))
	}
	if only.Name != "" {
		f.Brand = components.Brand{Name: only.Name, URL: "/" + only.Slug}
	}
	return f
}

// entranceFrame surrounds the pages on the way in: their forms need a proof
// though nobody is signed in.
func (s *Site) entranceFrame(r *http.Request, title string) components.Frame {
	f := s.branded(r, s.frame(r, title))
	f.Token = formToken(r)
	return f
}

// inboxLink leads to the reader's messages, with the number of unread ones.
func (s *Site) inboxLink(r *http.Request, a account.Actor) components.Link {
	ctx := r.Context()
	unread, err := mail.Unread(ctx, s.db, int64(a.ID))
	if err != nil {
		s.log.WarnContext(ctx, "unread messages", "error", scrub(err))
	}
	label := locale.T(ctx, "inbox.title", "Messages")
	if unread > 0 {
		label = locale.T(ctx, "nav.messages", "Messages ({{.Count}})", "Count", locale.Number(ctx, unread))
	}
	return components.Link{URL: "/my/messages", Label: label, Current: strings.HasPrefix(r.URL.Path, "/my/messages")}
}

func menu(r *http.Request, a account.Actor, inbox components.Link) []components.Link {
	ctx := r.Context()
	list := []components.Link{{URL: "/my/entries", Label: locale.T(ctx, "nav.my-entries", "My entries")}, inbox}
	if a.Juror {
		list = append(list, components.Link{URL: "/jury", Label: locale.T(ctx, "nav.queue", "My queue")})
	}
	if a.Organizer || a.Admin {
		list = append(list, components.Link{URL: "/organize", Label: locale.T(ctx, "nav.organize", "Organize")})
	}
	return append(list,
		components.Link{URL: "/account", Label: locale.T(ctx, "nav.account", "Account and sessions")},
		signOut(ctx))
}

func signOut(ctx context.Context) components.Link {
	return components.Link{URL: "/sign-out", Label: locale.T(ctx, "nav.sign-out", "Sign out"), Post: true}
}

// publicFrame surrounds an edition's public pages.
func (s *Site) publicFrame(r *http.Request, e festival.Edition, title, current string) components.Frame {
	ctx := r.Context()
	f := s.frame(r, title)
	f.Brand = components.Brand{Name: e.FestivalName, Sub: e.Name, URL: e.Path()}
	f.NoIndex = e.CallOpenedAt == nil
	f.Preview = e.CallOpenedAt == nil
	f.Nav = []components.Link{{URL: e.Path(), Label: locale.T(ctx, "nav.call", "Call for entries"), Current: current == "call"}}
	if e.LineupAt != nil {
		f.Nav = append(f.Nav, components.Link{URL: e.Path() + "/line-up", Label: locale.T(ctx, "nav.lineup", "Line-up"), Current: current == "lineup"})
	}
	if e.AwardsAt != nil {
		f.Nav = append(f.Nav, components.Link{URL: e.Path() + "/awards", Label: locale.T(ctx, "nav.awards", "Awards"), Current: current == "awards"})
	}
	if e.Regulations != "" {
		link := components.Link{URL: e.Path() + "/regulations", Label: locale.T(ctx, "nav.regulations", "Regulations"), Current: current == "regulations"}
		f.Nav = append(f.Nav, link)
		f.Legal = []components.Link{{URL: link.URL, Label: link.Label}}
	}
	if strings.Contains(e.FestivalContact, "@") {
		f.Legal = append(f.Legal, components.Link{URL: "mailto:" + e.FestivalContact, Label: locale.T(ctx, "nav.contact", "Contact")})
	}
	return f
}

// filmmakerFrame surrounds a filmmaker's pages.
func (s *Site) filmmakerFrame(r *http.Request, title string) components.Frame {
	return s.branded(r, s.frame(r, title))
}

// jurorFrame surrounds a juror's pages, which are dark unless light was chosen.
func (s *Site) jurorFrame(r *http.Request, title string) components.Frame {
	f := s.branded(r, s.frame(r, title))
	if f.Theme == "" {
		f.Theme = "dark"
	}
	f.Nav = s.withBallots(r, f.Nav)
	return f
}

// withBallots puts the final ballots behind the juror's queue, where there are
// any.
func (s *Site) withBallots(r *http.Request, nav []components.Link) []components.Link {
	called, err := deliberation.Called(r.Context(), s.db, actor(r).ID)
	if err != nil {
		s.log.WarnContext(r.Context(), "final ballots of a juror", "error", scrub(err))
	}
	at := slices.IndexFunc(nav, func(l components.Link) bool { return l.URL == "/jury" })
	if !called || at < 0 {
		return nav
	}
	here := strings.HasPrefix(r.URL.Path, "/jury/ballots")
	nav[at].Current = nav[at].Current && !here
	return slices.Insert(nav, at+1, components.Link{URL: "/jury/ballots", Label: locale.T(r.Context(), "nav.ballot", "Final ballot"), Current: here})
}

// organizerFrame surrounds an edition's pages for organizers.
func (s *Site) organizerFrame(r *http.Request, e festival.Edition, title, current string) components.Frame {
	ctx := r.Context()
	f := s.frame(r, title)
	f.Brand = components.Brand{Name: e.FestivalName, Sub: e.Name, URL: e.Desk()}
	f.Nav = nil
	f.Search = e.Desk() + "/entries"
	figures := s.figures(r, e.ID)
	link := func(name, path, label, icon, count string) components.Link {
		return components.Link{URL: e.Desk() + path, Label: label, Icon: icon, Count: count, Current: current == name}
	}
	f.Rail = []components.Group{
		{Name: e.Name, Links: []components.Link{
			link("overview", "", locale.T(ctx, "rail.overview", "Overview"), "layout-dashboard", ""),
			link("entries", "/entries", locale.T(ctx, "rail.entries", "Entries"), "film", locale.Number(ctx, figures.Entries)),
			link("categories", "/categories", locale.T(ctx, "rail.categories", "Categories"), "shapes", locale.Number(ctx, figures.Categories)),
			link("juries", "/juries", locale.T(ctx, "rail.juries", "Juries"), "users-round", locale.Number(ctx, figures.Juries)),
		}},
		{Name: locale.T(ctx, "rail.decisions", "Decisions"), Links: []components.Link{
			link("results", "/results", locale.T(ctx, "rail.results", "Results"), "chart-no-axes-column", ""),
			link("ballots", "/ballots", locale.T(ctx, "rail.ballots", "Ballots"), "vote", ""),
			link("awards", "/awards", locale.T(ctx, "rail.awards", "Awards"), "award", ""),
		}},
		{Name: locale.T(ctx, "rail.public", "Public"), Links: []components.Link{
			link("lineup", "/line-up", locale.T(ctx, "rail.lineup", "Line-up"), "scroll-text", ""),
			link("settings", "/settings", locale.T(ctx, "rail.settings", "The call"), "pencil", ""),
		}},
		{Name: locale.T(ctx, "rail.office", "Office"), Links: []components.Link{
			link("team", "/team", locale.T(ctx, "rail.team", "Organizers"), "circle-user-round", ""),
			link("messages", "/messages", locale.T(ctx, "inbox.title", "Messages"), "text", some(ctx, figures.Unanswered)),
			link("fees", "/fees", locale.T(ctx, "fees.title", "Fees"), "banknote", ""),
			link("files", "/files", locale.T(ctx, "stuck.title", "Files"), "file-video", ""),
			link("letters", "/letters", locale.T(ctx, "rail.letters", "Letters"), "mail", ""),
			link("import", "/import", locale.T(ctx, "rail.import", "Import"), "download", ""),
		}},
	}
	return f
}

// some is a number, or nothing instead of zero.
func some(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return locale.Number(ctx, n)
}

// figures counts what the rail shows; a rail without figures still leads on.
func (s *Site) figures(r *http.Request, id festival.EditionID) report.RailFigures {
	n, err := report.Rail(r.Context(), s.db, id, actor(r).ID)
	if err != nil {
		s.log.WarnContext(r.Context(), "rail figures", "error", scrub(err))
	}
	return n
}

// edition finds the edition of the path.
func (s *Site) edition(r *http.Request) (festival.Edition, error) {
	return festival.EditionAt(r.Context(), s.db, r.PathValue("festival"), r.PathValue("edition"))
}

func chosenTheme(r *http.Request) string {
	if c, err := r.Cookie(themeCookie); err == nil && (c.Value == "dark" || c.Value == "light") {
		return c.Value
	}
	return ""
}

// setTheme keeps the reader's choice of appearance in a cookie.
func (s *Site) setTheme(w http.ResponseWriter, r *http.Request) error {
	age := int((365 * 24 * time.Hour).Seconds())
	theme := r.PostForm.Get("theme")
	if theme != "dark" && theme != "light" {
		theme, age = "", -1
	}
	s.setCookie(w, themeCookie, theme, age)
	return to(w, r, ours(r.PostForm.Get("back"), "/"))
}

// ours is path if it is one on this site, else instead.
func ours(path, instead string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return instead
	}
	return path
}
