package site

import (
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/factor"
	"laurel/internal/locale"
	"laurel/web/pages"
)

// onward reads where somebody was going when they were asked who they are, and
// the form that waits for them.
func onward(r *http.Request) pages.Onward {
	return pages.Onward{Next: ours(text(r, "next"), "/"), Resume: ours(text(r, "_resume"), ""), Kept: keptTyped(r)}
}

// keptTyped reads the form that waited while its sender signed in again.
func keptTyped(r *http.Request) []pages.Typed {
	var list []pages.Typed
	for _, name := range sortedNames(r.PostForm) {
		if plain, ok := strings.CutPrefix(name, "kept."); ok {
			for _, value := range r.PostForm[name] {
				list = append(list, pages.Typed{Name: plain, Value: value})
			}
		}
	}
	return list
}

// keeping is the form of this request, to wait until its sender has said who
// they are.
func keeping(r *http.Request) pages.Onward {
	if isUpload(r) {
		return pages.Onward{Next: "/"}
	}
	return pages.Onward{Next: "/", Resume: ours(r.URL.Path, ""), Kept: append(typed(r), pages.Typed{Name: keyField, Value: key(r)})}
}

// arrive goes on after a first proof of who somebody is that is one factor: a
// password or a code. It is the one place that asks for a second.
func (s *Site) arrive(w http.ResponseWriter, r *http.Request, who account.Account, on pages.Onward) error {
	second, err := factor.Active(r.Context(), s.db, who.ID)
	if err != nil {
		return err
	}
	if second {
		return s.askSecond(w, r, who.ID, on)
	}
	return s.arrived(w, r, who, on)
}

// arrived ends a sign-in: the session starts, and the person goes on to where
// they were going or gets the form that waited.
func (s *Site) arrived(w http.ResponseWriter, r *http.Request, who account.Account, on pages.Onward) error {
	session, err := s.enter(w, r, who.ID)
	if err != nil {
		return err
	}
	if on.Resume != "" {
		return s.resume(w, r, who, session, on)
	}
	return to(w, r, s.start(r, who, on.Next))
}

// resume offers the form that waited, with a fresh proof.
func (s *Site) resume(w http.ResponseWriter, r *http.Request, who account.Account, session account.Token, on pages.Onward) error {
	page := pages.Resume{Action: on.Resume, Key: account.Code()}
	for _, t := range on.Kept {
		if t.Name == keyField {
			page.Key = t.Value
		} else {
			page.Kept = append(page.Kept, t)
		}
	}
	f := s.filmmakerFrame(r, locale.T(r.Context(), "resume.title", "Send it again"))
	f.Person, f.Token = who.Name, token(string(session))
	return s.page(w, r, http.StatusOK, pages.ResumePage(f, page))
}

// enter signs an account in on this browser. The session that the browser had
// before ends, so that nobody can plant one.
func (s *Site) enter(w http.ResponseWriter, r *http.Request, id account.ID) (session account.Token, err error) {
	err = pgx.BeginFunc(r.Context(), s.db, func(tx pgx.Tx) error {
		if old := s.session(r); old != "" {
			if err := account.EndSession(r.Context(), tx, old); err != nil {
				return err
			}
		}
		session, err = account.StartSession(r.Context(), tx, id)
		return err
	})
	if err == nil {
		s.signIn(w, session)
	}
	return session, err
}

// start is where a person begins: where they wanted to go, or their work.
func (s *Site) start(r *http.Request, who account.Account, next string) string {
	if next != "/" {
		return next
	}
	if who.Admin {
		return "/organize"
	}
	if ok, err := account.Has(r.Context(), s.db, who.ID, account.AsOrganizer); err == nil && ok {
		return "/organize"
	}
	if ok, err := account.Has(r.Context(), s.db, who.ID, account.AsJuror); err == nil && ok {
		return "/jury"
	}
	return "/my/entries"
}
