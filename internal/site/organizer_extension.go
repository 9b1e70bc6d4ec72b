package site

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"strconv"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/locale"
	"laurel/internal/problem"
	"laurel/internal/report"
	"laurel/internal/result"
	"laurel/web/pages"
)

// usualBudget is how many viewings the page proposes to ask for.
const usualBudget = 5

// mostWorth is how many films the page lists.
const mostWorth = 30

// fillViewings lists where one more viewing would help, and who would watch as
// much as the budget says.
func (s *Site) fillViewings(r *http.Request, v *pages.Results, e festival.Edition, b report.Board) error {
	ctx := r.Context()
	may := worthwhile(b)
	v.Viewings = &pages.Viewings{
		City: e.City, Rule: viewingRule(ctx, b.Round), Stop: viewingStop(ctx, b, len(may)), Lede: viewingLede(ctx, b),
		Budget: cmp.Or(r.FormValue("budget"), strconv.Itoa(min(usualBudget, len(may)))),
		Until:  cmp.Or(r.PostForm.Get("until"), s.now().In(e.Location()).AddDate(0, 0, 7).Format("2006-01-02")+"T23:59"),
	}
	rows := make([]pages.ViewingRow, min(mostWorth, len(may)))
	for i := range rows {
		rows[i] = viewingRow(ctx, e, b, may[i])
	}
	v.Viewings.Rows = rows
	if v.Viewings.Stop != "" || v.Old {
		return nil
	}
	pairs, seen, err := s.viewers(ctx, b, may, v.Viewings.Budget)
	if p := problem.Of(err); p != nil && p.Kind == problem.Denied {
		v.Viewings.Stop = locale.Say(ctx, p.Say)
		return nil
	}
	if err != nil {
		return err
	}
	return s.nameViewers(ctx, v.Viewings, b, may, pairs, seen)
}

// worthwhile lists the viewings that may be asked for, the best first: of films
// still under consideration that have fewer viewers than were announced.
func worthwhile(b report.Board) []result.Viewing {
	rows := map[entry.ID]report.Row{}
	for _, r := range b.Rows {
		rows[r.EntryID] = r
	}
	var list []result.Viewing
	for _, x := range b.Result.Body.Extra.Viewings {
		film, ok := rows[x.Entry]
		if ok && !film.Gone && (b.Round.ReviewsMost == nil || film.Out.Scores < *b.Round.ReviewsMost) {
			list = append(list, x)
		}
	}
	return list
}

// viewers are who would watch the best viewings that a budget allows, with a name
// for that plan.
func (s *Site) viewers(ctx context.Context, b report.Board, may []result.Viewing, budget string) ([]jury.Pair, string, error) {
	n, err := strconv.Atoi(locale.ASCII(budget))
	if err != nil || n < 1 {
		return nil, "", nil
	}
	films := make([]entry.ID, min(n, len(may)))
	for i := range films {
		films[i] = may[i].Entry
	}
	plan, err := jury.PlanMore(ctx, s.db, b.Round, films, uint64(b.Result.Seed))
	if err != nil {
		return nil, "", err
	}
	pairs, _ := plan.Change()
	return pairs, plan.Fingerprint(), nil
}

func (s *Site) nameViewers(ctx context.Context, v *pages.Viewings, b report.Board, may []result.Viewing, pairs []jury.Pair, seen string) error {
	if len(pairs) == 0 {
		return nil
	}
	seats, err := jury.Seats(ctx, s.db, b.Round.PanelID)
	if err != nil {
		return err
	}
	names, who := map[account.ID]string{}, map[entry.ID]string{}
	for _, x := range seats {
		names[x.AccountID] = x.Name
	}
	jurors := map[account.ID]bool{}
	for _, p := range pairs {
		who[p.Entry], jurors[p.Juror] = names[p.Juror], true
	}
	for i := range v.Rows {
		v.Rows[i].Who = who[may[i].Entry]
	}
	v.Seen = seen
	v.Plan = locale.T(ctx, "results.extend-plan", "{{.Viewings}}, by {{.Jurors}}. Scores given before stay as they are. Until the round closes again, its results are sealed.",
		"Viewings", locale.N(ctx, "results.n-viewings", len(pairs), "One viewing", "{{.Count}} viewings"),
		"Jurors", locale.N(ctx, "panel.seats", len(jurors), "one juror", "{{.Count}} jurors"))
	return nil
}

// viewingRule says what the jurors were told before they scored.
func viewingRule(ctx context.Context, x jury.Round) string {
	if x.ReviewsMost == nil {
		return locale.T(ctx, "results.rule-none", "Jurors were told of no extra viewings when this round was opened.")
	}
	return locale.N(ctx, "results.rule", *x.ReviewsMost, "Jurors were told that a film can have up to one viewer.", "Jurors were told before they scored that a film can have up to {{.Count}} viewers in the end.")
}

func viewingLede(ctx context.Context, b report.Board) string {
	if b.Result.Body.Line == nil {
		return locale.T(ctx, "results.viewings-no-line", "There is no line that a viewing could move a film across.")
	}
	wrong := b.Result.Body.Extra.Errors
	if wrong < 0.5 {
		return locale.T(ctx, "results.viewings-sure", "By these numbers the places are as good as certain.")
	}
	n := int(math.Round(wrong))
	return locale.N(ctx, "results.viewings-lede", n, "By these numbers about one place may go to the wrong film. One more viewing helps most where it can change who is in.",
		"By these numbers about {{.Count}} places may go to the wrong films. One more viewing helps most where it can change who is in.")
}

// viewingStop says why no viewing is asked for; empty: some can be.
func viewingStop(ctx context.Context, b report.Board, may int) string {
	for _, r := range b.Rows {
		if r.Decision != nil && r.Decision.ReleasedAt != nil {
			return locale.T(ctx, "round.extend-told", "Filmmakers have been told a decision on a film of this round, so it stays closed.")
		}
	}
	switch {
	case b.Round.ReviewsMost == nil:
		return locale.T(ctx, "round.extend-unannounced", "No extra viewings were announced for this round, so it stays closed.")
	case b.Result.Body.Line == nil:
		return locale.T(ctx, "results.viewings-no-line", "There is no line that a viewing could move a film across.")
	case b.Result.Body.Extra.Stop == result.SureEnough:
		return locale.T(ctx, "results.stop-errors", "No viewing is worth it: the expected mistakes are below three in a hundred places. The rule was set before judging.")
	case b.Result.Body.Extra.Stop == result.LittleGain:
		return locale.T(ctx, "results.stop-gain", "No viewing is worth it: not one would change more than a hundredth of a point.")
	case may == 0:
		return locale.T(ctx, "results.stop-most", "Every film near the line has as many viewers as was announced.")
	}
	return ""
}

func viewingRow(ctx context.Context, e festival.Edition, b report.Board, x result.Viewing) pages.ViewingRow {
	for _, film := range b.Rows {
		if film.EntryID != x.Entry {
			continue
		}
		_, words := suggestion(ctx, film.Out)
		return pages.ViewingRow{
			Title: film.Title, URL: e.Desk() + "/entries/" + film.Code, Chance: words,
			Viewers: locale.Number(ctx, film.Out.Scores), Effect: effectWords(ctx, x.Turns),
		}
	}
	return pages.ViewingRow{}
}

// effectWords says how often one more viewing would turn a film in or out.
func effectWords(ctx context.Context, turns float64) string {
	if turns < 0.02 {
		return locale.T(ctx, "results.turns-hardly", "hardly ever decides who is in")
	}
	return locale.N(ctx, "results.turns", int(math.Round(1/turns)), "decides who is in as a rule", "decides who is in, one time in {{.Count}}")
}

// saveExtension opens the round again for the viewings that were shown.
func (s *Site) saveExtension(w http.ResponseWriter, r *http.Request) error {
	e, x, err := s.round(r)
	if err != nil {
		return err
	}
	err = s.extend(w, r, e, x)
	if errs, status, ok := s.refused(r, err); ok {
		r.URL.RawQuery = "view=viewings"
		return s.resultsPage(w, r, status, errs)
	}
	return err
}

func (s *Site) extend(w http.ResponseWriter, r *http.Request, e festival.Edition, x jury.Round) error {
	in := newReader(r)
	until := in.instant("until", e.Location())
	if in.errors.Any() {
		return problem.Field("until", "form.instant", "Write a day and an hour, such as 2026-11-30 23:59.")
	}
	got, err := s.read(r, x, "")
	if err != nil {
		return err
	}
	changed := problem.New(problem.Conflict, "round.extend-changed", "Something changed since this list was made. Look at the new one, then ask again.")
	if len(got.changes()) > 0 {
		return changed
	}
	b, err := report.Results(r.Context(), s.db, actor(r).ID, x, got.stored)
	if err != nil {
		return err
	}
	if b.Result.Body.Extra.Stop != result.Go {
		return changed
	}
	pairs, seen, err := s.viewers(r.Context(), b, worthwhile(b), text(r, "budget"))
	if err != nil {
		return err
	}
	if len(pairs) > 0 && seen != text(r, "seen") {
		return changed
	}
	return s.once(w, r, func(ctx context.Context, tx pgx.Tx) (string, error) {
		s.flash(w, "results.extended", "The round is open again for these viewings. The jurors have been told.")
		return roundURL(e, x), jury.Extend(ctx, tx, actor(r).ID, x.ID, until, pairs)
	})
}
