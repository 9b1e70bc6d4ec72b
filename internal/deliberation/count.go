package deliberation

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"laurel/internal/entry"
	"laurel/internal/pg"
	"laurel/internal/tally/ballot"
)

// elector is a juror who may vote, with what counts of theirs.
type elector struct {
	President bool
	May       []entry.ID // rank: all others are recused
	Code      *string    // of the ballot that was cast; nil: none
	Films     []entry.ID // all that the juror could rank when it was saved
	Places    []int      // 0: left out
}

// standingFilm is a finalist as it stands at the count.
type standingFilm struct {
	EntryID    entry.ID
	Position   int
	Calibrated *float64
	Here       bool // still under consideration
}

// count makes the record of a ballot that was just opened. It is under the lock
// of the opening, and nothing can be cast any more.
func count(ctx context.Context, tx pgx.Tx, d Deliberation, software string) (Record, error) {
	seed, err := pg.Value[string](ctx, tx, `
		select seed
		from deliberations
		where id = @id`,
		pg.Args{"id": d.ID})
	if err != nil {
		return Record{}, fmt.Errorf("read seed: %w", err)
	}
	films, err := standingFilms(ctx, tx, d.ID)
	if err != nil {
		return Record{}, err
	}
	electors, err := electorsOf(ctx, tx, d.ID)
	if err != nil {
		return Record{}, err
	}
	r := Record{
		Format: recordFormat, Name: d.Name, Rules: d.Rules, RulesHash: d.RulesHash(), Seed: seed, Commitment: d.Commitment,
		Software: software, OpenedAt: d.UnsealedAt.UTC(), Voters: len(electors),
	}
	r.Needed = d.Needed(r.Voters)
	c := newCounting(films, electors, seed)
	r.Candidates, r.Withdrawn, r.Cast = c.election.Candidates, c.withdrawn, len(c.sheets)
	if r.Cast < r.Needed || len(r.Candidates) == 0 {
		r.Outcome = NoQuorum
		return r, nil
	}
	text, err := json.Marshal(c.sheets)
	if err != nil {
		return Record{}, fmt.Errorf("write ballots: %w", err)
	}
	r.Ballots, r.BallotsHash = c.sheets, digest(string(text))
	return r, c.settle(ctx, tx, d, &r)
}

// Needed is the number of ballots that make a quorum when so many may vote.
func (d Deliberation) Needed(voters int) int {
	if d.Unit == Ballots {
		return d.Quorum
	}
	return max(1, (d.Quorum*d.Electorate(voters)+99)/100)
}

// Electorate is of how many jurors a quorum is taken when so many may vote: of
// those who were called where some have left since, so that no quorum is met by
// sending away who has not cast.
func (d Deliberation) Electorate(voters int) int {
	var fixed rules
	if err := json.Unmarshal([]byte(d.Rules), &fixed); err != nil { // nobody is called yet
		return voters
	}
	return max(voters, fixed.Voters)
}

func standingFilms(ctx context.Context, db pg.DB, id ID) ([]standingFilm, error) {
	films, err := pg.Rows[standingFilm](ctx, db, `
		select f.entry_id, f.position, f.calibrated, e.state in ('submitted', 'eligible') as here
		from finalists f
		join entries e on e.id = f.entry_id
		where f.deliberation_id = @id
		order by f.position`,
		pg.Args{"id": id})
	if err != nil {
		return nil, fmt.Errorf("list films to count: %w", err)
	}
	return films, nil
}

func electorsOf(ctx context.Context, db pg.DB, id ID) ([]elector, error) {
	list, err := pg.Rows[elector](ctx, db, `
		select v.president,
		       array(select j.entry_id from juror_finalists j
		             where j.deliberation_id = @id and j.account_id = v.account_id order by j.position) as may,
		       b.code, coalesce(b.films, '{}') as films, coalesce(b.places, '{}') as places
		from voters v
		left join lateral (
		  select x.code, x.films, x.places
		  from ballots x
		  where x.deliberation_id = @id and x.account_id = v.account_id and x.cast_at is not null
		  order by x.version desc
		  limit 1) b on true
		where v.deliberation_id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return nil, fmt.Errorf("list ballots to count: %w", err)
	}
	return list, nil
}

// counting is the ballots as the arithmetic takes them. Candidates are the films
// that stand, in the order of their positions.
type counting struct {
	election  ballot.Election
	withdrawn []string
	sheets    []Sheet
	casting   [][]int // the president's ranking; nil: none was cast
	recused   []int   // candidates that the president does not compare
	scores    []float64
}

func newCounting(films []standingFilm, electors []elector, seed string) counting {
	var c counting
	at := map[entry.ID]int{}
	for _, f := range films {
		if !f.Here {
			c.withdrawn = append(c.withdrawn, Key(f.Position))
			continue
		}
		at[f.EntryID] = len(c.election.Candidates)
		c.election.Candidates = append(c.election.Candidates, Key(f.Position))
		if f.Calibrated != nil {
			c.scores = append(c.scores, *f.Calibrated)
		}
	}
	cast := slices.DeleteFunc(slices.Clone(electors), func(e elector) bool { return e.Code == nil })
	slices.SortFunc(cast, func(a, b elector) int { return cmp.Compare(digest(seed+*a.Code), digest(seed+*b.Code)) })
	for i, e := range cast {
		b := e.ballot(at)
		c.election.Ballots = append(c.election.Ballots, b)
		c.sheets = append(c.sheets, Sheet{letters(i), c.names(b.Ranking), c.all(b.Recused)})
		if e.President {
			c.casting, c.recused = b.Ranking, b.Recused
		}
	}
	return c
}

// ballot is what a juror cast, by the places of the candidates. They are recused
// from what they must not rank now, and from what they could not rank then: a
// conflict that is taken back makes no comparison that nobody made.
func (e elector) ballot(at map[entry.ID]int) ballot.Ballot {
	b := ballot.Ballot{Weight: 1, Ranking: [][]int{}}
	last := 0
	for i, film := range e.Films {
		c, stands := at[film]
		switch {
		case !stands || !slices.Contains(e.May, film) || e.Places[i] == 0:
			continue
		case e.Places[i] == last:
			b.Ranking[len(b.Ranking)-1] = append(b.Ranking[len(b.Ranking)-1], c)
		default:
			b.Ranking = append(b.Ranking, []int{c})
		}
		last = e.Places[i]
	}
	for film, c := range at {
		if !slices.Contains(e.May, film) || !slices.Contains(e.Films, film) {
			b.Recused = append(b.Recused, c)
		}
	}
	slices.Sort(b.Recused)
	for _, level := range b.Ranking {
		slices.Sort(level)
	}
	return b
}

// letters are A to Z, then AA, AB and so on.
func letters(i int) string {
	name := string(rune('A' + i%26))
	if i >= 26 {
		return letters(i/26-1) + name
	}
	return name
}

func (c counting) all(places []int) []string {
	var names []string
	for _, p := range places {
		names = append(names, c.election.Candidates[p])
	}
	return names
}

func (c counting) names(levels [][]int) [][]string {
	names := make([][]string, len(levels))
	for i, level := range levels {
		names[i] = c.all(level)
	}
	return names
}
