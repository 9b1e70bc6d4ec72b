package site

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// savePart saves one section of the form. A button of a row moves the row,
// takes it away or adds one, and saves too.
func (s *Site) saveEntryPart(w http.ResponseWriter, r *http.Request) error {
	m, err := s.changeable(r)
	if err != nil {
		return err
	}
	part := entry.Part(r.PathValue("part"))
	if !part.Known() {
		return problem.Missing()
	}
	ctx := r.Context()
	form := written(ctx, m.Work.Film)
	typedPart(r, part, &form)
	d := decoder{ctx, components.Errors{}}
	film := d.decode(part, form)
	for field, say := range entry.Vet(film, s.now()) {
		d.wrong(field, &problem.Problem{Say: say})
	}
	if d.errors.Any() {
		return s.partRefused(w, r, m, part, form, d.errors, http.StatusUnprocessableEntity)
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		_, err := entry.Save(ctx, tx, actor(r).ID, m.Work.Code, part, text(r, "mark"), film)
		return savedPath(m.Code, part, form, text(r, "do")), err
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.partRefused(w, r, m, part, form, errs, status)
	}
	return err
}

// savedPath is where the reader goes on after saving a part.
func savedPath(code string, part entry.Part, form pages.FilmForm, do string) string {
	path := "/my/entries/" + code + "?saved=" + string(part)
	what, add := strings.CutPrefix(do, "add:")
	next := map[string]string{
		"director":  "credits." + strconv.Itoa(len(form.Credits)) + ".name",
		"person":    "credits." + strconv.Itoa(len(form.Credits)) + ".role",
		"country":   "countries." + strconv.Itoa(len(form.Countries)),
		"screening": "screenings." + strconv.Itoa(len(form.Screenings)) + ".event",
		"award":     "awards." + strconv.Itoa(len(form.Awards)) + ".name",
	}
	if row, known := next[what]; add && known {
		return path + "&add=" + what + "#" + row
	}
	return path + "#s-" + string(part)
}

// partRefused shows the form again with what was typed. After a conflict it
// also shows what stands there now, and carries its mark, so that saving again
// is a choice between two texts that have been seen.
func (s *Site) partRefused(w http.ResponseWriter, r *http.Request, m entry.Mine, part entry.Part, form pages.FilmForm, errs components.Errors, status int) error {
	ctx := r.Context()
	if status == http.StatusConflict {
		var err error
		if m, err = s.mine(r); err != nil {
			return err
		}
	}
	return s.entryPage(w, r, status, m, func(v *pages.FilmmakerEntry) {
		v.Film, v.Errors, v.Part = form, errs, string(part)
		if status == http.StatusConflict {
			v.Stored = facts(ctx, part, m.Work.Film)
			if len(v.Stored) == 0 {
				v.Stored = []pages.FilmFact{{Label: entry.PartName(ctx, part), Value: locale.T(ctx, "entry.emptied", "Everything was removed.")}}
			}
			return
		}
		v.Marks[string(part)] = text(r, "mark")
	})
}
