package ballot

import (
	"cmp"
	"fmt"
)

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
type Share struct{ Num, Den int }

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
	Quorum    Share // of them must vote, rounded up; abstaining is voting
	Threshold Share // of the base must say yes: more than 1/2, or at least any other share above 0
	Base      Base  // empty: BaseYesNo
	Vetoes    int   // that stop it; 0: there is no veto, and one counts as a no
	Casting   Vote  // the president's yes or no, which decides at exactly one half; empty: the rules grant none
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

// ByCasting and NoValidVotes say what else made an outcome.
const (
	ByCasting    = "casting vote"
	NoValidVotes = "no valid votes"
)

// A Decision is an outcome with the numbers that lead to it.
type Decision struct {
	Outcome Outcome `json:"outcome"`
	Cast    int     `json:"cast"`
	Quorum  int     `json:"quorum"` // the least that must be cast
	Yes     int     `json:"yes"`
	Of      int     `json:"of"`               // the base
	Vetoes  int     `json:"vetoes"`           // cast; where there is no veto they are noes
	By      string  `json:"by,omitempty"`     // ByCasting
	Reason  string  `json:"reason,omitempty"` // NoValidVotes: the base is empty
}

// A MajorityError is a rule that decides nothing, or votes that cannot be.
type MajorityError struct{ What string }

func (e *MajorityError) Error() string { return e.What }

// Majority decides a yes or no question: first the quorum, then vetoes, then the
// share of yes. Where vetoes have force, too few of them are noes. Exactly one
// half at the threshold 1/2 is a Tie, unless there is a casting vote. An empty
// base is not approved. Error: a *MajorityError.
func Majority(r MajorityRule, votes []Vote) (Decision, error) {
	if err := r.check(votes); err != nil {
		return Decision{}, err
	}
	count := map[Vote]int{}
	for _, v := range votes {
		count[v]++
	}
	d := Decision{
		Cast: len(votes), Quorum: (r.Eligible*r.Quorum.Num + r.Quorum.Den - 1) / r.Quorum.Den,
		Yes: count[Yes], Vetoes: count[Veto],
	}
	switch cmp.Or(r.Base, BaseYesNo) {
	case BaseCast:
		d.Of = d.Cast
	case BaseEligible:
		d.Of = r.Eligible
	default:
		d.Of = count[Yes] + count[No] + count[Veto]
	}
	d.decide(r)
	return d, nil
}

func (d *Decision) decide(r MajorityRule) {
	yes, needed := d.Yes*r.Threshold.Den, d.Of*r.Threshold.Num
	half := 2*r.Threshold.Num == r.Threshold.Den
	d.Outcome = NotApproved
	switch {
	case d.Cast < d.Quorum:
		d.Outcome = NoQuorum
	case r.Vetoes > 0 && d.Vetoes >= r.Vetoes:
		d.Outcome = Vetoed
	case d.Of == 0:
		d.Reason = NoValidVotes
	case yes > needed, yes == needed && !half:
		d.Outcome = Approved
	case yes == needed && r.Casting == "":
		d.Outcome = Tie
	case yes == needed:
		d.By = ByCasting
		if r.Casting == Yes {
			d.Outcome = Approved
		}
	}
}

func (r MajorityRule) check(votes []Vote) error {
	switch {
	case r.Eligible < 0:
		return &MajorityError{"there cannot be fewer than no jurors"}
	case len(votes) > r.Eligible:
		return &MajorityError{fmt.Sprintf("there are %d votes of %d jurors", len(votes), r.Eligible)}
	case !r.Quorum.valid():
		return &MajorityError{"the quorum is not a share between 0 and 1"}
	case !r.Threshold.valid() || r.Threshold.Num == 0:
		return &MajorityError{"the threshold is not a share above 0 and up to 1"}
	case r.Vetoes < 0:
		return &MajorityError{"there cannot be fewer than no vetoes"}
	case r.Casting != "" && r.Casting != Yes && r.Casting != No:
		return &MajorityError{"a casting vote is yes or no"}
	}
	switch r.Base {
	case "", BaseYesNo, BaseCast, BaseEligible:
	default:
		return &MajorityError{fmt.Sprintf("%q is not a base of a majority", string(r.Base))}
	}
	for _, v := range votes {
		switch v {
		case Yes, No, Abstain, Veto:
		default:
			return &MajorityError{fmt.Sprintf("%q is not a vote", string(v))}
		}
	}
	return nil
}

func (s Share) valid() bool { return s.Num >= 0 && s.Den > 0 && s.Num <= s.Den }
