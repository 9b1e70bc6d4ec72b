package assign_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"laurel/internal/assign"
)

// FuzzSolve solves problems drawn from two numbers and reshaped by bytes, and
// wants a plan that is proved, or an error with a sentence; never a panic.
func FuzzSolve(f *testing.F) {
	f.Add(uint64(1), uint64(2), []byte{0, 3, 1, 2})
	f.Add(uint64(9), uint64(9), []byte{})
	f.Fuzz(func(t *testing.T, a, b uint64, shape []byte) {
		r := rand.New(rand.NewPCG(a, b))
		p := draw(r, 8, 6)
		for i, x := range shape {
			reshape(&p, i, int(int8(x)))
		}
		o := assign.Options{Order: orders[a%uint64(len(orders))], Connected: b%2 == 1, Bottleneck: b%3 == 1}
		plan, err := assign.Solve(p, o)
		var bad *assign.BadProblem
		var infeasible *assign.Infeasible
		switch {
		case errors.As(err, &bad), errors.As(err, &infeasible):
		case err != nil:
			t.Fatalf("got %v for %+v", err, p)
		default:
			if _, ok := assign.Verify(p, plan); !ok && (plan.Repair == nil || plan.Components > 1) || !plan.Optimal && plan.Repair == nil {
				t.Fatalf("not proved: %+v for %+v", plan, p)
			}
			if !o.Bottleneck && order0(o) == assign.Missing {
				explained(t, p, plan)
			}
		}
	})
}

// order0 is the first aim of some options.
func order0(o assign.Options) assign.Aim { return o.Order[0][0] }

// reshape changes one number of a problem, for better or worse.
func reshape(p *assign.Problem, i, x int) {
	switch {
	case i%5 == 0 && len(p.Entries) > 0:
		p.Entries[i%len(p.Entries)].Want += x
	case i%5 == 1 && len(p.Jurors) > 0:
		p.Jurors[i%len(p.Jurors)].Min += x
	case i%5 == 2 && len(p.Jurors) > 0:
		p.Jurors[i%len(p.Jurors)].Max += x
	case i%5 == 3 && len(p.Pairs) > 0:
		p.Pairs[i%len(p.Pairs)].Cost += int64(x) << (i % 50)
	case i%5 == 4 && len(p.Pairs) > 0:
		p.Pairs[i%len(p.Pairs)].Juror += x % 3
	}
}
