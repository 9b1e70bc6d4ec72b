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
)

// A Watch is a film before a juror, with the rubric and what the juror gave it.
type Watch struct {
	AssignmentID jury.AssignmentID
	RoundID      jury.RoundID
	RoundName    string
	CategoryName string
	EditionID    festival.EditionID
	FestivalName string
	EditionName  string
	Prefix       string
	Number       int // of the entry, after the prefix
	City         string
	Zone         string
	DecisionsOn  *time.Time // when filmmakers hear; nil: not said
	Blind        bool       // Film holds nothing that names its makers
	Feedback     bool       // the juror may write to the filmmakers
	ScaleMin     int
	ScaleMax     int
	OpensAt      time.Time
	EndsAt       time.Time // when the round closed or will close for this film
	Phase        jury.Phase
	Binding      jury.Binding
	ReviewsMost  *int
	State        jury.State
	Place        int // in the juror's order in the round
	Of           int // films that the juror has in the round
	EntryID      entry.ID
	CategoryID   festival.CategoryID
	Film         entry.Film
	StillCode    *string          // of the first still
	VideoCode    *string          // of the screener that can be played; nil: none
	Preparing    bool             // a screener was uploaded and cannot be played yet
	Replies      []entry.Answered `db:"-"` // to those of the category's questions that jurors read
	Rubric       []jury.Criterion `db:"-"`
	Score        Score            `db:"-"`
}

// Scale lists the values that a mark can have, in order.
func (w Watch) Scale() []int {
	return jury.Round{ScaleMin: w.ScaleMin, ScaleMax: w.ScaleMax}.Scale()
}

// Open reads the film of a juror's own assignment in a round that has begun.
// Another's, a recused one, or one of a film that the juror is kept apart from
// is pgx.ErrNoRows.
func Open(ctx context.Context, db pg.DB, who account.ID, assignment string) (Watch, error) {
	w, err := pg.One[Watch](ctx, db, watchSQL, pg.Args{"who": who, "assignment": assignment})
	if err != nil {
		return Watch{}, fmt.Errorf("open assignment: %w", err)
	}
	if w.Rubric, err = jury.Rubric(ctx, db, w.RoundID); err != nil {
		return Watch{}, err
	}
	if err := w.readReplies(ctx, db); err != nil {
		return Watch{}, err
	}
	w.Score, err = currentOf(ctx, db, w.AssignmentID)
	return w, err
}

const watchSQL = `
	select a.id as assignment_id, r.id as round_id, r.name as round_name, c.name as category_name,
	       ed.id as edition_id, f.name as festival_name, ed.name as edition_name, ed.prefix, j.number,
	       ed.city, ed.zone, ed.decisions_on, r.blind, r.feedback, r.scale_min, r.scale_max,
	       r.binding, r.reviews_most, r.opens_at,
	       case when a.created_at < r.extended_at
	            then (select min(x.ended_at) from extensions x where x.round_id = r.id and x.at > a.created_at)
	            else least(r.closed_at, r.closes_at) end as ends_at,
	       case when r.closed_at is not null or r.closes_at <= clock_timestamp() or a.created_at < r.extended_at
	            then 'closed' else 'open' end as phase,
	       a.state,
	       (select count(*)::int from assignments x
	        where x.round_id = r.id and x.account_id = a.account_id and x.position <= a.position) as place,
	       (select count(*)::int from assignments x
	        where x.round_id = r.id and x.account_id = a.account_id) as of,
	       j.entry_id, c.id as category_id, j.film, still.code as still_code, video.code as video_code,
	       screener.code is not null and video.code is null as preparing
	from assignments a
	join juror_films j on j.assignment_id = a.id
	join rounds r on r.id = a.round_id
	join seats seat on seat.panel_id = r.panel_id and seat.account_id = a.account_id and seat.left_at is null
	join categories c on c.id = r.category_id
	join editions ed on ed.id = c.edition_id
	join festivals f on f.id = ed.festival_id
	left join lateral (
	  select fi.code
	  from entry_files ef
	  join files fi on fi.id = ef.file_id and fi.state = 'ready'
	  where ef.entry_id = j.entry_id and ef.role = 'still'
	  order by ef.position
	  limit 1) still on true
	left join lateral (
	  select fi.id, fi.code
	  from entry_files ef
	  join files fi on fi.id = ef.file_id and fi.state <> 'refused'
	  where ef.entry_id = j.entry_id and ef.role = 'screener'
	  order by ef.position
	  limit 1) screener on true
	left join lateral (
	  select screener.code
	  from renditions v
	  where v.file_id = screener.id and v.name = 'video') video on true
	where a.code = @assignment
	  and a.account_id = @who
	  and a.state <> 'recused'
	  and r.opened_at is not null
	  and r.opens_at <= clock_timestamp()`

// Next is the code of the juror's next assignment that is not submitted: after
// the one given in the juror's own order, then from the start, then in the other
// open rounds. It is empty when everything is submitted.
func Next(ctx context.Context, db pg.DB, who account.ID, after string) (string, error) {
	codes, err := pg.Values[string](ctx, db, `
		select a.code
		from assignments a
		join juror_films j on j.assignment_id = a.id
		join rounds r on r.id = a.round_id
		join present_entries e on e.id = a.entry_id and e.state in ('submitted', 'eligible')
		join seats seat on seat.panel_id = r.panel_id and seat.account_id = a.account_id and seat.left_at is null
		left join assignments last on last.code = @after and last.account_id = a.account_id
		where a.account_id = @who
		  and a.state = 'open'
		  and a.code <> @after
		  and r.opened_at is not null
		  and r.opens_at <= clock_timestamp()
		  and r.closed_at is null
		  and r.closes_at > clock_timestamp()
		  and (r.extended_at is null or a.created_at >= r.extended_at)
		order by a.round_id is distinct from last.round_id, a.position < coalesce(last.position, 0), r.closes_at, r.id, a.position
		limit 1`,
		pg.Args{"who": who, "after": after})
	if err != nil {
		return "", fmt.Errorf("find next film: %w", err)
	}
	if len(codes) == 0 {
		return "", nil
	}
	return codes[0], nil
}
