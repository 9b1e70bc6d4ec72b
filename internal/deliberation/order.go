package deliberation

import "slices"

// An Order is a juror's ranking: levels, the best first, of the codes of films.
// Films on one level share a place; a film that is on none was left out.
type Order [][]string

// A Move is what a button on the ballot does to one film.
type Move string

// The moves.
const (
	Up   Move = "up"   // one place up, or out of a shared place and above it
	Down Move = "down" // one place down, or out of a shared place and below it
	Join Move = "join" // onto the place above
	Out  Move = "out"  // left out
	In   Move = "in"   // ranked, after all others
)

// Moves are all of them.
var Moves = []Move{Up, Down, Join, Out, In}

// Level is the place of a film in the order, from 0; -1: it is left out.
func (o Order) Level(film string) int {
	return slices.IndexFunc(o, func(level []string) bool { return slices.Contains(level, film) })
}

// After is the order once a move is made. A move that cannot be made leaves it
// as it is.
func (o Order) After(m Move, film string) Order {
	at := o.Level(film)
	switch {
	case m == In && at < 0:
		return append(slices.Clone(o), []string{film})
	case at < 0 || m == In:
		return o
	}
	rest, shared := o.without(film), len(o[at]) > 1
	switch m {
	case Out:
		return rest
	case Up:
		if !shared {
			at = max(0, at-1)
		}
		return slices.Insert(rest, at, []string{film})
	case Down:
		return slices.Insert(rest, min(at+1, len(rest)), []string{film})
	case Join:
		if at > 0 && !shared {
			rest[at-1] = append(rest[at-1], film)
			return rest
		}
	}
	return o
}

// without is a copy of the order in which a film is left out.
func (o Order) without(film string) Order {
	rest := make(Order, 0, len(o))
	for _, level := range o {
		level = slices.DeleteFunc(slices.Clone(level), func(f string) bool { return f == film })
		if len(level) > 0 {
			rest = append(rest, level)
		}
	}
	return rest
}
