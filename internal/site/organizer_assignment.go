package site

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/web/components"
	"laurel/web/pages"
)

// gridPage is how many films stand on one page of the table.
const gridPage = 50

func (s *Site) showAssignment(w http.ResponseWriter, r *http.Request) error {
	return s.assignmentPage(w, r, http.StatusOK, r.URL.Query(), nil)
}

// asked is how an assignment is to be made.
type asked struct {
	way     jury.Way // empty: show it as it is
	reviews int
	seed    uint64
}

// howAsked reads how an assignment is to be made, with the round's own number of
// jurors for each film when none is given.
func howAsked(q url.Values, x jury.Round) asked {
	how := asked{way: jury.Way(q.Get("way")), reviews: x.ReviewsPerEntry, seed: uint64(x.ID)}
	if n, err := strconv.Atoi(locale.ASCII(q.Get("reviews"))); err == nil && n >= 1 && n <= 50 {
		how.reviews = n
	}
	if seed, err := strconv.ParseUint(q.Get("seed"), 10, 64); err == nil {
		how.seed = seed
	}
	if how.way != jury.ToAll && how.way != jury.Evenly {
		how.way = ""
	}
	return how
}

// board is everything that the page of an assignment is drawn from.
type board struct {
	edition   festival.Edition
	desk      jury.Desk
	conflicts []jury.Conflict
	hidden    map[entry.ID]bool
	now       map[jury.Pair]bool
	plan      map[jury.Pair]bool // the same as now when nothing is drafted
	how       asked
	drafted   jury.Plan
	fixed     bool
}

func (s *Site) board(r *http.Request, q url.Values) (board, error) {
	ctx := r.Context()
	e, x, err := s.round(r)
	if err != nil {
		return board{}, err
	}
	b := board{edition: e, how: howAsked(q, x), fixed: x.PhaseAt(s.now()) == jury.Closed}
	if b.desk, err = jury.DeskOf(ctx, s.db, x); err != nil {
		return b, err
	}
	if b.conflicts, err = jury.Conflicts(ctx, s.db, actor(r).ID, x); err != nil {
		return b, err
	}
	if b.hidden, err = jury.Hidden(ctx, s.db, actor(r).ID, x.CategoryID); err != nil {
		return b, err
	}
	b.now = b.desk.Now()
	b.plan = b.now
	if b.fixed {
		b.how.way = ""
	}
	if b.how.way != "" {
		if b.drafted, err = b.desk.Plan(jury.Ask{Way: b.how.way, Reviews: b.how.reviews, Seed: b.how.seed}); err != nil {
			return b, err
		}
		b.plan = b.drafted.Pairs
	}
	return b, nil
}

func (s *Site) assignmentPage(w http.ResponseWriter, r *http.Request, status int, q url.Values, errs components.Errors) error {
	ctx := r.Context()
	b, err := s.board(r, q)
	if err != nil {
		return err
	}
	x := b.desk.Round
	v := pages.AssignmentDesk{
		Round: roundURL(b.edition, x), Title: x.CategoryName + ": " + x.Name, Fixed: b.fixed, Lede: assignmentLede(ctx, b),
		Reviews: strconv.Itoa(b.how.reviews), Reasons: reasonOptions(ctx), Errors: errs,
	}
	v.Balance, v.Most = balance(ctx, b)
	if b.how.way != "" {
		v.Draft = draftView(ctx, b, v.Round)
	}
	declared(ctx, &v, b)
	gridView(ctx, r, &v, b)
	f := s.organizerFrame(r, b.edition, locale.T(ctx, "assign.title", "Who watches what: {{.Round}}", "Round", v.Title), "juries")
	return s.page(w, r, status, pages.AssignmentPage(f, v))
}

func assignmentLede(ctx context.Context, b board) string {
	films := locale.N(ctx, "round.n-films", len(b.desk.Films), "One film", "{{.Count}} films")
	jurors := locale.N(ctx, "panel.seats", len(b.desk.Seats), "one juror", "{{.Count}} jurors")
	switch {
	case b.how.way == jury.Evenly:
		return locale.N(ctx, "assign.lede-spread", b.how.reviews,
			"A draft that gives {{.Films}} to {{.Jurors}}, one viewer each. Nothing changes for the jurors until you apply it.",
			"A draft that gives {{.Films}} to {{.Jurors}}, {{.Count}} viewers each. Nothing changes for the jurors until you apply it.", "Films", films, "Jurors", jurors)
	case b.how.way == jury.ToAll:
		return locale.T(ctx, "assign.lede-all", "A draft that gives {{.Films}} to {{.Jurors}}, each to everybody. Nothing changes for the jurors until you apply it.", "Films", films, "Jurors", jurors)
	case b.fixed:
		return locale.T(ctx, "assign.lede-closed", "{{.Films}}, {{.Jurors}}. The round is closed: who watched what stays as it was.", "Films", films, "Jurors", jurors)
	}
	return locale.T(ctx, "assign.lede", "{{.Films}}, {{.Jurors}}, {{.Given}} given.", "Films", films, "Jurors", jurors,
		"Given", locale.N(ctx, "assign.viewings", len(b.now), "one viewing", "{{.Count}} viewings"))
}

// loads counts films and their seconds by juror.
func loads(b board, plan map[jury.Pair]bool) (films, seconds map[account.ID]int) {
	runtimes := map[entry.ID]int{}
	for _, f := range b.desk.Films {
		runtimes[f.ID] = f.Runtime
	}
	films, seconds = map[account.ID]int{}, map[account.ID]int{}
	for p := range plan {
		films[p.Juror]++
		seconds[p.Juror] += runtimes[p.Entry]
	}
	return films, seconds
}

func balance(ctx context.Context, b board) (lines []pages.BalanceLine, most int) {
	before, _ := loads(b, b.now)
	after, seconds := loads(b, b.plan)
	most = 1
	for _, x := range b.desk.Seats {
		line := pages.BalanceLine{Name: x.Name, Before: before[x.AccountID], After: after[x.AccountID], Time: hours(ctx, seconds[x.AccountID])}
		line.Label = locale.T(ctx, "assign.balance-label", "{{.Juror}}: now {{.Before}}, draft {{.After}}", "Juror", x.Name, "Before", locale.Number(ctx, line.Before), "After", locale.Number(ctx, line.After))
		if b.how.way == "" {
			line.Label = locale.T(ctx, "assign.balance-now", "{{.Juror}}: {{.Films}}", "Juror", x.Name, "Films", locale.Number(ctx, line.After))
		}
		most = max(most, line.Before, line.After)
		lines = append(lines, line)
	}
	return lines, most
}

func draftView(ctx context.Context, b board, round string) *pages.AssignmentDraft {
	add, remove := b.drafted.Change()
	d := &pages.AssignmentDraft{
		Way: string(b.how.way), Reviews: strconv.Itoa(b.how.reviews), Seed: strconv.FormatUint(b.how.seed, 10),
		Seen: b.drafted.Fingerprint(), Added: len(add), Removed: len(remove), Measures: measures(ctx, b),
	}
	told := map[account.ID]bool{}
	for _, p := range add {
		told[p.Juror] = true
	}
	d.Apply = locale.T(ctx, "assign.apply", "Apply the draft")
	if b.desk.Round.OpenedAt != nil && len(told) > 0 {
		d.Apply = locale.N(ctx, "assign.apply-tell", len(told), "Apply, and tell one juror", "Apply, and tell {{.Count}} jurors")
	}
	if b.how.way == jury.Evenly {
		q := url.Values{"way": {d.Way}, "reviews": {d.Reviews}, "seed": {strconv.FormatUint(rand.Uint64()>>33, 10)}}
		d.Again = round + "/assignment?" + q.Encode()
	}
	return d
}

// quality is what is measured of an assignment.
type quality struct {
	full, longest, shortest, apart, pairs, moved int
}

func measure(b board, plan map[jury.Pair]bool) quality {
	q := quality{}
	viewers, together := map[entry.ID][]account.ID{}, map[[2]account.ID]bool{}
	for p := range plan {
		viewers[p.Entry] = append(viewers[p.Entry], p.Juror)
		if b.desk.Apart[p] {
			q.apart++
		}
	}
	for _, f := range b.desk.Films {
		who := viewers[f.ID]
		if len(who) >= b.how.reviews {
			q.full++
		}
		for i, a := range who {
			for _, c := range who[i+1:] {
				together[[2]account.ID{min(a, c), max(a, c)}] = true
			}
		}
	}
	q.pairs = len(together)
	counts, _ := loads(b, plan)
	for i, x := range b.desk.Seats {
		n := counts[x.AccountID]
		if q.longest = max(q.longest, n); i == 0 || n < q.shortest {
			q.shortest = n
		}
	}
	for _, a := range b.desk.Assignments {
		if a.Begun && a.State != jury.Recused && !plan[jury.Pair{Entry: a.EntryID, Juror: a.AccountID}] {
			q.moved++
		}
	}
	return q
}

func measures(ctx context.Context, b board) []pages.Measure {
	now, plan := measure(b, b.now), measure(b, b.plan)
	of := func(n, all int) string {
		return locale.T(ctx, "queue.of", "{{.Done}} of {{.Total}}", "Done", locale.Number(ctx, n), "Total", locale.Number(ctx, all))
	}
	and := func(q quality) string {
		return locale.T(ctx, "assign.and", "{{.Longest}} and {{.Shortest}}", "Longest", locale.Number(ctx, q.longest), "Shortest", locale.Number(ctx, q.shortest))
	}
	films, jurors := len(b.desk.Films), len(b.desk.Seats)
	pairs := jurors * (jurors - 1) / 2
	return []pages.Measure{
		{Name: locale.N(ctx, "assign.full", b.how.reviews, "Films with a viewer", "Films with {{.Count}} viewers"), Before: of(now.full, films), After: of(plan.full, films),
			Better: plan.full > now.full, Means: fullMeans(ctx, plan.full, films)},
		{Name: locale.T(ctx, "assign.longest", "Longest and shortest list"), Before: and(now), After: and(plan),
			Better: plan.longest-plan.shortest < now.longest-now.shortest, Means: evenMeans(ctx, plan)},
		{Name: locale.T(ctx, "assign.conflicts", "Conflicts of interest"), Before: locale.Number(ctx, now.apart), After: locale.Number(ctx, plan.apart),
			Better: plan.apart < now.apart, Means: locale.N(ctx, "assign.apart-means", len(b.desk.Apart), "One declared or found, kept apart", "{{.Count}} declared or found, all kept apart")},
		{Name: locale.T(ctx, "assign.pairs", "Pairs of jurors who share a film"), Before: of(now.pairs, pairs), After: of(plan.pairs, pairs),
			Better: plan.pairs > now.pairs, Means: locale.T(ctx, "assign.pairs-means", "So that severe and kind jurors can be compared")},
		{Name: locale.T(ctx, "assign.moved", "Films taken from who scored them"), Before: "–", After: locale.Number(ctx, plan.moved),
			Means: locale.T(ctx, "assign.moved-means", "Scores given so far all stay")},
	}
}

func fullMeans(ctx context.Context, full, films int) string {
	if full == films {
		return locale.T(ctx, "assign.full-means", "Every film is watched by as many as wanted")
	}
	return locale.N(ctx, "assign.short-means", films-full, "One film has too few jurors without a conflict", "{{.Count}} films have too few jurors without a conflict")
}

func evenMeans(ctx context.Context, q quality) string {
	if q.longest-q.shortest <= 1 {
		return locale.T(ctx, "assign.even-means", "Nobody watches more than one film more than another")
	}
	return locale.T(ctx, "assign.uneven-means", "As even as the conflicts and the scores given so far allow")
}

// declared lists conflicts, and what can be kept apart.
func declared(ctx context.Context, v *pages.AssignmentDesk, b board) {
	seats := map[account.ID]string{}
	for _, x := range b.desk.Seats {
		seats[x.AccountID] = x.Code
		v.AllJurors = append(v.AllJurors, components.Option{Value: x.Code, Label: x.Name})
	}
	for _, f := range b.desk.Films {
		if !b.hidden[f.ID] {
			v.AllFilms = append(v.AllFilms, components.Option{Value: f.Code, Label: f.Title})
		}
	}
	for _, c := range b.conflicts {
		line := pages.ConflictLine{Juror: c.AccountName, Film: c.Title, Reason: cmp.Or(c.Note, reasonWords(ctx, c.Reason))}
		if c.Declared {
			line.SeatID, line.EntryID = seats[c.AccountID], c.EntryCode
		}
		v.Conflicts = append(v.Conflicts, line)
	}
}

func gridView(ctx context.Context, r *http.Request, v *pages.AssignmentDesk, b board) {
	for _, x := range b.desk.Seats {
		given, _, _ := strings.Cut(x.Name, " ")
		v.Jurors = append(v.Jurors, pages.JurorHead{Name: given, Whole: x.Name})
	}
	films := slices.DeleteFunc(slices.Clone(b.desk.Films), func(f jury.Film) bool { return b.hidden[f.ID] })
	v.Hidden = len(b.desk.Films) - len(films)
	v.From = pageFrom(r, len(films))
	for _, f := range films[v.From:min(v.From+gridPage, len(films))] {
		v.Films = append(v.Films, gridLine(ctx, b, f))
	}
	v.Pager = queuePager(r, v.From, gridPage, len(films))
}

func gridLine(ctx context.Context, b board, f jury.Film) pages.GridLine {
	line := pages.GridLine{Title: f.Title}
	for _, x := range b.desk.Seats {
		p := jury.Pair{Entry: f.ID, Juror: x.AccountID}
		c := pages.GridCell{Viewing: viewing(b, p)}
		c.Label = viewingWords(ctx, c.Viewing, b.how.way != "")
		if b.how.way == "" && !b.fixed {
			switch c.Viewing {
			case components.Stays:
				c.Act = "take:" + f.Code + ":" + x.Code
				c.Label = locale.T(ctx, "assign.take", "{{.Juror}} watches it. Take it back.", "Juror", x.Name)
			case components.None:
				c.Act = "give:" + f.Code + ":" + x.Code
				c.Label = locale.T(ctx, "assign.give", "Give it to {{.Juror}}", "Juror", x.Name)
			case components.New, components.Gone, components.Apart:
			}
		}
		if b.plan[p] {
			line.Viewers++
		}
		line.Cells = append(line.Cells, c)
	}
	line.Short = line.Viewers < b.how.reviews
	return line
}

func viewing(b board, p jury.Pair) components.Viewing {
	switch {
	case b.desk.Apart[p] && !b.plan[p]:
		return components.Apart
	case b.now[p] && b.plan[p]:
		return components.Stays
	case b.plan[p]:
		return components.New
	case b.now[p]:
		return components.Gone
	}
	return components.None
}

func viewingWords(ctx context.Context, v components.Viewing, draft bool) string {
	switch v {
	case components.Apart:
		return locale.T(ctx, "assign.conflict", "conflict")
	case components.Stays:
		if !draft {
			return locale.T(ctx, "assign.watches", "watches it")
		}
		return locale.T(ctx, "assign.stays", "stays")
	case components.New:
		return locale.T(ctx, "assign.new", "new")
	case components.Gone:
		return locale.T(ctx, "assign.gone", "taken away")
	case components.None:
	}
	return locale.T(ctx, "assign.not-given", "not given")
}

func (s *Site) applyAssignment(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	b, err := s.board(r, r.PostForm)
	if err != nil {
		return err
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "assign.applied", "The draft is applied.")
		_, _, err := jury.Apply(ctx, tx, actor(r).ID, x.ID, b.drafted, r.PostForm.Get("seen"))
		return roundURL(e, x) + "/assignment", err
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.assignmentPage(w, r, status, r.PostForm, errs)
	}
	return err
}

// pair finds a film and a juror of the round by the codes of a form.
func pair(d jury.Desk, film, seat string) (jury.Pair, error) {
	f := slices.IndexFunc(d.Films, func(f jury.Film) bool { return f.Code == film })
	j := slices.IndexFunc(d.Seats, func(x jury.Seat) bool { return x.Code == seat })
	if f < 0 || j < 0 {
		return jury.Pair{}, problem.Missing()
	}
	return jury.Pair{Entry: d.Films[f].ID, Juror: d.Seats[j].AccountID}, nil
}

// onPair acts on a film and a juror of the round of the path, and comes back to
// the table.
func (s *Site) onPair(w http.ResponseWriter, r *http.Request, film, seat string, act func(ctx context.Context, tx pgx.Tx, b board, p jury.Pair) error) error {
	b, err := s.board(r, url.Values{})
	if err != nil {
		return err
	}
	p, err := pair(b.desk, film, seat)
	if err != nil || b.hidden[p.Entry] {
		return problem.Missing()
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		to := roundURL(b.edition, b.desk.Round) + "/assignment"
		if from := r.PostForm.Get("from"); from != "" && from != "0" {
			to += "?from=" + url.QueryEscape(from)
		}
		return to + "#who", act(ctx, tx, b, p)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.assignmentPage(w, r, status, url.Values{}, errs)
	}
	return err
}

func (s *Site) saveViewing(w http.ResponseWriter, r *http.Request) error {
	what, rest, _ := strings.Cut(r.PostForm.Get("viewing"), ":")
	i := strings.LastIndex(rest, ":")
	if i < 0 {
		return problem.Missing()
	}
	return s.onPair(w, r, rest[:i], rest[i+1:], func(ctx context.Context, tx pgx.Tx, b board, p jury.Pair) error {
		if what == "take" {
			return jury.TakeBack(ctx, tx, actor(r).ID, b.desk.Round.ID, p)
		}
		return jury.Give(ctx, tx, actor(r).ID, b.desk.Round.ID, p)
	})
}

func (s *Site) saveConflict(w http.ResponseWriter, r *http.Request) error {
	reason := jury.Reason(r.PostForm.Get("reason"))
	if !slices.Contains(jury.Reasons, reason) {
		reason = jury.Other
	}
	return s.onPair(w, r, r.PostForm.Get("film"), r.PostForm.Get("juror"), func(ctx context.Context, tx pgx.Tx, b board, p jury.Pair) error {
		s.flash(w, "assign.declared", "They are kept apart from now on.")
		return jury.Declare(ctx, tx, actor(r).ID, b.edition.ID, p.Juror, p.Entry, reason, text(r, "note"))
	})
}

func (s *Site) withdrawConflict(w http.ResponseWriter, r *http.Request) error {
	return s.onPair(w, r, r.PostForm.Get("film"), r.PostForm.Get("juror"), func(ctx context.Context, tx pgx.Tx, b board, p jury.Pair) error {
		s.flash(w, "assign.withdrawn", "The conflict is taken back.")
		return jury.Withdraw(ctx, tx, actor(r).ID, b.edition.ID, p.Juror, p.Entry)
	})
}
