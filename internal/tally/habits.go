package tally

import (
	"cmp"
	"math"
	"slices"
)

// inOrder sorts a juror's reviews by when they were given, where that is known.
func (v *look) inOrder(reviews []int) []int {
	if v.evidence.Order != nil {
		slices.SortStableFunc(reviews, func(i, k int) int { return cmp.Compare(v.evidence.Order[i], v.evidence.Order[k]) })
	}
	return reviews
}

// favourite is the share of the juror's most frequent score, by the exact
// binomial against the mean share of the others.
func (v *look) favourite() []Finding {
	return v.counted(func(reviews []int) (int, int) {
		counts := map[float64]int{}
		most := 0
		for _, i := range reviews {
			counts[v.m.table.Reviews[i].Score]++
			most = max(most, counts[v.m.table.Reviews[i].Score])
		}
		return most, len(reviews)
	})
}

// flatReviews is the share of reviews whose marks are all the same, likewise.
func (v *look) flatReviews() []Finding {
	if v.evidence.Marks == nil {
		return nil
	}
	return v.counted(func(reviews []int) (flat, n int) {
		for _, i := range reviews {
			marks := v.evidence.Marks[i]
			if len(marks) < 2 {
				continue
			}
			n++
			if !slices.ContainsFunc(marks, func(m Mark) bool { return m.Value != marks[0].Value }) {
				flat++
			}
		}
		return flat, n
	})
}

// counted are findings of shares, each against that of the other jurors.
func (v *look) counted(count func(reviews []int) (k, n int)) []Finding {
	var all, allOf int
	found := v.each(func(reviews []int) (Finding, bool) {
		k, n := count(reviews)
		if n < leastScores {
			return Finding{}, false
		}
		all, allOf = all+k, allOf+n
		share := float64(k) / float64(n)
		return Finding{Scores: n, Value: share, SE: math.Sqrt(share * (1 - share) / float64(n))}, true
	})
	for i, f := range found {
		k := int(math.Round(f.Value * float64(f.Scores)))
		if others := allOf - f.Scores; others > 0 {
			found[i].Expected = float64(all-k) / float64(others)
			found[i].P = atLeast(k, f.Scores, found[i].Expected)
		} else {
			found[i].Expected, found[i].P = f.Value, 1
		}
	}
	return found
}

// longestRun is how many scores in a row are equal, against runs of independent
// scores that repeat as often as the panel's (Feller 1968, XIII.7).
func (v *look) longestRun() []Finding {
	if v.evidence.Order == nil {
		return nil
	}
	repeat := v.repeats()
	return v.each(func(reviews []int) (Finding, bool) {
		longest, run := 1, 1
		for k := 1; k < len(reviews); k++ {
			run++
			if v.m.table.Reviews[reviews[k]].Score != v.m.table.Reviews[reviews[k-1]].Score {
				run = 1
			}
			longest = max(longest, run)
		}
		n := float64(len(reviews))
		f := Finding{Value: float64(longest), Expected: 1, P: 1}
		if repeat > 0 && repeat < 1 {
			f.Expected = max(1, math.Log(n*(1-repeat))/math.Log(1/repeat)+1)
			starts := 1 + (n-float64(longest))*(1-repeat)
			f.P = -math.Expm1(-starts * math.Pow(repeat, float64(longest-1)))
		}
		return f, true
	})
}

// repeats is how often two scores of a juror agree, over the panel.
func (v *look) repeats() float64 {
	var sum float64
	for _, reviews := range v.of {
		counts := map[float64]int{}
		pairs := 0
		for _, i := range reviews {
			pairs += counts[v.m.table.Reviews[i].Score]
			counts[v.m.table.Reviews[i].Score]++
		}
		n := float64(len(reviews))
		sum += float64(pairs) / (n * (n - 1) / 2) / float64(len(v.of))
	}
	return sum
}

// drift is the slope of residuals on their place in the juror's order.
func (v *look) drift() []Finding {
	if v.evidence.Order == nil {
		return nil
	}
	return v.each(func(reviews []int) (Finding, bool) {
		places := make([]float64, len(reviews))
		for k := range places {
			places[k] = float64(k)
		}
		slope, se, ok := line(places, v.pick(v.residual, reviews))
		return Finding{Value: slope, SE: se, P: twoSidedT(slope/se, float64(len(reviews)-2))}, ok
	})
}

// contrast is the slope of residuals on how good the entry before was: below zero
// when a good one makes the next look worse.
func (v *look) contrast() []Finding {
	if v.evidence.Order == nil || v.m.Components.Entry <= 0 {
		return nil
	}
	return v.each(func(reviews []int) (Finding, bool) {
		before := make([]float64, len(reviews)-1)
		for k := range before {
			before[k] = v.m.Entries[v.m.table.Reviews[reviews[k]].Entry].Effect
		}
		slope, se, ok := line(before, v.pick(v.residual, reviews[1:]))
		return Finding{Value: slope, SE: se, P: twoSidedT(slope/se, float64(len(reviews)-3))}, ok
	})
}

// jump is the greatest deviation of the cumulated residuals from a straight way,
// with Kolmogorov's distribution (the CUSUM test).
func (v *look) jump() []Finding {
	if v.evidence.Order == nil {
		return nil
	}
	return v.each(func(reviews []int) (Finding, bool) {
		residuals := v.pick(v.residual, reviews)
		n := float64(len(residuals))
		mean, squares := moments(residuals)
		if !(squares > 0) {
			return Finding{}, false
		}
		var sum, most float64
		for _, e := range residuals {
			sum += e - mean
			most = max(most, math.Abs(sum))
		}
		value := most / math.Sqrt(squares/(n-1)*n)
		return Finding{Value: value, Expected: math.Sqrt(math.Pi/2) * math.Ln2, P: kolmogorov(value)}, true
	})
}

// kolmogorov is the probability that a Brownian bridge departs so far.
func kolmogorov(x float64) (p float64) {
	if x < 0.2 {
		return 1
	}
	for k, sign := 1.0, 1.0; k <= 100; k, sign = k+1, -sign {
		p += 2 * sign * math.Exp(-2*k*k*x*x)
	}
	return max(0, min(1, p))
}
