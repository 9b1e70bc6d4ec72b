package ballot

// A Vote is one juror's answer to a yes or no question.
type Vote string

// The answers.
const (
	Yes     Vote = "yes"
	No      Vote = "no"
	Abstain Vote = "abstain"
	Veto    Vote = "veto"
)

// A Share is a fraction between 0 and 1.
type Share struct{ Num, Den int64 }

// A Base is what a majority is a share of.
type Base string

// The votes for and against (the default), all votes cast, or all jurors who
// may vote.
const (
	BaseYesNo    Base = "yes_no"
	BaseCast     Base = "cast"
	BaseEligible Base = "eligible"
)

// A MajorityRule is how a yes or no question is decided.
type MajorityRule struct {
	Eligible  int   // jurors who may vote: those not recused
	Quorum    Share // of them must vote; abstaining is voting
	Threshold Share // of the base must say yes: more than 1/2, or at least any other share
	Base      Base  // empty: BaseYesNo
	Vetoes    int   // that stop it; 0: there is no veto, and one counts as a no
	Casting   Vote  // yes or no: the president's, which decides at exactly one half; empty: the rules grant none
}

// An Outcome is how it ended.
type Outcome string

// The outcomes. A tie is not approved either.
const (
	Approved    Outcome = "approved"
	NotApproved Outcome = "not_approved"
	Tie         Outcome = "tie"
	NoQuorum    Outcome = "no_quorum"
	Vetoed      Outcome = "vetoed"
)

// A Decision is an outcome with the numbers that lead to it.
type Decision struct {
	Outcome Outcome `json:"outcome"`
	Cast    int     `json:"cast"`
	Quorum  int     `json:"quorum"` // the least that must be cast
	Yes     int     `json:"yes"`
	Of      int     `json:"of"`               // the base
	Vetoes  int     `json:"vetoes"`           // cast; where there is no veto they are noes
	By      string  `json:"by,omitempty"`     // "casting vote"
	Reason  string  `json:"reason,omitempty"` // "no valid votes": the base is empty
}
