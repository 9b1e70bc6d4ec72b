// Package site is the web site: routes, sessions, forms and responses. It
// decodes a request, calls the noun that rules it, and answers; it knows no
// rule of its own.
package site

import (
	"cmp"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/klauspost/compress/gzhttp"
	"github.com/prometheus/client_golang/prometheus"
	tus "github.com/tus/tusd/v2/pkg/handler"

	"laurel/internal/blob"
	"laurel/internal/erasure"
	"laurel/internal/factor"
	"laurel/internal/money"
	"laurel/internal/passkey"
	"laurel/internal/seal"
	"laurel/internal/upload"
	"laurel/web/static"
)

// Config is what a site needs to run.
type Config struct {
	DB      *pgxpool.Pool
	Store   blob.Store
	Log     *slog.Logger
	BaseURL string // as people reach it: https://entries.example.org
	Version string // of the software, kept with what it computes; empty: "development"
	Demo    bool   // letters can be read here, and the sign-in page offers roles
	Silent  bool   // there is no mail server: nobody is asked for an address that a letter must prove
	Now     func() time.Time
	Metrics prometheus.Registerer // nil: nobody counts
	Erase   erasure.Office        // forgets works and people
	Till    money.Till            // where fees are paid; nil: the festival takes them in another way
	Key     []byte                // seals second factors; nil: one that ends with the process, for tests
	Parts   *blob.Parts           // where files lie until they have arrived
	Disk    upload.Disk           // where their bytes are written; nil: Parts
	Room    upload.Limits         // for files
	Seals   *seal.Keeper          // opens originals; nil: one that ends with the process, for tests

	// ProxyHeader names the header in which a trusted proxy writes the address
	// of the visitor; empty: there is no proxy. The address only feeds the
	// limits on guessing, in memory and hashed; it is never written anywhere.
	ProxyHeader  string
	TrustedProxy []netip.Prefix // who may set X-Forwarded-For; unused with ProxyHeader
	NoLimits     bool           // tests sign in more often than people do

	ExitURL string // where the quick way out leads; empty: a blank page of our own
}

// Site answers requests. Make one with New.
type Site struct {
	db      *pgxpool.Pool
	store   blob.Store
	log     *slog.Logger
	base    *url.URL
	version string
	demo    bool
	silent  bool
	now     func() time.Time
	proxy   string
	trusted []netip.Prefix
	free    bool
	exit    string
	limits  limits
	party   *passkey.Party // nil: there are no passkeys for such an address
	keeper  *factor.Keeper
	seals   *seal.Keeper
	till    money.Till
	drafts  drafts
	counts  *counts
	erase   erasure.Office
	parts   *blob.Parts
	disk    upload.Disk
	room    upload.Limits
	tus     *tus.UnroutedHandler
}

// New makes the site. It panics on a base address that is none and on a key of
// a wrong size, because both were checked when the configuration was read.
func New(c Config) http.Handler {
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		panic(err)
	}
	s := &Site{
		db: c.DB, store: c.Store, log: c.Log, base: base, demo: c.Demo, silent: c.Silent, version: cmp.Or(c.Version, "development"), now: c.Now,
		proxy: c.ProxyHeader, trusted: c.TrustedProxy, free: c.NoLimits, exit: cmp.Or(c.ExitURL, "/blank"),
		limits: newLimits(), erase: c.Erase, party: newParty(base), keeper: newKeeper(c.Key), seals: c.Seals, till: c.Till, counts: newCounts(c.Metrics),
		parts: c.Parts, disk: c.Disk, room: c.Room,
	}
	if s.disk == nil {
		s.disk = c.Parts
	}
	s.tus = newTus(s)
	if s.seals == nil {
		s.seals = seal.Passing()
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s.handler()
}

// Routes lists every method and path of the site with its guard, for the test
// that holds them against testdata/access.txt.
func Routes() [][3]string {
	var list [][3]string
	for _, r := range (&Site{demo: true}).routes() {
		list = append(list, [3]string{r.method, r.path, string(r.guard)})
	}
	return list
}

func (s *Site) handler() http.Handler {
	r := chi.NewRouter()
	r.Use(named, middleware.GetHead, s.observe, s.headers)
	r.Use(s.whence()...)
	r.Use(http.NewCrossOriginProtection().Handler, s.whoIs, s.decodeForm)
	r.NotFound(s.do(s.missing))
	r.MethodNotAllowed(s.do(s.missing))
	r.Get("/healthz", s.do(s.health))
	r.Get("/readyz", s.do(s.ready))
	r.Handle(static.Prefix+"*", static.Handler())
	for _, route := range s.routes() {
		r.Method(route.method, route.path, s.do(s.guarded(route)))
	}
	zipped := gzhttp.GzipHandler(r)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if unzipped(req.URL.Path) {
			r.ServeHTTP(w, req)
			return
		}
		zipped.ServeHTTP(w, req)
	})
}

// whence learns the visitor's address for the limits.
func (s *Site) whence() []func(http.Handler) http.Handler {
	switch {
	case s.proxy != "":
		return []func(http.Handler) http.Handler{middleware.ClientIPFromHeader(s.proxy)}
	case len(s.trusted) > 0:
		ranges := make([]string, len(s.trusted))
		for i, p := range s.trusted {
			ranges[i] = p.String()
		}
		return []func(http.Handler) http.Handler{middleware.ClientIPFromXFF(ranges...)}
	}
	return []func(http.Handler) http.Handler{middleware.ClientIPFromRemoteAddr}
}
