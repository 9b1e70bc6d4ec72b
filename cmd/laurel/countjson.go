package main

import (
	"fmt"
	"math/big"
	"strings"

	"laurel/internal/tally/ballot"
)

// A countAnswer is what `laurel count --format json` prints; ballotsFormat
// explains its fields.
type countAnswer struct {
	Method     ballot.Method                  `json:"method"`
	Strength   ballot.Strength                `json:"strength,omitempty"`
	Candidates []string                       `json:"candidates"`
	Voters     int64                          `json:"voters"`
	Winners    []string                       `json:"winners"`
	Undecided  bool                           `json:"undecided"`
	Ranking    [][]string                     `json:"ranking"`
	Pairwise   map[string]map[string]int64    `json:"pairwise"`
	Paths      map[string]map[string]*float64 `json:"strongest_paths,omitempty"`
	Locks      []lockAnswer                   `json:"locks,omitempty"`
	Points     map[string]float64             `json:"points,omitempty"`
	Seats      int                            `json:"seats,omitempty"`
	Quota      *float64                       `json:"quota,omitempty"`
	QuotaRule  ballot.Quota                   `json:"quota_rule,omitempty"`
	Arithmetic ballot.Arithmetic              `json:"arithmetic,omitempty"`
	Elected    []string                       `json:"elected,omitempty"`
	Rounds     []map[string]float64           `json:"rounds,omitempty"`
	Stages     []stageAnswer                  `json:"stages,omitempty"`
	Ties       []tieAnswer                    `json:"ties"`
	Others     []otherAnswer                  `json:"others,omitempty"`
	Seed       string                         `json:"seed,omitempty"`
	Warnings   []string                       `json:"warnings"`
}

type lockAnswer struct {
	Winner   string   `json:"winner"`
	Loser    string   `json:"loser"`
	Strength *float64 `json:"strength"`
	Locked   bool     `json:"locked"`
	Together bool     `json:"together,omitempty"`
}

type stageAnswer struct {
	Votes     map[string]float64 `json:"votes"`
	Exhausted float64            `json:"exhausted"`
	Elected   []string           `json:"elected,omitempty"`
	Surpluses []surplusAnswer    `json:"surpluses,omitempty"`
	Excluded  []string           `json:"excluded,omitempty"`
}

type surplusAnswer struct {
	Candidate string  `json:"candidate"`
	Votes     float64 `json:"votes"`
	Of        float64 `json:"of"`
}

type tieAnswer struct {
	Step     string             `json:"step"`
	Place    int                `json:"place,omitempty"`
	Round    int                `json:"round,omitempty"`
	About    ballot.Why         `json:"about,omitempty"`
	Tied     []string           `json:"tied"`
	Order    [][]string         `json:"order,omitempty"`
	Chosen   []string           `json:"chosen,omitempty"`
	Points   map[string]float64 `json:"points,omitempty"`
	Differ   int                `json:"differ_in_round,omitempty"`
	Votes    map[string]float64 `json:"votes,omitempty"`
	Lot      []lotAnswer        `json:"lot,omitempty"`
	Decides  bool               `json:"decides"`
	Sentence string             `json:"sentence"`
}

type lotAnswer struct {
	Candidate string `json:"candidate"`
	Hash      string `json:"hash"`
}

type otherAnswer struct {
	Method   ballot.Method   `json:"method"`
	Strength ballot.Strength `json:"strength,omitempty"`
	Winners  []string        `json:"winners"`
	Ranking  [][]string      `json:"ranking"`
}

func (c counted) answer() countAnswer {
	r := c.record
	a := countAnswer{
		Method: r.Method, Strength: r.Strength, Candidates: c.Candidates, Voters: r.Voters,
		Winners: c.named(c.winners()), Undecided: c.undecided(), Ranking: levelsIn(c.Election, c.ranking()),
		Pairwise: map[string]map[string]int64{}, Elected: c.named(r.Elected), Seed: c.seed,
		Quota: floatOf(r.Quota), QuotaRule: r.QuotaRule, Arithmetic: r.Arithmetic,
		Rounds: c.rounds(), Stages: c.stages(), Ties: c.ties(), Warnings: c.warnings(),
	}
	if r.Method == ballot.MethodSTV {
		a.Seats = r.Seats
	}
	for x, row := range r.Pairwise {
		a.Pairwise[c.Candidates[x]] = map[string]int64{}
		for y, votes := range row {
			a.Pairwise[c.Candidates[x]][c.Candidates[y]] = votes
		}
	}
	if r.Paths != nil {
		a.Paths = c.paths()
	}
	if r.Points != nil {
		a.Points = c.perCandidate(r.Points)
	}
	for _, l := range r.Locks {
		a.Locks = append(a.Locks, lockAnswer{c.Candidates[l.Winner], c.Candidates[l.Loser], powerOf(l.Power), l.Locked, l.Together})
	}
	for _, o := range c.others {
		a.Others = append(a.Others, otherAnswer{o.Method, o.Strength, c.named(o.Winners), levelsIn(c.Election, o.Ranking)})
	}
	return a
}

func (c counted) named(places []int) []string { return candidatesIn(c.Election, places) }

// paths leave out those from a candidate to itself.
func (c counted) paths() map[string]map[string]*float64 {
	paths := map[string]map[string]*float64{}
	for x, row := range c.record.Paths {
		from := map[string]*float64{}
		for y, power := range row {
			if x != y {
				from[c.Candidates[y]] = powerOf(power)
			}
		}
		paths[c.Candidates[x]] = from
	}
	return paths
}

// perCandidate leaves out those who have none any more.
func (c counted) perCandidate(values []*big.Rat) map[string]float64 {
	named := map[string]float64{}
	for i, v := range values {
		if v != nil {
			named[c.Candidates[i]] = *floatOf(v)
		}
	}
	return named
}

// rounds are the votes of those still to be elected or elected in that round.
func (c counted) rounds() []map[string]float64 {
	var rounds []map[string]float64
	done := map[int]bool{}
	for _, s := range c.record.Stages {
		round := map[string]float64{}
		for i, v := range s.Votes {
			if v != nil && !done[i] {
				round[c.Candidates[i]] = *floatOf(v)
			}
		}
		rounds = append(rounds, round)
		for _, i := range s.Elected {
			done[i] = true
		}
	}
	return rounds
}

func (c counted) stages() []stageAnswer {
	var stages []stageAnswer
	for _, s := range c.record.Stages {
		a := stageAnswer{
			Votes: c.perCandidate(s.Votes), Exhausted: *floatOf(s.Exhausted), Elected: c.named(s.Elected), Excluded: c.named(s.Excluded),
		}
		for _, p := range s.Surpluses {
			a.Surpluses = append(a.Surpluses, surplusAnswer{c.Candidates[p.Candidate], *floatOf(p.Votes), *floatOf(p.Of)})
		}
		stages = append(stages, a)
	}
	return stages
}

// ties are the ladder's steps, or the draws of a transferable vote.
func (c counted) ties() []tieAnswer {
	ties := []tieAnswer{}
	for _, step := range c.settled.Steps {
		a := tieAnswer{
			Step: string(step.Kind), Place: step.Place, Tied: c.named(step.Tied), Order: levelsIn(c.Election, step.Order),
			Lot: c.slips(step.Lot), Decides: c.laddered() && len(step.Order) > 1, Sentence: c.stepSentence(step),
		}
		if step.Points != nil {
			a.Points = map[string]float64{}
			for i, p := range step.Points {
				a.Points[a.Tied[i]] = *floatOf(p)
			}
		}
		ties = append(ties, a)
	}
	for i, s := range c.record.Stages {
		for _, d := range s.Draws {
			a := tieAnswer{
				Step: drawStep(d), Round: i + 1, About: d.Why, Tied: c.named(d.Among), Chosen: c.named(d.Chosen), Differ: d.Stage,
				Lot: c.slips(d.Lot), Decides: len(d.Chosen) > 0, Sentence: c.drawSentence(i, d),
			}
			if d.Stage > 0 {
				a.Votes = map[string]float64{}
				for _, t := range d.Among {
					a.Votes[c.Candidates[t]] = *floatOf(c.record.Stages[d.Stage-1].Votes[t])
				}
			}
			ties = append(ties, a)
		}
	}
	return ties
}

// drawStep is what parts equals in a transferable vote, in a word.
func drawStep(d ballot.Draw) string {
	switch {
	case d.Stage > 0:
		return "earlier round"
	case d.Lot != nil:
		return "lot"
	case len(d.Chosen) > 0:
		return "together"
	}
	return "undecided"
}

func (c counted) slips(lot []ballot.Slip) []lotAnswer {
	var answers []lotAnswer
	for _, slip := range lot {
		answers = append(answers, lotAnswer{c.Candidates[slip.Candidate], slip.Hash})
	}
	return answers
}

func (c counted) warnings() []string {
	warnings := []string{}
	if c.record.Voters == 0 {
		warnings = append(warnings, "There is no ballot: every candidate is tied.")
	}
	if c.undecided() {
		warnings = append(warnings, fmt.Sprintf("It is a tie between %s. With --seed TEXT the ladder of ties goes to its end, a lot.",
			strings.Join(c.named(c.winners()), ", ")))
	}
	for _, row := range c.record.Paths {
		for _, power := range row {
			if _, ok := power.Float(); !ok {
				return append(warnings, "Where nobody votes against, a ratio has no value: strongest_paths has null there, above every number.")
			}
		}
	}
	return warnings
}

func floatOf(r *big.Rat) *float64 {
	if r == nil {
		return nil
	}
	v, _ := r.Float64()
	return &v
}

// powerOf is nil where nobody was against.
func powerOf(p ballot.Power) *float64 {
	if v, ok := p.Float(); ok {
		return &v
	}
	return nil
}
