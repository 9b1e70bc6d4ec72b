package ballot

// Options are how to count.
type Options struct {
	Method     Method     // empty: schulze
	Strength   Strength   // schulze, ranked-pairs
	Seats      int        // stv: 1 or more; 0: 1
	Quota      Quota      // stv
	Arithmetic Arithmetic // stv; empty: Scottish with the Droop quota, Exact with any other
	Seed       string     // irv, stv: for lots during the count; empty: none is drawn
}

// Count counts an election by the method that the options name.
func Count(e Election, o Options) (Record, error) { return Record{}, nil }

// Others are what the other single-winner methods give for the same ballots.
func Others(e Election, o Options) ([]Record, error) { return nil, nil }

// Settle takes the ladder for every tie of a ranking.
func (l Ladder) Settle(e Election, ranking [][]int) (Settled, error) { return Settled{}, nil }

// Majority decides a yes or no question.
func Majority(r MajorityRule, votes []Vote) (Decision, error) { return Decision{}, nil }
