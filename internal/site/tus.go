package site

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	tus "github.com/tus/tusd/v2/pkg/handler"
	"golang.org/x/exp/slog"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/problem"
	"laurel/internal/upload"
)

// The protocol of resumable uploads is tus 1.0 (tus.io/protocols): creation,
// creation-with-upload, expiration, termination. tusd speaks it; what is kept,
// and when it is acknowledged, is said in tus_store.go.
func (s *Site) tusRoutes() []route {
	list := []route{{"POST", "/my/works/{work}/uploads", signedIn, s.beginUpload}}
	for _, method := range []string{http.MethodHead, http.MethodPatch, http.MethodDelete, http.MethodOptions} {
		list = append(list, route{method, "/uploads/{key}", public, s.continueUpload})
	}
	return list
}

// tusExtensions are the parts of the protocol that are spoken here.
const tusExtensions = "creation,creation-with-upload,termination,expiration"

// isTus says whether a request speaks the protocol.
func isTus(r *http.Request) bool { return r.Header.Get("Tus-Resumable") != "" }

// newTus makes the speaker of the protocol. It logs nothing: its lines hold
// what opens an upload. Pages of other sites get no answer they could read.
func newTus(s *Site) *tus.UnroutedHandler {
	parts := tus.NewStoreComposer()
	store := uploadStore{s}
	parts.UseCore(store)
	parts.UseTerminater(store)
	parts.UseLocker(newUploadLocks())
	h, err := tus.NewUnroutedHandler(tus.Config{
		StoreComposer: parts, BasePath: s.base.JoinPath("/uploads/").String(), DisableDownload: true, Cors: &tus.CorsConfig{Disable: true},
		Logger: slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError + 1})), NetworkTimeout: pause,
	})
	if err != nil {
		panic(err) // only a wrong configuration is one
	}
	return h
}

// A tusRequest is what a request knows of its upload beyond what tusd tells.
type tusRequest struct {
	key   account.Token // of a request for an upload that is there
	maker account.ID    // of one for a new upload
	work  entry.Work
	link  *upload.Link // by which a helper sends; nil: the maker does
	form  string       // names the form that was sent, see sending
	route string
	now   *arriving // the upload as it is at the end of the request; nil before it is found
	line  *http.ResponseController
	asked <-chan struct{} // closed when somebody else wants the place at the upload; nil: nobody can
}

type tusKey struct{}

func tusRequestOf(ctx context.Context) *tusRequest {
	v, _ := ctx.Value(tusKey{}).(*tusRequest)
	return v
}

// beginUpload makes an upload on the right of a maker. The same form sent again
// continues the one that it began.
func (s *Site) beginUpload(w http.ResponseWriter, r *http.Request) error {
	work, err := s.editable(r)
	if err != nil {
		return err
	}
	return s.begin(w, r, &tusRequest{maker: actor(r).ID, work: work})
}

// begin makes an upload on the right of v's maker.
func (s *Site) begin(w http.ResponseWriter, r *http.Request, v *tusRequest) error {
	k := key(r)
	if len(k) < 16 || len(k) > 64 {
		return problem.New(problem.Invalid, "form.key", "The form is incomplete. Open the page again and send it once more.")
	}
	v.form, v.route = sending(r, k+"\n"+r.Header.Get("Upload-Length")+"\n"+r.Header.Get("Upload-Metadata")), pattern(r)
	s.speakTus(w, r, v, "", s.tus.PostFile)
	return nil
}

// continueUpload tells how far an upload is, takes its next bytes, or ends it.
// Who has the key needs no session: the right is that of the upload.
func (s *Site) continueUpload(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodOptions {
		s.speakTus(w, r, &tusRequest{}, "", nil)
		return nil
	}
	key := account.Token(r.PathValue("key"))
	u, err := upload.ByKey(r.Context(), s.db, key)
	if err != nil {
		return err
	}
	do := map[string]http.HandlerFunc{http.MethodHead: s.tus.HeadFile, http.MethodPatch: s.tus.PatchFile, http.MethodDelete: s.tus.DelFile}[r.Method]
	s.speakTus(w, r, &tusRequest{key: key}, u.Code, do)
	return nil
}

// speakTus hands a request to tusd under the name by which the house knows the
// upload: all keys of one upload meet at the same lock.
func (s *Site) speakTus(w http.ResponseWriter, r *http.Request, v *tusRequest, name string, do http.HandlerFunc) {
	v.line = http.NewResponseController(w)
	r = r.WithContext(context.WithValue(r.Context(), tusKey{}, v))
	address := *r.URL
	address.Path = name
	r.URL = &address
	w.Header().Set("Cache-Control", "no-store")
	s.tus.Middleware(do).ServeHTTP(&tusWriter{w, r.Method, v, s.room.Screener}, r)
}

// A tusWriter adds to the answers of tusd what it does not know of.
type tusWriter struct {
	http.ResponseWriter
	method  string
	request *tusRequest
	largest int64
}

// WriteHeader adds when an upload ends, and what is spoken here.
func (l *tusWriter) WriteHeader(status int) {
	if l.method == http.MethodOptions {
		l.Header().Set("Tus-Extension", tusExtensions)
		l.Header().Set("Tus-Max-Size", strconv.FormatInt(l.largest, 10))
	}
	if a := l.request.now; a != nil && a.upload.State == upload.Open {
		l.Header().Set("Upload-Expires", a.upload.ExpiresAt.UTC().Format(http.TimeFormat))
	}
	l.ResponseWriter.WriteHeader(status)
}

// Unwrap lets the connection's deadlines be moved.
func (l *tusWriter) Unwrap() http.ResponseWriter { return l.ResponseWriter }

// finishing is how long the answer to the last byte waits for the file to be in
// its place. What takes longer, as a copy to another store, is left to a job.
const finishing = 20 * time.Second
