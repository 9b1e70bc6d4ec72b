package tally

// Components are the variances of the model, on the square of the scale of the
// scores, all zero or more.
type Components struct {
	Entry    float64 // between entries of one pool: what judging is to find
	Juror    float64 // between jurors: severity
	Residual float64 // of one review of weight 1, beyond the two
}

// A Basis says where components come from.
type Basis int

// The bases of components.
const (
	Estimated Basis = iota // by REML, all that the table can tell
	Provided               // by the caller, such as last edition's
	Assumed                // in part by the default proportions, see SingleReviews and Unsettled
	Nothing                // no model: raw means only, see Model.Warnings
)

// Options change how a model is fitted. The zero value is REML without a
// penalty.
type Options struct {
	// Given holds all components at these values: last edition's, when this
	// one's data are thin. Residual must be above zero.
	Given *Components

	// Ratios holds the proportions of components at these values and estimates
	// only their common size: the variance ratios of Robinson (1991). Given
	// goes before it. Residual must be above zero.
	Ratios *Components

	// Penalised keeps components off zero by the boundary-avoiding penalty of
	// Chung, Rabe-Hesketh, Dorie, Gelman and Liu (2013), a Gamma(2) on the
	// standard deviations of factors with three levels more than pools. It
	// changes the estimates a little, always.
	Penalised bool
}

// A Model is what a table of reviews tells about entries and jurors:
//
//	score = x'β + u(entry) + v(juror) + ε
//
// with one fixed effect β a pool, u ~ N(0, σ²u), v ~ N(0, σ²v) and
// ε ~ N(0, σ²/ω) (Henderson 1950–75; Robinson 1991; Braun 1988). It does not
// change once fitted and may be used by several goroutines.
//
// Where Basis is Nothing the list rests on raw means: Calibrated and Adjusted
// are the raw mean, and no uncertainty is known.
type Model struct {
	Components Components
	Basis      Basis
	Fixed      []Fixed // one a pool that has reviews, in the order of Table.Pools
	Entries    []Entry // in the order of the table's numbers
	Jurors     []Juror // likewise; empty for a one-way model
	Criterion  float64 // −2 log restricted likelihood, as lme4 prints it; 0 when Basis is Nothing
	Iterations int     // steps of the estimation; 0 when nothing was estimated
	Warnings   []Caution

	table Table
	parts []int      // of each entry, see Model.Parts
	found evaluation // its eq is nil when Basis is Nothing
}

// Fixed is the level of a pool: what a typical entry gets there from a typical
// juror.
type Fixed struct {
	Name     string // the pool's; "intercept" when there is one
	Estimate float64
	SE       float64 // 0 when Basis is Nothing
}

// An Entry is an entry's results, on the scale of the scores. All but Reviews
// are 0 for an entry without a review that counts.
type Entry struct {
	Reviews    int     // of weight above zero
	Raw        float64 // weighted mean of its scores
	Adjusted   float64 // weighted mean of score − v̂ of who gave it: corrected, not shrunk
	Calibrated float64 // x'β̂ + û: the value that the list goes by

	// Known is false when nothing tells how certain the value is; what follows
	// is then 0.
	Known bool
	SE    float64 // √PEV
	PEV   float64 // Var(calibrated − truth), fixed effects estimated (Henderson)

	Effect            float64 // û
	EffectPEV         float64 // Var(û − u), fixed effects estimated
	EffectConditional float64 // Var(u | scores) with fixed effects known (lme4's condVar)
}

// Interval is the entry's central 95 % interval.
func (e Entry) Interval() (low, high float64) {
	return e.Calibrated - normal975*e.SE, e.Calibrated + normal975*e.SE
}

// normal975 is the normal distribution's 97.5 % quantile.
const normal975 = 1.959963984540054

// A Juror is a juror's severity on the scale of the scores.
type Juror struct {
	Reviews     int     // of weight above zero
	Severity    float64 // v̂: above zero kinder than the panel, below zero harsher
	SE          float64 // √PEV; 0 and Known false when nothing tells
	PEV         float64 // Var(v̂ − v), fixed effects estimated
	Conditional float64 // Var(v | scores) with fixed effects known (lme4's condVar)
	Known       bool
}

// A Caution is something that a reader of the results has to know.
type Caution struct {
	Kind CautionKind
	N    int // of entries or parts, where the kind counts something
}

// CautionKind says what to be cautious about.
type CautionKind int

// The cautions, in the order in which they are reported.
const (
	NoScores       CautionKind = iota + 1 // there is no review that counts
	OneJuror                              // severity cannot be told from quality: raw means
	NoInformation                         // all scores of each pool are equal: raw means
	TooFew                                // no more reviews than pools: raw means
	SingleReviews                         // no entry has two reviews: a default ratio of variances was assumed
	NoSeverity                            // each juror gave one score, or each pool has one juror: severity cannot be told
	NoDifference                          // the entries' component is zero: no detectable difference
	NoJurorEffect                         // the jurors' component is zero: no detectable difference in severity
	ExactFit                              // the scores leave no residual; uncertainty is understated
	Indistinct                            // the scores fit several sets of components equally well; one of them was taken
	Unsettled                             // so few data that the estimation found no end: default proportions were assumed
	Provisional                           // fewer than 10 entries or 4 jurors, or a component is zero
	Disconnected                          // N parts that no juror links: ranks hold within a part only
	WithoutReviews                        // N entries have no review that counts
)
