package site

import (
	"context"
	"crypto/rand"
	"net/http"

	"laurel/internal/account"
	"laurel/internal/locale"
)

type contextKey int

const (
	actorKey contextKey = iota
	secretKey
	arrivedKey // when the beginning of the request reached us
)

// actor is who makes the request; its zero value is nobody.
func actor(r *http.Request) account.Actor {
	a, _ := r.Context().Value(actorKey).(account.Actor)
	return a
}

// secure tells whether people reach the site over HTTPS.
func (s *Site) secure() bool { return s.base.Scheme == "https" }

// cookie names are bound to the host where the browser allows it.
func (s *Site) sessionCookie() string { return s.hostCookie("laurel") }
func (s *Site) formCookie() string    { return s.hostCookie("laurel_form") }

func (s *Site) hostCookie(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

// whoIs finds the person of the session's cookie and the language to answer in.
func (s *Site) whoIs(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := locale.With(r.Context(), locale.Match(r.Header.Get("Accept-Language")))
		if token := s.session(r); token != "" {
			who, err := account.Who(ctx, s.db, token)
			if err != nil {
				_ = readForm(w, r) // what can be read of it is shown with the answer
				s.fail(w, r.WithContext(s.withSecret(ctx, w, r)), err)
				return
			}
			if who.SignedIn() {
				ctx = locale.With(context.WithValue(ctx, actorKey, who), locale.Known(who.Locale))
				s.noteVisit(ctx, who, token)
			}
		}
		next.ServeHTTP(w, r.WithContext(s.withSecret(ctx, w, r)))
	})
}

// noteVisit keeps the session from ending, at most once a minute.
func (s *Site) noteVisit(ctx context.Context, who account.Actor, token account.Token) {
	if !who.Stale {
		return
	}
	if err := account.Seen(ctx, s.db, token); err != nil {
		s.log.WarnContext(ctx, "visit not noted", "error", scrub(err))
	}
}

func (s *Site) session(r *http.Request) account.Token {
	c, err := r.Cookie(s.sessionCookie())
	if err != nil {
		return ""
	}
	return account.Token(c.Value)
}

// withSecret keeps what the tokens of this page's forms are made from: the
// session, or for somebody not signed in a cookie that is only set by pages
// with a form.
func (s *Site) withSecret(ctx context.Context, w http.ResponseWriter, r *http.Request) context.Context {
	return context.WithValue(ctx, secretKey, func() string {
		if actor(r.WithContext(ctx)).SignedIn() {
			return string(s.session(r))
		}
		if c, err := r.Cookie(s.formCookie()); err == nil && c.Value != "" {
			return c.Value
		}
		secret := rand.Text()
		s.setCookie(w, s.formCookie(), secret, 0)
		r.AddCookie(&http.Cookie{Name: s.formCookie(), Value: secret})
		return secret
	})
}

// formToken proves that a form on this page is ours. Asking for it sets a
// cookie for readers who are not signed in, so pages without forms do not.
func formToken(r *http.Request) string {
	secret, ok := r.Context().Value(secretKey).(func() string)
	if !ok {
		return ""
	}
	return token(secret())
}

// signIn gives the browser the session, until it is closed.
func (s *Site) signIn(w http.ResponseWriter, t account.Token) {
	s.setCookie(w, s.sessionCookie(), string(t), 0)
}

func (s *Site) signOut(w http.ResponseWriter) {
	s.setCookie(w, s.sessionCookie(), "", -1)
	w.Header().Set("Clear-Site-Data", `"cache"`)
}

// setCookie sets a cookie that scripts cannot read and other sites cannot send.
func (s *Site) setCookie(w http.ResponseWriter, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	})
}
