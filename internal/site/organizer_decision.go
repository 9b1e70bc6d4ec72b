package site

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	decisions "laurel/internal/decision"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/mail"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/emails"
	"laurel/web/pages"
)

func (s *Site) showRelease(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	return s.releasePage(w, r, http.StatusOK, q["category"], q.Get("look") != "", nil)
}

// releasePage shows where decisions stand and, once categories are chosen, what
// their release would do. Without a choice every category with pending decisions
// is ticked.
func (s *Site) releasePage(w http.ResponseWriter, r *http.Request, status int, chosen []string, look bool, errs components.Errors) error {
	ctx := r.Context()
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	standings, err := decisions.Standings(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	look = look && len(chosen) > 0
	v := pages.Release{Desk: e.Desk(), Chosen: look, Errors: errs, Lede: releaseLede(ctx, standings)}
	var included []festival.CategoryID
	for _, c := range standings {
		in := c.Pending() > 0 && (!look || slices.Contains(chosen, c.Slug))
		if in {
			included = append(included, c.CategoryID)
		}
		v.Waiting = v.Waiting || c.Pending() > 0
		v.Categories = append(v.Categories, releaseLine(ctx, e, c, in))
	}
	if look {
		if err := s.releasePreview(ctx, actor(r).ID, &v, e, included); err != nil {
			return err
		}
	}
	if v.Lineup, err = s.lineup(ctx, e); err != nil {
		return err
	}
	f := s.organizerFrame(r, e, locale.T(ctx, "release.title", "Decisions and line-up"), "lineup")
	return s.page(w, r, status, pages.ReleasePage(f, v))
}

func releaseLede(ctx context.Context, standings []decisions.Standing) string {
	pending, undecided, told := 0, 0, 0
	for _, c := range standings {
		pending, undecided, told = pending+c.Pending(), undecided+c.Undecided, told+c.Told
	}
	return locale.T(ctx, "release.lede", "{{.Pending}} wait to be released, {{.Undecided}} without a decision, {{.Told}} told. Decisions are known to organizers only until you release them.",
		"Pending", locale.N(ctx, "release.n-decisions", pending, "One decision", "{{.Count}} decisions"),
		"Undecided", locale.N(ctx, "release.n-films", undecided, "one film is", "{{.Count}} films are"),
		"Told", locale.N(ctx, "release.n-told", told, "one has been", "{{.Count}} have been"))
}

func releaseLine(ctx context.Context, e festival.Edition, c decisions.Standing, in bool) pages.ReleaseLine {
	line := pages.ReleaseLine{
		Slug: c.Slug, Name: c.Name, Entries: c.Entries, Selected: c.Selected, NotSelected: c.NotSelected, Told: c.Told,
		Undecided: c.Undecided, Scoring: c.Scoring, Included: in, Off: c.Pending() == 0, Results: e.Desk() + "/results",
	}
	if c.Places != nil {
		line.Places = locale.N(ctx, "release.places", *c.Places, "one place", "{{.Count}} places")
	}
	return line
}

// releasePreview adds what the release of the categories would do.
func (s *Site) releasePreview(ctx context.Context, reader account.ID, v *pages.Release, e festival.Edition, categories []festival.CategoryID) error {
	notices, err := decisions.Notices(ctx, s.db, reader, e.ID, categories)
	if err != nil {
		return err
	}
	shown := map[decisions.Outcome]bool{}
	for _, n := range notices {
		v.Pending++
		if !n.Reachable() {
			v.Unwritten = append(v.Unwritten, entry.Label(e.Prefix, n.Number))
			continue
		}
		v.Letters++
		if shown[n.Outcome] || n.Apart {
			continue
		}
		shown[n.Outcome] = true
		letter := n.Letter(e)
		content, err := emails.Compose(ctx, s.base.String(), mail.Copy{Kind: letter.Kind, Locale: letter.Locale, Args: letter.Args})
		if err != nil {
			return err
		}
		heading := locale.T(ctx, "release.sample-not", "To those not selected, for example {{.Number}}", "Number", letter.Args.Number)
		if n.Outcome == decisions.Selected {
			heading = locale.T(ctx, "release.sample", "To those selected, for example {{.Number}}", "Number", letter.Args.Number)
		}
		v.Samples = append(v.Samples, pages.LetterSample{Heading: heading, Content: content})
	}
	v.Button = locale.T(ctx, "release.do", "Release {{.Decisions}}, and send {{.Letters}}",
		"Decisions", locale.N(ctx, "release.do-decisions", v.Pending, "one decision", "{{.Count}} decisions"),
		"Letters", locale.N(ctx, "release.do-letters", v.Letters, "one letter", "{{.Count}} letters"))
	return nil
}

// lineup says whether the line-up is public, and if not, why it cannot be yet.
func (s *Site) lineup(ctx context.Context, e festival.Edition) (pages.LineupState, error) {
	v := pages.LineupState{Page: e.Path() + "/line-up"}
	if e.LineupAt != nil {
		v.Published = locale.DateTime(ctx, *e.LineupAt, e.Location(), e.City)
		return v, nil
	}
	v.City = e.City
	if e.LineupDue != nil {
		v.Due, v.At = locale.DateTime(ctx, *e.LineupDue, e.Location(), e.City), forInput(*e.LineupDue, e.Location())
	}
	var err error
	if v.Films, err = decisions.SelectedAndTold(ctx, s.db, e.ID); err != nil {
		return v, err
	}
	err = decisions.MayPublish(ctx, s.db, e.ID)
	if p := problem.Of(err); p != nil && p.Kind == problem.Denied {
		v.WhyNot = locale.Say(ctx, p.Say)
		return v, nil
	}
	return v, err
}

// releaseDecisions tells all pending decisions of the chosen categories. When
// their number is not the one that the reader was shown, they look again first.
func (s *Site) releaseDecisions(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	chosen := r.PostForm["category"]
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		var ids []festival.CategoryID
		standings, err := decisions.Standings(ctx, tx, e.ID)
		if err != nil {
			return "", err
		}
		for _, c := range standings {
			if slices.Contains(chosen, c.Slug) {
				ids = append(ids, c.CategoryID)
			}
		}
		done, err := decisions.Tell(ctx, tx, actor(r).ID, e, ids)
		if err != nil {
			return "", err
		}
		if strconv.Itoa(done.Selected+done.NotSelected) != r.PostForm.Get("pending") {
			return "", problem.New(problem.Conflict, "release.changed", "Decisions changed since you looked. See what the release does now, then release.")
		}
		s.flash(w, "release.done", "The decisions are released, and the letters are on their way.")
		return e.Desk() + "/line-up", nil
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.releasePage(w, r, status, chosen, true, errs)
	}
	return err
}

// publishLineup makes the line-up public, at once or at the instant that was
// written; or holds it back again.
func (s *Site) publishLineup(w http.ResponseWriter, r *http.Request) error {
	e, err := s.edition(r)
	if err != nil {
		return err
	}
	at, err := lineupAt(r, e)
	if err == nil {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			if r.PostForm.Get("do") == "hold" {
				s.flash(w, "release.lineup-held", "The line-up is held back. Nothing of it is public.")
				return e.Desk() + "/line-up", festival.HoldLineup(ctx, tx, actor(r).ID, e.ID)
			}
			if err := decisions.MayPublish(ctx, tx, e.ID); err != nil {
				return "", err
			}
			if at == nil {
				s.flash(w, "release.lineup-out", "The line-up is public.")
			} else {
				s.flash(w, "release.lineup-due", "The line-up will be public at the time that you set. Until then nothing of it is.")
			}
			return e.Desk() + "/line-up", festival.PublishLineup(ctx, tx, actor(r).ID, e.ID, at)
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.releasePage(w, r, status, nil, false, errs)
	}
	return err
}

// lineupAt is the instant that was written, on the festival's clock; nil: now.
func lineupAt(r *http.Request, e festival.Edition) (*time.Time, error) {
	if text(r, "at") == "" {
		return nil, nil
	}
	t, err := time.ParseInLocation("2006-01-02T15:04", strings.Replace(locale.ASCII(text(r, "at")), " ", "T", 1), e.Location())
	if err != nil {
		return nil, problem.Field("at", "form.instant", "Write a day and an hour, such as 2026-11-30 23:59.")
	}
	return &t, nil
}
