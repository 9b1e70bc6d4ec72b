package site

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/web/pages"
)

func (s *Site) fingerprintRoutes() []route {
	const at = "/organize/{festival}/{edition}/fingerprints"
	return []route{
		{"GET", at, organizer, s.showFingerprints},
		{"POST", at, organizer, s.noteFingerprint},
		{"POST", at + "/{fingerprint}", organizer, s.takeBackFingerprint},
	}
}

func (s *Site) showFingerprints(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	return s.fingerprintsPage(w, r, http.StatusOK, e, pages.Fingerprints{})
}

func (s *Site) fingerprintsPage(w http.ResponseWriter, r *http.Request, status int, e festival.Edition, v pages.Fingerprints) error {
	ctx := r.Context()
	list, err := festival.Fingerprints(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	categories, err := festival.Categories(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	declared, err := festival.Shutdowns(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	v.Desk, v.Action = e.Desk(), e.Desk()+"/fingerprints"
	v.Windows = fingerprintWindows(ctx, e, categories, declared, s.now())
	for _, one := range list {
		line := pages.Fingerprint{Code: one.Code, Figures: festival.GroupFigures(one.Figures), When: notedWords(ctx, e, one)}
		if one.Code == r.URL.Query().Get("noted") {
			v.Read = line.Figures
		}
		v.Noted = append(v.Noted, line)
	}
	f := s.organizerFrame(r, e, locale.T(ctx, "fingerprints.title", "Fingerprints by phone"), "categories")
	f.Bad = v.Errors.Any()
	return s.page(w, r, status, pages.FingerprintsPage(f, v))
}

// notedWords says when a fingerprint was noted, and by whom.
func notedWords(ctx context.Context, e festival.Edition, one festival.Fingerprint) string {
	when := locale.DateTime(ctx, one.NotedAt, e.Location(), e.City)
	if one.By == "" {
		return locale.T(ctx, "fingerprints.noted", "Noted on {{.When}}", "When", when)
	}
	return locale.T(ctx, "fingerprints.noted-by", "Noted on {{.When}} by {{.Name}}", "When", when, "Name", one.By)
}

// fingerprintWindows are the deadlines that a film can still be told of before,
// each with until when it may then follow.
func fingerprintWindows(ctx context.Context, e festival.Edition, categories []festival.Category, declared []festival.Shutdown, now time.Time) []pages.FingerprintWindow {
	type window struct {
		closes time.Time
		hours  int
		names  []string
	}
	var windows []*window
	for _, c := range categories {
		if c.BytesHours == 0 || c.RungAt(now) == nil {
			continue
		}
		closes := c.Last().ClosesAt
		i := slices.IndexFunc(windows, func(w *window) bool { return w.hours == c.BytesHours && w.closes.Equal(closes) })
		if i < 0 {
			windows, i = append(windows, &window{closes, c.BytesHours, nil}), len(windows)
		}
		windows[i].names = append(windows[i].names, c.Name)
	}
	var list []pages.FingerprintWindow
	for _, w := range windows {
		list = append(list, pages.FingerprintWindow{
			Categories: locale.List(ctx, w.names), Follow: followWords(ctx, e, w.closes, w.hours, declared),
			Call: locale.T(ctx, "fingerprints.before", "If it is noted before {{.When}}", "When", locale.DateTime(ctx, w.closes, e.Location(), e.City)),
		})
	}
	return list
}

// followWords say until when films may follow after a deadline: all of them, and
// those from where a shutdown was declared.
func followWords(ctx context.Context, e festival.Edition, closes time.Time, hours int, declared []festival.Shutdown) []string {
	at := func(hours int) string {
		return locale.DateTime(ctx, closes.Add(time.Duration(hours)*time.Hour), e.Location(), e.City)
	}
	const long = festival.ShutdownDays * 24
	if slices.ContainsFunc(declared, func(d festival.Shutdown) bool { return len(d.Countries) == 0 }) {
		hours = max(hours, long)
	}
	words := []string{locale.T(ctx, "fingerprints.follow", "Until {{.When}}", "When", at(hours))}
	for _, d := range declared {
		if hours < long {
			words = append(words, locale.T(ctx, "fingerprints.follow-from", "Films from {{.Countries}}: until {{.When}}", "Countries", locale.CountryNames(ctx, d.Countries), "When", at(long)))
		}
	}
	return words
}

func (s *Site) noteFingerprint(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	v := pages.Fingerprints{Fingerprint: text(r, "fingerprint")}
	figures, err := festival.ReadFingerprint(v.Fingerprint)
	if err == nil {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			code, err := festival.NoteFingerprint(ctx, tx, actor(r).ID, e.ID, figures)
			return e.Desk() + "/fingerprints?noted=" + code, err
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		v.Errors = errs
		return s.fingerprintsPage(w, r, status, e, v)
	}
	return err
}

func (s *Site) takeBackFingerprint(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "fingerprints.gone", "The fingerprint is taken back.")
		return e.Desk() + "/fingerprints", festival.TakeBackFingerprint(ctx, tx, actor(r).ID, e.ID, r.PathValue("fingerprint"))
	})
}
