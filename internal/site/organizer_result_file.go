package site

import (
	"bytes"
	"fmt"
	"net/http"

	"laurel/internal/report"
)

// exportResults sends the means, or every score, as a file for a spreadsheet.
func (s *Site) exportResults(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	got, err := s.read(r, x, r.URL.Query().Get("computed"))
	if err != nil {
		return err
	}
	b, err := report.Results(r.Context(), s.db, actor(r).ID, x, got.stored)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	file.WriteString("\ufeff")
	name := "results"
	if r.URL.Query().Get("view") == "scores" {
		name = "scores"
		err = b.WriteScores(&file, e.Prefix, r.URL.Query().Get("names") != "")
	} else {
		err = b.WriteResults(&file, e.Prefix)
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%s-%s.csv"`, e.FestivalSlug, e.Slug, name))
	h.Set("Cache-Control", "no-store")
	_, err = file.WriteTo(w)
	return ignoreGone(err)
}
