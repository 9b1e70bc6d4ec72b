package agreement

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Concordance is Kendall's W with what it is made of.
type Concordance struct {
	W          float64 // 0 to 1: all jurors have the same order
	ChiSquared float64 // m(n−1)W
	DF         int     // n−1
	P          float64 // of so large a χ² when orders are random; an approximation, poor for seven entries or fewer
	Jurors     int     // m
	Entries    int     // n
	RankSums   []float64
	S          float64 // squares of the rank sums about their mean
	Ties       float64 // Σ(t³−t) over all groups of t equal scores

	// Spearman is the mean correlation of ranks over the pairs of jurors who
	// both tell entries apart; there are Pairs of these. Without ties it is
	// (mW−1)/(m−1).
	Spearman float64
	Pairs    int
}

// Kendall is the coefficient of concordance of complete ballots, one row a
// juror, corrected for ties: with ranks from the lowest score, equal ones at
// their midrank,
//
//	W = 12S / (m²(n³−n) − mΣ(t³−t)).
//
// (Kendall and Babington Smith 1939; Siegel and Castellan 1988.)
//
// Errors: *NotComputable with TooFew, Incomplete, or NoVariation when every juror
// gave equal scores only; *BadValue.
func Kendall(jurors [][]float64) (Concordance, error) {
	if err := complete(jurors); err != nil {
		return Concordance{}, err
	}
	r := rankAll(jurors)
	m, n := float64(len(jurors)), float64(len(jurors[0]))
	below := m*m*(n*n*n-n) - m*r.ties
	if below == 0 {
		return Concordance{}, &NotComputable{NoVariation}
	}
	c := Concordance{
		Jurors: len(jurors), Entries: len(jurors[0]), DF: len(jurors[0]) - 1, Ties: r.ties,
		RankSums: make([]float64, len(jurors[0])), S: r.scatter() / 4,
	}
	for i, sum := range r.sums() {
		c.RankSums[i] = float64(sum) / 2
	}
	c.W = 12 * c.S / below
	c.ChiSquared = m * (n - 1) * c.W
	c.P = distuv.ChiSquared{K: n - 1}.Survival(c.ChiSquared)
	c.Spearman, c.Pairs = r.spearman()
	return c, nil
}

// A Permutation is a test by random orders.
type Permutation struct {
	P        float64 // (1 + shuffles at least as concordant) / (1 + Shuffles)
	Shuffles int
	Seed     uint64
}

// FewEntries is up to how many the χ² of Kendall's W is too rough, and Permute
// goes before it.
const FewEntries = 7

// Permute tests W by shuffling every juror's scores among the entries: 10,000
// times when shuffles is zero. Errors are those of Kendall.
func Permute(jurors [][]float64, shuffles int, seed uint64) (Permutation, error) {
	if _, err := Kendall(jurors); err != nil {
		return Permutation{}, err
	}
	if shuffles <= 0 {
		shuffles = 10_000
	}
	r := rankAll(jurors)
	observed, reached := r.scatter(), 0
	rng := rand.New(rand.NewPCG(seed, 0))
	for range shuffles {
		for _, row := range r.doubled {
			rng.Shuffle(len(row), func(i, j int) { row[i], row[j] = row[j], row[i] })
		}
		if r.scatter() >= observed {
			reached++
		}
	}
	return Permutation{float64(1+reached) / float64(1+shuffles), shuffles, seed}, nil
}

// ranked are the midranks of every juror, doubled so that they are whole, and
// equal scatter is exactly equal.
type ranked struct {
	doubled [][]int64
	ties    float64
}

func rankAll(jurors [][]float64) ranked {
	var r ranked
	for _, scores := range jurors {
		row := make([]int64, len(scores))
		order := make([]int, len(scores))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
		for from := 0; from < len(order); {
			to := from
			for to < len(order) && scores[order[to]] == scores[order[from]] {
				to++
			}
			for _, i := range order[from:to] {
				row[i] = int64(from + 1 + to)
			}
			t := float64(to - from)
			r.ties += t*t*t - t
			from = to
		}
		r.doubled = append(r.doubled, row)
	}
	return r
}

func (r ranked) sums() []int64 {
	sums := make([]int64, len(r.doubled[0]))
	for _, row := range r.doubled {
		for i, rank := range row {
			sums[i] += rank
		}
	}
	return sums
}

// scatter is four times S.
func (r ranked) scatter() float64 {
	m, n := int64(len(r.doubled)), int64(len(r.doubled[0]))
	var scatter float64
	for _, sum := range r.sums() {
		d := float64(sum - m*(n+1))
		scatter += d * d
	}
	return scatter
}

// spearman is the mean correlation of all pairs of rows that vary.
func (r ranked) spearman() (average float64, pairs int) {
	rows := make([][]float64, len(r.doubled))
	for j, row := range r.doubled {
		for _, rank := range row {
			rows[j] = append(rows[j], float64(rank))
		}
	}
	for j, row := range rows {
		for _, other := range rows[:j] {
			if rho, ok := correlation(row, other); ok {
				average += rho
				pairs++
			}
		}
	}
	if pairs > 0 {
		average /= float64(pairs)
	}
	return average, pairs
}
