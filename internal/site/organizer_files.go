package site

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/internal/problem"
	"laurel/internal/report"
	"laurel/web/pages"
)

func (s *Site) stuckRoutes() []route {
	const at = "/organize/{festival}/{edition}/files"
	return []route{
		{"GET", at, organizer, s.showStuckFiles},
		{"POST", at, organizer, s.retryFile},
	}
}

// showStuckFiles lists the files that are not as they should be, or not yet.
func (s *Site) showStuckFiles(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	list, err := report.StuckFiles(ctx, s.db, e.ID, actor(r).ID)
	if err != nil {
		return err
	}
	v := pages.StuckFiles{Action: e.Desk() + "/files"}
	for _, trouble := range []report.Trouble{report.Damaged, report.Refused, report.Checking, report.Coming} {
		g := pages.StuckGroup{Title: troubleName(ctx, trouble)}
		for _, one := range list {
			if one.Trouble == trouble {
				g.Files = append(g.Files, stuckFile(ctx, e, one, s.now()))
			}
		}
		if len(g.Files) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return s.page(w, r, http.StatusOK, pages.StuckFilesPage(s.organizerFrame(r, e, locale.T(ctx, "stuck.title", "Files"), "files"), v))
}

func troubleName(ctx context.Context, t report.Trouble) string {
	switch t {
	case report.Damaged:
		return locale.T(ctx, "stuck.damaged", "Damaged in the store")
	case report.Refused:
		return locale.T(ctx, "stuck.refused", "Refused")
	case report.Checking:
		return locale.T(ctx, "stuck.checking", "Being looked at")
	case report.Coming:
	}
	return locale.T(ctx, "stuck.coming", "On their way")
}

// patience is how long a file may be worked on without a sign of life before it
// can be tried again by hand.
const patience = 10 * time.Minute

func stuckFile(ctx context.Context, e festival.Edition, one report.StuckFile, now time.Time) pages.StuckFile {
	when := func(t time.Time) string { return locale.DateTime(ctx, t, e.Location(), "") }
	v := pages.StuckFile{
		Film: one.Title, Number: entry.Label(e.Prefix, one.Number), URL: e.Desk() + "/entries/" + one.Code,
		What:    fileKind(ctx, one.Kind) + ", " + locale.Size(ctx, one.Size),
		Since:   locale.T(ctx, "stuck.since", "since {{.When}}", "When", when(one.Since)),
		Percent: -1,
	}
	switch one.Trouble {
	case report.Damaged:
		v.Bad, v.Words = true, locale.T(ctx, "stuck.damaged-do", "What lies in the store is not what was kept there. Bring it back from a backup, or ask the makers to send it again.")
	case report.Refused:
		v.Bad, v.Words, v.Retry = true, locale.Say(ctx, media.Why(one.Refusal)), one.File
	case report.Checking:
		v.Percent, v.Words = one.Percent, stepWords(ctx, one.Step, one.Percent)
		if now.Sub(one.Since) > patience {
			v.Retry = one.File
		}
	case report.Coming:
		v.Percent = one.Percent
		v.Words = locale.T(ctx, "stuck.until", "{{.Percent}} have arrived. It counts until {{.When}}.", "Percent", locale.Percent(ctx, float64(one.Percent)/100), "When", when(*one.Until))
		v.Since = locale.T(ctx, "stuck.last", "last sign of it {{.When}}", "When", when(one.Since))
	}
	return v
}

func fileKind(ctx context.Context, kind media.Kind) string {
	switch kind {
	case media.Still, media.Hero:
		return locale.T(ctx, "passport.still", "A still")
	case media.Subtitle:
		return locale.T(ctx, "subtitles.title", "Subtitles")
	case media.Screener:
	}
	return locale.T(ctx, "part.screener", "Screener")
}

// retryFile has a file worked on once more that was refused or stands still.
func (s *Site) retryFile(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	code := text(r, "retry")
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		list, err := report.StuckFiles(ctx, tx, e.ID, actor(r).ID)
		if err != nil {
			return "", err
		}
		known := slices.ContainsFunc(list, func(f report.StuckFile) bool {
			return code != "" && f.File == code && (f.Trouble == report.Refused || f.Trouble == report.Checking)
		})
		if !known {
			return "", problem.Missing()
		}
		file, err := media.ByCode(ctx, tx, code)
		if err != nil {
			return "", err
		}
		return e.Desk() + "/files", media.Retry(ctx, tx, file.ID)
	})
}
