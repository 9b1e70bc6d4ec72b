package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"laurel/internal/tally"
	"laurel/internal/tally/agreement"
)

// An agreeAnswer is what every answer of `laurel agree --format json` has;
// agreeFormat explains the fields.
type agreeAnswer struct {
	Statistic string   `json:"statistic"`
	Units     int      `json:"units"`
	Jurors    int      `json:"jurors"`
	Scores    int      `json:"scores"`
	Warnings  []string `json:"warnings"`
}

type alphaAnswer struct {
	agreeAnswer

	Value      *float64         `json:"value"`
	Grade      agreement.Grade  `json:"grade,omitempty"`
	Level      agreement.Level  `json:"level"`
	Observed   *float64         `json:"observed"`
	Expected   *float64         `json:"expected"`
	Compared   *comparedAnswer  `json:"compared,omitempty"`
	Calibrated *float64         `json:"calibrated"`
	Interval   *[2]float64      `json:"interval,omitempty"`
	Bootstrap  *bootstrapAnswer `json:"bootstrap,omitempty"`
	Rest       []restAnswer     `json:"with_the_rest,omitempty"`
}

type comparedAnswer struct {
	Units  int `json:"units"`
	Scores int `json:"scores"`
}

type bootstrapAnswer struct {
	Resamples int    `json:"resamples"`
	Skipped   int    `json:"skipped"`
	Seed      uint64 `json:"seed"`
}

type restAnswer struct {
	Juror string   `json:"juror"`
	Units int      `json:"units"`
	R     *float64 `json:"r"`
}

type iccAnswer struct {
	agreeAnswer

	Values     map[string]*float64         `json:"values"`
	Grades     map[string]agreement.Grade  `json:"grades"`
	Intervals  map[string][2]float64       `json:"intervals,omitempty"`
	Interval   map[string][2]float64       `json:"interval,omitempty"`
	Bootstrap  map[string]*bootstrapAnswer `json:"bootstrap,omitempty"`
	Squares    *squaresAnswer              `json:"mean_squares,omitempty"`
	Components *componentsAnswer           `json:"components"`
	Reviews    *float64                    `json:"reviews"`
}

type squaresAnswer struct {
	Between float64 `json:"between"`
	Within  float64 `json:"within"`
	Judges  float64 `json:"judges"`
	Error   float64 `json:"error"`
}

type componentsAnswer struct {
	Entry    float64 `json:"entry"`
	Juror    float64 `json:"juror"`
	Residual float64 `json:"residual"`
}

type kendallAnswer struct {
	agreeAnswer

	Value        *float64           `json:"value"`
	ChiSquared   *float64           `json:"chi2"`
	DF           *int               `json:"df"`
	P            *float64           `json:"p"`
	PPermutation *float64           `json:"p_permutation,omitempty"`
	Permutation  *permutationAnswer `json:"permutation,omitempty"`
	Spearman     *float64           `json:"spearman"`
	RankSums     map[string]float64 `json:"rank_sums,omitempty"`
}

type permutationAnswer struct {
	Shuffles int    `json:"shuffles"`
	Seed     uint64 `json:"seed"`
}

// warn adds what keeps a figure from being computed, and passes on any other
// error.
func (a *agreeAnswer) warn(figure string, err error) error {
	if e, ok := errors.AsType[*agreement.NotComputable](err); ok {
		a.Warnings = append(a.Warnings, fmt.Sprintf("%s cannot be computed: %s.", figure, e.Reason))
		return nil
	}
	if errors.Is(err, agreement.ErrTooFewEntries) {
		a.Warnings = append(a.Warnings, fmt.Sprintf("%s has no interval: it takes at least %d units.", figure, agreement.LeastEntries))
		return nil
	}
	return err
}

func (c *agreeCmd) krippendorff(of agreeAnswer, j judged) (*alphaAnswer, error) {
	a := &alphaAnswer{agreeAnswer: of, Level: c.Level}
	rows := j.scores()
	alpha, err := agreement.Krippendorff(rows, c.Level)
	if err != nil {
		return a, a.warn("Krippendorff's alpha", err)
	}
	a.Value, a.Observed, a.Expected = &alpha.Value, &alpha.Observed, &alpha.Expected
	a.Grade, a.Compared = agreement.AlphaGrade(alpha.Value), &comparedAnswer{alpha.Entries, alpha.Scores}
	if c.Level == agreement.Interval {
		a.Calibrated = calibratedAlpha(j)
	}
	if len(j.jurors) > 0 {
		if a.Rest, err = j.withTheRest(); err != nil {
			return a, err
		}
	}
	if c.Bootstrap == 0 {
		return a, nil
	}
	r, err := agreement.AlphaInterval(rows, c.Level, c.resampling())
	if err != nil {
		return a, a.warn("Krippendorff's alpha", err)
	}
	a.Interval, a.Bootstrap = &[2]float64{r.Low, r.High}, &bootstrapAnswer{r.Resamples, r.Skipped, r.Seed}
	return a, nil
}

func (c *agreeCmd) resampling() agreement.Resampling {
	return agreement.Resampling{Resamples: c.Bootstrap, Seed: c.Seed}
}

// calibratedAlpha is alpha of the scores less what the model finds each juror's
// severity to be; nil when there is no model or no alpha.
func calibratedAlpha(j judged) *float64 {
	m := j.model()
	if m == nil || len(m.Jurors) == 0 {
		return nil
	}
	rows := make([][]float64, len(j.units))
	for i, u := range j.units {
		for k, score := range u.scores {
			rows[i] = append(rows[i], score-m.Jurors[u.by[k]].Severity)
		}
	}
	alpha, err := agreement.Krippendorff(rows, agreement.Interval)
	if err != nil {
		return nil
	}
	return &alpha.Value
}

func (j judged) withTheRest() ([]restAnswer, error) {
	by := make([][]int, len(j.units))
	for i, u := range j.units {
		by[i] = u.by
	}
	rests, err := agreement.WithTheRest(j.scores(), by, len(j.jurors))
	if err != nil {
		return nil, err
	}
	var answers []restAnswer
	for i, r := range rests {
		a := restAnswer{Juror: j.jurors[i], Units: r.Entries}
		if r.Computable {
			a.R = &r.R
		}
		answers = append(answers, a)
	}
	return answers, nil
}

func (c *agreeCmd) icc(of agreeAnswer, j judged) (*iccAnswer, error) {
	a := &iccAnswer{agreeAnswer: of, Values: map[string]*float64{}, Grades: map[string]agreement.Grade{}}
	rows, ok := j.complete()
	if !ok {
		a.Warnings = append(a.Warnings, "The six forms take a table in which every juror scored every unit once.")
	} else if err := c.sixForms(a, rows); err != nil {
		return a, err
	}
	a.fromModel(j)
	return a, nil
}

// sixForms are those of a complete table.
func (c *agreeCmd) sixForms(a *iccAnswer, rows [][]float64) error {
	icc, err := agreement.Intraclass(rows)
	if err != nil {
		return a.warn("The six forms", err)
	}
	m := icc.Squares
	a.Squares = &squaresAnswer{m.Between, m.Within, m.Judges, m.Error}
	a.Intervals = map[string][2]float64{}
	for _, f := range icc.Forms {
		a.Values[f.Name] = nil
		if !f.Computable {
			a.Warnings = append(a.Warnings, f.Name+" cannot be computed: entries differ too little.")
			continue
		}
		a.Values[f.Name], a.Grades[f.Name] = &f.Value, agreement.ICCGrade(f.Value)
		if f.Bounded {
			a.Intervals[f.Name] = [2]float64{f.Low, f.High}
		}
	}
	if c.Bootstrap == 0 {
		return nil
	}
	a.Interval, a.Bootstrap = map[string][2]float64{}, map[string]*bootstrapAnswer{}
	for i, f := range icc.Forms {
		r, err := agreement.Bootstrap(len(rows), c.resampling(), formOf(rows, i))
		if err != nil {
			return a.warn(f.Name, err)
		}
		a.Interval[f.Name], a.Bootstrap[f.Name] = [2]float64{r.Low, r.High}, &bootstrapAnswer{r.Resamples, r.Skipped, r.Seed}
	}
	return nil
}

// formOf computes one of the six forms of resampled rows.
func formOf(rows [][]float64, form int) func(sample []int) (float64, error) {
	return func(sample []int) (float64, error) {
		drawn := make([][]float64, len(sample))
		for i, row := range sample {
			drawn[i] = rows[row]
		}
		icc, err := agreement.Intraclass(drawn)
		if err == nil && !icc.Forms[form].Computable {
			err = &agreement.NotComputable{Reason: agreement.NoVariation}
		}
		return icc.Forms[form].Value, err
	}
}

// fromModel adds the forms that rest on variances.
func (a *iccAnswer) fromModel(j judged) {
	m := j.model()
	if m == nil {
		a.Warnings = append(a.Warnings, "The scores allow no model, so there are no values from its variances.")
		return
	}
	of := tallied{model: m}.reliability()
	a.Components = &componentsAnswer{m.Components.Entry, m.Components.Juror, m.Components.Residual}
	a.Reviews = &of.Reviews
	if m.Basis == tally.Assumed {
		a.Warnings = append(a.Warnings, "No entry has two scores: the model rests on assumed proportions of its variances.")
	}
	for name, value := range map[string]float64{
		"model(single)": of.Single, "model(single,calibrated)": of.SingleCalibrated,
		"model(mean)": of.Mean, "model(mean,calibrated)": of.MeanCalibrated,
	} {
		a.Values[name], a.Grades[name] = &value, agreement.ICCGrade(value)
	}
}

func (c *agreeCmd) kendall(of agreeAnswer, j judged) (*kendallAnswer, error) {
	a := &kendallAnswer{agreeAnswer: of}
	rows, ok := j.complete()
	if !ok {
		return a, a.warn("Kendall's W", &agreement.NotComputable{Reason: agreement.Incomplete})
	}
	jurors := make([][]float64, len(j.jurors))
	for _, row := range rows {
		for i, score := range row {
			jurors[i] = append(jurors[i], score)
		}
	}
	w, err := agreement.Kendall(jurors)
	if err != nil {
		return a, a.warn("Kendall's W", err)
	}
	a.Value, a.ChiSquared, a.DF, a.P = &w.W, &w.ChiSquared, &w.DF, &w.P
	if w.Pairs > 0 {
		a.Spearman = &w.Spearman
	}
	a.RankSums = map[string]float64{}
	for i, u := range j.units {
		a.RankSums[u.name()] = w.RankSums[i]
	}
	if c.Bootstrap > 0 {
		a.Warnings = append(a.Warnings, "Kendall's W has a test, p, and no interval: entries drawn twice would be ties.")
	}
	if w.Entries > agreement.FewEntries {
		return a, nil
	}
	p, err := agreement.Permute(jurors, 0, c.Seed)
	if err != nil {
		return a, err
	}
	a.PPermutation, a.Permutation = &p.P, &permutationAnswer{p.Shuffles, p.Seed}
	return a, nil
}

// name tells units of one entry apart.
func (u judgedUnit) name() string {
	parts := []string{u.entry, u.category, u.round}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " · ")
}
