package site

import (
	"context"
	"net/http"
	"strconv"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/pages"
)

// perVersions is how many versions stand on a page.
const perVersions = 20

func (s *Site) showVersions(w http.ResponseWriter, r *http.Request) error {
	work, err := s.work(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	all, err := entry.Versions(ctx, s.db, actor(r).ID, work.Code)
	if err != nil {
		return err
	}
	v := pages.FilmmakerVersions{Code: work.Code, Title: work.Film.MainTitle(), Kept: entry.KeptVersions, May: work.Level.May(entry.LevelEdit)}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	page = min(max(page, 1), 1+len(all)/perVersions)
	from, to := (page-1)*perVersions, min(page*perVersions, len(all))
	at := workURL(work) + "/versions?page="
	if page > 1 {
		v.Newer = at + strconv.Itoa(page-1)
	}
	if to < len(all) {
		v.Older = at + strconv.Itoa(page+1)
	}
	for _, one := range all[from:to] {
		v.Versions = append(v.Versions, versionWords(r, work, one))
	}
	return s.page(w, r, http.StatusOK, pages.FilmmakerVersionsPage(s.workFrame(r, work), v))
}

func versionWords(r *http.Request, work entry.Work, one entry.Version) pages.FilmmakerVersion {
	ctx := r.Context()
	v := pages.FilmmakerVersion{
		ID: strconv.FormatInt(one.ID, 10), When: stamp(ctx, one.At, actor(r).Zone), Now: len(entry.Differing(work.Film, one.Film)) == 0,
	}
	switch {
	case one.AccountID == nil:
		v.Who = locale.T(ctx, "versions.nobody", "nobody who is known here")
	case *one.AccountID == actor(r).ID:
		v.Who = locale.T(ctx, "makers.you", "you")
	case one.Name == "":
		v.Who = locale.T(ctx, "versions.former", "somebody who made it then")
	default:
		v.Who = one.Name
	}
	if one.Before != nil {
		v.Changes = changes(ctx, *one.Before, one.Film)
	}
	var labels []string
	for _, c := range v.Changes {
		labels = append(labels, c.Label)
	}
	switch v.What = locale.List(ctx, labels); {
	case one.Aside:
		v.What = locale.T(ctx, "versions.aside", "Given up for another text: {{.Answers}}", "Answers", v.What)
	case one.Before == nil:
		v.What = locale.T(ctx, "versions.first", "The oldest text that is kept")
	case v.What == "":
		v.What = locale.T(ctx, "versions.files", "Files; the texts stayed")
	}
	return v
}

// restoreVersion takes a version up again.
func (s *Site) restoreVersion(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(text(r, "id"), 10, 64)
	if err != nil {
		return problem.Missing()
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		work, err := entry.Restore(ctx, tx, actor(r).ID, r.PathValue("work"), id)
		s.flash(w, "versions.restored", "The work says that again. What it said before stands below.")
		return workURL(work) + "/versions", err
	})
}
