package ballot

import "math/big"

// Pairwise counts, for every ordered pair, the voters who put a strictly above
// b: the table d of the literature, at [a][b]. A ballot says nothing about a
// pair with a recused candidate. The election must pass Check.
func (e Election) Pairwise() [][]int64 {
	d := square[int64](len(e.Candidates))
	for _, b := range e.Ballots {
		order, ends, _ := e.compared(b)
		from := 0
		for _, end := range ends {
			for _, x := range order[from:end] {
				above := d[x]
				for _, y := range order[end:] {
					above[y] += b.Weight
				}
			}
			from = end
		}
	}
	return d
}

// silent counts, for every ordered pair, the voters who do not compare it.
func (e Election) silent() [][]int64 {
	n := square[int64](len(e.Candidates))
	for _, b := range e.Ballots {
		order, _, out := e.compared(b)
		for x, is := range out {
			if !is {
				continue
			}
			for y := range out {
				n[x][y] += b.Weight
			}
			for _, y := range order {
				n[y][x] += b.Weight
			}
		}
	}
	return n
}

// compared puts the candidates that a ballot compares into its order, with the
// ends of the levels in it, and says who is left out.
func (e Election) compared(b Ballot) (order, ends []int, out []bool) {
	seen := make([]bool, len(e.Candidates))
	out = make([]bool, len(e.Candidates))
	for _, c := range b.Recused {
		seen[c], out[c] = true, true
	}
	for _, equal := range b.Ranking {
		for _, c := range equal {
			if !seen[c] {
				seen[c] = true
				order = append(order, c)
			}
		}
		ends = append(ends, len(order))
	}
	for c, is := range seen {
		switch {
		case is:
		case e.Unranked == NotCompared:
			out[c] = true
		default:
			order = append(order, c)
		}
	}
	return order, append(ends, len(order)), out
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
	d := e.Pairwise()
	return byPoints(e, MethodBorda, d, bordaPoints(d, e.silent(), e.Voters())), nil
}

func bordaPoints(d, silent [][]int64, voters int64) []*big.Rat {
	points := make([]*big.Rat, len(d))
	for a := range d {
		points[a] = new(big.Rat)
		whole := int64(0) // halves of points from the pairs that every voter compares
		for b, missing := range silent[a] {
			both := voters - missing
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
