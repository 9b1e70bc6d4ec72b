package result

import (
	"math"

	"laurel/internal/tally"
)

// The stopping rule, fixed before anybody judges: the share of places that may be
// expected to be given wrongly, and the gain, in points, that is worth a viewing.
const (
	toleratedErrors = 0.03
	leastGain       = 0.01
)

// viewings says where one more score would help, and when none would.
func (w *work) viewings() error {
	if w.body.Line == nil {
		return nil
	}
	x := &w.body.Extra
	worth := w.model.Viewings(w.ranking(draws), w.ranked)
	x.Errors = tally.ExpectedErrors(w.ranked) / 2
	rule := tally.Rule{Tolerated: toleratedErrors * float64(w.places()), Cost: leastGain}
	x.Stop = map[tally.Reason]Stop{tally.Certain: SureEnough, tally.NotWorth: LittleGain, tally.AllViewed: LittleGain}[w.model.Stop(rule, w.ranked, worth)]
	for _, v := range worth {
		if v.Gain > leastGain {
			turns := 0.0
			if v.Learned > 0 {
				turns = math.Erfc(v.Distance/v.Learned/math.Sqrt2) / 2
			}
			x.Viewings = append(x.Viewings, Viewing{Entry: w.in.Entries[v.Entry], Value: v.Gain, Turns: turns})
		}
	}
	return nil
}
