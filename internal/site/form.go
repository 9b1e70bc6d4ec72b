package site

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/problem"
	"laurel/web/pages"
)

// maxForm is the largest form without a file, in bytes.
const maxForm = 1 << 20

// A form's own fields: its proof and its key.
const (
	tokenField = "_token"
	keyField   = "_key"
)

// decodeForm reads a sent form and checks that it is one of ours. A form with
// a file carries its proof in the address and is left to be read as a stream.
// Bytes that no text has go no further, in an address or in a form.
func (s *Site) decodeForm(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !legible(url.Values{"": {r.URL.Path}}) || !legible(r.URL.Query()) {
			s.fail(w, r, problem.Missing())
			return
		}
		if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		token := r.URL.Query().Get(tokenField)
		if !isUpload(r) && !isTus(r) {
			if err := readForm(w, r); err != nil || !legible(r.PostForm) {
				s.fail(w, r, tooLargeOr(err))
				return
			}
			token = r.PostForm.Get(tokenField)
		}
		if !proofless(r.URL.Path) && !s.proves(r, token) {
			s.fail(w, r, problem.New(problem.Denied, "form.token",
				"This form was open for too long, or came from another place. What you typed is below: copy it, open the page again and paste it."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// proofless are the addresses at which no proof is asked for: the choice of a
// theme, calls that prove themselves, and uploads, whose address is a secret.
func proofless(path string) bool {
	return path == "/theme" || path == noticePath || strings.HasPrefix(path, "/uploads/")
}

// readForm reads the fields of a sent form; one with a file stays a stream.
func readForm(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost || isUpload(r) || isTus(r) {
		return nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	return r.ParseForm()
}

// legible says whether all names and values are text that can be kept.
func legible(values url.Values) bool {
	for name, list := range values {
		for _, text := range append(list, name) {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				return false
			}
		}
	}
	return true
}

func isUpload(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
}

func tooLargeOr(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return problem.New(problem.Invalid, "form.too-large", "This is more text than a form can take. Shorten it and send it again.")
	}
	return problem.New(problem.Invalid, "form.unreadable", "The form could not be read. Open the page again and send it once more.")
}

// proof is what a form must carry: made from the secret in the reader's
// cookie, which no other site can read.
func proof(secret string) [32]byte { return sha256.Sum256([]byte("form:" + secret)) }

// token masks the proof anew for each page, so that compressed pages do not
// give it away byte by byte (BREACH, 2013).
func token(secret string) string {
	want := proof(secret)
	masked := make([]byte, 64)
	rand.Read(masked[:32])
	for i := range want {
		masked[32+i] = masked[i] ^ want[i]
	}
	return base64.RawURLEncoding.EncodeToString(masked)
}

func (s *Site) proves(r *http.Request, token string) bool {
	masked, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(masked) != 64 {
		return false
	}
	got := make([]byte, 32)
	for i := range got {
		got[i] = masked[i] ^ masked[32+i]
	}
	for _, name := range []string{s.sessionCookie(), s.formCookie()} {
		if c, err := r.Cookie(name); err == nil {
			want := proof(c.Value)
			if subtle.ConstantTimeCompare(got, want[:]) == 1 {
				return true
			}
		}
	}
	return false
}

// key is the idempotency key that came with a form's page.
func key(r *http.Request) string {
	if isUpload(r) || isTus(r) {
		return r.URL.Query().Get(keyField)
	}
	return r.PostForm.Get(keyField)
}

// sending names what was sent: the page's key, the address and every field but
// the proof. A page that the browser brings back has its old key, and what is
// written into it anew is another sending. A file is named by the key alone.
func sending(r *http.Request, key string) string {
	fields := url.Values{keyField: {key}}
	if !isUpload(r) && !isTus(r) {
		fields = maps.Clone(r.PostForm)
		fields.Del(tokenField)
	}
	sum := sha256.Sum256([]byte(r.URL.Path + "\n" + fields.Encode()))
	return hex.EncodeToString(sum[:])
}

// once acts on a form in one transaction and sends the reader on. The same
// form sent again, also at the same time, does not act again: it gets the
// answer of the first.
func (s *Site) once(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, tx pgx.Tx) (to string, err error)) error {
	return s.onceThen(w, r, act, func() {})
}

// onceThen is once with something to do after the act is committed and before
// the answer leaves, such as setting a cookie.
func (s *Site) onceThen(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, tx pgx.Tx) (to string, err error), then func()) error {
	k := key(r)
	if len(k) < 16 || len(k) > 64 {
		return problem.New(problem.Invalid, "form.key", "The form is incomplete. Open the page again and send it once more.")
	}
	by, k := actor(r).ID, sending(r, k)
	var location string
	err := pgx.BeginFunc(r.Context(), s.db, func(tx pgx.Tx) error {
		first, answer, err := account.Once(r.Context(), tx, by, k, pattern(r))
		if err != nil || !first {
			location = answer
			return err
		}
		if location, err = act(r.Context(), tx); err != nil {
			return err
		}
		return account.Answered(r.Context(), tx, by, k, location)
	})
	if err != nil {
		unflash(w)
		return fmt.Errorf("%s: %w", pattern(r), err)
	}
	then()
	return to(w, r, location)
}

// typed lists what a reader wrote into a form, without its own fields and
// without passwords and codes.
func typed(r *http.Request) []pages.Typed {
	var list []pages.Typed
	for _, name := range sortedNames(r.PostForm) {
		if strings.HasPrefix(name, "_") || secretField(name) {
			continue
		}
		for _, value := range r.PostForm[name] {
			if strings.TrimSpace(value) != "" {
				list = append(list, pages.Typed{Name: name, Value: value})
			}
		}
	}
	return list
}

// secretField names the fields whose content is never written into a page:
// passwords, codes that let somebody in, and what a device signed.
func secretField(name string) bool {
	return strings.Contains(name, "password") || slices.Contains([]string{"current", "secret", "code", "credential"}, name)
}

// resendable is the whole form as it was sent, field by field and with its key,
// for a page that offers to send it once more; nil when it holds a secret.
func resendable(r *http.Request) []pages.Typed {
	var list []pages.Typed
	for _, name := range sortedNames(r.PostForm) {
		if secretField(name) {
			return nil
		}
		for _, value := range r.PostForm[name] {
			if name != tokenField {
				list = append(list, pages.Typed{Name: name, Value: value})
			}
		}
	}
	return list
}

func sortedNames(form url.Values) []string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// text is a field of a sent form without the space around it.
func text(r *http.Request, name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
