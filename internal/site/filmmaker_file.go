package site

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/media"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// uploads says of each role what is taken for it.
var uploads = map[entry.FileRole]struct {
	kind  media.Kind
	limit int64
	part  entry.Part
}{
	entry.ScreenerFile: {media.Screener, media.MaxScreener, entry.Screener},
	entry.StillFile:    {media.Still, media.MaxStill, entry.Stills},
}

// uploadFile takes a screener or a still, read as a stream.
func (s *Site) uploadFile(w http.ResponseWriter, r *http.Request) error {
	role := entry.FileRole(r.PathValue("role"))
	u, known := uploads[role]
	if !known {
		return problem.Missing()
	}
	m, err := s.changeable(r)
	if err != nil {
		return err
	}
	arrival, err := s.receiveFile(w, r, u.kind, u.limit)
	if err != nil {
		return s.uploadRefused(w, r, m, role, err)
	}
	kept := false
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		file, err := arrival.Keep(ctx, tx, new(int64(actor(r).ID)))
		if err != nil {
			return "", err
		}
		kept = true
		return "/my/entries/" + m.Code + "?saved=" + string(u.part) + "#s-" + string(u.part),
			entry.Attach(ctx, tx, actor(r).ID, m.Work.Code, role, file.ID)
	})
	if err != nil || !kept {
		if gone := arrival.Discard(r.Context(), s.store); gone != nil {
			s.log.WarnContext(r.Context(), "upload not discarded", "error", scrub(gone))
		}
	}
	if err != nil {
		return s.uploadRefused(w, r, m, role, err)
	}
	return nil
}

// uploadRefused shows the form again with the reason beside the upload.
func (s *Site) uploadRefused(w http.ResponseWriter, r *http.Request, m entry.Mine, role entry.FileRole, err error) error {
	errs, status, ok := s.refused(r, err)
	if !ok {
		return err
	}
	shown := components.Errors{}
	for _, sentence := range errs {
		shown[string(role)+"-file"] = sentence
	}
	return s.entryPage(w, r, status, m, func(v *pages.FilmmakerEntry) {
		v.Errors, v.Part = shown, string(role)+"-file"
	})
}

// drained is how much of a refused upload is still read, so that the browser
// stays to hear why.
const drained = 64 << 20

// receiveFile reads the file of an upload form into the store. The line may be
// slow, as long as something arrives.
func (s *Site) receiveFile(w http.ResponseWriter, r *http.Request, kind media.Kind, limit int64) (media.Arrival, error) {
	r.Body = &patient{r.Body, http.NewResponseController(w), s.now}
	arrival, err := s.receive(r, kind, limit)
	if err != nil {
		// A line that breaks here has nobody left at its end to tell.
		_, _ = io.CopyN(io.Discard, r.Body, drained)
	}
	return arrival, err
}

// A patient body may take as long as it needs while bytes keep coming: each
// read moves the connection's deadlines on.
type patient struct {
	io.ReadCloser
	conn *http.ResponseController
	now  func() time.Time
}

// pause is the longest silence on a line.
const pause = time.Minute

func (p *patient) Read(b []byte) (int, error) {
	until := p.now().Add(pause)
	// A connection without deadlines, as in a test, needs none moved.
	_ = p.conn.SetReadDeadline(until)
	_ = p.conn.SetWriteDeadline(until.Add(pause))
	return p.ReadCloser.Read(b)
}

// changeFiles removes a file or moves a still one place up.
func (s *Site) changeFiles(w http.ResponseWriter, r *http.Request) error {
	m, err := s.changeable(r)
	if err != nil {
		return err
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		back := "/my/entries/" + m.Code + "?saved=stills#s-stills"
		if up := text(r, "up"); up != "" {
			return back, entry.MoveStill(ctx, tx, actor(r).ID, m.Work.Code, up, -1)
		}
		gone := text(r, "remove")
		if was := screener(ctx, m.Files); was != nil && was.Code == gone {
			back = "/my/entries/" + m.Code + "?saved=screener#s-screener"
		}
		return back, entry.Remove(ctx, tx, actor(r).ID, m.Work.Code, gone)
	})
}
