package site

import (
	"context"
	"math/big"
	"strings"
	"time"

	"laurel/internal/deliberation"
	"laurel/internal/locale"
	"laurel/internal/tally/ballot"
	"laurel/web/pages"
)

// methodName says how ballots are counted.
func methodName(ctx context.Context, m ballot.Method) string {
	switch m {
	case ballot.MethodSchulze:
		return locale.T(ctx, "method.schulze", "One against one, the strongest chains of wins (Schulze)")
	case ballot.MethodRankedPairs:
		return locale.T(ctx, "method.ranked-pairs", "One against one, the strongest wins first (ranked pairs)")
	case ballot.MethodCopeland:
		return locale.T(ctx, "method.copeland", "One against one, contests won (Copeland)")
	case ballot.MethodBorda:
		return locale.T(ctx, "method.borda", "Points for places (Borda)")
	case ballot.MethodIRV:
		return locale.T(ctx, "method.irv", "Rounds of elimination (run-off)")
	case ballot.MethodSTV:
	}
	return string(m)
}

func strengthName(ctx context.Context, s ballot.Strength) string {
	switch s {
	case ballot.Margins:
		return locale.T(ctx, "method.margins", "The difference of votes")
	case ballot.Ratio:
		return locale.T(ctx, "method.ratio", "Votes for, divided by votes against")
	case ballot.WinningVotes:
	}
	return locale.T(ctx, "method.winning", "The votes of the winner")
}

func tieRuleName(ctx context.Context, t deliberation.TieRule) string {
	switch t {
	case deliberation.President:
		return locale.T(ctx, "tie.president", "The president’s ballot decides")
	case deliberation.Calibrated:
		return locale.T(ctx, "tie.calibrated", "The calibrated score of the round before decides")
	case deliberation.ExAequo:
		return locale.T(ctx, "tie.ex-aequo", "They share the place")
	case deliberation.Lot:
	}
	return locale.T(ctx, "tie.lot", "A lot decides")
}

// quorumWords is the quorum as a rule.
func quorumWords(ctx context.Context, d deliberation.Deliberation) string {
	if d.Unit == deliberation.Ballots {
		return locale.N(ctx, "quorum.ballots", d.Quorum, "At least one ballot", "At least {{.Count}} ballots")
	}
	return locale.T(ctx, "quorum.percent", "At least {{.Share}} of the jurors who may vote: {{.Needed}} of {{.Voters}}",
		"Share", locale.Percent(ctx, float64(d.Quorum)/100), "Needed", locale.Number(ctx, d.Needed(d.Voters)), "Voters", locale.Number(ctx, d.Electorate(d.Voters)))
}

// tieWords are the steps of the tie ladder in their order.
func tieWords(ctx context.Context, d deliberation.Deliberation) string {
	steps := []string{locale.T(ctx, "tie.borda", "Points over all ballots (Borda)")}
	if d.Again || d.Second {
		steps = append(steps, locale.T(ctx, "tie.again", "A second ballot on the tied films"))
	}
	if d.TieRule != deliberation.Lot {
		steps = append(steps, tieRuleName(ctx, d.TieRule))
	}
	if d.TieRule != deliberation.ExAequo {
		steps = append(steps, tieRuleName(ctx, deliberation.Lot))
	}
	for i := range steps {
		steps[i] = locale.T(ctx, "tie.step", "{{.Number}}. {{.Step}}.", "Number", locale.Number(ctx, i+1), "Step", steps[i])
	}
	return strings.Join(steps, " ")
}

// ballotRules are the rules of a ballot, one a line. What could tell a juror of
// films that are hidden from them is not among them.
func ballotRules(ctx context.Context, d deliberation.Deliberation) []pages.Fact {
	facts := []pages.Fact{
		{Label: locale.T(ctx, "ballot.fact-method", "Counted by"), Value: methodName(ctx, d.Method)},
		{Label: locale.T(ctx, "ballot.fact-out", "Left out"), Value: locale.T(ctx, "ballot.fact-out-text", "Below every film that is ranked, and equal")},
		{Label: locale.T(ctx, "ballot.fact-recused", "Recused"), Value: locale.T(ctx, "ballot.fact-recused-text", "A film that a juror must not judge is compared with no other on their ballot, and never counts as last")},
		{Label: locale.T(ctx, "ballot.fact-quorum", "Quorum"), Value: quorumWords(ctx, d)},
		{Label: locale.T(ctx, "ballot.fact-ties", "A tie"), Value: tieWords(ctx, d)},
		{Label: locale.T(ctx, "ballot.fact-seed", "Fingerprint of the sealed seed of the lot"), Value: d.Commitment, Dir: "ltr"},
	}
	if hash := d.RulesHash(); hash != "" {
		facts = append(facts, pages.Fact{Label: locale.T(ctx, "ballot.fact-rules", "Fingerprint of the rules"), Value: hash, Dir: "ltr"})
	}
	if d.Publish {
		facts = append(facts, pages.Fact{Label: locale.T(ctx, "ballot.fact-public", "Public"), Value: locale.T(ctx, "ballot.fact-public-text", "The count, and ballots without names, with the awards")})
	}
	return facts
}

// points writes a number of points, which may be a fraction.
func points(ctx context.Context, p *big.Rat) string {
	f, _ := p.Float64()
	switch {
	case p.IsInt():
		return locale.Number(ctx, int(p.Num().Int64()))
	case p.Denom().Int64() == 2:
		return locale.Decimal(ctx, f, 1)
	}
	return locale.Decimal(ctx, f, 2)
}

// ballotName is a ballot's name, told apart from the one that it takes further.
func ballotName(ctx context.Context, d deliberation.Deliberation) string {
	switch {
	case d.Second:
		return locale.T(ctx, "ballot.second-name", "{{.Name}}, second ballot", "Name", d.Name)
	case d.ParentCode != "":
		return locale.T(ctx, "ballot.again-name", "{{.Name}}, held again", "Name", d.Name)
	}
	return d.Name
}

// ballotState is the tag of a ballot.
func ballotState(ctx context.Context, p deliberation.Phase) (kind, state string) {
	switch p {
	case deliberation.Setup:
		return "", locale.T(ctx, "ballot.setup", "Being set up")
	case deliberation.Waiting:
		return "", locale.T(ctx, "ballot.waiting-tag", "Called, not begun")
	case deliberation.Voting:
		return "on", locale.T(ctx, "ballot.voting", "The vote is open")
	case deliberation.Closed:
		return "warn", locale.T(ctx, "ballot.closed-tag", "Closed, to be opened")
	case deliberation.Opened:
	}
	return "on", locale.T(ctx, "ballot.opened", "Opened")
}

// How many letters a title has at most at the head of a column, and on a ballot.
const (
	inHead  = 28
	inPaper = 60
)

// shortTitle is a title without what follows its first part, of so many letters
// at most.
func shortTitle(title string, most int) string {
	if i := strings.IndexAny(title, ",:;–—"); i >= 6 {
		title = strings.TrimSpace(title[:i])
	}
	letters := []rune(title)
	if len(letters) <= most {
		return title
	}
	cut := string(letters[:most])
	if i := strings.LastIndex(cut, " "); i > most/3 {
		cut = cut[:i]
	}
	return cut + "…"
}

// ballotWhen says when the vote of a ballot ends, in words that fit its phase.
func ballotWhen(ctx context.Context, d deliberation.Deliberation, p deliberation.Phase, zone *time.Location, city string, now time.Time) string {
	at := func(t time.Time) string { return locale.DateTime(ctx, t, zone, city) }
	switch p {
	case deliberation.Setup, deliberation.Waiting:
		return locale.T(ctx, "ballot.when-waiting", "The vote begins on {{.From}} and closes on {{.Until}}.", "From", at(d.OpensAt), "Until", at(d.ClosesAt))
	case deliberation.Voting:
		return locale.T(ctx, "ballot.when-voting", "The vote closes on {{.Until}}, {{.Left}}.", "Until", at(d.ClosesAt), "Left", locale.TimeLeft(ctx, d.ClosesAt.Sub(now)))
	case deliberation.Closed:
		return locale.T(ctx, "ballot.when-closed", "The vote closed on {{.Until}}.", "Until", at(d.ClosesAt))
	case deliberation.Opened:
		if d.UnsealedAt != nil {
			return locale.T(ctx, "ballot.when-opened", "The ballots were opened on {{.When}}.", "When", at(*d.UnsealedAt))
		}
	}
	return ""
}

// lede says who ranked what and when.
func (in reading) lede(zone *time.Location, city string) string {
	ctx, r := in.ctx, in.record
	when := locale.DateTime(ctx, *in.d.UnsealedAt, zone, city)
	if r.Outcome == deliberation.NoQuorum {
		return locale.T(ctx, "count.lede-none", "Opened on {{.When}}. There is no result.", "When", when)
	}
	return locale.T(ctx, "count.lede", "{{.Jurors}} ranked {{.Films}}. Opened on {{.When}}.",
		"Jurors", locale.N(ctx, "count.lede-jurors", r.Cast, "One juror", "{{.Count}} jurors"),
		"Films", locale.N(ctx, "count.lede-films", len(r.Candidates), "one finalist", "{{.Count}} finalists"), "When", when)
}
