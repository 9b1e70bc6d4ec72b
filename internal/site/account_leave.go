package site

import (
	"net/http"
	"strconv"

	"laurel/internal/account"
	"laurel/internal/problem"
)

func (s *Site) leaveRoutes() []route {
	return []route{
		{"GET", "/leave", public, s.leave},
		{"GET", "/blank", public, s.showBlank},
		{"POST", "/stay", signedIn, s.stay},
	}
}

// leave is the quick way out, a link that works without script: it ends the
// session, has the browser forget what it kept of the site, and shows another
// page. Only a person who goes there is let through, and no picture or frame of
// another site; a link elsewhere that signs somebody out is a nuisance and tells
// nobody anything.
func (s *Site) leave(w http.ResponseWriter, r *http.Request) error {
	dest := r.Header.Get("Sec-Fetch-Dest")
	if dest != "" && dest != "document" || r.Header.Get("Sec-Purpose") != "" {
		return problem.Missing()
	}
	if err := account.EndSession(r.Context(), s.db, s.session(r)); err != nil {
		return err
	}
	s.signOut(w)
	for _, name := range []string{s.formCookie(), s.stepCookie(), flashCookie, invitedCookie} {
		s.setCookie(w, name, "", -1)
	}
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, s.exit, http.StatusSeeOther)
	return nil
}

// blank is the page that shows when the festival has not chosen another: it
// could be of any site.
const blank = `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Blank page</title>
<link rel="icon" href="/static/none">
<h1>Blank page</h1>
<p>This page is blank.</p>
`

func (s *Site) showBlank(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write([]byte(blank))
	return ignoreGone(err)
}

// stay tells the page's script for how many seconds the session lasts now: to
// have asked was a visit, as every request is.
func (s *Site) stay(w http.ResponseWriter, r *http.Request) error {
	return plain(w, strconv.Itoa(actor(r).Left)+"\n")
}
