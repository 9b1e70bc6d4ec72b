package score

import (
	"context"
	"fmt"
	"time"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
	"laurel/internal/tally"
)

// A Task is one of a juror's assignments, as the juror may know it: of a film
// that they are kept apart from, only the title.
type Task struct {
	Code             string
	RoundID          jury.RoundID
	RoundCode        string
	RoundName        string
	CategoryName     string
	EditionID        festival.EditionID
	FestivalName     string
	EditionName      string
	City             string // names the zone for people
	Zone             string
	Blind            bool
	ScaleMin         int
	ScaleMax         int
	OpensAt          time.Time
	EndsAt           time.Time // when the round closed or will close for this film
	Phase            jury.Phase
	Binding          jury.Binding
	ReviewsMost      *int
	State            jury.State
	Reason           jury.Reason // of a recusal; else empty
	Note             string      // of a recusal
	Title            string
	TitleIn          string // language of Title; empty: the page's
	TitleOriginal    string // empty: the same
	LanguageOriginal string
	Runtime          int // seconds; 0: not said
	Countries        []string
	Warnings         string
	ContentWarnings  []entry.Warning
	StillCode        *string
	Version          int // of the current score; 0: none
	Complete         bool
	Written          bool // notes or a comment stand in it
	SavedAt          *time.Time
	Answered         int     // criteria
	Criteria         int     // of the rubric
	Matches          bool    // the search
	Score            float64 `db:"-"` // on the round's scale; 0 without an answered criterion
}

// Begun says whether something is saved that is not submitted.
func (t Task) Begun() bool { return t.Version > 0 && !t.Complete }

// A Search narrows a queue; an empty one matches everything.
type Search struct {
	Text      string   // part of a title, in any spelling
	Countries []string // whose names match Text: one of them is enough
}

// Queue lists what a juror has to do in rounds that have begun, in rounds that
// end first and in the juror's own order; closed rounds come last. Three
// queries, however long it is.
func Queue(ctx context.Context, db pg.DB, who account.ID, s Search) ([]Task, error) {
	if s.Countries == nil {
		s.Countries = []string{}
	}
	tasks, err := pg.Rows[Task](ctx, db, queueSQL, pg.Args{"who": who, "text": s.Text, "countries": s.Countries})
	if err != nil {
		return nil, fmt.Errorf("list queue: %w", err)
	}
	return tasks, addScores(ctx, db, who, tasks)
}

const queueSQL = `
	select a.code, r.id as round_id, r.code as round_code, r.name as round_name, c.name as category_name,
	       ed.id as edition_id, f.name as festival_name, ed.name as edition_name, ed.city, ed.zone,
	       r.blind, r.scale_min, r.scale_max, r.opens_at, now.ends_at, now.phase,
	       r.binding, r.reviews_most,
	       a.state, a.reason, a.note,
	       e.title,
	       case when lower(j.film ->> 'titleOriginal') = lower(e.title) then coalesce(j.film ->> 'languageOriginal', '') else '' end as title_in,
	       case when lower(j.film ->> 'titleOriginal') = lower(e.title) then '' else coalesce(j.film ->> 'titleOriginal', '') end as title_original,
	       coalesce(j.film ->> 'languageOriginal', '') as language_original,
	       coalesce((j.film ->> 'runtime')::integer, 0) as runtime,
	       text_items(j.film -> 'countries') as countries,
	       coalesce(j.film ->> 'warnings', '') as warnings,
	       text_items(nullif(j.film -> 'contentWarnings', 'null')) as content_warnings,
	       case when j.entry_id is not null then still.code end as still_code,
	       coalesce(s.version, 0) as version,
	       coalesce(s.complete, false) as complete,
	       coalesce(s.note <> '' or s.feedback <> '', false) as written,
	       s.saved_at,
	       (select count(*)::int from marks m where m.score_id = s.id) as answered,
	       (select count(*)::int from criteria k where k.round_id = r.id) as criteria,
	       @text = ''
	         or fold(e.title || ' ' || coalesce(j.film ->> 'titleOriginal', '')) like '%' || replace(replace(fold(@text), '%', ''), '_', '') || '%'
	         or text_items(j.film -> 'countries') && @countries::text[] as matches
	from assignments a
	join rounds r on r.id = a.round_id
	join seats seat on seat.panel_id = r.panel_id and seat.account_id = a.account_id and seat.left_at is null
	join categories c on c.id = r.category_id
	join editions ed on ed.id = c.edition_id
	join festivals f on f.id = ed.festival_id
	join present_entries e on e.id = a.entry_id
	left join juror_films j on j.assignment_id = a.id
	left join scores s on s.assignment_id = a.id and s.current
	left join lateral (
	  select fi.code
	  from entry_files ef
	  join files fi on fi.id = ef.file_id and fi.state = 'ready'
	  where ef.entry_id = e.id and ef.role = 'still'
	  order by ef.position
	  limit 1) still on true
	cross join lateral (
	  select case when r.closed_at is not null or r.closes_at <= clock_timestamp() or a.created_at < r.extended_at
	              then 'closed' else 'open' end as phase,
	         case when a.created_at < r.extended_at
	              then (select min(x.ended_at) from extensions x where x.round_id = r.id and x.at > a.created_at)
	              else least(r.closed_at, r.closes_at) end as ends_at) now
	where a.account_id = @who
	  and r.opened_at is not null
	  and r.opens_at <= clock_timestamp()
	  and (j.entry_id is not null or a.state = 'recused')
	  and e.state in ('submitted', 'eligible')
	order by now.phase = 'closed', r.closes_at, r.id, a.position`

// addScores computes each task's own score from its marks.
func addScores(ctx context.Context, db pg.DB, who account.ID, tasks []Task) error {
	type mark struct {
		Code        string
		CriterionID int64
		Value       int
	}
	marks, err := pg.Rows[mark](ctx, db, `
		select a.code, m.criterion_id, m.value
		from assignments a
		join scores s on s.assignment_id = a.id and s.current
		join marks m on m.score_id = s.id
		where a.account_id = @who`,
		pg.Args{"who": who})
	if err != nil {
		return fmt.Errorf("list own marks: %w", err)
	}
	type line struct {
		RoundID jury.RoundID
		ID      int64
		Weight  float64
		Counted bool
	}
	lines, err := pg.Rows[line](ctx, db, `
		select k.round_id, k.id, k.weight::float8 as weight, k.counted
		from criteria k
		where k.round_id in (select round_id from assignments where account_id = @who)`,
		pg.Args{"who": who})
	if err != nil {
		return fmt.Errorf("list rubrics: %w", err)
	}
	rubrics := map[jury.RoundID][]tally.Criterion{}
	for _, l := range lines {
		rubrics[l.RoundID] = append(rubrics[l.RoundID], tally.Criterion{ID: l.ID, Weight: l.Weight, Counted: l.Counted})
	}
	given := map[string]map[int64]int{}
	for _, m := range marks {
		if given[m.Code] == nil {
			given[m.Code] = map[int64]int{}
		}
		given[m.Code][m.CriterionID] = m.Value
	}
	for i := range tasks {
		tasks[i].Score, _ = tally.Score(rubrics[tasks[i].RoundID], given[tasks[i].Code])
	}
	return nil
}
