package result

import (
	"laurel/internal/account"
	"laurel/internal/entry"
)

// A Body is a computation with everything that it was made from, so that anyone
// can repeat it: Inputs and the result's seed are enough. All values are on the
// scale of the scores.
type Body struct {
	Inputs     Inputs     `json:"inputs"`
	Basis      Basis      `json:"basis"`
	Cautions   []Caution  `json:"cautions"`
	Components Components `json:"components"`
	Level      float64    `json:"level"`     // what a typical entry gets from a typical juror
	Criterion  float64    `json:"criterion"` // −2 log restricted likelihood
	Iterations int        `json:"iterations"`
	Draws      int        `json:"draws"` // of ranks
	Parts      int        `json:"parts"` // of the entries, linked by no juror; 1: all are
	Line       *float64   `json:"line"`  // calibrated value half-way between the last in and the first out; nil: no line
	Entries    []Entry    `json:"entries"`
	Jurors     []Juror    `json:"jurors"`
	Agreement  Agreement  `json:"agreement"`
	Extra      Extra      `json:"extra"`
	Pairs      []Pair     `json:"pairs"` // for the panel's president only, as Favours
	Favours    []Favour   `json:"favours"`
}

// A Basis says what the calibrated list rests on.
type Basis string

// The bases, as the model has them (tally.Basis).
const (
	Estimated Basis = "estimated" // components estimated from these scores
	Assumed   Basis = "assumed"   // in part by the usual proportion: no entry has two scores
	RawOnly   Basis = "raw"       // no model could be made: both lists are raw means
)

// A Caution is something that a reader of the result has to know.
type Caution struct {
	Kind string `json:"kind"` // see cautions
	N    int    `json:"n"`    // what it counts, where it counts
}

// Components are the variances of the model.
type Components struct {
	Entry    float64 `json:"entry"`
	Juror    float64 `json:"juror"`
	Residual float64 `json:"residual"`
}

// An Entry is what came out for one entry. All but ID is zero for one without a
// score.
type Entry struct {
	ID         entry.ID `json:"id"`
	Scores     int      `json:"scores"`
	Raw        float64  `json:"raw"` // mean of its scores
	Spread     float64  `json:"spread"`
	Lowest     float64  `json:"lowest"`
	Highest    float64  `json:"highest"`
	RawRank    int      `json:"rawRank"` // 0: no score
	RawTied    bool     `json:"rawTied"`
	Adjusted   float64  `json:"adjusted"`   // mean of score − severity
	Calibrated float64  `json:"calibrated"` // the same, drawn to the middle as far as its scores are few
	Rank       int      `json:"rank"`       // by the calibrated list; 0: none
	Tied       bool     `json:"tied"`
	Part       int      `json:"part"` // ranks compare within a part only
	// Known is false when nothing tells how certain the value is; what follows
	// is then zero.
	Known    bool    `json:"known"`
	SE       float64 `json:"se"`
	Low      float64 `json:"low"` // 95 % interval
	High     float64 `json:"high"`
	RankLow  int     `json:"rankLow"` // 95 % interval, the better end
	RankHigh int     `json:"rankHigh"`
	Selected float64 `json:"selected"` // probability to be among the places
	Discuss  bool    `json:"discuss"`  // it lies between 5 and 95 %
	Shaky    bool    `json:"shaky"`    // Selected changes by more than 0.2 when outlying scores count less
}

// A Juror is what came out for one juror.
type Juror struct {
	ID       account.ID `json:"id"`
	Scores   int        `json:"scores"`
	Severity float64    `json:"severity"` // above zero kinder, below zero harsher than the panel
	SE       float64    `json:"se"`
	Low      float64    `json:"low"` // 95 % interval
	High     float64    `json:"high"`
	Known    bool       `json:"known"`
	Rest     float64    `json:"rest"`   // correlation with the mean of the others on the same entries
	RestOf   int        `json:"restOf"` // entries that it is taken from; 0: not known
	Signs    []Sign     `json:"signs"`  // worth a conversation; never below 8 scores
	Without  *Without   `json:"without"`
}

// A SignKind is what a juror's scores are looked at for.
type SignKind string

// The kinds. What is expected stands beside each value.
const (
	Severity    SignKind = "severity"     // points above or below the panel; expected 0
	Outfit      SignKind = "outfit"       // distance from what entry and juror make one expect; expected 1
	Infit       SignKind = "infit"        // the same, single far scores counting less; expected 1
	Accord      SignKind = "accord"       // correlation with the others' view; expected the panel's
	Slope       SignKind = "slope"        // of scores on the others' view; expected 1
	Spread      SignKind = "spread"       // how much of the scale is used; expected 1
	Favourite   SignKind = "favourite"    // share of the most frequent score; expected the others'
	LongestRun  SignKind = "longest-run"  // equal scores in a row
	FlatReviews SignKind = "flat-reviews" // share of scores with equal marks on all criteria; expected the others'
	Drift       SignKind = "drift"        // points by score, in the order of scoring; expected 0
	Contrast    SignKind = "contrast"     // points for each point that the film before was better; expected 0
	Jump        SignKind = "jump"         // greatest departure from an even level
	Outlying    SignKind = "outlying"     // points that one score is off
)

// A Sign is something about a juror's scores that is worth a conversation. It is
// never more than that.
type Sign struct {
	Kind     SignKind `json:"kind"`
	Value    float64  `json:"value"`
	SE       float64  `json:"se"` // 0: not known
	Expected float64  `json:"expected"`
	Flagged  bool     `json:"flagged"` // stands out with false discovery held at one in ten across jurors
	Entry    entry.ID `json:"entry"`   // of an outlying score; else 0
}

// Without is what the list owes to one juror.
type Without struct {
	Entry  entry.ID `json:"entry"`  // whose chance to be in changes most without the juror's scores
	Change float64  `json:"change"` // of that probability
}

// A Pair is how alike two jurors' scores are on the same entries, beyond what the
// entries and their severities explain.
type Pair struct {
	One         account.ID `json:"one"`
	Other       account.ID `json:"other"`
	Entries     int        `json:"entries"` // eight or more
	Correlation float64    `json:"correlation"`
	Expected    float64    `json:"expected"`
	P           float64    `json:"p"`
	Flagged     bool       `json:"flagged"` // with false discovery held at one in ten
}

// A Favour is jurors who scored each other's entries in a circle, each above
// what one expects.
type Favour struct {
	Jurors []account.ID `json:"jurors"`
	Mean   float64      `json:"mean"` // points above what one expects
}

// Agreement is how far jurors agree. An absent value could not be computed.
type Agreement struct {
	Alpha         *float64 `json:"alpha"`         // Krippendorff's, interval, of raw scores
	AlphaLow      *float64 `json:"alphaLow"`      // 95 %, by bootstrap over entries
	AlphaHigh     *float64 `json:"alphaHigh"`     //
	AlphaAdjusted *float64 `json:"alphaAdjusted"` // after severities are taken out
	Single        *float64 `json:"single"`        // reliability of one score, as given
	SingleFair    *float64 `json:"singleFair"`    // of one score, severity taken out
	List          *float64 `json:"list"`          // of the calibrated list: 1 − mean PEV / entry variance
	Enough        int      `json:"enough"`        // scores an entry needs for a reliability of 0.8; 0: not known
}

// A Stop says why no further viewing is worth it. The rule is fixed, so that
// nobody asks for viewings until the list pleases.
type Stop string

// The reasons to stop.
const (
	Go         Stop = ""       // some are worth it
	SureEnough Stop = "errors" // fewer than three in a hundred places are expected to be given wrongly
	LittleGain Stop = "gain"   // the best would gain less than a hundredth of a point
)

// Extra is where one more viewing would help.
type Extra struct {
	Errors   float64   `json:"errors"` // expected places given wrongly: Σ min(π, 1−π)
	Stop     Stop      `json:"stop"`
	Viewings []Viewing `json:"viewings"`
}

// A Viewing is one more score of an entry and what it is worth.
type Viewing struct {
	Entry entry.ID `json:"entry"`
	Value float64  `json:"value"` // expected gain, on the scale of the scores
	Turns float64  `json:"turns"` // probability that it turns in to out, or out to in
}
