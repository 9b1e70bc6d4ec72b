package components

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/a-h/templ"

	"laurel/internal/locale"
)

// An Estimated value is drawn with the range that holds it.
type Estimated struct {
	From, To float64 // the range; equal when it is not known
	Value    float64 // the value that we stand by
	Beside   float64 // the value that it is compared with, hollow
	Line     float64 // where places end; NaN: nowhere
}

// Estimate draws a value with its range, what it is compared with, and where
// places end, on the part of a scale between low and high.
func Estimate(v Estimated, low, high float64, label string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		x := func(v float64) string { return px(across(ctx, 2+0.96*part(v, low, high))) + "%" }
		var parts []string
		if !math.IsNaN(v.Line) {
			parts = append(parts, fmt.Sprintf(`<line class="axis" x1="%s" x2="%s" y1="-30" y2="54"/>`, x(v.Line), x(v.Line)))
		}
		if v.To > v.From {
			parts = append(parts, fmt.Sprintf(`<line class="l1" x1="%s" x2="%s" y1="11" y2="11"/>`, x(v.From), x(v.To)))
		}
		parts = append(parts,
			fmt.Sprintf(`<circle class="c1" cx="%s" cy="11" r="5.5"/>`, x(v.Value)),
			fmt.Sprintf(`<circle class="c0" cx="%s" cy="11" r="3"/>`, x(v.Beside)))
		return drawn(`class="spark" width="100%" height="22"`, label, parts).Render(ctx, w)
	})
}

// EstimateTicks draws the whole figures of a scale between low and high.
func EstimateTicks(low, high float64) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var marks []string
		step := math.Max(1, math.Ceil((high-low)/7))
		for v := math.Ceil(low); v <= high; v += step {
			x := 2 + 0.96*part(v, low, high)
			if x >= 3 && x <= 97 {
				marks = append(marks, tick(ctx, x, "middle", locale.Number(ctx, int(v))))
			}
		}
		return ticks(w, marks)
	})
}

// Balance draws a value with its range on both sides of zero, from −span to
// span.
func Balance(from, to, value, span float64, label string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		x := func(v float64) string { return px(across(ctx, part(v, -span, span))) + "%" }
		return drawn(`class="spark chart" width="100%" height="22"`, label, []string{
			`<line class="zero" x1="50%" x2="50%" y1="-9" y2="31"/>`,
			fmt.Sprintf(`<line class="l1" x1="%s" x2="%s" y1="11" y2="11"/>`, x(from), x(to)),
			fmt.Sprintf(`<circle class="c1" cx="%s" cy="11" r="5"/>`, x(value)),
		}).Render(ctx, w)
	})
}

// Level draws a value between 0 and 1.
func Level(value float64, label string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return drawn(`class="spark" width="100%" height="22"`, label, []string{
			`<line class="axis" x1="0" x2="100%" y1="11" y2="11"/>`,
			fmt.Sprintf(`<circle class="c1" cx="%s%%" cy="11" r="5"/>`, px(across(ctx, part(value, 0, 1)))),
		}).Render(ctx, w)
	})
}

// Ends writes words at the start, in the middle and at the end of an axis.
func Ends(start, middle, end string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return ticks(w, []string{tick(ctx, 0, "start", start), tick(ctx, 50, "middle", middle), tick(ctx, 100, "end", end)})
	})
}

func tick(ctx context.Context, percent float64, anchor, text string) string {
	return fmt.Sprintf(`<text x="%s%%" y="12" text-anchor="%s">%s</text>`, px(across(ctx, percent)), anchor, templ.EscapeString(text))
}

func ticks(w io.Writer, marks []string) error {
	_, err := io.WriteString(w, `<svg class="spark chart" width="100%" height="16" aria-hidden="true">`+strings.Join(marks, "")+"</svg>")
	return err
}
