package site

import (
	"context"
	"net/http"
	"net/url"

	"laurel/internal/account"
	"laurel/internal/problem"
)

// A guard is the door of a route: who may come in at all. What they may do
// with the thing they name is the noun's to say.
type guard string

// The guards.
const (
	public    guard = "public"    // everybody
	signedIn  guard = "signed-in" // anybody with an account
	juror     guard = "juror"     // who sits on a panel
	organizer guard = "organizer" // of the festival in the path, or of any where there is none
	admin     guard = "admin"     // who runs the installation
)

// A route is one line of the table of contents.
type route struct {
	method string
	path   string
	guard  guard
	do     handler
}

// routes is the whole site.
func (s *Site) routes() []route {
	var all []route
	for _, part := range [][]route{
		s.accountRoutes(), s.checkRoutes(), s.codeRoutes(), s.everywhereRoutes(), s.freezeRoutes(), s.leaveRoutes(), s.passkeyRoutes(), s.factorRoutes(), s.feeRoutes(), s.filmmakerRoutes(), s.filmRoutes(), s.workRoutes(), s.jurorRoutes(), s.organizerRoutes(), s.importRoutes(), s.judgingRoutes(), s.shutdownRoutes(), s.fingerprintRoutes(), s.stuckRoutes(), s.linkRoutes(),
		s.fileRoutes(), s.faultRoutes(), s.originalRoutes(), s.watchingRoutes(), s.tusRoutes(), s.pieceRoutes(), s.correspondenceRoutes(), s.laurelRoutes(), s.downloadRoutes(), s.consentRoutes(), s.erasureRoutes(), s.publicRoutes(), s.ballotRoutes(), s.jurorBallotRoutes(), s.publicBallotRoutes(), s.questionRoutes(), s.passportRoutes(),
	} {
		all = append(all, part...)
	}
	if s.demo {
		all = append(all, s.demoRoutes()...)
	}
	return all
}

// guarded puts a route's guard before its handler. Who is not signed in is
// asked to; for all others a closed door looks like no door. While an account is
// shut, its holder is nobody on public pages, and elsewhere finds one page.
func (s *Site) guarded(t route) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if actor(r).Frozen && !whileFrozen(t.path) {
			if t.guard != public {
				return to(w, r, "/account/freeze")
			}
			r = r.WithContext(context.WithValue(r.Context(), actorKey, account.Actor{}))
		}
		if t.guard == public {
			return t.do(w, r)
		}
		a := actor(r)
		if !a.SignedIn() {
			return s.askWho(w, r)
		}
		open, err := s.opens(r, t.guard, a)
		if err != nil {
			return err
		}
		if !open {
			return problem.Missing()
		}
		return t.do(w, r)
	}
}

func (s *Site) opens(r *http.Request, g guard, a account.Actor) (bool, error) {
	switch g {
	case public, signedIn:
		return true, nil
	case juror:
		return a.Juror, nil
	case admin:
		return a.Admin, nil
	case organizer:
		slug := r.PathValue("festival")
		if slug == "" {
			return a.Organizer || a.Admin, nil
		}
		return account.Organizes(r.Context(), s.db, a.ID, slug)
	}
	return false, nil
}

// askWho sends a reader to the sign-in page and back, or before their first
// entry to the page of plain words. A form that was sent after the session ended
// keeps its words: they wait on the sign-in page.
func (s *Site) askWho(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		door := "/sign-in"
		if r.URL.Path == firstPage {
			door = "/begin"
		}
		http.Redirect(w, r, door+"?next="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return nil
	}
	return s.askWhoKeeping(w, r)
}
