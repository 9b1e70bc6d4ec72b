package ballot

import "math/big"

// A Quota is the rule for the votes that elect a candidate, from V valid votes
// and S seats.
type Quota string

// Droop is ⌊V/(S+1)⌋+1, Hare V/S, Hagenbach-Bischoff V/(S+1) and Imperiali
// V/(S+2); the last three are exact fractions. Empty means Droop. With
// Hagenbach-Bischoff and Imperiali more candidates can reach the quota than there
// are seats: those with the most votes take them.
const (
	Droop             Quota = "droop"
	Hare              Quota = "hare"
	HagenbachBischoff Quota = "hb"
	Imperiali         Quota = "imperiali"
)

// Of is the quota for so many valid votes and so many seats, one or more.
func (q Quota) Of(valid int64, seats int) *big.Rat {
	s := int64(seats)
	switch q {
	case Hare:
		return big.NewRat(valid, s)
	case HagenbachBischoff:
		return big.NewRat(valid, s+1)
	case Imperiali:
		return big.NewRat(valid, s+2)
	default:
		return big.NewRat(valid/(s+1)+1, 1)
	}
}

// Arithmetic is how the value of a ballot is kept when it moves on.
type Arithmetic string

// Scottish cuts the value after five decimals whenever a surplus is passed on
// or equals share a ballot (SSI 2007/42, rule 48), and moves no votes any more
// once those left fill the seats (rule 51); Exact keeps the fraction.
const (
	Scottish Arithmetic = "scottish"
	Exact    Arithmetic = "exact"
)

// fifth is the last decimal that the Scottish rules keep.
var fifth = big.NewInt(100_000)

// cutFifth leaves out everything after the fifth decimal.
func cutFifth(value *big.Rat) *big.Rat {
	units := new(big.Int).Mul(value.Num(), fifth)
	units.Quo(units, value.Denom())
	return new(big.Rat).SetFrac(units, fifth)
}
