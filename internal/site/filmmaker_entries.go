package site

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/web/pages"
)

func (s *Site) filmmakerRoutes() []route {
	return []route{
		{"GET", "/my/entries", signedIn, s.showEntries},
		{"GET", "/my/entries/new", signedIn, s.newEntry},
		{"POST", "/my/entries/new", signedIn, s.startEntry},
		{"GET", "/my/entries/{entry}", signedIn, s.showEntry},
		{"POST", "/my/entries/{entry}/submission", signedIn, s.submitEntry},
		{"GET", "/my/entries/{entry}/changes", signedIn, s.showChanges},
		{"GET", "/my/entries/{entry}/receipt", signedIn, s.showReceipt},
		{"GET", "/my/entries/{entry}/withdrawal", signedIn, s.askWithdrawal},
		{"POST", "/my/entries/{entry}/withdrawal", signedIn, s.withdrawEntry},
	}
}

func (s *Site) showEntries(w http.ResponseWriter, r *http.Request) error {
	ctx, zone, me := r.Context(), actor(r).Zone, actor(r).ID
	all, err := entry.MineOf(ctx, s.db, me)
	if err != nil {
		return err
	}
	calls, err := s.openCalls(ctx, me, "")
	if err != nil {
		return err
	}
	v := pages.FilmmakerEntries{Open: len(calls) > 0, Lede: nextDeadline(ctx, calls, all, zone, s.now())}
	if v.Works, err = s.works(r, all, v.Open); err != nil {
		return err
	}
	for _, m := range all {
		if over(m) {
			v.Earlier = append(v.Earlier, earlier(ctx, m))
		}
	}
	v.Lines = entriesLines(ctx)
	return s.page(w, r, http.StatusOK, pages.FilmmakerEntriesPage(s.filmmakerFrame(r, locale.T(ctx, "nav.my-entries", "My entries")), v))
}

// works are the reader's works, each with its entries of running editions.
func (s *Site) works(r *http.Request, all []entry.Mine, open bool) ([]pages.FilmmakerWorkStanding, error) {
	ctx, zone := r.Context(), actor(r).Zone
	works, err := entry.Of(ctx, s.db, actor(r).ID)
	if err != nil {
		return nil, err
	}
	ids := make([]entry.WorkID, len(works))
	for i, one := range works {
		ids[i] = one.ID
	}
	files, err := entry.FilesOf(ctx, s.db, ids)
	if err != nil {
		return nil, err
	}
	waits, err := s.waiting(ctx, all)
	if err != nil {
		return nil, err
	}
	var list []pages.FilmmakerWorkStanding
	for _, one := range works {
		v := pages.FilmmakerWorkStanding{
			Code: one.Code, Title: one.Film.MainTitle(), TitleIn: one.Film.MainTitleIn(), Other: one.Film.OtherTitle(), OtherIn: one.Film.LanguageOriginal,
			Still: stillURL(files[one.ID]), Facts: workFacts(ctx, one.Film), May: mayWords(ctx, one.Level), Enter: open && one.Level.May(entry.LevelSubmit),
		}
		for _, m := range all {
			if m.WorkID != one.ID {
				continue
			}
			v.Again = true
			if !over(m) {
				e := standing(ctx, m, zone)
				e.ToDo = append(waits.toDo(ctx, m), e.ToDo...)
				v.Entries = append(v.Entries, inBrief(ctx, m, e, zone))
			}
		}
		list = append(list, v)
	}
	return list, nil
}

// workFacts says what kind of film it is, and how long.
func workFacts(ctx context.Context, f entry.Film) string {
	var said []string
	if f.Form != "" {
		said = append(said, entry.FormName(ctx, f.Form))
	}
	if f.Runtime > 0 {
		said = append(said, locale.Runtime(ctx, f.Runtime))
	}
	return strings.Join(said, " · ")
}

// over says whether the entry's edition belongs to the past.
func over(m entry.Mine) bool {
	return m.Edition.PhaseAt(m.Now) == festival.Awarded || m.Now.After(m.Edition.EndsOn.AddDate(0, 0, 1))
}

// nextDeadline is the first sentence of the page: the next closing of a call,
// first of those in which the reader has a draft.
func nextDeadline(ctx context.Context, calls []call, all []entry.Mine, zone string, now time.Time) string {
	var e festival.Edition
	var c festival.Category
	sooner := func(edition festival.Edition, category festival.Category) {
		if category.RungAt(now) != nil && (c.Last() == nil || category.Last().ClosesAt.Before(c.Last().ClosesAt)) {
			e, c = edition, category
		}
	}
	for _, m := range all {
		if m.State == entry.Draft {
			sooner(m.Edition, m.Category)
		}
	}
	if c.Last() == nil {
		for _, one := range calls {
			for _, category := range one.categories {
				sooner(one.edition, category)
			}
		}
	}
	if c.Last() == nil {
		return ""
	}
	d := due(ctx, e, c, zone, now)
	sentence := locale.T(ctx, "entries.next", "{{.Category}} of {{.Festival}}: {{.Left}}, until {{.When}}.",
		"Category", c.Name, "Festival", e.FestivalName, "Left", d.Left, "When", d.When)
	return strings.TrimSpace(sentence + " " + d.Yours)
}

// standing says where an entry stands.
func standing(ctx context.Context, m entry.Mine, zone string) pages.FilmmakerStanding {
	film := m.Work.Film
	if m.State != entry.Draft && m.Film != nil {
		film = *m.Film
	}
	found := m.Check(ctx)
	v := pages.FilmmakerStanding{
		Code: m.Code, Label: m.Label(), Title: film.MainTitle(), TitleIn: film.MainTitleIn(), Other: film.OtherTitle(), OtherIn: film.LanguageOriginal,
		Category: m.Category.Name, Edition: m.Edition.Name, Draft: m.State == entry.Draft,
		Steps: steps(ctx, m, zone), ToDo: toDo(ctx, m, found), Decision: decision(ctx, m),
	}
	v.Tag, v.State = stateTag(ctx, m, found)
	return v
}

// inBrief is what a list says of an entry: the first thing to do, by when, and
// the one way on.
func inBrief(ctx context.Context, m entry.Mine, v pages.FilmmakerStanding, zone string) pages.FilmmakerStanding {
	page := "/my/entries/" + m.Code
	v.Act = pages.FilmmakerToDo{URL: page, Text: locale.T(ctx, "entries.see", "See the entry")}
	change := m.MayChange() == nil
	if n := len(v.ToDo); n > 0 {
		v.Next = &v.ToDo[0]
		if change && (m.State == entry.Draft || m.Unsent()) { // the last is to send it, which is no answer
			n--
		}
		if n > 1 {
			v.More = locale.N(ctx, "entries.more", n-1, "and one thing more", "and {{.Count}} things more")
		}
	}
	switch {
	case m.State == entry.Draft && change && len(m.Check(ctx)) == 0, m.Unsent() && change:
		v.Act = v.ToDo[len(v.ToDo)-1]
		if len(v.ToDo) == 1 {
			v.Next = nil
		}
	case m.State == entry.Draft && change:
		v.Act.Text = locale.T(ctx, "entries.continue", "Continue")
	case m.Decision != nil && m.State != entry.Withdrawn:
		v.Act = pages.FilmmakerToDo{URL: page + "#decision-" + m.Code, Text: locale.T(ctx, "entries.decision", "Read the decision")}
	}
	v.When = briefWhen(ctx, m, zone)
	return v
}

// briefWhen is the next date of an entry: its deadline while it is not sent,
// then the day of the decision.
func briefWhen(ctx context.Context, m entry.Mine, zone string) string {
	d := dueOf(ctx, m, zone)
	switch {
	case m.MayChange() == nil && (m.State == entry.Draft || m.Unsent()) && d.Left != "":
		return strings.TrimSpace(locale.T(ctx, "entries.due", "{{.Left}}, until {{.When}}.", "Left", d.Left, "When", d.When) + " " + d.Yours)
	case m.State == entry.Draft, m.State == entry.Withdrawn, m.State == entry.Ineligible, m.Decision != nil, m.Edition.DecisionsOn == nil:
		return ""
	}
	return locale.T(ctx, "entries.decision-by", "You hear the decision by {{.Day}}.", "Day", locale.Date(ctx, *m.Edition.DecisionsOn))
}

// stillURL is the address of the first still, or empty.
func stillURL(files []entry.File) string {
	for _, f := range files {
		if f.Role == entry.StillFile && f.State == media.Ready {
			return "/files/" + f.Code + "/w960"
		}
	}
	return ""
}

// stateTag says where an entry stands in a few words.
func stateTag(ctx context.Context, m entry.Mine, found []entry.Finding) (kind, words string) {
	switch {
	case m.State == entry.Withdrawn:
		return "", entry.StateName(ctx, m.State)
	case m.Decision != nil:
		return decisionTag(ctx, *m.Decision)
	case m.State == entry.Draft && m.MayChange() != nil:
		return "", locale.T(ctx, "standing.late", "Draft, not sent before the deadline")
	case m.State == entry.Draft && len(found) > 0 && !slices.ContainsFunc(found, func(f entry.Finding) bool { return !f.Missing }):
		return "warn", locale.N(ctx, "standing.missing", len(found), "Draft, {{.Count}} answer missing", "Draft, {{.Count}} answers missing")
	case m.State == entry.Draft && len(found) > 0:
		return "warn", locale.N(ctx, "standing.draft", len(found), "Draft, {{.Count}} answer to fix", "Draft, {{.Count}} answers to fix")
	case m.State == entry.Draft:
		return "warn", locale.T(ctx, "standing.ready", "Draft, ready to send")
	case m.State == entry.Ineligible:
		return "bad", entry.StateName(ctx, m.State)
	case m.Unsent() && m.MayChange() == nil:
		return "warn", locale.T(ctx, "standing.unsent", "Submitted, with changes that are not sent")
	case m.Watchers > 0:
		return "on", locale.T(ctx, "standing.watched", "Submitted, being watched")
	case m.State == entry.Accepted:
		return "on", locale.T(ctx, "standing.eligible", "Submitted and eligible")
	}
	return "on", entry.StateName(ctx, m.State)
}

func decisionTag(ctx context.Context, d entry.Decision) (kind, words string) {
	if !d.Selected() {
		return "", locale.T(ctx, "standing.not-selected", "Not selected")
	}
	return "on", locale.List(ctx, append([]string{locale.T(ctx, "standing.selected", "Selected")}, d.Awards...))
}

// decision is what the festival has said; nil until it did.
func decision(ctx context.Context, m entry.Mine) *pages.FilmmakerDecision {
	if m.Decision == nil || m.State == entry.Withdrawn {
		return nil
	}
	title := ""
	if m.Film != nil {
		title = m.Film.MainTitle()
	}
	d := pages.FilmmakerDecision{Comments: m.Decision.Comments, Selected: m.Decision.Selected()}
	if d.Selected {
		d.Sentence = locale.T(ctx, "standing.yes", "The committee selected {{.Film}}.", "Film", title)
	} else {
		d.Sentence = locale.T(ctx, "standing.no", "The committee did not select {{.Film}}.", "Film", title)
	}
	for p := range strings.SplitSeq(m.Decision.Message, "\n") {
		if p = strings.TrimSpace(p); p != "" {
			d.Message = append(d.Message, p)
		}
	}
	return &d
}

// toDo is what waits for the filmmaker.
func toDo(ctx context.Context, m entry.Mine, found []entry.Finding) []pages.FilmmakerToDo {
	if m.MayChange() != nil {
		return nil
	}
	page := "/my/entries/" + m.Code
	var list []pages.FilmmakerToDo
	if m.State == entry.Draft || m.Unsent() {
		for _, f := range found {
			t := pages.FilmmakerToDo{URL: findingURL(m, f), Text: f.Sentence, Icon: "circle-dot-dashed", Kind: "warnc"}
			if !f.Missing {
				t.Icon, t.Kind = "circle-alert", "badc"
			}
			list = append(list, t)
		}
	}
	if slices.ContainsFunc(m.Files, func(f entry.File) bool { return f.State == media.Refused }) {
		list = append(list, pages.FilmmakerToDo{URL: sectionURL(m.Work, entry.Screener), Icon: "circle-alert", Kind: "badc",
			Text: locale.T(ctx, "standing.refused", "Look at the screener: it could not be read")})
	}
	switch {
	case m.State == entry.Draft:
		list = append(list, pages.FilmmakerToDo{URL: page + "#s-review", Text: entry.PartName(ctx, entry.Review), Icon: "circle"})
	case m.Unsent():
		list = append(list, pages.FilmmakerToDo{URL: page + "/changes", Text: locale.T(ctx, "standing.send", "Send your changes"), Icon: "circle"})
	}
	return list
}

// earlier is an entry of an edition that is over, in a line.
func earlier(ctx context.Context, m entry.Mine) pages.FilmmakerEarlier {
	v := pages.FilmmakerEarlier{Code: m.Code, Title: m.Work.Film.MainTitle(), Edition: m.Edition.Name}
	if m.Film != nil {
		v.Title = m.Film.MainTitle()
	}
	if v.Title == "" {
		v.Title = locale.T(ctx, "entries.untitled", "A film without a title")
	}
	v.Tag, v.Outcome = stateTag(ctx, m, nil)
	if m.Decision != nil {
		v.Comments = len(m.Decision.Comments)
	}
	return v
}
