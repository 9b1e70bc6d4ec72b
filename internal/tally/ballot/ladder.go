package ballot

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
)

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
	Places  int       // how many places must be settled, from the first; 0: all
	Options Options   // count the second ballot; no lot is drawn in it
	Second  *Election // candidates by the names that they have in the first; nil: no second ballot was held
	Rule    Rule      // empty: there is none
	Casting [][]int   // with RuleCasting: the president's ranking; unranked candidates are last
	Scores  []float64 // with RuleCalibrated: by candidate, finite; the higher the better, within 1e-9 equal
	Seed    string    // empty: no lot is drawn
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

// A LadderError is a rung that cannot be taken.
type LadderError struct{ What string }

func (e *LadderError) Error() string { return e.What }

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
	Lot    []Slip     `json:"lot,omitempty"`    // lot: the luckiest first
}

// A Settled is a ranking after the ladder.
type Settled struct {
	Winners []int   `json:"winners"` // the first level of the ranking
	Ranking [][]int `json:"ranking"`
	Steps   []Step  `json:"steps"`          // every step taken, in its order
	Open    [][]int `json:"open,omitempty"` // levels still tied within Places, without those that share by rule: another rung is needed
}

// Settle takes the ladder for every tie of a ranking that touches the places to
// be settled. A step that parts nobody is on record too. Errors, when there is a
// tie: those of Check, for either ballot, and a *LadderError when the second
// ballot lacks a tied candidate or there is not a finite score for every
// candidate.
func (l Ladder) Settle(e Election, ranking [][]int) (Settled, error) {
	var s Settled
	var rungs []rung
	var err error
	if slices.ContainsFunc(ranking, func(level []int) bool { return len(level) > 1 }) {
		if rungs, err = l.rungs(e); err != nil {
			return s, err
		}
	}
	place := 1
	for _, level := range ranking {
		parted := [][]int{level}
		if len(level) > 1 && (l.Places == 0 || place <= l.Places) {
			if parted, err = l.climb(&s, rungs, place, level); err != nil {
				return s, err
			}
		}
		s.Ranking = append(s.Ranking, parted...)
		place += len(level)
	}
	if len(s.Ranking) > 0 {
		s.Winners = s.Ranking[0]
	}
	return s, nil
}

// A rung parts candidates and writes its numbers into the step.
type rung func(step *Step) error

// climb takes the first rung among equals, and the next ones among those that
// it leaves equal.
func (l Ladder) climb(s *Settled, rungs []rung, place int, tied []int) ([][]int, error) {
	if len(tied) == 1 || l.Places > 0 && place > l.Places {
		return [][]int{tied}, nil
	}
	if len(rungs) == 0 {
		if l.Rule != RuleShared {
			s.Open = append(s.Open, tied)
		}
		return [][]int{tied}, nil
	}
	step := Step{Place: place, Tied: tied}
	if err := rungs[0](&step); err != nil {
		return nil, err
	}
	s.Steps = append(s.Steps, step)
	var parted [][]int
	for _, level := range step.Order {
		finer, err := l.climb(s, rungs[1:], place, level)
		if err != nil {
			return nil, err
		}
		parted = append(parted, finer...)
		place += len(level)
	}
	return parted, nil
}

// rungs are the steps that this ladder has.
func (l Ladder) rungs(e Election) ([]rung, error) {
	borda, err := Borda(e)
	if err != nil {
		return nil, err
	}
	rungs := []rung{byBorda(borda.Points)}
	if l.Second != nil {
		o := l.Options
		o.Seed = ""
		second, err := Count(*l.Second, o)
		if err != nil {
			return nil, fmt.Errorf("second ballot: %w", err)
		}
		rungs = append(rungs, bySecond(e, *l.Second, second))
	}
	switch l.Rule {
	case RuleCasting:
		rungs = append(rungs, byCasting(l.Casting))
	case RuleCalibrated:
		if err := finite(l.Scores, len(e.Candidates)); err != nil {
			return nil, err
		}
		rungs = append(rungs, byScores(l.Scores))
	case RuleShared:
		return append(rungs, share), nil
	}
	if l.Seed != "" {
		rungs = append(rungs, byLot(l.Seed, e.Candidates))
	}
	return rungs, nil
}

func finite(scores []float64, want int) error {
	if len(scores) != want {
		return &LadderError{fmt.Sprintf("there are %d scores for %d candidates", len(scores), want)}
	}
	for _, score := range scores {
		if math.IsNaN(score) || math.IsInf(score, 0) {
			return &LadderError{"a score is not a number"}
		}
	}
	return nil
}

func byBorda(points []*big.Rat) rung {
	return func(step *Step) error {
		step.Kind = StepBorda
		for _, c := range step.Tied {
			step.Points = append(step.Points, points[c])
		}
		step.Order = regrouped(step.Tied, func(a, b int) int { return points[b].Cmp(points[a]) })
		return nil
	}
}

// bySecond goes by the levels of the second ballot's ranking.
func bySecond(first, second Election, count Record) rung {
	return func(step *Step) error {
		step.Kind, step.Second = StepSecond, &count
		levels := make(map[int]int, len(step.Tied))
		for _, c := range step.Tied {
			in := slices.Index(second.Candidates, first.Candidates[c])
			if in < 0 {
				return &LadderError{fmt.Sprintf("%q is tied and not in the second ballot", first.Candidates[c])}
			}
			levels[c] = slices.IndexFunc(count.Ranking, func(level []int) bool { return slices.Contains(level, in) })
		}
		step.Order = regrouped(step.Tied, func(a, b int) int { return cmp.Compare(levels[a], levels[b]) })
		return nil
	}
}

func byCasting(ranking [][]int) rung {
	level := func(c int) int {
		for i, equal := range ranking {
			if slices.Contains(equal, c) {
				return i
			}
		}
		return len(ranking)
	}
	return func(step *Step) error {
		step.Kind = StepCasting
		step.Order = regrouped(step.Tied, func(a, b int) int { return cmp.Compare(level(a), level(b)) })
		return nil
	}
}

// byScores takes scores as equal that differ only by what adding in another
// order can change.
func byScores(scores []float64) rung {
	return func(step *Step) error {
		step.Kind = StepCalibrated
		for _, c := range step.Tied {
			step.Scores = append(step.Scores, scores[c])
		}
		sorted := slices.Clone(step.Tied)
		slices.SortStableFunc(sorted, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
		for i, c := range sorted {
			if i == 0 || scores[sorted[i-1]]-scores[c] > 1e-9 {
				step.Order = append(step.Order, nil)
			}
			last := len(step.Order) - 1
			step.Order[last] = append(step.Order[last], c)
		}
		for _, level := range step.Order {
			slices.Sort(level)
		}
		return nil
	}
}

// share leaves them equal for good.
func share(step *Step) error {
	step.Kind = StepShared
	step.Order = [][]int{step.Tied}
	return nil
}

func byLot(seed string, names []string) rung {
	return func(step *Step) error {
		step.Kind, step.Lot = StepLot, DrawLot(seed, names, step.Tied)
		for _, slip := range step.Lot {
			step.Order = append(step.Order, []int{slip.Candidate})
		}
		return nil
	}
}
