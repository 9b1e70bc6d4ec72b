package agreement

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Form is one kind of intraclass correlation with its central 95 % interval.
type Form struct {
	Name       string // as Shrout and Fleiss name it: "ICC(2,1)", "ICC(2,k)"
	Computable bool   // false: a mean square that it divides by is not above zero; all else is then 0
	Value      float64
	Bounded    bool // false: Low and High are not known, and 0
	Low, High  float64
}

// MeanSquares are the analysis of variance of a complete table.
type MeanSquares struct {
	Entries, Jurors int     // n and k
	Between         float64 // entries: BMS
	Within          float64 // entries: WMS
	Judges          float64 // JMS
	Error           float64 // EMS
}

// An ICC is the intraclass correlations of a complete table.
type ICC struct {
	Forms   [6]Form // ICC(1,1), ICC(2,1), ICC(3,1), ICC(1,k), ICC(2,k), ICC(3,k)
	Squares MeanSquares
}

// Intraclass computes the six forms of Shrout and Fleiss (1979) for a complete
// table of entries by jurors: of one juror's score, and of the mean of all k. In
// case 1 each entry has jurors of its own; in case 2 the same random jurors score
// all, and agreement is absolute; in case 3 only these jurors matter, and their
// severity does not count. (McGraw and Wong 1996 call case 2 [A,1] and case 3
// [C,1].) The intervals rest on F distributions, as given there.
//
// Errors: *NotComputable with TooFew, Incomplete or NoVariation; *BadValue.
func Intraclass(rows [][]float64) (ICC, error) {
	if err := complete(rows); err != nil {
		return ICC{}, err
	}
	m := meanSquares(rows)
	if m.Between == 0 && m.Within == 0 {
		return ICC{}, &NotComputable{NoVariation}
	}
	one, oneMean := m.caseOne()
	two, twoMean := m.caseTwo()
	three, threeMean := m.caseThree()
	return ICC{[6]Form{one, two, three, oneMean, twoMean, threeMean}, m}, nil
}

func meanSquares(rows [][]float64) MeanSquares {
	n, k := len(rows), len(rows[0])
	entries, jurors := make([]float64, n), make([]float64, k)
	largest := 0.0
	for i, row := range rows {
		entries[i] = mean(row)
		for j, v := range row {
			jurors[j] += v / float64(n)
			largest = max(largest, math.Abs(v))
		}
	}
	grand := mean(entries)
	var within, residual float64
	for i, row := range rows {
		within += squares(row, entries[i])
		for j, v := range row {
			r := v - entries[i] - jurors[j] + grand
			residual += r * r
		}
	}
	// What rounding alone leaves is zero.
	noise := float64(n*k) * math.Pow(8*largest*0x1p-52, 2)
	clear := func(sum float64, df int) float64 {
		if sum <= noise {
			return 0
		}
		return sum / float64(df)
	}
	return MeanSquares{
		Entries: n, Jurors: k,
		Between: clear(float64(k)*squares(entries, grand), n-1),
		Within:  clear(within, n*(k-1)),
		Judges:  clear(float64(n)*squares(jurors, grand), k-1),
		Error:   clear(residual, (n-1)*(k-1)),
	}
}

// form divides, where that has a meaning.
func form(name string, above, below float64, bounds func() (low, high float64)) Form {
	if below <= 0 {
		return Form{Name: name}
	}
	f := Form{Name: name, Computable: true, Value: above / below}
	low, high := bounds()
	if low <= high && !math.IsInf(low, 0) && !math.IsInf(high, 0) {
		f.Bounded, f.Low, f.High = true, low, high
	}
	return f
}

func (m MeanSquares) caseOne() (single, average Form) {
	k := float64(m.Jurors)
	low, high := fBounds(m.Between, m.Within, m.Entries-1, m.Entries*(m.Jurors-1))
	return form("ICC(1,1)", m.Between-m.Within, m.Between+(k-1)*m.Within, func() (float64, float64) { return stepDown(low, k), stepDown(high, k) }),
		form("ICC(1,k)", m.Between-m.Within, m.Between, func() (float64, float64) { return 1 - 1/low, 1 - 1/high })
}

func (m MeanSquares) caseThree() (single, average Form) {
	k := float64(m.Jurors)
	low, high := fBounds(m.Between, m.Error, m.Entries-1, (m.Entries-1)*(m.Jurors-1))
	return form("ICC(3,1)", m.Between-m.Error, m.Between+(k-1)*m.Error, func() (float64, float64) { return stepDown(low, k), stepDown(high, k) }),
		form("ICC(3,k)", m.Between-m.Error, m.Between, func() (float64, float64) { return 1 - 1/low, 1 - 1/high })
}

// fBounds are the bounds of a true ratio of mean squares; infinite when the
// lower is zero.
func fBounds(above, below float64, dfAbove, dfBelow int) (low, high float64) {
	if below == 0 {
		return math.Inf(1), math.Inf(1)
	}
	f, a, b := above/below, float64(dfAbove), float64(dfBelow)
	return f / upperF(a, b), f * upperF(b, a)
}

// stepDown is (F−1)/(F+k−1), written so that an infinite F gives 1.
func stepDown(f, k float64) float64 {
	if math.IsInf(f, 1) {
		return 1
	}
	return (f - 1) / (f + k - 1)
}

// upperF is the 97.5 % quantile of an F distribution.
func upperF(above, below float64) float64 { return distuv.F{D1: above, D2: below}.Quantile(0.975) }

func (m MeanSquares) caseTwo() (single, average Form) {
	n, k := float64(m.Entries), float64(m.Jurors)
	between, judges, residual := m.Between, m.Judges, m.Error
	below := between + (k-1)*residual + k*(judges-residual)/n
	bounds := func() (low, high float64) { return m.absoluteBounds((between - residual) / below) }
	return form("ICC(2,1)", between-residual, below, bounds),
		form("ICC(2,k)", between-residual, between+(judges-residual)/n, func() (float64, float64) {
			low, high := bounds()
			return low * k / (1 + low*(k-1)), high * k / (1 + high*(k-1))
		})
}

// absoluteBounds are those of ICC(2,1), from the degrees of freedom that
// Satterthwaite's approximation gives (Shrout and Fleiss 1979, page 424).
func (m MeanSquares) absoluteBounds(icc float64) (low, high float64) {
	n, k := float64(m.Entries), float64(m.Jurors)
	between, judges, residual := m.Between, m.Judges, m.Error
	if residual == 0 && judges == 0 {
		return 1, 1
	}
	// Their F_J = JMS/EMS, multiplied out so that EMS may be zero.
	a, b := k*icc*judges, (n*(1+(k-1)*icc)-k*icc)*residual
	df := (k - 1) * (n - 1) * (a + b) * (a + b) / ((n-1)*a*a + b*b)
	if math.IsNaN(df) || df <= 0 {
		df = (k - 1) * (n - 1)
	}
	upper, lower := upperF(n-1, df), upperF(df, n-1)
	rest := k*judges + (k*n-k-n)*residual
	return n * (between - upper*residual) / (upper*rest + n*between), n * (lower*between - residual) / (rest + n*lower*between)
}
