package site

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httprate"

	"laurel/internal/account"
	"laurel/internal/problem"
)

// limits slow down guessing. They live in memory under keys that are hashed
// with a secret of this process, so that no address is stored anywhere.
type limits struct {
	secret   []byte
	visitor  *httprate.RateLimiter // forms of people who are not signed in, by address
	password *httprate.RateLimiter // attempts at one account, from anywhere
	code     *httprate.RateLimiter // attempts at one code, from anywhere
	letter   *httprate.RateLimiter // letters to one address that somebody else asks for
	forgery  *httprate.RateLimiter // lines about messages that only pretend to be the payment service's
}

func newLimits() limits {
	secret := make([]byte, 32)
	rand.Read(secret)
	return limits{
		secret:   secret,
		visitor:  httprate.NewRateLimiter(60, 10*time.Minute),
		password: httprate.NewRateLimiter(10, 10*time.Minute),
		code:     httprate.NewRateLimiter(5, time.Minute),
		letter:   httprate.NewRateLimiter(5, 24*time.Hour),
		forgery:  httprate.NewRateLimiter(1, time.Hour),
	}
}

func (l limits) key(parts ...string) string {
	mac := hmac.New(sha256.New, l.secret)
	mac.Write([]byte(strings.ToLower(strings.Join(parts, "\x00"))))
	return hex.EncodeToString(mac.Sum(nil))
}

// slow refuses when this visitor, or anybody at this e-mail address, has tried
// too often.
func (s *Site) slow(w http.ResponseWriter, r *http.Request, email string) error {
	if s.free {
		return nil
	}
	tooMany := s.limits.visitor.OnLimit(w, r, s.limits.key("visitor", middleware.GetClientIP(r.Context())))
	if email != "" && s.limits.password.OnLimit(w, r, s.limits.key("email", email)) {
		tooMany = true
	}
	if tooMany {
		return problem.New(problem.Denied, "limit.slow", "There were too many attempts. Wait ten minutes, then try again.")
	}
	return nil
}

// slowCode refuses when a code with these first characters was tried too often.
func (s *Site) slowCode(w http.ResponseWriter, r *http.Request, code account.Receipt) error {
	if !s.free && s.limits.code.OnLimit(w, r, s.limits.key("code", strconv.Itoa(int(code.Lookup())))) {
		return problem.New(problem.Denied, "limit.code", "There were too many attempts. Wait a minute, then try again.")
	}
	return nil
}

// tellsForgery says whether a forged message is worth a line: one an hour shows
// a wrong secret, and more of them would let strangers fill the log. All are
// counted by route and status.
func (s *Site) tellsForgery(w http.ResponseWriter, r *http.Request) bool {
	return !s.limits.forgery.OnLimit(w, r, s.limits.key("forgery"))
}

// slowLetter refuses when too many letters were sent to an address on somebody
// else's word: whoever has it did not ask for them.
func (s *Site) slowLetter(w http.ResponseWriter, r *http.Request, email string) error {
	if !s.free && strings.TrimSpace(email) != "" && s.limits.letter.OnLimit(w, r, s.limits.key("letter", strings.TrimSpace(email))) {
		return problem.Field("email", "limit.letter", "Several letters went to this address today. Wait until tomorrow.")
	}
	return nil
}
