package tally

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Limits of the estimation, on scores standardised to variance 1.
const (
	maxIterations = 60
	settled       = 1e-10 // relative change of a component
	vanished      = 1e-8  // a component below it is zero
	floor         = 1e-9  // the residual is held here when the scores leave none
	small         = 1e-2  // a component below it that is drawn to zero is tried at zero
	flat          = 1e-6  // a derivative that counts as none
)

// An estimator finds variances by restricted maximum likelihood: average
// information steps, halved where they lead downhill, and a step of
// expectation-maximisation where that does not help.
type estimator struct {
	d         *design
	penalised bool
	free      [3]bool // what is estimated; the rest stays
	kappa     [3]float64
	dropped   [3]*evaluation // what stood before a component was set to zero
	revived   [3]bool
	exact     bool // the residual is at its floor
	steps     int

	goals      []float64 // after each step
	indistinct bool
}

// estimate settles the variances that are free. The error is a *NotConverged.
func (r *estimator) estimate() (evaluation, error) {
	now, ok := evaluate(r.d, r.kappa)
	for ok && r.steps < maxIterations {
		r.steps++
		if r.bound(now) {
			now, ok = evaluate(r.d, r.kappa)
			continue
		}
		next, change := r.advance(now)
		now, r.kappa = next, next.eq.kappa
		if change > settled && !r.atTop(now) && !r.stalled(now) {
			continue
		}
		if !r.revive(now) {
			return now, nil
		}
		now, ok = evaluate(r.d, r.kappa)
	}
	return now, &NotConverged{r.steps}
}

// stalled says whether many steps changed components and none of the last the
// likelihood: the data cannot tell the components apart.
func (r *estimator) stalled(now evaluation) bool {
	const lately = 5
	r.goals = append(r.goals, r.goal(now))
	n := len(r.goals)
	r.indistinct = n > maxIterations/3 && math.Abs(r.goals[n-1-lately]-r.goals[n-1]) < 1e-11*float64(r.d.n)
	return r.indistinct
}

// atTop says whether the likelihood rises nowhere by more than rounding does, as
// on the level ridge of components that the data cannot tell apart.
func (r *estimator) atTop(now evaluation) bool {
	for c, free := range r.free {
		if free && math.Abs(r.slope(now, c)) > 1e-14*float64(r.d.n) {
			return false
		}
	}
	return true
}

// slope is the derivative by a component's logarithm, with the penalty if asked.
func (r *estimator) slope(v evaluation, c int) float64 {
	slope := v.score[c] * v.eq.kappa[c]
	if r.penalises(c) {
		slope += 0.5
	}
	return slope
}

// penalises says whether a component is kept off zero. Where a factor has hardly
// more levels than there are pools, nothing would keep the penalty from carrying
// its component off to infinity.
func (r *estimator) penalises(c int) bool {
	least := r.d.p + 3
	return r.penalised && (c == ofA && r.d.qa >= least || c == ofB && r.d.qb >= least)
}

// bound sets a component to zero, or the residual to its floor, when the data
// draw it there, and says whether it did.
func (r *estimator) bound(now evaluation) bool {
	if r.free[ofResidual] && now.eq.kappa[ofResidual] < floor {
		r.kappa[ofResidual], r.free[ofResidual], r.exact = floor, false, true
		return true
	}
	step := r.newton(now)
	for c := ofA; c <= ofB; c++ {
		k := r.kappa[c]
		creeping := step[c] < 0 && r.steps > maxIterations/3
		if r.free[c] && (k < vanished || k < small && (k+step[c] <= 0 || creeping) && !r.revived[c]) {
			r.dropped[c] = &now
			r.kappa[c], r.free[c] = 0, false
			return true
		}
	}
	return false
}

// revive takes a component off zero when the likelihood rises from there, or
// was higher before, and says whether it did. Each has one such chance.
func (r *estimator) revive(now evaluation) bool {
	for c := ofA; c <= ofB; c++ {
		before := r.dropped[c]
		if before == nil || r.revived[c] {
			continue
		}
		trial := r.kappa
		trial[c] = 10 * vanished
		near, ok := evaluate(r.d, trial)
		better := before.criterion < now.criterion-1e-9 && before.eq.kappa[c] >= vanished
		if !better && (!ok || near.score[c] <= flat) {
			continue
		}
		r.revived[c], r.free[c] = true, true
		r.kappa[c] = small
		if better {
			r.kappa = before.eq.kappa
		}
		return true
	}
	return false
}

// advance goes one step uphill and tells by how much components changed,
// relative to themselves.
func (r *estimator) advance(now evaluation) (evaluation, float64) {
	step := r.newton(now)
	length := 1.0
	for c, k := range r.kappa {
		if r.free[c] && k+step[c] <= 0 {
			length = min(length, 0.9*k/-step[c])
		}
	}
	noise := 1e-11 * float64(r.d.n)
	for range 12 {
		if step == [3]float64{} {
			break
		}
		trial := r.kappa
		for c := range trial {
			trial[c] += length * step[c]
		}
		if next, ok := evaluate(r.d, trial); ok && r.goal(next) <= r.goal(now)+noise {
			return next, change(r.kappa, trial)
		}
		length /= 2
	}
	trial := r.kappa
	for c := range trial {
		if r.free[c] {
			trial[c] = now.em[c]
		}
	}
	if next, ok := evaluate(r.d, trial); ok && r.goal(next) < r.goal(now) {
		return next, change(r.kappa, trial)
	}
	return now, 0 // no direction leads further uphill
}

// goal is what is to become least: the criterion, with the penalty where asked.
func (r *estimator) goal(v evaluation) float64 {
	goal := v.criterion
	for c := ofA; c <= ofB; c++ {
		if r.free[c] && r.penalises(c) {
			goal -= math.Log(v.eq.kappa[c])
		}
	}
	return goal
}

// newton solves information · step = score for the free components, in
// proportion to their size so that the equations are well scaled.
func (r *estimator) newton(v evaluation) (step [3]float64) {
	var free []int
	for c, yes := range r.free {
		if yes {
			free = append(free, c)
		}
	}
	if len(free) == 0 {
		return step
	}
	info, score := mat.NewSymDense(len(free), nil), mat.NewVecDense(len(free), nil)
	for i, c := range free {
		k := v.eq.kappa[c]
		score.SetVec(i, r.slope(v, c))
		for j, e := range free[:i+1] {
			info.SetSym(i, j, v.info[c][e]*k*v.eq.kappa[e])
		}
		if r.penalises(c) {
			info.SetSym(i, i, info.At(i, i)+0.5)
		}
		info.SetSym(i, i, info.At(i, i)*(1+1e-10)+1e-10)
	}
	var chol mat.Cholesky
	var solved mat.VecDense
	if !chol.Factorize(info) || chol.SolveVecTo(&solved, score) != nil {
		return step
	}
	for i, c := range free {
		step[c] = solved.AtVec(i) * v.eq.kappa[c]
	}
	return step
}

func change(from, to [3]float64) (largest float64) {
	for c := range from {
		if from[c] > 0 {
			largest = max(largest, math.Abs(to[c]-from[c])/from[c])
		}
	}
	return largest
}
