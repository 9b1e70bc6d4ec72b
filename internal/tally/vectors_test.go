package tally_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"laurel/internal/tally"
)

// An lmmExample is one of testdata/lmm.json: published data sets of mixed models
// (Davies and Goldsmith; Box and Tiao; Robinson 1991), with the estimates that
// lme4 and MixedModels.jl publish, to full precision by two independent routes.
type lmmExample struct {
	ID   string
	Data struct {
		Y                []float64
		Factor1, Factor2 []string
		XColumns         []string    `json:"X_columns"`
		X                [][]float64 `json:"X"`
	}
	REML struct {
		Var1, Var2, Residual, Criterion float64
		Beta                            []float64
		SEBeta                          []float64 `json:"se_beta"`
		Blup1, Blup2                    map[string]float64
		Condvar1, Condvar2              map[string]float64
		Pev1, Pev2                      map[string]float64
	}
	Ratio        float64 `json:"fixed_variance_ratio"`
	ExpectedFull struct {
		Beta []float64
		U    map[string]float64
	} `json:"expected_full"`
}

func lmmExamples(t *testing.T) map[string]lmmExample {
	t.Helper()
	data, err := os.ReadFile("testdata/lmm.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Examples []lmmExample }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	examples := map[string]lmmExample{}
	for _, e := range file.Examples {
		examples[e.ID] = e
	}
	return examples
}

// table makes reviews of an example, with the names of its levels in order.
func (x lmmExample) table() (table tally.Table, first, second []string) {
	first, second = slices.Compact(slices.Sorted(slices.Values(x.Data.Factor1))), slices.Compact(slices.Sorted(slices.Values(x.Data.Factor2)))
	table = tally.Table{Entries: len(first), Jurors: len(second)}
	if len(x.Data.X) > 0 {
		table.Pools = x.Data.XColumns
	}
	for i, y := range x.Data.Y {
		r := tally.Review{Entry: slices.Index(first, x.Data.Factor1[i]), Score: y}
		if len(second) > 0 {
			r.Juror = slices.Index(second, x.Data.Factor2[i])
		}
		if len(x.Data.X) > 0 {
			r.Pool = slices.Index(x.Data.X[i], 1)
		}
		table.Reviews = append(table.Reviews, r)
	}
	return table, first, second
}

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.15g, want %.15g, off by %.3g", what, got, want, math.Abs(got-want))
	}
}

func relative(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	within(t, what, got, want, tolerance*math.Abs(want))
}

func fit(t testing.TB, table tally.Table, options tally.Options) *tally.Model {
	t.Helper()
	m, err := tally.Fit(table, options)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPublishedModels(t *testing.T) {
	t.Parallel()
	for id, x := range lmmExamples(t) {
		if x.Ratio != 0 {
			continue
		}
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			table, first, second := x.table()
			m := fit(t, table, tally.Options{})
			relative(t, "first variance", m.Components.Entry, x.REML.Var1, 1e-6)
			relative(t, "second variance", m.Components.Juror, x.REML.Var2, 1e-6)
			relative(t, "residual", m.Components.Residual, x.REML.Residual, 1e-6)
			within(t, "criterion", m.Criterion, x.REML.Criterion, 1e-6)
			relative(t, "intercept", m.Fixed[0].Estimate, x.REML.Beta[0], 1e-9)
			relative(t, "its error", m.Fixed[0].SE, x.REML.SEBeta[0], 1e-7)
			for i, name := range first {
				e := m.Entries[i]
				relative(t, name, e.Effect, x.REML.Blup1[name], 1e-7)
				relative(t, name+" conditional", e.EffectConditional, x.REML.Condvar1[name], 1e-7)
				relative(t, name+" error", e.EffectPEV, x.REML.Pev1[name], 1e-7)
			}
			for i, name := range second {
				j := m.Jurors[i]
				relative(t, name, j.Severity, x.REML.Blup2[name], 1e-7)
				relative(t, name+" conditional", j.Conditional, x.REML.Condvar2[name], 1e-7)
				relative(t, name+" error", j.PEV, x.REML.Pev2[name], 1e-7)
			}
			t.Logf("%d iterations, %+v", m.Iterations, m.Warnings)
		})
	}
}

func TestTheOtherFactorMayStay(t *testing.T) {
	t.Parallel()
	x := lmmExamples(t)["penicillin"]
	table, first, second := x.table()
	table.Entries, table.Jurors = table.Jurors, table.Entries
	for i, r := range table.Reviews {
		table.Reviews[i].Entry, table.Reviews[i].Juror = r.Juror, r.Entry
	}
	m := fit(t, table, tally.Options{})
	relative(t, "first variance", m.Components.Juror, x.REML.Var1, 1e-6)
	relative(t, "second variance", m.Components.Entry, x.REML.Var2, 1e-6)
	within(t, "criterion", m.Criterion, x.REML.Criterion, 1e-6)
	for i, name := range first {
		relative(t, name, m.Jurors[i].Severity, x.REML.Blup1[name], 1e-7)
		relative(t, name+" conditional", m.Jurors[i].Conditional, x.REML.Condvar1[name], 1e-7)
		relative(t, name+" error", m.Jurors[i].PEV, x.REML.Pev1[name], 1e-7)
	}
	for i, name := range second {
		relative(t, name, m.Entries[i].Effect, x.REML.Blup2[name], 1e-7)
		relative(t, name+" error", m.Entries[i].EffectPEV, x.REML.Pev2[name], 1e-7)
	}
}

func TestNoDetectableDifference(t *testing.T) {
	t.Parallel()
	table, _, _ := lmmExamples(t)["dyestuff2-boundary"].table()
	m := fit(t, table, tally.Options{})
	if m.Components.Entry != 0 {
		t.Errorf("got %v between batches, want exactly 0", m.Components.Entry)
	}
	for _, e := range m.Entries {
		if e.Effect != 0 || e.EffectPEV != 0 || e.Calibrated != m.Entries[0].Calibrated || e.SE != m.Fixed[0].SE {
			t.Errorf("got %+v", e)
		}
	}
	if !warned(m, tally.NoDifference) || !warned(m, tally.Provisional) {
		t.Errorf("warned %v", m.Warnings)
	}
}

func warned(m *tally.Model, kind tally.CautionKind) bool {
	return slices.ContainsFunc(m.Warnings, func(c tally.Caution) bool { return c.Kind == kind })
}

func TestRobinsonsSires(t *testing.T) {
	t.Parallel()
	x := lmmExamples(t)["robinson-1991-blup"]
	table, first, _ := x.table()
	m := fit(t, table, tally.Options{Ratios: &tally.Components{Entry: x.Ratio, Residual: 1}})
	given := m.Components
	for _, m := range []*tally.Model{m, fit(t, table, tally.Options{Given: &given}), fit(t, table, tally.Options{Given: &tally.Components{Entry: 1, Residual: 10}})} {
		for i, f := range m.Fixed {
			relative(t, f.Name, f.Estimate, x.ExpectedFull.Beta[i], 1e-12)
		}
		for i, name := range first {
			relative(t, name, m.Entries[i].Effect, x.ExpectedFull.U[name], 1e-10)
		}
	}
	relative(t, "ratio", m.Components.Entry/m.Components.Residual, x.Ratio, 1e-14)
}
