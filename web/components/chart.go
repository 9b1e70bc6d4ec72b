package components

import (
	"context"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"laurel/internal/locale"
)

// drawn writes an SVG that says in words what it shows.
func drawn(open, label string, parts []string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<svg "+open+` role="img" aria-label="`+html.EscapeString(label)+`">`+strings.Join(parts, "")+"</svg>")
		return err
	})
}

// part is v's place between low and high in per cent, within the ends.
func part(v, low, high float64) float64 {
	if high <= low {
		return 0
	}
	return max(0, min(100, (v-low)/(high-low)*100))
}

// across turns a place around where the page is written from right to left: a
// picture's coordinates do not turn by themselves.
func across(ctx context.Context, percent float64) float64 {
	if locale.Dir(ctx) == "rtl" {
		return 100 - percent
	}
	return percent
}

func px(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }

// Dots draws one dot for each score of a film on its scale, equal ones on top of
// each other, and a line under their mean.
func Dots(scores []float64, mean float64, low, high int, label string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		x := func(v float64) string { return px(4 + across(ctx, part(v, float64(low), float64(high)))*1.08) }
		parts := []string{`<line class="axis" x1="3" x2="113" y1="17" y2="17"/>`}
		stacked := map[string]int{}
		sorted := slices.Sorted(slices.Values(scores))
		step := 5.0
		if tallest := tallest(sorted, x); tallest > 4 {
			step = 16.0 / float64(tallest)
		}
		for _, v := range sorted {
			parts = append(parts, fmt.Sprintf(`<circle class="c2" cx="%s" cy="%s" r="2.4"/>`, x(v), px(17-float64(stacked[x(v)])*step)))
			stacked[x(v)]++
		}
		if len(scores) > 0 {
			parts = append(parts, fmt.Sprintf(`<line class="l1" x1="%s" x2="%s" y1="19" y2="22"/>`, x(mean), x(mean)))
		}
		return drawn(`class="spark dots" width="116" height="22"`, label, parts).Render(ctx, w)
	})
}

func tallest(scores []float64, x func(float64) string) int {
	high, counts := 0, map[string]int{}
	for _, v := range scores {
		counts[x(v)]++
		high = max(high, counts[x(v)])
	}
	return high
}

// Columns draws how often each value of a scale was given: dots on top of each
// other, and the scale under them.
func Columns(counts []int, low int, label string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		step := min(17.0, 84.0/float64(max(1, slices.Max(append([]int{0}, counts...)))))
		var parts []string
		for i, n := range counts {
			x := px(across(ctx, 4+92*float64(i)/float64(max(1, len(counts)-1))))
			for k := range n {
				parts = append(parts, fmt.Sprintf(`<circle class="c1" cx="%s%%" cy="%s" r="%s"/>`, x, px(90-float64(k)*step), px(step*0.4)))
			}
			parts = append(parts, fmt.Sprintf(`<text x="%s%%" y="115" text-anchor="middle">%s</text>`, x, locale.Number(ctx, low+i)))
		}
		parts = append(parts, `<line class="axis" x1="0" x2="100%" y1="99" y2="99"/>`)
		return drawn(`class="chart mt" width="100%" height="120"`, label, parts).Render(ctx, w)
	})
}

// Interval draws a mean with the range from low to high around it, on a scale.
func Interval(from, to, mean float64, low, high int, label string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		x := func(v float64) string { return px(across(ctx, part(v, float64(low), float64(high)))) + "%" }
		return drawn(`class="spark" width="100%" height="22"`, label, []string{
			`<line class="axis" x1="0" x2="100%" y1="11" y2="11"/>`,
			fmt.Sprintf(`<line class="l1" x1="%s" x2="%s" y1="11" y2="11"/>`, x(from), x(to)),
			fmt.Sprintf(`<circle class="c1" cx="%s" cy="11" r="5.5"/>`, x(mean)),
		}).Render(ctx, w)
	})
}

// length is where a count stands on a scale from 0 that leaves room for a dot at
// both ends.
func length(ctx context.Context, v, most int) string {
	return px(across(ctx, 3+0.94*part(float64(v), 0, float64(most)))) + "%"
}

// Lengths draws the figures of the scale of Change, at round numbers, for the
// head of a column of them.
func Lengths(most int) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		step := most
		for unit := 1; unit < most; unit *= 10 {
			for _, factor := range []int{5, 2, 1} {
				if 5*factor*unit >= most {
					step = min(step, factor*unit)
				}
			}
		}
		step = max(step, 1)
		var b strings.Builder
		b.WriteString(`<svg class="spark chart" width="100%" height="16" aria-hidden="true">`)
		for v := 0; v <= most; v += step {
			fmt.Fprintf(&b, `<text x="%s" y="12" text-anchor="middle">%s</text>`, length(ctx, v, most), locale.Number(ctx, v))
		}
		b.WriteString("</svg>")
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// Change draws a count before (hollow) and after (filled), on a scale from 0.
func Change(before, after, most int, label string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		x := func(v int) string { return length(ctx, v, most) }
		return drawn(`class="spark" width="100%" height="22"`, label, []string{
			`<line class="axis" x1="0" x2="100%" y1="11" y2="11"/>`,
			fmt.Sprintf(`<line class="l2" x1="%s" x2="%s" y1="11" y2="11"/>`, x(before), x(after)),
			fmt.Sprintf(`<circle class="c0" cx="%s" cy="11" r="4"/>`, x(before)),
			fmt.Sprintf(`<circle class="c1" cx="%s" cy="11" r="5.5"/>`, x(after)),
		}).Render(ctx, w)
	})
}

// A Viewing is a cell of the table that says who watches what.
type Viewing string

// The cells of that table.
const (
	Stays Viewing = "stays"
	New   Viewing = "new"
	Gone  Viewing = "gone"
	Apart Viewing = "apart"
	None  Viewing = "none"
	// Unheard is a juror and a film without a language in common.
	Unheard Viewing = "unheard"
)

var viewings = map[Viewing]string{
	Stays: `<circle class="c2" cx="7" cy="7" r="4"/>`,
	New:   `<circle class="c1" cx="7" cy="7" r="5.5"/>`,
	Gone:  `<circle class="c0" cx="7" cy="7" r="3.5"/>`,
}

// Cell draws a viewing with its meaning in words. Apart, None and Unheard draw
// nothing.
func Cell(v Viewing, label string) templ.Component {
	return drawn(`width="14" height="14"`, label, []string{viewings[v]})
}

// Key draws a viewing beside the words that explain it.
func Key(v Viewing) templ.Component {
	return templ.Raw(`<svg width="14" height="14" aria-hidden="true">` + viewings[v] + `</svg>`)
}
