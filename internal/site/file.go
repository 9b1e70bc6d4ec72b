package site

import (
	"net/http"
	"time"

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
	h.Set("Cache-Control", "private, max-age=600")
	h.Set("Vary", "Cookie")
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}
