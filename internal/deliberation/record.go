package deliberation

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"laurel/internal/pg"
	"laurel/internal/tally/ballot"
)

// A Record is the whole count of a final ballot, made once when the ballots are
// opened. Films are named by their keys, and jurors not at all.
type Record struct {
	Format      string         `json:"format"`
	Name        string         `json:"name"`
	Rules       string         `json:"rules"` // the JSON document that was fixed when the jury was called
	RulesHash   string         `json:"rules_sha256"`
	Seed        string         `json:"seed"`
	Commitment  string         `json:"seed_sha256"`
	Software    string         `json:"software"`
	OpenedAt    time.Time      `json:"opened_at"`
	Voters      int            `json:"voters"` // jurors who could vote
	Cast        int            `json:"cast"`
	Needed      int            `json:"quorum"` // ballots
	Outcome     Outcome        `json:"outcome"`
	Candidates  []string       `json:"candidates"`              // films that were counted, by key
	Withdrawn   []string       `json:"withdrawn,omitempty"`     // finalists that were gone by then
	Ballots     []Sheet        `json:"ballots,omitempty"`       // without a quorum they stay sealed
	BallotsHash string         `json:"ballots_sha256,omitzero"` // of their JSON, without spaces
	Count       *ballot.Record `json:"count,omitempty"`         // films by their place in Candidates
	First       []string       `json:"first,omitempty"`         // of a second ballot: the candidates of the first, by key
	Settled     ballot.Settled `json:"settled,omitzero"`        // after the tie ladder; films by their place in First, else in Candidates
	Winners     []string       `json:"winners,omitempty"`       // by key; several: shared, or tied
	Others      []Other        `json:"others,omitempty"`        // what other methods would have given
	Shown       Disclosure     `json:"-"`                       // how much of all this is left in it
}

// recordFormat names the shape of a Record.
const recordFormat = "laurel-final-ballot-1"

// An Outcome is how a final ballot ended.
type Outcome string

// The outcomes.
const (
	Won      Outcome = "won"
	Shared   Outcome = "shared"    // ex aequo, by the rules
	Tied     Outcome = "tied"      // by the rules a second ballot comes next
	NoQuorum Outcome = "no-quorum" // too few were cast: nothing was counted
)

// A Sheet is an opened ballot without its juror's name.
type Sheet struct {
	Name    string     `json:"name"` // A, B, C: in an order that the seed gives
	Ranking [][]string `json:"ranking"`
	Recused []string   `json:"recused,omitempty"`
}

// An Other is what another method of counting gives from the same ballots.
type Other struct {
	Method   ballot.Method   `json:"method"`
	Strength ballot.Strength `json:"strength,omitzero"`
	Winners  []string        `json:"winners"` // several: a tie
}

// fewest is how many ballots hide each other: with fewer that look alike from
// outside, a juror or an organizer could tell who wrote which.
const fewest = 3

// Disclosure is how much of a count can be shown without telling who wrote what.
type Disclosure int

// From the least to the most.
const (
	OrderOnly Disclosure = iota // fewer than three ballots: no figure either
	Figures                     // the figures, and no single ballot
	Everything
)

// discloses says how much of the record is shown. A ballot that leaves a pair
// out because of a recusal can be told apart by those who know of the recusal;
// unless at least three have the same, no ballot is listed.
func (r Record) discloses() Disclosure {
	if r.Outcome == NoQuorum || r.Cast < fewest {
		return OrderOnly
	}
	alike := map[string]int{}
	for _, b := range r.Ballots {
		alike[fmt.Sprint(b.Recused)]++
	}
	for _, n := range alike {
		if n < fewest {
			return Figures
		}
	}
	return Everything
}

// disclosed is the record without what would tell who wrote what. A fingerprint
// of ballots that are not shown would tell: they are few enough to try them all.
func (r Record) disclosed() Record {
	r.Shown = r.discloses()
	switch r.Shown {
	case OrderOnly:
		r.Count = nil
		for i := range r.Settled.Steps {
			s := &r.Settled.Steps[i]
			s.Points, s.Second = nil, nil
		}
		r.Others, r.Ballots, r.BallotsHash = nil, nil, ""
	case Figures:
		r.Ballots, r.BallotsHash = nil, ""
	case Everything:
	}
	return r
}

// settledNames are the films that Settled names by their places.
func (r Record) settledNames() []string {
	if r.First != nil {
		return r.First
	}
	return r.Candidates
}

// Film is the key of the film at a place of Settled.
func (r Record) Film(place int) string { return r.settledNames()[place] }

// keep stores the record of a count that was just made.
func keep(ctx context.Context, tx pgx.Tx, id ID, r Record) error {
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write count: %w", err)
	}
	_, err = tx.Exec(ctx, `
		insert into deliberation_results (deliberation_id, record)
		values (@id, @record)`,
		pg.Args{"id": id, "record": string(text)})
	if err != nil {
		return fmt.Errorf("keep count: %w", err)
	}
	return nil
}

// recordOf reads the count of a final ballot that was opened, whoever asks; none
// is pgx.ErrNoRows.
func recordOf(ctx context.Context, db pg.DB, id ID) (Record, error) {
	text, err := pg.Value[string](ctx, db, `
		select record
		from deliberation_results
		where deliberation_id = @id`,
		pg.Args{"id": id})
	if err != nil {
		return Record{}, fmt.Errorf("read count: %w", err)
	}
	var r Record
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return Record{}, fmt.Errorf("read count: %w", err)
	}
	return r, nil
}

// ResultOf reads the count of an opened ballot, as far as it can be shown
// without telling who wrote what. It is for readers who are kept apart from none
// of its films: see At and Paper.Whole. Before the opening it is pgx.ErrNoRows.
func ResultOf(ctx context.Context, db pg.DB, id ID) (Record, error) {
	r, err := recordOf(ctx, db, id)
	return r.disclosed(), err
}
