// Package deliberation owns the final ballots of juries: which films stand in
// one and by which rules, what each juror casts, and the count. What is cast is
// sealed until the ballots are opened; the count is then made once and kept.
package deliberation

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/account"
	"laurel/internal/audit"
	"laurel/internal/festival"
	"laurel/internal/jury"
	"laurel/internal/pg"
	"laurel/internal/tally/ballot"
)

// ID names a final ballot inside the house; addresses carry its code.
type ID int64

// A Deliberation is a final ballot: a panel ranks finalists by rules that are
// fixed when the jury is called.
type Deliberation struct {
	ID         ID
	Code       string
	EditionID  festival.EditionID
	PanelID    jury.PanelID
	PanelCode  string
	PanelName  string
	AwardCode  string // empty: for no prize of the edition
	AwardName  string
	ParentCode string // the ballot that this one repeats; empty: none
	FollowCode string // the ballot that repeats this one; empty: none
	Second     bool   // it is the second ballot on films that were tied
	Name       string
	Blind      bool // jurors are not told who made the films
	Publish    bool // the count is published with the awards
	Method     ballot.Method
	Strength   ballot.Strength
	Quorum     int // of Unit
	Unit       Unit
	Again      bool // a tie goes to a second ballot before TieRule is asked
	TieRule    TieRule
	Commitment string // SHA-256 of the seed, hexadecimal
	OpensAt    time.Time
	ClosesAt   time.Time
	Rules      string     // the rules as a JSON document; empty until the jury is called
	CalledAt   *time.Time // nil: being set up
	UnsealedAt *time.Time // nil: sealed
	Films      int        // finalists
	Voters     int        // jurors who may vote now
	Partial    int        // of them, those who are kept apart from one of its films
	Seated     int        // jurors on the panel
	Cast       int        // of them, those who have cast
}

// A Unit is what a quorum is counted in.
type Unit string

// Percent is of the jurors who may vote; Ballots is a number of them.
const (
	Percent Unit = "percent"
	Ballots Unit = "ballots"
)

// A TieRule is the festival's own rule for a tie, before the lot.
type TieRule string

// The tie rules.
const (
	President  TieRule = "president"  // the order on the president's ballot
	Calibrated TieRule = "calibrated" // the calibrated score of the round before
	ExAequo    TieRule = "ex-aequo"   // they share the place
	Lot        TieRule = "lot"        // nothing comes before the lot
)

// Methods, Strengths and TieRules in the order of the form.
var (
	Methods   = []ballot.Method{ballot.MethodSchulze, ballot.MethodRankedPairs, ballot.MethodCopeland, ballot.MethodBorda}
	Strengths = []ballot.Strength{ballot.WinningVotes, ballot.Margins, ballot.Ratio}
	TieRules  = []TieRule{President, Calibrated, ExAequo, Lot}
)

// A Phase is where a final ballot stands.
type Phase string

// The phases of a final ballot, in order.
const (
	Setup   Phase = "setup"   // jurors know nothing of it
	Waiting Phase = "waiting" // the jury is called, and opens_at has not come
	Voting  Phase = "voting"
	Closed  Phase = "closed" // nothing can be cast, and nobody has opened it
	Opened  Phase = "opened"
)

// PhaseAt tells where the ballot stands at now. It is for pages; whether a
// ballot is taken or opened is decided by the database's clock.
func (d Deliberation) PhaseAt(now time.Time) Phase {
	switch {
	case d.CalledAt == nil:
		return Setup
	case d.UnsealedAt != nil:
		return Opened
	case !now.Before(d.ClosesAt):
		return Closed
	case now.Before(d.OpensAt):
		return Waiting
	}
	return Voting
}

// Complete says whether everybody who may vote has cast.
func (d Deliberation) Complete() bool { return d.Voters > 0 && d.Cast == d.Voters }

const columns = `
	d.id, d.code, d.edition_id, d.panel_id, p.code as panel_code, p.name as panel_name,
	coalesce(a.code, '') as award_code, coalesce(a.name, '') as award_name,
	coalesce(parent.code, '') as parent_code, coalesce(follow.code, '') as follow_code,
	coalesce(parent.again and not d.again, false) as second,
	d.name, d.blind, d.publish, d.method, d.strength, d.quorum, d.quorum_unit as unit, d.again, d.tie_rule,
	d.commitment, d.opens_at, d.closes_at, d.rules, d.called_at, d.unsealed_at,
	(select count(*)::int from finalists f where f.deliberation_id = d.id) as films,
	(select count(*)::int from voters v where v.deliberation_id = d.id) as voters,
	(select count(*)::int from voters v where v.deliberation_id = d.id
	 and v.films < (select count(*) from finalists f join present_entries e on e.id = f.entry_id and e.state in ('submitted', 'eligible')
	                where f.deliberation_id = d.id)) as partial,
	(select count(*)::int from seats s where s.panel_id = d.panel_id and s.left_at is null) as seated,
	(select count(*)::int from voters v where v.deliberation_id = d.id
	 and exists (select from ballots b where b.deliberation_id = d.id and b.account_id = v.account_id and b.cast_at is not null)) as cast
	from deliberations d
	join panels p on p.id = d.panel_id
	left join awards a on a.id = d.award_id
	left join deliberations parent on parent.id = d.parent_id
	left join deliberations follow on follow.parent_id = d.id`

// unconflicted keeps a ballot from a reader who must not judge one of its films,
// or one of the ballot that it takes further, which its record places too: for
// them it does not exist.
const unconflicted = `
	not exists (
	  select from finalists f
	  join kept_apart k on k.entry_id = f.entry_id and k.account_id = @reader
	  where f.deliberation_id in (d.id, d.parent_id))`

// List gives an edition's final ballots, the newest first, without those that
// hold a film which the reader must not judge.
func List(ctx context.Context, db pg.DB, reader account.ID, edition festival.EditionID) ([]Deliberation, error) {
	list, err := pg.Rows[Deliberation](ctx, db, `
		select `+columns+`
		where d.edition_id = @edition and `+unconflicted+`
		order by d.id desc`,
		pg.Args{"edition": edition, "reader": reader})
	if err != nil {
		return nil, fmt.Errorf("list final ballots: %w", err)
	}
	return list, nil
}

// At finds a final ballot of an edition by its code; none, or one with a film
// that the reader must not judge, is pgx.ErrNoRows.
func At(ctx context.Context, db pg.DB, reader account.ID, edition festival.EditionID, code string) (Deliberation, error) {
	d, err := pg.One[Deliberation](ctx, db, `
		select `+columns+`
		where d.edition_id = @edition and d.code = @code and `+unconflicted,
		pg.Args{"edition": edition, "code": code, "reader": reader})
	if err != nil {
		return Deliberation{}, fmt.Errorf("find final ballot: %w", err)
	}
	return d, nil
}

// Public lists an edition's opened ballots whose count is published with the
// awards, in the order in which they were held.
func Public(ctx context.Context, db pg.DB, edition festival.EditionID) ([]Deliberation, error) {
	list, err := pg.Rows[Deliberation](ctx, db, `
		select `+columns+`
		where d.edition_id = @edition and d.publish and d.unsealed_at is not null
		order by d.id`,
		pg.Args{"edition": edition})
	if err != nil {
		return nil, fmt.Errorf("list public ballots: %w", err)
	}
	return list, nil
}

// PublicAt finds one of Public by its code; none is pgx.ErrNoRows.
func PublicAt(ctx context.Context, db pg.DB, edition festival.EditionID, code string) (Deliberation, error) {
	d, err := pg.One[Deliberation](ctx, db, `
		select `+columns+`
		where d.edition_id = @edition and d.publish and d.unsealed_at is not null and d.code = @code`,
		pg.Args{"edition": edition, "code": code})
	if err != nil {
		return Deliberation{}, fmt.Errorf("find public ballot: %w", err)
	}
	return d, nil
}

// of finds a final ballot by its id, whoever reads it.
func of(ctx context.Context, db pg.DB, id ID) (Deliberation, error) {
	d, err := pg.One[Deliberation](ctx, db, `
		select `+columns+`
		where d.id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return Deliberation{}, fmt.Errorf("read final ballot: %w", err)
	}
	return d, nil
}

// record notes an act. An act of voting has no actor: who has cast is nobody's
// to know.
func record(ctx context.Context, tx pgx.Tx, by *account.ID, d Deliberation, verb string) error {
	e := audit.Event{Edition: new(int64(d.EditionID)), Verb: verb, Kind: "deliberation", Subject: int64(d.ID)}
	if by != nil {
		e.Actor = new(int64(*by))
	}
	return audit.Record(ctx, tx, e)
}
