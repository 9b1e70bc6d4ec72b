package tally

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// A Viewing is what one more review of an entry would be worth.
type Viewing struct {
	Entry int
	// Gain is the expected value of information at the threshold, on the scale
	// of the scores: s[φ(z) − zΦ(−z)] with z = |t̂ − τ|/s (Gupta and Miescke 1996;
	// Frazier, Powell and Dayanik 2008).
	Gain float64
	// Learned is s, the standard deviation by which one review would move the
	// entry's calibrated value.
	Learned float64
	// Distance is |t̂ − τ|, how far the entry lies from the threshold.
	Distance float64
}

// Viewings says of each entry in standings with a rank what one more review by a
// typical juror would be worth, the most first; equal gains in the order of the
// entries. The threshold τ of a list lies midway between the last selected value
// and the next. Lists without places or with places for all have no threshold
// and are left out. The ranking is that which the standings were drawn up by.
func (m *Model) Viewings(r Ranking, standings []Standing) []Viewing {
	if m.Basis == Nothing || r.Places == nil {
		return nil
	}
	severity := m.typicalSeverity()
	var viewings []Viewing
	for _, l := range m.lists(r, make([]Standing, len(m.Entries))) {
		threshold, ok := m.threshold(l)
		if !ok {
			continue
		}
		for _, e := range l.entries {
			if standings[e].Rank > 0 {
				viewings = append(viewings, m.viewing(e, threshold, severity))
			}
		}
	}
	slices.SortStableFunc(viewings, func(a, b Viewing) int {
		return cmp.Or(cmp.Compare(b.Gain, a.Gain), a.Entry-b.Entry)
	})
	return viewings
}

// ViewingBy is what one more review of an entry by a given juror would be worth
// at a threshold. A juror of whom nothing is known has the whole variance of
// severity.
func (m *Model) ViewingBy(entry, juror int, threshold float64) Viewing {
	severity := m.Components.Juror
	if juror >= 0 && juror < len(m.Jurors) && m.Jurors[juror].Known {
		severity = m.Jurors[juror].PEV
	}
	return m.viewing(entry, threshold, severity)
}

// Threshold is τ of a list: midway between the m-th and the next calibrated value
// of the entries; false when there is nothing on one side.
func (m *Model) Threshold(entries []int, places int) (float64, bool) {
	return m.threshold(list{entries: entries, places: places})
}

func (m *Model) threshold(l list) (float64, bool) {
	if l.places < 1 || l.places >= len(l.entries) {
		return 0, false
	}
	values := make([]float64, 0, len(l.entries))
	for _, e := range l.entries {
		values = append(values, m.Entries[e].Calibrated)
	}
	slices.SortFunc(values, func(a, b float64) int { return cmp.Compare(b, a) })
	return values[l.places-1]/2 + values[l.places]/2, true
}

// typicalSeverity is the mean uncertainty of a juror's severity.
func (m *Model) typicalSeverity() float64 {
	var sum, n float64
	for _, j := range m.Jurors {
		if j.Known {
			sum += j.PEV
			n++
		}
	}
	if n == 0 {
		return m.Components.Juror
	}
	return sum / n
}

func (m *Model) viewing(e int, threshold, severity float64) Viewing {
	pev := m.Entries[e].PEV
	v := Viewing{Entry: e, Distance: math.Abs(m.Entries[e].Calibrated - threshold)}
	if m.Components.Entry <= 0 || pev <= 0 {
		return v // entries do not differ: nothing to learn
	}
	v.Learned = pev / math.Sqrt(pev+m.Components.Residual+severity) // √(PEV − (1/PEV + 1/(σ²+σ²v))⁻¹)
	z := v.Distance / v.Learned
	v.Gain = max(0, v.Learned*(distuv.UnitNormal.Prob(z)-z*distuv.UnitNormal.Survival(z)))
	return v
}

// Batch takes the viewings most worth while that a budget allows, one an entry:
// those with a gain above the cost and fewer than most reviews. Zero for most is
// no limit.
func (m *Model) Batch(viewings []Viewing, budget, most int, cost float64) []Viewing {
	var batch []Viewing
	for _, v := range viewings {
		if len(batch) < budget && v.Gain > cost && (most == 0 || m.Entries[v.Entry].Reviews < most) {
			batch = append(batch, v)
		}
	}
	return batch
}

// A Rule says when to stop asking for further viewings; it is announced before
// judging.
type Rule struct {
	Tolerated   float64 // expected wrong places that are tolerated, such as 0.03 of the places; 0: not used
	Cost        float64 // a gain that is not worth a viewing, on the scale of the scores
	MostReviews int     // an entry; 0 is no limit
}

// A Reason says why no further viewing is asked for.
type Reason int

// The reasons to stop, the first that holds.
const (
	GoOn       Reason = iota // none: go on
	Certain                  // few enough places are expected to be wrong
	NotWorth                 // no viewing is worth its cost
	AllViewed                // every entry worth one has its most reviews
	NothingAsk               // there is no threshold or no model
)

// Stop applies a rule to what the standings and viewings say.
func (m *Model) Stop(rule Rule, standings []Standing, viewings []Viewing) Reason {
	switch {
	case len(viewings) == 0:
		return NothingAsk
	case rule.Tolerated > 0 && ExpectedErrors(standings) <= rule.Tolerated:
		return Certain
	case viewings[0].Gain <= rule.Cost:
		return NotWorth
	case len(m.Batch(viewings, 1, rule.MostReviews, rule.Cost)) == 0:
		return AllViewed
	}
	return GoOn
}

// ExpectedErrors is Σ min(π, 1−π): how many entries are expected to stand on the
// wrong side of the threshold.
func ExpectedErrors(standings []Standing) (sum float64) {
	for _, s := range standings {
		if s.Known {
			sum += min(s.Selected, 1-s.Selected)
		}
	}
	return sum
}
