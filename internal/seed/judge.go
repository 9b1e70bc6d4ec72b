package seed

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
)

// A juror of the demo festival.
type judge struct {
	id       account.ID
	severity float64 // above 0: kinder than others
}

// rubric is what all rounds of the festival score, from 1 to 10.
var rubric = []struct {
	name, hint string
	weight     float64
}{
	{"Direction", "A hand you can feel, and a reason for every shot", 30},
	{"Structure", "How it holds together from first to last minute", 25},
	{"Image and sound", "Craft in the service of the film", 25},
	{"Necessity", "Did this have to be made?", 20},
}

// A round of judging, in days from today.
type sitting struct {
	name           string
	panel          jury.PanelID
	category       festival.Category
	blind          bool
	opened, closes int
	closed         bool
	reviews        int
	judges         []judge
	done           func(juror int) float64 // share of a juror's films that are scored
	guest          account.ID              // a juror who is given the two films below; 0: nobody
	begun, recused entry.ID                // what the guest is in the middle of, and does not judge
}

// panel makes a panel with a seat for each name; the first presides.
func (h *house) panel(ctx context.Context, edition festival.EditionID, name string, days int, people ...string) (jury.PanelID, []judge, error) {
	id, err := pg.Value[jury.PanelID](ctx, h.tx, `
		insert into panels (code, edition_id, name, created_at)
		values (@code, @edition, @name, @at)
		returning id`,
		pg.Args{"code": account.Code()[:12], "edition": edition, "name": name, "at": h.ago(days)})
	if err != nil {
		return 0, nil, fmt.Errorf("make panel: %w", err)
	}
	var judges []judge
	for i, name := range people {
		who, err := h.juror(ctx, name, days)
		if err != nil {
			return 0, nil, err
		}
		_, err = h.tx.Exec(ctx, `
			insert into seats (code, panel_id, account_id, president, joined_at)
			values (@code, @panel, @who, @president, @at)`,
			pg.Args{"code": account.Code()[:12], "panel": id, "who": who, "president": i == 0, "at": h.ago(days - 2)})
		if err != nil {
			return 0, nil, fmt.Errorf("seat juror: %w", err)
		}
		judges = append(judges, judge{who, 0.75 * h.r.NormFloat64()})
	}
	return id, judges, nil
}

// juror is the account of a juror, who may have judged before.
func (h *house) juror(ctx context.Context, name string, days int) (account.ID, error) {
	email := emailOf(name)
	if h.taken[email] {
		a, err := account.ByEmail(ctx, h.tx, email)
		return a.ID, err
	}
	who, err := h.person(ctx, name, email, days+3)
	if err != nil {
		return 0, err
	}
	return who, h.introduce(ctx, who, name)
}

// judge holds a round over the entries of its category.
func (h *house) judge(ctx context.Context, s sitting, list []*submission) error {
	round, criteria, err := h.round(ctx, s)
	if err != nil {
		return err
	}
	films := map[entry.ID]*submission{}
	for _, f := range list {
		if f.category.ID == s.category.ID && f.state == entry.Accepted {
			films[f.id] = f
		}
	}
	drafted, repaired, plan, err := h.plan(ctx, round, s, films)
	if err != nil {
		return err
	}
	var rows rowsOfScores
	for i, j := range s.judges {
		var mine []entry.ID
		for p := range plan {
			if p.Juror == j.id {
				mine = append(mine, p.Entry)
			}
		}
		slices.Sort(mine)
		h.r.Shuffle(len(mine), func(a, b int) { mine[a], mine[b] = mine[b], mine[a] })
		if j.id == s.guest {
			place(mine, s.recused, 3)
			place(mine, s.begun, s.finished(i, mine))
		}
		h.evenings(&rows, s, i, round, criteria, mine, films)
	}
	if err := h.write(ctx, rows); err != nil {
		return err
	}
	if err := h.remember(ctx, round, s, drafted, repaired, plan); err != nil {
		return err
	}
	return h.keepApart(ctx, round)
}

// plan divides the films of a round that the festival has accepted: as drafted,
// as repaired when a limit was set in a round at work, and as it is with the films
// that the guest is in the middle of.
func (h *house) plan(ctx context.Context, round jury.RoundID, s sitting, films map[entry.ID]*submission) (drafted, repaired jury.Plan, now map[jury.Pair]bool, err error) {
	r, err := jury.RoundOf(ctx, h.tx, round)
	if err != nil {
		return drafted, repaired, nil, err
	}
	desk, err := jury.DeskOf(ctx, h.tx, r)
	if err != nil {
		return drafted, repaired, nil, err
	}
	desk.Films = slices.DeleteFunc(desk.Films, func(f jury.Film) bool { return films[f.ID] == nil })
	ask := jury.Ask{Way: jury.Evenly, Reviews: s.reviews, Seed: luck}
	if drafted, err = desk.Plan(ask); err != nil || s.guest == 0 {
		return drafted, drafted, drafted.Pairs, err
	}
	given, _ := drafted.Change()
	for _, p := range given {
		desk.Assignments = append(desk.Assignments, jury.Assignment{EntryID: p.Entry, AccountID: p.Juror, State: jury.ToDo})
	}
	ask.Way = jury.Repair
	desk.Loads[desk.Seats[0].AccountID] = jury.Load{Most: new(len(given)/len(desk.Seats) - 2)}
	if repaired, err = desk.Plan(ask); err != nil {
		return drafted, repaired, nil, err
	}
	now = maps.Clone(repaired.Pairs)
	for _, film := range []entry.ID{s.begun, s.recused} {
		swap(now, desk, film, s.guest)
	}
	return drafted, repaired, now, nil
}

// keepApart declares the conflict behind each recusal, as recusing does.
func (h *house) keepApart(ctx context.Context, round jury.RoundID) error {
	_, err := h.tx.Exec(ctx, `
		insert into conflicts (account_id, entry_id, reason, note, actor_id)
		select account_id, entry_id, reason, note, account_id
		from assignments
		where round_id = @round and state = 'recused'`,
		pg.Args{"round": round})
	if err != nil {
		return fmt.Errorf("declare conflicts: %w", err)
	}
	return nil
}

func (h *house) round(ctx context.Context, s sitting) (jury.RoundID, []jury.CriterionID, error) {
	opens := h.today.AddDate(0, 0, s.opened).Add(10 * time.Hour)
	args := pg.Args{
		"code": account.Code()[:12], "category": s.category.ID, "panel": s.panel, "name": s.name, "blind": s.blind, "reviews": s.reviews,
		"opens": opens, "closes": h.night(s.closes), "closed": nil, "made": opens.AddDate(0, 0, -6),
	}
	if s.closed {
		args["closed"] = h.night(s.closes)
	}
	id, err := pg.Value[jury.RoundID](ctx, h.tx, `
		insert into rounds (code, category_id, panel_id, name, blind, reviews_per_entry, reviews_most, binding, opens_at, closes_at, opened_at, closed_at, created_at)
		values (@code, @category, @panel, @name, @blind, @reviews, @reviews::integer + 2, 'calibrated', @opens, @closes, @opens, @closed, @made)
		returning id`, args)
	if err != nil {
		return 0, nil, fmt.Errorf("make round: %w", err)
	}
	var criteria []jury.CriterionID
	for i, c := range rubric {
		made, err := pg.Value[jury.CriterionID](ctx, h.tx, `
			insert into criteria (round_id, position, name, hint, weight, low_label, high_label)
			values (@round, @position, @name, @hint, @weight, 'not at all', 'outstanding')
			returning id`,
			pg.Args{"round": id, "position": i + 1, "name": c.name, "hint": c.hint, "weight": c.weight})
		if err != nil {
			return 0, nil, fmt.Errorf("make criterion: %w", err)
		}
		criteria = append(criteria, made)
	}
	return id, criteria, nil
}

// swap gives a film to a juror instead of another one, who gets a film of the
// juror's for it: nobody has more to do.
func swap(plan map[jury.Pair]bool, desk jury.Desk, film entry.ID, to account.ID) {
	if film == 0 || plan[jury.Pair{Entry: film, Juror: to}] || desk.Apart[jury.Pair{Entry: film, Juror: to}] {
		return
	}
	cause := desk.Causes()
	for _, from := range desk.Seats {
		if !plan[jury.Pair{Entry: film, Juror: from.AccountID}] {
			continue
		}
		for _, other := range desk.Films {
			give := jury.Pair{Entry: other.ID, Juror: from.AccountID}
			if plan[jury.Pair{Entry: other.ID, Juror: to}] && !plan[give] && cause(other, from) == jury.Possible {
				delete(plan, jury.Pair{Entry: film, Juror: from.AccountID})
				delete(plan, jury.Pair{Entry: other.ID, Juror: to})
				plan[give], plan[jury.Pair{Entry: film, Juror: to}] = true, true
				return
			}
		}
	}
}

// place moves an entry of a list to a place in it.
func place(list []entry.ID, one entry.ID, at int) {
	if i := slices.Index(list, one); i >= 0 && at < len(list) {
		list[i], list[at] = list[at], list[i]
	}
}

// finished is how many of a juror's films are scored.
func (s sitting) finished(juror int, list []entry.ID) int {
	return int(math.Round(s.done(juror) * float64(len(list))))
}

// rowsOfScores are the rows of what jurors were given and gave. Scores and
// marks name an assignment and a score by their place until they are written.
type rowsOfScores struct{ assignments, scores, marks [][]any }

// evenings are what one juror did with a list of films.
func (h *house) evenings(rows *rowsOfScores, s sitting, juror int, round jury.RoundID, criteria []jury.CriterionID, list []entry.ID, films map[entry.ID]*submission) {
	j := s.judges[juror]
	finished := s.finished(juror, list)
	from := h.today.AddDate(0, 0, s.opened).Add(19 * time.Hour)
	until := h.now
	if s.closed {
		until = h.night(s.closes)
	}
	step := until.Sub(from) / time.Duration(finished+2)
	for i, id := range list {
		state, reason, note := "open", "", ""
		var seen any
		at := from.Add(time.Duration(i) * step).Add(time.Duration(h.r.Int64N(int64(step/2) + 1)))
		switch {
		case j.id == s.guest && id == s.recused:
			state, reason, note = "recused", "knows", "Taught the director."
		case i < finished:
			state = "done"
		}
		begun := state == "open" && (i == finished || i == finished+1) && !s.closed
		if at.After(h.now) {
			at = h.now.Add(-30 * time.Minute)
		}
		if begun || state == "done" {
			seen = at.Add(-time.Hour)
		}
		place := len(rows.assignments)
		rows.assignments = append(rows.assignments, []any{int64(0), account.Code()[:12], int64(round), int64(id), int64(j.id), i + 1, state, reason, note, h.today.AddDate(0, 0, s.opened-1), seen})
		switch {
		case state == "done":
			h.score(rows, s, place, at, criteria, j, films[id].quality)
		case begun:
			h.beginning(rows, place, at, criteria, j, films[id].quality)
		}
	}
}

// score is a submitted score, now and then changed once.
func (h *house) score(rows *rowsOfScores, s sitting, assignment int, at time.Time, criteria []jury.CriterionID, j judge, quality float64) {
	version := 1
	note, feedback := "", ""
	if chance(h.r, 35) {
		note = pick(h.r, h.phrases["note"])
	}
	if chance(h.r, 60) {
		feedback = pick(h.r, h.phrases["feedback"])
	}
	taste := 0.95 * h.r.NormFloat64()
	if chance(h.r, 12) {
		h.marks(rows, assignment, version, false, true, note, "", at.Add(-20*time.Minute), criteria, quality+j.severity+taste-0.6)
		version++
	}
	h.marks(rows, assignment, version, true, true, note, feedback, at, criteria, quality+j.severity+taste)
}

// beginning is a score that is not submitted yet.
func (h *house) beginning(rows *rowsOfScores, assignment int, at time.Time, criteria []jury.CriterionID, j judge, quality float64) {
	h.marks(rows, assignment, 1, true, false, pick(h.r, h.phrases["note"]), "", at, criteria[:2], quality+j.severity)
}

func (h *house) marks(rows *rowsOfScores, assignment, version int, current, complete bool, note, feedback string, at time.Time, criteria []jury.CriterionID, around float64) {
	place := len(rows.scores)
	rows.scores = append(rows.scores, []any{int64(0), int64(assignment), version, current, complete, note, feedback, at})
	for _, c := range criteria {
		value := int(math.Round(around + 0.7*h.r.NormFloat64()))
		rows.marks = append(rows.marks, []any{int64(place), int64(c), min(10, max(1, value))})
	}
}

func (h *house) write(ctx context.Context, rows rowsOfScores) error {
	assignments, err := ids[int64](ctx, h.tx, "assignments", len(rows.assignments))
	if err != nil {
		return err
	}
	scores, err := ids[int64](ctx, h.tx, "scores", len(rows.scores))
	if err != nil {
		return err
	}
	for i, r := range rows.assignments {
		r[0] = assignments[i]
	}
	for i, r := range rows.scores {
		r[0], r[1] = scores[i], assignments[r[1].(int64)]
	}
	for _, r := range rows.marks {
		r[0] = scores[r[0].(int64)]
	}
	return cmp.Or(
		fill(ctx, h.tx, "assignments", []string{"id", "code", "round_id", "entry_id", "account_id", "position", "state", "reason", "note", "created_at", "seen_at"}, rows.assignments),
		fill(ctx, h.tx, "scores", []string{"id", "assignment_id", "version", "current", "complete", "note", "feedback", "saved_at"}, rows.scores),
		fill(ctx, h.tx, "marks", []string{"score_id", "criterion_id", "value"}, rows.marks),
	)
}
