package main

import (
	"laurel/internal/assign"
)

// An assignAnswer is what `laurel assign --format json` prints; instancesFormat
// explains its fields.
type assignAnswer struct {
	Assignment   [][]ident        `json:"assignment"`
	Objective    int64            `json:"objective"`
	DualBound    int64            `json:"dual_bound"`
	Optimal      bool             `json:"optimal"`
	NewPairs     int              `json:"new_pairs"`
	Missing      int              `json:"missing"`
	Loads        []int            `json:"loads"`
	MaxPairCost  int64            `json:"max_pair_cost"`
	Components   int              `json:"components"`
	Shortages    []shortageAnswer `json:"shortages"`
	Seconds      float64          `json:"seconds"`
	Entries      []ident          `json:"entries"`
	Jurors       []ident          `json:"jurors"`
	Costs        costsAnswer      `json:"costs"`
	Short        []int            `json:"missing_by_entry"`
	Threshold    *int64           `json:"threshold"`
	Bridges      [][2]ident       `json:"bridges"`
	Connectivity *float64         `json:"connectivity"`
	Contrast     *float64         `json:"mean_contrast_variance"`
	Repair       *repairAnswer    `json:"repair"`
	Seed         uint64           `json:"seed"`
	Levels       []levelAnswer    `json:"levels"`
	Warnings     []string         `json:"warnings"`
}

type costsAnswer struct {
	Pairs    int64 `json:"pairs"`
	Loads    int64 `json:"loads"`
	Shortage int64 `json:"shortage"`
}

type shortageAnswer struct {
	Entries  []ident `json:"entries"`
	Jurors   []ident `json:"jurors"`
	Demand   int     `json:"demand"`
	Supply   int     `json:"supply"`
	Sentence string  `json:"sentence"`
}

type repairAnswer struct {
	Before   int  `json:"components_before"`
	Swaps    int  `json:"swaps"`
	Searched bool `json:"searched"`
}

type levelAnswer struct {
	Aims   []assign.Aim `json:"aims"`
	Value  int64        `json:"value"`
	Bound  int64        `json:"bound"`
	Prices pricesAnswer `json:"prices"`
}

type pricesAnswer struct {
	Entries []int64 `json:"entries"`
	Jurors  []int64 `json:"jurors"`
}

// answer is the plan by the names of the file.
func (a assigned) answer() assignAnswer {
	answer := assignAnswer{
		Assignment: make([][]ident, len(a.Given)), Objective: a.Objective, DualBound: a.DualBound, Optimal: a.Optimal,
		NewPairs: a.NewPairs, Missing: a.Missing, Loads: a.Loads, MaxPairCost: a.MaxPairCost, Components: a.Components,
		Shortages: []shortageAnswer{}, Seconds: a.seconds, Entries: orEmpty(a.entries), Jurors: orEmpty(a.jurors),
		Costs: costsAnswer{a.PairCost, a.LoadCost, a.ShortageCost}, Short: a.Short, Bridges: [][2]ident{},
		Seed: a.seed, Warnings: orEmpty(a.warnings),
	}
	for e, jurors := range a.Given {
		answer.Assignment[e] = called(a.jurors, jurors)
	}
	for _, g := range a.Shortages {
		answer.Shortages = append(answer.Shortages, shortageAnswer{
			called(a.entries, g.Entries), called(a.jurors, g.Jurors), g.Demand, g.Supply, g.Sentence,
		})
	}
	for _, b := range a.Bridges {
		answer.Bridges = append(answer.Bridges, [2]ident{a.entries[b.Entry], a.jurors[b.Juror]})
	}
	if a.Threshold >= 0 {
		answer.Threshold = &a.Threshold
	}
	if a.design != nil {
		answer.Connectivity, answer.Contrast = &a.design.Connectivity, &a.design.MeanContrast
	}
	if r := a.Repair; r != nil {
		answer.Repair = &repairAnswer{r.Before, r.Swaps, r.Searched}
	}
	for _, l := range a.Levels {
		answer.Levels = append(answer.Levels, levelAnswer{l.Aims, l.Value, l.Bound, pricesAnswer{l.Prices.Entries, l.Prices.Jurors}})
	}
	return answer
}

// called are the names of some entries or jurors.
func called(all []ident, some []int) []ident {
	called := make([]ident, len(some))
	for i, n := range some {
		called[i] = all[n]
	}
	return called
}

// orEmpty is a list that is not null in JSON.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
