package assign

import (
	"fmt"
	"math"
)

// most is the largest count and the largest cost that a problem may hold: the
// sums of a whole level stay far within 64 bits.
const (
	mostCount = math.MaxInt32
	mostCost  = 1 << 40
	mostSum   = 1 << 61
)

// check says what is wrong with a problem by itself.
func (p Problem) check() error {
	for e, x := range p.Entries {
		if x.Want < 0 || x.Want > mostCount {
			return badAt("Entries", e, "entry %d wants %d viewings; it can want 0 to %d", e, x.Want, mostCount)
		}
	}
	for j, x := range p.Jurors {
		if x.Min < 0 || x.Max < x.Min || x.Max > mostCount {
			return badAt("Jurors", j, "juror %d is to watch %d to %d entries; that must be 0 or more, and no less than the smallest at most %d", j, x.Min, x.Max, mostCount)
		}
	}
	for i, x := range p.Pairs {
		if !p.has(x.Entry, x.Juror) {
			return badAt("Pairs", i, "there is no entry %d or no juror %d", x.Entry, x.Juror)
		}
		if x.Cost < 0 || x.Cost > mostCost {
			return badAt("Pairs", i, "entry %d and juror %d cost %d; a cost is 0 to %d", x.Entry, x.Juror, x.Cost, int64(mostCost))
		}
	}
	for _, list := range []struct {
		name   string
		places []Place
	}{{"Before", p.Before}, {"Done", p.Done}} {
		for i, x := range list.places {
			if !p.has(x.Entry, x.Juror) {
				return badAt(list.name, i, "there is no entry %d or no juror %d", x.Entry, x.Juror)
			}
		}
	}
	return p.checkSums()
}

// has says whether there is such an entry and such a juror.
func (p Problem) has(entry, juror int) bool {
	return entry >= 0 && entry < len(p.Entries) && juror >= 0 && juror < len(p.Jurors)
}

// checkSums refuses numbers so large that sums of them would not fit.
func (p Problem) checkSums() error {
	switch {
	case len(p.Entries) > mostCount/4 || len(p.Jurors) > mostCount/4 || len(p.Pairs) > mostCount/4:
		return badAt("Pairs", -1, "there are too many entries, jurors or pairs")
	case p.LoadLambda < 0 || p.LoadLambda > mostCost:
		return badAt("LoadLambda", -1, "the scale of load costs is %d; it can be 0 to %d", p.LoadLambda, int64(mostCost))
	case p.ShortageUnit < 0 || p.ShortageUnit > mostCost:
		return badAt("ShortageUnit", -1, "the unit of shortages is %d; it can be 0 to %d", p.ShortageUnit, int64(mostCost))
	}
	dearest, short := 1.0, 0.0
	for _, x := range p.Pairs {
		dearest = max(dearest, float64(x.Cost))
	}
	for _, x := range p.Entries {
		k := float64(x.Want)
		short += float64(p.ShortageUnit+1) * k * (k + 1) / 2
		dearest = max(dearest, float64(p.ShortageUnit)*k)
	}
	nodes := 3*float64(len(p.Entries)+len(p.Jurors)) + float64(len(p.Groups))
	if short > mostSum || (dearest+2*float64(p.LoadLambda))*(nodes+float64(len(p.Pairs))) > mostSum {
		return badAt("ShortageUnit", -1, "the costs are so large that their sum would not fit 64 bits")
	}
	return nil
}

// badAt is a mistake at a place of a list of the problem.
func badAt(field string, index int, format string, args ...any) error {
	return &BadProblem{Field: field, Index: index, Sentence: fmt.Sprintf(format, args...)}
}
