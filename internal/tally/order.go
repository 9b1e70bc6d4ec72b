package tally

import (
	"cmp"
	"math"
	"slices"
)

// A drawn is an entry's worth in a draw.
type drawn struct {
	worth, lot float64
	key        uint32 // the worth, evenly over the list's range
	at         int32
}

// after orders by worth, the greatest first; exact ties by lot.
func (d drawn) after(e drawn) bool {
	return d.worth < e.worth || d.worth == e.worth && d.lot < e.lot
}

// An orderer ranks one draw after another.
type orderer struct {
	items, spare []drawn
	apart        bool // no two entries tie but by accident
}

func newOrderer(n int, apart bool) *orderer {
	return &orderer{make([]drawn, n), make([]drawn, n), apart}
}

// rank ranks each list of a draw; exact ties are broken by lot, anew in every
// draw.
func (o *orderer) rank(lists []list, worth, lot []float64, ranks []int32) {
	for i := range o.items {
		o.items[i] = drawn{worth: worth[i], lot: lot[i], at: int32(i)}
	}
	from := 0
	for _, l := range lists {
		of := o.items[from : from+len(l.entries)]
		from += len(of)
		if o.apart && len(of) > 200 {
			o.distribute(of)
		} else {
			compare(of)
		}
		for i, d := range of {
			ranks[d.at] = int32(i + 1)
		}
	}
}

func compare(of []drawn) {
	slices.SortFunc(of, func(a, b drawn) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(b.lot, a.lot))
	})
}

// digit is how many bits of a key are sorted by at a time; two digits sort a
// list so well that insertion settles what remains.
const digit = 11

// distribute sorts by the digits of evenly spread keys, the lowest first, and
// then by insertion. It is several times as fast as comparing, and ranks are
// most of the work of a draw.
func (o *orderer) distribute(of []drawn) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, d := range of {
		low, high = min(low, d.worth), max(high, d.worth)
	}
	unit := (1<<(2*digit) - 1) / (high - low)
	if high == low || math.IsInf(unit, 0) {
		unit = 0
	}
	for i, d := range of {
		of[i].key = uint32((high - d.worth) * unit)
	}
	from, to := of, o.spare[:len(of)]
	for shift := 0; shift < 2*digit; shift += digit {
		var starts [1<<digit + 1]int32
		for i := range from {
			starts[(from[i].key>>shift)&(1<<digit-1)+1]++
		}
		for i := range 1 << digit {
			starts[i+1] += starts[i]
		}
		for i := range from {
			place := &starts[(from[i].key>>shift)&(1<<digit-1)]
			to[*place] = from[i]
			*place++
		}
		from, to = to, from
	}
	if !insert(of) {
		compare(of)
	}
}

// insert finishes a list that is nearly in order; false: it is not, as when one
// entry lies so far off that the others share few keys.
func insert(of []drawn) bool {
	moves := 32 * len(of)
	for i := 1; i < len(of) && moves > 0; i++ {
		d, j := of[i], i
		for ; j > 0 && of[j-1].after(d); j-- {
			of[j] = of[j-1]
		}
		of[j] = d
		moves -= i - j
	}
	return moves > 0
}

// tell sums up an entry's ranks over the draws. The counts are for scratch, one
// a rank and all zero before and after.
func (s *Standing) tell(ranks, counts []int32, places int) {
	var sum, selected float64
	lowest, highest := ranks[0], ranks[0]
	for _, r := range ranks {
		counts[r]++
		sum += float64(r)
		lowest, highest = min(lowest, r), max(highest, r)
		if int(r) <= places {
			selected++
		}
	}
	n := len(ranks)
	first, last := int32(n/40), int32(n-1-n/40) // 2.5 % lie before one and beyond the other
	s.Known, s.Low, s.High = true, 0, 0
	var before int32
	for r := lowest; r <= highest; r++ {
		before += counts[r]
		counts[r] = 0
		if s.Low == 0 && before > first {
			s.Low = int(r)
		}
		if s.High == 0 && before > last {
			s.High = int(r)
		}
	}
	s.Expected, s.Selected = sum/float64(n), selected/float64(n)
}
