package tally

import "math"

// severity is v̂ against the panel: its standard error as a prediction, and how
// rare it is among jurors of variance σ²v.
func (v *look) severity() []Finding {
	var found []Finding
	for k, j := range v.jurors {
		of := v.m.Jurors[j]
		spread := root(v.m.Components.Juror - of.PEV)
		if !of.Known || spread == 0 {
			continue
		}
		found = append(found, Finding{
			Juror: j, Scores: len(v.of[k]), Value: of.Severity, SE: of.SE, P: twoSided(of.Severity / spread),
		})
	}
	return found
}

// outfit is the mean square of standardised residuals.
func (v *look) outfit() []Finding {
	return v.each(func(reviews []int) (Finding, bool) {
		n, sum := float64(len(reviews)), 0.0
		for _, i := range reviews {
			sum += v.residual[i] * v.residual[i] / (v.m.Components.Residual * v.free[i])
		}
		return Finding{Value: sum / n, SE: math.Sqrt(2 / n), Expected: 1, P: twoSidedChi(sum/n, n)}, true
	})
}

// infit is the mean square of residuals over the mean of their variances.
func (v *look) infit() []Finding {
	return v.each(func(reviews []int) (Finding, bool) {
		var squares, free, fourth float64
		for _, i := range reviews {
			squares += v.residual[i] * v.residual[i] / v.m.Components.Residual
			free += v.free[i]
			fourth += v.free[i] * v.free[i]
		}
		freedom := free * free / fourth
		return Finding{Value: squares / free, SE: math.Sqrt(2 / freedom), Expected: 1, P: twoSidedChi(squares/free, freedom)}, true
	})
}

// accord is the correlation of the juror's scores with what the others' say of
// the same entries, compared with the panel's on Fisher's scale.
func (v *look) accord() []Finding {
	if v.m.Components.Entry <= 0 {
		return nil
	}
	found := v.each(func(reviews []int) (Finding, bool) {
		r, ok := correlation(v.pick(v.others, reviews), v.pick(v.raw, reviews))
		return Finding{Value: r, SE: (1 - r*r) / math.Sqrt(float64(len(reviews)-3))}, ok
	})
	return againstPanel(found)
}

// againstPanel compares correlations with their mean, on Fisher's scale.
func againstPanel(found []Finding) []Finding {
	var mean float64
	for _, f := range found {
		mean += fisher(f.Value) / float64(len(found))
	}
	for i := range found {
		found[i].Expected = math.Tanh(mean)
		found[i].P = twoSided((fisher(found[i].Value) - mean) * math.Sqrt(float64(found[i].Scores-3)))
	}
	return found
}

// fisher is Fisher's z of a correlation, finite even for ±1.
func fisher(r float64) float64 { return math.Atanh(max(-1+1e-12, min(1-1e-12, r))) }

// slope is that of the juror's scores on what the others' say. The others' view
// is a shrunken prediction, so it is 1 for a juror of the model without any
// further correction for its error.
func (v *look) slope() []Finding {
	if v.m.Components.Entry <= 0 {
		return nil
	}
	return v.each(func(reviews []int) (Finding, bool) {
		slope, se, ok := line(v.pick(v.others, reviews), v.pick(v.raw, reviews))
		return Finding{Value: slope, SE: se, Expected: 1, P: twoSidedT((slope-1)/se, float64(len(reviews)-2))}, ok
	})
}

// spread is the standard deviation of the juror's scores, pools taken out, over
// what entries and residual make one expect.
func (v *look) spread() []Finding {
	return v.each(func(reviews []int) (Finding, bool) {
		_, squares := moments(v.pick(v.raw, reviews))
		freedom := float64(len(reviews) - 1)
		ratio := squares / freedom / (v.m.Components.Entry + v.m.Components.Residual)
		return Finding{Value: math.Sqrt(ratio), SE: math.Sqrt(ratio / (2 * freedom)), Expected: 1, P: twoSidedChi(ratio, freedom)}, true
	})
}

func (v *look) pick(from []float64, reviews []int) []float64 {
	values := make([]float64, len(reviews))
	for k, i := range reviews {
		values[k] = from[i]
	}
	return values
}

// moments are the mean and the sum of squares about it.
func moments(values []float64) (mean, squares float64) {
	for _, v := range values {
		mean += v / float64(len(values))
	}
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	return mean, squares
}

// correlation is Pearson's; false when a side does not vary.
func correlation(x, y []float64) (float64, bool) {
	mx, sx := moments(x)
	my, sy := moments(y)
	if !(sx > 0) || !(sy > 0) {
		return 0, false
	}
	var sum float64
	for i := range x {
		sum += (x[i] - mx) / math.Sqrt(sx) * ((y[i] - my) / math.Sqrt(sy))
	}
	return max(-1, min(1, sum)), true
}

// line is the least-squares slope with its standard error; false when x does not
// vary or y lies on a line.
func line(x, y []float64) (slope, se float64, ok bool) {
	mx, sx := moments(x)
	my, _ := moments(y)
	if !(sx > 0) || len(x) < 3 {
		return 0, 0, false
	}
	for i := range x {
		slope += (x[i] - mx) / sx * (y[i] - my)
	}
	var rest float64
	for i := range x {
		e := y[i] - my - slope*(x[i]-mx)
		rest += e * e
	}
	se = math.Sqrt(rest / float64(len(x)-2) / sx)
	return slope, se, se > 0
}
