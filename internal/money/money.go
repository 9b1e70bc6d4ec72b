// Package money holds amounts of money: whole minor units of one currency,
// never a float.
package money

import (
	"context"
	"strings"

	"github.com/bojanz/currency"

	"laurel/internal/locale"
	"laurel/internal/problem"
)

// An Amount is Minor hundredths (or what the currency has instead, ISO 4217)
// of Currency. The zero Amount is nothing, in no currency.
type Amount struct {
	Minor    int64
	Currency string // three capital letters
}

// IsZero says whether nothing is to be paid.
func (a Amount) IsZero() bool { return a.Minor == 0 }

// maxMinor is the greatest amount that a form takes: a million euros.
const maxMinor = 100_000_000

// Parse reads what a person typed as an amount of a currency: "18", "18.50",
// "18,50", "۱۸". Empty is zero. What is not an amount of zero or more with the
// currency's digits is a problem of kind Invalid.
func Parse(typed, code string) (Amount, error) {
	typed = strings.TrimSpace(locale.ASCII(typed))
	if !currency.IsValid(code) {
		return Amount{}, problem.New(problem.Invalid, "money.unknown-currency", "Write the three letters of a currency, such as EUR.")
	}
	if typed == "" {
		return Amount{0, code}, nil
	}
	digits, _ := currency.GetDigits(code)
	minor, ok := minorUnits(strings.Replace(typed, ",", ".", 1), int(digits))
	if !ok || minor > maxMinor {
		return Amount{}, problem.New(problem.Invalid, "money.not-an-amount", "Write an amount such as 18 or 18.50, or leave it empty for free.")
	}
	return Amount{minor, code}, nil
}

// ParseCoded reads an amount that names its currency: "USD 40.00", "40 USD".
func ParseCoded(text string) (Amount, bool) {
	words := strings.Fields(text)
	if len(words) != 2 {
		return Amount{}, false
	}
	number, code := words[0], words[1]
	if currency.IsValid(number) {
		number, code = code, number
	}
	a, err := Parse(number, code)
	return a, err == nil
}

// minorUnits reads plain digits with at most one point and at most so many
// digits after it.
func minorUnits(text string, digits int) (minor int64, ok bool) {
	whole, part, _ := strings.Cut(text, ".")
	if whole == "" || len(whole) > 12 || len(part) > digits {
		return 0, false
	}
	for _, r := range whole + part + strings.Repeat("0", digits-len(part)) {
		if r < '0' || r > '9' {
			return 0, false
		}
		minor = minor*10 + int64(r-'0')
	}
	return minor, true
}

// Format writes the amount as the reader does: "€18", "€18.50". Nothing is "Free".
func (a Amount) Format(ctx context.Context) string {
	if a.IsZero() {
		return locale.T(ctx, "money.free", "Free")
	}
	amount, err := currency.NewAmountFromInt64(a.Minor, a.Currency)
	if err != nil {
		return "" // no such currency, which no row can hold
	}
	f := currency.NewFormatter(currency.NewLocale(locale.Lang(ctx)))
	if !strings.Contains(a.Plain(), ".") {
		f.MinDigits, f.MaxDigits = 0, 0
	}
	return f.Format(amount)
}

// Plain is the number alone as a form shows it for editing: "18", "18.50".
func (a Amount) Plain() string {
	amount, err := currency.NewAmountFromInt64(a.Minor, a.Currency)
	if err != nil {
		return ""
	}
	whole, cents, _ := strings.Cut(amount.Number(), ".")
	if strings.Trim(cents, "0") == "" {
		return whole
	}
	return whole + "." + cents
}
