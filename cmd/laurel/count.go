package main

import (
	"fmt"

	"laurel/internal/tally/ballot"
)

// countCmd counts ranked ballots.
type countCmd struct {
	File       string            `arg:"" help:"Ballots as JSON or CSV (laurel help ballots), or - for standard input."`
	Method     ballot.Method     `enum:"schulze,ranked-pairs,copeland,borda,irv,stv" default:"schulze" help:"Rule of counting: ${enum}."`
	Seats      int               `default:"1" help:"Seats to fill, for stv."`
	Strength   ballot.Strength   `enum:"winning,margins,ratio" default:"winning" help:"Strength of a defeat, for schulze and ranked-pairs: ${enum}."`
	Quota      ballot.Quota      `enum:"droop,hare,imperiali,hb" default:"droop" help:"Votes that elect, for stv: ${enum} (Hagenbach-Bischoff)."`
	Arithmetic ballot.Arithmetic `enum:",scottish,exact" default:"" help:"For stv: scottish keeps five decimals, as the law there says, and is the default with the Droop quota; exact keeps fractions, and is the default with any other."`
	Seed       string            `placeholder:"TEXT" help:"Public seed of lots. Without it no lot is drawn and a tie stays a tie."`
	Format     string            `enum:"table,json" default:"table" help:"${enum}."`
}

// Run counts the ballots of a file and says what came out.
func (c *countCmd) Run(s streams) error {
	if c.Seats < 1 || c.Seats > 1 && c.Method != ballot.MethodSTV {
		return &usageError{fmt.Sprintf("--seats %d: stv fills one seat or more, the other methods one", c.Seats)}
	}
	e, err := readBallots(s, c.File)
	if err != nil {
		return err
	}
	count, err := c.count(e)
	if err != nil {
		return err
	}
	if c.Format == "json" {
		return printJSON(s.out, count.answer())
	}
	return count.print(plain{s.out})
}

// mostCompared is up to how many candidates the other methods are counted too.
const mostCompared = 50

// A counted election is the count with its ties.
type counted struct {
	ballot.Election
	record  ballot.Record
	settled ballot.Settled // the ladder; not taken for irv and stv
	others  []ballot.Record
	seed    string
}

func (c *countCmd) count(e ballot.Election) (counted, error) {
	o := ballot.Options{
		Method: c.Method, Strength: c.Strength, Seats: c.Seats, Quota: c.Quota, Arithmetic: c.Arithmetic, Seed: c.Seed,
	}
	count := counted{Election: e, seed: c.Seed}
	var err error
	if count.record, err = ballot.Count(e, o); err != nil {
		return count, fmt.Errorf("count ballots: %w", err)
	}
	if c.Method == ballot.MethodSTV {
		return count, nil
	}
	if len(e.Candidates) <= mostCompared {
		if count.others, err = ballot.Others(e, o); err != nil {
			return count, fmt.Errorf("count ballots by other methods: %w", err)
		}
	}
	err = count.partTies()
	return count, err
}

// partTies takes the ladder; a run-off parts its own.
func (c *counted) partTies() (err error) {
	if c.record.Method == ballot.MethodIRV {
		return nil
	}
	if c.settled, err = (ballot.Ladder{Seed: c.seed}).Settle(c.Election, c.record.Ranking); err != nil {
		return fmt.Errorf("part ties: %w", err)
	}
	return nil
}

// laddered says whether the ladder decides: it does when it can go to its end.
func (c counted) laddered() bool { return c.seed != "" && len(c.settled.Ranking) > 0 }

// ranking is the one that holds.
func (c counted) ranking() [][]int {
	if c.laddered() {
		return c.settled.Ranking
	}
	return c.record.Ranking
}

// winners are those of it.
func (c counted) winners() []int {
	if c.laddered() {
		return c.settled.Winners
	}
	return c.record.Winners
}

// undecided says whether more have won than can.
func (c counted) undecided() bool { return len(c.winners()) > max(1, c.record.Seats) }

// ballotsFormat is what `laurel help ballots` prints.
const ballotsFormat = `Ballots, for laurel count: JSON when the first character is a brace, else CSV.

JSON
  {"candidates": ["A", "B", "C"],
   "ballots": [{"weight": 3, "ranking": [["A"], ["B", "C"]], "recused": []}]}

  candidates  names, all different; left out: whoever a ballot names
  weight      how many voters cast this ballot: a whole number from 0; left out: 1
  ranking     levels, the best first; candidates on one level are equal; a level
              of one may be the name alone; [] is an empty ballot
  recused     candidates that this voter must not judge; may be left out. The
              ballot is left out of every comparison with them, whatever it ranks
  unranked    "tied last" (or left out): below all ranked candidates and equal
              among themselves; "not compared": left out of every comparison
  Other fields are passed over.

CSV, one ballot a line, in one of two forms
  Ranks: the first line names the candidates, with an optional first column
  weight. Cells hold ranks from 1, equal ones for equal candidates; a blank is
  unranked, a dash recused.
    weight,A,B,C
    3,1,2,2
    1,-,1,
  Orders: names, the best first, parted by commas or >, equal ones by =, with an
  optional weight before them; !A is recused from A. A first line may list all
  candidates behind the word candidates.
    candidates,A,B,C
    3,A>B=C
    1,B,!A
  Names with > or = in them, or only of digits, need the other form or JSON.

Counting
  Equal candidates on a ballot share it equally in irv and stv; who is not ranked
  never gets it there. borda gives 0 points for the last place to n-1 for the
  first, equal ones the mean; a pair that a ballot does not compare is shared as
  those do who compare it. ranked-pairs takes defeats of equal strength together
  and skips those that lie on a cycle of them. stv is the Scottish form (SSI
  2007/42, rules 45 to 52).
  A tie for which no rule speaks stays a tie, and there are several winners. With
  --seed TEXT ties are parted by the ladder: Borda points over all ballots, then
  the lot, which is the first in the order of the SHA-256 of TEXT followed by the
  name. In irv and stv equals are parted by the last earlier round in which they
  differ, then by the same lot, whose first is favoured.

JSON that is answered
  method, strength, seed, candidates, voters
                   what was counted; voters is the sum of the weights
  winners          names; several are a tie, or several seats
  undecided        there are more winners than can be
  ranking          levels, the best first. irv and stv: those elected, those still
                   in at the end, and the excluded, the last first
  pairwise         {A: {B: n}}: n voters put A strictly above B
  strongest_paths  schulze: {A: {B: s}}: votes, their difference or their ratio
                   along the strongest path from A to B; 0: there is none; null: a
                   ratio with nobody against
  locks            ranked-pairs: every defeat, the strongest first: winner, loser,
                   strength, locked; together: skipped only for equally strong ones
  points           copeland (a win 1, a tie one half), borda
  seats, quota, quota_rule, arithmetic
                   stv
  elected          irv, stv: in the order of election, without undecided seats
  rounds           irv, stv: [{A: votes}], each round's votes of the candidates
                   still to be elected or elected in it
  stages           irv, stv: the same rounds with more: votes (those elected
                   before have theirs too), exhausted (votes with nobody any more,
                   and what rounding lost), elected, surpluses (candidate, votes
                   passed on, of how many), excluded
  ties             every step taken among equals: step, tied, a sentence, and
                   whether it decides (without --seed the ladder is only shown).
                   borda, lot: place, order (levels), points, lot (candidate and
                   hash, the luckiest first). irv and stv: round, about (exclude,
                   surplus or seat), chosen, and by step: earlier round
                   (differ_in_round, votes there), lot, together (no order could
                   change what follows, or equal surpluses at once), undecided
  others           what other methods give: method, strength, winners, ranking;
                   irv without lots; not for stv, nor for more than 50 candidates
  warnings         sentences
`
