package ballot

import (
	"cmp"
	"math/big"
)

// Strength is how strong a defeat of b by a is, from the votes for a over b and
// those for b over a. (Schulze 2011, section 2.1.)
type Strength string

// Winning votes count the votes for the winner, margins the difference, and
// ratio the quotient. Empty means winning votes.
const (
	WinningVotes Strength = "winning"
	Margins      Strength = "margins"
	Ratio        Strength = "ratio"
)

// A Power is the strength of a defeat or of a path, as the fraction Over/Under.
// No path at all is zero over one. Under is 0 only by ratio, where nobody was
// against: such a power stands above every fraction, and above another such one
// when Over is larger.
type Power struct {
	Over  int64 `json:"over"`
	Under int64 `json:"under"`
}

// Compare is -1, 0 or 1 as p is weaker than, as strong as or stronger than q.
func (p Power) Compare(q Power) int {
	if p.Under == 0 && q.Under == 0 {
		return cmp.Compare(p.Over, q.Over)
	}
	return cmp.Compare(p.Over*q.Under, q.Over*p.Under)
}

// Float is the power as a number; false when nobody was against and there is
// none.
func (p Power) Float() (float64, bool) {
	if p.Under == 0 {
		return 0, false
	}
	return float64(p.Over) / float64(p.Under), true
}

// of is the power of a defeat with so many votes for and against; zero when it
// is none.
func (s Strength) of(votesFor, against int64) Power {
	switch {
	case votesFor <= against:
		return Power{0, 1}
	case s == Margins:
		return Power{votesFor - against, 1}
	case s != Ratio:
		return Power{votesFor, 1}
	case against == 0:
		return Power{votesFor, 0}
	}
	r := big.NewRat(votesFor, against)
	return Power{r.Num().Int64(), r.Denom().Int64()}
}
