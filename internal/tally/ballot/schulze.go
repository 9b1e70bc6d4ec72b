package ballot

import (
	"cmp"
	"slices"
)

// Schulze ranks by strongest paths: a path is as strong as its weakest defeat,
// p[a,b] is the strength of the strongest path of defeats from a to b, and a
// stands above b when p[a,b] > p[b,a]. That is transitive, so it is a ranking.
// (Schulze, Social Choice and Welfare 36, 2011, pages 267-303; the paths by
// Floyd and Warshall.) An empty strength means winning votes. With these, two
// defeats by the same number of votes are equally strong, whatever stands
// against them.
//
// The first level of the ranking holds those above whom nobody stands, the next
// those above whom only the first do, and so on: equal places within a level
// mean that nothing parts them.
func Schulze(e Election, s Strength) (Record, error) {
	if err := e.Check(); err != nil {
		return Record{}, err
	}
	s = cmp.Or(s, WinningVotes)
	d := e.Pairwise()
	powers, classes := classify(d, s)
	widest(classes)
	ranking := rankedBy(len(d), func(a, b int) bool { return classes[a][b] > classes[b][a] })
	paths := square[Power](len(d))
	for a := range paths {
		for b := range paths[a] {
			paths[a][b] = powers[classes[a][b]]
		}
	}
	return Record{
		Method: MethodSchulze, Winners: ranking[0], Ranking: ranking, Voters: e.Voters(), Pairwise: d,
		Strength: s, Paths: paths,
	}, nil
}

// classify numbers the different strengths of all defeats upwards, 0 for none,
// and gives the number for every ordered pair: comparing whole numbers is all
// that the search for paths then does.
func classify(d [][]int64, s Strength) (powers []Power, classes [][]int32) {
	powers = []Power{{0, 1}}
	for a := range d {
		for b := range d {
			if d[a][b] > d[b][a] {
				powers = append(powers, s.of(d[a][b], d[b][a]))
			}
		}
	}
	slices.SortFunc(powers, Power.Compare)
	powers = slices.Compact(powers)
	classes = square[int32](len(d))
	for a := range d {
		for b := range d {
			if d[a][b] > d[b][a] {
				class, _ := slices.BinarySearchFunc(powers, s.of(d[a][b], d[b][a]), Power.Compare)
				classes[a][b] = int32(class)
			}
		}
	}
	return powers, classes
}

// widest replaces the strength of every direct defeat by that of the strongest
// path.
func widest(p [][]int32) {
	for via := range p {
		on := p[via]
		for from := range p {
			first := p[from][via]
			if first == 0 || from == via {
				continue
			}
			row := p[from]
			for to, second := range on {
				row[to] = max(row[to], min(first, second))
			}
			row[from] = 0
		}
	}
}
