package deliberation

import (
	"context"
	"fmt"
	"time"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/pg"
)

// A Finalist is a film of a final ballot.
type Finalist struct {
	EntryID   entry.ID
	Code      string
	Position  int // in the record it is film-N
	Film      entry.Film
	StillCode *string // of the first still
	VideoCode *string // of the screener that can be played; nil: none
	// Assignment is the code of a viewing of the film that the juror has or had;
	// nil: none.
	Assignment *string
	Calibrated *float64 // the score that a tie is decided by; nil: it is not, or not to be known
}

// Key names the film in records.
func (f Finalist) Key() string { return Key(f.Position) }

// Key names the finalist at a position, from 1, in records.
func Key(position int) string { return fmt.Sprintf("film-%d", position) }

// A Paper is a final ballot before a juror: the films that they may rank, and
// their own order. Nothing in it depends on films that they are kept apart from.
type Paper struct {
	Deliberation
	FestivalName string
	EditionName  string
	City         string
	Zone         string
	Presides     bool
	Phase        Phase      // by the database's clock
	Finalists    []Finalist `db:"-"` // by position
	Ballot       Ballot     `db:"-"` // the newest
	Counts       Ballot     `db:"-"` // the newest that was cast; the zero Ballot: none
	Whole        bool       `db:"-"` // no film of the ballot is hidden from the juror
}

const paperSQL = `
	select x.id, x.code, x.edition_id, x.panel_id, x.panel_code, x.panel_name, x.award_code, x.award_name, x.parent_code, x.follow_code, x.second,
	       x.name, x.blind, x.publish, x.method, x.strength, x.quorum, x.unit, x.again, x.tie_rule, x.commitment,
	       x.opens_at, x.closes_at, x.rules, x.called_at, x.unsealed_at, x.films, x.voters, x.partial, x.seated, x.cast,
	       f.name as festival_name, ed.name as edition_name, ed.city, ed.zone, v.president as presides,
	       case
	         when x.unsealed_at is not null then 'opened'
	         when x.closes_at <= clock_timestamp() then 'closed'
	         when x.opens_at > clock_timestamp() then 'waiting'
	         else 'voting' end as phase
	from (select ` + columns + `
	      where d.called_at is not null) x
	join voters v on v.deliberation_id = x.id and v.account_id = @who
	join editions ed on ed.id = x.edition_id
	join festivals f on f.id = ed.festival_id`

// Papers lists the final ballots to which a juror was called, the newest first,
// without films and orders.
func Papers(ctx context.Context, db pg.DB, who account.ID) ([]Paper, error) {
	list, err := pg.Rows[Paper](ctx, db, paperSQL+`
		order by x.id desc`,
		pg.Args{"who": who})
	if err != nil {
		return nil, fmt.Errorf("list final ballots of a juror: %w", err)
	}
	return list, nil
}

// Called says whether a juror was called to any final ballot.
func Called(ctx context.Context, db pg.DB, who account.ID) (bool, error) {
	return pg.Value[bool](ctx, db, `
		select exists (
		  select from voters v
		  join deliberations d on d.id = v.deliberation_id and d.called_at is not null
		  where v.account_id = @who)`,
		pg.Args{"who": who})
}

// PaperOf reads a final ballot for one of its voters; anybody else's is
// pgx.ErrNoRows.
func PaperOf(ctx context.Context, db pg.DB, who account.ID, code string) (Paper, error) {
	p, err := pg.One[Paper](ctx, db, paperSQL+`
		where x.code = @code`,
		pg.Args{"who": who, "code": code})
	if err != nil {
		return Paper{}, fmt.Errorf("open final ballot: %w", err)
	}
	if p.Finalists, err = filmsFor(ctx, db, who, p.ID); err != nil {
		return Paper{}, err
	}
	if p.Ballot, err = newest(ctx, db, who, p.ID, p.Finalists, false); err != nil {
		return Paper{}, err
	}
	if p.Counts, err = newest(ctx, db, who, p.ID, p.Finalists, true); err != nil {
		return Paper{}, err
	}
	p.Whole, err = apartFromNone(ctx, db, who, p.ID)
	return p, err
}

// apartFromNone says whether an account is kept apart from no film of a ballot.
func apartFromNone(ctx context.Context, db pg.DB, who account.ID, id ID) (bool, error) {
	return pg.Value[bool](ctx, db, `
		select exists (
		  select from deliberations d
		  where d.id = @id and `+unconflicted+`)`,
		pg.Args{"id": id, "reader": who})
}

// EndsAt is when the vote ended or will end.
func (p Paper) EndsAt() time.Time {
	if p.UnsealedAt != nil && p.UnsealedAt.Before(p.ClosesAt) {
		return *p.UnsealedAt
	}
	return p.ClosesAt
}

const pictures = `
	left join lateral (
	  select fi.code
	  from entry_files ef
	  join files fi on fi.id = ef.file_id and fi.state = 'ready'
	  where ef.entry_id = e.id and ef.role = 'still'
	  order by ef.position
	  limit 1) still on true
	left join lateral (
	  select fi.code
	  from entry_files ef
	  join files fi on fi.id = ef.file_id
	  join renditions v on v.file_id = fi.id and v.name = 'video'
	  where ef.entry_id = e.id and ef.role = 'screener'
	  order by ef.position
	  limit 1) video on true`

// filmsFor lists the films that a juror may rank, as they may know them.
func filmsFor(ctx context.Context, db pg.DB, who account.ID, id ID) ([]Finalist, error) {
	films, err := pg.Rows[Finalist](ctx, db, `
		select e.id as entry_id, e.code, j.position, j.film, still.code as still_code, video.code as video_code,
		       seen.code as assignment, null::double precision as calibrated
		from juror_finalists j
		join present_entries e on e.id = j.entry_id`+pictures+`
		left join lateral (
		  select a.code
		  from assignments a
		  join rounds r on r.id = a.round_id and r.opened_at is not null and r.opens_at <= clock_timestamp()
		  join seats s on s.panel_id = r.panel_id and s.account_id = a.account_id and s.left_at is null
		  where a.entry_id = e.id and a.account_id = @who and a.state <> 'recused'
		  order by a.id desc
		  limit 1) seen on true
		where j.deliberation_id = @id and j.account_id = @who
		order by j.position`,
		pg.Args{"id": id, "who": who})
	if err != nil {
		return nil, fmt.Errorf("list finalists of a juror: %w", err)
	}
	return films, nil
}

// Finalists lists all films of a final ballot by position, for a reader who is
// kept apart from none of them: see At.
func Finalists(ctx context.Context, db pg.DB, id ID) ([]Finalist, error) {
	films, err := pg.Rows[Finalist](ctx, db, `
		select e.id as entry_id, e.code, f.position, e.film, still.code as still_code, video.code as video_code, null::text as assignment, f.calibrated
		from finalists f
		join present_entries e on e.id = f.entry_id`+pictures+`
		where f.deliberation_id = @id
		order by f.position`,
		pg.Args{"id": id})
	if err != nil {
		return nil, fmt.Errorf("list finalists: %w", err)
	}
	return films, nil
}
