package result

import (
	"fmt"

	"laurel/internal/account"
	"laurel/internal/entry"
	"laurel/internal/tally"
)

// draws is how often ranks are drawn: a probability near the tie band is then
// known to about two hundredths.
const draws = 2000

// Compute works a result out. It reads no database, takes seconds at most, and
// gives the same body for the same inputs on every machine. Inputs that no model
// fits, such as scores that are all equal, give raw means and say why.
func Compute(in Inputs) (Body, error) {
	hash, err := in.Hash()
	if err != nil {
		return Body{}, err
	}
	seed, err := seedOf(hash)
	if err != nil {
		return Body{}, fmt.Errorf("read seed: %w", err)
	}
	w := newWork(in, uint64(seed))
	if w.model, err = fit(w.table); err != nil {
		return Body{}, fmt.Errorf("fit scores: %w", err)
	}
	w.summarise()
	if err := w.rank(); err != nil {
		return Body{}, err
	}
	w.severities()
	for _, step := range []func() error{w.agree, w.rest, w.robust, w.signs, w.without, w.pairs, w.viewings} {
		if err := step(); err != nil {
			return Body{}, err
		}
	}
	return w.body, nil
}

// fit chooses how the model is fitted: by REML, and where data are thin or a
// component is zero again with a penalty that keeps components off zero, since
// certainty must not come from too few scores.
func fit(t tally.Table) (*tally.Model, error) {
	m, err := tally.Fit(t, tally.Options{})
	if err != nil || !cautioned(m, tally.Provisional) {
		return m, err
	}
	return tally.Fit(t, tally.Options{Penalised: true})
}

func cautioned(m *tally.Model, kind tally.CautionKind) bool {
	for _, c := range m.Warnings {
		if c.Kind == kind {
			return true
		}
	}
	return false
}

// work is a computation on numbers from 0 in the place of entries and jurors.
type work struct {
	in     Inputs
	seed   uint64
	body   Body
	table  tally.Table
	given  []Score     // of each review
	scores [][]float64 // of each entry, in the order of jurors
	jurors []account.ID
	model  *tally.Model
	ranked []tally.Standing
}

func newWork(in Inputs, seed uint64) *work {
	w := &work{in: in, seed: seed, jurors: in.Jurors()}
	w.body = Body{Inputs: in, Cautions: []Caution{}, Entries: []Entry{}, Jurors: []Juror{}, Pairs: []Pair{}, Favours: []Favour{}}
	w.body.Extra.Viewings = []Viewing{}
	entries, jurors := map[entry.ID]int{}, map[account.ID]int{}
	for i, id := range in.Entries {
		entries[id] = i
		w.body.Entries = append(w.body.Entries, Entry{ID: id})
	}
	for i, id := range w.jurors {
		jurors[id] = i
		w.body.Jurors = append(w.body.Jurors, Juror{ID: id, Signs: []Sign{}})
	}
	w.table = tally.Table{Entries: len(in.Entries), Jurors: len(w.jurors)}
	w.scores = make([][]float64, len(in.Entries))
	for _, s := range in.Scores {
		value, ok := in.Value(s)
		if !ok {
			continue
		}
		e, j := entries[s.Entry], jurors[s.Juror]
		w.table.Reviews = append(w.table.Reviews, tally.Review{Entry: e, Juror: j, Score: value})
		w.given = append(w.given, s)
		w.scores[e] = append(w.scores[e], value)
	}
	return w
}

// summarise takes over what the model says of entries.
func (w *work) summarise() {
	b, m := &w.body, w.model
	b.Basis = map[tally.Basis]Basis{tally.Estimated: Estimated, tally.Assumed: Assumed, tally.Nothing: RawOnly}[m.Basis]
	b.Components = Components{m.Components.Entry, m.Components.Juror, m.Components.Residual}
	b.Criterion, b.Iterations = m.Criterion, m.Iterations
	if len(m.Fixed) > 0 {
		b.Level = m.Fixed[0].Estimate
	}
	for _, c := range m.Warnings {
		b.Cautions = append(b.Cautions, Caution{cautions[c.Kind], c.N})
	}
	summaries := make([]tally.Summary, len(w.scores))
	for i := range b.Entries {
		s, e := tally.Summarise(w.scores[i]), m.Entries[i]
		summaries[i] = s
		x := &b.Entries[i]
		x.Scores, x.Raw, x.Spread, x.Lowest, x.Highest = s.Count, s.Mean, s.Spread, s.Low, s.High
		x.Adjusted, x.Calibrated, x.SE = e.Adjusted, e.Calibrated, e.SE
		if x.Known = e.Known; x.Known {
			x.Low, x.High = e.Interval()
		}
	}
	for _, p := range tally.Rank(summaries) {
		b.Entries[p.Index].RawRank, b.Entries[p.Index].RawTied = p.Rank, p.Tied
	}
}

// cautions are the names of the model's cautions in a body.
var cautions = map[tally.CautionKind]string{
	tally.NoScores: "no-scores", tally.OneJuror: "one-juror", tally.NoInformation: "all-equal", tally.TooFew: "too-few",
	tally.SingleReviews: "single-scores", tally.NoSeverity: "no-severity", tally.NoDifference: "no-difference",
	tally.NoJurorEffect: "no-juror-effect", tally.ExactFit: "exact-fit", tally.Provisional: "provisional",
	tally.Disconnected: "disconnected", tally.WithoutReviews: "without-scores",
}

// rank draws up the calibrated list. Places end only in one list: where no juror
// links its parts, nothing says how many of each should be in.
func (w *work) rank() error {
	w.body.Parts = 1
	for _, c := range w.model.Warnings {
		if c.Kind == tally.Disconnected {
			w.body.Parts = c.N
		}
	}
	r := w.ranking(draws)
	var err error
	if w.ranked, err = w.model.Rank(r); err != nil {
		return fmt.Errorf("rank: %w", err)
	}
	for i, s := range w.ranked {
		x := &w.body.Entries[i]
		x.Rank, x.Tied, x.Part, x.RankLow, x.RankHigh = s.Rank, s.Tied, s.Part, s.Low, s.High
		if s.Known && r.Places != nil {
			x.Selected, x.Discuss = s.Selected, s.Discuss
		}
	}
	if w.model.Basis != tally.Nothing {
		w.body.Draws = draws
		w.body.Line = w.line()
	}
	return nil
}

// places is how many entries can be in; 0 when there is no line between some in
// and some out.
func (w *work) places() int {
	reviewed := 0
	for _, s := range w.scores {
		if len(s) > 0 {
			reviewed++
		}
	}
	if w.in.Places == nil || w.body.Parts > 1 || *w.in.Places >= reviewed {
		return 0
	}
	return *w.in.Places
}

// ranking is how a list is drawn up.
func (w *work) ranking(draws int) tally.Ranking {
	r := tally.Ranking{Seed: w.seed, Draws: draws}
	if w.places() > 0 {
		r.Places = []int{w.places()}
	}
	return r
}

// line is the calibrated value half-way between the last in and the first out;
// nil when places end nowhere.
func (w *work) line() *float64 {
	var reviewed []int
	for i, e := range w.model.Entries {
		if e.Reviews > 0 {
			reviewed = append(reviewed, i)
		}
	}
	if at, ok := w.model.Threshold(reviewed, w.places()); ok {
		return &at
	}
	return nil
}

func (w *work) severities() {
	for i, j := range w.model.Jurors {
		x := &w.body.Jurors[i]
		x.Scores, x.Severity, x.SE, x.Known = j.Reviews, j.Severity, j.SE, j.Known
		x.Low, x.High = j.Severity-normal975*j.SE, j.Severity+normal975*j.SE
	}
}

// normal975 is the normal distribution's 97.5 % quantile.
const normal975 = 1.959963984540054
