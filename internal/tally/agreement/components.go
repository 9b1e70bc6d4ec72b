package agreement

import (
	"fmt"
	"math"

	"laurel/internal/tally"
)

// Components are intraclass correlations from the variances of a model, for
// tables with gaps too: shares of the variance between scores that is between
// entries.
type Components struct {
	Single           float64 // one review as it was given: σ²u/(σ²u+σ²v+σ²)
	SingleCalibrated float64 // one review after calibration: σ²u/(σ²u+σ²)
	Mean             float64 // the mean of k reviews by different jurors: σ²u/(σ²u+(σ²v+σ²)/k)
	MeanCalibrated   float64 // the same after calibration: σ²u/(σ²u+σ²/k)
	Reviews          float64 // k
}

// BadComponents is the error of variances that are none, or of a number of
// reviews that is not above zero.
type BadComponents struct{ What string }

func (e *BadComponents) Error() string { return e.What }

// FromComponents computes them for k reviews an entry, above zero and not
// necessarily whole. The single review is the absolute agreement of
// generalizability theory, Φ for one juror; the calibrated ones take severity as
// known. (Brennan 2001, Generalizability Theory.)
//
// Errors: *NotComputable with NoVariation when all components are zero;
// *BadComponents.
func FromComponents(c tally.Components, k float64) (Components, error) {
	for _, v := range []float64{c.Entry, c.Juror, c.Residual} {
		if !(v >= 0) || math.IsInf(v, 0) {
			return Components{}, &BadComponents{fmt.Sprintf("%v is no variance", v)}
		}
	}
	if !(k > 0) || math.IsInf(k, 0) {
		return Components{}, &BadComponents{fmt.Sprintf("%v is no number of reviews", k)}
	}
	if c.Entry+c.Juror+c.Residual == 0 {
		return Components{}, &NotComputable{NoVariation}
	}
	return Components{
		Single: c.Single(), SingleCalibrated: c.SingleCalibrated(), Mean: c.Mean(k), MeanCalibrated: c.MeanCalibrated(k), Reviews: k,
	}, nil
}
