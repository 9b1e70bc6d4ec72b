package site

import (
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

// How much stands on one page of an assignment.
const (
	gridPage     = 50 // films of the table
	changesShown = 10 // changes on record
)

func (s *Site) showAssignment(w http.ResponseWriter, r *http.Request) error {
	return s.assignmentPage(w, r, http.StatusOK, r.URL.Query(), nil)
}

// howAsked reads how an assignment is to be made, with the round's own number of
// jurors for each film when none is given. An empty way shows it as it is.
func howAsked(q url.Values, x jury.Round) jury.Ask {
	how := jury.Ask{Way: jury.Way(q.Get("way")), Reviews: x.ReviewsPerEntry, Seed: uint64(x.ID)}
	if n, err := strconv.Atoi(locale.ASCII(q.Get("reviews"))); err == nil && n >= 1 && n <= 50 {
		how.Reviews = n
	}
	if seed, err := strconv.ParseUint(q.Get("seed"), 10, 63); err == nil {
		how.Seed = seed
	}
	if how.Way != jury.ToAll && how.Way != jury.Evenly && how.Way != jury.Repair {
		how.Way = ""
	}
	return how
}

// askedAs is the query that asks for a draft again.
func askedAs(how jury.Ask) url.Values {
	q := url.Values{}
	if how.Way != "" {
		q.Set("way", string(how.Way))
		q.Set("reviews", strconv.Itoa(how.Reviews))
		q.Set("seed", strconv.FormatUint(how.Seed, 10))
	}
	return q
}

// board is everything that the page of an assignment is drawn from. What the
// reader is kept apart from is left out of seen, and so of all that is counted.
type board struct {
	edition    festival.Edition
	desk, seen jury.Desk
	how        jury.Ask
	plan       jury.Plan // the same as it stands when nothing is drafted
	before     jury.Quality
	after      jury.Quality
	fixed      bool
	hidden     map[entry.ID]bool
	conflicts  []jury.Conflict
	dismissed  []jury.Dismissal
	changes    []jury.Change
}

// drafted says whether the page shows a draft.
func (b board) drafted() bool { return b.how.Way != "" }

// visible counts the viewings that the reader may know of.
func (b board) visible(pairs map[jury.Pair]bool) int {
	n := 0
	for p := range pairs {
		if !b.hidden[p.Entry] {
			n++
		}
	}
	return n
}

// desk reads a round's desk for a reader, with how a draft was asked for.
func (s *Site) desk(r *http.Request, q url.Values) (board, error) {
	ctx := r.Context()
	e, x, err := s.round(r)
	if err != nil {
		return board{}, err
	}
	b := board{edition: e, how: howAsked(q, x), fixed: x.PhaseAt(s.now()) == jury.Closed}
	if b.fixed {
		b.how.Way = ""
	}
	if b.desk, err = jury.DeskOf(ctx, s.db, x); err != nil {
		return b, err
	}
	if b.hidden, err = jury.Hidden(ctx, s.db, actor(r).ID, x.CategoryID); err != nil {
		return b, err
	}
	b.seen = b.desk.Without(b.hidden)
	return b, nil
}

// board is desk with all that stands on the page, and the draft.
func (s *Site) board(r *http.Request, q url.Values) (board, error) {
	ctx := r.Context()
	b, err := s.desk(r, q)
	if err != nil {
		return b, err
	}
	if b.conflicts, err = jury.Conflicts(ctx, s.db, actor(r).ID, b.desk.Round); err != nil {
		return b, err
	}
	if b.dismissed, err = jury.Dismissals(ctx, s.db, actor(r).ID, b.desk.Round); err != nil {
		return b, err
	}
	if b.changes, err = jury.Changes(ctx, s.db, actor(r).ID, b.desk.Round.ID, changesShown); err != nil {
		return b, err
	}
	return b, nil
}

// draft makes the plan that the page shows, or the one that stands.
func (s *Site) draft(b *board) error {
	b.plan = b.desk.Standing()
	if b.drafted() {
		plan, err := s.drafts.plan(b.desk, b.how)
		if err != nil {
			b.how.Way = ""
			b.measure()
			return err
		}
		b.plan = plan
	}
	b.measure()
	return nil
}

func (b *board) measure() {
	b.before = b.seen.Measure(b.plan.Now, b.how.Reviews)
	b.after = b.before
	if b.drafted() {
		b.after = b.seen.Measure(b.plan.Pairs, b.how.Reviews)
	}
}

func (s *Site) assignmentPage(w http.ResponseWriter, r *http.Request, status int, q url.Values, errs components.Errors) error {
	ctx := r.Context()
	b, err := s.board(r, q)
	if err != nil {
		return err
	}
	if err := s.draft(&b); err != nil {
		refused, code, ok := s.refused(r, err)
		if !ok {
			return err
		}
		errs, status = refused, code
	}
	x := b.desk.Round
	v := pages.AssignmentDesk{
		Round: roundURL(b.edition, x), Title: x.CategoryName + ": " + x.Name, Fixed: b.fixed, Lede: assignmentLede(ctx, b),
		Given: b.visible(b.plan.Now) > 0, Reviews: strconv.Itoa(b.how.Reviews), Reasons: reasonOptions(ctx), Errors: errs,
		Load: pages.LoadForm{Juror: q.Get("juror"), Least: q.Get("least"), Most: q.Get("most")},
	}
	if v.Given || b.drafted() {
		v.Measures = measures(ctx, b)
	}
	v.Balance, v.Most = balance(ctx, b)
	v.Silent = silentJurors(ctx, b)
	if b.drafted() {
		v.Draft = draftView(ctx, b, v.Round)
		v.DraftShown = shownAs(b.how)
		v.Shortages = shortages(ctx, b)
	}
	v.Conflicts = conflictLines(ctx, r, b)
	v.AllJurors, v.AllFilms = choices(b)
	v.Changes = changeLines(ctx, b)
	gridView(ctx, r, &v, b)
	f := s.organizerFrame(r, b.edition, locale.T(ctx, "assign.title", "Who watches what: {{.Round}}", "Round", v.Title), "juries")
	f.Bad = errs.Any()
	return s.page(w, r, status, pages.AssignmentPage(f, v))
}

// shownAs is how a draft was asked for, for the forms that come back to it.
func shownAs(how jury.Ask) []components.Option {
	var fields []components.Option
	q := askedAs(how)
	for _, name := range []string{"way", "reviews", "seed"} {
		fields = append(fields, components.Option{Value: name, Label: q.Get(name)})
	}
	return fields
}

func assignmentLede(ctx context.Context, b board) string {
	films := locale.N(ctx, "round.n-films", len(b.seen.Films), "One film", "{{.Count}} films")
	jurors := locale.N(ctx, "panel.seats", len(b.seen.Seats), "one juror", "{{.Count}} jurors")
	switch {
	case b.how.Way == jury.Evenly:
		return locale.N(ctx, "assign.lede-spread", b.how.Reviews,
			"A new draft that gives {{.Films}} to {{.Jurors}}, one viewer each. Nothing changes for the jurors until you apply it.",
			"A new draft that gives {{.Films}} to {{.Jurors}}, {{.Count}} viewers each. Nothing changes for the jurors until you apply it.", "Films", films, "Jurors", jurors)
	case b.how.Way == jury.Repair:
		return locale.N(ctx, "assign.lede-repair", b.how.Reviews,
			"A draft that repairs what stands with the fewest changes: {{.Films}}, {{.Jurors}}, one viewer each. Nothing changes for the jurors until you apply it.",
			"A draft that repairs what stands with the fewest changes: {{.Films}}, {{.Jurors}}, {{.Count}} viewers each. Nothing changes for the jurors until you apply it.", "Films", films, "Jurors", jurors)
	case b.how.Way == jury.ToAll:
		return locale.T(ctx, "assign.lede-all", "A draft that gives {{.Films}} to {{.Jurors}}, each to everybody. Nothing changes for the jurors until you apply it.", "Films", films, "Jurors", jurors)
	case b.fixed:
		return locale.T(ctx, "assign.lede-closed", "{{.Films}}, {{.Jurors}}. The round is closed: who watched what stays as it was.", "Films", films, "Jurors", jurors)
	}
	given := b.visible(b.plan.Now)
	lede := locale.T(ctx, "assign.lede", "{{.Films}}, {{.Jurors}}, {{.Given}} given.", "Films", films, "Jurors", jurors,
		"Given", locale.N(ctx, "assign.viewings", given, "one viewing", "{{.Count}} viewings"))
	if given == 0 {
		return lede
	}
	return lede + wanting(ctx, b)
}

// wanting says what a repair would put right in what stands; nothing where
// everything is as wanted.
func wanting(ctx context.Context, b board) string {
	short, over, words := b.before.Films-b.before.Full, 0, ""
	for _, seat := range b.seen.Seats {
		if most := b.seen.Loads[seat.AccountID].Most; most != nil && b.before.Lists[seat.AccountID].Films > *most {
			over++
		}
	}
	if short > 0 {
		words += " " + locale.N(ctx, "assign.lede-short", short, "One film has fewer viewers than wanted.", "{{.Count}} films have fewer viewers than wanted.")
	}
	if over > 0 {
		words += " " + locale.N(ctx, "assign.lede-over", over, "One juror has more films than their limit.", "{{.Count}} jurors have more films than their limit.")
	}
	if words != "" {
		words += " " + locale.T(ctx, "assign.lede-next", "A repair puts that right with the fewest changes.")
	}
	return words
}

func draftView(ctx context.Context, b board, round string) *pages.AssignmentDraft {
	d := &pages.AssignmentDraft{Seen: b.plan.Fingerprint(), Apply: locale.T(ctx, "assign.apply", "Apply the draft"), Proof: proofView(ctx, b)}
	add, remove := b.plan.Change()
	add, remove = b.visiblePairs(add), b.visiblePairs(remove)
	d.Added, d.Removed = len(add), len(remove)
	told := map[account.ID]bool{}
	for _, p := range slices.Concat(add, remove) {
		told[p.Juror] = true
	}
	if n := len(told); b.desk.Round.OpenedAt != nil && n > 0 {
		d.Apply = locale.N(ctx, "assign.apply-tell", n, "Apply, and tell one juror", "Apply, and tell {{.Count}} jurors")
	}
	other, again := b.how, b.how
	again.Seed = rand.Uint64() >> 33
	d.Again = round + "/assignment?" + askedAs(again).Encode()
	switch b.how.Way {
	case jury.ToAll:
		d.Again = ""
	case jury.Repair:
		other.Way, d.OtherWay = jury.Evenly, locale.T(ctx, "assign.instead-anew", "Think anew instead")
	case jury.Evenly, jury.More:
		other.Way, d.OtherWay = jury.Repair, locale.T(ctx, "assign.instead-repair", "Repair with the fewest changes instead")
	}
	if d.OtherWay != "" && b.visible(b.plan.Now) > 0 {
		d.Other = round + "/assignment?" + askedAs(other).Encode()
	}
	d.Changes, d.More = jurorChanges(ctx, b, add, remove)
	return d
}

func (b board) visiblePairs(pairs []jury.Pair) []jury.Pair {
	return slices.DeleteFunc(pairs, func(p jury.Pair) bool { return b.hidden[p.Entry] })
}

func (s *Site) applyAssignment(w http.ResponseWriter, r *http.Request) error {
	b, err := s.desk(r, r.PostForm)
	if err != nil {
		return err
	}
	if b.how.Way == "" && !b.fixed {
		return problem.Missing()
	}
	if err = s.draft(&b); err == nil {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			s.flash(w, "assign.applied", "The draft is applied.")
			_, _, err := jury.Apply(ctx, tx, actor(r).ID, b.desk.Round.ID, b.plan, r.PostForm.Get("seen"))
			return roundURL(b.edition, b.desk.Round) + "/assignment", err
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.assignmentPage(w, r, status, r.PostForm, errs)
	}
	return err
}

// undoAssignment takes the latest change back.
func (s *Site) undoAssignment(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "assign.undone", "The change is undone. What was scored meanwhile stays.")
		return roundURL(e, x) + "/assignment#changes", jury.Undo(ctx, tx, actor(r).ID, x.ID, r.PostForm.Get("change"))
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.assignmentPage(w, r, status, url.Values{}, errs)
	}
	return err
}

// saveLoad limits what a juror watches.
func (s *Site) saveLoad(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	load, err := loadTyped(r)
	if err == nil {
		err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
			s.flash(w, "assign.load-set", "The limit is set. Drafts keep to it.")
			return assignmentURL(e, x, askedAs(howAsked(r.PostForm, x))) + "#balance", jury.SetLoad(ctx, tx, actor(r).ID, x.ID, r.PostForm.Get("juror"), load)
		})
	}
	if errs, status, ok := s.refused(r, err); ok {
		return s.assignmentPage(w, r, status, r.PostForm, errs)
	}
	return err
}

func loadTyped(r *http.Request) (jury.Load, error) {
	var load jury.Load
	for _, name := range []string{"least", "most"} {
		typed := locale.ASCII(text(r, name))
		if typed == "" {
			continue
		}
		n, err := strconv.Atoi(typed)
		if err != nil {
			return load, problem.Field(name, "assign.load-number", "Write a number from 0 to 20,000, or leave it empty.")
		}
		if name == "least" {
			load.Least = n
		} else {
			load.Most = &n
		}
	}
	return load, nil
}

// assignmentURL is the address of the page, with what it showed.
func assignmentURL(e festival.Edition, x jury.Round, q url.Values) string {
	if len(q) > 0 {
		return roundURL(e, x) + "/assignment?" + q.Encode()
	}
	return roundURL(e, x) + "/assignment"
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

// acted is what a button of the page says: what to do, and with which film and
// seat.
func acted(value string) (what, film, seat string) {
	what, rest, _ := strings.Cut(value, ":")
	if i := strings.LastIndex(rest, ":"); i >= 0 {
		return what, rest[:i], rest[i+1:]
	}
	return what, "", ""
}

// onPair acts on a film and a juror of the round of the path, and comes back to
// the table.
func (s *Site) onPair(w http.ResponseWriter, r *http.Request, film, seat, anchor string, act func(ctx context.Context, tx pgx.Tx, b board, p jury.Pair) error) error {
	b, err := s.desk(r, r.PostForm)
	if err != nil {
		return err
	}
	p, err := pair(b.seen, film, seat)
	if err != nil {
		return err
	}
	err = s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		q := askedAs(b.how)
		if from := r.PostForm.Get("from"); from != "" && from != "0" {
			q.Set("from", from)
		}
		return assignmentURL(b.edition, b.desk.Round, q) + anchor, act(ctx, tx, b, p)
	})
	if errs, status, ok := s.refused(r, err); ok {
		return s.assignmentPage(w, r, status, askedAs(b.how), errs)
	}
	return err
}

func (s *Site) saveViewing(w http.ResponseWriter, r *http.Request) error {
	what, film, seat := acted(r.PostForm.Get("viewing"))
	return s.onPair(w, r, film, seat, "#who", func(ctx context.Context, tx pgx.Tx, b board, p jury.Pair) error {
		if what == "take" {
			return jury.TakeBack(ctx, tx, actor(r).ID, b.desk.Round.ID, p)
		}
		return jury.Give(ctx, tx, actor(r).ID, b.desk.Round.ID, p)
	})
}
