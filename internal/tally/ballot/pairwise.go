package ballot

import "math/big"

// left marks, among the levels of a ballot, a candidate who is not compared.
const left = -1

// Pairwise counts, for every ordered pair, the voters who put a strictly above
// b: the table d of the literature, at [a][b]. A ballot says nothing about a
// pair with a recused candidate. The election must pass Check.
func (e Election) Pairwise() [][]int64 {
	d, _ := e.compare()
	return d
}

// compare counts the strict preferences, and for every pair the voters who
// compare it at all, the equal included.
func (e Election) compare() (above, compared [][]int64) {
	n := len(e.Candidates)
	above, compared = square[int64](n), square[int64](n)
	place := make([]int, n)
	for _, b := range e.Ballots {
		if b.Weight == 0 {
			continue
		}
		e.place(b, place)
		for x, px := range place {
			if px == left {
				continue
			}
			up, with := above[x], compared[x]
			for y, py := range place {
				if py == left {
					continue
				}
				with[y] += b.Weight
				if px < py {
					up[y] += b.Weight
				}
			}
		}
	}
	for x := range compared {
		compared[x][x] = 0
	}
	return above, compared
}

// place writes the level of every candidate on a ballot, or left.
func (e Election) place(b Ballot, place []int) {
	unranked := len(b.Ranking)
	if e.Unranked == NotCompared {
		unranked = left
	}
	for c := range place {
		place[c] = unranked
	}
	for level, equal := range b.Ranking {
		for _, c := range equal {
			place[c] = level
		}
	}
	for _, c := range b.Recused {
		place[c] = left
	}
}

func square[T any](n int) [][]T {
	cells := make([]T, n*n)
	rows := make([][]T, n)
	for i := range rows {
		rows[i] = cells[i*n : (i+1)*n : (i+1)*n]
	}
	return rows
}

// Copeland gives a candidate one point for every other that it defeats, and half
// a point for every other with whom it is equal, one against one. (Copeland
// 1951.) A pair that nobody compares is equal.
func Copeland(e Election) (Record, error) {
	if err := e.Check(); err != nil {
		return Record{}, err
	}
	d := e.Pairwise()
	points := make([]*big.Rat, len(d))
	for a := range d {
		halves := int64(0)
		for b := range d {
			switch {
			case a == b:
			case d[a][b] > d[b][a]:
				halves += 2
			case d[a][b] == d[b][a]:
				halves++
			}
		}
		points[a] = big.NewRat(halves, 2)
	}
	return byPoints(e, MethodCopeland, d, points), nil
}

// Borda gives a candidate, on every ballot, one point for each candidate below it
// and half a point for each that is equal: from 0 to n−1. (Borda 1781; the
// midpoint for equals is Black's, 1958.) Where a ballot does not compare a pair,
// because of a recusal, the pair's points are shared as those do who compare it;
// half and half when nobody does. The points of all candidates together are
// therefore always V·n·(n−1)/2 for V voters, and a recusal neither helps nor
// harms.
func Borda(e Election) (Record, error) {
	if err := e.Check(); err != nil {
		return Record{}, err
	}
	d, compared := e.compare()
	return byPoints(e, MethodBorda, d, bordaPoints(d, compared, e.Voters())), nil
}

func bordaPoints(d, compared [][]int64, voters int64) []*big.Rat {
	points := make([]*big.Rat, len(d))
	for a := range d {
		points[a] = new(big.Rat)
		whole := int64(0) // halves of points from the pairs that every voter compares
		for b, both := range compared[a] {
			halves := d[a][b] + both - d[b][a]
			switch {
			case a == b:
			case both == voters:
				whole += halves
			case both == 0:
				whole += voters
			default:
				share := new(big.Rat).Mul(big.NewRat(halves, 2), big.NewRat(voters, both))
				points[a].Add(points[a], share)
			}
		}
		points[a].Add(points[a], big.NewRat(whole, 2))
	}
	return points
}

// byPoints ranks by points, the most first.
func byPoints(e Election, m Method, d [][]int64, points []*big.Rat) Record {
	ranking := grouped(len(points), func(a, b int) int { return points[b].Cmp(points[a]) })
	return Record{Method: m, Winners: ranking[0], Ranking: ranking, Voters: e.Voters(), Pairwise: d, Points: points}
}
