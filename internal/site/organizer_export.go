package site

import (
	"net/http"

	"laurel/internal/report"
)

// exportEntries sends the list, as it is filtered, as a spreadsheet.
func (s *Site) exportEntries(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	list, err := report.AllEntries(r.Context(), s.db, e.ID, actor(r).ID, searchOf(r))
	if err != nil {
		return err
	}
	replies, err := report.RepliesTo(r.Context(), s.db, list)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="entries-`+e.Slug+`.csv"`)
	h.Set("Cache-Control", "no-store")
	return ignoreGone(report.WriteEntries(r.Context(), w, e.Prefix, list, replies))
}
