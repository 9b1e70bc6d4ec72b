// Package assign divides entries among jurors so that nothing better exists,
// and proves it.
//
// The question is a transportation problem: every entry wants a number of
// viewings, every juror has a smallest and a largest load, some pairs are
// possible and each of those has a cost. Its matrix is a network matrix, so the
// best division in whole numbers is a minimum-cost flow (Hoffman and Kruskal
// 1956; Ahuja, Magnanti and Orlin, Network Flows, 1993). Solve finds one by the
// network simplex method, aim after aim: each aim is minimised exactly among
// the divisions that are best for all aims before it. Its prices prove every
// aim by weak duality, and Verify checks that proof without the solver.
//
// Everything is whole numbers. Entries and jurors are known by their place in
// the problem, from 0. The answer depends on nothing but the problem and the
// options: not on the order of pairs, on the machine or on the run.
package assign

// A Problem is who could watch what.
type Problem struct {
	Entries []Entry
	Jurors  []Juror
	// Pairs are all pairs that are possible, in any order and each once. A pair
	// that is not here is never given, unless it is done.
	Pairs []Pair
	// Barred says why pairs are not possible; it is for Why only. A pair that
	// is also in Pairs is not possible.
	Barred []Bar
	// Groups bound how many jurors of a kind an entry gets. The groups of one
	// entry must be laminar: any two are nested or have no juror in common.
	Groups []Group
	// WeakFrom is the cost from which a pair is weak; 0: no pair is.
	WeakFrom int64
	// Before is what was given before; nil: nothing was, and no pair is new.
	Before []Place
	// Done are viewings that have happened. They stay, whether or not they are
	// possible pairs, and even above a juror's load or an entry's wish.
	Done []Place
	// LoadLambda scales the cost of loads: the t-th entry of a juror costs
	// floor(LoadLambda*(2t-1)/(2*Max)), which evens out load/Max.
	LoadLambda int64
	// ShortageUnit scales the cost of shortages: the s-th missing viewing of an
	// entry costs ShortageUnit*s, which spreads them.
	ShortageUnit int64
	// Seed settles ties between divisions that are equally good for every aim.
	Seed uint64
}

// An Entry is to be watched by Want jurors, 0 or more.
type Entry struct{ Want int }

// A Juror watches at least Min and at most Max entries, 0 <= Min <= Max.
type Juror struct{ Min, Max int }

// A Pair is a viewing that is possible, with what is against it: its cost, 0 or
// more, is 0 for the best of pairs.
type Pair struct {
	Entry, Juror int
	Cost         int64
}

// A Place is a viewing: this entry by this juror.
type Place struct{ Entry, Juror int }

// A Bar is the reason why a pair is not possible.
type Bar struct {
	Entry, Juror int
	Reason       Reason
}

// A Group is some jurors of whom an entry gets at least Min, as far as that can
// be had, and at most Max: one native speaker at least, or one of a company at
// most. Max below 0 is no bound.
type Group struct {
	Entry    int
	Jurors   []int
	Min, Max int
}

// A Reason says in a word how a pair stands.
type Reason string

// Why a pair is not possible, to be used in Bar.
const (
	Conflict  Reason = "conflict"
	Company   Reason = "company"
	Language  Reason = "language"
	Category  Reason = "category"
	NotSeated Reason = "not seated"
	Recused   Reason = "recused"
)

// How a pair stands otherwise.
const (
	Given    Reason = "given"    // the juror watches the entry
	Done     Reason = "done"     // the juror has watched it
	Unlisted Reason = "unlisted" // not possible, and nobody said why
	Full     Reason = "full"     // possible, but the juror has all they can take
	Enough   Reason = "enough"   // possible, but the entry has all it wants
	Dearer   Reason = "dearer"   // possible, but another division is better
)

// An Aim is something to be kept small.
type Aim string

// The aims, with what they count.
const (
	Missing    Aim = "missing"    // the s-th missing viewing of an entry counts s
	Quotas     Aim = "quotas"     // jurors missing from groups below their Min
	Changes    Aim = "changes"    // pairs that were not given before
	Weak       Aim = "weak"       // the s-th weak pair of an entry counts s
	Preference Aim = "preference" // the costs of pairs
	Load       Aim = "load"       // the costs of loads, by LoadLambda
	Shortage   Aim = "shortage"   // the costs of missing viewings, by ShortageUnit
	Ties       Aim = "ties"       // a lot for every pair, drawn by the seed
)

// Orders of aims. The aims of one level are added up; a later level counts only
// among divisions that are best for all earlier ones.
var (
	// Lexicographic is the order for a festival's own drafts.
	Lexicographic = [][]Aim{{Missing}, {Quotas}, {Changes}, {Weak}, {Preference}, {Load}}
	// Joint is one sum of all costs.
	Joint = [][]Aim{{Shortage, Preference, Load}}
	// LeastChange touches as little as possible of what was given before, and is
	// Joint apart from that.
	LeastChange = [][]Aim{{Missing}, {Changes}, {Shortage, Preference, Load}}
)

// Options say what is sought.
type Options struct {
	// Order is the aims, most important first; nil is Lexicographic. Ties come
	// after them in any case.
	Order [][]Aim
	// Connected asks for a division in which any two jurors can be compared
	// through a chain of entries that they share, as long as no viewing is lost by
	// it. Where there is none, the plan is the one without this option.
	Connected bool
	// Bottleneck keeps the dearest pair as cheap as possible before anything
	// else but the number of missing viewings.
	Bottleneck bool
}

// A Plan is a division with its figures and its proof.
type Plan struct {
	// Given has, for every entry, the jurors who watch it, ascending.
	Given [][]int
	// Objective is PairCost + LoadCost + ShortageCost, whatever the order of
	// aims was.
	Objective                        int64
	PairCost, LoadCost, ShortageCost int64
	// DualBound is what Objective cannot be below, without loss in a level that
	// comes before its own: Objective less what the levels of costs leave
	// unproved. Bounds are worked out from the prices only.
	DualBound int64
	// Optimal says that the prices prove every level, ties included. Of a plan
	// that was repaired to be connected it says that every other connected
	// division was ruled out by the prices of its branch of the search.
	Optimal bool
	// Levels are the levels of the order that had anything to say, then ties.
	Levels []Level
	// Missing is how many viewings are missing in all, and Short by entry.
	Missing int
	Short   []int
	// NewPairs counts pairs given that were not given before; 0 without Before.
	NewPairs int
	// Loads are how many entries each juror watches.
	Loads []int
	// MaxPairCost is the cost of the dearest pair given, 0 if none is.
	MaxPairCost int64
	// WeakPairs counts pairs given that are weak.
	WeakPairs int
	// Threshold is the cost that no pair exceeds with Bottleneck, otherwise -1.
	Threshold int64
	// Components counts the parts of the jury that share no entry, directly or
	// through others; 1 is what a comparison of jurors needs. Jurors and entries
	// without a viewing do not count.
	Components int
	// Bridges are the viewings whose loss would part the jury, by entry and
	// juror ascending.
	Bridges []Place
	// Shortages explain the missing viewings. They have no entry in common.
	Shortages []Gap
	// Repair says how the jury was connected; nil if nothing was to be done.
	Repair *Repair

	stands *standing
}

// A Level is one aim, or a sum of aims, with what it came to.
type Level struct {
	Aims []Aim
	// Value is what it came to; Bound is what it cannot be below, by the prices.
	Value, Bound int64
	// Prices prove it: by entry, by juror and by group, in the problem's order.
	Prices Prices
}

// Prices are the duals of a level, in its own unit.
type Prices struct {
	Entries, Jurors, Groups []int64
}

// A Gap is a set of entries that cannot all have what they want, the jurors
// they could have, and the figures that show it: a violation of Hall's
// condition, found as a minimum cut.
type Gap struct {
	Entries, Jurors []int
	// Demand is how many viewings these entries want; Supply is how many are
	// possible.
	Demand, Supply int
	// Sentence says so in words.
	Sentence string
}

// A Repair is how a divided jury was connected.
type Repair struct {
	// Before is how many components there were.
	Before int
	// Swaps counts exchanges of two viewings that were made; 0 if a division
	// from the search was better.
	Swaps int
	// Searched says that the search came to its end: the division is the best
	// connected one, or there is none. Otherwise only the cheapest exchanges were
	// made, or something better than they that was come across.
	Searched bool
}
