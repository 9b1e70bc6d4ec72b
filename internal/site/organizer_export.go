package site

import (
	"net/http"

	"github.com/jackc/pgx/v5"

	"laurel/internal/audit"
	"laurel/internal/entry"
	"laurel/internal/festival"
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
	films, err := report.FilmsOf(r.Context(), s.db, list, e.Country)
	if err != nil {
		return err
	}
	if err := s.noteExport(r, e, list); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="entries-`+e.Slug+`.csv"`)
	h.Set("Cache-Control", "no-store")
	return ignoreGone(report.WriteEntries(r.Context(), w, e.Prefix, list, films, replies))
}

// noteExport writes down which entries left the house: their makers read of it.
func (s *Site) noteExport(r *http.Request, e festival.Edition, list []report.Entry) error {
	ids := make([]entry.ID, len(list))
	for i, x := range list {
		ids[i] = x.ID
	}
	return pgx.BeginFunc(r.Context(), s.db, func(tx pgx.Tx) error {
		return audit.Record(r.Context(), tx, audit.Event{Actor: new(int64(actor(r).ID)), Edition: new(int64(e.ID)),
			Verb: "entries.export", Kind: "export", Subject: int64(e.ID), After: map[string]any{"entries": ids}})
	})
}
