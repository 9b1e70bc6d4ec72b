package tally

import (
	"cmp"
	"slices"
)

// A Correction is how an entry moves between the list by raw means and the
// calibrated one, and why.
type Correction struct {
	Entry      int
	RawRank    int     // among the same entries by raw mean; equal means share it
	Rank       int     // by the standings
	Total      float64 // calibrated − raw: the whole correction
	Severity   float64 // mean v̂ of its jurors, weighted as its reviews: below zero they were strict, and the correction is upwards
	Shrinkage  float64 // calibrated − adjusted: towards the level of its pools, for having few reviews
	RawIn      bool    // among the first places by raw mean
	In         bool    // among the first places by the standings
	RawChance  bool    // RawIn holds only for some of those with the same raw mean
	RankChance bool    // In holds only for some of those with the same rank
}

// Moves says whether the correction takes the entry into or out of the places.
func (c Correction) Moves() bool { return c.RawIn != c.In }

// Corrections compares the lists of raw means and of the standings, in the order
// of the ranks. The ranking is that which the standings were drawn up by; without
// places, nothing is in.
func (m *Model) Corrections(r Ranking, standings []Standing) []Correction {
	var all []Correction
	for _, l := range m.lists(r, make([]Standing, len(m.Entries))) {
		byRaw := slices.Clone(l.entries)
		slices.SortStableFunc(byRaw, func(e, f int) int { return cmp.Compare(m.Entries[f].Raw, m.Entries[e].Raw) })
		corrections := make([]Correction, len(byRaw))
		for i, e := range byRaw {
			of := m.Entries[e]
			c := Correction{
				Entry: e, RawRank: i + 1, Rank: standings[e].Rank, Total: of.Calibrated - of.Raw,
				Severity: of.Raw - of.Adjusted, Shrinkage: of.Calibrated - of.Adjusted,
			}
			if i > 0 && Same(m.Entries[byRaw[i-1]].Raw, of.Raw) {
				c.RawRank = corrections[i-1].RawRank
			}
			corrections[i] = c
		}
		admit(corrections, l.places)
		all = append(all, corrections...)
	}
	slices.SortStableFunc(all, func(a, b Correction) int { return cmp.Or(a.Rank-b.Rank, a.Entry-b.Entry) })
	return all
}

// admit finds who is in by either list. Those who tie across the last place are
// all in, and marked.
func admit(corrections []Correction, places int) {
	raw, ranked := map[int]int{}, map[int]int{}
	for _, c := range corrections {
		raw[c.RawRank]++
		ranked[c.Rank]++
	}
	for i := range corrections {
		c := &corrections[i]
		c.RawIn, c.In = c.RawRank <= places, c.Rank <= places
		c.RawChance = c.RawIn && c.RawRank+raw[c.RawRank]-1 > places
		c.RankChance = c.In && c.Rank+ranked[c.Rank]-1 > places
	}
}
