package tally

import "math"

// leastScores is below how many scores nothing is inferred about a juror.
const leastScores = 8

// A Trait is what a juror's scores are looked at for.
type Trait int

// The traits. Expected is what a finding's value is compared with.
const (
	Severity    Trait = iota + 1 // v̂; expected 0. Normal, corrected, no misconduct
	Outfit                       // mean of squared residuals over their variance; expected 1
	Infit                        // the same weighted by the variance; expected 1
	Accord                       // correlation with the others' view of the entries; expected the panel's
	Slope                        // of scores on the others' view: below 1 central tendency, above 1 polarising
	Spread                       // standard deviation over that which the model expects; expected 1
	Favourite                    // share of the most frequent score; expected the others'
	LongestRun                   // scores in a row that are equal; needs Evidence.Order
	FlatReviews                  // share of reviews with equal marks on all criteria; needs Evidence.Marks
	Halo                         // correlation between criteria beyond the panel's; expected 0; needs Evidence.Marks
	Drift                        // of residuals by review; expected 0; needs Evidence.Order
	Contrast                     // slope of residuals on the effect of the entry before; expected 0; needs Evidence.Order
	Jump                         // greatest deviation of the summed residuals, in standard units; needs Evidence.Order
)

// A Finding is what a juror's scores show of a trait: worth a conversation when
// flagged, never more. SE is 0 where a value has none.
type Finding struct {
	Juror      int
	Trait      Trait
	Scores     int // that it rests on
	Value      float64
	SE         float64
	Expected   float64
	Percentile float64 // among the jurors of whom it is known, 0 to 100
	P          float64 // probability of a value so far from the expected by chance
	Flagged    bool    // after control of the false discovery rate at one in ten (Benjamini and Hochberg 1995)
}

// Evidence is what is known of reviews besides their scores.
type Evidence struct {
	Order []int    // of each review of the table, when it was given; nil: not known
	Marks [][]Mark // of each review; nil: not known
}

// A Mark is a criterion's value in a review.
type Mark struct {
	Criterion int
	Value     float64
}

// Diagnose looks at each juror of eight scores or more, from the residuals of the
// model with their leverage. Findings come by trait, then by juror; a trait that
// cannot be told is left out. Evidence of another length than the table's reviews
// is passed over.
func (m *Model) Diagnose(e Evidence) []Finding {
	if m.Basis == Nothing || m.table.Jurors == 0 {
		return nil
	}
	if len(e.Order) != len(m.table.Reviews) {
		e.Order = nil
	}
	if len(e.Marks) != len(m.table.Reviews) {
		e.Marks = nil
	}
	v := m.look(e)
	looks := []func() []Finding{
		v.severity, v.outfit, v.infit, v.accord, v.slope, v.spread, v.favourite, v.longestRun, v.flatReviews, v.halo, v.drift, v.contrast, v.jump,
	}
	var all []Finding
	for i, look := range looks {
		all = append(all, judge(Trait(i+1), look())...)
	}
	return all
}

// judge compares the findings of a trait with each other.
func judge(trait Trait, found []Finding) []Finding {
	var values, p []float64
	for _, f := range found {
		values, p = append(values, f.Value), append(p, f.P)
	}
	percentile, flagged := percentiles(values), discoveries(p)
	for i := range found {
		found[i].Trait, found[i].Percentile, found[i].Flagged = trait, percentile[i], flagged[i]
	}
	return found
}

// A look is the residuals by juror.
type look struct {
	m        *Model
	evidence Evidence
	jurors   []int     // those with enough scores
	of       [][]int   // their reviews, in order where it is known
	raw      []float64 // of each review: score − xβ̂
	residual []float64 // score − xβ̂ − û − v̂
	free     []float64 // 1/ω − q: the residual's variance over σ²
	others   []float64 // û without this review, given β̂ and v̂; 0 when entries do not differ
}

func (m *Model) look(e Evidence) *look {
	v := &look{m: m, evidence: e}
	v.raw, v.residual, v.free = m.residuals()
	v.others = make([]float64, len(v.residual))
	given := make([][]int, m.table.Jurors)
	sums := make([]float64, m.table.Entries)
	for i, r := range m.table.Reviews {
		if w := m.table.weight(i); w > 0 {
			given[r.Juror] = append(given[r.Juror], i)
			sums[r.Entry] += w
		}
	}
	for i, r := range m.table.Reviews {
		w := m.table.weight(i)
		if w == 0 || m.Components.Entry <= 0 {
			continue
		}
		full := sums[r.Entry] + m.Components.Residual/m.Components.Entry
		effect := m.Entries[r.Entry].Effect
		v.others[i] = (effect*full - w*(v.residual[i]+effect)) / (full - w)
	}
	for j, reviews := range given {
		if len(reviews) >= leastScores {
			v.jurors, v.of = append(v.jurors, j), append(v.of, v.inOrder(reviews))
		}
	}
	return v
}

// residuals are, of each review of the table, score − xβ̂, what remains of it
// after û and v̂, and the latter's variance over σ²: 1/ω less that of the fitted
// value. All are 0 for a review that does not count.
func (m *Model) residuals() (raw, residual, free []float64) {
	d := m.found.eq.d
	raw, residual, free = make([]float64, len(m.table.Reviews)), make([]float64, len(m.table.Reviews)), make([]float64, len(m.table.Reviews))
	leverage := m.found.eq.fitted()
	for at, i := range d.review {
		residual[i] = d.scale * m.found.solved.residual[at]
		raw[i] = d.scale * (d.y[at] - m.found.solved.beta[d.x[at]])
		free[i] = max(1e-9, 1/d.w[at]-leverage[at])
	}
	return raw, residual, free
}

// each makes a finding of every juror, from those of whom it can be told.
func (v *look) each(find func(reviews []int) (Finding, bool)) (found []Finding) {
	for k, j := range v.jurors {
		f, ok := find(v.of[k])
		if !ok || math.IsNaN(f.Value+f.SE+f.P) || math.IsInf(f.Value+f.SE, 0) {
			continue
		}
		f.Juror = j
		if f.Scores == 0 {
			f.Scores = len(v.of[k])
		}
		found = append(found, f)
	}
	return found
}
