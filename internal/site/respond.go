package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5/middleware"

	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// handler is http.HandlerFunc with the error left to one place.
type handler func(w http.ResponseWriter, r *http.Request) error

// do turns a handler into one of net/http; an error is answered here and
// nowhere else.
func (s *Site) do(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	}
}

var statuses = map[problem.Kind]int{
	problem.Internal: http.StatusInternalServerError,
	problem.Invalid:  http.StatusUnprocessableEntity,
	problem.NotFound: http.StatusNotFound,
	problem.Denied:   http.StatusForbidden,
	problem.Conflict: http.StatusConflict,
	problem.Busy:     http.StatusServiceUnavailable,
	problem.TooLarge: http.StatusRequestEntityTooLarge,
	problem.Full:     http.StatusInsufficientStorage,
}

// fail answers an error with a page that says what to do.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the reader has left: nobody is there to be answered
	}
	p := problem.Of(err)
	if p.Kind == problem.Internal {
		s.log.ErrorContext(r.Context(), "request failed",
			"request", middleware.GetReqID(r.Context()), "route", pattern(r), "error", scrub(err))
	}
	if p.Kind == problem.Busy {
		w.Header().Set("Retry-After", "5")
	}
	if isTus(r) {
		http.Error(w, locale.Say(r.Context(), p.Say), statuses[p.Kind])
		return
	}
	v := pages.Problem{Status: statuses[p.Kind], Sentence: locale.Say(r.Context(), p.Say)}
	if p.Kind == problem.Internal {
		v.Request = middleware.GetReqID(r.Context())
	}
	if r.Method == http.MethodPost && p.Kind != problem.NotFound {
		v.Typed = typed(r)
	}
	f := s.frame(r, v.Title(r.Context()))
	if r.Method == http.MethodPost && p.Kind == problem.Busy {
		v.Action, v.Again, f.Token = r.URL.Path, resendable(r), formToken(r)
	}
	if err := s.page(w, r, v.Status, pages.ProblemPage(f, v)); err != nil {
		s.log.ErrorContext(r.Context(), "error page failed", "route", pattern(r), "error", scrub(err))
		w.WriteHeader(http.StatusInternalServerError)
	}
}

func (s *Site) missing(http.ResponseWriter, *http.Request) error { return problem.Missing() }

// page renders a whole page or nothing. Browsers keep no copy of it.
func (s *Site) page(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	s.forgetFlash(w, r)
	w.WriteHeader(status)
	_, err := b.WriteTo(w)
	return ignoreGone(err)
}

// publicPage renders a page that everybody may keep: it carries an ETag, and
// who has it already is told so.
func (s *Site) publicPage(w http.ResponseWriter, r *http.Request, c templ.Component) error {
	if actor(r).SignedIn() {
		return s.page(w, r, http.StatusOK, c)
	}
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes())
	tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Add("Vary", "Cookie")
	h.Set("ETag", tag)
	s.forgetFlash(w, r)
	if strings.Contains(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, err := b.WriteTo(w)
	return ignoreGone(err)
}

// ignoreGone: a reader who left in the middle of a page is no error of ours.
func ignoreGone(error) error { return nil }

// to sends the reader to another page of ours after an act.
func to(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// refused turns the problem of a form into sentences beside its fields and the
// status to answer with. ok is false for errors that no form can show.
func (s *Site) refused(r *http.Request, err error) (components.Errors, int, bool) {
	p := problem.Of(err)
	if p == nil || !slices.Contains([]problem.Kind{problem.Invalid, problem.Conflict, problem.Denied, problem.TooLarge, problem.Full}, p.Kind) {
		return nil, 0, false
	}
	errors := components.Errors{}
	for field, say := range p.Fields {
		errors[field] = locale.Say(r.Context(), say)
	}
	if len(errors) == 0 {
		errors[""] = locale.Say(r.Context(), p.Say)
	}
	return errors, statuses[p.Kind], true
}

const flashCookie = "laurel_flash"

// flash leaves a sentence for the next page that this reader sees.
func (s *Site) flash(w http.ResponseWriter, key, english string) {
	http.SetCookie(w, &http.Cookie{
		Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString([]byte(key + "\n" + english)),
		Path: "/", MaxAge: 60, HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	})
}

// flashed reads the sentence left for this page.
func flashed(r *http.Request) string {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return ""
	}
	text, err := base64.RawURLEncoding.DecodeString(c.Value)
	key, english, ok := strings.Cut(string(text), "\n")
	if err != nil || !ok {
		return ""
	}
	return locale.Say(r.Context(), problem.Say{Key: key, English: english})
}

// unflash takes back the sentence of an act that did not happen.
func unflash(w http.ResponseWriter) {
	cookies := w.Header().Values("Set-Cookie")
	w.Header().Del("Set-Cookie")
	for _, c := range cookies {
		if !strings.HasPrefix(c, flashCookie+"=") {
			w.Header().Add("Set-Cookie", c)
		}
	}
}

// forgetFlash: a sentence is shown once.
func (s *Site) forgetFlash(w http.ResponseWriter, r *http.Request) {
	if _, err := r.Cookie(flashCookie); err == nil {
		s.setCookie(w, flashCookie, "", -1)
	}
}
