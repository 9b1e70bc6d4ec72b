package locale

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// The printers of x/text are safe for concurrent use and cost too much to
// make for each number.
var printers = map[language.Tag]*message.Printer{
	English.tag(): message.NewPrinter(English.tag()),
	Persian.tag(): message.NewPrinter(Persian.tag()),
}

func printer(ctx context.Context) *message.Printer {
	return printers[Of(ctx).tag()]
}

// Number writes a whole number: "1,240".
func Number(ctx context.Context, n int) string {
	if n >= 0 && n < 1000 && Of(ctx) != Persian {
		return fmt.Sprint(n)
	}
	return printer(ctx).Sprint(number.Decimal(n))
}

// Decimal writes f with exactly so many digits after the point: "7.40".
func Decimal(ctx context.Context, f float64, digits int) string {
	return printer(ctx).Sprint(number.Decimal(f, number.MinFractionDigits(digits), number.MaxFractionDigits(digits)))
}

// Percent writes a share between 0 and 1 as a whole percentage: "62 %".
func Percent(ctx context.Context, share float64) string {
	return T(ctx, "figure.percent", "{{.Number}} %", "Number", Decimal(ctx, share*100, 0))
}

// Runtime writes how long a film is: "27 min", and "40 s" under a minute.
// Minutes are rounded to the nearest.
func Runtime(ctx context.Context, seconds int) string {
	if seconds < 60 {
		return T(ctx, "figure.seconds", "{{.Number}} s", "Number", Number(ctx, seconds))
	}
	return T(ctx, "figure.minutes", "{{.Number}} min", "Number", Number(ctx, (seconds+30)/60))
}

// Clock writes a position in a film or an exact length: "1:21:05", "0:40".
func Clock(ctx context.Context, seconds int) string {
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	text := fmt.Sprintf("%d:%02d", m, s)
	if h > 0 {
		text = fmt.Sprintf("%d:%02d:%02d", h, m, s)
	}
	if Of(ctx) == Persian {
		return persianDigits.Replace(text)
	}
	return text
}

// Size writes a number of bytes: "1.4 GB", "320 MB", "12 kB".
func Size(ctx context.Context, bytes int64) string {
	switch {
	case bytes >= 1e9 && (bytes+5e7)%1e9 < 1e8:
		return T(ctx, "figure.gigabytes", "{{.Number}} GB", "Number", Decimal(ctx, float64(bytes)/1e9, 0))
	case bytes >= 1e9:
		return T(ctx, "figure.gigabytes", "{{.Number}} GB", "Number", Decimal(ctx, float64(bytes)/1e9, 1))
	case bytes >= 1e6:
		return T(ctx, "figure.megabytes", "{{.Number}} MB", "Number", Decimal(ctx, float64(bytes)/1e6, 0))
	}
	return T(ctx, "figure.kilobytes", "{{.Number}} kB", "Number", Decimal(ctx, float64(bytes)/1e3, 0))
}

// List joins names as equals, in the order given: "A, B, C".
func List(ctx context.Context, names []string) string {
	return strings.Join(names, T(ctx, "figure.comma", ", "))
}

var persianDigits = strings.NewReplacer("0", "۰", "1", "۱", "2", "۲", "3", "۳", "4", "۴",
	"5", "۵", "6", "۶", "7", "۷", "8", "۸", "9", "۹")

var asciiDigits = strings.NewReplacer("۰", "0", "۱", "1", "۲", "2", "۳", "3", "۴", "4",
	"۵", "5", "۶", "6", "۷", "7", "۸", "8", "۹", "9",
	"٠", "0", "١", "1", "٢", "2", "٣", "3", "٤", "4", "٥", "5", "٦", "6", "٧", "7", "٨", "8", "٩", "9", "٫", ".", "٬", "")

// ASCII rewrites Persian and Arabic digits as ASCII ones: every field accepts
// all three, and only ASCII is stored.
func ASCII(typed string) string { return asciiDigits.Replace(typed) }
