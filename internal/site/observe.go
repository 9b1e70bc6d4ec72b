package site

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/prometheus/client_golang/prometheus"

	"laurel/internal/pg"
	"laurel/internal/problem"
	"laurel/web/components"
)

// counts are the figures of the metrics page.
type counts struct{ requests *prometheus.HistogramVec }

func newCounts(registry prometheus.Registerer) *counts {
	c := &counts{requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "laurel_request_seconds", Help: "Time to answer, by route and status.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"method", "route", "status"})}
	if registry != nil {
		registry.MustRegister(c.requests)
	}
	return c
}

// pattern is the route of a request, never its address.
func pattern(r *http.Request) string {
	if c := chi.RouteContext(r.Context()); c != nil && c.RoutePattern() != "" {
		return c.RoutePattern()
	}
	return "none"
}

// named gives a request an id of its own, which says nothing about the machine
// and cannot be chosen from outside.
func named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), middleware.RequestIDKey, strings.ToLower(rand.Text()[:12]))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// observe writes one line a request: id, route, status, time. It holds no
// address, no e-mail, no title and no name.
func (s *Site) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.now()
		r = r.WithContext(context.WithValue(r.Context(), arrivedKey, began))
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		ww.Header().Set("X-Request-Id", middleware.GetReqID(r.Context()))
		defer func() {
			took := s.now().Sub(began)
			s.counts.requests.WithLabelValues(r.Method, pattern(r), strconv.Itoa(ww.Status())).Observe(took.Seconds())
			s.log.InfoContext(r.Context(), "request", "request", middleware.GetReqID(r.Context()),
				"method", r.Method, "route", pattern(r), "status", ww.Status(), "ms", took.Round(100*time.Microsecond).Seconds()*1000)
		}()
		defer s.recover(ww, r)
		next.ServeHTTP(ww, r)
	})
}

// recover turns a panic into the page of a fault of ours.
func (s *Site) recover(w http.ResponseWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler { //nolint:errorlint // the value itself is the signal
		panic(cause)
	}
	s.log.ErrorContext(r.Context(), "panic", "request", middleware.GetReqID(r.Context()), "stack", string(debug.Stack()))
	s.fail(w, r, fmt.Errorf("panic in %s", pattern(r)))
}

// contentPolicy is what a page may load and do.
const contentPolicy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// headers are the same on every answer.
func (s *Site) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
		if s.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		h.Add("Vary", "Save-Data")
		if r.Header.Get("Save-Data") == "on" {
			r = r.WithContext(components.WithLean(r.Context()))
		}
		next.ServeHTTP(w, r)
	})
}

// scrub keeps of an error what helps to mend it. Postgres quotes the values of
// a row in its detail, and those are people's.
func scrub(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return fmt.Sprintf("postgres %s, constraint %q, table %q, routine %q", e.Code, e.ConstraintName, e.TableName, e.Routine)
	}
	return err.Error()
}

func (s *Site) health(w http.ResponseWriter, _ *http.Request) error {
	return plain(w, "ok\n")
}

// ready answers once the database does.
func (s *Site) ready(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if _, err := pg.Value[int](ctx, s.db, `select 1`, pg.Args{}); err != nil {
		return problem.New(problem.Busy, "problem.busy", "Many people are at work here right now. Try again in a moment.")
	}
	return plain(w, "ready\n")
}

func plain(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write([]byte(text))
	return ignoreGone(err)
}
