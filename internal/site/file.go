package site

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"laurel/internal/account"
	"laurel/internal/media"
	"laurel/internal/problem"
	"laurel/internal/report"
)

func (s *Site) fileRoutes() []route {
	return []route{{"GET", "/files/{file}/{size}", public, s.showFile}}
}

// showFile serves a rendition to those who may see it, asked anew for every
// request, also for each range of a film. The file as it came never leaves.
func (s *Site) showFile(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("file")
	ok, err := report.MaySee(r.Context(), s.db, actor(r).ID, code)
	if err != nil {
		return err
	}
	if !ok {
		return problem.Missing()
	}
	rendition, err := media.RenditionOf(r.Context(), s.db, code, media.Size(r.PathValue("size")))
	if err != nil {
		return err
	}
	content, _, err := s.store.Open(r.Context(), rendition.BlobKey)
	if err != nil {
		return err
	}
	defer content.Close()
	h := w.Header()
	h.Set("Content-Type", rendition.MediaType)
	h.Set("Content-Disposition", "inline")
	// A copy is kept and asked about every time: what is no longer to be seen is
	// gone with the next look. The tag is another one for every reader.
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", pictureTag(rendition.BlobKey, actor(r).ID))
	h.Set("Vary", "Cookie")
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// pictureTag says nothing of the bytes, by which a file that is known elsewhere
// could be found out.
func pictureTag(key string, reader account.ID) string {
	sum := sha256.Sum256([]byte(key + "\n" + strconv.FormatInt(int64(reader), 10)))
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}
