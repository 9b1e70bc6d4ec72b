package ballot

import "math/big"

// A Method is a rule of counting.
type Method string

// The methods; each is documented at the function of its name.
const (
	MethodSchulze     Method = "schulze"
	MethodRankedPairs Method = "ranked-pairs"
	MethodCopeland    Method = "copeland"
	MethodBorda       Method = "borda"
	MethodIRV         Method = "irv"
	MethodSTV         Method = "stv"
)

// A Record is a whole count: what came out and every number on the way. Which
// fields are set depends on the method. Candidates are places in
// Election.Candidates. It survives being written as JSON and read again;
// fractions are then texts such as "7/2".
type Record struct {
	Method   Method    `json:"method"`
	Winners  []int     `json:"winners"`  // several: a tie, or several seats
	Ranking  [][]int   `json:"ranking"`  // levels, the best first; equal candidates share a level, in the order of Candidates
	Voters   int64     `json:"voters"`   // the sum of all weights
	Pairwise [][]int64 `json:"pairwise"` // [a][b]: voters who put a strictly above b

	Strength Strength  `json:"strength,omitempty"` // schulze, ranked-pairs
	Paths    [][]Power `json:"paths,omitempty"`    // schulze: [a][b], the strongest path from a to b

	Locks []Lock `json:"locks,omitempty"` // ranked-pairs: every defeat, the strongest first

	Points []*big.Rat `json:"points,omitempty"` // copeland, borda: by candidate

	Seats      int        `json:"seats,omitempty"`      // irv: 1; stv
	Quota      *big.Rat   `json:"quota,omitempty"`      // stv: votes that elect
	QuotaRule  Quota      `json:"quota_rule,omitempty"` // stv
	Arithmetic Arithmetic `json:"arithmetic,omitempty"` // stv
	Elected    []int      `json:"elected,omitempty"`    // irv, stv: in the order of election; without those whose seat is undecided
	Stages     []Stage    `json:"stages,omitempty"`     // irv, stv
}

// Undecided says whether a tie is left: in a count for one winner several
// winners, in one for seats more than there are seats.
func (r Record) Undecided() bool { return len(r.Winners) > max(1, r.Seats) }

// A Lock is one defeat in the order in which Ranked Pairs takes them.
type Lock struct {
	Winner   int   `json:"winner"`
	Loser    int   `json:"loser"`
	Power    Power `json:"power"`
	Locked   bool  `json:"locked"`             // false: it is skipped
	Together bool  `json:"together,omitempty"` // skipped only because of others of equal strength
}

// A Stage is one step of a transferable vote: what the votes are, and what then
// happens to them.
type Stage struct {
	Votes     []*big.Rat `json:"votes"`              // by candidate; nil for one excluded before
	Exhausted *big.Rat   `json:"exhausted"`          // votes that no candidate has any more, with what rounding lost
	Elected   []int      `json:"elected,omitempty"`  // at this stage, the most votes first
	Draws     []Draw     `json:"draws,omitempty"`    // what had to be decided between equals
	Surpluses []Surplus  `json:"surplus,omitempty"`  // passed on next: one, or equal ones together
	Excluded  []int      `json:"excluded,omitempty"` // or whose votes are moved next
}

// A Surplus is what an elected candidate has above the quota and passes on.
type Surplus struct {
	Candidate int      `json:"candidate"`
	Votes     *big.Rat `json:"votes"` // above the quota
	Of        *big.Rat `json:"of"`    // all votes of the candidate: each is passed on at Votes/Of of its value
}

// A Draw is a choice between equals during a transferable vote.
type Draw struct {
	Why    Why    `json:"why"`
	Among  []int  `json:"among"`           // who are equal
	Stage  int    `json:"stage,omitempty"` // from 1: the last earlier stage in which they differ, which decides; 0: there is none
	Lot    []Slip `json:"lot,omitempty"`   // drawn among them, the luckiest first
	Chosen []int  `json:"chosen"`          // one, or several whom the next draw parts or who go together; empty: undecided, the count ends
}

// Why is what a draw decides.
type Why string

// Who is excluded, whose surplus is passed on first, or who takes the last seat.
const (
	WhyExclude Why = "exclude"
	WhySurplus Why = "surplus"
	WhySeat    Why = "seat"
)
