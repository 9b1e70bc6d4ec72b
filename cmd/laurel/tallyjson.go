package main

import (
	"cmp"
	"slices"

	"laurel/internal/tally"
)

// tallied is a calibrated table of marks.
type tallied struct {
	marks     scoreTable
	model     *tally.Model
	standings []tally.Standing
	seed      uint64
	draws     int
	places    int // 0: none
}

// tallyAnswer is the JSON of laurel tally; tallyFormat explains the fields.
type tallyAnswer struct {
	Entries     []entryAnswer      `json:"entries"`
	Jurors      []jurorAnswer      `json:"jurors"`
	Components  variancesAnswer    `json:"components"`
	Basis       string             `json:"basis"`
	Fixed       map[string]float64 `json:"fixed"`
	FixedSE     map[string]float64 `json:"fixed_se"`
	Criterion   *float64           `json:"criterion"`
	Iterations  int                `json:"iterations"`
	Seed        uint64             `json:"seed"`
	Draws       int                `json:"draws"`
	Places      *int               `json:"places"`
	TieBand     []string           `json:"tie_band"`
	Parts       int                `json:"parts"`
	Reliability *reliabilityAnswer `json:"reliability"`
	JurorTest   *jurorTestAnswer   `json:"juror_test"`
	Warnings    []string           `json:"warnings"`
}

type entryAnswer struct {
	Entry        string      `json:"entry"`
	Rank         *int        `json:"rank"`
	Reviews      int         `json:"reviews"`
	Raw          *float64    `json:"raw"`
	Adjusted     *float64    `json:"adjusted"`
	Calibrated   *float64    `json:"calibrated"`
	SE           *float64    `json:"se"`
	Interval     *[2]float64 `json:"interval"`
	RankInterval *[2]int     `json:"rank_interval"`
	PSelected    *float64    `json:"p_selected"`
	ExpectedRank *float64    `json:"expected_rank"`
	Tied         bool        `json:"tied"`
	Discuss      bool        `json:"discuss"`
	Part         *int        `json:"part"`
}

type jurorAnswer struct {
	Juror    string   `json:"juror"`
	Severity *float64 `json:"severity"`
	SE       *float64 `json:"se"`
	Reviews  int      `json:"reviews"`
}

type variancesAnswer struct {
	Entry    *float64 `json:"entry"`
	Juror    *float64 `json:"juror"`
	Residual *float64 `json:"residual"`
}

type reliabilityAnswer struct {
	Single           float64  `json:"single"`
	SingleCalibrated float64  `json:"single_calibrated"`
	Reviews          float64  `json:"reviews"`
	Mean             float64  `json:"mean"`
	MeanCalibrated   float64  `json:"mean_calibrated"`
	List             *float64 `json:"list"`
	NeededFor080     *int     `json:"needed_for_080"`
}

type jurorTestAnswer struct {
	Statistic float64 `json:"statistic"`
	P         float64 `json:"p"`
}

// basisWords name where components come from.
var basisWords = map[tally.Basis]string{
	tally.Estimated: "estimated", tally.Provided: "given", tally.Assumed: "assumed", tally.Nothing: "none",
}

func (t tallied) answer() tallyAnswer {
	m := t.model
	a := tallyAnswer{
		Entries: []entryAnswer{}, Jurors: []jurorAnswer{}, TieBand: []string{},
		Basis: basisWords[m.Basis], Fixed: map[string]float64{}, FixedSE: map[string]float64{},
		Iterations: m.Iterations, Seed: t.seed, Draws: t.draws,
		Parts: max(1, slices.Max(append(m.Parts(), 0))+1), Warnings: t.warnings(),
	}
	for _, e := range t.order() {
		a.Entries = append(a.Entries, t.entry(e))
	}
	for j, name := range t.marks.jurors {
		a.Jurors = append(a.Jurors, jurorAnswer{
			name, known(m.Jurors[j].Severity, m.Jurors[j].Known), known(m.Jurors[j].SE, m.Jurors[j].Known), m.Jurors[j].Reviews,
		})
	}
	for _, f := range m.Fixed {
		a.Fixed[f.Name] = f.Estimate
		if m.Basis != tally.Nothing {
			a.FixedSE[f.Name] = f.SE
		}
	}
	for _, e := range tally.Undecided(t.standings) {
		a.TieBand = append(a.TieBand, t.marks.entries[e])
	}
	if t.places > 0 {
		a.Places = &t.places
	}
	if m.Basis != tally.Nothing {
		a.Criterion = &m.Criterion
		a.Components = variancesAnswer{&m.Components.Entry, &m.Components.Juror, &m.Components.Residual}
		a.Reliability = t.reliability()
	}
	if test, ok := m.JurorTest(); ok {
		a.JurorTest = &jurorTestAnswer{test.Statistic, test.P}
	}
	return a
}

// order is by rank; entries that share one by raw mean, then by name, and those
// without a review last.
func (t tallied) order() []int {
	order := make([]int, len(t.standings))
	for e := range order {
		order[e] = e
	}
	unranked := func(e int) int { return 1 - min(1, t.standings[e].Rank) }
	slices.SortStableFunc(order, func(e, f int) int {
		return cmp.Or(
			unranked(e)-unranked(f), t.standings[e].Part-t.standings[f].Part, t.standings[e].Rank-t.standings[f].Rank,
			cmp.Compare(t.model.Entries[f].Raw, t.model.Entries[e].Raw),
		)
	})
	return order
}

func (t tallied) entry(e int) entryAnswer {
	of, s := t.model.Entries[e], t.standings[e]
	reviewed := of.Reviews > 0
	a := entryAnswer{
		Entry: t.marks.entries[e], Reviews: of.Reviews, Rank: known(s.Rank, s.Rank > 0),
		Raw: known(of.Raw, reviewed), Adjusted: known(of.Adjusted, reviewed), Calibrated: known(of.Calibrated, reviewed),
		SE: known(of.SE, of.Known), ExpectedRank: known(s.Expected, s.Known), PSelected: known(s.Selected, s.Known && t.places > 0),
		Tied: s.Tied, Discuss: s.Discuss, Part: known(s.Part+1, s.Part >= 0),
	}
	if of.Known {
		low, high := of.Interval()
		a.Interval = &[2]float64{low, high}
	}
	if s.Known {
		a.RankInterval = &[2]int{s.Low, s.High}
	}
	return a
}

// known is a value, or nil for one that is not.
func known[T any](value T, is bool) *T {
	if !is {
		return nil
	}
	return &value
}

func (t tallied) reliability() *reliabilityAnswer {
	c := t.model.Components
	var reviewed, inverse float64
	for _, e := range t.model.Entries {
		if e.Reviews > 0 {
			reviewed++
			inverse += 1 / float64(e.Reviews)
		}
	}
	k := reviewed / inverse
	list, ok := t.model.Reliability()
	needed, enough := c.ReviewsFor(0.8)
	return &reliabilityAnswer{
		Single: c.Single(), SingleCalibrated: c.SingleCalibrated(), Reviews: k, Mean: c.Mean(k), MeanCalibrated: c.MeanCalibrated(k),
		List: known(list, ok), NeededFor080: known(needed, enough),
	}
}
