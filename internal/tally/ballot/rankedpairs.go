package ballot

import (
	"cmp"
	"slices"
)

// RankedPairs takes the defeats, the strongest first, and locks each that makes
// no cycle with those locked before; the locked defeats are the ranking. (Tideman
// 1987; Zavist and Tideman 1989.) An empty strength means winning votes.
//
// Defeats of equal strength are taken together, so that no order among them
// decides: those that make a cycle with what is locked are skipped, and of the
// rest all that lie on a cycle of the locked defeats and the rest. What is locked
// of them would be locked in any order among them.
//
// Candidates whom no locked defeat parts share a level: the first level is of
// those without a locked defeat, the next of those defeated only from above, and
// so on.
func RankedPairs(e Election, s Strength) (Record, error) {
	if err := e.Check(); err != nil {
		return Record{}, err
	}
	s = cmp.Or(s, WinningVotes)
	d := e.Pairwise()
	locks := defeats(d, s)
	reach := square[bool](len(d))
	for from := 0; from < len(locks); {
		to := from + 1
		for to < len(locks) && locks[to].Power.Compare(locks[from].Power) == 0 {
			to++
		}
		lock(locks[from:to], reach)
		from = to
	}
	above := square[bool](len(d))
	for _, l := range locks {
		above[l.Winner][l.Loser] = l.Locked
	}
	ranking := rankedBy(len(d), func(a, b int) bool { return above[a][b] })
	return Record{
		Method: MethodRankedPairs, Winners: ranking[0], Ranking: ranking, Voters: e.Voters(), Pairwise: d,
		Strength: s, Locks: locks,
	}, nil
}

// defeats lists them, the strongest first; equal ones in the order of the
// candidates.
func defeats(d [][]int64, s Strength) []Lock {
	var all []Lock
	for a := range d {
		for b := range d {
			if d[a][b] > d[b][a] {
				all = append(all, Lock{Winner: a, Loser: b, Power: s.of(d[a][b], d[b][a])})
			}
		}
	}
	slices.SortStableFunc(all, func(p, q Lock) int { return q.Power.Compare(p.Power) })
	return all
}

// lock decides about defeats of equal strength. Reach says who stands above whom
// by locked defeats, over any number of them, and is kept so.
func lock(equal []Lock, reach [][]bool) {
	with := square[bool](len(reach))
	for a := range reach {
		copy(with[a], reach[a])
	}
	for _, l := range equal {
		if !reach[l.Loser][l.Winner] {
			extend(with, l.Winner, l.Loser)
		}
	}
	for i := range equal {
		l := &equal[i]
		l.Together = with[l.Loser][l.Winner] && !reach[l.Loser][l.Winner]
		l.Locked = !with[l.Loser][l.Winner]
	}
	for _, l := range equal {
		if l.Locked {
			extend(reach, l.Winner, l.Loser)
		}
	}
}

// extend adds one defeat to a relation that is closed under steps, and closes
// it again.
func extend(reach [][]bool, winner, loser int) {
	if reach[winner][loser] {
		return
	}
	for a := range reach {
		if a != winner && !reach[a][winner] {
			continue
		}
		reach[a][loser] = true
		for b, beyond := range reach[loser] {
			if beyond {
				reach[a][b] = true
			}
		}
	}
}
