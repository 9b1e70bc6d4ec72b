package site

import (
	"io"
	"net/http"

	"laurel/internal/locale"
	"laurel/web/pages"
)

func (s *Site) showPrivacy(w http.ResponseWriter, r *http.Request) error {
	f := s.frame(r, locale.T(r.Context(), "privacy.title", "Privacy"))
	f.NoIndex = false
	return s.publicPage(w, r, pages.PrivacyPage(f))
}

// robots keeps search engines out of the rooms in which they would only find
// the sign-in page.
const robots = `User-agent: *
Disallow: /account
Disallow: /files/
Disallow: /invitations/
Disallow: /jury
Disallow: /my/
Disallow: /organize
Disallow: /sign-in
Disallow: /sign-up
`

func (s *Site) showRobots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, err := io.WriteString(w, robots)
	return ignoreGone(err)
}
