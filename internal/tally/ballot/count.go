package ballot

import (
	"cmp"
	"fmt"
)

// Options are how to count.
type Options struct {
	Method     Method     // empty: schulze
	Strength   Strength   // schulze, ranked-pairs; empty: winning votes
	Seats      int        // stv; 0: 1
	Quota      Quota      // stv; empty: Droop
	Arithmetic Arithmetic // stv; empty: Scottish with the Droop quota, Exact with any other
	Seed       string     // irv, stv: for lots during the count; empty: none is drawn
}

// A MethodError is the name of a method that there is none of.
type MethodError struct{ Method Method }

func (e *MethodError) Error() string { return fmt.Sprintf("there is no method %q", string(e.Method)) }

// Count counts an election by the method that the options name. Errors: those of
// the method, and a *MethodError.
func Count(e Election, o Options) (Record, error) {
	switch m := cmp.Or(o.Method, MethodSchulze); m {
	case MethodSchulze:
		return Schulze(e, o.Strength)
	case MethodRankedPairs:
		return RankedPairs(e, o.Strength)
	case MethodCopeland:
		return Copeland(e)
	case MethodBorda:
		return Borda(e)
	case MethodIRV:
		return IRV(e, o.Seed)
	case MethodSTV:
		return STV(e, STVRule{cmp.Or(o.Seats, 1), o.Quota, o.Arithmetic, o.Seed})
	default:
		return Record{}, &MethodError{m}
	}
}

// Others are the counts by the other methods for one winner, and Schulze by the
// other strengths, as information beside a count that decides: schulze with
// winning votes, margins and ratio, ranked-pairs with winning votes, copeland,
// borda and irv without lots, in this order and without the one of the options.
func Others(e Election, o Options) ([]Record, error) {
	own := Options{Method: cmp.Or(o.Method, MethodSchulze)}
	if own.Method == MethodSchulze || own.Method == MethodRankedPairs {
		own.Strength = cmp.Or(o.Strength, WinningVotes)
	}
	var others []Record
	for _, other := range []Options{
		{Method: MethodSchulze, Strength: WinningVotes}, {Method: MethodSchulze, Strength: Margins},
		{Method: MethodSchulze, Strength: Ratio}, {Method: MethodRankedPairs, Strength: WinningVotes},
		{Method: MethodCopeland}, {Method: MethodBorda}, {Method: MethodIRV},
	} {
		if other == own {
			continue
		}
		r, err := Count(e, other)
		if err != nil {
			return nil, err
		}
		others = append(others, r)
	}
	return others, nil
}
