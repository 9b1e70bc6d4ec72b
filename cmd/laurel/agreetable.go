package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"laurel/internal/tally/agreement"
)

// gradeWords say what a grade means.
var gradeWords = map[agreement.Grade]string{
	agreement.Firm: "firm agreement", agreement.Tentative: "enough for tentative conclusions",
	agreement.Low:       "less than conclusions about single scores take; juries that judge by taste usually stand here",
	agreement.NoneAtAll: "no more agreement than by chance",
	agreement.Excellent: "excellent", agreement.Good: "good", agreement.Moderate: "moderate", agreement.Poor: "poor",
}

// printAgreement says for people what an answer says.
func printAgreement(w io.Writer, answer any) error {
	var b strings.Builder
	var of agreeAnswer
	switch a := answer.(type) {
	case *alphaAnswer:
		of = a.agreeAnswer
		a.print(&b)
	case *iccAnswer:
		of = a.agreeAnswer
		a.print(&b)
	case *kendallAnswer:
		of = a.agreeAnswer
		a.print(&b)
	}
	fmt.Fprintf(&b, "\n%d units, %d jurors, %d scores\n", of.Units, of.Jurors, of.Scores)
	for _, warning := range of.Warnings {
		fmt.Fprintf(&b, "  %s\n", warning)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}

func (a alphaAnswer) print(b *strings.Builder) {
	if a.Value == nil {
		b.WriteString("Krippendorff's alpha cannot be computed.\n")
		return
	}
	fmt.Fprintf(b, "Krippendorff's alpha (%s) is %.3f: %s.\n", a.Level, *a.Value, gradeWords[a.Grade])
	if a.Interval != nil {
		fmt.Fprintf(b, "95 in 100 resamples of the entries lie between %.3f and %.3f (%d resamples, %d skipped, seed %d).\n",
			a.Interval[0], a.Interval[1], a.Bootstrap.Resamples, a.Bootstrap.Skipped, a.Bootstrap.Seed)
	}
	if a.Calibrated != nil {
		fmt.Fprintf(b, "With each juror's severity taken out it is %.3f.\n", *a.Calibrated)
	}
	if len(a.Rest) == 0 {
		return
	}
	b.WriteString("\nEach juror with the rest\n")
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, r := range a.Rest {
		fmt.Fprintf(t, "  %s\t%s\t%d units\n", r.Juror, figure(r.R, 2), r.Units)
	}
	t.Flush()
}

func (a iccAnswer) print(b *strings.Builder) {
	if len(a.Values) == 0 {
		b.WriteString("No intraclass correlation can be computed.\n")
		return
	}
	b.WriteString("Intraclass correlations\n")
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, name := range slices.Sorted(maps.Keys(a.Values)) {
		fmt.Fprintf(t, "  %s\t%s\t%s", name, figure(a.Values[name], 3), gradeWords[a.Grades[name]])
		if f, ok := a.Intervals[name]; ok {
			fmt.Fprintf(t, "\t95 %% interval %.3f to %.3f", f[0], f[1])
		}
		if r, ok := a.Interval[name]; ok {
			fmt.Fprintf(t, "\tresampled %.3f to %.3f", r[0], r[1])
		}
		fmt.Fprintln(t)
	}
	t.Flush()
	if a.Components != nil {
		fmt.Fprintf(b, "Variances: entries %.4g, jurors %.4g, residual %.4g. The model's mean is of %.3g reviews.\n",
			a.Components.Entry, a.Components.Juror, a.Components.Residual, *a.Reviews)
	}
}

func (a kendallAnswer) print(b *strings.Builder) {
	if a.Value == nil {
		b.WriteString("Kendall's W cannot be computed.\n")
		return
	}
	fmt.Fprintf(b, "Kendall's W is %.3f, where 1 is the same order by all and 0 is none.\n", *a.Value)
	fmt.Fprintf(b, "Chi-squared %.3f with %d degrees of freedom, p = %.4f.\n", *a.ChiSquared, *a.DF, *a.P)
	if a.PPermutation != nil {
		fmt.Fprintf(b, "With so few entries that is rough; %d shuffles (seed %d) give p = %.4f.\n",
			a.Permutation.Shuffles, a.Permutation.Seed, *a.PPermutation)
	}
	if a.Spearman != nil {
		fmt.Fprintf(b, "Two jurors' ranks correlate by %.3f on average.\n", *a.Spearman)
	}
}

// figure is a number or a dash.
func figure(v *float64, decimals int) string {
	if v == nil {
		return "–"
	}
	return fmt.Sprintf("%.*f", decimals, *v)
}
