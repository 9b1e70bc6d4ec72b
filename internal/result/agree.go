package result

import (
	"errors"
	"fmt"

	"laurel/internal/tally"
	"laurel/internal/tally/agreement"
)

// resamples are those of the interval around alpha.
const resamples = 2000

// agree measures how far jurors agree, on the scores as they were given and
// with severities taken out.
func (w *work) agree() error {
	a := &w.body.Agreement
	alpha, err := agreement.Krippendorff(w.scores, agreement.Interval)
	if err := known(err, func() { a.Alpha = &alpha.Value }); err != nil {
		return err
	}
	within, err := agreement.AlphaInterval(w.scores, agreement.Interval, agreement.Resampling{Resamples: resamples, Seed: w.seed})
	if err := known(err, func() { a.AlphaLow, a.AlphaHigh = &within.Low, &within.High }); err != nil {
		return err
	}
	if w.model.Basis == tally.Nothing {
		return nil
	}
	fair := make([][]float64, len(w.scores))
	for _, r := range w.table.Reviews {
		fair[r.Entry] = append(fair[r.Entry], r.Score-w.model.Jurors[r.Juror].Severity)
	}
	adjusted, err := agreement.Krippendorff(fair, agreement.Interval)
	if err := known(err, func() { a.AlphaAdjusted = &adjusted.Value }); err != nil {
		return err
	}
	return w.reliability()
}

// reliability says how far a list would come out the same again.
func (w *work) reliability() error {
	a, c := &w.body.Agreement, w.model.Components
	reviews, entries := 0, 0
	for _, e := range w.model.Entries {
		if e.Reviews > 0 {
			reviews, entries = reviews+e.Reviews, entries+1
		}
	}
	single, err := agreement.FromComponents(c, float64(reviews)/float64(entries))
	if err := known(err, func() { a.Single, a.SingleFair = &single.Single, &single.SingleCalibrated }); err != nil {
		return err
	}
	if list, ok := w.model.Reliability(); ok {
		a.List = &list
	}
	a.Enough, _ = c.ReviewsFor(enough)
	return nil
}

// enough is the reliability that a list should have: taste is still a fifth of it.
const enough = 0.8

// known calls then unless a figure could not be computed.
func known(err error, then func()) error {
	_, not := errors.AsType[*agreement.NotComputable](err)
	switch {
	case err == nil:
		then()
	case !not && !errors.Is(err, agreement.ErrTooFewEntries):
		return fmt.Errorf("measure agreement: %w", err)
	}
	return nil
}

// rest correlates each juror with the others.
func (w *work) rest() error {
	by := make([][]int, len(w.scores))
	for _, r := range w.table.Reviews {
		by[r.Entry] = append(by[r.Entry], r.Juror)
	}
	list, err := agreement.WithTheRest(w.scores, by, len(w.jurors))
	if err != nil {
		return fmt.Errorf("correlate jurors: %w", err)
	}
	for i, r := range list {
		if r.Computable {
			w.body.Jurors[i].Rest, w.body.Jurors[i].RestOf = r.R, r.Entries
		}
	}
	return nil
}
