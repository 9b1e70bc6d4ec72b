package ballot

// A Quota is the rule for the votes that elect a candidate, from V valid votes
// and S seats.
type Quota string

// Droop is ⌊V/(S+1)⌋+1, Hare V/S, Hagenbach-Bischoff V/(S+1) and Imperiali
// V/(S+2); the last three are exact fractions. Empty means Droop.
const (
	Droop             Quota = "droop"
	Hare              Quota = "hare"
	HagenbachBischoff Quota = "hb"
	Imperiali         Quota = "imperiali"
)

// Arithmetic is how values are passed on.
type Arithmetic string

// Scottish cuts the value of a ballot after five decimals whenever a surplus is
// passed on (SSI 2007/42, rule 48); Exact keeps the fraction.
const (
	Scottish Arithmetic = "scottish"
	Exact    Arithmetic = "exact"
)
