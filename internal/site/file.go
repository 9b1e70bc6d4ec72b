package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"laurel/internal/account"
	"laurel/internal/media"
	"laurel/internal/problem"
	"laurel/internal/report"
)

func (s *Site) fileRoutes() []route {
	return []route{
		{"GET", filesAt + "{file}/master.m3u8", public, s.showLadder},
		{"GET", filesAt + "{file}/{size}.m3u8", public, s.showPieces},
		{"GET", filesAt + "{file}/subtitles/{number}.vtt", public, s.showSubtitles},
		{"GET", filesAt + "{file}/{size}", public, s.showFile},
		{"POST", filesAt + "{file}/place", signedIn, s.savePlace},
	}
}

// filesAt is where files are.
const filesAt = "/files/"

// showFile serves a rendition to those who may see it, asked anew for every
// request, also for each range of a film. The file as it came never leaves.
func (s *Site) showFile(w http.ResponseWriter, r *http.Request) error {
	ctx, file, size := r.Context(), r.PathValue("file"), media.Size(r.PathValue("size"))
	var shown report.Shown
	var err error
	if size == media.Glance {
		shown, err = report.Glance(ctx, s.db, actor(r).ID, file)
	} else {
		shown, err = report.See(ctx, s.db, actor(r).ID, file, standIns(size, r.Header.Get("Accept")))
	}
	if err != nil {
		return err
	}
	return s.serveBlob(w, r, shown.BlobKey, shown.MediaType)
}

// serveBlob answers with the bytes of a blob, or the range of them that is
// asked for.
func (s *Site) serveBlob(w http.ResponseWriter, r *http.Request, key, kind string) error {
	content, _, err := s.store.Open(r.Context(), key)
	if err != nil {
		return err
	}
	defer content.Close()
	serveContent(w, r, key, kind, "inline", content)
	return nil
}

// serveContent answers with something that only its reader may have. A copy is
// kept and asked about every time: what is no longer to be seen is gone with the
// next look.
func serveContent(w http.ResponseWriter, r *http.Request, name, kind, disposition string, content io.ReadSeeker) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", disposition)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", readersTag(name, actor(r).ID))
	h.Set("Vary", "Cookie, Accept")
	http.ServeContent(w, r, "", time.Time{}, content)
}

// readersTag is another one for every reader, and says nothing of the bytes, by
// which a file that is known elsewhere could be found out.
func readersTag(name string, reader account.ID) string {
	sum := sha256.Sum256([]byte(name + "\n" + strconv.FormatInt(int64(reader), 10)))
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// standIns are the renditions of a name, the best first: a picture is never
// enlarged, and one that is narrower than asked for is given in its widest size.
// A browser that takes WebP is given it.
func standIns(name media.Size, accept string) []media.Size {
	widths := []media.Size{media.W1920, media.W960, media.W480}
	i := slices.Index(widths, name)
	if i < 0 {
		return []media.Size{name}
	}
	var all []media.Size
	for _, width := range widths[i:] {
		if strings.Contains(accept, "image/webp") {
			all = append(all, width+media.WebP)
		}
		all = append(all, width)
	}
	return all
}

// showLadder is what a player chooses from.
func (s *Site) showLadder(w http.ResponseWriter, r *http.Request) error {
	return s.servePlaylist(w, r, func(ctx context.Context, file string) ([]byte, error) {
		ladder, err := media.Ladder(ctx, s.db, file)
		if len(ladder) == 0 && err == nil {
			err = problem.Missing()
		}
		return masterPlaylist(ladder), err
	})
}

// showPieces says where the pieces of a rendition are.
func (s *Site) showPieces(w http.ResponseWriter, r *http.Request) error {
	return s.servePlaylist(w, r, func(ctx context.Context, file string) ([]byte, error) {
		rung, err := media.RungOf(ctx, s.db, file, media.Size(r.PathValue("size")))
		return piecePlaylist(rung), err
	})
}

func (s *Site) servePlaylist(w http.ResponseWriter, r *http.Request, write func(ctx context.Context, file string) ([]byte, error)) error {
	if err := s.maySee(r); err != nil {
		return err
	}
	list, err := write(r.Context(), r.PathValue("file"))
	if err != nil {
		return err
	}
	serveContent(w, r, r.URL.Path+"\n"+string(list), playlistType, "inline", bytes.NewReader(list))
	return nil
}

func (s *Site) showSubtitles(w http.ResponseWriter, r *http.Request) error {
	if err := s.maySee(r); err != nil {
		return err
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return problem.Missing()
	}
	track, err := media.TrackOf(r.Context(), s.db, r.PathValue("file"), number)
	if err != nil {
		return err
	}
	return s.serveBlob(w, r, track.BlobKey, "text/vtt; charset=utf-8")
}

// maySee refuses a file that the reader may not see as if there were none.
func (s *Site) maySee(r *http.Request) error {
	ok, err := report.MaySee(r.Context(), s.db, actor(r).ID, r.PathValue("file"))
	if err == nil && !ok {
		err = problem.Missing()
	}
	return err
}

// unzipped are the answers that are sent as they lie in the store: what is
// pressed already, in ranges that the kernel copies.
func unzipped(path string) bool {
	return strings.HasPrefix(path, filesAt) && !strings.HasSuffix(path, ".m3u8") && !strings.HasSuffix(path, ".vtt")
}
