package assign

import "errors"

// Solve divides the entries of a problem as well as can be.
//
// The error is a *BadProblem if the problem contradicts itself, and an
// *Infeasible if the smallest loads cannot be met. Without entries, jurors or
// pairs the plan is what it must be: nothing given, everything missing.
func Solve(p Problem, o Options) (Plan, error) { return Plan{}, errors.New("not yet") }

// Verify checks a plan against its problem without the solver: that it keeps
// all rules, that its figures are right, and what its prices prove. It returns
// the bound of every level and whether all of them are reached.
func Verify(p Problem, plan Plan) (bounds []int64, ok bool) { return nil, false }

// Why says how a pair stands in the plan.
func (plan Plan) Why(entry, juror int) Reason { return Unlisted }

type standing struct{}

// A Design is how well a division lets jurors be compared.
type Design struct {
	// Components are the parts that share nothing, as sets of jurors, ascending.
	Components [][]int
	// Bridges are viewings whose loss would make one component more.
	Bridges []Place
	// Rank is that of the information matrix of the jurors' severities.
	Rank int
	// Connectivity is its second smallest eigenvalue (Fiedler 1973): 0 if the
	// jury is divided.
	Connectivity float64
	// Contrast is the variance of the difference between two jurors' severities,
	// in units of the variance of one score; NaN where they cannot be compared.
	Contrast [][]float64
	// MeanContrast is its mean over pairs of jurors who can be compared.
	MeanContrast float64
}

// Measure examines the viewings of a division. given has the jurors of every
// entry; jurors is how many jurors there are.
func Measure(given [][]int, jurors int) Design { return Design{} }
