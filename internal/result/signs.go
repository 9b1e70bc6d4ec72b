package result

import (
	"fmt"

	"laurel/internal/account"
	"laurel/internal/tally"
)

// traits are the names, in a body, of what a juror's scores are looked at for.
// A general impression that colours every criterion (tally.Halo) is not among
// them: nobody is shown it.
var traits = map[tally.Trait]SignKind{
	tally.Severity: Severity, tally.Outfit: Outfit, tally.Infit: Infit, tally.Accord: Accord, tally.Slope: Slope,
	tally.Spread: Spread, tally.Favourite: Favourite, tally.LongestRun: LongestRun, tally.FlatReviews: FlatReviews,
	tally.Drift: Drift, tally.Contrast: Contrast, tally.Jump: Jump,
}

// signs looks at each juror's scores.
func (w *work) signs() error {
	evidence := tally.Evidence{Order: make([]int, len(w.given)), Marks: make([][]tally.Mark, len(w.given))}
	for i, s := range w.given {
		evidence.Order[i] = s.Order
		for _, m := range s.Marks {
			evidence.Marks[i] = append(evidence.Marks[i], tally.Mark{Criterion: int(m.Criterion), Value: float64(m.Value)})
		}
	}
	for _, f := range w.model.Diagnose(evidence) {
		if kind, ok := traits[f.Trait]; ok {
			w.sign(f.Juror, Sign{Kind: kind, Value: f.Value, SE: f.SE, Expected: f.Expected, Flagged: f.Flagged})
		}
	}
	for _, o := range w.model.Outliers() {
		if o.Flagged {
			s := w.given[o.Review]
			w.sign(w.table.Reviews[o.Review].Juror, Sign{Kind: Outlying, Value: o.Residual, Flagged: true, Entry: s.Entry})
		}
	}
	return nil
}

func (w *work) sign(juror int, s Sign) {
	w.body.Jurors[juror].Signs = append(w.body.Jurors[juror].Signs, s)
}

// without says what the list owes to each juror of whom anything is inferred.
func (w *work) without() error {
	if w.body.Line == nil || w.large() {
		return nil
	}
	var jurors []int
	for i, j := range w.body.Jurors {
		if j.Scores >= leastScores {
			jurors = append(jurors, i)
		}
	}
	found, err := w.model.Influence(jurors, w.ranking(influenceDraws))
	if err != nil {
		return fmt.Errorf("leave jurors out: %w", err)
	}
	for _, f := range found {
		if f.Entry >= 0 {
			w.body.Jurors[f.Juror].Without = &Without{Entry: w.in.Entries[f.Entry], Change: f.Change}
		}
	}
	return nil
}

// large says whether a round has so many scores that drawing its list up again
// and again would keep the first reader waiting: what only refines the list is
// then left out, and the result says so.
func (w *work) large() bool {
	return len(w.table.Reviews)*max(1, len(w.jurors)) > largest
}

// largest is about 2,000 scores of 60 jurors, which take a second.
const largest = 120_000

// leastScores is below how many scores nothing is inferred about a juror.
const leastScores = 8

// influenceDraws are fewer than for the list itself, since there is a list for
// every juror.
const influenceDraws = 500

// robust flags the entries whose chance rests on a few unusual scores.
func (w *work) robust() error {
	if w.body.Line == nil {
		return nil
	}
	if w.large() {
		w.body.Cautions = append(w.body.Cautions, Caution{Kind: "large"})
		return nil
	}
	shifts, err := w.model.Robust(w.ranking(draws), w.ranked)
	if err != nil {
		return fmt.Errorf("check robustly: %w", err)
	}
	for _, s := range shifts {
		w.body.Entries[s.Entry].Shaky = true
	}
	return nil
}

// pairs are what only the panel's president is shown: jurors whose scores went
// together, and circles of favours.
func (w *work) pairs() error {
	for _, p := range w.model.Pairs() {
		w.body.Pairs = append(w.body.Pairs, Pair{
			One: w.jurors[p.Jurors[0]], Other: w.jurors[p.Jurors[1]], Entries: p.Common,
			Correlation: p.Correlation, Expected: p.Expected, P: p.P, Flagged: p.Flagged,
		})
	}
	entrants := make([]int, len(w.in.Entries))
	for i := range entrants {
		entrants[i] = -1
		for k, id := range w.jurors {
			if w.in.Entrants[i] == id {
				entrants[i] = k
			}
		}
	}
	for _, f := range w.model.Favours(entrants) {
		favour := Favour{Mean: f.Mean, Jurors: []account.ID{}}
		for _, j := range f.Jurors {
			favour.Jurors = append(favour.Jurors, w.jurors[j])
		}
		w.body.Favours = append(w.body.Favours, favour)
	}
	return nil
}
