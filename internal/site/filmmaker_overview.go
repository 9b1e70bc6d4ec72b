package site

import (
	"context"
	"net/http"
	"slices"
	"time"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// showEntry is the overview of an entry: where it stands, what keeps it from
// being sent, and the ways to what belongs to it.
func (s *Site) showEntry(w http.ResponseWriter, r *http.Request) error {
	m, err := s.mine(r)
	if err != nil {
		return err
	}
	return s.entryOverview(w, r, http.StatusOK, m, nil)
}

// entryOverview shows an entry; errs are what kept it from being sent just now.
func (s *Site) entryOverview(w http.ResponseWriter, r *http.Request, status int, m entry.Mine, errs components.Errors) error {
	ctx, zone := r.Context(), actor(r).Zone
	waits, err := s.waiting(ctx, []entry.Mine{m})
	if err != nil {
		return err
	}
	lines, err := s.entryLines(r, m, waits)
	if err != nil {
		return err
	}
	v := pages.FilmmakerOverview{
		FilmmakerStanding: standing(ctx, m, zone), Work: workURL(m.Work), Lines: lines,
		Due: dueOf(ctx, m, zone), Unsent: m.Unsent(), Errors: errs, Submit: submitForm(ctx, m),
		Leave: m.State != entry.Withdrawn && m.Level.May(entry.LevelSubmit),
	}
	v.ToDo = waits.toDo(ctx, m)
	if v.Faults, err = s.makersFaults(r, m.WorkID, m.ID); err != nil {
		return err
	}
	if err := m.MayChange(); err != nil {
		v.Reason = reason(ctx, m, err)
	}
	for _, f := range m.Check(ctx) {
		v.Findings = append(v.Findings, finding(ctx, m, f))
	}
	if at := lastSent(m); at != nil {
		v.SentAt = stamp(ctx, *at, zone)
	}
	if m.State == entry.Draft && len(v.Findings) == 0 {
		if v.Submit.Review, err = s.review(r, m); err != nil {
			return err
		}
	}
	v.Submit.Errors, v.Submit.Declared = errs, text(r, "rights") != ""
	held(ctx, m, &v)
	f := s.makerFrame(r, m, v.Heading(locale.T(ctx, "entries.untitled", "A film without a title")))
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.FilmmakerOverviewPage(f, v))
}

func workURL(w entry.Work) string { return "/my/works/" + w.Code }

// sectionURL is where a section of a work is filled in.
func sectionURL(w entry.Work, part entry.Part) string {
	if slices.Contains(formParts, part) {
		return workURL(w) + "/form/" + string(part)
	}
	return workURL(w) + "/files"
}

// submitForm is how the entry is sent; empty where the reader cannot.
func submitForm(ctx context.Context, m entry.Mine) pages.FilmmakerSubmit {
	if err := m.Level.Refuse(entry.LevelSubmit); err != nil {
		return pages.FilmmakerSubmit{Why: locale.Say(ctx, problem.Of(err).Say)}
	}
	v := pages.FilmmakerSubmit{Action: "/my/entries/" + m.Code + "/submission", Again: m.State != entry.Draft}
	if until := m.Until(m.Category, m.Now); until != nil && m.ToldUntil == nil {
		v.Until = locale.Date(ctx, until.In(m.Edition.Location()))
	}
	return v
}

// finding is what keeps an entry from being sent, with the place to put it
// right.
func finding(ctx context.Context, m entry.Mine, f entry.Finding) pages.FilmmakerFinding {
	return pages.FilmmakerFinding{URL: findingURL(m, f), Part: entry.PartName(ctx, f.Part), Sentence: f.Sentence, Missing: f.Missing}
}

func findingURL(m entry.Mine, f entry.Finding) string {
	switch {
	case f.Part.Known():
		return sectionURL(m.Work, f.Part) + "#" + f.Field
	case f.Part == entry.CategoryPart:
		return "/my/entries/" + m.Code + "/questions#" + f.Field
	}
	return "/my/entries/" + m.Code
}

// held is what the festival has of the film, once something was sent.
func held(ctx context.Context, m entry.Mine, v *pages.FilmmakerOverview) {
	if m.Film == nil {
		return
	}
	for _, part := range entry.FilmParts {
		v.Parts = append(v.Parts, pages.FilmmakerAnswers{Name: entry.PartName(ctx, part), Facts: facts(ctx, part, *m.Film)})
	}
	v.Stills, v.Screener = stills(ctx, m.Sent), screener(ctx, m.Sent)
}

// reason says why nothing can be changed or sent.
func reason(ctx context.Context, m entry.Mine, why error) string {
	switch {
	case m.State == entry.Withdrawn:
		return locale.T(ctx, "sent.withdrawn", "You withdrew this entry. The description of the film is kept for you; the festival no longer has it.")
	case m.State == entry.Draft:
		return lateWords(ctx, m)
	}
	return locale.Say(ctx, problem.Of(why).Say)
}

// lateWords say what is with a draft whose call has closed. They are the same
// whether the festival was told of its film or not.
func lateWords(ctx context.Context, m entry.Mine) string {
	words := locale.T(ctx, "sent.late", "The call for {{.Category}} closed before this entry was sent. The description of the film is kept, so that you can enter it elsewhere.", "Category", m.Category.Name)
	if last := m.Category.Last(); m.Category.BytesHours > 0 && last != nil && m.Now.Before(last.ClosesAt.Add(festival.MaxBytesHours*time.Hour)) {
		words += " " + locale.T(ctx, "sent.late-told", "If the festival noted the fingerprint of your film before, send the film: while the time lasts that the call gives, the entry can be sent then.")
	}
	return words
}

// lastSent is when the snapshot was taken; nil for a draft.
func lastSent(m entry.Mine) *time.Time {
	for _, moment := range slices.Backward(m.Timeline) {
		if moment.State == entry.Submitted || moment.State == entry.Resubmitted {
			return &moment.At
		}
	}
	return m.SubmittedAt
}
