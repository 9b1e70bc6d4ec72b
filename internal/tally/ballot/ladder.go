package ballot

import "math/big"

// A Ladder is the steps that part candidates whom the count left equal, fixed
// before anyone votes. They are taken in this order, each only among those who
// are still equal after the one before:
//
//  1. the Borda points over the full first ballots, the most first;
//  2. a second ballot on those still tied, counted by the same method;
//  3. the festival's rule;
//  4. a lot: the first in the order of the SHA-256 of the seed followed by the
//     candidate's name.
type Ladder struct {
	Places   int       // how many places must be settled, from the first; 0: all
	Method   Method    // counts the second ballot; empty: schulze
	Strength Strength  // for that
	Second   *Election // candidates by the names that they have in the first; nil: no second ballot was held
	Rule     Rule      // empty: there is none
	Casting  [][]int   // with RuleCasting: the president's ranking; unranked candidates are last
	Scores   []float64 // with RuleCalibrated: by candidate, finite; the higher the better, within 1e-9 equal
	Seed     string    // empty: no lot is drawn
}

// A Rule is what a festival decides a tie by when two ballots did not.
type Rule string

// The president's casting ballot, the calibrated score of the round before, or
// ex aequo: they share the place, and no lot is drawn.
const (
	RuleCasting    Rule = "casting"
	RuleCalibrated Rule = "calibrated"
	RuleShared     Rule = "shared"
)

// A StepKind is a rung of the ladder.
type StepKind string

// The rungs.
const (
	StepBorda      StepKind = "borda"
	StepSecond     StepKind = "second"
	StepCasting    StepKind = "casting"
	StepCalibrated StepKind = "calibrated"
	StepShared     StepKind = "shared"
	StepLot        StepKind = "lot"
)

// A Step is one rung, taken among candidates who were equal until then.
type Step struct {
	Kind   StepKind   `json:"kind"`
	Place  int        `json:"place"`            // from 1: the best place that they are tied for
	Tied   []int      `json:"tied"`             // who
	Order  [][]int    `json:"order"`            // how the step parts them, the best first; one level: not at all
	Points []*big.Rat `json:"points,omitempty"` // borda: in the order of Tied
	Second *Record    `json:"second,omitempty"` // second: the count, by places in the second ballot's candidates
	Scores []float64  `json:"scores,omitempty"` // calibrated: in the order of Tied
	Lot    []Slip     `json:"lot,omitempty"`    // lot: the first first
}

// A Settled is a ranking after the ladder.
type Settled struct {
	Winners []int   `json:"winners"` // of the first level
	Ranking [][]int `json:"ranking"`
	Steps   []Step  `json:"steps"` // every step taken, in its order
	Open    [][]int `json:"open"`  // levels still tied within Places, the shared ones left out: another rung is needed
}

// A Slip is a candidate's lot.
type Slip struct {
	Candidate int    `json:"candidate"`
	Hash      string `json:"hash"` // SHA-256 of the seed followed by the candidate's name, hexadecimal
}
