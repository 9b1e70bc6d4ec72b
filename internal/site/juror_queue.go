package site

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"laurel/internal/entry"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/score"
	"laurel/internal/tally"
	"laurel/web/components"
	"laurel/web/pages"
)

func (s *Site) jurorRoutes() []route {
	return []route{
		{"GET", "/jury", juror, s.showQueue},
		{"GET", "/jury/rounds/{round}", juror, s.showOwnRecord},
		{"GET", "/jury/rounds/{round}/relations", juror, s.showRelations},
		{"GET", "/jury/{assignment}", juror, s.showScore},
		{"POST", "/jury/{assignment}/score", juror, s.saveScore},
		{"POST", "/jury/{assignment}/recusal", juror, s.saveRecusal},
	}
}

// queuePage is how many films stand on one page of the queue.
const queuePage = 20

func (s *Site) showQueue(w http.ResponseWriter, r *http.Request) error {
	ctx, query := r.Context(), strings.TrimSpace(r.URL.Query().Get("q"))
	tasks, err := score.Queue(ctx, s.db, actor(r).ID, score.Search{Text: query, Countries: countriesLike(ctx, query)})
	if err != nil {
		return err
	}
	v := pages.JurorQueue{Query: query, Order: r.URL.Query().Get("order"), Orders: queueOrders(ctx), Nothing: queueNothing(ctx, query)}
	open, closed := splitTasks(tasks)
	v.Show = queueTab(r.URL.Query().Get("show"), len(open), len(closed))
	queueProgress(ctx, &v, open, closed, s.now())
	v.Tabs = queueTabs(ctx, v, open, closed)
	shown := orderTasks(pickTasks(v.Show, open, closed), v.Order)
	from := pageFrom(r, len(shown))
	for _, t := range shown[from:min(from+queuePage, len(shown))] {
		v.Items = append(v.Items, queueItem(ctx, t, s.now()))
	}
	v.Pager = queuePager(r, from, queuePage, len(shown))
	return s.page(w, r, http.StatusOK, pages.JurorQueuePage(s.jurorFrame(r, locale.T(ctx, "queue.title", "My queue")), v))
}

// countriesLike lists the codes of countries whose name holds the text.
func countriesLike(ctx context.Context, text string) []string {
	var codes []string
	if len([]rune(text)) < 3 {
		return codes
	}
	for _, c := range locale.Countries(ctx) {
		if strings.Contains(strings.ToLower(c.Name), strings.ToLower(text)) {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

func splitTasks(tasks []score.Task) (open, closed []score.Task) {
	for _, t := range tasks {
		if t.Phase == jury.Closed {
			closed = append(closed, t)
		} else {
			open = append(open, t)
		}
	}
	return open, closed
}

// queueTab is the tab that was asked for, or the first that holds something.
func queueTab(asked string, open, closed int) string {
	switch {
	case slices.Contains([]string{"new", "begun", "scored", "recused", "closed"}, asked):
		return asked
	case open == 0 && closed > 0:
		return "closed"
	}
	return "all"
}

// ofTab says whether a task of an open round belongs to a tab.
func ofTab(tab string, t score.Task) bool {
	switch tab {
	case "new":
		return t.State == jury.ToDo && t.Version == 0
	case "begun":
		return t.State == jury.ToDo && t.Version > 0
	case "scored":
		return t.State == jury.Done
	case "recused":
		return t.State == jury.Recused
	}
	return true
}

func pickTasks(tab string, open, closed []score.Task) []score.Task {
	from := open
	if tab == "closed" {
		from = closed
	}
	return slices.DeleteFunc(slices.Clone(from), func(t score.Task) bool {
		return !t.Matches || tab != "closed" && !ofTab(tab, t)
	})
}

// orderTasks puts what was begun first, then what waits, in the juror's own
// order; or goes by length.
func orderTasks(tasks []score.Task, order string) []score.Task {
	rank := func(t score.Task) int {
		return slices.Index([]bool{t.Begun() && t.State == jury.ToDo, t.State == jury.ToDo, t.State == jury.Done, true}, true)
	}
	slices.SortStableFunc(tasks, func(a, b score.Task) int {
		switch order {
		case "shortest":
			return cmp.Compare(a.Runtime, b.Runtime)
		case "longest":
			return cmp.Compare(b.Runtime, a.Runtime)
		}
		return cmp.Compare(rank(a), rank(b))
	})
	return tasks
}

func queueOrders(ctx context.Context) []components.Option {
	return []components.Option{
		{Value: "", Label: locale.T(ctx, "queue.suggested", "Suggested")},
		{Value: "shortest", Label: locale.T(ctx, "queue.shortest", "Shortest first")},
		{Value: "longest", Label: locale.T(ctx, "queue.longest", "Longest first")},
	}
}

func queueNothing(ctx context.Context, query string) string {
	if query != "" {
		return locale.T(ctx, "queue.no-match", "No film of yours has this in its title or among its countries.")
	}
	return locale.T(ctx, "queue.nothing-here", "Nothing here.")
}

func queueTabs(ctx context.Context, v pages.JurorQueue, open, closed []score.Task) []components.Link {
	tab := func(name, label string, n int) components.Link {
		q := url.Values{"show": {name}}
		for key, value := range map[string]string{"q": v.Query, "order": v.Order} {
			if value != "" {
				q.Set(key, value)
			}
		}
		return components.Link{URL: "/jury?" + q.Encode(), Label: label, Count: locale.Number(ctx, n), Current: v.Show == name}
	}
	of := func(name string) int {
		n := 0
		for _, t := range open {
			if ofTab(name, t) {
				n++
			}
		}
		return n
	}
	tabs := []components.Link{
		tab("all", locale.T(ctx, "queue.tab-all", "All"), len(open)),
		tab("new", locale.T(ctx, "queue.tab-new", "Not watched"), of("new")),
		tab("begun", locale.T(ctx, "queue.tab-begun", "Unfinished"), of("begun")),
		tab("scored", locale.T(ctx, "queue.tab-scored", "Scored"), of("scored")),
		tab("recused", locale.T(ctx, "queue.tab-recused", "Recused"), of("recused")),
	}
	if len(closed) > 0 {
		tabs = append(tabs, tab("closed", locale.T(ctx, "queue.tab-closed", "Closed rounds"), len(closed)))
	}
	return tabs
}

// queueProgress says where the juror stands.
func queueProgress(ctx context.Context, v *pages.JurorQueue, open, closed []score.Task, now time.Time) {
	left, watched, ahead := 0, 0, 0
	for _, t := range open {
		switch t.State {
		case jury.Done:
			v.Done++
			watched += t.Runtime
		case jury.ToDo:
			left++
			ahead += t.Runtime
		case jury.Recused:
		}
	}
	v.Total = v.Done + left
	switch {
	case left > 0:
		v.Heading = locale.N(ctx, "queue.to-go", left, "One film to go", "{{.Count}} films to go")
	case v.Total > 0:
		v.Heading = locale.T(ctx, "queue.all-scored", "Every film is scored")
	case len(closed) > 0:
		v.Heading = locale.T(ctx, "queue.all-closed", "Your rounds are closed")
	default:
		v.Heading = locale.T(ctx, "queue.title", "My queue")
	}
	if watched+ahead > 0 {
		v.Time = locale.T(ctx, "queue.time", "{{.Watched}} watched, {{.Ahead}} to go", "Watched", hours(ctx, watched), "Ahead", hours(ctx, ahead))
	}
	v.Lead = roundLines(ctx, open, now)
	if next := orderTasks(pickOpen(open), ""); len(next) > 0 {
		v.Resume, v.ResumeName, v.Begun = "/jury/"+next[0].Code, next[0].Title, next[0].Begun()
	}
	v.Chart = ownScores(ctx, open, closed)
	v.Records = recordLinks(ctx, closed)
}

// recordLinks lead from each closed round to how the juror's scores compare.
func recordLinks(ctx context.Context, closed []score.Task) []components.Link {
	var links []components.Link
	seen := map[jury.RoundID]bool{}
	for _, t := range closed {
		if !seen[t.RoundID] && t.State == jury.Done {
			links = append(links, components.Link{URL: "/jury/rounds/" + t.RoundCode, Label: locale.T(ctx, "record.link", "{{.Category}}, {{.Round}}: how your scores compare", "Category", t.CategoryName, "Round", t.RoundName)})
			seen[t.RoundID] = true
		}
	}
	return links
}

func pickOpen(open []score.Task) []score.Task {
	return slices.DeleteFunc(slices.Clone(open), func(t score.Task) bool { return t.State != jury.ToDo })
}

// hours writes a long time: "3 h 15 min", "40 min".
func hours(ctx context.Context, seconds int) string {
	minutes := (seconds + 30) / 60
	if minutes < 60 {
		return locale.T(ctx, "figure.minutes", "{{.Number}} min", "Number", locale.Number(ctx, minutes))
	}
	return locale.T(ctx, "queue.hours", "{{.Hours}} h {{.Minutes}} min", "Hours", locale.Number(ctx, minutes/60), "Minutes", locale.Number(ctx, minutes%60))
}

// roundLines says of each open round when it closes.
func roundLines(ctx context.Context, open []score.Task, now time.Time) []string {
	var lines []string
	seen := map[jury.RoundID]bool{}
	for _, t := range open {
		if seen[t.RoundID] {
			continue
		}
		seen[t.RoundID] = true
		lines = append(lines, locale.T(ctx, "queue.closes", "{{.Festival}}: {{.Round}}, {{.Category}}. Scoring closes on {{.When}}, {{.Left}}.",
			"Festival", t.FestivalName, "Round", t.RoundName, "Category", t.CategoryName,
			"When", locale.DateTime(ctx, t.EndsAt, zoneOf(t.Zone), t.City), "Left", locale.TimeLeft(ctx, t.EndsAt.Sub(now)))+
			" "+pages.DecidedWords(ctx, string(t.Binding), t.ReviewsMost))
	}
	return lines
}

func zoneOf(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	return time.UTC
}

// ownScores draws how the juror has used the scale of the first round in which
// they have scored.
func ownScores(ctx context.Context, open, closed []score.Task) *pages.OwnScores {
	var round jury.RoundID
	var values []float64
	low, high := 1, 10
	for _, t := range slices.Concat(open, closed) {
		if !t.Complete || t.State != jury.Done || round != 0 && t.RoundID != round {
			continue
		}
		round, low, high = t.RoundID, t.ScaleMin, t.ScaleMax
		values = append(values, t.Score)
	}
	if len(values) < 2 {
		return nil
	}
	sum := tally.Summarise(values)
	mean, from, to := locale.Decimal(ctx, sum.Mean, 1), locale.Decimal(ctx, sum.Low, 1), locale.Decimal(ctx, sum.High, 1)
	return &pages.OwnScores{
		Counts: tally.Distribution(values, low, high), Low: low,
		Label: locale.N(ctx, "queue.chart", len(values), "Your one score: {{.Mean}}.", "Your {{.Count}} scores, from {{.Low}} to {{.High}}. Mean {{.Mean}}.",
			"Low", from, "High", to, "Mean", mean),
		Sentence: locale.T(ctx, "queue.mean", "Mean {{.Mean}}. You use the scale from {{.Low}} to {{.High}}.", "Mean", mean, "Low", from, "High", to),
	}
}

func queueItem(ctx context.Context, t score.Task, now time.Time) pages.QueueItem {
	x := pages.QueueItem{
		Title: t.Title, TitleIn: t.TitleIn, Other: t.TitleOriginal, Language: t.LanguageOriginal,
		Facts: factLine(locale.CountryNames(ctx, t.Countries), t.CategoryName, runtime(ctx, t.Runtime)),
	}
	if t.State == jury.Recused {
		x.State, x.Small = locale.T(ctx, "queue.recused", "Recused"), cmp.Or(t.Note, reasonWords(ctx, t.Reason))
		return x
	}
	x.URL = "/jury/" + t.Code
	if t.StillCode != nil {
		x.Still = "/files/" + *t.StillCode + "/w480"
	}
	if t.Answered > 0 && t.Score > 0 {
		x.Score = locale.Decimal(ctx, t.Score, 1)
	}
	if t.SavedAt != nil {
		x.Small = locale.Ago(ctx, now.Sub(*t.SavedAt))
	}
	switch {
	case t.Phase == jury.Closed && t.State == jury.Done:
		x.Kind, x.State, x.Action = "on", locale.T(ctx, "queue.scored", "Scored"), locale.T(ctx, "queue.look", "Look")
	case t.Phase == jury.Closed:
		x.State, x.Action = locale.T(ctx, "queue.not-submitted", "Not submitted"), locale.T(ctx, "queue.look", "Look")
	case t.State == jury.Done:
		x.Kind, x.State, x.Action = "on", locale.T(ctx, "queue.scored", "Scored"), locale.T(ctx, "queue.change", "Change")
	case t.Version > 0:
		x.Kind, x.State, x.Action = "warn", locale.T(ctx, "queue.begun", "Score not finished"), locale.T(ctx, "queue.finish", "Finish scoring")
		x.Small = locale.N(ctx, "queue.answered", t.Criteria, "{{.Answered}} of one criterion scored", "{{.Answered}} of {{.Count}} criteria scored", "Answered", locale.Number(ctx, t.Answered))
	default:
		x.State, x.Action, x.Small = locale.T(ctx, "queue.unwatched", "Not watched"), locale.T(ctx, "queue.watch", "Watch"),
			entry.WarningsOf(ctx, entry.Film{ContentWarnings: t.ContentWarnings, Warnings: t.Warnings})
	}
	return x
}

func runtime(ctx context.Context, seconds int) string {
	if seconds == 0 {
		return ""
	}
	return locale.Runtime(ctx, seconds)
}

// factLine joins what is known with dots.
func factLine(facts ...string) string {
	return strings.Join(slices.DeleteFunc(facts, func(f string) bool { return f == "" }), " · ")
}

// pageFrom is the place of the first line on the page that was asked for.
func pageFrom(r *http.Request, total int) int {
	from, err := strconv.Atoi(r.URL.Query().Get("from"))
	if err != nil || from < 0 || from >= total {
		return 0
	}
	return from
}

// queuePager leads through a list by places; nil when it fits on one page.
func queuePager(r *http.Request, from, size, total int) *components.PagerView {
	if total <= size {
		return nil
	}
	at := func(place int) string {
		q := r.URL.Query()
		q.Set("from", strconv.Itoa(place))
		return r.URL.Path + "?" + q.Encode()
	}
	p := &components.PagerView{From: from + 1, To: min(from+size, total), Total: total}
	if from > 0 {
		p.Previous = at(max(0, from-size))
	}
	if from+size < total {
		p.Next = at(from + size)
	}
	return p
}
