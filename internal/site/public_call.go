package site

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/locale"
	"laurel/internal/media"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) publicRoutes() []route {
	return []route{
		{"GET", "/", public, s.showHome},
		{"GET", "/privacy", public, s.showPrivacy},
		{"GET", "/robots.txt", public, s.showRobots},
		{"GET", "/{festival}", public, s.showNewest},
		{"GET", "/{festival}/{edition}", public, s.showCall},
		{"GET", "/{festival}/{edition}/regulations", public, s.showRegulations},
		{"GET", "/{festival}/{edition}/line-up", public, s.showLineup},
		{"GET", "/{festival}/{edition}/films/{film}", public, s.showPublicFilm},
		{"GET", "/{festival}/{edition}/awards", public, s.showAwards},
	}
}

// showHome leads to the festival where there is one, and lists them where
// there are several.
func (s *Site) showHome(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	editions, err := festival.PublicEditions(ctx, s.db)
	if err != nil {
		return err
	}
	current := currentEditions(editions)
	if len(current) == 1 {
		return to(w, r, current[0].Path())
	}
	a := actor(r)
	v := pages.Home{Organize: a.Organizer || a.Admin}
	title := locale.T(ctx, "home.empty", "No call is open")
	for _, e := range current {
		title = locale.T(ctx, "home.festivals", "Festivals")
		v.Editions = append(v.Editions, pages.HomeEdition{
			URL: e.Path(), Festival: e.FestivalName, Name: e.Name, Tagline: e.Tagline,
			When: locale.Dates(ctx, e.StartsOn, e.EndsOn), State: s.stateOf(ctx, e),
		})
	}
	f := s.frame(r, title)
	f.NoIndex = len(current) == 0
	return s.publicPage(w, r, pages.HomePage(f, v))
}

// currentEditions are the newest edition of each festival, by its name.
func currentEditions(newestFirst []festival.Edition) []festival.Edition {
	var current []festival.Edition
	seen := map[festival.ID]bool{}
	for _, e := range newestFirst {
		if !seen[e.FestivalID] {
			seen[e.FestivalID] = true
			current = append(current, e)
		}
	}
	slices.SortStableFunc(current, func(a, b festival.Edition) int { return strings.Compare(a.FestivalName, b.FestivalName) })
	return current
}

// stateOf says in a few words where an edition stands.
func (s *Site) stateOf(ctx context.Context, e festival.Edition) string {
	switch e.PhaseAt(s.now()) {
	case festival.Open:
		return locale.T(ctx, "home.open", "Open for entries, {{.Left}}", "Left", locale.TimeLeft(ctx, e.LastDeadline.Sub(s.now())))
	case festival.Public:
		return locale.T(ctx, "home.lineup", "The line-up is out")
	case festival.Awarded:
		return locale.T(ctx, "home.awards", "The awards are out")
	case festival.Draft, festival.Judging:
	}
	return locale.T(ctx, "home.judging", "The call is closed")
}

func (s *Site) showNewest(w http.ResponseWriter, r *http.Request) error {
	editions, err := festival.PublicEditions(r.Context(), s.db)
	if err != nil {
		return err
	}
	for _, e := range editions {
		if e.FestivalSlug == r.PathValue("festival") {
			return to(w, r, e.Path())
		}
	}
	return problem.Missing()
}

// publicEdition is the edition of the path, if the reader may know of it:
// before the call opens only the festival's organizers do.
func (s *Site) publicEdition(r *http.Request) (festival.Edition, error) {
	e, err := s.edition(r)
	if err != nil || e.CallOpenedAt != nil {
		return e, err
	}
	if a := actor(r); a.SignedIn() {
		organizes, err := account.Organizes(r.Context(), s.db, a.ID, e.FestivalSlug)
		if err != nil || organizes {
			return e, err
		}
	}
	return festival.Edition{}, problem.Missing()
}

func (s *Site) showCall(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := s.publicEdition(r)
	if err != nil {
		return err
	}
	call, err := festival.CallOf(ctx, s.db, e.ID)
	if err != nil {
		return err
	}
	others, err := festival.Editions(ctx, s.db, e.FestivalID)
	if err != nil {
		return err
	}
	c := caller{Site: s, ctx: ctx, edition: e, zone: e.Location(), now: s.now()}
	v := c.heading()
	if v.Hero, err = s.hero(ctx, e); err != nil {
		return err
	}
	v.Stages = c.stages(call.Stages)
	v.Rules, v.Categories = c.categories(call.Categories)
	if e.LineupAt == nil {
		c.howToEnter(&v, call)
	}
	v.Earlier = c.earlier(others)
	f := s.publicFrame(r, e, locale.T(ctx, "nav.call", "Call for entries"), "call")
	f.Wide = true
	f.Summary = e.Intro
	f.Picture = s.absolute(v.Hero)
	return s.publicPage(w, r, pages.CallPage(f, v))
}

// howToEnter is what only those read who are about to enter a film.
func (c caller) howToEnter(v *pages.Call, call festival.Call) {
	v.Ladders = c.ladders(call.Categories)
	v.Later = c.later(call)
	v.Tell = len(fingerprintWindows(c.ctx, c.edition, call.Categories, call.Shutdowns, c.now)) > 0
	v.Told = !v.Tell && c.follows(call)
	v.Contact = c.edition.FestivalContact
	for _, n := range call.Of(festival.Before) {
		v.Before = append(v.Before, n.Title)
	}
	for _, n := range call.Of(festival.Question) {
		v.Questions = append(v.Questions, pages.CallQuestion{Question: n.Title, Answer: split(n.Body)})
	}
}

// later says which films may arrive after the deadline: those that were
// announced in time, and those from where a shutdown was declared.
func (c caller) later(call festival.Call) []string {
	var list []string
	for _, l := range c.windows(call.Categories) {
		sentence := locale.N(c.ctx, "call.later", l.hours, "A slow line does not hurt: an entry that is sent in time with the length and SHA-256 of its film counts, and the film may arrive up to {{.Count}} hour later.",
			"A slow line does not hurt: an entry that is sent in time with the length and SHA-256 of its film counts, and the film may arrive up to {{.Count}} hours later.")
		if len(l.names) < len(call.Categories) {
			sentence = locale.List(c.ctx, l.names) + ": " + sentence
		}
		list = append(list, sentence)
	}
	for _, d := range call.Shutdowns {
		line := shutdownLine(c.ctx, c.edition, d)
		list = append(list, locale.T(c.ctx, "call.shutdown", "{{.For}}: the film may arrive up to fourteen days after the deadline. {{.Words}}", "For", line.For, "Words", line.Words))
	}
	return list
}

// follows says whether a film may still arrive somewhere.
func (c caller) follows(call festival.Call) bool {
	return slices.ContainsFunc(call.Categories, func(one festival.Category) bool {
		hours, last := one.BytesHours, one.Last()
		if len(call.Shutdowns) > 0 {
			hours = max(hours, festival.ShutdownDays*24)
		}
		return one.BytesHours > 0 && last != nil && c.now.Before(last.ClosesAt.Add(time.Duration(hours)*time.Hour))
	})
}

// A bytesWindow is how many hours some categories give a film that is on its way.
type bytesWindow struct {
	hours int
	names []string
}

// windows are those of the categories, in their order, each once.
func (c caller) windows(categories []festival.Category) []bytesWindow {
	var list []bytesWindow
	for _, category := range categories {
		i := slices.IndexFunc(list, func(w bytesWindow) bool { return w.hours == category.BytesHours })
		if i < 0 && category.BytesHours > 0 {
			list = append(list, bytesWindow{category.BytesHours, []string{category.Name}})
		}
		if i >= 0 {
			list[i].names = append(list[i].names, category.Name)
		}
	}
	return list
}

// absolute is a path of this site as other sites have to write it.
func (s *Site) absolute(path string) string {
	if path == "" {
		return ""
	}
	return s.base.ResolveReference(s.base.JoinPath(path)).String()
}

// picture is the address of a picture that people sent, about as wide as
// wanted: of a small one there are only small renditions.
func picture(code string, width, wanted int) string {
	size := media.W480
	switch {
	case wanted > 960 && width > 960:
		size = media.W1920
	case wanted > 480 && width > 480:
		size = media.W960
	}
	return "/files/" + code + "/" + string(size)
}

// hero is the address of the call's picture; empty: it has none.
func (s *Site) hero(ctx context.Context, e festival.Edition) (string, error) {
	if e.HeroCode == nil {
		return "", nil
	}
	f, err := media.ByCode(ctx, s.db, *e.HeroCode)
	if err != nil || f.Width == nil {
		return "", err
	}
	return picture(f.Code, *f.Width, 1920), nil
}

// split is a text's paragraphs, which empty lines separate.
func split(text string) []string {
	var list []string
	for p := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}

// A caller words an edition's call at one instant.
type caller struct {
	*Site
	ctx     context.Context
	edition festival.Edition
	zone    *time.Location
	now     time.Time
}

// heading is the top of the call: what it is, and how long it is open.
func (c caller) heading() pages.Call {
	e := c.edition
	v := pages.Call{Title: e.Tagline, Intro: e.Intro}
	if v.Title == "" {
		v.Title = e.FestivalName
	}
	phase := e.PhaseAt(c.now)
	if e.LastDeadline != nil {
		when := locale.DateTime(c.ctx, *e.LastDeadline, c.zone, e.City)
		v.ClosesAt = e.LastDeadline.In(c.zone).Format(time.RFC3339)
		v.Closes = locale.T(c.ctx, "call.closed-on", "The call closed on {{.When}}", "When", when)
		if c.now.Before(*e.LastDeadline) {
			v.Closes = locale.T(c.ctx, "call.closes-on", "The call closes on {{.When}}", "When", when)
		}
	}
	switch phase {
	case festival.Open:
		v.Left = locale.T(c.ctx, "call.left", "{{.Left}} to enter", "Left", locale.TimeLeft(c.ctx, e.LastDeadline.Sub(c.now)))
		v.Start = "/my/entries/new"
	case festival.Judging:
		if e.DecisionsOn != nil && c.now.Before(*e.DecisionsOn) {
			v.Left = locale.T(c.ctx, "call.decisions", "Filmmakers hear by {{.Day}}", "Day", locale.Date(c.ctx, *e.DecisionsOn))
		}
	case festival.Draft, festival.Public, festival.Awarded:
	}
	v.Next = c.outcome(e)
	return v
}

// outcome leads to what has come of an edition.
func (c caller) outcome(e festival.Edition) []components.Link {
	var list []components.Link
	if e.LineupAt != nil {
		list = append(list, components.Link{URL: e.Path() + "/line-up", Label: locale.T(c.ctx, "nav.lineup", "Line-up")})
	}
	if e.AwardsAt != nil {
		list = append(list, components.Link{URL: e.Path() + "/awards", Label: locale.T(c.ctx, "nav.awards", "Awards")})
	}
	return list
}

func (c caller) stages(list []festival.Stage) []pages.CallStage {
	var stages []pages.CallStage
	local := c.now.In(c.zone)
	today := festival.Day(local.Year(), local.Month(), local.Day())
	for _, s := range list {
		stages = append(stages, pages.CallStage{
			Name: s.Name, When: locale.Dates(c.ctx, s.StartsOn, s.EndsOn), Body: split(s.Body),
			Now: !today.Before(s.StartsOn) && !today.After(s.EndsOn), Over: today.After(s.EndsOn),
		})
	}
	return stages
}

// categories words the categories, and apart from them the rules that hold in
// all of them.
func (c caller) categories(list []festival.Category) (everywhere string, categories []pages.CallCategory) {
	var all []string
	for i, one := range list {
		if words := c.rules(one.Rules); i == 0 {
			all = words
		} else {
			all = slices.DeleteFunc(all, func(w string) bool { return !slices.Contains(words, w) })
		}
	}
	for _, one := range list {
		own := slices.DeleteFunc(c.rules(one.Rules), func(w string) bool { return slices.Contains(all, w) })
		v := pages.CallCategory{Name: one.Name, Description: one.Description, Rules: c.sentence(own)}
		if rule, ok := one.Rule(festival.RuntimeMax); ok {
			v.Length = locale.Runtime(c.ctx, *rule.Seconds)
		}
		rung := one.RungAt(c.now)
		switch {
		case len(one.Deadlines) == 0:
		case rung == nil:
			v.Fee = locale.T(c.ctx, "call.category-closed", "Closed")
		default:
			v.Fee = rung.Fee().Format(c.ctx)
		}
		categories = append(categories, v)
	}
	return c.sentence(all), categories
}

// rules says what a film must be, besides its greatest length.
func (c caller) rules(list []festival.Rule) []string {
	var words []string
	for _, kind := range festival.RuleKinds {
		for _, r := range list {
			if r.Kind == kind && kind != festival.RuntimeMax {
				words = append(words, entry.RuleWords(c.ctx, r))
			}
		}
	}
	return words
}

func (c caller) sentence(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return locale.T(c.ctx, "call.rules", "The film is {{.Rules}}.", "Rules", strings.Join(words, "; "))
}

// ladders are the deadlines of all categories: those with the same ladder
// share one, those that still take entries come first, and of a ladder that is
// over only the end is told.
func (c caller) ladders(list []festival.Category) []pages.CallLadder {
	type group struct {
		names []string
		rungs []festival.Deadline
	}
	var groups []*group
	for _, one := range list {
		i := slices.IndexFunc(groups, func(g *group) bool { return slices.EqualFunc(g.rungs, one.Deadlines, sameRung) })
		switch {
		case len(one.Deadlines) == 0:
		case i < 0:
			groups = append(groups, &group{[]string{one.Name}, one.Deadlines})
		default:
			groups[i].names = append(groups[i].names, one.Name)
		}
	}
	slices.SortStableFunc(groups, func(a, b *group) int {
		return b.rungs[len(b.rungs)-1].ClosesAt.Compare(a.rungs[len(a.rungs)-1].ClosesAt)
	})
	var ladders []pages.CallLadder
	for _, g := range groups {
		l := pages.CallLadder{Rungs: c.rungs(g.rungs)}
		if len(groups) > 1 {
			l.Categories = locale.List(c.ctx, g.names)
		}
		ladders = append(ladders, l)
	}
	return ladders
}

func sameRung(a, b festival.Deadline) bool {
	return a.Name == b.Name && a.ClosesAt.Equal(b.ClosesAt) && a.FeeMinor == b.FeeMinor && a.FeeCurrency == b.FeeCurrency
}

func (c caller) rungs(list []festival.Deadline) []pages.CallRung {
	if !c.now.Before(list[len(list)-1].ClosesAt) {
		list = list[len(list)-1:]
	}
	var rungs []pages.CallRung
	next := true
	for _, d := range list {
		r := pages.CallRung{
			Name: d.Name, Day: locale.Date(c.ctx, d.ClosesAt.In(c.zone)), At: d.ClosesAt.In(c.zone).Format(time.RFC3339),
			Fee: d.Fee().Format(c.ctx), Over: !c.now.Before(d.ClosesAt),
		}
		if !r.Over && next {
			next = false
			r.Left = locale.TimeLeft(c.ctx, d.ClosesAt.Sub(c.now))
		}
		rungs = append(rungs, r)
	}
	return rungs
}

// earlier are the festival's other editions that are public.
func (c caller) earlier(list []festival.Edition) []pages.CallEarlier {
	var others []pages.CallEarlier
	for _, e := range list {
		if e.ID == c.edition.ID || e.CallOpenedAt == nil {
			continue
		}
		links := append([]components.Link{{URL: e.Path(), Label: locale.T(c.ctx, "nav.call", "Call for entries")}}, c.outcome(e)...)
		others = append(others, pages.CallEarlier{Name: e.Name, When: locale.Dates(c.ctx, e.StartsOn, e.EndsOn), Links: links})
	}
	return others
}

func (s *Site) showRegulations(w http.ResponseWriter, r *http.Request) error {
	e, err := s.publicEdition(r)
	if err != nil {
		return err
	}
	if e.Regulations == "" {
		return problem.Missing()
	}
	f := s.publicFrame(r, e, locale.T(r.Context(), "regulations.title", "Regulations"), "regulations")
	return s.publicPage(w, r, pages.RegulationsPage(f, pages.Regulations{Edition: e.Name, Paragraphs: split(e.Regulations)}))
}
