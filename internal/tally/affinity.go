package tally

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// What follows is for the jury president or an integrity officer only.

// A Pair is how alike two jurors' residuals are on the entries that both scored.
type Pair struct {
	Jurors      [2]int // the lower number first
	Common      int    // entries, eight or more
	Correlation float64
	Expected    float64 // by the model: below zero, since residuals of an entry sum to little
	P           float64
	Flagged     bool // after control of the false discovery rate at one in ten
}

// Pairs compares the residuals of all jurors who have eight entries in common, in
// the order of their numbers.
func (m *Model) Pairs() []Pair {
	if m.Basis == Nothing || m.table.Jurors == 0 {
		return nil
	}
	_, residual, free := m.residuals()
	seen := make([]map[int]int, m.table.Jurors) // entry to its first review by the juror
	for i, r := range m.table.Reviews {
		if m.table.weight(i) == 0 {
			continue
		}
		if seen[r.Juror] == nil {
			seen[r.Juror] = map[int]int{}
		}
		if _, again := seen[r.Juror][r.Entry]; !again {
			seen[r.Juror][r.Entry] = i
		}
	}
	var found []Pair
	var p []float64
	for a := range seen {
		for b := a + 1; b < len(seen); b++ {
			if pair, ok := m.pair(a, b, seen, residual, free); ok {
				found, p = append(found, pair), append(p, pair.P)
			}
		}
	}
	for i, flagged := range discoveries(p) {
		found[i].Flagged = flagged
	}
	return found
}

func (m *Model) pair(a, b int, seen []map[int]int, residual, free []float64) (Pair, bool) {
	if len(seen[a]) < leastScores || len(seen[b]) < leastScores {
		return Pair{}, false
	}
	var common []int
	for e := range seen[a] {
		if _, both := seen[b][e]; both {
			common = append(common, e)
		}
	}
	if len(common) < leastScores {
		return Pair{}, false
	}
	slices.Sort(common)
	var x, y []float64
	var expected float64
	for _, e := range common {
		i, k := seen[a][e], seen[b][e]
		x, y = append(x, residual[i]), append(y, residual[k])
		expected += m.shared(i, k, free) / float64(len(common))
	}
	r, ok := correlation(x, y)
	n := float64(len(common))
	return Pair{
		Jurors: [2]int{a, b}, Common: len(common), Correlation: r, Expected: expected,
		P: twoSided((fisher(r) - fisher(expected)) * math.Sqrt(n-3)),
	}, ok
}

// shared is the correlation that the model expects of two reviews' residuals of
// one entry, from the variance of the difference of their fitted values.
func (m *Model) shared(i, k int, free []float64) float64 {
	d := m.found.eq.d
	r, s := m.table.Reviews[i], m.table.Reviews[k]
	c, _ := m.juror(r.Juror, 1)
	other, _ := m.juror(s.Juror, -1)
	c.a, c.b = append(c.a, other.a...), append(c.b, other.b...)
	if r.Pool != s.Pool {
		c.x = []share{{d.toX[r.Pool], 1}, {d.toX[s.Pool], -1}}
	}
	difference, _ := m.found.eq.variance(c)
	covariance := (1/m.table.weight(i) - free[i] + 1/m.table.weight(k) - free[k] - difference) / 2
	return max(-1, min(1, -covariance/math.Sqrt(free[i]*free[k])))
}

// An Affinity is how much higher residuals are where juror and entry are related:
// the same country, company or school, or a bid to see it.
type Affinity struct {
	Related    int     // reviews
	Difference float64 // mean residual of related reviews less that of the others, on the scale of the scores
	P          float64 // of a difference as large or larger, when relations are shuffled within entries
}

// Affinity tests a relation, given for each review of the table, by seeded
// permutations of the residuals within entries (10,000 when shuffles is 0). It is
// false when no entry has related reviews and others.
func (m *Model) Affinity(related []bool, seed uint64, shuffles int) (Affinity, bool) {
	if m.Basis == Nothing || len(related) != len(m.table.Reviews) {
		return Affinity{}, false
	}
	if shuffles <= 0 {
		shuffles = 10_000
	}
	_, residual, _ := m.residuals()
	groups, found := m.mixed(related)
	if len(groups) == 0 {
		return Affinity{}, false
	}
	sum := func(values []float64) (sum float64) {
		for i, yes := range related {
			if yes && m.table.weight(i) > 0 {
				sum += values[i]
			}
		}
		return sum
	}
	actual, reached := sum(residual), 1
	random := rand.New(rand.NewPCG(seed, 0))
	shuffled := slices.Clone(residual)
	for range shuffles {
		for _, g := range groups {
			random.Shuffle(len(g), func(i, k int) { shuffled[g[i]], shuffled[g[k]] = shuffled[g[k]], shuffled[g[i]] })
		}
		if sum(shuffled) >= actual-1e-12*math.Abs(actual) {
			reached++
		}
	}
	var all, n float64
	for i, e := range residual {
		if m.table.weight(i) > 0 {
			all += e
			n++
		}
	}
	k := float64(found)
	return Affinity{found, actual/k - (all-actual)/(n-k), float64(reached) / float64(shuffles+1)}, true
}

// mixed are the reviews of each entry that has related ones and others, and how
// many are related in all.
func (m *Model) mixed(related []bool) (groups [][]int, n int) {
	of := make([][]int, m.table.Entries)
	count := make([]int, m.table.Entries)
	for i, r := range m.table.Reviews {
		if m.table.weight(i) == 0 {
			continue
		}
		of[r.Entry] = append(of[r.Entry], i)
		if related[i] {
			count[r.Entry]++
			n++
		}
	}
	for e, reviews := range of {
		if count[e] > 0 && count[e] < len(reviews) {
			groups = append(groups, reviews)
		}
	}
	return groups, n
}

// A Favour is jurors who scored each other's entries in a circle, each above what
// the model expects.
type Favour struct {
	Jurors []int // two or three, the lowest number first; each scored an entry of the next
	Mean   float64
}

// Favours finds circles of two or three among jurors who are entrants too; the
// juror who entered each entry is given, −1 for others. The highest mean residual
// stands first.
func (m *Model) Favours(entrants []int) []Favour {
	if m.Basis == Nothing || len(entrants) != m.table.Entries {
		return nil
	}
	_, residual, _ := m.residuals()
	gave := map[[2]int]float64{} // the highest residual of a juror for another's entry
	for i, r := range m.table.Reviews {
		to := entrants[r.Entry]
		if m.table.weight(i) > 0 && to >= 0 && to != r.Juror && residual[i] > 0 {
			gave[[2]int{r.Juror, to}] = max(gave[[2]int{r.Juror, to}], residual[i])
		}
	}
	var edges [][2]int
	for edge := range gave {
		edges = append(edges, edge)
	}
	slices.SortFunc(edges, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) })
	var found []Favour
	for _, e := range edges {
		a, b := e[0], e[1]
		if back, ok := gave[[2]int{b, a}]; ok && a < b {
			found = append(found, Favour{[]int{a, b}, (gave[e] + back) / 2})
		}
		for _, f := range edges {
			back, ok := gave[[2]int{f[1], a}]
			if f[0] == b && ok && a < b && a < f[1] {
				found = append(found, Favour{[]int{a, b, f[1]}, (gave[e] + gave[f] + back) / 3})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Favour) int { return cmp.Compare(b.Mean, a.Mean) })
	return found
}
